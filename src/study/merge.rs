//! Replications to shards and back, and to the rows of the study's tables.

use super::farm::Replication;
use super::prepare::Prepared;
use super::replicate::Job;
use super::seed::replication_seed;
use crate::accounting::summary::SideTargets;
use crate::accounting::target::TargetRecord;
use crate::record::replications::{EpisodeRow, RunRow};

/// Every replication of every design point, replications first, so that what is done at any moment
/// says about as much of each point.
#[must_use]
pub fn jobs(prepared: &Prepared) -> Vec<Job> {
    let job = |replication| {
        let seed = replication_seed(&prepared.name, prepared.seed, replication);
        let points = 0..prepared.points.len();
        points.map(move |point| Job {
            point,
            replication,
            seed,
        })
    };
    (1..=prepared.replications).flat_map(job).collect()
}

/// Name of the shard of a replication.
#[must_use]
pub fn shard_name(replication: &Replication) -> String {
    format!(
        "p{:04}-r{:06}.json",
        replication.point, replication.replication
    )
}

/// The content of the shard of a replication.
///
/// # Errors
///
/// If it has no JSON form, which numbers that are not finite would not have.
pub fn shard(replication: &Replication) -> Result<Vec<u8>, serde_json::Error> {
    serde_json::to_vec(replication)
}

/// The replications in shards that belong to one of the jobs, in the order of points and
/// replications, each once. What cannot be read is left out, and made again.
#[must_use]
pub fn read_shards(shards: &[Vec<u8>], jobs: &[Job], measures: usize) -> Vec<Replication> {
    let known: std::collections::BTreeSet<Job> = jobs.iter().copied().collect();
    let is_known = |it: &Replication| {
        let Replication {
            point,
            replication,
            seed,
            outcome,
        } = it;
        let job = Job {
            point: *point,
            replication: *replication,
            seed: *seed,
        };
        let fits = outcome
            .as_ref()
            .map_or(true, |result| result.values.len() == measures);
        fits && known.contains(&job)
    };
    let read = shards
        .iter()
        .filter_map(|shard| serde_json::from_slice(shard).ok());
    let mut all: Vec<Replication> = read.filter(is_known).collect();
    all.sort_by_key(|it| (it.point, it.replication));
    all.dedup_by_key(|it| (it.point, it.replication));
    all
}

/// The jobs that no replication answers yet.
#[must_use]
pub fn open_jobs(jobs: &[Job], done: &[Replication]) -> Vec<Job> {
    let done: std::collections::BTreeSet<(usize, u64)> =
        done.iter().map(|it| (it.point, it.replication)).collect();
    let is_open = |job: &&Job| !done.contains(&(job.point, job.replication));
    jobs.iter().filter(is_open).copied().collect()
}

/// The rows of `runs.parquet`: one per design point, replication and measure.
#[must_use]
pub fn run_rows(prepared: &Prepared, replications: &[Replication]) -> Vec<RunRow> {
    let rows = |it: &Replication| {
        let result = it.outcome.as_ref();
        let row = |(at, measure): (usize, &super::measure::MeasureInfo)| RunRow {
            point: prepared.points[it.point].id.clone(),
            replication: it.replication,
            seed: it.seed,
            state_hash: result.map_or(String::new(), |result| result.state_hash.clone()),
            measure: measure.name.clone(),
            value: result.ok().and_then(|result| result.values[at]),
            error: result.err().cloned(),
        };
        let measures = prepared.measures.iter().enumerate();
        measures.map(row).collect::<Vec<_>>()
    };
    replications.iter().flat_map(rows).collect()
}

/// The rows of `episodes.parquet`: one per target that became detectable.
#[must_use]
pub fn episode_rows(prepared: &Prepared, replications: &[Replication]) -> Vec<EpisodeRow> {
    let rows = |it: &Replication| {
        let sides = it.outcome.iter().flat_map(|result| &result.targets);
        let of_side = |side: &SideTargets| {
            let row = |record: &TargetRecord| EpisodeRow {
                point: prepared.points[it.point].id.clone(),
                replication: it.replication,
                side: side.side.clone(),
                record: record.clone(),
            };
            side.targets.iter().map(row).collect::<Vec<_>>()
        };
        sides.flat_map(of_side).collect::<Vec<_>>()
    };
    replications.iter().flat_map(rows).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::replicate::Yield;

    fn replication(point: usize, replication: u64) -> Replication {
        Replication {
            point,
            replication,
            seed: 10 * replication,
            outcome: Ok(Yield {
                state_hash: "00ff".into(),
                values: vec![Some(0.1 + 0.2), None],
                targets: Vec::new(),
            }),
        }
    }

    #[test]
    fn shards_come_back_once_each_in_order_and_strange_ones_do_not() {
        let jobs: Vec<Job> = (1..=3)
            .map(|replication| Job {
                point: 0,
                replication,
                seed: 10 * replication,
            })
            .collect();
        let failed = Replication {
            outcome: Err("panicked".into()),
            ..replication(0, 3)
        };
        let other_seed = Replication {
            seed: 1,
            ..replication(0, 2)
        };
        let all = [
            replication(0, 3),
            replication(0, 1),
            replication(0, 1),
            other_seed,
            replication(4, 1),
        ];
        let mut shards: Vec<Vec<u8>> = all.iter().map(|it| shard(it).unwrap()).collect();
        shards.push(b"{".to_vec());
        let read = read_shards(&shards, &jobs, 2);
        assert_eq!(read, [replication(0, 1), replication(0, 3)]);
        assert_eq!(open_jobs(&jobs, &read), [jobs[1]]);
        assert!(
            read_shards(&shards, &jobs, 3).is_empty(),
            "of other measures"
        );
        assert_eq!(read_shards(&[shard(&failed).unwrap()], &jobs, 3), [failed]);
    }
}
