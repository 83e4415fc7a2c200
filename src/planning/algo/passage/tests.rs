//! Properties of ways that weigh time and exposure.

use glam::{DVec2, DVec3};

use super::*;
use crate::{
    kernel::math,
    plan::{polygon::Polygon, volume::Volume},
    planning::algo::{
        route::{Neighbours, RouteGrid},
        route_field::{Avoiding, CostField},
    },
};

/// Numbers spread over 0 to 1, the same for the same arguments.
pub(super) fn share(world: u32, number: u32) -> f64 {
    (f64::from(17 * world + 3) * math::GOLDEN_SHARE + f64::from(number) * 0.754_877_666).fract()
}

/// A point of the map away from its rim.
fn place(world: u32, number: u32) -> DVec2 {
    let at = DVec2::new(share(world, 2 * number), share(world, 2 * number + 1));
    DVec2::splat(600.0) + at * DVec2::new(4800.0, 4800.0)
}

/// The corners of the map.
pub(super) const MAP: (DVec2, DVec2) = (DVec2::ZERO, DVec2::splat(6000.0));

/// A lattice of one layer over the map.
pub(super) fn sheet(step_m: f64) -> Lattice {
    Lattice::new(MAP, step_m, 1, Neighbours::Sixteen).unwrap()
}

/// Speeds between 4 and 20 m/s over hills of going.
fn hilly(world: u32) -> impl Fn(DVec2, DVec2) -> Option<f64> {
    move |at: DVec2, _| {
        let wave = |n: u32| {
            let (length, phase) = (900.0 + 900.0 * share(world, n), 6.0 * share(world, n + 1));
            math::sin(at.x / length + phase) * math::cos(at.y / length - phase)
        };
        Some(12.0 + 4.0 * (wave(90) + wave(95)))
    }
}

/// Some threats of a world.
fn threats(world: u32) -> Vec<Threat> {
    let one = |n: u32| Threat {
        at: place(world, 40 + n).extend(0.0),
        range_m: 400.0 + 800.0 * share(world, 60 + n),
        rate_per_s: 0.02,
        sigma_m: 250.0 * share(world, 70 + n),
        law: if n.is_multiple_of(2) {
            Law::DefiniteRange
        } else {
            Law::InverseCube
        },
    };
    (0..4).map(one).collect()
}

/// A field of speeds with threats that see everywhere.
pub(super) fn exposed<F: CostField>(
    speeds: F,
    list: &[Threat],
) -> Exposed<'_, F, impl Fn(DVec2) -> Option<f64>> {
    Exposed {
        speeds,
        fastest_m_s: 20.0,
        height_m: |_| Some(0.0),
        power_w: 100.0,
        threats: Threats::open(list),
    }
}

/// A price of exposure.
pub(super) fn price(exposure_s: f64) -> Prices {
    Prices {
        exposure_s,
        energy_s_per_j: 0.0,
    }
}

/// From the south-west to the north-east.
pub(super) const ENDS: (DVec3, DVec3) = (
    DVec3::new(250.0, 310.0, 0.0),
    DVec3::new(5730.0, 5610.0, 0.0),
);

#[test]
fn no_way_touches_what_is_closed() {
    for world in 0..12 {
        let areas: Vec<Polygon> = (0..7)
            .filter_map(|n| {
                let size = DVec2::new(300.0 + 1200.0 * share(world, 20 + n), 150.0);
                let low = place(world, n);
                Polygon::new(vec![low, low + size, low + DVec2::new(size.x, 400.0)]).ok()
            })
            .filter(|area| !area.contains(ENDS.0.truncate()) && !area.contains(ENDS.1.truncate()))
            .collect();
        let list = threats(world);
        let field = exposed(
            Avoiding {
                field: hilly(world),
                no_go: &areas,
            },
            &list,
        );
        let way = passage(&field, &sheet(200.0), ENDS, price(100.0)).unwrap();
        for leg in way.points.windows(2) {
            let (a, b) = (leg[0].truncate(), leg[1].truncate());
            assert!(
                !areas.iter().any(|area| area.meets_segment(a, b)),
                "world {world}"
            );
        }
    }
}

#[test]
fn unpriced_threats_leave_the_fastest_way() {
    for world in 0..8 {
        let list = threats(world);
        let seen = passage(
            &exposed(hilly(world), &list),
            &sheet(200.0),
            ENDS,
            price(0.0),
        )
        .unwrap();
        let alone = passage(
            &exposed(hilly(world), &[]),
            &sheet(200.0),
            ENDS,
            price(50.0),
        )
        .unwrap();
        assert_eq!(seen.points, alone.points);
        let (low, high) = MAP;
        let speeds = hilly(world);
        let grid = RouteGrid::build(&speeds, low, high, 200.0, Neighbours::Sixteen).unwrap();
        let route = grid
            .route(&speeds, ENDS.0.truncate(), ENDS.1.truncate())
            .unwrap();
        // Tied to more points of the same lattice, and pulled from there.
        assert!(
            alone.lattice_toll.time_s <= route.lattice_time_s + 1e-9,
            "world {world}"
        );
        assert!(
            alone.toll.time_s <= 1.01 * route.time_s,
            "world {world}: {} against {}",
            alone.toll.time_s,
            route.time_s
        );
    }
}

#[test]
fn a_higher_price_never_buys_more_exposure() {
    let prices = [0.0, 2.0, 10.0, 40.0, 200.0, 1000.0, 10_000.0];
    for world in 0..8 {
        let list = threats(world);
        let field = exposed(hilly(world), &list);
        let one = |exposure_s: &f64| passage(&field, &sheet(200.0), ENDS, price(*exposure_s));
        let ways: Vec<Passage> = prices.iter().map(|price| one(price).unwrap()).collect();
        for pair in ways.windows(2) {
            // Optima over one set of ways: exactly, but for rounding.
            let (less, more) = (pair[0].lattice_toll, pair[1].lattice_toll);
            assert!(more.exposure <= less.exposure + 1e-9, "world {world}");
            assert!(more.time_s >= less.time_s - 1e-6, "world {world}");
        }
        let front = trade_offs(&field, &sheet(200.0), ENDS, price(0.0), &prices).unwrap();
        assert_eq!(front.len(), prices.len());
        for (pair, ways) in front.windows(2).zip(ways.windows(2)) {
            assert!(
                pair[1].toll.exposure <= pair[0].toll.exposure + 1e-9,
                "world {world}"
            );
            assert!(
                pair[1].toll.time_s >= pair[0].toll.time_s - 1e-6,
                "world {world}"
            );
            assert!(
                ways[1].toll.exposure <= ways[0].toll.exposure + 0.1,
                "world {world}"
            );
        }
        let (first, last) = (&front[0], &front[prices.len() - 1]);
        assert!(
            last.toll.exposure < 0.8 * first.toll.exposure,
            "world {world}: nothing to avoid"
        );
    }
}

/// Cost of a way looked at very closely.
fn closely(field: &impl PassageField, way: &Passage, prices: Prices) -> f64 {
    let legs = way.points.windows(2);
    let tolls = legs.map(|leg| leg_toll(field, leg[0], leg[1], 5.0).unwrap());
    prices.cost_s(tolls.fold(Toll::default(), |sum, toll| sum + toll))
}

/// Least cost over the links of a lattice, by relaxing all of them until nothing changes (Bellman and
/// Ford), from and to lattice points.
fn relaxed(links: &[Link], points: usize, ends: (u32, u32), prices: Prices) -> f64 {
    let mut least = vec![f64::INFINITY; points];
    least[ends.0 as usize] = 0.0;
    let mut has_changed = true;
    while has_changed {
        has_changed = false;
        for link in links {
            let cost_s = least[link.from as usize] + prices.cost_s(link.toll);
            if cost_s < least[link.to as usize] {
                (least[link.to as usize], has_changed) = (cost_s, true);
            }
        }
    }
    least[ends.1 as usize]
}

#[test]
fn ways_cost_little_more_than_the_best_of_a_lattice_four_times_as_fine() {
    let prices = price(60.0);
    let number = |lattice: &Lattice, field: &dyn Fn(u32) -> DVec3, to: DVec3| {
        let numbers = 0..u32::try_from(lattice.points()).unwrap();
        numbers
            .min_by(|a, b| field(*a).distance(to).total_cmp(&field(*b).distance(to)))
            .unwrap()
    };
    let mut worst: f64 = 0.0;
    for world in 0..10 {
        let list = threats(world);
        let field = exposed(hilly(world), &list);
        let (fine, coarse) = (sheet(50.0), sheet(200.0));
        let ends = (
            DVec3::new(400.0, 400.0, 0.0),
            DVec3::new(5600.0, 5200.0, 0.0),
        );
        let at = |number: u32| fine.at(&field, number).unwrap();
        let numbers = (number(&fine, &at, ends.0), number(&fine, &at, ends.1));
        let links = fine.all_links(&field);
        let best_s = relaxed(&links, fine.points(), numbers, prices);
        let way = passage(&field, &coarse, ends, prices).unwrap();
        let ratio = closely(&field, &way, prices) / best_s;
        // The fine lattice has its own detour, so that a way may beat it, but by no more than that.
        assert!(ratio > 0.96, "world {world}: {ratio}");
        worst = worst.max(ratio);
    }
    assert!(worst < 1.02, "{worst}");
}

#[test]
fn the_search_is_as_good_as_relaxing_every_link() {
    let prices = price(30.0);
    for world in 0..6 {
        let list = threats(world);
        let field = exposed(hilly(world), &list);
        let lattice = sheet(300.0);
        let links = lattice.all_links(&field);
        // The ends are lattice points with the same neighbours as any other.
        let (from, to) = (21 * 2 + 2, 21 * 17 + 18);
        let ends = (
            lattice.at(&field, from).unwrap(),
            lattice.at(&field, to).unwrap(),
        );
        let best_s = relaxed(&links, lattice.points(), (from, to), prices);
        let found_s = prices.cost_s(
            passage(&field, &lattice, ends, prices)
                .unwrap()
                .lattice_toll,
        );
        assert!(
            (found_s / best_s - 1.0).abs() < 1e-9,
            "world {world}: {found_s} {best_s}"
        );
    }
}

#[test]
fn mirrored_worlds_and_ways_back_cost_the_same() {
    for world in 0..6 {
        let list = threats(world);
        let mirror = |at: DVec3| DVec3::new(6000.0 - at.x, at.y, at.z);
        let mirrored: Vec<Threat> = list
            .iter()
            .map(|threat| Threat {
                at: mirror(threat.at),
                ..*threat
            })
            .collect();
        let speeds = hilly(world);
        let turned = |at: DVec2, ahead| speeds(DVec2::new(6000.0 - at.x, at.y), ahead);
        let prices = price(100.0);
        let (field, other) = (exposed(&speeds, &list), exposed(turned, &mirrored));
        let way = passage(&field, &sheet(200.0), ENDS, prices).unwrap();
        let ends = (mirror(ENDS.0), mirror(ENDS.1));
        let same = passage(&other, &sheet(200.0), ends, prices).unwrap();
        let back = passage(&field, &sheet(200.0), (ENDS.1, ENDS.0), prices).unwrap();
        let cost = |way: &Passage| prices.cost_s(way.lattice_toll);
        let straight = |way: &Passage| prices.cost_s(way.toll);
        for it in [&same, &back] {
            assert!((cost(it) / cost(&way) - 1.0).abs() < 1e-9, "world {world}");
            assert!(
                (straight(it) / straight(&way) - 1.0).abs() < 0.01,
                "world {world}"
            );
        }
    }
}

#[test]
fn ends_that_are_closed_and_maps_that_are_cut_are_named() {
    let block = |low: (f64, f64), high: (f64, f64)| {
        Volume::unlimited(Polygon::rectangle(DVec2::from(low), DVec2::from(high)).unwrap()).area
    };
    let lake = [block((4000.0, 4000.0), (5999.0, 5999.0))];
    let speeds = hilly(0);
    let closed = |no_go| {
        let field = Avoiding {
            field: &speeds,
            no_go,
        };
        let found = passage(&exposed(field, &[]), &sheet(200.0), ENDS, price(0.0));
        let back = passage(
            &exposed(field, &[]),
            &sheet(200.0),
            (ENDS.1, ENDS.0),
            price(0.0),
        );
        (found.unwrap_err(), back.unwrap_err())
    };
    let (goal, start) = (PassageError::Goal(ENDS.1), PassageError::Start(ENDS.1));
    assert_eq!(closed(&lake), (goal, start));
    let river = [block((2900.0, -9.0), (3100.0, 7000.0))];
    assert_eq!(closed(&river).0, PassageError::Cut(ENDS.0, ENDS.1));
    assert_eq!(Lattice::new(MAP, 0.0, 1, Neighbours::Eight), None);
    assert_eq!(Lattice::new(MAP, 200.0, 0, Neighbours::Eight), None);
    assert_eq!(Lattice::new(MAP, 0.01, 1, Neighbours::Eight), None);
}
