//! Area search from a file: a tree per robot over a graph of cells, the longest least.
//!
//! Format (JSON): `nodes` as `[id, x, y, weight]`, `edges` as `[id, id, length]`, and in `extra`
//! the list `R` of the node at which each robot begins. Solution: per robot the closed walk over
//! its tree, as ids; its time is the length of the tree's edges, each counted once.

use super::answer::{Answer, Checked, Options, Sense, SolveError};
use super::json;
use crate::kernel::budget::Budget;
use crate::planning::algo::coverage::{CoverError, CoverProblem, cover, round_trip};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Most nodes.
const MOST_NODES: usize = 200_000;

/// The file as written; other keys are not read.
#[derive(Clone, Debug, Deserialize)]
struct File {
    nodes: Vec<(u64, f64, f64, f64)>,
    edges: Vec<(u64, u64, f64)>,
    extra: Extra,
}

/// What the file says of the robots.
#[derive(Clone, Debug, Deserialize)]
struct Extra {
    #[serde(rename = "R")]
    roots: Vec<u64>,
}

/// An instance in order.
struct Instance {
    /// Id of each node.
    ids: Vec<u64>,
    /// Node of each id.
    node_of: BTreeMap<u64, usize>,
    /// Edges by index.
    edges: Vec<(usize, usize, f64)>,
    /// Node of each robot's root.
    roots: Vec<usize>,
}

/// Reads and checks an instance.
fn read(text: &str) -> Result<Instance, SolveError> {
    let file: File = json::read(text, "a coverage instance (nodes, edges, extra with R)")?;
    let refuse = |key: &str, cause: String, cure: &str| Err(json::refuse(text, key, cause, cure));
    if file.nodes.len() > MOST_NODES {
        let cause = format!("{} nodes", file.nodes.len());
        return refuse("nodes", cause, "give at most 200000");
    }
    let ids: Vec<u64> = file.nodes.iter().map(|node| node.0).collect();
    let node_of: BTreeMap<u64, usize> = ids.iter().copied().zip(0..).collect();
    if node_of.len() < ids.len() {
        let cause = "two nodes have the same id".to_owned();
        return refuse("nodes", cause, "give each node an id of its own");
    }
    let mut edges = Vec::with_capacity(file.edges.len());
    for &(a, b, length) in &file.edges {
        let (Some(&first), Some(&second)) = (node_of.get(&a), node_of.get(&b)) else {
            let cause = format!("edge {a} to {b} has an end that is no node");
            return refuse("edges", cause, "join nodes of the list");
        };
        edges.push((first, second, length));
    }
    let mut roots = Vec::with_capacity(file.extra.roots.len());
    for root in &file.extra.roots {
        let Some(&node) = node_of.get(root) else {
            let cause = format!("root {root} is no node");
            return refuse("R", cause, "let robots begin at nodes of the list");
        };
        roots.push(node);
    }
    Ok(Instance {
        ids,
        node_of,
        edges,
        roots,
    })
}

/// The problem of an instance, every robot at rate one.
fn problem(text: &str, instance: &Instance) -> Result<CoverProblem, SolveError> {
    let vehicles: Vec<(usize, f64)> = instance.roots.iter().map(|&root| (root, 1.0)).collect();
    let made = CoverProblem::new(instance.ids.len(), &instance.edges, &vehicles);
    made.map_err(|error| match error {
        CoverError::Unreachable(node) => {
            SolveError::Infeasible(format!("no robot reaches node {}", instance.ids[node]))
        }
        CoverError::Link(_) => {
            let cure = "join two different nodes by a length from 0 to 1e12";
            json::refuse(text, "edges", error.to_string(), cure)
        }
        _ => {
            let cure = "give at least one robot, and fewer robots or nodes if there are many";
            json::refuse(text, "R", error.to_string(), cure)
        }
    })
}

/// Solves an instance; the solution has a closed walk of ids per robot.
///
/// # Errors
/// [`SolveError::Instance`] for files that break the format, [`SolveError::Infeasible`] if no robot
/// reaches some node.
pub fn solve(text: &str, options: &Options, budget: &mut dyn Budget) -> Result<Answer, SolveError> {
    let instance = read(text)?;
    let problem = problem(text, &instance)?;
    let found = cover(&problem, options.seed, budget);
    let walk = |(robot, tree): (usize, &Vec<(usize, usize)>)| -> Vec<u64> {
        let nodes = round_trip(instance.roots[robot], tree);
        nodes.into_iter().map(|node| instance.ids[node]).collect()
    };
    let walks: Vec<Vec<u64>> = found.trees.iter().enumerate().map(walk).collect();
    Ok(Answer {
        sense: Sense::Min,
        objective: found.makespan,
        bound: Some(found.bound),
        proven: found.is_proven(),
        method: "tree-annealing",
        solution: json!(walks),
        certificate: None,
        notes: vec![("total_length".to_owned(), found.lengths.iter().sum())],
    })
}

/// Checks one walk per robot: along edges, from the robot's root, over a tree; together they reach
/// every node. The walk may or may not come back.
///
/// # Errors
/// [`SolveError`] for an instance or a solution that does not hold.
pub fn check(text: &str, _options: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let instance = read(text)?;
    problem(text, &instance)?;
    let wrong = |what: String| Err(SolveError::Solution(what));
    let walks: Vec<Vec<u64>> = match serde_json::from_value(solution.clone()) {
        Ok(walks) => walks,
        Err(error) => return wrong(format!("it is no list of walks over ids: {error}")),
    };
    if walks.len() != instance.roots.len() {
        let robots = instance.roots.len();
        return wrong(format!("{} walks for {robots} robots", walks.len()));
    }
    let mut lengths: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for &(a, b, length) in &instance.edges {
        let entry = lengths.entry((a.min(b), a.max(b))).or_insert(length);
        *entry = entry.min(length);
    }
    let mut reached = BTreeSet::new();
    let mut makespan = 0.0_f64;
    for (robot, walk) in walks.iter().enumerate() {
        let nodes: Option<Vec<usize>> = walk
            .iter()
            .map(|id| instance.node_of.get(id).copied())
            .collect();
        let Some(nodes) = nodes.filter(|nodes| nodes.first() == Some(&instance.roots[robot]))
        else {
            return wrong(format!("walk {robot} leaves the nodes or begins elsewhere"));
        };
        let pairs = nodes.windows(2).map(|w| (w[0].min(w[1]), w[0].max(w[1])));
        let used: BTreeSet<(usize, usize)> = pairs.collect();
        let mut length = 0.0;
        for edge in &used {
            match lengths.get(edge) {
                Some(more) => length += more,
                None => return wrong(format!("walk {robot} uses an edge that is not there")),
            }
        }
        let visited: BTreeSet<usize> = nodes.into_iter().collect();
        if used.len() + 1 != visited.len() {
            return wrong(format!("walk {robot} is not over a tree"));
        }
        makespan = makespan.max(length);
        reached.extend(visited);
    }
    match (0..instance.ids.len()).find(|node| !reached.contains(node)) {
        Some(node) => wrong(format!("no walk reaches node {}", instance.ids[node])),
        None => Ok(Checked {
            sense: Sense::Min,
            objective: makespan,
        }),
    }
}

#[cfg(test)]
#[path = "coverage_tests.rs"]
mod tests;
