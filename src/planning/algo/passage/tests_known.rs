//! Ways whose best answer is known in closed form.

use glam::{DVec2, DVec3};

use super::{
    tests::{exposed, price, sheet},
    *,
};
use crate::{
    kernel::math,
    plan::{polygon::Polygon, volume::Volume},
    planning::algo::route::Neighbours,
};

#[test]
fn a_lone_threat_is_passed_along_its_tangents() {
    let (radius_m, centre) = (1200.0, DVec3::new(3000.0, 2900.0, 0.0));
    let list = [Threat {
        at: centre,
        range_m: radius_m,
        rate_per_s: 1.0,
        sigma_m: 0.0,
        law: Law::DefiniteRange,
    }];
    let field = exposed(|_: DVec2, _: DVec2| Some(10.0), &list);
    let ends = (
        DVec3::new(600.0, 3000.0, 0.0),
        DVec3::new(5400.0, 3000.0, 0.0),
    );
    let way = passage(&field, &sheet(100.0), ends, price(1e6)).unwrap();
    assert!(way.toll.exposure <= 0.0, "{}", way.toll.exposure);
    // Two tangents and the arc between them, over the nearer side.
    let far_m = ends.0.distance(centre);
    let tangent_m = (far_m * far_m - radius_m * radius_m).sqrt();
    let angle = math::acos(100.0 / far_m);
    let arc_rad = 2.0 * (angle - math::acos(radius_m / far_m));
    let best_m = 2.0 * tangent_m + radius_m * arc_rad;
    let ratio = way.length_m() / best_m;
    assert!((0.99..1.02).contains(&ratio), "{ratio} of {best_m} m");
}

#[test]
fn a_way_is_refracted_where_the_going_changes() {
    let (slow, fast) = (5.0, 15.0);
    let field = exposed(
        move |at: DVec2, _: DVec2| Some(if at.y < 3000.0 { slow } else { fast }),
        &[],
    );
    let ends = (
        DVec3::new(500.0, 1000.0, 0.0),
        DVec3::new(5500.0, 5000.0, 0.0),
    );
    // Where the time is least, by trying every metre of the border.
    let time_s = |x: f64| {
        let at = DVec3::new(x, 3000.0, 0.0);
        ends.0.distance(at) / slow + at.distance(ends.1) / fast
    };
    let every = (500..5500).map(f64::from);
    let best = every
        .min_by(|a, b| time_s(*a).total_cmp(&time_s(*b)))
        .unwrap();
    let way = passage(&field, &sheet(200.0), ends, price(0.0)).unwrap();
    assert!(
        way.toll.time_s < 1.01 * time_s(best),
        "{} {}",
        way.toll.time_s,
        time_s(best)
    );
    assert!(
        way.toll.time_s > 0.99 * time_s(best),
        "{} {}",
        way.toll.time_s,
        time_s(best)
    );
    // Snell's law at the leg that crosses the border.
    let crossing = way
        .points
        .windows(2)
        .find(|leg| leg[1].y > 3000.0 + 1.0)
        .unwrap();
    let sine = |a: DVec3, b: DVec3| (b.x - a.x).abs() / a.distance(b);
    let corner = crossing[0];
    let before = sine(way.points[0], corner) / slow;
    let after = sine(corner, ends.1) / fast;
    assert!(
        (before / after - 1.0).abs() < 0.1,
        "{before} {after} at {corner}"
    );
}

/// Level ground, and a wall across half the map from 0 m to a height.
fn wall(top_m: f64, length_m: f64) -> [Volume; 1] {
    let (low, high) = (
        DVec2::new(2900.0, 3000.0 - length_m),
        DVec2::new(3100.0, 3000.0 + length_m),
    );
    [Volume {
        area: Polygon::rectangle(low, high).unwrap(),
        heights_m: (0.0, top_m),
    }]
}

/// An aircraft that flies at 20 m/s and climbs at 4 m/s, among layers every 100 m.
fn air<'a>(
    closed: &'a [Volume],
    layers: &'a [(f64, f64)],
) -> Airspace<'a, impl Fn(DVec2) -> Option<f64>> {
    Airspace {
        ground_m: |at: DVec2| (at.min_element() >= 0.0).then_some(0.0),
        clearance_m: 40.0,
        ceiling_m: 1000.0,
        layers,
        closed,
        airspeed_m_s: 20.0,
        vertical_m_s: (4.0, 6.0),
        wind_m_s: DVec2::ZERO,
        power_w: 500.0,
        climb_j_per_m: 200.0,
        slows_to_climb: true,
        threats: Threats::open(&[]),
    }
}

/// The way from west to east of the wall at 100 m.
fn across(closed: &[Volume]) -> Passage {
    let layers: Vec<(f64, f64)> = (1..=7).map(|n| (100.0 * f64::from(n), 0.0)).collect();
    let lattice = Lattice::new(
        (DVec2::ZERO, DVec2::splat(6000.0)),
        200.0,
        layers.len(),
        Neighbours::Sixteen,
    );
    let ends = (
        DVec3::new(500.0, 3000.0, 100.0),
        DVec3::new(5500.0, 3000.0, 100.0),
    );
    let lattice = lattice.unwrap().with_climb_over(3);
    passage(&air(closed, &layers), &lattice, ends, price(0.0)).unwrap()
}

#[test]
fn a_wall_is_flown_over_or_around_whichever_is_faster() {
    let highest = |way: &Passage| way.points.iter().map(|at| at.z).fold(0.0, f64::max);
    let widest = |way: &Passage| {
        let aside = way.points.iter().map(|at| (at.y - 3000.0).abs());
        aside.fold(0.0, f64::max)
    };
    for (top_m, length_m) in [(150.0, 2500.0), (650.0, 700.0), (450.0, 1500.0)] {
        let closed = wall(top_m, length_m);
        let way = across(&closed);
        for leg in way.points.windows(2) {
            assert!(!closed[0].meets_leg(leg[0], leg[1]), "{way:?}");
        }
        // Around: two slanting legs and the wall's thickness; over: at the rate of climb until the top,
        // level over the wall, down again, the rest level.
        let slant_m = DVec2::new(2400.0, length_m).length();
        let around_s = (2.0 * slant_m + 200.0) / 20.0;
        let rise_m = top_m - 100.0;
        let climb_m = (rise_m / 4.0).max(rise_m / 6.0) * 20.0;
        let over_s = if climb_m < 2400.0 {
            5000.0 / 20.0 * 1.03
        } else {
            f64::INFINITY
        };
        let best_s = around_s.min(over_s);
        let time_s = way.toll.time_s;
        assert!(
            time_s < 1.04 * best_s && time_s > 0.96 * best_s,
            "{time_s} {best_s} {way:?}"
        );
        let is_over = highest(&way) > top_m;
        assert_eq!(is_over, over_s < around_s, "{way:?}");
        assert_eq!(widest(&way) > length_m, !is_over, "{way:?}");
    }
}

#[test]
fn a_low_roof_is_flown_under() {
    let roof = [Volume {
        heights_m: (90.0, 2000.0),
        ..wall(0.0, 2900.0)[0].clone()
    }];
    let layers = [(60.0, 0.0), (100.0, 0.0), (200.0, 0.0)];
    let map = (DVec2::ZERO, DVec2::splat(6000.0));
    let lattice = Lattice::new(map, 200.0, 3, Neighbours::Sixteen).unwrap();
    let ends = (
        DVec3::new(500.0, 3000.0, 100.0),
        DVec3::new(5500.0, 3000.0, 100.0),
    );
    let way = passage(&air(&roof, &layers), &lattice, ends, price(0.0)).unwrap();
    assert!(way.toll.time_s < 1.02 * 250.0, "{way:?}");
    let lowest = way
        .points
        .iter()
        .map(|at| at.z)
        .fold(f64::INFINITY, f64::min);
    assert!((40.0..90.0).contains(&lowest), "{way:?}");
    assert!(
        way.points
            .windows(2)
            .all(|leg| !roof[0].meets_leg(leg[0], leg[1]))
    );
}

#[test]
fn who_is_hidden_by_a_hill_flies_low_behind_it() {
    // A watcher beyond a hill sees what is higher than 150 m.
    let list = [Threat {
        at: DVec3::new(3000.0, 4500.0, 10.0),
        range_m: 3000.0,
        rate_per_s: 0.05,
        sigma_m: 0.0,
        law: Law::DefiniteRange,
    }];
    let sees = |_: usize, at: DVec3| at.z > 150.0;
    let layers = [(100.0, 0.0), (200.0, 0.0)];
    let field = Airspace {
        threats: Threats {
            list: &list,
            sees: &sees,
        },
        ..air(&[], &layers)
    };
    let map = (DVec2::ZERO, DVec2::splat(6000.0));
    let lattice = Lattice::new(map, 200.0, 2, Neighbours::Sixteen).unwrap();
    let ends = (
        DVec3::new(500.0, 3000.0, 200.0),
        DVec3::new(5500.0, 3000.0, 200.0),
    );
    let bold = passage(&field, &lattice, ends, price(0.0)).unwrap();
    let shy = passage(&field, &lattice, ends, price(100.0)).unwrap();
    assert!(
        bold.points.iter().all(|at| (at.z - 200.0).abs() < 1e-9),
        "{bold:?}"
    );
    assert!(shy.toll.exposure < 0.3 * bold.toll.exposure, "{shy:?}");
    assert!(shy.points.iter().any(|at| at.z <= 150.0), "{shy:?}");
    assert!(bold.detected() > 0.9 && shy.detected() < bold.detected());
}
