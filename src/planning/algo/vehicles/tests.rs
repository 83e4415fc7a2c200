//! Against all plans of small problems, and against problems whose answer is plain.

use super::*;
use crate::kernel::budget::WorkBudget;
use proptest::prelude::*;

/// A job without demand, service or window that has to be done.
fn job(place: usize) -> Job {
    Job {
        place,
        demand: 0.0,
        service_s: 0.0,
        opens_s: 0.0,
        closes_s: f64::INFINITY,
        worth_s: None,
    }
}

/// A vehicle without limits.
fn vehicle(start: usize, end: Option<usize>) -> Vehicle {
    Vehicle {
        start,
        end,
        capacity: f64::INFINITY,
        ready_s: 0.0,
        until_s: f64::INFINITY,
        class: 0,
    }
}

/// Straight ways between points at 1 m/s.
fn straight(points: &[(f64, f64)]) -> Vec<f64> {
    let way = |a: (f64, f64), b: (f64, f64)| {
        let (east, north) = (a.0 - b.0, a.1 - b.1);
        (east * east + north * north).sqrt()
    };
    points
        .iter()
        .flat_map(|a| points.iter().map(|b| way(*a, *b)))
        .collect()
}

/// Missed jobs, cost: worked out from the routes alone; `None` if a rule is broken.
fn evaluate(problem: &RoutingProblem, aim: Aim, routes: &[Vec<usize>]) -> Option<(usize, f64)> {
    let (mut total, mut makespan): (f64, f64) = (0.0, 0.0);
    let mut done = vec![false; problem.jobs().len()];
    for (at, (route, vehicle)) in routes.iter().zip(problem.vehicles()).enumerate() {
        let (mut time, mut place, mut load) = (vehicle.ready_s, vehicle.start, 0.0);
        for &index in route {
            let job = &problem.jobs()[index];
            time = (time + problem.travel_s(at, place, job.place)).max(job.opens_s);
            load += job.demand;
            if time > job.closes_s || core::mem::replace(&mut done[index], true) {
                return None;
            }
            (time, place) = (time + job.service_s, job.place);
        }
        if !route.is_empty() {
            time += vehicle
                .end
                .map_or(0.0, |end| problem.travel_s(at, place, end));
            makespan = makespan.max(time);
        }
        if time > vehicle.until_s || load > vehicle.capacity || time.is_infinite() {
            return None;
        }
        total += time - vehicle.ready_s;
    }
    let left = || problem.jobs().iter().zip(&done).filter(|(_, done)| !**done);
    let lost: f64 = left().filter_map(|(job, _)| job.worth_s).sum();
    let missed = left().filter(|(job, _)| job.worth_s.is_none()).count();
    let time = if aim == Aim::TotalTime {
        total
    } else {
        makespan
    };
    Some((missed, time + lost))
}

/// The best over all ways to put the jobs from `job` on into the routes.
fn brute(
    problem: &RoutingProblem,
    aim: Aim,
    job: usize,
    routes: &mut Vec<Vec<usize>>,
    best: &mut (usize, f64),
) {
    if job == problem.jobs().len() {
        if let Some(found) = evaluate(problem, aim, routes)
            && (found.0 < best.0 || found.0 == best.0 && found.1 < best.1)
        {
            *best = found;
        }
        return;
    }
    brute(problem, aim, job + 1, routes, best);
    for at in 0..routes.len() {
        for k in 0..=routes[at].len() {
            routes[at].insert(k, job);
            brute(problem, aim, job + 1, routes, best);
            routes[at].remove(k);
        }
    }
}

/// Plans within so many steps; the plan has to hold and to cost what it says.
fn run(problem: &RoutingProblem, aim: Aim, steps: u64) -> VehiclePlan {
    let plan = route_vehicles(problem, aim, 0, &mut WorkBudget::new(steps));
    let routes: Vec<Vec<usize>> = plan
        .routes
        .iter()
        .map(|route| route.iter().map(|stop| stop.job).collect())
        .collect();
    let (missed, cost) = evaluate(problem, aim, &routes).expect("the plan holds");
    assert_eq!(missed, plan.missed);
    assert!((cost - plan.cost_s).abs() < 1e-6);
    plan
}

prop_compose! {
    fn small()(
        places in prop::collection::vec((0_u8..30, 0_u8..30), 6),
        specs in prop::collection::vec(
            (0_usize..6, 0_u8..4, 0_u8..5, (0_u8..30, 20_u8..90), prop::option::of(0_u8..40)),
            0..5),
        fleet in prop::collection::vec(
            (0_usize..6, prop::option::of(0_usize..6), 2_u8..9, 40_u8..200), 1..3),
    ) -> RoutingProblem {
        let points: Vec<_> = places.iter().map(|p| (f64::from(p.0), f64::from(p.1))).collect();
        let jobs = specs.iter().map(|(place, demand, service, (opens, length), worth)| Job {
            place: *place,
            demand: f64::from(*demand),
            service_s: f64::from(*service),
            opens_s: f64::from(*opens),
            closes_s: f64::from(*opens) + f64::from(*length),
            worth_s: worth.map(f64::from),
        });
        let vehicles = fleet.iter().enumerate().map(|(class, limits)| Vehicle {
            start: limits.0,
            end: limits.1,
            capacity: f64::from(limits.2),
            ready_s: 0.0,
            until_s: f64::from(limits.3),
            class,
        });
        let slow = straight(&points);
        let fast = slow.iter().map(|time| time * 0.6).collect();
        RoutingProblem::new(6, jobs.collect(), vehicles.collect(), vec![slow, fast]).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn small_problems_are_solved(problem in small(), total in any::<bool>()) {
        let aim = if total { Aim::TotalTime } else { Aim::Makespan };
        let plan = run(&problem, aim, 20_000);
        let mut best = (usize::MAX, f64::INFINITY);
        let mut routes = vec![Vec::new(); problem.vehicles().len()];
        brute(&problem, aim, 0, &mut routes, &mut best);
        prop_assert_eq!(plan.missed, best.0);
        prop_assert!((plan.cost_s - best.1).abs() < 1e-6, "{} for {}", plan.cost_s, best.1);
    }

    #[test]
    fn any_budget_gives_a_plan_that_holds(problem in small(), steps in 0_u64..100) {
        run(&problem, Aim::Makespan, steps);
    }
}

#[test]
fn a_circle_is_gone_round_once_or_shared() {
    let turn = crate::kernel::math::TAU / 24.0;
    let mut points: Vec<(f64, f64)> = (0..24)
        .map(|at| crate::kernel::math::sincos(f64::from(at) * turn))
        .map(|(y, x)| (100.0 * x, 100.0 * y))
        .collect();
    points.push((0.0, 0.0));
    let jobs: Vec<Job> = (0..24).map(job).collect();
    let fleet = vec![vehicle(24, Some(24)); 2];
    let problem = RoutingProblem::new(25, jobs, fleet, vec![straight(&points)]).unwrap();
    let side = 200.0 * crate::kernel::math::sin(turn / 2.0);
    let alone = run(&problem, Aim::TotalTime, 300_000);
    assert!(
        (alone.total_s - (200.0 + 23.0 * side)).abs() < 1e-6,
        "{}",
        alone.total_s
    );
    let shared = run(&problem, Aim::Makespan, 300_000);
    assert!(
        (shared.makespan_s - (200.0 + 11.0 * side)).abs() < 1e-6,
        "{}",
        shared.makespan_s
    );
}

#[test]
fn what_cannot_be_carried_is_missed_and_what_is_not_worth_it_left() {
    let points = [(0.0, 0.0), (10.0, 0.0), (500.0, 0.0)];
    let mut heavy = job(1);
    heavy.demand = 3.0;
    let mut far = job(2);
    far.worth_s = Some(60.0);
    let mut truck = vehicle(0, Some(0));
    truck.capacity = 2.0;
    let jobs = vec![heavy, far, job(1)];
    let problem = RoutingProblem::new(3, jobs, vec![truck], vec![straight(&points)]).unwrap();
    let plan = run(&problem, Aim::TotalTime, 5_000);
    assert_eq!((plan.left, plan.missed), (vec![0, 1], 1));
    assert!((plan.cost_s - 80.0).abs() < 1e-9);
}

#[test]
fn unusable_numbers_are_refused_and_nothing_to_do_is_borne() {
    let new = |jobs, vehicles, travel| RoutingProblem::new(2, jobs, vehicles, vec![travel]);
    let ways = || vec![0.0, 1.0, f64::INFINITY, 0.0];
    assert_eq!(new(vec![job(2)], vec![], ways()), Err(RoutingError::Job(0)));
    let nowhere = vehicle(0, Some(7));
    assert_eq!(
        new(vec![], vec![nowhere], ways()),
        Err(RoutingError::Vehicle(0))
    );
    assert_eq!(
        new(vec![], vec![], vec![f64::NAN; 4]),
        Err(RoutingError::Travel(0))
    );
    assert_eq!(
        new(vec![], vec![], vec![0.0; 3]),
        Err(RoutingError::Travel(0))
    );
    let nobody = new(vec![job(0)], vec![], ways()).unwrap();
    assert_eq!(run(&nobody, Aim::Makespan, 1000).missed, 1);
    let one_way = new(vec![job(1)], vec![vehicle(0, Some(0))], ways()).unwrap();
    assert_eq!(
        run(&one_way, Aim::Makespan, 1000).missed,
        1,
        "there is no way back"
    );
}
