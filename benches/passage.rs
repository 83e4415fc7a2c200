//! Ways that weigh time, exposure and energy: CPU time beside `petgraph`'s A* on the same lattice, and
//! cost beside the best there is.
//!
//! `cargo bench --bench passage` prints, for lattices of several sizes, the CPU time of the whole search
//! with its straightening, that of `petgraph` with the same costs (laying all links, then A*), and the
//! ratio of what both ways cost; for known answers the ratio of ours to the best; for budgets of energy
//! the labels that a proof takes. Least CPU time of several rounds.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;

use cpu_time::ThreadTime;
use glam::{DVec2, DVec3};
use petgraph::{algo::astar, csr::Csr};
use tercio::{
    kernel::{budget::Budget, math},
    planning::algo::{
        passage::{
            Going, Lattice, Law, PassageError, PassageField, Prices, Threat, Toll, leg_toll,
            passage, passage_within,
        },
        route::Neighbours,
    },
};

/// Rounds of which the least counts.
const ROUNDS: usize = 5;

/// Side of the map, m.
const SIDE_M: f64 = 20_000.0;

/// Hills of going with threats among them.
struct World {
    threats: Vec<Threat>,
    number: f64,
}

impl World {
    /// A world of a number.
    fn new(number: u32) -> Self {
        let share = |n: u32| (f64::from(17 * number + n) * math::GOLDEN_SHARE).fract();
        let threat = |n: u32| Threat {
            at: DVec3::new(share(3 * n), share(3 * n + 1), 0.0) * SIDE_M,
            range_m: 1000.0 + 2000.0 * share(3 * n + 2),
            rate_per_s: 0.02,
            sigma_m: 200.0,
            law: Law::DefiniteRange,
        };
        Self {
            threats: (0..8).map(threat).collect(),
            number: f64::from(number),
        }
    }
}

impl PassageField for World {
    fn going(&self, at: DVec3, _: DVec3) -> Option<Going> {
        let rates = self.threats.iter().map(|threat| threat.rate_at_per_s(at));
        let wave =
            |length_m: f64| math::sin(at.x / length_m + self.number) * math::cos(at.y / length_m);
        let speed_m_s = 12.0 + 4.0 * (wave(2100.0) + wave(1300.0));
        Some(Going {
            speed_m_s,
            exposure_per_s: rates.sum(),
            power_w: 50.0 + 0.3 * speed_m_s * speed_m_s * speed_m_s,
        })
    }

    fn fastest_m_s(&self) -> f64 {
        20.0
    }
}

/// One speed on either side of a border, or one disc that must not be entered.
enum Known {
    Border,
    Disc,
}

impl PassageField for Known {
    fn going(&self, at: DVec3, _: DVec3) -> Option<Going> {
        let (speed_m_s, is_open) = match self {
            Self::Border => (if at.y < 0.5 * SIDE_M { 5.0 } else { 15.0 }, true),
            Self::Disc => (10.0, at.distance(DVec3::new(1e4, 1e4, 0.0)) > 4000.0),
        };
        is_open.then_some(Going {
            speed_m_s,
            exposure_per_s: 0.0,
            power_w: 0.0,
        })
    }

    fn fastest_m_s(&self) -> f64 {
        15.0
    }
}

/// The lattice with this step.
fn sheet(step_m: f64) -> Lattice {
    Lattice::new(
        (DVec2::ZERO, DVec2::splat(SIDE_M)),
        step_m,
        1,
        Neighbours::Sixteen,
    )
    .expect("the map is sound")
}

/// Least CPU time of some rounds, ms, and the last answer.
fn least_ms<T>(mut round: impl FnMut() -> T) -> (f64, T) {
    let timed = |round: &mut dyn FnMut() -> T| {
        let start = ThreadTime::now();
        let answer = black_box(round());
        (1e3 * start.elapsed().as_secs_f64(), answer)
    };
    let mut best = timed(&mut round);
    for _ in 1..ROUNDS {
        let (ms, answer) = timed(&mut round);
        best = (best.0.min(ms), answer);
    }
    best
}

/// Beside `petgraph` on the same lattice, between two of its points.
fn beside_petgraph(step_m: f64) {
    let prices = Prices {
        exposure_s: 100.0,
        energy_s_per_j: 0.0,
    };
    let (world, lattice) = (World::new(1), sheet(step_m));
    let count = u32::try_from(lattice.points()).expect("few");
    let nearest = |to: DVec3| {
        let gap = |n: &u32| {
            lattice
                .at(&world, *n)
                .map_or(f64::MAX, |at| at.distance(to))
        };
        (0..count)
            .min_by(|a, b| gap(a).total_cmp(&gap(b)))
            .expect("there are points")
    };
    let numbers = (
        nearest(DVec3::splat(1000.0)),
        nearest(DVec3::new(19e3, 18e3, 0.0)),
    );
    let at = |number: u32| lattice.at(&world, number).expect("it has a place");
    let ends = (at(numbers.0), at(numbers.1));
    let (ours_ms, ours) = least_ms(|| passage(&world, &lattice, ends, prices));
    let ours = ours.expect("there is a way");
    let (laid_ms, graph) = least_ms(|| {
        let links = lattice.all_links(&world);
        let mut edges: Vec<(u32, u32, f64)> = links
            .iter()
            .map(|link| (link.from, link.to, prices.cost_s(link.toll)))
            .collect();
        edges.sort_by_key(|edge| (edge.0, edge.1));
        Csr::<(), f64>::from_sorted_edges(&edges).expect("they are sorted")
    });
    let left_s = |n: u32| at(n).distance(ends.1) / 20.0;
    let (search_ms, found) = least_ms(|| {
        astar(
            &graph,
            numbers.0,
            |n| n == numbers.1,
            |e| *e.weight(),
            left_s,
        )
    });
    let cost_s = found.expect("there is a way").0;
    println!(
        "{count} points: ours {ours_ms:.1} ms, petgraph {:.1} ms ({laid_ms:.1} to lay, {search_ms:.1} to \
         search), time ratio {:.2}; lattice cost ratio {:.9}, straightened {:.4}",
        laid_ms + search_ms,
        ours_ms / (laid_ms + search_ms),
        prices.cost_s(ours.lattice_toll) / cost_s,
        prices.cost_s(ours.toll) / cost_s,
    );
}

/// Cost of a way looked at every five metres.
fn closely(field: &impl PassageField, points: &[DVec3], prices: Prices) -> f64 {
    let legs = points.windows(2);
    let tolls = legs.map(|leg| leg_toll(field, leg[0], leg[1], 5.0).expect("the way is open"));
    prices.cost_s(tolls.fold(Toll::default(), |sum, toll| sum + toll))
}

/// Beside answers that are known.
fn beside_the_best(step_m: f64) {
    let (ends, free) = (
        (DVec3::new(2e3, 3e3, 0.0), DVec3::new(18e3, 17e3, 0.0)),
        Prices::default(),
    );
    let way = passage(&Known::Border, &sheet(step_m), ends, free).expect("there is a way");
    let time_s = |x: u32| {
        let at = DVec3::new(f64::from(x), 1e4, 0.0);
        ends.0.distance(at) / 5.0 + at.distance(ends.1) / 15.0
    };
    let best_s = (0..20_000).map(time_s).fold(f64::INFINITY, f64::min);
    let border = closely(&Known::Border, &way.points, free) / best_s;
    let ends = (DVec3::new(2e3, 1e4, 0.0), DVec3::new(18e3, 1e4, 0.0));
    let way = passage(&Known::Disc, &sheet(step_m), ends, free).expect("there is a way");
    let (far, radius) = (8000.0_f64, 4000.0_f64);
    let arc = math::PI - 2.0 * math::acos(radius / far);
    let disc = way.length_m() / (2.0 * (far * far - radius * radius).sqrt() + radius * arc);
    let prices = Prices {
        exposure_s: 100.0,
        energy_s_per_j: 0.0,
    };
    let mut ratios: Vec<f64> = Vec::new();
    for number in 0..8 {
        let world = World::new(number);
        let ends = (DVec3::splat(1e3).with_z(0.0), DVec3::new(19e3, 18e3, 0.0));
        let way = passage(&world, &sheet(step_m), ends, prices).expect("there is a way");
        let fine = passage(&world, &sheet(0.25 * step_m), ends, prices).expect("there is a way");
        let fine_s = prices.cost_s(fine.lattice_toll);
        ratios.push(closely(&world, &way.points, prices) / fine_s);
    }
    let mean = ratios.iter().sum::<f64>() / 8.0;
    let worst = ratios.iter().copied().fold(0.0, f64::max);
    println!(
        "step {step_m} m: border of two speeds {border:.4} of the best time, tangents to a disc {disc:.4} \
         of the best length, 8 worlds against the lattice of a quarter of the step mean {mean:.4}, worst \
         {worst:.4}"
    );
}

/// Counts work and gives as much as is asked for.
struct Counted(u64);

impl Budget for Counted {
    fn spend(&mut self, steps: u64) -> bool {
        self.0 += steps;
        true
    }
}

/// Budgets of energy between the least and what the cheapest way takes.
fn within_energy(step_m: f64) {
    let (world, lattice) = (World::new(2), sheet(step_m));
    let ends = (DVec3::splat(1e3).with_z(0.0), DVec3::new(19e3, 18e3, 0.0));
    let prices = Prices {
        exposure_s: 100.0,
        energy_s_per_j: 0.0,
    };
    let cheap = passage(&world, &lattice, ends, prices).expect("there is a way");
    let short = passage_within(&world, &lattice, ends, (prices, 1.0), &mut Counted(0));
    let Err(PassageError::Energy { least_j, .. }) = short else {
        println!("a joule is enough");
        return;
    };
    for share in [0.1, 0.3, 0.6] {
        let most_j = least_j + share * (cheap.toll.energy_j - least_j);
        let mut labels = 0;
        let (ms, way) = least_ms(|| {
            let mut counted = Counted(0);
            let way = passage_within(&world, &lattice, ends, (prices, most_j), &mut counted);
            labels = counted.0;
            way
        });
        let proof = way.map(|way| way.is_proven);
        println!(
            "{} points, energy {share} of the way from least to most: {labels} labels, {ms:.0} ms, proven \
             {proof:?}",
            lattice.points()
        );
    }
}

/// All of it.
fn main() {
    for step_m in [400.0, 200.0, 100.0] {
        beside_petgraph(step_m);
    }
    for step_m in [400.0, 200.0] {
        beside_the_best(step_m);
    }
    for step_m in [400.0, 200.0] {
        within_energy(step_m);
    }
}
