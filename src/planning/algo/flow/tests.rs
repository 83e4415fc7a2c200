//! Tests of the cheapest flow: brute force, assignments as flows, circles, refusals.

use super::*;
use crate::kernel::assignment::{Assigner, Costs};
use crate::kernel::budget::WorkBudget;
use crate::kernel::random::{DrawKey, Stream};
use proptest::prelude::*;

/// Budget that never ends.
fn endless() -> WorkBudget {
    WorkBudget::new(u64::MAX)
}

/// An arc in one line.
fn arc(from: usize, to: usize, least: i64, most: Option<i64>, cost: f64) -> FlowArc {
    FlowArc {
        from,
        to,
        least,
        most,
        cost,
    }
}

/// Least cost over all flows within the bounds, each arc between `least` and `most`.
fn brute(problem: &FlowProblem, at: usize, left: &mut Vec<i64>) -> Option<f64> {
    let Some(arc) = problem.arcs.get(at) else {
        return left.iter().all(|&l| l == 0).then_some(0.0);
    };
    let mut best: Option<f64> = None;
    for flow in arc.least..=arc.most.unwrap() {
        left[arc.from] -= flow;
        left[arc.to] += flow;
        if let Some(rest) = brute(problem, at + 1, left) {
            let cost = rest + arc.cost * f64::from(i32::try_from(flow).unwrap());
            best = Some(best.map_or(cost, |b| b.min(cost)));
        }
        left[arc.from] += flow;
        left[arc.to] -= flow;
    }
    best
}

/// Small networks with bounds, loops, parallel arcs, negative costs.
fn problems() -> impl Strategy<Value = FlowProblem> {
    (2_usize..5).prop_flat_map(|nodes| {
        let arcs = (0..nodes, 0..nodes, -1_i64..2, 0_i64..4, -8_i32..17);
        let arcs = arcs.prop_map(|(from, to, least, room, cost)| {
            arc(from, to, least, Some(least + room), f64::from(cost) / 3.0)
        });
        let supplies = prop::collection::vec(-2_i64..3, nodes);
        (supplies, prop::collection::vec(arcs, 0..7)).prop_map(|(mut supplies, arcs)| {
            supplies[0] -= supplies.iter().sum::<i64>();
            FlowProblem { supplies, arcs }
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// Cost equals brute force, the certificate holds, and nothing is found where nothing exists.
    #[test]
    fn small_networks_equal_brute_force(problem in problems()) {
        let best = brute(&problem, 0, &mut problem.supplies.clone());
        match (min_cost_flow(&problem, &mut endless()), best) {
            (Ok(found), Some(best)) => {
                prop_assert!((found.cost - best).abs() < 1e-9, "{found:?} against {best}");
                prop_assert_eq!(found.certify(&problem, 1e-9), Ok(()));
                prop_assert!(found.is_optimal);
            }
            (Err(FlowError::Infeasible(_)), None) => {}
            (found, best) => prop_assert!(false, "{found:?} against {best:?}"),
        }
    }

    /// With any budget a flow that comes back keeps its bounds, and the best is within its bounds.
    #[test]
    fn a_flow_out_of_budget_is_bounded(problem in problems(), steps in 0_u64..60) {
        let best = brute(&problem, 0, &mut problem.supplies.clone());
        if let Ok(found) = min_cost_flow(&problem, &mut WorkBudget::new(steps)) {
            let best = best.unwrap();
            prop_assert!(found.bound <= best + 1e-9 && best <= found.cost + 1e-9, "{found:?}");
        }
    }
}

#[test]
fn an_assignment_is_a_flow_with_the_same_cost() {
    for (n, span) in [(1_usize, 5.0), (40, 1e6), (60, 4.0)] {
        let mut draws = DrawKey::new(Stream::Placement, 1, 2, 3).draws(7);
        let values: Vec<f64> = (0..n * n)
            .map(|_| (draws.uniform() * span).floor())
            .collect();
        let costs = Costs::new(n, n, &values).unwrap();
        let exact = Assigner::default().solve(&costs, None).unwrap().objective;
        let arcs = (0..n * n).map(|at| arc(at / n, n + at % n, 0, None, values[at]));
        let problem = FlowProblem {
            supplies: (0..2 * n)
                .map(|node| if node < n { 1 } else { -1 })
                .collect(),
            arcs: arcs.collect(),
        };
        let found = min_cost_flow(&problem, &mut endless()).unwrap();
        assert!(
            (found.cost - exact).abs() < 1e-6,
            "{n}: {} against {exact}",
            found.cost
        );
        found.certify(&problem, 1e-9).unwrap();
    }
}

#[test]
fn circles_of_negative_cost_are_filled_or_reported() {
    let circle = |most: Option<i64>| FlowProblem {
        supplies: vec![0; 3],
        arcs: vec![
            arc(0, 1, 0, most, -4.0),
            arc(1, 2, 0, None, 1.0),
            arc(2, 0, 0, None, 1.0),
        ],
    };
    let found = min_cost_flow(&circle(Some(5)), &mut endless()).unwrap();
    assert_eq!(found.flow, [5, 5, 5]);
    assert!((found.cost + 10.0).abs() < 1e-9);
    match min_cost_flow(&circle(None), &mut endless()) {
        Err(FlowError::Unbounded(mut arcs)) => {
            arcs.sort_unstable();
            assert_eq!(arcs, [0, 1, 2]);
        }
        other => panic!("{other:?}"),
    }
    let loop_at_a_node = FlowProblem {
        supplies: vec![0],
        arcs: vec![arc(0, 0, 0, None, -1.0)],
    };
    let refused = min_cost_flow(&loop_at_a_node, &mut endless());
    assert_eq!(refused, Err(FlowError::Unbounded(vec![0])));
}

#[test]
fn a_large_network_is_certified_and_repeats() {
    let mut draws = DrawKey::new(Stream::Placement, 4, 4, 4).draws(1);
    let mut below = |n: u32| {
        let drawn = (draws.uniform() * f64::from(n)).floor();
        (0..n).find(|&k| f64::from(k) >= drawn).unwrap_or(0)
    };
    let nodes = 400_usize;
    let mut arcs: Vec<FlowArc> = (1..nodes).map(|n| arc(n - 1, n, 0, None, 900.0)).collect();
    arcs.push(arc(nodes - 1, 0, 0, None, 900.0));
    for _ in 0..4000 {
        let (from, to) = (below(400) as usize, below(400) as usize);
        let cost = f64::from(below(1000)) / 7.0 - 5.0;
        arcs.push(arc(from, to, 0, Some(i64::from(below(20))), cost));
    }
    let mut supplies: Vec<i64> = (0..nodes).map(|_| i64::from(below(31)) - 15).collect();
    supplies[0] -= supplies.iter().sum::<i64>();
    let problem = FlowProblem { supplies, arcs };
    let found = min_cost_flow(&problem, &mut endless()).unwrap();
    found.certify(&problem, 1e-9).unwrap();
    assert_eq!(found, min_cost_flow(&problem, &mut endless()).unwrap());
    let mut wrong = found.clone();
    wrong.flow[5] += 1;
    assert!(wrong.certify(&problem, 1e-9).is_err());
    let mut dear = found;
    dear.node_price[3] += 400.0;
    assert!(dear.certify(&problem, 1e-9).is_err());
}

#[test]
fn what_cannot_be_used_is_refused() {
    let with = |supplies: &[i64], arcs: &[FlowArc]| {
        let problem = FlowProblem {
            supplies: supplies.to_vec(),
            arcs: arcs.to_vec(),
        };
        min_cost_flow(&problem, &mut endless())
    };
    assert_eq!(with(&[1, 0], &[]), Err(FlowError::Unbalanced(1)));
    assert_eq!(with(&[i64::MAX, 0], &[]), Err(FlowError::Supply(0)));
    for bad in [
        arc(0, 2, 0, None, 1.0),
        arc(0, 1, 2, Some(1), 1.0),
        arc(0, 1, 0, None, f64::NAN),
        arc(0, 1, i64::MIN, None, 1.0),
        arc(0, 1, 0, Some(i64::MAX), 1.0),
    ] {
        assert_eq!(with(&[0, 0], &[bad]), Err(FlowError::Arc(0)));
    }
    assert!(matches!(with(&[1, -1], &[]), Err(FlowError::Infeasible(_))));
    assert!(with(&[], &[]).unwrap().is_optimal);
    let large = arc(0, 1, 0, None, 1e15);
    let found = with(&[LARGEST_FLOW, -LARGEST_FLOW], &[large]).unwrap();
    assert_eq!(found.flow, [LARGEST_FLOW]);
}
