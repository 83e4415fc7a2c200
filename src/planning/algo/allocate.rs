//! Tasks to vehicles: rounds of exact assignment.
//!
//! Problem: vehicles with places, ready times and endurance; tasks with values, places, durations and
//! time windows; which vehicle can do which task. Each round gives every vehicle at most one task so
//! that value minus the price of time is greatest, which is a linear assignment and hence exact
//! ([`crate::kernel::assignment`]); the next round starts where and when the last one ended, until
//! no task is worth its time. One round is optimal for one task per vehicle, and its dual values
//! prove it; several rounds are a heuristic. Work: `O(n³)` per round at worst.

use crate::kernel::assignment::{Assigner, AssignmentError, Costs};
use glam::DVec2;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Something to be done at a place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskSpec {
    /// Where, m.
    pub at: DVec2,
    /// What doing it is worth, in points.
    pub value: f64,
    /// How long it takes, s.
    pub duration_s: f64,
    /// Earliest start, s; an early vehicle waits.
    pub earliest_s: f64,
    /// Latest start, s; `+inf` for no limit.
    pub latest_s: f64,
}

/// Something that can do tasks.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct VehicleSpec {
    /// Where it is when it is ready, m.
    pub at: DVec2,
    /// When it is ready, s.
    pub ready_s: f64,
    /// When it has to have ended its last task, s; `+inf` for no limit.
    pub until_s: f64,
}

/// One task in a vehicle's plan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// Index of the task.
    pub task: usize,
    /// When work on it starts, s.
    pub start_s: f64,
    /// When it ends, s.
    pub end_s: f64,
}

/// Who does what.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Allocation {
    /// Each vehicle's tasks in order.
    pub plans: Vec<Vec<Visit>>,
    /// Tasks that nobody does, by index.
    pub left: Vec<usize>,
    /// Value of the tasks done minus the price of the time spent on them, in points.
    pub net_value: f64,
    /// Net value of the first round.
    pub first_round: f64,
    /// Upper bound on the net value of one task per vehicle, by the first round's dual values.
    pub first_round_bound: f64,
    /// Number of rounds that placed a task.
    pub rounds: u32,
}

/// Why an allocation was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum AllocateError {
    /// A number of a task is NaN or out of its range.
    #[error("task {0} has a value, time or place that is not a usable number")]
    Task(usize),
    /// A number of a vehicle is NaN or out of its range.
    #[error("vehicle {0} has a time or place that is not a usable number")]
    Vehicle(usize),
    /// The price of time is negative or not finite.
    #[error("the price of time {0} is not a finite number of at least zero")]
    Price(f64),
    /// The costs came out beyond what the assignment accepts.
    #[error(transparent)]
    Costs(#[from] AssignmentError),
}

/// A vehicle on its way through the rounds.
#[derive(Clone, Copy, Debug)]
struct Standing {
    /// Where it will be, m.
    at: DVec2,
    /// From when on, s.
    ready_s: f64,
}

/// The visit that a task would be for a vehicle; `None` if it cannot do it.
fn visit(
    task: usize,
    spec: &TaskSpec,
    vehicle: &VehicleSpec,
    standing: Standing,
    travel_s: Option<f64>,
) -> Option<Visit> {
    let travel_s = travel_s.filter(|s| *s >= 0.0 && s.is_finite())?;
    let start_s = (standing.ready_s + travel_s).max(spec.earliest_s);
    let end_s = start_s + spec.duration_s;
    (start_s <= spec.latest_s && end_s <= vehicle.until_s).then_some(Visit {
        task,
        start_s,
        end_s,
    })
}

/// Checks every number, so that no cost can come out as NaN.
fn check(tasks: &[TaskSpec], vehicles: &[VehicleSpec], price: f64) -> Result<(), AllocateError> {
    let usable = |t: &TaskSpec| {
        let times = t.duration_s >= 0.0 && t.duration_s.is_finite() && t.earliest_s.is_finite();
        t.at.is_finite() && t.value.is_finite() && times && !t.latest_s.is_nan()
    };
    if let Some(at) = tasks.iter().position(|t| !usable(t)) {
        return Err(AllocateError::Task(at));
    }
    let ready = |v: &VehicleSpec| v.at.is_finite() && v.ready_s.is_finite() && !v.until_s.is_nan();
    if let Some(at) = vehicles.iter().position(|v| !ready(v)) {
        return Err(AllocateError::Vehicle(at));
    }
    if !(price >= 0.0 && price.is_finite()) {
        return Err(AllocateError::Price(price));
    }
    Ok(())
}

/// Allocates tasks to vehicles in at most `most_rounds` rounds. `price_per_s` turns a second of a
/// vehicle's time, waiting included, into points; a task is done only if it is worth more than its
/// time. `travel_s` gives the seconds that a vehicle needs from a place to a task, both by index, or
/// `None` if it cannot do the task.
///
/// # Errors
/// [`AllocateError`] for numbers that cannot be used.
pub fn allocate(
    tasks: &[TaskSpec],
    vehicles: &[VehicleSpec],
    price_per_s: f64,
    most_rounds: u32,
    mut travel_s: impl FnMut(usize, DVec2, usize) -> Option<f64>,
    assigner: &mut Assigner,
) -> Result<Allocation, AllocateError> {
    check(tasks, vehicles, price_per_s)?;
    let mut standing: Vec<Standing> = vehicles
        .iter()
        .map(|v| Standing {
            at: v.at,
            ready_s: v.ready_s,
        })
        .collect();
    let mut found = Allocation {
        plans: vec![Vec::new(); vehicles.len()],
        left: (0..tasks.len()).collect(),
        ..Allocation::default()
    };
    while found.rounds < most_rounds && !found.left.is_empty() {
        let mut visits = Vec::with_capacity(vehicles.len() * found.left.len());
        for (v, vehicle) in vehicles.iter().enumerate() {
            for &task in &found.left {
                let way = travel_s(v, standing[v].at, task);
                visits.push(visit(task, &tasks[task], vehicle, standing[v], way));
            }
        }
        let width = found.left.len();
        let cost = |(at, visit): (usize, &Option<Visit>)| match visit {
            Some(made) => {
                (made.end_s - standing[at / width].ready_s) * price_per_s - tasks[made.task].value
            }
            None => f64::INFINITY,
        };
        let values: Vec<f64> = visits.iter().enumerate().map(cost).collect();
        let costs = Costs::new(vehicles.len(), width, &values)?;
        let solved = assigner.solve(&costs, Some(0.0))?;
        let mut placed = false;
        for (v, col) in solved.row_to_col.iter().enumerate() {
            let Some(made) = col.and_then(|col| visits[v * width + col]) else {
                continue;
            };
            standing[v] = Standing {
                at: tasks[made.task].at,
                ready_s: made.end_s,
            };
            found.plans[v].push(made);
            found.left.retain(|&task| task != made.task);
            placed = true;
        }
        if found.rounds == 0 {
            found.first_round = -solved.objective;
            let dual = solved.row_dual.iter().chain(&solved.col_dual).sum::<f64>();
            found.first_round_bound = -dual;
        }
        if !placed {
            break;
        }
        found.net_value -= solved.objective;
        found.rounds += 1;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn task(x: f64, value: f64) -> TaskSpec {
        let at = DVec2::new(x, 0.0);
        TaskSpec {
            at,
            value,
            duration_s: 10.0,
            earliest_s: 0.0,
            latest_s: f64::INFINITY,
        }
    }

    fn vehicle(x: f64) -> VehicleSpec {
        VehicleSpec {
            at: DVec2::new(x, 0.0),
            ready_s: 0.0,
            until_s: f64::INFINITY,
        }
    }

    /// Straight ways at 10 m/s, price 1 point per second.
    fn run(tasks: &[TaskSpec], vehicles: &[VehicleSpec], rounds: u32) -> Allocation {
        let way = |_, from: DVec2, to: usize| Some(from.distance(tasks[to].at) / 10.0);
        allocate(tasks, vehicles, 1.0, rounds, way, &mut Assigner::default()).unwrap()
    }

    #[test]
    fn the_nearest_vehicle_is_not_always_the_right_one() {
        // Vehicle 0 is nearest to both tasks; only exchanging them keeps both cheap.
        let found = run(
            &[task(100.0, 100.0), task(-400.0, 100.0)],
            &[vehicle(0.0), vehicle(250.0)],
            1,
        );
        assert_eq!((found.plans[0][0].task, found.plans[1][0].task), (1, 0));
        assert!((found.net_value - (200.0 - 40.0 - 15.0 - 20.0)).abs() < 1e-9);
        assert!((found.first_round_bound - found.first_round).abs() < 1e-9);
    }

    #[test]
    fn later_rounds_start_where_the_earlier_ended() {
        let tasks = [
            task(100.0, 500.0),
            task(200.0, 500.0),
            task(300.0, 500.0),
            task(9e4, 500.0),
        ];
        let found = run(&tasks, &[vehicle(0.0)], 10);
        let order: Vec<usize> = found.plans[0].iter().map(|v| v.task).collect();
        assert_eq!(
            (order, found.left, found.rounds),
            (vec![0, 1, 2], vec![3], 3)
        );
        assert!((found.plans[0][2].end_s - 60.0).abs() < 1e-9);
    }

    #[test]
    fn ability_windows_and_endurance_forbid() {
        let mut late = task(100.0, 500.0);
        late.latest_s = 5.0;
        let mut tired = vehicle(0.0);
        tired.until_s = 15.0;
        assert!(run(&[late], &[vehicle(0.0)], 5).plans[0].is_empty());
        assert_eq!(run(&[task(100.0, 500.0)], &[tired], 5).left, [0]);
        let mut early = task(100.0, 500.0);
        early.earliest_s = 60.0;
        assert!((run(&[early], &[vehicle(0.0)], 5).plans[0][0].start_s - 60.0).abs() < 1e-9);
        let mut broken = vehicle(0.0);
        broken.ready_s = f64::NAN;
        let none = |_, _, _| None;
        let unable = allocate(
            &[task(100.0, 500.0)],
            &[vehicle(0.0)],
            1.0,
            1,
            none,
            &mut Assigner::default(),
        );
        assert_eq!(unable.unwrap().left, [0]);
        let error = allocate(&[], &[broken], 1.0, 1, none, &mut Assigner::default());
        assert_eq!(error, Err(AllocateError::Vehicle(0)));
    }

    proptest! {
        /// No task is done twice or lost, times follow each other, and one round is at least as
        /// good as taking the best pair again and again.
        #[test]
        fn plans_are_consistent_and_beat_greedy(
            xs in prop::collection::vec((-900_i32..900, 0_i32..90), 0..9),
            vs in prop::collection::vec(-900_i32..900, 1..6),
        ) {
            let tasks: Vec<TaskSpec> =
                xs.iter().map(|&(x, v)| task(f64::from(x), f64::from(v))).collect();
            let vehicles: Vec<VehicleSpec> = vs.iter().map(|&x| vehicle(f64::from(x))).collect();
            let found = run(&tasks, &vehicles, 20);
            let mut seen = found.left.clone();
            for plan in &found.plans {
                seen.extend(plan.iter().map(|v| v.task));
                prop_assert!(plan.windows(2).all(|w| w[0].end_s <= w[1].start_s));
            }
            seen.sort_unstable();
            prop_assert_eq!(seen, (0..tasks.len()).collect::<Vec<_>>());
            let net = |v: usize, t: usize| {
                tasks[t].value - 10.0 - vehicles[v].at.distance(tasks[t].at) / 10.0
            };
            let (mut free, mut open): (Vec<usize>, Vec<usize>) =
                ((0..vehicles.len()).collect(), (0..tasks.len()).collect());
            let mut greedy = 0.0;
            while let Some((best, v, t)) = free.iter()
                .flat_map(|&v| open.iter().map(move |&t| (v, t)))
                .map(|(v, t)| (net(v, t), v, t))
                .filter(|pair| pair.0 > 0.0)
                .max_by(|a, b| a.0.total_cmp(&b.0))
            {
                greedy += best;
                free.retain(|&other| other != v);
                open.retain(|&other| other != t);
            }
            prop_assert!(found.first_round >= greedy - 1e-9);
            prop_assert!(found.net_value >= found.first_round - 1e-9);
        }
    }
}
