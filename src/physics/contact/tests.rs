//! Tests of [`ContactSolver`].

use super::*;
use crate::environment::obstacles::{Obstacle, Obstacles};

const DT_S: f64 = 0.1;

/// A body on level ground.
fn body(ix: u32, place: (f64, f64), velocity: (f64, f64), radius_m: f64, mass_kg: f64) -> Body {
    Body {
        ix: UnitIx(ix),
        position_m: DVec3::new(place.0, place.1, 0.0),
        velocity_m_s: DVec3::new(velocity.0, velocity.1, 0.0),
        radius_m,
        mass_kg,
    }
}

/// A box that stands on level ground.
fn house(centre: (f64, f64), size: (f64, f64), heading_rad: f64) -> Obstacle {
    Obstacle {
        id: "house".into(),
        centre_m: DVec3::new(centre.0, centre.1, 4.0),
        size_m: DVec3::new(size.0, size.1, 8.0),
        heading_rad,
    }
}

/// Moves bodies by their velocity, then by their pushes.
fn step(solver: &mut ContactSolver, field: &ObstacleField, bodies: &mut [Body]) -> Vec<Contact> {
    for body in &mut *bodies {
        body.position_m += body.velocity_m_s * DT_S;
    }
    let contacts = solver.solve(field, bodies, DT_S).to_vec();
    for contact in &contacts {
        let at = bodies.iter().position(|b| b.ix == contact.a).unwrap();
        bodies[at].position_m += contact.push_m;
    }
    contacts
}

/// The smallest gap between any two outlines, m.
fn smallest_gap_m(bodies: &[Body]) -> f64 {
    let gap = |a: &Body, b: &Body| {
        (a.position_m - b.position_m).truncate().length() - a.radius_m - b.radius_m
    };
    let pairs = bodies
        .iter()
        .enumerate()
        .flat_map(|(i, a)| bodies[i + 1..].iter().map(move |b| (a, b)));
    pairs.map(|(a, b)| gap(a, b)).fold(f64::INFINITY, f64::min)
}

#[test]
fn vehicles_that_drive_into_each_other_are_parted_by_mass() {
    let mut solver = ContactSolver::default();
    let field = ObstacleField::default();
    let mut bodies = [
        body(1, (0.0, 0.0), (10.0, 0.0), 2.0, 30e3),
        body(2, (9.0, 0.0), (-10.0, 0.0), 2.0, 10e3),
    ];
    let mut all = Vec::new();
    for _ in 0..40 {
        all.extend(step(&mut solver, &field, &mut bodies));
        assert!(smallest_gap_m(&bodies) >= 0.0);
    }
    let first = &all[..2];
    assert_eq!(
        (first[0].a, first[0].b),
        (UnitIx(1), ContactWith::Unit(UnitIx(2)))
    );
    assert_eq!(
        (first[1].a, first[1].b),
        (UnitIx(2), ContactWith::Unit(UnitIx(1)))
    );
    assert!((first[1].push_m.x / first[0].push_m.x + 3.0).abs() < 1e-9);
    // Plastic impact: reduced mass 7.5 t times the closing speed of 20 m/s.
    assert!((first[0].impulse_n_s - 150e3).abs() < 1.0);
    assert!(
        (first[0].depth_m - 1.0).abs() < 1e-4,
        "{}",
        first[0].depth_m
    );
    assert!(
        bodies[0].position_m.x < bodies[1].position_m.x,
        "nobody drove through"
    );
}

#[test]
fn fast_small_aircraft_meet_although_their_ends_are_apart() {
    let mut solver = ContactSolver::default();
    let mut bodies = [
        body(1, (0.0, 0.0), (30.0, 0.0), 0.3, 2.0),
        body(2, (3.0, 0.1), (-30.0, 0.0), 0.3, 2.0),
    ];
    let contacts = step(&mut solver, &ObstacleField::default(), &mut bodies);
    assert_eq!(contacts.len(), 2);
    assert!(
        contacts[0].impulse_n_s > 50.0,
        "{}",
        contacts[0].impulse_n_s
    );
    assert!(bodies[0].position_m.x < bodies[1].position_m.x);
    bodies[1].position_m = DVec3::new(3.0, 0.0, 5.0);
    bodies[0].position_m = DVec3::ZERO;
    assert!(
        step(&mut solver, &ObstacleField::default(), &mut bodies).is_empty(),
        "5 m higher"
    );
}

#[test]
fn vehicle_slides_along_a_wall_and_never_enters_it() {
    let mut solver = ContactSolver::default();
    let field = ObstacleField::new(&Obstacles::new(vec![house((0.0, 0.0), (0.3, 60.0), 0.0)]));
    let mut bodies = [body(7, (-10.0, -20.0), (30.0, 12.0), 1.5, 8e3)];
    let mut hits = 0;
    for _ in 0..30 {
        let contacts = step(&mut solver, &field, &mut bodies);
        hits += contacts.len();
        assert!(bodies[0].position_m.x <= -1.65, "{}", bodies[0].position_m);
    }
    assert!((27..=28).contains(&hits), "{hits}");
    assert!(
        (bodies[0].position_m.y - 16.0).abs() < 1e-3,
        "it slid: {}",
        bodies[0].position_m
    );
    let contacts = step(&mut solver, &field, &mut bodies);
    assert_eq!(contacts[0].b, ContactWith::Obstacle(0));
    assert!(
        (contacts[0].impulse_n_s - 240e3).abs() < 1.0,
        "all speed into the wall"
    );
    bodies[0].velocity_m_s = DVec3::NEG_X * 5.0;
    assert!(
        step(&mut solver, &field, &mut bodies).is_empty(),
        "it drives away freely"
    );
}

#[test]
fn vehicle_inside_a_turned_house_leaves_by_the_nearest_side() {
    let mut solver = ContactSolver::default();
    let north_east = core::f64::consts::FRAC_PI_4;
    let list = vec![house((1e4, 1e4), (10.0, 40.0), north_east)];
    let field = ObstacleField::new(&Obstacles::new(list));
    // 2 m to the right of the long axis: out through the south-eastern side, 3 + 1 m away.
    let side = 2.0_f64.sqrt();
    let mut bodies = [body(0, (1e4 + side, 1e4 - side), (0.0, 0.0), 1.0, 1e3)];
    let contacts = step(&mut solver, &field, &mut bodies);
    let expected = DVec3::new(1.0, -1.0, 0.0).normalize() * (4.0 + SKIN_M);
    assert!(
        (contacts[0].push_m - expected).length() < 1e-4,
        "{}",
        contacts[0].push_m
    );
    assert!(step(&mut solver, &field, &mut bodies).is_empty());
}

#[test]
fn heavy_vehicle_cannot_push_a_light_one_into_a_wall() {
    let mut solver = ContactSolver::default();
    let field = ObstacleField::new(&Obstacles::new(vec![house((5.0, 0.0), (4.0, 20.0), 0.0)]));
    let mut bodies = [
        body(1, (-6.0, 0.0), (6.0, 0.0), 2.5, 60e3),
        body(2, (2.0, 0.2), (0.0, 0.0), 0.4, 100.0),
    ];
    for _ in 0..40 {
        step(&mut solver, &field, &mut bodies);
        assert!(smallest_gap_m(&bodies) >= 0.0, "{bodies:?}");
        assert!(bodies[1].position_m.x <= 2.6, "{}", bodies[1].position_m);
    }
}

#[test]
fn crowd_is_parted_within_one_tick() {
    let mut solver = ContactSolver::default();
    let crowd = |i: u32| {
        let place = (f64::from(i % 5) * 1.2, f64::from(i / 5) * 1.2);
        body(i, place, (0.0, 0.0), 0.75, 500.0 + 100.0 * f64::from(i))
    };
    let mut bodies: Vec<_> = (0..25).map(crowd).collect();
    assert!(smallest_gap_m(&bodies) < -0.2);
    step(&mut solver, &ObstacleField::default(), &mut bodies);
    assert!(
        smallest_gap_m(&bodies) > -0.02,
        "{}",
        smallest_gap_m(&bodies)
    );
    for _ in 0..3 {
        step(&mut solver, &ObstacleField::default(), &mut bodies);
    }
    assert!(smallest_gap_m(&bodies) >= 0.0);
}

#[test]
fn immovable_bodies_stay_and_coincident_ones_part() {
    let mut solver = ContactSolver::default();
    let fixed = f64::INFINITY;
    let mut bodies = [
        body(1, (0.0, 0.0), (0.0, 0.0), 2.0, fixed),
        body(2, (1.0, 0.0), (0.0, 0.0), 2.0, fixed),
        body(3, (50.0, 0.0), (0.0, 0.0), 2.0, fixed),
        body(4, (50.0, 0.0), (0.0, 0.0), 1.0, 100.0),
    ];
    let contacts = step(&mut solver, &ObstacleField::default(), &mut bodies);
    assert_eq!(bodies[2].position_m, DVec3::new(50.0, 0.0, 0.0));
    assert!((bodies[3].position_m.x - 50.0).abs() > 3.0);
    assert!(
        contacts.iter().all(|c| c.a > UnitIx(2)),
        "two fixed things do not push"
    );
}
