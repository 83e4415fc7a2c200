//! Speed of the world: sight, neighbours, motion, and whole scenarios.
//!
//! Everything here runs on one thread, so that wall time is processor time. "Elements per second"
//! are lines of sight, points, entity-steps, and, for scenarios, simulated seconds: the factor by
//! which a run is faster than real time.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput};
use glam::{DVec2, DVec3};
use tercio::app::{RunOptions, Simulation};
use tercio::geo::{Sight, SpatialIndex, Terrain};
use tercio::kernel::random::{DrawKey, Draws, Stream};
use tercio::platform::class::Catalogue;
use tercio::platform::kinematics::{Ambient, Demand, Kinematics, MotionState};
use tercio::scenario::load::{LoadedScenario, load_scenario};

/// Units that move at the same time.
const UNITS: usize = 10_000;
/// Half the side of the square in which they move, m: as dense as a swarm of 1,000 in 4 km by 4 km.
const HALF_SIDE_M: f64 = 6_300.0;
/// How far a unit looks for neighbours, m.
const NEIGHBOURS_M: f64 = 120.0;
/// Lines of sight per round.
const LINES: usize = 1_000;
/// Length of a tick, s.
const DT_S: f64 = 0.1;

/// Draws for the places of one bench.
fn draws(n: u64) -> Draws {
    DrawKey::new(Stream::Placement, 0, 0, n).draws(1)
}

/// A point in the square.
fn point(draws: &mut Draws) -> DVec2 {
    let mut within = || (2.0 * draws.uniform() - 1.0) * HALF_SIDE_M;
    DVec2::new(within(), within())
}

/// A shipped scenario.
fn load(name: &str, catalogue: &Catalogue) -> LoadedScenario {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    load_scenario(&folder.join(name), &[], catalogue).expect("the scenario loads")
}

/// Sight between points ten metres above real ground.
fn line_of_sight(criterion: &mut Criterion, terrain: &Terrain) {
    let mut draws = draws(1);
    let mut above = || {
        let at = point(&mut draws);
        DVec3::new(at.x, at.y, terrain.height_m(at.x, at.y) + 10.0)
    };
    let lines: Vec<(DVec3, DVec3)> = (0..LINES).map(|_| (above(), above())).collect();
    let sight = Sight::new(terrain);
    let mut group = criterion.benchmark_group("geo");
    group.throughput(Throughput::Elements(LINES as u64));
    group.bench_function("line of sight", |bencher| {
        bencher.iter(|| lines.iter().filter(|(a, b)| sight.clear(*a, *b)).count());
    });
    group.finish();
}

/// Putting points into the index, and asking it for the neighbours of each.
fn spatial_index(criterion: &mut Criterion) {
    let mut draws = draws(2);
    let points: Vec<DVec2> = (0..UNITS).map(|_| point(&mut draws)).collect();
    let mut index = SpatialIndex::new(NEIGHBOURS_M);
    let mut group = criterion.benchmark_group("index of 10,000");
    group.throughput(Throughput::Elements(UNITS as u64));
    group.bench_function("rebuild", |bencher| {
        bencher.iter(|| index.rebuild(black_box(&points).iter().copied()));
    });
    group.bench_function("neighbours", |bencher| {
        bencher.iter(|| {
            let mut pairs = 0_u64;
            for point in &points {
                index.for_each_within(*point, NEIGHBOURS_M, |_, _| pairs += 1);
            }
            pairs
        });
    });
    group.finish();
}

/// A crowd of aircraft and ground robots, each on its way.
struct Crowd<'a> {
    terrain: &'a Terrain,
    kinds: [Kinematics; 2],
    states: Vec<MotionState>,
    demands: Vec<Demand>,
    index: SpatialIndex,
}

impl<'a> Crowd<'a> {
    /// Everybody at a place of their own.
    fn new(terrain: &'a Terrain, catalogue: &Catalogue) -> Self {
        let kinds = ["uav-multirotor", "ugv-scout"].map(|name| {
            let class = catalogue.class(name).expect("it is in the catalogue");
            Kinematics::from_class(&class.motion, class.mass_kg.value())
        });
        let mut draws = draws(3);
        let mut crowd = Self {
            terrain,
            kinds,
            states: Vec::new(),
            demands: Vec::new(),
            index: SpatialIndex::new(NEIGHBOURS_M),
        };
        for _ in 0..UNITS {
            let at = point(&mut draws);
            let height_m = terrain.height_m(at.x, at.y);
            crowd
                .states
                .push(MotionState::at_rest(at.extend(height_m), 0.0));
            let way = point(&mut draws) - at;
            let speed_m_s = 2.0 + 3.0 * draws.uniform();
            let velocity = way.normalize_or_zero() * speed_m_s;
            crowd
                .demands
                .push(Demand::from_velocity(velocity, height_m + 100.0));
        }
        crowd
    }

    /// One tick: everybody moves over the ground, who is near whom is put in order anew, and
    /// everybody looks for its neighbours. How many pairs there are.
    fn step(&mut self) -> u64 {
        for (at, (state, demand)) in self.states.iter_mut().zip(&self.demands).enumerate() {
            let DVec3 { x, y, .. } = state.position;
            let ambient = Ambient {
                ground_height_m: self.terrain.height_m(x, y),
                ground_gradient: self.terrain.gradient(x, y),
                ..Ambient::default()
            };
            self.kinds[at % 2].step(state, demand, &ambient, DT_S);
        }
        self.index
            .rebuild(self.states.iter().map(MotionState::horizontal));
        let mut pairs = 0;
        for state in &self.states {
            self.index
                .for_each_within(state.horizontal(), NEIGHBOURS_M, |_, _| pairs += 1);
        }
        pairs
    }
}

/// 10,000 units that move and look for neighbours.
fn motion(criterion: &mut Criterion, terrain: &Terrain, catalogue: &Catalogue) {
    let mut crowd = Crowd::new(terrain, catalogue);
    let mut group = criterion.benchmark_group("motion of 10,000");
    group.throughput(Throughput::Elements(UNITS as u64));
    group.bench_function("move and find neighbours", |bencher| {
        bencher.iter(|| crowd.step());
    });
    group.finish();
}

/// What is run of a scenario.
struct Stretch {
    /// File below `scenarios/`.
    file: &'static str,
    /// When it begins, simulated seconds: by then things are under way.
    from_s: u32,
    /// How long it is, simulated seconds.
    length_s: u32,
}

/// A stretch of a scenario with everything in it, from a saved state.
fn scenario(criterion: &mut Criterion, stretch: &Stretch, catalogue: &Arc<Catalogue>) {
    let loaded = load(stretch.file, catalogue);
    let options = RunOptions {
        seed: 1,
        ..RunOptions::default()
    };
    let start = || Simulation::new(&loaded, catalogue, &options).expect("it spawns");
    let run_for = |simulation: &mut Simulation, length_s: u32| {
        let ticks = u64::from(length_s) * 1000 / u64::from(loaded.read.scenario.dt_ms);
        let until = simulation.ticks_done() + ticks;
        while simulation.ticks_done() < until {
            simulation.step().expect("no invariant is broken");
        }
    };
    let mut first = start();
    run_for(&mut first, stretch.from_s);
    let saved = first.snapshot();
    let resumed = || {
        let mut simulation = start();
        simulation.restore(&saved).expect("it is of this scenario");
        // Fills what is remembered only to save time.
        run_for(&mut simulation, 2);
        simulation
    };
    let mut group = criterion.benchmark_group("simulated seconds");
    group
        .sample_size(10)
        .throughput(Throughput::Elements(u64::from(stretch.length_s)));
    group.bench_function(stretch.file, |bencher| {
        bencher.iter_batched_ref(
            resumed,
            |simulation| run_for(simulation, stretch.length_s),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// From the smallest to the largest.
fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let catalogue = Arc::new(Catalogue::shipped());
    let ground = load("highland-screen.ron", &catalogue);
    line_of_sight(&mut criterion, &ground.terrain);
    spatial_index(&mut criterion);
    motion(&mut criterion, &ground.terrain, &catalogue);
    let stretches = [
        Stretch {
            file: "highland-screen.ron",
            from_s: 600,
            length_s: 60,
        },
        Stretch {
            file: "benchmarks/swarm-1000.ron",
            from_s: 60,
            length_s: 10,
        },
    ];
    for stretch in &stretches {
        scenario(&mut criterion, stretch, &catalogue);
    }
    criterion.final_summary();
}
