//! Tests of the folder of a run on a real file system.

use std::borrow::Cow;

use super::*;
use crate::accounting::event::EventRow;
use crate::accounting::summary::ScenarioIdentity;
use crate::record::events::read_events;
use crate::record::hashes::read_hashes;
use crate::record::manifest::FORMAT_VERSION;

/// The manifest of a run without files.
fn manifest() -> Manifest {
    Manifest {
        format_version: FORMAT_VERSION,
        tercio: "0.1.0".to_owned(),
        git: "abc".to_owned(),
        scenario: ScenarioIdentity {
            name: "tutorial".to_owned(),
            hash: "0".repeat(16),
        },
        seed: u64::MAX,
        command: vec!["tercio".to_owned(), "run".to_owned()],
        dt_ms: 100,
        ticks: 9000,
        state_hash: "00ff00ff00ff00ff".to_owned(),
        files: Vec::new(),
    }
}

/// Writes a small run into a folder.
fn write_run(path: &Path, overwrite: bool) -> Result<Manifest, RecordError> {
    let mut run = RunDir::create(path, overwrite)?;
    let mut events = run.event_writer()?;
    events.push(EventRow {
        time_us: 100_000,
        kind: Cow::Borrowed("detection"),
        subject: "uav-1".to_owned(),
        object: "red-1".to_owned(),
        value: 1.5,
        detail: String::new(),
    })?;
    run.commit_events(events)?;
    run.write_hashes(&[TickHash {
        tick: 1,
        hash: u64::MAX,
    }])?;
    run.write_json("measures.json", &[1.0, 2.0])?;
    run.write_text("plans/uav-1.plan", "{}")?;
    run.finish(manifest())
}

/// Names of everything in a folder, sorted.
fn names(path: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(path)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_run_can_be_read_back_and_verified() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runs/tutorial-1");
    let written = write_run(&path, false).unwrap();
    let read = Manifest::read(&path).unwrap();
    assert_eq!(read, written);
    read.verify(&path).unwrap();
    let listed: Vec<_> = read.files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        listed,
        [
            "events.parquet",
            "hashes.parquet",
            "measures.json",
            "plans/uav-1.plan"
        ]
    );
    assert_eq!(names(&path).len(), 5, "no temporary file is left");
    assert_eq!(
        read_events(&path.join(EVENTS_NAME)).unwrap()[0].object,
        "red-1"
    );
    assert_eq!(
        read_hashes(&path.join(HASHES_NAME)).unwrap()[0].hash,
        u64::MAX
    );
}

#[test]
fn a_changed_byte_is_found() {
    let folder = tempfile::tempdir().unwrap();
    write_run(folder.path(), false).unwrap();
    fs::write(folder.path().join("measures.json"), "[1.0,3.0]").unwrap();
    let error = Manifest::read(folder.path())
        .unwrap()
        .verify(folder.path())
        .unwrap_err();
    assert!(matches!(error, RecordError::Damaged { .. }));
    assert!(error.to_string().contains("measures.json"), "{error}");
}

#[test]
fn a_folder_that_is_not_empty_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("thesis.txt"), "x").unwrap();
    let error = write_run(folder.path(), false).unwrap_err();
    assert!(matches!(error, RecordError::NotEmpty { .. }));
    assert_eq!(error.exit_code(), 65);
    assert_eq!(names(folder.path()), ["thesis.txt"]);
}

#[test]
fn overwriting_replaces_the_former_run_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    write_run(folder.path(), false).unwrap();
    fs::write(folder.path().join("thesis.txt"), "x").unwrap();
    let run = RunDir::create(folder.path(), true).unwrap();
    run.finish(manifest()).unwrap();
    assert_eq!(
        names(folder.path()),
        ["manifest.json", "plans", "thesis.txt"]
    );
    assert_eq!(names(&folder.path().join("plans")), Vec::<String>::new());
}

#[test]
fn a_file_is_no_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, "x").unwrap();
    for overwrite in [false, true] {
        let error = RunDir::create(&path, overwrite).unwrap_err();
        assert!(matches!(error, RecordError::NotFolder { .. }));
    }
    let error = RunDir::create(path.join("below"), false).unwrap_err();
    assert_eq!(error.exit_code(), 74);
    assert!(error.to_string().contains("below"), "{error}");
}

#[test]
fn an_abandoned_file_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let run = RunDir::create(folder.path(), false).unwrap();
    let mut file = run.create_file("notes.txt").unwrap();
    file.write_all(b"half").unwrap();
    assert_eq!(names(folder.path()), [".notes.txt.partial"]);
    drop(file);
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn names_that_lead_out_and_the_manifest_itself_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = RunDir::create(folder.path().join("run"), false).unwrap();
    for name in ["../x", "/x", "manifest.json"] {
        let error = run.write_text(name, "x").unwrap_err();
        assert!(matches!(error, RecordError::BadName { .. }), "{name}");
    }
    assert_eq!(names(folder.path()), ["run"]);
}

#[test]
fn a_file_of_another_writer_is_taken_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = RunDir::create(folder.path(), false).unwrap();
    fs::write(folder.path().join("extra.txt"), "abc").unwrap();
    run.adopt("extra.txt").unwrap();
    assert_eq!(run.adopt("missing.txt").unwrap_err().exit_code(), 66);
    let manifest = run.finish(manifest()).unwrap();
    assert_eq!(manifest.files[0].bytes, 3);
    manifest.verify(folder.path()).unwrap();
}

#[test]
fn two_equal_runs_are_equal_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let (a, b) = (folder.path().join("a"), folder.path().join("b"));
    assert_eq!(write_run(&a, false).unwrap(), write_run(&b, false).unwrap());
    let manifests = [a, b].map(|path| fs::read(path.join(MANIFEST_NAME)).unwrap());
    assert!(manifests[0] == manifests[1]);
}
