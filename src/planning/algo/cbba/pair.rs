//! The best way for two agents to share tasks. See [`share`].

use super::problem::{AgentSpec, Tasks};

/// Most tasks that are shared out exactly.
pub(super) const MOST_SHARED: usize = 10;

/// How far an agent has come with a set of tasks, the last of them given.
#[derive(Clone, Copy, Debug)]
struct Label {
    /// When it is done, s.
    ready_s: f64,
    /// What it has earned.
    value: f64,
    /// The label before, as set, last task and index; none at the start.
    from: Option<(usize, usize, usize)>,
}

/// All that one agent can do with a pool: for each set of tasks the labels of each last task.
struct Reach {
    /// Number of tasks.
    tasks: usize,
    /// Labels that no other dominates, by set and last task.
    labels: Vec<Vec<Label>>,
    /// Labels made so far.
    work: u64,
    /// The best value of each set, minus infinity where it cannot be done, with last task and index
    /// of its label.
    best: Vec<(f64, usize, usize)>,
}

impl Reach {
    /// Extends sets task by task (Held and Karp 1962), with labels as in Dumas et al. (1995): later
    /// and poorer is dominated, as values fall with time.
    fn new(tasks: &Tasks, agent: &AgentSpec, pool: &[usize]) -> Self {
        let n = pool.len();
        let nothing = (f64::NEG_INFINITY, 0, 0);
        let mut reach = Self {
            tasks: n,
            labels: vec![Vec::new(); n << n],
            work: 0,
            best: vec![nothing; 1 << n],
        };
        reach.best[0].0 = 0.0;
        let start = Label {
            ready_s: 0.0,
            value: 0.0,
            from: None,
        };
        for last in 0..n {
            reach.push(tasks, agent, pool, (0, None, start), last);
        }
        for set in 1..1 << n {
            for last in (0..n).filter(|last| set >> last & 1 == 1) {
                let labels = std::mem::take(&mut reach.labels[set * n + last]);
                for (at, &label) in labels.iter().enumerate() {
                    if label.value > reach.best[set].0 {
                        reach.best[set] = (label.value, last, at);
                    }
                    let from = Label {
                        from: Some((set, last, at)),
                        ..label
                    };
                    for next in (0..n).filter(|next| set >> next & 1 == 0) {
                        reach.push(tasks, agent, pool, (set, Some(last), from), next);
                    }
                }
                reach.labels[set * n + last] = labels;
            }
        }
        reach
    }

    /// Adds a task behind a label, if its window can be met and no other label is as good.
    fn push(
        &mut self,
        tasks: &Tasks,
        agent: &AgentSpec,
        pool: &[usize],
        (set, last, label): (usize, Option<usize>, Label),
        next: usize,
    ) {
        self.work += 1;
        let (task, spec) = (pool[next], &tasks.specs()[pool[next]]);
        let way = tasks.travel_s(agent, last.map(|last| pool[last]), task);
        let time_s = spec.start_s.max(label.ready_s + way);
        if time_s > spec.end_s {
            return;
        }
        let made = Label {
            ready_s: time_s + spec.duration_s,
            value: label.value + tasks.value_at(task, time_s),
            from: label.from,
        };
        let labels = &mut self.labels[(set | 1 << next) * self.tasks + next];
        let covers = |a: &Label, b: &Label| a.ready_s <= b.ready_s && a.value >= b.value;
        if !labels.iter().any(|old| covers(old, &made)) {
            labels.retain(|old| !covers(&made, old));
            labels.push(made);
        }
    }

    /// The path of the best label of a set, as places in the pool.
    fn path(&self, set: usize) -> Vec<usize> {
        let mut path = Vec::new();
        let (_, last, at) = self.best[set];
        let mut next = (set != 0).then_some((set, last, at));
        while let Some((set, last, at)) = next {
            path.push(last);
            next = self.labels[set * self.tasks + last][at].from;
        }
        path.reverse();
        path
    }
}

/// The best paths of two agents through a pool of tasks, their values together, and the labels it
/// took: exact for at most [`MOST_SHARED`] tasks, which is `O(2ⁿ n²)` times the labels of a set, few where windows
/// are narrow.
pub(super) fn share(
    tasks: &Tasks,
    agents: [&AgentSpec; 2],
    pool: &[usize],
) -> (f64, [Vec<usize>; 2], u64) {
    debug_assert!(pool.len() <= MOST_SHARED, "the table grows exponentially");
    let [first, second] = agents.map(|agent| Reach::new(tasks, agent, pool));
    // The best subset of each set for the second agent.
    let mut within: Vec<usize> = (0..second.best.len()).collect();
    for set in 1..within.len() {
        for task in (0..pool.len()).filter(|task| set >> task & 1 == 1) {
            let smaller = within[set ^ 1 << task];
            if second.best[smaller].0 > second.best[within[set]].0 {
                within[set] = smaller;
            }
        }
    }
    let all = within.len() - 1;
    let value = |set: usize| first.best[set].0 + second.best[within[all ^ set]].0;
    let best = (0..within.len()).fold(
        0,
        |best, set| if value(set) > value(best) { set } else { best },
    );
    let paths = [first.path(best), second.path(within[all ^ best])];
    let named = paths.map(|path| path.into_iter().map(|at| pool[at]).collect());
    (value(best), named, first.work + second.work)
}
