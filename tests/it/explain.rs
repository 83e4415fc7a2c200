//! Why something died is told, computed again, and refused where the log was changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tercio::accounting::adjudication::{ImpactLine, Line, ShotResult};
use tercio::record::ADJUDICATIONS_NAME;
use tercio::record::adjudications::{read_adjudications, write_adjudications};

use super::support::path_of;

/// Seeds of the highland among which there is one in which something is soon destroyed.
const SEEDS: core::ops::RangeInclusive<u64> = 1..=6;

/// How long it is run.
const UNTIL: &str = "25min";

/// A run in which a shot destroyed something.
struct Run {
    folder: TempDir,
    seed: u64,
    killed: ImpactLine,
}

/// The program with these arguments.
fn tercio(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tercio"));
    command
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// Exit code, standard output and standard error.
fn said(output: &Output) -> (Option<i32>, String, String) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (
        output.status.code(),
        text(&output.stdout),
        text(&output.stderr),
    )
}

/// The log of a run.
fn log(folder: &Path) -> Vec<Line> {
    read_adjudications(&folder.join(ADJUDICATIONS_NAME)).expect("the log can be read")
}

/// Shots that met somebody.
fn impacts(lines: &mut [Line]) -> impl Iterator<Item = &mut ImpactLine> {
    lines.iter_mut().filter_map(|line| match line {
        Line::Impact(impact) if impact.effect.is_some() => Some(impact.as_mut()),
        _ => None,
    })
}

/// The highland under the first seed in which a shot soon destroys something.
fn deadly() -> &'static Run {
    static RUN: OnceLock<Run> = OnceLock::new();
    RUN.get_or_init(|| {
        let attempt = |seed: u64| {
            let folder = tempfile::tempdir().expect("a temporary folder can be made");
            let (path, number) = (path_of("highland-screen"), seed.to_string());
            let out = folder.path().to_str().expect("the path is text");
            let scenario = path.to_str().expect("the path is text");
            let run = ["run", scenario, "--seed", &number, "--until", UNTIL];
            let output = tercio(&[&run[..], &["--out", out, "-q"]].concat());
            assert!(output.status.success(), "{:?}", said(&output));
            let mut lines = log(folder.path());
            let is_deadly = |it: &&mut ImpactLine| it.result == ShotResult::Catastrophic;
            let killed = impacts(&mut lines).find(is_deadly)?.clone();
            Some(Run {
                folder,
                seed,
                killed,
            })
        };
        SEEDS
            .into_iter()
            .find_map(attempt)
            .expect("in some run something is destroyed")
    })
}

/// What the program says of a unit of a run.
fn explained(folder: &Path, unit: &str, more: &[&str]) -> (Option<i32>, String, String) {
    let folder = folder.to_str().expect("the path is text");
    said(&tercio(&[&["explain", folder, unit], more].concat()))
}

#[test]
fn what_died_is_explained_with_its_leave_and_computed_again() {
    let run = deadly();
    let victim = &run.killed.victim;
    let (code, text, errors) = explained(run.folder.path(), victim, &[]);
    assert_eq!(code, Some(0), "{errors}");
    for part in [
        format!("{victim} ("),
        "was destroyed at".into(),
        "to detect it".into(),
        "proposed by".into(),
        "gave leave until".into(),
        "(effect of one shot at this range) x ".into(),
        "-> destroyed (draw Shot/".into(),
        "results: the same.".into(),
    ] {
        assert!(text.contains(&part), "`{part}` is not in:\n{text}");
    }
    let shooter = &run.killed.shooter;
    let (code, text, errors) = explained(run.folder.path(), shooter, &[]);
    assert_eq!(code, Some(0), "{errors}");
    assert!(
        text.contains(&format!("What {shooter} was to fire")),
        "{text}"
    );
}

#[test]
fn the_same_is_there_as_data() {
    let run = deadly();
    let (code, text, errors) = explained(run.folder.path(), &run.killed.victim, &["--json"]);
    assert_eq!(code, Some(0), "{errors}");
    let story: Value = serde_json::from_str(&text).expect("JSON and nothing else");
    assert_eq!(story["fate"], "destroyed_by_shot");
    assert_eq!(story["recomputed"]["differences"], serde_json::json!([]));
    let against = story["against"].as_array().expect("engagements");
    let impacts = against
        .iter()
        .flat_map(|it| it["impacts"].as_array().expect("impacts").iter());
    let mut fatal = impacts.filter(|it| it["result"] == "catastrophic");
    let draw = &fatal.next().expect("the fatal shot")["draw"];
    let logged = run.killed.draw.expect("it was drawn");
    assert_eq!(draw["uniform"].as_f64(), Some(logged.uniform));
    let again = logged.key().uniform(run.seed);
    assert_eq!(again.to_bits(), logged.uniform.to_bits());
}

/// A copy of the run with another log; its manifest is made to agree with it, if so wanted.
fn changed(change: impl FnOnce(&mut Vec<Line>), is_manifest_changed: bool) -> TempDir {
    let run = deadly().folder.path();
    let copy = tempfile::tempdir().expect("a temporary folder can be made");
    for name in ["manifest.json", "events.parquet"] {
        fs::copy(run.join(name), copy.path().join(name)).expect("files can be copied");
    }
    let mut lines = log(run);
    change(&mut lines);
    let path = copy.path().join(ADJUDICATIONS_NAME);
    let mut bytes = Vec::new();
    write_adjudications(&mut bytes, &path, &lines).expect("lines have a JSON form");
    fs::write(&path, &bytes).expect("the folder can be written");
    if is_manifest_changed {
        edit_manifest(copy.path(), |files| {
            let of_log = |it: &&mut Value| it["name"] == ADJUDICATIONS_NAME;
            let entry = files.iter_mut().find(of_log).expect("the log is listed");
            let digest = Sha256::digest(&bytes);
            let hex: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            entry["bytes"] = bytes.len().into();
            entry["sha256"] = hex.concat().into();
        });
    }
    copy
}

/// Changes the files that a manifest lists.
fn edit_manifest(folder: &Path, change: impl FnOnce(&mut Vec<Value>)) {
    let path = folder.join("manifest.json");
    let text = fs::read_to_string(&path).expect("there is a manifest");
    let mut manifest: Value = serde_json::from_str(&text).expect("it is JSON");
    change(manifest["files"].as_array_mut().expect("a list"));
    fs::write(&path, manifest.to_string()).expect("the folder can be written");
}

#[test]
fn a_log_that_is_not_the_one_of_the_manifest_is_refused() {
    let better = |lines: &mut Vec<Line>| {
        impacts(lines).next().expect("somebody was met").probability += 0.01;
    };
    let copy = changed(better, false);
    let (code, text, errors) = explained(copy.path(), &deadly().killed.victim, &[]);
    assert_eq!((code, text.as_str()), (Some(65), ""), "{errors}");
    assert!(
        errors.contains(ADJUDICATIONS_NAME) && errors.contains("the manifest says"),
        "{errors}"
    );
}

#[test]
fn what_does_not_come_out_again_is_refused_even_where_the_manifest_agrees() {
    type Change = fn(&mut Vec<Line>);
    let changes: [(&str, Change); 6] = [
        ("the probability is", |lines| {
            impacts(lines).next().unwrap().probability += 0.01;
        }),
        ("the draw of the shot is", |lines| {
            let impact = impacts(lines).next().unwrap();
            impact.draw.as_mut().unwrap().uniform *= 0.5;
        }),
        ("has the name of another draw", |lines| {
            let impact = impacts(lines).next().unwrap();
            impact.draw.as_mut().unwrap().subject.0 ^= 1;
        }),
        ("the result is", |lines| {
            let is_deadly = |it: &&mut ImpactLine| it.result == ShotResult::Catastrophic;
            impacts(lines).find(is_deadly).unwrap().result = ShotResult::Miss;
        }),
        ("is not that of its shot", |lines| {
            // What flies as an object has the range of its path, which no shot foretells.
            let impact = impacts(lines).find(|it| it.flight.is_none()).unwrap();
            impact.effect.as_mut().unwrap().range_m += 1.0;
        }),
        ("has no leave in the log", |lines| {
            lines.retain(|line| !matches!(line, Line::Ruling(_)));
        }),
    ];
    for (what, change) in changes {
        let copy = changed(change, true);
        let (code, text, errors) = explained(copy.path(), &deadly().killed.victim, &[]);
        assert_eq!((code, text.as_str()), (Some(65), ""), "{what}: {errors}");
        assert!(errors.contains(what), "`{what}` is not in: {errors}");
    }
    let same = changed(|_| (), true);
    let (code, _, errors) = explained(same.path(), &deadly().killed.victim, &[]);
    assert_eq!(code, Some(0), "an unchanged copy passes: {errors}");
}

#[test]
fn wrong_names_and_folders_are_answered_with_a_cure() {
    let run = deadly().folder.path();
    let mut typo = deadly().killed.victim.clone();
    typo.push('x');
    let (code, _, errors) = explained(run, &typo, &[]);
    assert_eq!(code, Some(65));
    assert!(errors.contains("did you mean `"), "{errors}");
    let (code, _, errors) = explained(&PathBuf::from("runs/there-is-none"), "uav", &[]);
    assert_eq!(code, Some(66), "{errors}");
    let old = changed(|_| (), false);
    edit_manifest(old.path(), |files| {
        files.retain(|it| it["name"] != ADJUDICATIONS_NAME);
    });
    let (code, _, errors) = explained(old.path(), "uav", &[]);
    assert_eq!(code, Some(66), "{errors}");
    assert!(
        errors.contains("no adjudication log") && errors.contains("run it again"),
        "{errors}"
    );
}
