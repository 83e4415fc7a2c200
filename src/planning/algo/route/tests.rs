//! Tests of routes.

use super::*;
use crate::kernel::math;
use crate::planning::algo::route_field::{Avoiding, GroundField, WaterField};

fn flat(_: DVec2, _: DVec2) -> Option<f64> {
    Some(10.0)
}

fn lay(field: &impl CostField) -> RouteGrid {
    let high = DVec2::new(10_000.0, 6000.0);
    RouteGrid::build(field, DVec2::ZERO, high, 200.0, Neighbours::Sixteen).unwrap()
}

#[test]
fn open_ground_gives_the_straight_line() {
    let (start, goal) = (DVec2::new(130.0, 270.0), DVec2::new(9111.0, 4044.0));
    let route = lay(&flat).route(&flat, start, goal).unwrap();
    assert_eq!(route.points, [start, goal]);
    assert!((route.time_s - start.distance(goal) / 10.0).abs() < 1e-6);
    // The lattice's own detour: at most 2.8 % between its directions, and the two ends.
    assert!(route.lattice_time_s < 1.04 * route.time_s);
}

#[test]
fn a_wall_is_rounded_at_its_end() {
    let low = DVec2::new(4950.0, -100.0);
    let wall = [Polygon::rectangle(low, DVec2::new(5050.0, 4000.0)).unwrap()];
    let field = Avoiding {
        field: flat,
        no_go: &wall,
    };
    let (start, goal) = (DVec2::new(1000.0, 1000.0), DVec2::new(9000.0, 1000.0));
    let route = lay(&field).route(&field, start, goal).unwrap();
    let left = start.distance(DVec2::new(4950.0, 4000.0));
    let shortest = 2.0 * left + 100.0;
    assert!(
        route.length_m >= shortest && route.length_m < 1.03 * shortest,
        "{route:?}"
    );
    assert!(
        !route
            .points
            .windows(2)
            .any(|leg| wall[0].meets_segment(leg[0], leg[1]))
    );
}

#[test]
fn slow_ground_is_left_for_the_road() {
    let field = |at: DVec2, _: DVec2| Some(if at.y < 1000.0 { 20.0 } else { 2.0 });
    let (start, goal) = (DVec2::new(1000.0, 1500.0), DVec2::new(9000.0, 1500.0));
    let route = lay(&field).route(&field, start, goal).unwrap();
    // Snell's law at a ratio of ten: nearly straight down, along, and up again.
    let best = 8000.0 / 20.0 + 1000.0 * (0.25_f64 - 0.0025).sqrt();
    assert!(
        route.time_s > best && route.time_s < 1.15 * best,
        "{} {best}",
        route.time_s
    );
}

#[test]
fn a_ship_keeps_to_deep_water() {
    let shoal = |p: DVec2| Some(20.0 - (p.y - 3000.0).abs() / 100.0);
    let field = WaterField {
        depth_m: shoal,
        least_depth_m: 8.0,
        speed_m_s: 8.0,
    };
    let grid = lay(&field);
    let (start, goal) = (DVec2::new(500.0, 2000.0), DVec2::new(9500.0, 4000.0));
    assert!(grid.route(&field, start, goal).is_ok());
    let ashore = DVec2::new(500.0, 500.0);
    let error = grid.route(&field, ashore, goal).unwrap_err();
    assert_eq!(
        error,
        RouteError::Start {
            at: ashore,
            nearest: Some(DVec2::new(400.0, 1800.0))
        }
    );
    assert!(error.to_string().contains("(400, 1800)"));
    let error = grid.route(&field, start, ashore).unwrap_err();
    assert!(matches!(
        error,
        RouteError::Goal {
            nearest: Some(_),
            ..
        }
    ));
}

#[test]
fn two_lakes_are_not_joined() {
    let field = |at: DVec2, _: DVec2| ((at.x - 5000.0).abs() > 600.0).then_some(5.0);
    let (start, goal) = (DVec2::new(1000.0, 1000.0), DVec2::new(9000.0, 1000.0));
    let error = lay(&field).route(&field, start, goal).unwrap_err();
    assert_eq!(error, RouteError::Cut { start, goal });
}

#[test]
fn unusable_grids_are_refused() {
    let high = DVec2::new(1000.0, 1000.0);
    for (high, step) in [
        (high, 0.0),
        (high, f64::NAN),
        (-high, 10.0),
        (high * 1e6, 1.0),
    ] {
        let built = RouteGrid::build(&flat, DVec2::ZERO, high, step, Neighbours::Eight);
        assert!(matches!(built, Err(RouteError::Grid { .. })));
    }
}

/// A road runs in a bow from start to goal, as wide as a vehicle: a lattice of 200 m does not meet it,
/// its points do. Fields are ten times slower.
#[test]
fn a_road_that_no_lattice_meets_is_taken() {
    let bow = |x: f64| 3000.0 + 900.0 * math::sin(x / 8000.0 * math::PI);
    let road: Vec<DVec2> = (0..=80)
        .map(|number| 100.0 * f64::from(number))
        .map(|x| DVec2::new(x + 1000.0, bow(x)))
        .collect();
    let on_road = |at: DVec2| {
        let legs = road.windows(2);
        let mut near =
            legs.map(|leg| crate::plan::polygon::distance_to_segment_m(at, leg[0], leg[1]));
        near.any(|distance_m| distance_m < 4.0)
    };
    let field = |at: DVec2, _: DVec2| Some(if on_road(at) { 20.0 } else { 2.0 });
    let (start, goal) = (road[0], road[80]);
    let high = DVec2::new(10_000.0, 6000.0);
    let grid = |roads: &[Vec<DVec2>]| {
        RouteGrid::build_with_roads(&field, (DVec2::ZERO, high), 200.0, Neighbours::Eight, roads)
            .unwrap()
    };
    let along = grid(core::slice::from_ref(&road))
        .route(&field, start, goal)
        .unwrap();
    let across = grid(&[]).route(&field, start, goal).unwrap();
    let length_m: f64 = road.windows(2).map(|leg| leg[0].distance(leg[1])).sum();
    assert!(
        (along.time_s / (length_m / 20.0) - 1.0).abs() < 0.05,
        "{}",
        along.time_s
    );
    assert!(across.time_s > 5.0 * along.time_s, "{}", across.time_s);
}

#[test]
fn taking_areas_out_of_a_lattice_is_building_it_over_the_field_without_them() {
    let hilly = GroundField {
        height_m: |p: DVec2| Some(40.0 * math::sin(p.x / 700.0) * math::cos(p.y / 900.0)),
        speed_at_grade: |grade: f64| (grade.abs() < 0.5).then(|| 10.0 / (1.0 + 4.0 * grade.abs())),
        baseline_m: 60.0,
        max_side_grade: 0.4,
    };
    let areas = [
        Polygon::rectangle(DVec2::new(1900.0, 2100.0), DVec2::new(4300.0, 2700.0)).unwrap(),
        Polygon::rectangle(DVec2::new(6020.0, 330.0), DVec2::new(6090.0, 8000.0)).unwrap(),
    ];
    let roads = [vec![DVec2::new(300.0, 2400.0), DVec2::new(9000.0, 2500.0)]];
    let corners = (DVec2::ZERO, DVec2::splat(9600.0));
    let over = |field: &dyn Fn(DVec2, DVec2) -> Option<f64>, no_go: &[Polygon]| {
        let field = Avoiding { field, no_go };
        RouteGrid::build_with_roads(&field, corners, 200.0, Neighbours::Eight, &roads).unwrap()
    };
    let field = |at: DVec2, ahead: DVec2| hilly.speed_m_s(at, ahead);
    let (built, taken) = (over(&field, &areas), over(&field, &[]).without(&areas));
    let edges = |grid: &RouteGrid| -> Vec<(u32, u32, f64)> {
        let all = grid.graph.edge_references();
        all.map(|edge| (edge.source(), edge.target(), *edge.weight()))
            .collect()
    };
    assert_eq!(built.entered, taken.entered);
    assert_eq!(built.graph.node_count(), taken.graph.node_count());
    assert_eq!(edges(&built), edges(&taken));
    assert!(edges(&taken).len() + 100 < edges(&over(&field, &[])).len());
}
