//! The house keeps its walls: rules over the text of `src/`, with the standard library alone.
//!
//! Each rule is a pure function from one file to findings; a test here runs it over the whole tree,
//! and tests beside it run it on small texts, good and bad, so that no rule can rot. What the rules
//! protect is told in `docs/architecture.md`.

#[path = "architecture/bans.rs"]
mod bans;
#[path = "architecture/bans_tests.rs"]
mod bans_tests;
#[path = "architecture/source.rs"]
mod source;
#[path = "architecture/walls.rs"]
mod walls;

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use source::SourceFile;

/// A breach of a rule.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    /// Line, from 1.
    line: usize,
    /// What stands there.
    cause: String,
    /// What to do about it.
    cure: &'static str,
}

/// Makes a finding.
fn finding(line: usize, cause: String, cure: &'static str) -> Finding {
    Finding { line, cause, cure }
}

/// Adds the Rust files below a folder, in the order of their names.
fn collect(root: &Path, folder: &str, files: &mut Vec<SourceFile>) {
    let entries = fs::read_dir(root.join(folder)).expect("the folder of the sources can be read");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry can be read").file_name())
        .map(|name| name.into_string().expect("sources have names in UTF-8"))
        .collect();
    names.sort();
    for name in names {
        let path = format!("{folder}/{name}");
        if root.join(&path).is_dir() {
            collect(root, &path, files);
        } else if name.ends_with(".rs") {
            let text = fs::read_to_string(root.join(&path)).expect("a source is text in UTF-8");
            files.push(SourceFile::new(&path, &text));
        }
    }
}

/// All files of the package, those that only tests include marked as such.
static FILES: LazyLock<Vec<SourceFile>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches", "examples"] {
        if root.join(folder).is_dir() {
            collect(root, folder, &mut files);
        }
    }
    let of_tests: Vec<String> = files.iter().flat_map(SourceFile::test_modules).collect();
    for file in files
        .iter_mut()
        .filter(|file| of_tests.contains(&file.path))
    {
        file.mark_as_test();
    }
    files
});

/// Fails with every finding of a rule in the files below these folders.
fn hold_in(folders: &[&str], rule: fn(&SourceFile) -> Vec<Finding>) {
    let (mut report, mut looked_at) = (String::new(), 0);
    for file in FILES
        .iter()
        .filter(|file| folders.iter().any(|f| file.path.starts_with(f)))
    {
        looked_at += 1;
        for Finding { line, cause, cure } in rule(file) {
            report += &format!("\n  {}:{line}: {cause}\n    cure: {cure}", file.path);
        }
    }
    assert!(looked_at > 10, "only {looked_at} files were found");
    assert!(report.is_empty(), "the house is breached:{report}\n");
}

/// Fails with every finding of a rule in `src/`.
fn hold(rule: fn(&SourceFile) -> Vec<Finding>) {
    hold_in(&["src/"], rule);
}

#[test]
fn every_room_has_a_floor() {
    hold(walls::rooms_have_floors);
}

#[test]
fn imports_point_down() {
    hold(walls::imports_point_down);
}

#[test]
fn physics_engine_stays_in_physics() {
    hold(walls::physics_engine_stays_in_physics);
}

#[test]
fn rendering_stays_in_viewer() {
    hold(walls::rendering_stays_in_viewer);
}

#[test]
fn pure_rooms_know_no_bevy() {
    hold(walls::pure_rooms_know_no_bevy);
}

#[test]
fn printing_stays_in_cli() {
    hold(bans::printing_stays_in_cli);
}

#[test]
fn environment_stays_in_cli() {
    hold(bans::environment_stays_in_cli);
}

#[test]
fn files_are_opened_in_few_places() {
    hold(bans::files_are_opened_in_few_places);
}

#[test]
fn simulation_has_no_observers() {
    hold(bans::simulation_has_no_observers);
}

#[test]
fn simulation_is_single_threaded() {
    hold(bans::simulation_is_single_threaded);
}

#[test]
fn simulation_has_no_hash_maps() {
    hold(bans::simulation_has_no_hash_maps);
}

#[test]
fn simulation_has_no_wall_clock() {
    hold(bans::simulation_has_no_wall_clock);
}

#[test]
fn belief_reads_no_truth() {
    hold(bans::belief_reads_no_truth);
}

#[test]
fn scoring_tags_open_in_accounting() {
    hold(bans::scoring_tags_open_in_accounting);
}

#[test]
fn fire_orders_come_from_authorisation() {
    hold(bans::fire_orders_come_from_authorisation);
}

#[test]
fn boundary_names_no_weapon() {
    hold(bans::boundary_names_no_weapon);
}

#[test]
fn files_start_with_their_purpose() {
    hold_in(
        &["src", "tests", "benches", "examples"],
        bans::files_start_with_their_purpose,
    );
}

#[test]
fn files_are_short() {
    hold_in(
        &["src", "tests", "benches", "examples"],
        bans::files_are_short,
    );
}
