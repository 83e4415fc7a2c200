//! Speed of path loss over real ground beside what it replaced.
//!
//! * A full refresh: all 19,900 pairs of 200 nodes, three quarters on the ground and one in the air,
//!   over the mountains of `highland-screen`: free space, the single knife edge over two rays that
//!   links used before, and [`ground_loss_db`].
//! * One call of the Irregular Terrain Model on profiles of 50 to 400 points of the same mountains.
//!
//! CPU time of this process, the least of several rounds, and ratios.

use core::hint::black_box;
use std::{path::Path, sync::Arc};

use cpu_time::ProcessTime;
use glam::{DVec2, DVec3};
use tercio::{
    environment::Landscape,
    geo::{LocalFrame, Sight},
    kernel::random::{DrawKey, Stream},
    platform::class::Catalogue,
    scenario::load::load_scenario,
    spectrum::{
        model::{
            diffraction::single_edge_loss_db,
            itm::{Percentiles, Profile, Surroundings, point_to_point},
            propagation::{free_space_loss_db, two_ray_ground_loss_db},
        },
        path::ground_loss_db,
    },
};

/// Nodes of the refresh.
const NODES: u32 = 200;
/// Rounds, of which the fastest counts.
const ROUNDS: u32 = 15;
/// Frequency, Hz.
const FREQUENCY_HZ: f64 = 455e6;

/// The mountains of `highland-screen`.
fn mountains() -> Landscape {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/highland-screen.ron");
    let loaded = load_scenario(&file, &[], &Catalogue::shipped()).expect("the scenario loads");
    Landscape {
        cover: Arc::default(),
        terrain: Arc::new(loaded.terrain.clone()),
        frame: LocalFrame::new(36.303, -84.246).expect("it is on the earth"),
        undulation_m: -31.0,
    }
}

/// All pairs of nodes spread over a landscape.
fn pairs(landscape: &Landscape) -> Vec<(DVec3, DVec3)> {
    let bounds = landscape.terrain.bounds();
    let mut draws = DrawKey::new(Stream::Placement, 0, 0, 5).draws(1);
    let mut nodes = Vec::new();
    for node in 0..NODES {
        let at = bounds.min + bounds.size() * DVec2::new(draws.uniform(), draws.uniform());
        let above_m = if node % 4 == 0 {
            50.0 + 250.0 * draws.uniform()
        } else {
            2.0 + 8.0 * draws.uniform()
        };
        nodes.push(landscape.terrain.above_surface(at, above_m));
    }
    let mut pairs = Vec::new();
    for (number, a) in nodes.iter().enumerate() {
        pairs.extend(nodes[..number].iter().map(|b| (*a, *b)));
    }
    pairs
}

/// Loss as links reckoned it before: two rays, plus the knife edge that obstructs most, dB.
fn knife_edge_path_db((a, b): (DVec3, DVec3), landscape: &Landscape) -> f64 {
    let terrain = &landscape.terrain;
    let distance_m = a.distance(b).max(1.0);
    let above = |point: DVec3| (point.z - terrain.surface_m(point.x, point.y)).max(0.5);
    let smooth_db = two_ray_ground_loss_db(FREQUENCY_HZ, distance_m, above(a), above(b));
    let clearance = Sight::new(terrain).clearance(a, b);
    let edge_db = clearance.map_or(0.0, |clearance| {
        let edge = clearance.edge;
        single_edge_loss_db(edge.height_m, edge.d1_m, edge.d2_m, FREQUENCY_HZ)
    });
    smooth_db + edge_db
}

/// Least CPU time of several rounds of some calls, µs a call.
fn measure(name: &str, calls: usize, mut round: impl FnMut() -> f64) -> f64 {
    let mut least_s = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = ProcessTime::now();
        black_box(round());
        least_s = least_s.min(start.elapsed().as_secs_f64());
    }
    #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
    let each_us = 1e6 * least_s / calls as f64;
    say(&format!(
        "{name:<44} {:>8.2} ms {each_us:>8.3} µs a call",
        1e3 * least_s
    ));
    each_us
}

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a bench reports to the terminal")]
fn say(line: &str) {
    println!("{line}");
}

/// The refresh of all pairs, three ways.
fn refresh(landscape: &Landscape, pairs: &[(DVec3, DVec3)]) {
    let free = |(a, b): &(DVec3, DVec3)| free_space_loss_db(FREQUENCY_HZ, a.distance(*b));
    let free_us = measure("refresh, free space", pairs.len(), || {
        pairs.iter().map(free).sum()
    });
    let edge_us = measure("refresh, two rays and a knife edge", pairs.len(), || {
        pairs
            .iter()
            .map(|pair| knife_edge_path_db(*pair, landscape))
            .sum()
    });
    let path_us = measure("refresh, ground_loss_db", pairs.len(), || {
        pairs
            .iter()
            .map(|pair| ground_loss_db(FREQUENCY_HZ, *pair, landscape))
            .sum()
    });
    say(&format!(
        "ground_loss_db costs {:.2} knife edges, {:.0} free spaces",
        path_us / edge_us,
        path_us / free_us
    ));
}

/// One call of the model over profiles of some points.
fn model(landscape: &Landscape, pairs: &[(DVec3, DVec3)], points: u32) {
    let mut profiles = Vec::new();
    for (a, b) in pairs {
        let (from, to) = (a.truncate(), b.truncate());
        let mut heights_m = vec![0.0; points as usize];
        landscape.terrain.transect_m(from, to, &mut heights_m);
        profiles.push((from.distance(to) / f64::from(points - 1), heights_m));
    }
    let (air, sure) = (Surroundings::default(), Percentiles::default());
    measure(
        &format!("point_to_point, {points} points"),
        pairs.len(),
        || {
            let profile = |(step_m, heights_m): &(f64, Vec<f64>)| {
                let (step_m, heights_m) = (*step_m, heights_m.as_slice());
                let profile = Profile { step_m, heights_m };
                point_to_point(&profile, [2.0, 5.0], FREQUENCY_HZ / 1e6, &air, &sure).loss_db
            };
            profiles.iter().map(profile).sum()
        },
    );
}

/// The refresh, then the model alone.
fn main() {
    let landscape = mountains();
    let pairs = pairs(&landscape);
    refresh(&landscape, &pairs);
    for points in [50, 100, 200, 400] {
        model(&landscape, &pairs[..2_000], points);
    }
}
