//! `tercio study`: a scenario many times, at every design point.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use super::args::StudyArgs;
use super::console::Console;
use super::error::{CliError, Exit};
use super::study_folder::{self, PROGRAM, RESULTS_NAME};
use super::study_progress::StudyProgress;
use super::{interrupt, study_text};
use crate::app::RunOptions;
use crate::platform::class::Catalogue;
use crate::record::StudyDir;
use crate::record::study_manifest::StudyManifest;
use crate::study::analyse::analyse;
use crate::study::farm::{Ended, Replication, farm};
use crate::study::gate::State;
use crate::study::junit::junit_xml;
use crate::study::merge::{jobs, open_jobs, read_shards, shard, shard_name};
use crate::study::prepare::{Overrides, Prepared, prepare};
use crate::study::replicate::{Job, replicate};
use crate::study::results::Results;

/// Runs a study, or goes on with it, and says what came of it.
///
/// # Errors
///
/// If the study is missing or refused, its folder is taken or not written, a replication failed, or
/// a person stops it.
pub(super) fn study(args: &StudyArgs, console: &Console) -> Result<Exit, CliError> {
    let catalogue = Arc::new(Catalogue::shipped());
    let overrides = Overrides {
        until_s: args.until,
        replications: args.replications,
    };
    let prepared = prepare(&args.study, &catalogue, overrides)?;
    console.findings(&prepared.warnings);
    let (folder, manifest) = study_folder::open(args, &prepared)?;
    let path = folder.path().to_owned();
    let results = if manifest.complete {
        done_before(folder, &manifest)?
    } else {
        run(folder, manifest, (&prepared, &catalogue), args, console)?
    };
    if let Some(file) = &args.junit {
        let xml = junit_xml(&results, args.strict)?;
        fs::write(file, xml).map_err(CliError::file("write", file))?;
    }
    if args.json {
        console.json(&results)?;
    } else {
        console.say(&study_text::text(&results, &path, console.is_colorful()))?;
    }
    exit_of(&results, args.strict)
}

/// The result of a study that was finished before.
fn done_before(folder: StudyDir, manifest: &StudyManifest) -> Result<Results, CliError> {
    let path = folder.path().to_owned();
    manifest.verify(&path)?;
    // A kill after the manifest may have left them.
    folder.shards()?.remove()?;
    read_results(&path)
}

/// The result in a study's folder.
///
/// # Errors
///
/// If it is not there, or has another form.
pub(super) fn read_results(folder: &Path) -> Result<Results, CliError> {
    let path = folder.join(RESULTS_NAME);
    let text = fs::read(&path).map_err(CliError::file("read", &path))?;
    serde_json::from_slice(&text).map_err(|error| {
        let path = path.display();
        CliError::Input(format!("{path}: no result of a study: {error}"))
    })
}

/// Runs what is not done yet, and writes the result.
fn run(
    folder: StudyDir,
    manifest: StudyManifest,
    (prepared, catalogue): (&Prepared, &Arc<Catalogue>),
    args: &StudyArgs,
    console: &Console,
) -> Result<Results, CliError> {
    let shards = folder.shards()?;
    let all = jobs(prepared);
    let read = |shards: &crate::record::Shards| -> Result<Vec<Replication>, CliError> {
        Ok(read_shards(
            &shards.read_all()?,
            &all,
            prepared.measures.len(),
        ))
    };
    let done = read(&shards)?;
    let open = open_jobs(&all, &done);
    let threads = threads(args, open.len());
    console.note(&begins(
        prepared,
        (done.len(), all.len()),
        threads,
        folder.path(),
    ));
    interrupt::listen()?;
    let ticks = open.iter().map(|job| ticks(prepared, job)).sum();
    let progress = StudyProgress::new(console.shows_progress(), ticks, done.len(), all.len());
    let measures: Vec<&str> = prepared
        .measures
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    let work = |job: &Job| {
        let options = RunOptions {
            seed: job.seed,
            until_s: prepared.until_s,
        };
        replicate(
            &prepared.scenarios[job.point],
            catalogue,
            &options,
            &measures,
            &progress,
        )
    };
    let keep = |replication: Replication| -> Result<(), CliError> {
        let content = shard(&replication).map_err(CliError::Json)?;
        shards.write(&shard_name(&replication), &content)?;
        progress.add();
        Ok(())
    };
    let ended = farm(&open, threads, work, keep);
    progress.end();
    // What counts is what is on the disk, from this process or a former one.
    let done = read(&shards)?;
    match ended {
        Ended::Failed(error) => return Err(error),
        Ended::Done if done.len() == all.len() => {}
        Ended::Done | Ended::Stopped => {
            return Err(CliError::Stopped {
                done: done.len(),
                runs: all.len(),
                folder: folder.path().to_owned(),
            });
        }
    }
    let results = analyse(prepared, &done, PROGRAM);
    study_folder::write(folder, manifest, (prepared, &done), &results, args.csv)?;
    Ok(results)
}

/// Threads to run on: as many as asked for or as there are cores, and no more than jobs.
fn threads(args: &StudyArgs, jobs: usize) -> usize {
    let cores = || thread::available_parallelism().map_or(1, usize::from);
    args.jobs.map_or_else(cores, usize::from).min(jobs.max(1))
}

/// Ticks of a job.
fn ticks(prepared: &Prepared, job: &Job) -> u64 {
    let scenario = &prepared.scenarios[job.point].read.scenario;
    let end_s = prepared
        .until_s
        .unwrap_or(f64::INFINITY)
        .min(scenario.duration_s);
    let end_us = crate::kernel::time::SimTime::from_s(end_s).0;
    end_us.div_ceil(u64::from(scenario.dt_ms) * 1000)
}

/// What is said before the work.
fn begins(
    prepared: &Prepared,
    (done, runs): (usize, usize),
    threads: usize,
    path: &Path,
) -> String {
    let (points, replications) = (prepared.points.len(), prepared.replications);
    let before = if done > 0 {
        format!(", {done} done before")
    } else {
        String::new()
    };
    let path = path.display();
    format!(
        "{}: {points} design points, {replications} replications each, {runs} runs{before}; \
         {threads} at a time, into {path}\n",
        prepared.name
    )
}

/// How the program exits with this result.
fn exit_of(results: &Results, is_strict: bool) -> Result<Exit, CliError> {
    let any = |state| results.gates.iter().any(|gate| gate.state == state);
    if any(State::Fail) {
        return Ok(Exit::Gate);
    }
    if let Some(first) = results.failures.first() {
        return Err(CliError::Replications {
            count: results.failures.len(),
            runs: results.replications * results.points.len() as u64,
            point: first.point.clone(),
            seed: first.seed,
            why: first.error.clone(),
        });
    }
    Ok(if is_strict && any(State::Undecided) {
        Exit::Gate
    } else {
        Exit::Done
    })
}
