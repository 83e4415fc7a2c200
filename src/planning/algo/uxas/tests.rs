//! The algebra against its definition, the searches against enumeration and each other.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::algebra::{AlgebraError, Expression, Operator};
use super::automaton::Automaton;
use super::*;
use crate::kernel::budget::WorkBudget;
use crate::kernel::random::{DrawKey, Stream};

type Words = BTreeSet<Vec<i64>>;

fn endless() -> WorkBudget {
    WorkBudget::new(u64::MAX)
}

fn shuffles(a: &[i64], b: &[i64]) -> Words {
    let mut words = Words::new();
    for (head, tail, other) in [(a.first(), a, b), (b.first(), b, a)] {
        if let Some(&head) = head {
            for mut word in shuffles(&tail[1..], other) {
                word.insert(0, head);
                words.insert(word);
            }
        }
    }
    if a.is_empty() && b.is_empty() {
        words.insert(Vec::new());
    }
    words
}

/// The language by its definition.
fn language(expression: &Expression) -> Words {
    match expression {
        Expression::Atom(id) => Words::from([vec![*id]]),
        Expression::Node(Operator::Alternative, parts) => parts.iter().flat_map(language).collect(),
        Expression::Node(operator, parts) => {
            let mut words = Words::from([Vec::new()]);
            for part in parts {
                let next = language(part);
                let joined = words.iter().flat_map(|word| {
                    next.iter().flat_map(move |other| match operator {
                        Operator::Sequence => Words::from([[&word[..], other].concat()]),
                        _ => shuffles(word, other),
                    })
                });
                words = joined.collect();
            }
            words
        }
    }
}

/// The language by walking the automaton.
fn walked(automaton: &Automaton, done: &mut Vec<bool>, word: &mut Vec<i64>, words: &mut Words) {
    let mut next = Vec::new();
    if automaton.next(done, &mut next) {
        assert!(next.is_empty());
        words.insert(word.clone());
    }
    for atom in next {
        done[atom] = true;
        word.push(automaton.ids()[atom]);
        walked(automaton, done, word, words);
        word.pop();
        done[atom] = false;
    }
}

fn written(expression: &Expression) -> String {
    match expression {
        Expression::Atom(id) => format!("p{id}"),
        Expression::Node(operator, parts) => {
            let sign = match operator {
                Operator::Sequence => '.',
                Operator::Parallel => '|',
                Operator::Alternative => '+',
            };
            let parts: Vec<String> = parts.iter().map(written).collect();
            format!("{sign}({} )", parts.join(" "))
        }
    }
}

/// Expressions of a few atoms, some of which occur more than once.
fn expressions() -> impl Strategy<Value = Expression> {
    let atom = (1..6_i64).prop_map(Expression::Atom);
    atom.prop_recursive(3, 6, 3, |part| {
        let operator = prop::sample::select(vec![
            Operator::Sequence,
            Operator::Parallel,
            Operator::Alternative,
        ]);
        (operator, prop::collection::vec(part, 1..3))
            .prop_map(|(operator, parts)| Expression::Node(operator, parts))
    })
}

/// Random times for all atoms of an expression and some vehicles; some cannot do some.
fn random_problem(
    expression: Expression,
    vehicles: i64,
    objective: Objective,
    seed: u64,
    gaps: f64,
) -> Result<Problem, ProblemError> {
    let mut draws = DrawKey::new(Stream::Placement, 3, 0, 0).draws(seed);
    let mut ids = expression.atoms();
    ids.sort_unstable();
    ids.dedup();
    let mut whole = |below: f64| -> i64 {
        #[expect(clippy::cast_possible_truncation, reason = "small")]
        let drawn = (draws.uniform() * below) as i64;
        drawn
    };
    let option = |id: &i64| (*id, 10_000 + whole(90_000.0));
    let costs: Vec<(i64, i64)> = ids.iter().map(option).collect();
    let options: Vec<TaskOption> = costs
        .into_iter()
        .map(|(id, cost_ms)| TaskOption {
            id,
            cost_ms,
            eligible: Vec::new(),
        })
        .collect();
    let mut legs = Vec::new();
    for vehicle in 1..=vehicles {
        for from in ids.iter().copied().map(Some).chain([None]) {
            for &to in ids.iter().filter(|&&to| from != Some(to)) {
                let never = f64::from(u32::try_from(whole(1000.0)).unwrap()) < 1000.0 * gaps;
                let time_ms = if never { -1 } else { 1_000 + whole(300_000.0) };
                legs.push(Leg {
                    vehicle,
                    from,
                    to,
                    time_ms,
                });
            }
        }
    }
    Problem::new(expression, &options, &legs, objective)
}

/// The least cost over all words and all ways to give their atoms to vehicles.
fn enumerated(problem: &Problem) -> Option<i64> {
    fn visit(problem: &Problem, state: &mut plain::State, best: &mut Option<i64>) {
        let mut next = Vec::new();
        if problem.automaton.next(&state.done, &mut next) {
            let cost = problem.cost(&state.times);
            *best = Some(best.map_or(cost, |best| best.min(cost)));
        }
        for atom in next {
            for vehicle in 0..state.times.len() {
                if state.cost_with(problem, atom, vehicle).is_some() {
                    state.give(problem, atom, vehicle);
                    visit(problem, state, best);
                    state.take(problem, vehicle);
                }
            }
        }
    }
    let mut best = None;
    visit(problem, &mut plain::State::new(problem), &mut best);
    best
}

/// Whether the routes are a word of the algebra, interleaved somehow, and cost what they say.
fn holds(problem: &Problem, solution: &Solution) -> bool {
    let mut done = vec![false; problem.atoms()];
    let mut at = vec![0; solution.routes.len()];
    let mut next = Vec::new();
    while !problem.automaton.next(&done, &mut next) {
        let heads = solution
            .routes
            .iter()
            .zip(&at)
            .map(|(route, at)| route.get(*at));
        let ready = |head: Option<&usize>| head.is_some_and(|atom| next.contains(atom));
        let Some(vehicle) = heads.into_iter().position(ready) else {
            return false;
        };
        done[solution.routes[vehicle][at[vehicle]]] = true;
        at[vehicle] += 1;
    }
    let routes = solution.routes.iter().enumerate();
    let times: Vec<i64> = routes
        .map(|(vehicle, route)| problem.time(vehicle, route))
        .collect();
    let is_whole = solution
        .routes
        .iter()
        .zip(at)
        .all(|(route, at)| at == route.len());
    is_whole && problem.cost(&times) == solution.cost_ms
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_automaton_has_the_language_of_its_expression(expression in expressions()) {
        let read = Expression::parse(&written(&expression)).unwrap();
        prop_assert_eq!(&read, &expression);
        let automaton = Automaton::new(read);
        let mut words = Words::new();
        let mut done = vec![false; automaton.ids().len()];
        walked(&automaton, &mut done, &mut Vec::new(), &mut words);
        let expected = language(&expression);
        let is_repeated = |word: &Vec<i64>| word.iter().collect::<BTreeSet<_>>().len() < word.len();
        prop_assert_eq!(expression.repeated().is_some(), expected.iter().any(is_repeated));
        prop_assert_eq!(words, expected);
    }

    #[test]
    fn searches_find_what_enumeration_finds(
        expression in expressions(), vehicles in 1..4_i64, cumulative: bool, seed: u64, gaps in 0..2
    ) {
        prop_assume!(expression.atoms().len() <= 5);
        let objective = if cumulative { Objective::Cumulative } else { Objective::MinMax };
        let gaps = 0.3 * f64::from(gaps);
        let Ok(problem) = random_problem(expression.clone(), vehicles, objective, seed, gaps) else {
            prop_assert!(expression.repeated().is_some());
            return Ok(());
        };
        let best = enumerated(&problem);
        let bound_ms = bound(&problem, &mut endless());
        for found in [
            plain(&problem, u64::MAX, &mut endless()),
            search(&problem, 100_000, seed, &mut endless()),
        ] {
            prop_assert!(found.is_exhausted || found.solution.as_ref().is_some_and(|s| s.cost_ms == bound_ms));
            prop_assert_eq!(found.solution.as_ref().map(|solution| solution.cost_ms), best);
            prop_assert!(found.solution.iter().all(|solution| holds(&problem, solution)));
        }
        prop_assert!(best.is_none_or(|best| bound_ms <= best));
    }

    /// Whatever the algebra and the budget: at equal nodes the search is never worse than the published
    /// one, and it has searched through where that one has.
    #[test]
    fn no_budget_is_better_spent_on_the_published_search(
        expression in expressions(), vehicles in 1..5_i64, cumulative: bool, seed: u64,
        nodes in 1..300_u64, gaps in 0..2
    ) {
        prop_assume!(expression.repeated().is_none());
        let objective = if cumulative { Objective::Cumulative } else { Objective::MinMax };
        let problem = random_problem(expression, vehicles, objective, seed, 0.3 * f64::from(gaps)).unwrap();
        let published = plain(&problem, nodes, &mut endless());
        let found = search(&problem, nodes, seed, &mut endless());
        let cost = |found: &Found| found.solution.as_ref().map_or(i64::MAX, |solution| solution.cost_ms);
        prop_assert!(cost(&found) <= cost(&published));
        prop_assert!(found.nodes <= published.nodes.max(nodes));
        prop_assert!(found.is_exhausted || !published.is_exhausted);
        prop_assert!(found.solution.iter().all(|solution| holds(&problem, solution)));
    }

    /// Recreation keeps to the algebra, whatever it is.
    #[test]
    fn improved_solutions_hold(expression in expressions(), seed: u64, cumulative: bool) {
        prop_assume!(expression.repeated().is_none());
        let objective = if cumulative { Objective::Cumulative } else { Objective::MinMax };
        let problem = random_problem(expression, 3, objective, seed, 0.1).unwrap();
        let Some(mut solution) = plain(&problem, 1, &mut endless()).solution else {
            return Ok(());
        };
        let before = solution.cost_ms;
        let mut budget = endless();
        let mut nodes = Nodes { left: 300, used: 0, budget: &mut budget };
        recreate::improve(&problem, &mut solution, 0, seed, &mut nodes);
        prop_assert!(holds(&problem, &solution) && solution.cost_ms <= before);
    }
}

fn side_by_side(tasks: i64) -> Expression {
    Expression::parallel((1..=tasks).map(Expression::Atom).collect()).unwrap()
}

/// Seeds on which the search is worse than the published one, and the mean ratio of their costs.
fn compared(objective: Objective, nodes: u64, seeds: u32) -> (u32, f64) {
    let (mut worse, mut ratio) = (0, 0.0);
    for seed in 0..seeds {
        let problem = random_problem(side_by_side(16), 8, objective, u64::from(seed), 0.0).unwrap();
        let published = plain(&problem, nodes, &mut endless());
        let found = search(&problem, nodes, 0, &mut endless());
        assert!(found.nodes <= nodes && published.nodes <= nodes);
        let [published, solution] = [published.solution, found.solution].map(Option::unwrap);
        assert!(found.bound_ms <= solution.cost_ms && holds(&problem, &solution));
        worse += u32::from(solution.cost_ms > published.cost_ms);
        let [a, b] = [solution.cost_ms, published.cost_ms].map(|ms| u32::try_from(ms).unwrap());
        ratio += f64::from(a) / f64::from(b) / f64::from(seeds);
    }
    (worse, ratio)
}

#[test]
fn sixteen_tasks_and_eight_vehicles_come_cheaper_than_by_the_published_search() {
    for objective in [Objective::MinMax, Objective::Cumulative] {
        for (nodes, ratio_max) in [(100, 0.96), (300, 0.95), (1000, 0.94), (10_000, 0.93)] {
            let (worse, ratio) = compared(objective, nodes, 100);
            println!(
                "{objective:?}, {nodes} nodes: worse on {worse} of 100, mean ratio {ratio:.3}"
            );
            assert!(worse == 0 && ratio <= ratio_max, "{worse} {ratio}");
        }
    }
}

#[test]
fn two_vehicles_and_72_tasks_have_a_bound() {
    for objective in [Objective::MinMax, Objective::Cumulative] {
        let problem = random_problem(side_by_side(72), 2, objective, 1, 0.0).unwrap();
        let found = search(&problem, 30_000, 0, &mut endless());
        let solution = found.solution.unwrap();
        assert!(holds(&problem, &solution) && found.bound_ms <= solution.cost_ms);
        assert!(
            solution.cost_ms - found.bound_ms < found.bound_ms / 5,
            "{objective:?}"
        );
    }
}

#[test]
fn broken_texts_are_refused_where_they_break() {
    for (text, at) in [
        ("", 1),
        ("p", 2),
        (".p1", 2),
        ("|(p1", 5),
        ("|( )", 4),
        ("p1 p2", 4),
        ("+(p1 )x", 7),
        ("+(p1x )", 5),
        ("p99999999999999999999", 2),
        ("|(p1 p2))", 9),
    ] {
        let error = Expression::parse(text).unwrap_err();
        assert!(
            matches!(error, AlgebraError::Expected { at: there, .. } if there == at),
            "{text}: {error}"
        );
    }
    let deep = ".(".repeat(100_000);
    assert_eq!(Expression::parse(&deep), Err(AlgebraError::Large));
    let wide = format!("|({})", "p1 ".repeat(5000));
    assert_eq!(Expression::parse(&wide), Err(AlgebraError::Large));
}

#[test]
fn a_composition_is_numbered_across_tasks() {
    let read = Expression::parse("+(+(p1 p2 ) +(p4 p5 ) )").unwrap();
    assert_eq!(
        read.of_task(1000).unwrap().atoms(),
        [100_000_001, 100_000_002, 100_000_004, 100_000_005]
    );
    assert_eq!(read.of_task(i64::MAX), Err(AlgebraError::Range(i64::MAX)));
    let large = Expression::Atom(100_000);
    assert_eq!(large.of_task(1), Err(AlgebraError::Range(100_000)));
}

#[test]
fn a_spent_budget_still_answers_with_what_it_has() {
    let problem = random_problem(side_by_side(30), 3, Objective::MinMax, 4, 0.0).unwrap();
    assert_eq!(
        search(&problem, 1000, 0, &mut WorkBudget::new(0)).solution,
        None
    );
    let found = search(&problem, 1_000_000, 0, &mut WorkBudget::new(200_000));
    assert!(holds(&problem, &found.solution.unwrap()) && !found.is_exhausted);
}
