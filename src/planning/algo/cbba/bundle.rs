//! An agent's bundle, built greedily, unwound to the first step that new knowledge changes.
//!
//! The build keeps, for every step, the slots of the path (before, between and behind its tasks) and
//! what each task would be worth in each slot. Start times are kept once given, so that a task
//! inserted later changes one slot alone.

use serde::{Deserialize, Serialize};

use super::message::Claim;
use super::problem::{AgentSpec, TaskSpec, Tasks, decay};

/// A bid and its bidder: who else wants a task most.
pub(super) type Rival = (f64, usize);

/// A place in the path, and what each task would be worth there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Slot {
    /// The task before, if any.
    from: Option<usize>,
    /// When that is done, s.
    ready_s: f64,
    /// The task behind and when it begins, s.
    next: Option<(usize, f64)>,
    /// Value of each task here; zero where it does not fit.
    values: Vec<f64>,
}

/// A state of the build: after some tasks have been chosen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Step {
    /// Slots in the order of the path, as indices.
    order: Vec<usize>,
    /// Number of slots made so far.
    slots: usize,
    /// Value of each task at its best place.
    best: Vec<f64>,
    /// No bid may exceed this: the bid before.
    cap: f64,
    /// The task chosen next and its bid.
    chosen: Option<Claim>,
}

/// A bundle and how it came about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Bundle {
    /// Whose it is.
    id: usize,
    /// Where that agent starts and how fast it is.
    agent: AgentSpec,
    /// What each task is worth to it as its only one, where that is its own matter.
    own: Option<Vec<f64>>,
    /// All slots that steps refer to.
    slots: Vec<Slot>,
    /// Steps, one more than tasks chosen.
    steps: Vec<Step>,
}

impl Bundle {
    /// Nothing chosen yet.
    pub(super) fn new(tasks: &Tasks, id: usize, agent: AgentSpec, own: Option<Vec<f64>>) -> Self {
        let mut bundle = Self {
            id,
            agent,
            own,
            slots: Vec::new(),
            steps: Vec::new(),
        };
        bundle.slots.push(bundle.slot(tasks, None, 0.0, None));
        bundle.steps.push(Step {
            order: vec![0],
            slots: 1,
            best: bundle.slots[0].values.clone(),
            cap: f64::INFINITY,
            chosen: None,
        });
        bundle
    }

    /// Works out a slot.
    fn slot(
        &self,
        tasks: &Tasks,
        from: Option<usize>,
        ready_s: f64,
        next: Option<(usize, f64)>,
    ) -> Slot {
        if let Some(own) = &self.own {
            let is_only = from.is_none() && next.is_none();
            let second = || vec![0.0; own.len()];
            return Slot {
                from,
                ready_s,
                next,
                values: if is_only { own.clone() } else { second() },
            };
        }
        let speed = self.agent.speed;
        let way = |task: usize| match from {
            Some(from) => tasks.distances_from(from)[task] / speed,
            None => tasks.travel_s(&self.agent, None, task),
        };
        let on = next.map(|(next, time_s)| (tasks.distances_from(next), time_s));
        let value = |(task, spec): (usize, &TaskSpec)| {
            let time_s = spec.start_s.max(ready_s + way(task));
            let latest = match on {
                Some((ways, begins)) => spec
                    .end_s
                    .min(begins - spec.duration_s - ways[task] / speed),
                None => spec.end_s,
            };
            if time_s > latest {
                return 0.0;
            }
            spec.value * decay(spec.discount_per_s * (time_s - spec.start_s))
        };
        let values = tasks.specs().iter().enumerate().map(value).collect();
        Slot {
            from,
            ready_s,
            next,
            values,
        }
    }

    /// The tasks in the order of the path, with their bids.
    pub(super) fn claims(&self) -> Vec<Claim> {
        let order = &self.steps[self.steps.len() - 1].order;
        let path = order.iter().filter_map(|&slot| self.slots[slot].from);
        let bid = |task| {
            let chosen = self.steps.iter().filter_map(|step| step.chosen);
            chosen.into_iter().find(|claim| claim.task == task)
        };
        path.filter_map(bid).collect()
    }

    /// Whether an agent with this bid gets the task against this rival.
    fn wins(&self, bid: f64, rival: Option<Rival>) -> bool {
        bid > 0.0 && rival.is_none_or(|(other, id)| bid > other || bid >= other && self.id < id)
    }

    /// Takes back the steps that a changed rival for this task changes; true if there are any.
    pub(super) fn unwind(&mut self, tasks: &Tasks, task: usize, rivals: &[Option<Rival>]) -> bool {
        let changed = self.steps.iter().position(|step| {
            let bid = step.best[task].min(step.cap);
            let wins = self.wins(bid, rivals[task]);
            match step.chosen {
                Some(chosen) if chosen.task == task => !wins,
                Some(chosen) => {
                    wins && precedes(tasks, Claim { task, bid }, chosen) && self.is_free(step, task)
                }
                None => wins && self.is_free(step, task),
            }
        });
        if let Some(at) = changed {
            self.steps.truncate(at + 1);
            self.steps[at].chosen = None;
            self.slots.truncate(self.steps[at].slots);
        }
        changed.is_some()
    }

    /// Whether a task is not yet in the path at a step.
    fn is_free(&self, step: &Step, task: usize) -> bool {
        step.order
            .iter()
            .all(|&slot| self.slots[slot].from != Some(task))
    }

    /// Chooses on until nothing more can be won; the number of values worked out.
    pub(super) fn extend(&mut self, tasks: &Tasks, rivals: &[Option<Rival>]) -> u64 {
        let mut work = 0;
        while let Some(claim) = self.choice(tasks, rivals) {
            self.insert(tasks, claim);
            let slots = self.steps[self.steps.len() - 1].order.len();
            work += (slots + 2) as u64 * tasks.specs().len() as u64;
        }
        work
    }

    /// The best task that can be won now.
    fn choice(&self, tasks: &Tasks, rivals: &[Option<Rival>]) -> Option<Claim> {
        let step = &self.steps[self.steps.len() - 1];
        let mut found: Option<Claim> = None;
        for (task, &best) in step.best.iter().enumerate() {
            let claim = Claim {
                task,
                bid: best.min(step.cap),
            };
            if self.wins(claim.bid, rivals[task])
                && found.is_none_or(|so_far| precedes(tasks, claim, so_far))
                && self.is_free(step, task)
            {
                found = Some(claim);
            }
        }
        found
    }

    /// Puts a task into the first of its best places.
    fn insert(&mut self, tasks: &Tasks, claim: Claim) {
        let last = self.steps.len() - 1;
        let (best, order) = (
            self.steps[last].best[claim.task],
            self.steps[last].order.clone(),
        );
        let at = order
            .iter()
            .position(|&slot| self.slots[slot].values[claim.task] >= best);
        let at = at.expect("the best value is that of a slot");
        let old = &self.slots[order[at]];
        let (from, ready_s, next) = (old.from, old.ready_s, old.next);
        let spec = &tasks.specs()[claim.task];
        let way = tasks.travel_s(&self.agent, from, claim.task);
        let time_s = spec.start_s.max(ready_s + way);
        let before = self.slot(tasks, from, ready_s, Some((claim.task, time_s)));
        let behind = self.slot(tasks, Some(claim.task), time_s + spec.duration_s, next);
        self.steps[last].chosen = Some(claim);
        let mut order = order;
        order.splice(at..=at, [self.slots.len(), self.slots.len() + 1]);
        self.slots.extend([before, behind]);
        let mut best = vec![0.0_f64; tasks.specs().len()];
        for &slot in &order {
            let values = &self.slots[slot].values;
            best.iter_mut()
                .zip(values)
                .for_each(|(most, &value)| *most = most.max(value));
        }
        self.steps.push(Step {
            order,
            slots: self.slots.len(),
            best,
            cap: claim.bid,
            chosen: None,
        });
    }
}

/// Whether an agent takes one task before another: higher bid, earlier start, lower index.
pub(super) fn precedes(tasks: &Tasks, a: Claim, b: Claim) -> bool {
    let start = |claim: Claim| tasks.specs()[claim.task].start_s;
    let by_start = || start(a).total_cmp(&start(b)).then(a.task.cmp(&b.task));
    b.bid.total_cmp(&a.bid).then_with(by_start).is_lt()
}
