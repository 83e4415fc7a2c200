//! One vehicle's route with the times that make insertion checks take constant time. See [`Route`].

use super::problem::RoutingProblem;

/// Jobs in order, with earliest and latest times.
#[derive(Clone, Debug)]
pub(super) struct Route {
    vehicle: usize,
    jobs: Vec<usize>,
    /// When each begins, s.
    begins: Vec<f64>,
    /// When each may begin at the latest for the rest to hold, s.
    latest: Vec<f64>,
    /// Waiting at all later stops, s.
    waits: Vec<f64>,
    /// Demand of all jobs.
    load: f64,
    /// When the vehicle is done, s.
    end_s: f64,
}

/// A place in a route for a job.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    /// Before which stop.
    pub(super) before: usize,
    /// By how much the route ends later, s.
    pub(super) later_s: f64,
}

impl Route {
    /// Nothing to do.
    pub(super) fn empty(problem: &RoutingProblem, vehicle: usize) -> Self {
        Self {
            vehicle,
            jobs: Vec::new(),
            begins: Vec::new(),
            latest: Vec::new(),
            waits: Vec::new(),
            load: 0.0,
            end_s: problem.vehicles()[vehicle].ready_s,
        }
    }

    /// Jobs in order.
    pub(super) fn jobs(&self) -> &[usize] {
        &self.jobs
    }

    /// When each job begins, s.
    pub(super) fn begins(&self) -> &[f64] {
        &self.begins
    }

    /// When the vehicle is done, s; `None` if it has nothing to do.
    pub(super) fn end_s(&self) -> Option<f64> {
        (!self.jobs.is_empty()).then_some(self.end_s)
    }

    /// Time from ready to done, s.
    pub(super) fn duration_s(&self, problem: &RoutingProblem) -> f64 {
        self.end_s - problem.vehicles()[self.vehicle].ready_s
    }

    /// Way from a job to where the vehicle ends, s.
    fn home_s(&self, problem: &RoutingProblem, job: usize) -> f64 {
        let end = problem.vehicles()[self.vehicle].end;
        end.map_or(0.0, |end| {
            problem.travel_s(self.vehicle, problem.jobs()[job].place, end)
        })
    }

    /// When the vehicle can leave towards its `k`-th stop, s, and the place it leaves.
    fn leaves(&self, problem: &RoutingProblem, k: usize) -> (f64, usize) {
        match k.checked_sub(1) {
            None => {
                let vehicle = &problem.vehicles()[self.vehicle];
                (vehicle.ready_s, vehicle.start)
            }
            Some(k) => {
                let job = &problem.jobs()[self.jobs[k]];
                (self.begins[k] + job.service_s, job.place)
            }
        }
    }

    /// Works out all times anew.
    fn update(&mut self, problem: &RoutingProblem) {
        let jobs = problem.jobs();
        let vehicle = &problem.vehicles()[self.vehicle];
        let count = self.jobs.len();
        self.load = self.jobs.iter().map(|job| jobs[*job].demand).sum();
        self.begins.clear();
        self.waits.clear();
        for k in 0..count {
            let job = &jobs[self.jobs[k]];
            let (leaves, from) = self.leaves(problem, k);
            let arrives = leaves + problem.travel_s(self.vehicle, from, job.place);
            self.begins.push(arrives.max(job.opens_s));
            self.waits.push((job.opens_s - arrives).max(0.0));
        }
        self.latest.clear();
        self.latest.resize(count, 0.0);
        let mut deadline = vehicle.until_s;
        let mut waits = 0.0;
        for k in (0..count).rev() {
            let job = &jobs[self.jobs[k]];
            let way = match self.jobs.get(k + 1) {
                Some(next) => problem.travel_s(self.vehicle, job.place, jobs[*next].place),
                None => self.home_s(problem, self.jobs[k]),
            };
            deadline = (deadline - way - job.service_s).min(job.closes_s);
            self.latest[k] = deadline;
            waits += core::mem::replace(&mut self.waits[k], waits);
        }
        let (leaves, _) = self.leaves(problem, count);
        self.end_s = leaves
            + self
                .jobs
                .last()
                .map_or(0.0, |job| self.home_s(problem, *job));
    }

    /// Whether capacity, windows and the time of the vehicle hold.
    pub(super) fn holds(&self, problem: &RoutingProblem) -> bool {
        let vehicle = &problem.vehicles()[self.vehicle];
        let windows = self
            .begins
            .iter()
            .zip(&self.latest)
            .all(|(begins, latest)| begins <= latest);
        let done = self.jobs.is_empty() || self.end_s.is_finite() && self.end_s <= vehicle.until_s;
        windows && done && self.load <= vehicle.capacity
    }

    /// What inserting a job before the `k`-th stop does; `None` if it does not fit.
    pub(super) fn gap(&self, problem: &RoutingProblem, job: usize, k: usize) -> Option<Gap> {
        let (jobs, vehicle) = (problem.jobs(), &problem.vehicles()[self.vehicle]);
        let new = &jobs[job];
        let (leaves, from) = self.leaves(problem, k);
        let begins = (leaves + problem.travel_s(self.vehicle, from, new.place)).max(new.opens_s);
        if begins > new.closes_s || self.load + new.demand > vehicle.capacity {
            return None;
        }
        let done = begins + new.service_s;
        let later_s = if let Some(next) = self.jobs.get(k) {
            let next = &jobs[*next];
            let arrives = done + problem.travel_s(self.vehicle, new.place, next.place);
            if arrives > self.latest[k] {
                return None;
            }
            (arrives.max(next.opens_s) - self.begins[k] - self.waits[k]).max(0.0)
        } else {
            let end = done + self.home_s(problem, job);
            if end > vehicle.until_s {
                return None;
            }
            end - self.end_s
        };
        later_s.is_finite().then_some(Gap { before: k, later_s })
    }

    /// Inserts a job before the `k`-th stop.
    pub(super) fn insert(&mut self, problem: &RoutingProblem, job: usize, k: usize) {
        self.jobs.insert(k, job);
        self.update(problem);
    }

    /// Takes the stops of a range out if the rest holds without them (where ways are not the
    /// shortest ones it may not); answers with them.
    pub(super) fn remove(
        &mut self,
        problem: &RoutingProblem,
        range: core::ops::Range<usize>,
    ) -> Vec<usize> {
        let before = self.clone();
        let removed = self.jobs.drain(range).collect();
        self.update(problem);
        if self.holds(problem) {
            return removed;
        }
        *self = before;
        Vec::new()
    }
}
