//! Agents over an ideal network: nothing is lost, everybody hears everybody. See [`consensus`].
//!
//! What `tercio plan` runs, where no world is running, and what a post falls back on that may not call.

use crate::{
    org::Planner,
    planning::algo::{
        cbba::{Agent, Tasks},
        matching::{Matched, Matching},
    },
};

/// Where agents of a bidder each come to rest that exchange their bids, in rounds, or for `Acbba` one
/// after the other. The prices are those of the greedy matching, whose rest state it is.
pub(in crate::planning) fn consensus(problem: &Matching, planner: Planner) -> Matched {
    let tasks = Tasks::lots(problem.lots);
    let agent = |row: usize| {
        let worth = |lot| problem.worth(row, lot).unwrap_or(0.0);
        let worths = (0..problem.lots).map(worth).collect();
        Agent::with_worths(worths, row, problem.bidders, None)
    };
    let mut agents: Vec<Agent> = (0..problem.bidders).map(agent).collect();
    loop {
        let heard = if planner == Planner::Acbba {
            in_turn(&tasks, &mut agents)
        } else {
            round(&tasks, &mut agents)
        };
        if !heard {
            break;
        }
    }
    let greedy = problem.greedy();
    let claim = |agent: &Agent| agent.word().claims.first().copied();
    Matched {
        lot_of: agents.iter().map(|it| Some(claim(it)?.task)).collect(),
        objective: agents.iter().filter_map(|it| Some(claim(it)?.bid)).sum(),
        bound: greedy.bound,
        prices: greedy.prices,
    }
}

/// All build, then all say what is new; whether anybody had anything to say.
fn round(tasks: &Tasks, agents: &mut [Agent]) -> bool {
    for agent in &mut *agents {
        agent.build(tasks);
    }
    let said: Vec<_> = agents.iter_mut().filter_map(Agent::message).collect();
    for message in &said {
        for agent in agents.iter_mut().filter(|it| it.id() != message.from) {
            agent.on_message(message);
        }
    }
    !said.is_empty()
}

/// Each builds and says what is new, and the others hear it before the next does.
fn in_turn(tasks: &Tasks, agents: &mut [Agent]) -> bool {
    let mut is_heard = false;
    for at in 0..agents.len() {
        agents[at].build(tasks);
        let Some(message) = agents[at].message() else {
            continue;
        };
        is_heard = true;
        for agent in agents.iter_mut().filter(|it| it.id() != message.from) {
            agent.on_message(&message);
        }
    }
    is_heard
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn who_agree_rest_where_the_greedy_matching_does(
            bidders in 0_usize..7,
            lots in 0_usize..7,
            numbers in prop::collection::vec(prop::option::weighted(0.8, -3_i32..12), 49),
        ) {
            // Whole numbers, so that many pairs are worth the same.
            let worth = numbers[..bidders * lots].iter().map(|it| it.map(f64::from)).collect();
            let problem = Matching { bidders, lots, worth };
            let greedy = problem.greedy();
            for planner in [Planner::Cbba, Planner::Acbba] {
                let found = consensus(&problem, planner);
                prop_assert_eq!(&found.lot_of, &greedy.lot_of);
                prop_assert!((found.objective - greedy.objective).abs() < 1e-9);
            }
        }
    }
}
