//! Every ban, tried on small texts: what it must find and what it must let pass.

use super::bans::*;
use super::source::SourceFile;
use super::{Finding, walls};

/// Number of findings of a rule on a text as a file of this path.
fn count(rule: fn(&SourceFile) -> Vec<Finding>, path: &str, text: &str) -> usize {
    rule(&SourceFile::new(path, text)).len()
}

#[test]
fn printing() {
    let bad = "fn f() { println!(\"a\"); eprint!(\"b\"); let o = std::io::stdout(); }";
    assert_eq!(count(printing_stays_in_cli, "src/geo/a.rs", bad), 3);
    assert_eq!(count(printing_stays_in_cli, "src/lib.rs", bad), 3);
    assert_eq!(count(printing_stays_in_cli, "src/cli/a.rs", bad), 0);
    let good = "// println!\nfn f() { writeln!(out, \"println!()\"); }\n\
                #[cfg(test)]\nmod tests { fn g() { println!(); } }";
    assert_eq!(count(printing_stays_in_cli, "src/geo/a.rs", good), 0);
}

#[test]
fn environment() {
    let bad = "use std::{env, process::exit, time::Instant}; fn f() { std::env::args(); }";
    assert_eq!(count(environment_stays_in_cli, "src/app/a.rs", bad), 4);
    assert_eq!(count(environment_stays_in_cli, "src/main.rs", bad), 0);
    assert_eq!(
        count(
            environment_stays_in_cli,
            "src/app/a.rs",
            "use cpu_time::ProcessTime;"
        ),
        1
    );
    let good = "const A: &str = std::env!(\"A\"); use std::time::Duration; fn f() { env!(\"B\"); }";
    assert_eq!(count(environment_stays_in_cli, "src/app/a.rs", good), 0);
}

#[test]
fn file_access() {
    let bad = "use std::fs::{self, File}; fn f() { std::fs::read(p); }";
    assert_eq!(
        count(files_are_opened_in_few_places, "src/scenario/read.rs", bad),
        3
    );
    for path in [
        "src/scenario/load.rs",
        "src/record/a.rs",
        "src/export/manifest.rs",
    ] {
        assert_eq!(
            count(files_are_opened_in_few_places, path, bad),
            0,
            "{path}"
        );
    }
    assert_eq!(
        count(
            files_are_opened_in_few_places,
            "src/geo/a.rs",
            "use std::fmt;"
        ),
        0
    );
}

#[test]
fn observers_threads_hash_maps_and_clocks() {
    let bad = "fn f(a: On<'_, X>) { app.add_observer(f); world.observe(g); }";
    assert_eq!(count(simulation_has_no_observers, "src/comms/a.rs", bad), 3);
    assert_eq!(
        count(simulation_has_no_observers, "src/viewer/a.rs", bad),
        0
    );
    assert_eq!(
        count(
            simulation_has_no_observers,
            "src/comms/a.rs",
            "fn observe(on: On) {}"
        ),
        0
    );
    let bad = "q.par_iter().for_each(f); use rayon::prelude::*;";
    assert_eq!(
        count(simulation_is_single_threaded, "src/comms/a.rs", bad),
        2
    );
    assert_eq!(
        count(simulation_is_single_threaded, "src/study/a.rs", bad),
        0
    );
    let bad = "use std::collections::{BTreeMap, HashMap}; fn f(s: EntityHashSet) {}";
    assert_eq!(
        count(simulation_has_no_hash_maps, "src/kernel/a.rs", bad),
        2
    );
    assert_eq!(
        count(
            simulation_has_no_hash_maps,
            "src/kernel/a.rs",
            "// a HashMap"
        ),
        0
    );
    let bad = "let t = Instant::now(); let u: SystemTime = v;";
    assert_eq!(
        count(simulation_has_no_wall_clock, "src/accounting/a.rs", bad),
        2
    );
    assert_eq!(
        count(
            simulation_has_no_wall_clock,
            "src/accounting/a.rs",
            "let instant_s = 1;"
        ),
        0
    );
}

#[test]
fn truth() {
    let bad = "use crate::platform::truth::Truth; use crate::platform::{self, truth}; \
               fn f() { truth::g(); platform::truth::h(); }";
    for room in ["picture", "learning", "planning", "command"] {
        assert_eq!(
            count(belief_reads_no_truth, &format!("src/{room}/a.rs"), bad),
            4,
            "{room}"
        );
    }
    assert_eq!(
        count(belief_reads_no_truth, "src/planning/oracle.rs", bad),
        0
    );
    assert_eq!(count(belief_reads_no_truth, "src/sensing/a.rs", bad), 0);
    assert_eq!(
        count(
            belief_reads_no_truth,
            "src/picture/a.rs",
            "use crate::platform::*;"
        ),
        1
    );
    let good = "fn gospa(truth: &[f64]) { truth.len(); } use super::truth_like;";
    assert_eq!(count(belief_reads_no_truth, "src/picture/a.rs", good), 0);
}

#[test]
fn scoring_tags() {
    let bad = "let id = report.tag\n    .reveal(); tags.map(ScoringTag::reveal);";
    assert_eq!(
        count(scoring_tags_open_in_accounting, "src/command/a.rs", bad),
        2
    );
    assert_eq!(
        count(scoring_tags_open_in_accounting, "src/accounting/a.rs", bad),
        0
    );
    let good =
        "fn reveal(&self) -> UnitId { self.0 } #[cfg(test)] mod t { fn f() { a.reveal(); } }";
    assert_eq!(
        count(scoring_tags_open_in_accounting, "src/sensing/a.rs", good),
        0
    );
}

#[test]
fn fire_orders() {
    let bad = "let a = FireOrder::new(b); let c = FireOrder { d }; use crate::engagement::FireOrder as E;";
    assert_eq!(
        count(
            fire_orders_come_from_authorisation,
            "src/planning/a.rs",
            bad
        ),
        3
    );
    let defence = "let a = DefenceOrder::new(b);";
    assert_eq!(
        count(
            fire_orders_come_from_authorisation,
            "src/command/defence.rs",
            defence
        ),
        1
    );
    assert_eq!(
        count(
            fire_orders_come_from_authorisation,
            "src/engagement/weapon.rs",
            bad
        ),
        3
    );
    assert_eq!(
        count(
            fire_orders_come_from_authorisation,
            "src/command/authorisation.rs",
            bad
        ),
        0
    );
    let definition =
        "pub struct FireOrder { d: u8 } impl FireOrder { fn new() -> Self { FireOrder { d: 1 } } }";
    assert_eq!(
        count(
            fire_orders_come_from_authorisation,
            "src/engagement/order.rs",
            definition
        ),
        0
    );
    assert_eq!(
        count(
            fire_orders_come_from_authorisation,
            "src/comms/order.rs",
            definition
        ),
        2
    );
    let good = "use crate::engagement::FireOrder; impl Payload for FireOrder {} \
                fn f(order: &FireOrder) -> Option<FireOrder> { None }";
    assert_eq!(
        count(fire_orders_come_from_authorisation, "src/comms/a.rs", good),
        0
    );
}

#[test]
fn weapon_words() {
    let bad = "struct FireMission { target_id: u8, kills: u8, WEAPON: u8 }";
    for path in ["src/plan/a.rs", "src/export/a.rs", "src/live/a.rs"] {
        assert_eq!(count(boundary_names_no_weapon, path, bad), 3, "{path}");
    }
    assert_eq!(
        count(boundary_names_no_weapon, "src/engagement/a.rs", bad),
        0
    );
    let good = "// fire\nfn fireworks(retargeted: u8) { let a = \"weapon\"; }";
    assert_eq!(count(boundary_names_no_weapon, "src/plan/a.rs", good), 0);
}

#[test]
fn shape_of_files() {
    assert_eq!(
        count(
            files_start_with_their_purpose,
            "src/a.rs",
            "use b;\n//! late"
        ),
        1
    );
    assert_eq!(
        count(files_start_with_their_purpose, "src/a.rs", "//! what it is"),
        0
    );
    assert_eq!(count(files_are_short, "src/a.rs", &"x\n".repeat(501)), 1);
    assert_eq!(count(files_are_short, "src/a.rs", &"x\n".repeat(500)), 0);
}

#[test]
fn a_rule_over_the_tree_sees_files_that_only_tests_include() {
    let parent = SourceFile::new("src/geo/grid.rs", "#[cfg(test)]\nmod tests;");
    let mut child = SourceFile::new("src/geo/grid/tests.rs", "fn f() { println!(); }");
    assert!(parent.test_modules().contains(&child.path));
    assert_eq!(printing_stays_in_cli(&child).len(), 1);
    child.mark_as_test();
    assert_eq!(printing_stays_in_cli(&child).len(), 0);
    assert_eq!(walls::floor_of("geo"), Some(1));
}
