//! Ways under a budget of energy.

use glam::{DVec2, DVec3};

use super::{
    tests::{ENDS, price, share, sheet},
    *,
};
use crate::kernel::{budget::WorkBudget, math};

/// Patches where one is fast and spends much, and others that are slow and frugal.
struct Patches(u32);

impl PassageField for Patches {
    fn going(&self, at: DVec3, _: DVec3) -> Option<Going> {
        let wave = |n: u32| {
            let length = 500.0 + 700.0 * share(self.0, n);
            math::sin(at.x / length + 6.0 * share(self.0, n + 1)) * math::cos(at.y / length)
        };
        let effort = 0.5 + 0.25 * (wave(1) + wave(7));
        let dip = 0.5 + 0.5 * wave(13);
        Some(Going {
            speed_m_s: 5.0 + 15.0 * effort,
            exposure_per_s: 0.002 * dip,
            power_w: 50.0 + 2000.0 * effort * effort * effort,
        })
    }

    fn fastest_m_s(&self) -> f64 {
        20.0
    }
}

/// Work that is enough for any of these.
fn plenty() -> WorkBudget {
    WorkBudget::new(10_000_000)
}

/// Energy of the cheapest way and of the most frugal one over the lattice, J.
fn span(field: &Patches, lattice: &Lattice) -> (f64, f64) {
    let hasty = passage(field, lattice, ENDS, price(0.0)).unwrap();
    let frugal = Prices {
        exposure_s: 0.0,
        energy_s_per_j: 1e6,
    };
    let frugal = passage(field, lattice, ENDS, frugal).unwrap();
    (hasty.lattice_toll.energy_j, frugal.lattice_toll.energy_j)
}

#[test]
fn ways_keep_the_budget_and_cost_less_where_there_is_more() {
    for world in 0..8 {
        let (field, lattice) = (Patches(world), sheet(300.0));
        let (most_j, least_j) = span(&field, &lattice);
        assert!(least_j < 0.9 * most_j, "world {world}: nothing to weigh");
        let mut last_s = f64::INFINITY;
        for step in 0..=8 {
            let energy_j = least_j + (most_j - least_j) * (f64::from(step) / 8.0 + 1e-9);
            let way = passage_within(
                &field,
                &lattice,
                ENDS,
                (price(50.0), energy_j),
                &mut plenty(),
            );
            let way = way.unwrap();
            assert!(
                way.passage.toll.energy_j <= energy_j && way.is_proven,
                "world {world}"
            );
            assert!(
                way.passage.lattice_toll.energy_j <= energy_j,
                "world {world}"
            );
            let lattice_s = price(50.0).cost_s(way.passage.lattice_toll);
            assert!(
                (lattice_s / way.lattice_bound_s - 1.0).abs() < 1e-9,
                "world {world}"
            );
            assert!(
                price(50.0).cost_s(way.passage.toll) <= lattice_s + 1e-9,
                "world {world}"
            );
            assert!(way.lattice_bound_s <= last_s + 1e-6, "world {world}");
            last_s = way.lattice_bound_s;
        }
    }
}

/// Least cost within a budget by relaxing sets of pairs that do not dominate each other, without any
/// bound to the goal.
fn relaxed(links: &[Link], points: usize, ends: (u32, u32), (p, max_j): (Prices, f64)) -> f64 {
    let mut fronts: Vec<Vec<(f64, f64)>> = vec![Vec::new(); points];
    fronts[ends.0 as usize].push((0.0, 0.0));
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for link in links {
            for (cost_s, energy_j) in fronts[link.from as usize].clone() {
                let new = (cost_s + p.cost_s(link.toll), energy_j + link.toll.energy_j);
                let front = &mut fronts[link.to as usize];
                let is_dominated = front.iter().any(|it| it.0 <= new.0 && it.1 <= new.1);
                if new.1 <= max_j && !is_dominated {
                    front.retain(|it| it.0 < new.0 || it.1 < new.1);
                    front.push(new);
                    has_changed = true;
                }
            }
        }
    }
    let costs = fronts[ends.1 as usize].iter().map(|it| it.0);
    costs.fold(f64::INFINITY, f64::min)
}

#[test]
fn the_best_way_within_a_budget_is_that_of_plain_enumeration() {
    for world in 0..6 {
        let (field, lattice) = (Patches(world), sheet(600.0));
        let (from, to) = (0, u32::try_from(lattice.points() - 1).unwrap());
        let ends = (
            lattice.at(&field, from).unwrap(),
            lattice.at(&field, to).unwrap(),
        );
        let frugal = Prices {
            exposure_s: 0.0,
            energy_s_per_j: 1e6,
        };
        let most = passage(&field, &lattice, ends, price(0.0))
            .unwrap()
            .lattice_toll
            .energy_j;
        let least = passage(&field, &lattice, ends, frugal)
            .unwrap()
            .lattice_toll
            .energy_j;
        let within = (price(20.0), 0.5 * (most + least));
        let links = lattice.all_links(&field);
        let best_s = relaxed(&links, lattice.points(), (from, to), within);
        let way = passage_within(&field, &lattice, ends, within, &mut plenty()).unwrap();
        let found_s = way.lattice_bound_s;
        assert!(
            way.is_proven && (found_s / best_s - 1.0).abs() < 1e-9,
            "{found_s} {best_s}"
        );
    }
}

#[test]
fn what_cannot_be_reached_is_refused_with_what_is_missing() {
    let (field, lattice) = (Patches(1), sheet(300.0));
    let (_, least_j) = span(&field, &lattice);
    let within = |energy_j| {
        passage_within(
            &field,
            &lattice,
            ENDS,
            (price(0.0), energy_j),
            &mut plenty(),
        )
    };
    let error = within(0.5 * least_j).unwrap_err();
    let PassageError::Energy {
        least_j: missed_j,
        energy_max_j,
    } = error
    else {
        panic!("{error}");
    };
    assert!((energy_max_j / (0.5 * least_j) - 1.0).abs() < 1e-12);
    assert!(
        missed_j <= least_j && missed_j > 0.9 * least_j,
        "{missed_j} {least_j}"
    );
    assert!(error.to_string().contains("more than there is"));
    // What only a straightened way can do is done, without a proof.
    let tight = within(missed_j * (1.0 + 1e-6)).unwrap();
    assert!(!tight.is_proven && tight.passage.toll.energy_j <= missed_j * (1.0 + 1e-6));
}

#[test]
fn little_work_still_gives_a_way_that_fits_and_a_bound() {
    for world in 0..6 {
        let (field, lattice) = (Patches(world), sheet(200.0));
        let (most_j, least_j) = span(&field, &lattice);
        let within = (price(10.0), 0.3 * most_j + 0.7 * least_j);
        let solve = |steps| {
            let mut budget = WorkBudget::new(steps);
            passage_within(&field, &lattice, ENDS, within, &mut budget).unwrap()
        };
        let (rough, exact) = (solve(20), solve(10_000_000));
        let cost = |way: &Bounded| within.0.cost_s(way.passage.lattice_toll);
        assert!(rough.passage.toll.energy_j <= within.1 && exact.is_proven);
        assert!(
            rough.lattice_bound_s <= cost(&exact) + 1e-9,
            "world {world}"
        );
        assert!(cost(&rough) >= cost(&exact) - 1e-9, "world {world}");
    }
}

#[test]
fn climbing_over_costs_energy_that_going_around_saves() {
    use crate::{
        plan::{polygon::Polygon, volume::Volume},
        planning::algo::route::Neighbours,
    };
    let (low, high) = (DVec2::new(2900.0, 1900.0), DVec2::new(3100.0, 4100.0));
    let closed = [Volume {
        area: Polygon::rectangle(low, high).unwrap(),
        heights_m: (0.0, 350.0),
    }];
    let layers: Vec<(f64, f64)> = (1..=4).map(|n| (100.0 * f64::from(n), 0.0)).collect();
    let field = Airspace {
        ground_m: |_: DVec2| Some(0.0),
        clearance_m: 40.0,
        ceiling_m: 1000.0,
        layers: &layers,
        closed: &closed,
        airspeed_m_s: 20.0,
        vertical_m_s: (5.0, 6.0),
        wind_m_s: DVec2::ZERO,
        power_w: 500.0,
        climb_j_per_m: 200.0,
        slows_to_climb: true,
        threats: Threats::open(&[]),
    };
    let map = (DVec2::ZERO, DVec2::splat(6000.0));
    let lattice = Lattice::new(map, 200.0, 4, Neighbours::Sixteen)
        .unwrap()
        .with_climb_over(2);
    let ends = (
        DVec3::new(500.0, 3000.0, 100.0),
        DVec3::new(5500.0, 3000.0, 100.0),
    );
    let way = |energy_j| {
        passage_within(
            &field,
            &lattice,
            ends,
            (price(0.0), energy_j),
            &mut plenty(),
        )
        .unwrap()
        .passage
    };
    let highest = |way: &Passage| way.points.iter().map(|at| at.z).fold(0.0, f64::max);
    let (rich, poor) = (way(1e9), way(145_000.0));
    assert!(
        highest(&rich) > 350.0 && rich.toll.energy_j > 145_000.0,
        "{rich:?}"
    );
    assert!(
        highest(&poor) < 150.0 && poor.toll.energy_j <= 145_000.0,
        "{poor:?}"
    );
    assert!(rich.toll.time_s < poor.toll.time_s);
}
