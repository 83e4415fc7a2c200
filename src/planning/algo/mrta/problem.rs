//! Robots, tasks, ways. See [`Problem`].

use thiserror::Error;

/// Most tasks.
const MOST_TASKS: usize = 500;
/// Most robots, and most skills: they are bits.
const MOST_BITS: usize = 64;
/// Most coalitions of a task that are kept.
const MOST_COALITIONS: usize = 200;
/// Most partial coalitions of a task that are looked at.
const MOST_TRIES: u32 = 20_000;
/// Most robots of which all coalitions are kept where ways are no distances.
const MOST_JOINING: usize = 6;
/// Longest time.
const LONGEST: f64 = 1e9;

/// What an instance says; index 0 is the depot of the start, the last one that of the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Instance {
    /// For each robot which skills it has.
    pub robots: Vec<Vec<bool>>,
    /// For each task, depots among them, which skills it needs.
    pub needs: Vec<Vec<bool>>,
    /// For each task, depots among them, how long it takes.
    pub durations: Vec<f64>,
    /// Travel time from each to each.
    pub ways: Vec<Vec<f64>>,
    /// Pairs of tasks: the first ends before the second begins.
    pub precedence: Vec<(usize, usize)>,
}

/// Why an instance was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ProblemError {
    /// Numbers of things do not agree.
    #[error("{0}")]
    Shape(String),
    /// A time that cannot be.
    #[error("{0} of task {1} is not a number from 0 to 1e9")]
    Time(&'static str, usize),
    /// Nobody can do it.
    #[error("task {0} needs a skill that no robot has, or none at all")]
    Unable(usize),
    /// A task before itself.
    #[error("precedence names task {0}, which is no task, or is before itself by a circle")]
    Order(usize),
}

/// An instance that has been checked. Tasks count from 1.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Number of tasks, without depots.
    tasks: usize,
    /// Skills of each robot, as bits.
    pub(super) skills: Vec<u64>,
    /// Skills that each task needs, as bits.
    pub(super) needs: Vec<u64>,
    /// For each task the coalitions from which nobody can be left out, and others that may help.
    pub(super) coalitions: Vec<Vec<u64>>,
    /// Whether those are all there are.
    pub(super) has_all_coalitions: bool,
    /// Whether some list with these coalitions is optimal.
    pub(super) has_optimum: bool,
    /// Durations by task.
    pub(super) durations: Vec<f64>,
    /// Travel times, row by row.
    ways: Vec<f64>,
    /// Travel times by whichever detour is shortest.
    pub(super) shortest: Vec<f64>,
    /// For each task those that end before it begins.
    pub(super) before: Vec<Vec<usize>>,
    /// Tasks in an order that precedence allows.
    pub(super) order: Vec<usize>,
}

impl Problem {
    /// Checks and gathers everything.
    ///
    /// # Errors
    /// [`ProblemError`].
    pub fn new(instance: &Instance) -> Result<Self, ProblemError> {
        let places = check_shape(instance)?;
        let tasks = places - 2;
        let bits = |flags: &Vec<bool>| {
            let each = flags.iter().enumerate().filter(|(_, flag)| **flag);
            each.fold(0_u64, |bits, (at, _)| bits | 1 << at)
        };
        let skills: Vec<u64> = instance.robots.iter().map(bits).collect();
        let good = |time: &f64| (0.0..=LONGEST).contains(time);
        if let Some(from) = instance.ways.iter().position(|row| !row.iter().all(good)) {
            return Err(ProblemError::Time("a way", from));
        }
        let ways: Vec<f64> = instance.ways.concat();
        let shortest = closure(ways.clone(), places);
        // Where a detour is shorter than the way, a robot may join a task for the sake of its place.
        let is_metric = ways
            .iter()
            .zip(&shortest)
            .all(|(way, least)| *least >= way * (1.0 - 1e-12));
        let may_join = !is_metric && skills.len() <= MOST_JOINING;
        let mut coalitions = vec![Vec::new()];
        let mut has_all = true;
        for task in 1..=tasks {
            if !good(&instance.durations[task]) {
                return Err(ProblemError::Time("the duration", task));
            }
            let need = bits(&instance.needs[task]);
            let (mut found, are_all) = minimal(&skills, need);
            if may_join && !found.is_empty() {
                found = covering(&skills, need);
            }
            if found.is_empty() {
                return Err(ProblemError::Unable(task));
            }
            has_all &= are_all;
            coalitions.push(found);
        }
        let mut before = vec![Vec::new(); places];
        for &(first, second) in &instance.precedence {
            let known = |task: &usize| (1..=tasks).contains(task);
            if let Some(unknown) = [first, second].into_iter().find(|task| !known(task)) {
                return Err(ProblemError::Order(unknown));
            }
            before[second].push(first);
        }
        Ok(Self {
            tasks,
            order: sorted(&before, tasks)?,
            shortest,
            needs: instance.needs.iter().map(bits).collect(),
            skills,
            coalitions,
            has_all_coalitions: has_all,
            has_optimum: has_all && (is_metric || may_join),
            durations: instance.durations.clone(),
            ways,
            before,
        })
    }

    /// Number of tasks.
    #[must_use]
    pub fn tasks(&self) -> usize {
        self.tasks
    }

    /// Number of robots.
    #[must_use]
    pub fn robots(&self) -> usize {
        self.skills.len()
    }

    /// Index of the depot of the end.
    pub(super) fn end(&self) -> usize {
        self.tasks + 1
    }

    /// Travel time.
    pub(super) fn way(&self, from: usize, to: usize) -> f64 {
        self.ways[from * (self.tasks + 2) + to]
    }

    /// Least travel time by any detour.
    pub(super) fn least_way(&self, from: usize, to: usize) -> f64 {
        self.shortest[from * (self.tasks + 2) + to]
    }

    /// For each robot its tasks in the order of a list.
    #[must_use]
    pub fn paths(&self, list: &[super::Entry]) -> Vec<Vec<usize>> {
        let of = |robot: usize| {
            let own = list
                .iter()
                .filter(|entry| entry.coalition >> robot & 1 == 1);
            own.map(|entry| entry.task).collect()
        };
        (0..self.robots()).map(of).collect()
    }
}

/// Checks that everything has the right number of parts; the number of places.
fn check_shape(instance: &Instance) -> Result<usize, ProblemError> {
    let shape = |what: String| Err(ProblemError::Shape(what));
    let places = instance.durations.len();
    let (robots, skills) = (
        instance.robots.len(),
        instance.robots.first().map_or(0, Vec::len),
    );
    if !(2..=MOST_TASKS + 2).contains(&places) || !(1..=MOST_BITS).contains(&robots) {
        return shape(format!(
            "{places} tasks with depots and {robots} robots; from 2 to {} and from 1 to {MOST_BITS}",
            MOST_TASKS + 2
        ));
    }
    if skills > MOST_BITS {
        return shape(format!("{skills} skills; at most {MOST_BITS}"));
    }
    let needs = &instance.needs;
    if needs.len() != places || instance.ways.len() != places {
        let rows = (needs.len(), instance.ways.len());
        return shape(format!(
            "{places} durations, but {} needs and {} rows of ways",
            rows.0, rows.1
        ));
    }
    if instance
        .robots
        .iter()
        .chain(needs)
        .any(|row| row.len() != skills)
    {
        return shape(format!("a robot or a task does not have {skills} skills"));
    }
    match instance.ways.iter().find(|row| row.len() != places) {
        Some(row) => shape(format!("a row of {} ways for {places} places", row.len())),
        None => Ok(places),
    }
}

/// All coalitions of a few robots that cover a need, in order of size.
fn covering(skills: &[u64], need: u64) -> Vec<u64> {
    let common = |coalition: u64| {
        let members = skills
            .iter()
            .enumerate()
            .filter(|(at, _)| coalition >> at & 1 == 1);
        members.fold(0, |common, (_, own)| common | own)
    };
    let all = (1..1_u64 << skills.len()).filter(|&coalition| need & !common(coalition) == 0);
    let mut found: Vec<u64> = all.collect();
    found.sort_by_key(|coalition| (coalition.count_ones(), *coalition));
    found
}

/// The coalitions that cover a need and from which nobody can be left out, in order of size; whether
/// these are all.
fn minimal(skills: &[u64], need: u64) -> (Vec<u64>, bool) {
    /// Adds whoever brings the first skill that is still needed.
    fn extend(skills: &[u64], need: u64, coalition: u64, found: &mut Vec<u64>, tries: &mut u32) {
        *tries += 1;
        if need == 0 || *tries > MOST_TRIES {
            if need == 0 {
                found.push(coalition);
            }
            return;
        }
        let wanted = need & need.wrapping_neg();
        for (robot, &has) in skills
            .iter()
            .enumerate()
            .filter(|(_, has)| **has & wanted != 0)
        {
            extend(skills, need & !has, coalition | 1 << robot, found, tries);
        }
    }
    let (mut found, mut tries) = (Vec::new(), 0);
    if need != 0 {
        extend(skills, need, 0, &mut found, &mut tries);
    }
    found.sort_by_key(|coalition| (coalition.count_ones(), *coalition));
    found.dedup();
    let mut least: Vec<u64> = Vec::new();
    for coalition in found {
        if least.len() > MOST_COALITIONS {
            break;
        }
        if least.iter().all(|smaller| coalition & smaller != *smaller) {
            least.push(coalition);
        }
    }
    let are_all = tries <= MOST_TRIES && least.len() <= MOST_COALITIONS;
    least.truncate(MOST_COALITIONS);
    (least, are_all)
}

/// The tasks in an order that precedence allows.
fn sorted(before: &[Vec<usize>], tasks: usize) -> Result<Vec<usize>, ProblemError> {
    let mut order: Vec<usize> = Vec::with_capacity(tasks);
    let mut done = vec![false; before.len()];
    while order.len() < tasks {
        let ready = |task: &usize| !done[*task] && before[*task].iter().all(|&first| done[first]);
        let Some(next) = (1..=tasks).find(ready) else {
            let stuck = (1..=tasks).find(|&task| !done[task]).unwrap_or(0);
            return Err(ProblemError::Order(stuck));
        };
        done[next] = true;
        order.push(next);
    }
    Ok(order)
}

/// Shortest ways by any detour (Floyd and Warshall 1962), as the matrix need not be metric.
fn closure(mut ways: Vec<f64>, places: usize) -> Vec<f64> {
    for by in 0..places {
        for from in 0..places {
            let first = ways[from * places + by];
            for to in 0..places {
                let detour = first + ways[by * places + to];
                if detour < ways[from * places + to] {
                    ways[from * places + to] = detour;
                }
            }
        }
    }
    ways
}
