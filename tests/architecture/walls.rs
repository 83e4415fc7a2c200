//! Walls between rooms: who may import whom, and which outside crates belong to one room.

use super::source::SourceFile;
use super::{Finding, finding};

/// The rooms and their floors, from the ground up. A room imports from lower floors only.
const FLOORS: [(u8, &[&str]); 16] = [
    (0, &["kernel"]),
    (1, &["geo"]),
    (2, &["plan", "org", "wire", "environment"]),
    (3, &["platform"]),
    (4, &["physics", "spectrum"]),
    (5, &["cyber_ew"]),
    (6, &["sensing", "comms", "logistics", "engagement"]),
    (7, &["picture"]),
    (8, &["learning"]),
    (9, &["planning"]),
    (10, &["command"]),
    (11, &["accounting"]),
    (12, &["scenario", "export", "record"]),
    (13, &["app", "preflight"]),
    (14, &["study", "live", "viewer"]),
    (15, &["cli"]),
];

/// Imports on the same floor that are allowed: importer, the path below the crate's root, why.
const SIDEWAYS: [(&str, &[&str], &str); 2] = [
    (
        "environment",
        &["plan", "polygon"],
        "forbidden areas are polygons, as fences of plans are",
    ),
    (
        "environment",
        &["plan", "volume"],
        "closed airspace is made of them",
    ),
];

/// Rooms at the boundary to the real world, and all that they may import.
const NARROW: [(&str, &[&str]); 2] = [
    ("export", &["plan", "geo", "kernel"]),
    ("live", &["plan", "geo", "kernel"]),
];

/// Rooms without an ECS.
const PURE_ROOMS: [&str; 3] = ["geo", "plan", "export"];

/// Crates that draw or open windows.
const RENDER_CRATES: [&str; 14] = [
    "bevy_camera",
    "bevy_core_pipeline",
    "bevy_egui",
    "bevy_gizmos",
    "bevy_inspector_egui",
    "bevy_panorbit_camera",
    "bevy_pbr",
    "bevy_render",
    "bevy_ui",
    "bevy_window",
    "bevy_winit",
    "egui",
    "wgpu",
    "winit",
];

/// Crates that compute collisions.
const PHYSICS_CRATES: [&str; 3] = ["bevy_rapier3d", "rapier3d", "parry3d"];

/// The floor of a room.
pub(crate) fn floor_of(room: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(_, rooms)| rooms.contains(&room))
        .map(|(floor, _)| *floor)
}

/// A room has a floor.
pub(crate) fn rooms_have_floors(file: &SourceFile) -> Vec<Finding> {
    match file.room() {
        Some(room) if floor_of(&room).is_none() => vec![finding(
            1,
            format!("`{room}` is no room of the house"),
            "give it a floor in tests/architecture/walls.rs and docs/architecture.md, or move it",
        )],
        _ => Vec::new(),
    }
}

/// A room imports from the floors below its own.
pub(crate) fn imports_point_down(file: &SourceFile) -> Vec<Finding> {
    let Some(room) = file.room() else {
        return Vec::new();
    };
    let Some(floor) = floor_of(&room) else {
        return Vec::new();
    };
    let mut findings = Vec::new();
    for path in &file.paths {
        let Some(target) = file.in_crate(path) else {
            continue;
        };
        let Some(other) = target
            .first()
            .filter(|other| **other != room && !path.is_macro)
        else {
            continue;
        };
        let is_excepted = SIDEWAYS.iter().any(|(importer, allowed, _)| {
            *importer == room && allowed.iter().zip(&target).all(|(a, b)| *a == b.as_str())
        });
        let narrow = NARROW
            .iter()
            .find(|(narrow, _)| *narrow == room)
            .map(|(_, allowed)| *allowed);
        let (cause, cure) = match floor_of(other) {
            None => (
                format!("`{room}` imports `{other}`, which is no room"),
                "import from the room that defines it",
            ),
            Some(_) if narrow.is_some_and(|allowed| !allowed.contains(&other.as_str())) => (
                format!("`{room}` imports `{other}`, but may know plan, geo and kernel only"),
                "take what is needed as an argument of a type of plan, geo or kernel",
            ),
            Some(above) if above > floor => (
                format!("`{room}` (F{floor}) imports `{other}` (F{above}), upward"),
                "move the shared type down, or let the upper room call",
            ),
            Some(same) if same == floor && !is_excepted => (
                format!("`{room}` imports `{other}` on its own floor F{floor}, sideways"),
                "move the shared type down, or send a message",
            ),
            Some(_) => continue,
        };
        findings.push(finding(path.line, cause, cure));
    }
    findings
}

/// Words of a file that name one of these crates.
fn crates_named(file: &SourceFile, crates: &[&str]) -> Vec<(usize, String)> {
    let named = file
        .tokens
        .iter()
        .filter(|token| crates.contains(&token.text.as_str()));
    named
        .map(|token| (token.line, token.text.clone()))
        .collect()
}

/// Only `physics` knows a physics engine.
pub(crate) fn physics_engine_stays_in_physics(file: &SourceFile) -> Vec<Finding> {
    if file.room().as_deref() == Some("physics") {
        return Vec::new();
    }
    let found = crates_named(file, &PHYSICS_CRATES);
    let cure = "ask `physics` for the ray, the shape cast or the contact";
    let report = |(line, name)| finding(line, format!("`{name}` outside physics/"), cure);
    found.into_iter().map(report).collect()
}

/// Only `viewer` draws.
pub(crate) fn rendering_stays_in_viewer(file: &SourceFile) -> Vec<Finding> {
    if file.room().as_deref() == Some("viewer") {
        return Vec::new();
    }
    let mut found = crates_named(file, &RENDER_CRATES);
    for path in &file.paths {
        if let [first, second, ..] = path.segments.as_slice()
            && first == "bevy"
            && RENDER_CRATES.contains(&format!("bevy_{second}").as_str())
        {
            found.push((path.line, format!("bevy::{second}")));
        }
    }
    let cure = "draw in viewer/ from a snapshot of the world";
    let report = |(line, name)| finding(line, format!("`{name}` outside viewer/"), cure);
    found.into_iter().map(report).collect()
}

/// Mathematics, data and solvers know no ECS: `geo`, `plan`, `export`, `planning/algo` and every
/// `model`.
pub(crate) fn pure_rooms_know_no_bevy(file: &SourceFile) -> Vec<Finding> {
    let module = file.module();
    let is_pure_room = file
        .room()
        .is_some_and(|room| PURE_ROOMS.contains(&room.as_str()));
    let is_solver = module.starts_with(&["planning".to_owned(), "algo".to_owned()]);
    let is_model = module.iter().any(|part| part == "model");
    if !(is_pure_room || is_solver || is_model) {
        return Vec::new();
    }
    let words = file
        .tokens
        .iter()
        .filter(|t| t.text == "bevy" || t.text.starts_with("bevy_"));
    let cure = "pass plain values in, and let the room's system gather and apply them";
    words
        .map(|t| finding(t.line, format!("`{}` in a pure file", t.text), cure))
        .collect()
}

#[test]
fn floors_are_checked_for_plain_nested_inline_and_relative_imports() {
    let count = |path: &str, text: &str| imports_point_down(&SourceFile::new(path, text)).len();
    assert_eq!(
        count(
            "src/picture/a.rs",
            "use crate::sensing::X; use crate::kernel::{a, b};"
        ),
        0
    );
    assert_eq!(
        count(
            "src/picture/a.rs",
            "use crate::{kernel::a, planning::{b, c}};"
        ),
        2
    );
    assert_eq!(count("src/geo/a.rs", "fn f() { crate::platform::g(); }"), 1);
    assert_eq!(
        count(
            "src/comms/model/a.rs",
            "use super::super::super::sensing::b;"
        ),
        1
    );
    assert_eq!(
        count(
            "src/comms/a.rs",
            "#[cfg(test)] mod tests { use crate::engagement::b; }"
        ),
        1
    );
    assert_eq!(count("src/kernel/a.rs", "use crate::prelude::*;"), 1);
    assert_eq!(
        count(
            "src/comms/a.rs",
            "//! [`b`](crate::cli::b)\nuse super::model; // crate::cli::c"
        ),
        0
    );
}

#[test]
fn sideways_and_narrow_tables_are_kept() {
    let count = |path: &str, text: &str| imports_point_down(&SourceFile::new(path, text)).len();
    assert_eq!(
        count(
            "src/environment/a.rs",
            "use crate::plan::polygon::contains;"
        ),
        0
    );
    assert_eq!(
        count("src/environment/a.rs", "use crate::plan::mission::Leg;"),
        1
    );
    assert_eq!(
        count("src/plan/a.rs", "use crate::environment::Weather;"),
        1
    );
    assert_eq!(
        count("src/export/a.rs", "use crate::platform::class::Class;"),
        1
    );
    assert_eq!(
        count(
            "src/export/a.rs",
            "use crate::{plan::Leg, geo::Geodetic, kernel::math};"
        ),
        0
    );
}

#[test]
fn every_sideways_import_is_between_rooms_of_one_floor() {
    for (importer, allowed, why) in SIDEWAYS {
        assert_eq!(
            floor_of(importer),
            floor_of(allowed[0]),
            "{importer} -> {allowed:?}: {why}"
        );
    }
}

#[test]
fn rooms_without_a_floor_are_found() {
    assert_eq!(
        rooms_have_floors(&SourceFile::new("src/weapons/mod.rs", "")).len(),
        1
    );
    assert_eq!(
        rooms_have_floors(&SourceFile::new("src/helpers.rs", "")).len(),
        1
    );
    assert_eq!(
        rooms_have_floors(&SourceFile::new("src/geo/mod.rs", "")).len(),
        0
    );
    assert_eq!(
        rooms_have_floors(&SourceFile::new("src/main.rs", "")).len(),
        0
    );
}

#[test]
fn crates_out_of_their_room_are_found() {
    let rapier = "use bevy_rapier3d::prelude::*;";
    assert_eq!(
        physics_engine_stays_in_physics(&SourceFile::new("src/app/a.rs", rapier)).len(),
        1
    );
    assert_eq!(
        physics_engine_stays_in_physics(&SourceFile::new("src/physics/a.rs", rapier)).len(),
        0
    );
    let render = "use bevy::{prelude::App, window::Window}; use wgpu::Device;";
    assert_eq!(
        rendering_stays_in_viewer(&SourceFile::new("src/app/a.rs", render)).len(),
        2
    );
    assert_eq!(
        rendering_stays_in_viewer(&SourceFile::new("src/viewer/a.rs", render)).len(),
        0
    );
    let ecs = "use bevy::prelude::Component;";
    for path in [
        "src/geo/a.rs",
        "src/planning/algo/a.rs",
        "src/sensing/model/a.rs",
    ] {
        assert_eq!(
            pure_rooms_know_no_bevy(&SourceFile::new(path, ecs)).len(),
            1,
            "{path}"
        );
    }
    assert_eq!(
        pure_rooms_know_no_bevy(&SourceFile::new("src/sensing/radar.rs", ecs)).len(),
        0
    );
}
