//! Circle swap, head-on meeting, coincidence: the tests of MODELS §4.4.

use super::*;

fn agent(id: u64, position: DVec2, velocity: DVec2) -> Agent {
    Agent {
        id,
        position,
        velocity,
        radius_m: 1.0,
        yields: true,
    }
}

/// Least distance between any two agents, m.
fn nearest_m(agents: &[Agent]) -> f64 {
    let mut nearest = f64::INFINITY;
    for (i, a) in agents.iter().enumerate() {
        for b in &agents[..i] {
            nearest = nearest.min(a.position.distance(b.position));
        }
    }
    nearest
}

/// All choose at once, then all move; returns the least distance over the run, m.
fn run(agents: &mut [Agent], goals: &[DVec2], steps: u32, dt_s: f64) -> f64 {
    let mut avoidance = Avoidance::new(10.0, 20, 60.0);
    let mut nearest = f64::INFINITY;
    for _ in 0..steps {
        let before = agents.to_vec();
        for (own, goal) in agents.iter_mut().zip(goals) {
            let gap = *goal - own.position;
            let preferred = (gap / dt_s).clamp_length_max(2.0);
            own.velocity = avoidance.velocity(own, preferred, 2.0, &before, dt_s);
        }
        for own in agents.iter_mut() {
            own.position += own.velocity * dt_s;
        }
        nearest = nearest.min(nearest_m(agents));
    }
    nearest
}

#[test]
fn agents_swap_across_a_circle_without_touching() {
    for count in [20_u32, 30] {
        let mut agents: Vec<Agent> = (0..count)
            .map(|i| {
                let (sin, cos) = math::sincos(math::TAU * f64::from(i) / f64::from(count));
                agent(u64::from(i), DVec2::new(sin, cos) * 30.0, DVec2::ZERO)
            })
            .collect();
        let goals: Vec<DVec2> = agents.iter().map(|a| -a.position).collect();
        let nearest = run(&mut agents, &goals, 1000, 0.1);
        assert!(nearest >= 2.0, "{nearest}");
        for (own, goal) in agents.iter().zip(&goals) {
            assert!(own.position.distance(*goal) < 0.1, "{own:?}");
        }
    }
}

/// One step of RVO2, by the authors of the method (header of the file), without rule of the road
/// and margin.
#[test]
fn velocities_are_those_of_rvo2() {
    let text = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/orca_rvo2.csv"
    ));
    let rows: Vec<Vec<f64>> = text
        .lines()
        .filter(|line| line.starts_with(|c: char| c.is_ascii_digit()))
        .map(|line| line.split(',').map(|cell| cell.parse().unwrap()).collect())
        .collect();
    assert!(rows.len() > 100);
    let mut turned = 0;
    for case in rows.chunk_by(|a, b| (a[0] - b[0]).abs() < 0.5) {
        let agents: Vec<Agent> = (0_u64..)
            .zip(case)
            .map(|(id, row)| Agent {
                radius_m: row[8],
                ..agent(id, DVec2::new(row[2], row[3]), DVec2::new(row[4], row[5]))
            })
            .collect();
        for (own, row) in agents.iter().zip(case) {
            let mut avoidance = Avoidance::new(4.0, 20, 60.0);
            avoidance.constrain(own, &agents, 0.1, 1.0);
            let preferred = DVec2::new(row[6], row[7]);
            let got = solve(&avoidance.planes, preferred, 3.0, &mut avoidance.scratch);
            let expected = DVec2::new(row[9], row[10]);
            assert!(got.distance(expected) < 2e-3, "{row:?} {got}");
            turned += u32::from(expected.distance(preferred) > 0.01);
        }
    }
    assert!(turned > 50, "the reference must bite: {turned}");
}

#[test]
fn a_head_on_pair_passes_symmetrically() {
    let mut agents = vec![
        agent(1, DVec2::new(-20.0, 0.0), DVec2::new(2.0, 0.0)),
        agent(2, DVec2::new(20.0, 0.0), DVec2::new(-2.0, 0.0)),
    ];
    let goals = [DVec2::new(20.0, 0.0), DVec2::new(-20.0, 0.0)];
    let mut widest = 0.0_f64;
    let mut nearest = f64::INFINITY;
    for _ in 0..400 {
        nearest = nearest.min(run(&mut agents, &goals, 1, 0.1));
        assert!((agents[0].position + agents[1].position).length() < 1e-9);
        widest = widest.max(agents[0].position.y.abs());
    }
    assert!(
        nearest > 2.0 - 1e-6 && widest > 0.99 && widest < 1.5,
        "{nearest} {widest}"
    );
    assert!(agents[0].position.distance(goals[0]) < 0.1);
}

#[test]
fn coincident_agents_part_the_same_way_every_time() {
    let start = vec![
        agent(7, DVec2::ZERO, DVec2::ZERO),
        agent(3, DVec2::ZERO, DVec2::ZERO),
        agent(12, DVec2::ZERO, DVec2::ZERO),
    ];
    let goals = [DVec2::ZERO; 3];
    let (mut once, mut again) = (start.clone(), start);
    run(&mut once, &goals, 100, 0.1);
    run(&mut again, &goals, 100, 0.1);
    assert_eq!(once, again);
    assert!(nearest_m(&once) > 1.9, "{once:?}");
}

#[test]
fn the_order_of_the_others_does_not_matter() {
    let own = agent(0, DVec2::ZERO, DVec2::new(1.0, 0.2));
    let mut others: Vec<Agent> = (1..9_u32)
        .map(|i| {
            let (sin, cos) = math::sincos(f64::from(i));
            agent(
                u64::from(i),
                DVec2::new(sin, cos) * 6.0,
                DVec2::new(-sin, -cos),
            )
        })
        .collect();
    let mut avoidance = Avoidance::new(5.0, 5, 50.0);
    let first = avoidance.velocity(&own, DVec2::new(2.0, 0.0), 2.0, &others, 0.1);
    others.reverse();
    let second = avoidance.velocity(&own, DVec2::new(2.0, 0.0), 2.0, &others, 0.1);
    assert_eq!(first, second);
}

#[test]
fn who_does_not_yield_is_gone_round_alone() {
    let own = agent(1, DVec2::ZERO, DVec2::new(2.0, 0.0));
    let rock = Agent {
        yields: false,
        ..agent(2, DVec2::new(6.0, 0.2), DVec2::ZERO)
    };
    let mut avoidance = Avoidance::new(4.0, 5, 50.0);
    let mut own = own;
    let mut nearest = f64::INFINITY;
    for _ in 0..100 {
        own.velocity = avoidance.velocity(&own, DVec2::new(2.0, 0.0), 2.0, &[rock], 0.1);
        own.position += own.velocity * 0.1;
        nearest = nearest.min(own.position.distance(rock.position));
    }
    assert!(
        nearest > 2.0 - 1e-6 && own.position.x > 12.0,
        "{nearest} {own:?}"
    );
}
