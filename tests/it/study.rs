//! Studies from their file to their folder: the same on any number of threads, however often they
//! are killed, and with everything wrong in them found before anything runs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use tercio::kernel::finding::Finding;
use tercio::record::replications::{read_episodes, read_runs};
use tercio::record::study_manifest::StudyManifest;
use tercio::scenario::load::LoadError;
use tercio::study::prepare::{Overrides, PrepareError, prepare};
use tercio::study::results::Results;
use tercio::study::seed::replication_seed;

use super::support::{catalogue, edited, root};

/// Times that a study is killed.
const KILLS: u64 = 20;

/// Files of a study that depend on nothing but the study.
const MERGED: [&str; 5] = [
    "runs.parquet",
    "episodes.parquet",
    "results.json",
    "runs.csv",
    "report.html",
];

/// The folder of the study of these tests.
fn folder() -> PathBuf {
    root().join("tests/study")
}

/// The program at a study.
fn tercio(out: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tercio"));
    command.arg("study").arg(folder().join("desk-time.ron"));
    command.arg("--csv").arg("--out").arg(out).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What came of a run of the program.
fn output(out: &Path, arguments: &[&str]) -> Output {
    tercio(out, arguments).output().expect("the program starts")
}

/// Exit code and standard error.
fn said(output: &Output) -> (Option<i32>, String) {
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), text)
}

/// Whole shards in the folder of a study.
fn shards(out: &Path) -> usize {
    let Ok(entries) = fs::read_dir(out.join("shards")) else {
        return 0;
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    names
        .filter(|name| name.to_string_lossy().ends_with(".json"))
        .count()
}

/// Waits until so many shards are there, or the program has ended.
fn wait_for_shards(child: &mut Child, out: &Path, number: usize) {
    while shards(out) < number && child.try_wait().expect("a child can be asked").is_none() {
        std::thread::yield_now();
    }
}

/// Two folders hold the same study, file by file and byte by byte, but for the command.
fn assert_same_study(a: &Path, b: &Path) {
    for name in MERGED {
        let (a, b) = (
            fs::read(a.join(name)).unwrap(),
            fs::read(b.join(name)).unwrap(),
        );
        assert!(a == b, "{name} differs");
    }
    let manifest = |folder: &Path| {
        let manifest = StudyManifest::read(folder).expect("there is a manifest");
        manifest.verify(folder).expect("no file is damaged");
        assert!(manifest.complete && !folder.join("shards").exists());
        StudyManifest {
            command: Vec::new(),
            ..manifest
        }
    };
    assert_eq!(manifest(a), manifest(b));
}

#[test]
fn a_study_killed_twenty_times_ends_as_an_undisturbed_one() {
    let temporary = tempfile::tempdir().unwrap();
    let (calm, killed) = (
        temporary.path().join("calm"),
        temporary.path().join("killed"),
    );
    let many = ["--replications", "100"];
    let (code, text) = said(&output(&calm, &many));
    assert_eq!(code, Some(1), "a gate fails by design: {text}");
    let mut met = 0;
    for kill in 0..KILLS {
        // The moment is drawn: so many more shards, and a while longer.
        let below = |bound: u64, n| usize::try_from(replication_seed("kills", kill, n) % bound);
        let threads = ["1", "2", "3"][below(3, 0).unwrap()];
        let more = below(4, 1).unwrap();
        let mut child = tercio(
            &killed,
            &[&many[..], &["--resume", "--jobs", threads]].concat(),
        )
        .spawn()
        .unwrap();
        wait_for_shards(&mut child, &killed, shards(&killed) + more);
        for _ in 0..below(20, 2).unwrap() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        met += u64::from(child.wait().unwrap().code().is_none());
    }
    assert!(met > KILLS / 2, "only {met} kills met a study at work");
    let (code, text) = said(&output(&killed, &[&many[..], &["--resume"]].concat()));
    assert_eq!(code, Some(1), "{text}");
    assert_same_study(&calm, &killed);
    // A study that is done is not run again, and says the same.
    let before = fs::read(killed.join("manifest.json")).unwrap();
    assert_eq!(
        said(&output(&killed, &[&many[..], &["--resume"]].concat())).0,
        Some(1)
    );
    assert_eq!(fs::read(killed.join("manifest.json")).unwrap(), before);
}

#[test]
#[cfg(unix)]
fn an_interrupted_study_says_that_it_can_be_resumed() {
    let temporary = tempfile::tempdir().unwrap();
    let out = temporary.path().join("study");
    let many = ["--replications", "500", "--jobs", "1"];
    let mut child = tercio(&out, &many).spawn().unwrap();
    wait_for_shards(&mut child, &out, 2);
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &pid])
            .status()
            .unwrap()
            .success()
    );
    let (code, text) = said(&child.wait_with_output().unwrap());
    assert_eq!(code, Some(75), "{text}");
    assert!(text.contains("--resume"), "{text}");
    let kept = shards(&out);
    assert!((2..1000).contains(&kept), "{kept}");
    // Another study is not mixed into it.
    let (code, text) = said(&output(&out, &["--replications", "3", "--resume"]));
    assert_eq!(code, Some(65), "{text}");
    assert!(text.contains("--overwrite"), "{text}");
    assert_eq!(shards(&out), kept);
}

#[test]
fn a_study_is_the_same_on_any_number_of_threads_and_alone() {
    let temporary = tempfile::tempdir().unwrap();
    let (one, four) = (temporary.path().join("one"), temporary.path().join("four"));
    let first = output(&one, &["--jobs", "1", "--json"]);
    let second = output(&four, &["--jobs", "4", "--json"]);
    assert_eq!(first.stdout, second.stdout);
    assert_same_study(&one, &four);

    let results: Results = serde_json::from_slice(&first.stdout).unwrap();
    assert_eq!((results.points.len(), results.replications), (2, 12));
    let runs = read_runs(&one.join("runs.parquet")).unwrap();
    assert_eq!(runs.len(), 2 * 12 * results.measures.len());
    assert!(runs.iter().all(|row| row.error.is_none()));
    let episodes = read_episodes(&one.join("episodes.parquet")).unwrap();
    assert!(!episodes.is_empty());
    // Points share their seeds, and a single run gives the state of its replication.
    let row = runs
        .iter()
        .find(|row| row.point == "desk=25" && row.replication == 5)
        .unwrap();
    assert_eq!(row.seed, replication_seed("desk-time", 1, 5));
    let twin = runs
        .iter()
        .find(|row| row.point == "desk=8" && row.replication == 5)
        .unwrap();
    assert_eq!(row.seed, twin.seed);
    let run = Command::new(env!("CARGO_BIN_EXE_tercio"))
        .arg("run")
        .arg(folder().join("duel.ron"))
        .args([
            "--seed",
            &row.seed.to_string(),
            "--set",
            "desks.cp.service.median_s=25",
        ])
        .args(["--json", "--out"])
        .arg(temporary.path().join("run"))
        .output()
        .unwrap();
    let run: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(run["state_hash"], row.state_hash.as_str());
}

#[test]
fn gates_report_and_folder_are_as_documented() {
    let temporary = tempfile::tempdir().unwrap();
    let (out, junit) = (
        temporary.path().join("s"),
        temporary.path().join("gates.xml"),
    );
    let with_junit = ["--junit", junit.to_str().unwrap()];
    let (code, text) = said(&output(&out, &with_junit));
    assert_eq!(code, Some(1), "{text}");
    let xml = fs::read_to_string(&junit).unwrap();
    for part in [
        "tests=\"4\"",
        "failures=\"1\"",
        "p(engaged) &gt;= 0.0",
        "diff(desk=8, desk=25, engaged)",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    let (code, text) = said(&output(&out, &[]));
    assert_eq!(code, Some(65), "a folder that is taken: {text}");

    let page = fs::read(out.join("report.html")).unwrap();
    let text = String::from_utf8_lossy(&page);
    for part in [
        "<svg",
        "Sensor to shooter",
        "desk=25",
        "Paired differences",
        "Content-Security",
    ] {
        assert!(text.contains(part), "{part}");
    }
    let names = text.replace("http://www.w3.org/2000/svg", "");
    assert!(!names.contains("<script") && !names.contains("http:") && !names.contains("https:"));
    fs::remove_file(out.join("report.html")).unwrap();
    let report = |folder: &Path| {
        let program = env!("CARGO_BIN_EXE_tercio");
        Command::new(program)
            .arg("report")
            .arg(folder)
            .output()
            .unwrap()
    };
    assert_eq!(report(&out).status.code(), Some(0));
    assert!(fs::read(out.join("report.html")).unwrap() == page);
    let runs = fs::read(out.join("runs.parquet")).unwrap();
    fs::write(out.join("runs.parquet"), &runs[..runs.len() - 1]).unwrap();
    assert_eq!(report(&out).status.code(), Some(65), "a damaged file");
}

/// What a study is refused for.
fn findings(study: &str) -> Vec<Finding> {
    let temporary = tempfile::tempdir().unwrap();
    fs::copy(folder().join("duel.ron"), temporary.path().join("duel.ron")).unwrap();
    let path = temporary.path().join("study.ron");
    fs::write(&path, study).unwrap();
    match prepare(&path, catalogue(), Overrides::default()) {
        Err(PrepareError::Load(LoadError::Refused(findings))) => {
            assert!(findings.iter().all(|it| it.line.is_some()), "{findings:?}");
            findings
        }
        Err(other) => panic!("not refused but {other}"),
        Ok(_) => panic!("taken: {study}"),
    }
}

#[test]
fn everything_wrong_with_a_study_is_found_before_anything_runs() {
    let good = fs::read_to_string(folder().join("desk-time.ron")).unwrap();
    for (from, to, code, says) in [
        ("format_version: 1", "format_version: 2", "T1001", "1"),
        ("\"desk-time\"", "\"Desk Time\"", "T1002", "small letters"),
        ("duel.ron", "dual.ron", "T1003", "folder of the study"),
        ("[8, 25]", "[]", "T1004", "at least one level"),
        ("[8, 25]", "[8, 8]", "T1004", "remove"),
        ("replications: 12", "replications: 0", "T1005", "100000"),
        (
            "gates:",
            "measures: [\"engagd\"], gates:",
            "T1006",
            "`engaged`",
        ),
        ("p(engaged)", "p(engagd)", "T1006", "`engaged`"),
        (">= 0.0", "= 0.0", "T1007", "mean(losses)"),
        ("diff(desk=8,", "diff(desk=9,", "T1008", "`desk=8`"),
        (
            "p(engaged)",
            "p(blue_losses)",
            "T1009",
            "p(blue_losses >= 1)",
        ),
        ("gates:", "until_s: 0, gates:", "T1010", "above 0"),
        ("gates:", "times_horizon_s: -1, gates:", "T1010", "above 0"),
        ("gates:", "confidence: 95, gates:", "T1011", "0.999"),
        (
            "gates:",
            "decompositions: [(contrast: (measure: \"engaged\", of: \"desk\", first: \"8\", \
             second: \"25\"), causes: [\"desk\"])], gates:",
            "T1012",
            "each factor once",
        ),
        (
            "gates:",
            "break_evens: [(contrast: (measure: \"engaged\", of: \"desk\", first: \"9\", \
             second: \"25\"), over: \"desk\")], gates:",
            "T1012",
            "`8`",
        ),
        (
            "replications: 12",
            "replicatons: 12",
            "S1051",
            "`replications`",
        ),
        ("desks.cp.service", "desks.cp.srvice", "S1051", "`service`"),
        ("desks.cp.", "desks.cq.", "S1062", "`cp`"),
        ("[8, 25]", "[8, \"long\"]", "S1053", "a number"),
    ] {
        let found = findings(&edited(&good, &[(from, to)]));
        let found = found
            .iter()
            .find(|it| it.code == code && it.cure.contains(says));
        assert!(found.is_some(), "{to}: no {code} that says {says}");
    }
    // Several mistakes are all found, each where it stands; what a rule of the scenario says of a
    // value names the design point.
    let two = edited(&good, &[("[8, 25]", "[8, \"long\", \"short\", -3]")]);
    let found = findings(&two);
    let of_type: Vec<&Finding> = found.iter().filter(|it| it.code == "S1053").collect();
    assert_eq!(of_type.len(), 2, "{found:?}");
    assert!(
        of_type.iter().all(|it| it.file.ends_with("study.ron")),
        "{found:?}"
    );
    assert!(of_type[0].column < of_type[1].column, "{found:?}");
    let of_rule = found
        .iter()
        .find(|it| it.code == "S1157")
        .expect("-3 is no time");
    assert!(of_rule.cause.contains("desk=-3"), "{of_rule}");
}

#[test]
fn named_points_and_labels_are_checked_before_anything_runs() {
    let good = fs::read_to_string(folder().join("desk-time.ron")).unwrap();
    for (from, to, code, says) in [
        (
            "levels: [8, 25]",
            "levels: [8, 25], labels: [\"quick\"]",
            "T1004",
            "one for each level",
        ),
        (
            "gates:",
            "points: [\"desk=9\"], gates:",
            "T1008",
            "`desk=8`",
        ),
        (
            "gates:",
            "points: [\"desk=8\"], break_evens: [(contrast: (measure: \"engaged\", of: \"desk\", \
             first: \"8\", second: \"25\"), over: \"desk\")], gates:",
            "T1012",
            "leave `points` out",
        ),
    ] {
        let found = findings(&edited(&good, &[(from, to)]));
        let mut found = found.iter();
        let found = found.any(|it| it.code == code && it.cure.contains(says));
        assert!(found, "{to}: no {code} that says {says}");
    }
}
