//! All replications on all cores. See [`farm`].

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use rayon::ThreadPoolBuilder;
use serde::{Deserialize, Serialize};

use super::replicate::{Job, RunError, Yield};

/// Stack of a worker, bytes: that of a main thread.
const STACK_BYTES: usize = 8 << 20;

/// A replication that was run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Replication {
    /// Index of the design point.
    pub point: usize,
    /// Number of the replication, from 1.
    pub replication: u64,
    /// Its seed.
    pub seed: u64,
    /// What it yields, or why it failed.
    pub outcome: Result<Yield, String>,
}

/// How a farm ended.
#[derive(Debug)]
pub enum Ended<E> {
    /// Every replication is done.
    Done,
    /// A replication was stopped by whoever watches.
    Stopped,
    /// A result was not kept.
    Failed(E),
}

/// Runs jobs on `threads` threads, each job on one. `work` runs a job, none where it was stopped;
/// a panic in it becomes a failed replication. `keep` takes results from any thread, in any order.
///
/// Each job depends on nothing but itself, so neither the number of threads nor their order shows
/// in any result.
pub fn farm<E: Send>(
    jobs: &[Job],
    threads: usize,
    work: impl Fn(&Job) -> Result<Option<Yield>, RunError> + Sync,
    keep: impl Fn(Replication) -> Result<(), E> + Sync,
) -> Ended<E> {
    let (next, is_stopped, failure) = (
        AtomicUsize::new(0),
        AtomicBool::new(false),
        Mutex::new(None::<E>),
    );
    let worker = || {
        while !is_stopped.load(Ordering::Relaxed) {
            let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) else {
                return;
            };
            let kept = run(job, &work).map(&keep);
            match kept {
                Some(Ok(())) => {}
                None => is_stopped.store(true, Ordering::Relaxed),
                Some(Err(error)) => {
                    is_stopped.store(true, Ordering::Relaxed);
                    let mut first = failure.lock().unwrap_or_else(PoisonError::into_inner);
                    first.get_or_insert(error);
                }
            }
        }
    };
    let pool = ThreadPoolBuilder::new()
        .num_threads(threads)
        .stack_size(STACK_BYTES)
        .thread_name(|at| format!("replication-{at}"))
        .build();
    match pool {
        Ok(pool) => {
            pool.broadcast(|_| worker());
        }
        // Without threads the work is done here.
        Err(_) => worker(),
    }
    match failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Ended::Failed(error),
        None if is_stopped.into_inner() => Ended::Stopped,
        None => Ended::Done,
    }
}

/// Runs one job, whatever happens in it; none if it was stopped.
fn run(job: &Job, work: impl Fn(&Job) -> Result<Option<Yield>, RunError>) -> Option<Replication> {
    let outcome = match catch_unwind(AssertUnwindSafe(|| work(job))) {
        Ok(Ok(None)) => return None,
        Ok(Ok(Some(result))) => Ok(result),
        Ok(Err(error)) => Err(error.to_string()),
        Err(panic) => Err(format!("panicked: {}", words_of(panic.as_ref()))),
    };
    let Job {
        point,
        replication,
        seed,
    } = *job;
    Some(Replication {
        point,
        replication,
        seed,
        outcome,
    })
}

/// What a panic says.
fn words_of(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a word")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::InvariantBroken;

    fn jobs(number: u64) -> Vec<Job> {
        let job = |replication| Job {
            point: 0,
            replication,
            seed: 100 + replication,
        };
        (1..=number).map(job).collect()
    }

    fn result(job: &Job) -> Yield {
        Yield {
            state_hash: format!("{:016x}", job.seed),
            values: vec![Some(job.replication as f64)],
            targets: Vec::new(),
        }
    }

    /// What a farm keeps, in the order of replications.
    fn kept(
        threads: usize,
        work: impl Fn(&Job) -> Result<Option<Yield>, RunError> + Sync,
    ) -> (Vec<Replication>, Ended<()>) {
        let all = Mutex::new(Vec::new());
        let ended = farm(&jobs(40), threads, work, |replication| {
            all.lock().unwrap().push(replication);
            Ok(())
        });
        let mut all = all.into_inner().unwrap();
        all.sort_by_key(|it| it.replication);
        (all, ended)
    }

    #[test]
    fn every_job_is_done_once_on_any_number_of_threads() {
        let (one, ended) = kept(1, |job| Ok(Some(result(job))));
        assert!(matches!(ended, Ended::Done));
        assert_eq!(one.len(), 40);
        assert_eq!(kept(4, |job| Ok(Some(result(job)))).0, one);
    }

    #[test]
    fn a_replication_that_panics_or_breaks_an_invariant_is_kept_with_its_seed() {
        let (all, ended) = kept(2, |job| match job.replication {
            7 => panic!("out of {}", "luck"),
            9 => Err(InvariantBroken("a shot without leave".into()).into()),
            _ => Ok(Some(result(job))),
        });
        assert!(matches!(ended, Ended::Done));
        assert_eq!(
            (all[6].seed, &all[6].outcome),
            (107, &Err("panicked: out of luck".into()))
        );
        let broken = all[8].outcome.as_ref().unwrap_err();
        assert_eq!(broken, "invariant broken: a shot without leave");
        assert_eq!(all.iter().filter(|it| it.outcome.is_ok()).count(), 38);
    }

    #[test]
    fn a_stopped_farm_keeps_what_is_done_and_begins_nothing_more() {
        let (all, ended) = kept(1, |job| Ok((job.replication < 5).then(|| result(job))));
        assert!(matches!(ended, Ended::Stopped));
        assert_eq!(all.len(), 4);
    }

    #[test]
    fn a_result_that_cannot_be_kept_ends_the_farm() {
        let ended = farm(
            &jobs(9),
            1,
            |job| Ok(Some(result(job))),
            |it| match it.replication {
                3 => Err("disk full"),
                _ => Ok(()),
            },
        );
        assert!(matches!(ended, Ended::Failed("disk full")));
    }
}
