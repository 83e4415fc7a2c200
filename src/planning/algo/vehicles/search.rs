//! Ruin and recreate. See [`route_vehicles`].

use super::plan::{Cost, Draft, VehiclePlan};
use super::problem::{Aim, RoutingProblem};
use super::route::{Gap, Route};
use crate::kernel::budget::Budget;
use crate::kernel::math::log;
use crate::kernel::random::{DrawKey, Draws, Stream};
use crate::planning::algo::draw_below;

/// Rounds of a cycle, at whose end the temperature is that of the start again.
const ROUNDS_PER_CYCLE: u64 = 2000;

/// Temperature at the start of a cycle, as a share of a route's mean time per job.
const HOTTEST: f64 = 1.0;

/// Longest string of jobs, and mean number of jobs, that a round removes.
const STRING: usize = 10;

/// Share of gaps that an insertion overlooks.
const BLINK: f64 = 0.01;

/// By what the worth of a job is multiplied, in one round or another: two jobs may be worth a way
/// that neither is worth alone.
const EAGERNESS: [f64; 4] = [1.0, 1.0, 2.5, 1e9];

/// Weight of total time where the aim is the makespan, so that vehicles that are not the last
/// dawdle neither.
const TOTAL_WEIGHT: f64 = 0.01;

/// A search under way.
struct Search<'a> {
    problem: &'a RoutingProblem,
    aim: Aim,
    draws: Draws,
    now: Draft,
}

/// Plans routes until the budget is out, or as soon as there is nothing to choose. Steps of the
/// budget are about a microsecond of work; equal budgets and seeds give equal plans. A job that
/// has to be done is missed only if no way was found to fit it in.
pub fn route_vehicles(
    problem: &RoutingProblem,
    aim: Aim,
    seed: u64,
    budget: &mut dyn Budget,
) -> VehiclePlan {
    let mut search = Search {
        problem,
        aim,
        draws: DrawKey::new(Stream::Search, 2, 0, 0).draws(seed),
        now: Draft::empty(problem),
    };
    let mut going = search.recreate(budget);
    if problem.jobs().is_empty() || problem.vehicles().is_empty() {
        return search.now.finish(problem, aim);
    }
    let mut best = (search.now.cost(problem, aim), search.now.clone());
    let mut cost = best.0;
    let mut round = 0;
    while going {
        let left = 1.0 - (round % ROUNDS_PER_CYCLE) as f64 / ROUNDS_PER_CYCLE as f64;
        if round % ROUNDS_PER_CYCLE == 0 {
            (cost, search.now) = best.clone();
        }
        let old = search.now.clone();
        search.ruin();
        going = search.recreate(budget) && budget.spend(1);
        let fresh = search.now.cost(problem, aim);
        if fresh < best.0 {
            best = (fresh, search.now.clone());
        }
        let mean = best.0.total_s / problem.jobs().len() as f64;
        let temperature = HOTTEST * mean * left * left * left;
        let allowed = search.weigh(cost) - temperature * log(1.0 - search.draws.uniform());
        if fresh.missed < cost.missed
            || fresh.missed == cost.missed && search.weigh(fresh) < allowed
        {
            cost = fresh;
        } else {
            search.now = old;
        }
        round += 1;
    }
    best.1.finish(problem, aim)
}

impl Search<'_> {
    /// Cost as one number, jobs missed apart.
    fn weigh(&self, cost: Cost) -> f64 {
        match self.aim {
            Aim::TotalTime => cost.cost_s,
            Aim::Makespan => cost.cost_s + TOTAL_WEIGHT * cost.total_s,
        }
    }

    /// Removes strings of jobs around a random one.
    fn ruin(&mut self) {
        let jobs = self.problem.jobs();
        let seed = draw_below(&mut self.draws, jobs.len());
        let way = |job: usize| self.problem.nearness_s(jobs[seed].place, jobs[job].place);
        let mut near: Vec<(f64, usize)> = (0..jobs.len()).map(|job| (way(job), job)).collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let longest = 1 + draw_below(&mut self.draws, STRING);
        let mut strings = 1 + draw_below(&mut self.draws, (4 * STRING / (1 + longest)).max(1));
        let mut ruined = vec![false; self.now.routes.len()];
        for (_, job) in near {
            let Some(at) = self.now.route_of[job].filter(|at| !ruined[*at]) else {
                continue;
            };
            let route = &mut self.now.routes[at];
            let place = route.jobs().iter().position(|other| *other == job);
            let place = place.expect("the job is in its route");
            let size = 1 + draw_below(&mut self.draws, longest.min(route.jobs().len()));
            let first = (place + 1).saturating_sub(size);
            let last = place.min(route.jobs().len() - size);
            let from = first + draw_below(&mut self.draws, last - first + 1);
            for removed in route.remove(self.problem, from..from + size) {
                self.now.route_of[removed] = None;
            }
            ruined[at] = true;
            strings -= 1;
            if strings == 0 {
                return;
            }
        }
    }

    /// Inserts jobs where they cost least, in random order or the hardest first; false when the
    /// budget is out.
    fn recreate(&mut self, budget: &mut dyn Budget) -> bool {
        let jobs = self.problem.jobs();
        let rule = draw_below(&mut self.draws, 4);
        let mut open: Vec<(bool, f64, usize)> = Vec::new();
        for job in (0..jobs.len()).filter(|job| self.now.route_of[*job].is_none()) {
            let first = |vehicle: &super::problem::Vehicle| vehicle.start;
            let start = self.problem.vehicles().first().map_or(0, first);
            let key = match rule {
                0 => self.draws.uniform(),
                1 => -jobs[job].demand - jobs[job].service_s,
                2 => -self.problem.nearness_s(start, jobs[job].place),
                _ => jobs[job].closes_s - jobs[job].opens_s,
            };
            open.push((jobs[job].worth_s.is_some(), key, job));
        }
        open.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let eagerness = EAGERNESS[draw_below(&mut self.draws, EAGERNESS.len())];
        for (_, _, job) in open {
            let mut looks = 1;
            let worth = jobs[job]
                .worth_s
                .map_or(f64::INFINITY, |worth| worth * eagerness);
            if let Some((at, gap)) = self.cheapest((job, worth), &mut looks) {
                self.now.routes[at].insert(self.problem, job, gap.before);
                self.now.route_of[job] = Some(at);
            }
            if !budget.spend(looks / 64) {
                return false;
            }
        }
        true
    }

    /// Where a job costs least, if that is less than it is worth.
    fn cheapest(&mut self, (job, worth): (usize, f64), looks: &mut u64) -> Option<(usize, Gap)> {
        let makespan = self.now.makespan_s();
        let mut best: Option<(f64, usize, Gap)> = None;
        for (at, route) in self.now.routes.iter().enumerate() {
            for k in 0..=route.jobs().len() {
                *looks += 1;
                let Some(gap) = route.gap(self.problem, job, k) else {
                    continue;
                };
                let cost = self.increase(route, gap, at, makespan);
                let better = best.as_ref().is_none_or(|(least, ..)| cost < *least);
                if better && cost < worth && self.draws.uniform() >= BLINK {
                    best = Some((cost, at, gap));
                }
            }
        }
        best.map(|(_, at, gap)| (at, gap))
    }

    /// By how much a job in a gap raises the cost.
    fn increase(&self, route: &Route, gap: Gap, at: usize, makespan: f64) -> f64 {
        match self.aim {
            Aim::TotalTime => gap.later_s,
            Aim::Makespan => {
                let ready = self.problem.vehicles()[at].ready_s;
                let end = route.end_s().unwrap_or(ready) + gap.later_s;
                (end - makespan).max(0.0) + TOTAL_WEIGHT * gap.later_s
            }
        }
    }
}
