//! Networks for agents to talk over: rounds, topologies, loss, delay, partitions. See [`run`].

use std::collections::BTreeMap;
use std::sync::Arc;

use super::agent::Agent;
use super::exchange::Trader;
use super::message::{Claim, Message};
use super::problem::{AgentSpec, Problem, Visit};
use crate::kernel::budget::Budget;
use crate::kernel::random::{DrawKey, Draws, Stream};
use crate::planning::algo::draw_below;

/// Who hears whom: for each agent its neighbours.
pub type Links = Vec<Vec<usize>>;

/// Neighbours of each of `agents`, where `joined(a, b)` says for `a < b` whether they hear each other.
pub fn links(agents: usize, joined: impl Fn(usize, usize) -> bool) -> Links {
    let hears = |a: usize, b: usize| a != b && joined(a.min(b), a.max(b));
    let of = |a| (0..agents).filter(|&b| hears(a, b)).collect();
    (0..agents).map(of).collect()
}

/// The longest of the shortest ways between two agents, in hops; `None` if some cannot be reached.
#[must_use]
pub fn diameter(links: &Links) -> Option<usize> {
    let mut longest = 0;
    for start in 0..links.len() {
        let mut hops = vec![usize::MAX; links.len()];
        hops[start] = 0;
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(at) = queue.pop_front() {
            for &next in &links[at] {
                if hops[next] == usize::MAX {
                    hops[next] = hops[at] + 1;
                    queue.push_back(next);
                }
            }
        }
        longest = hops.into_iter().fold(longest, usize::max);
    }
    (longest < usize::MAX).then_some(longest)
}

/// How a network treats messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Conditions {
    /// Probability that a message does not reach a neighbour.
    pub loss: f64,
    /// Longest delay of a message, ticks; each takes from one to this.
    pub longest_delay: u32,
    /// Most ticks between two occasions to send; each agent has its own, from one to this.
    pub longest_period: u32,
    /// From which tick until before which the network is split into halves.
    pub split: Option<(u32, u32)>,
    /// Ticks after which it is given up.
    pub most_ticks: u32,
    /// Seed of all of it.
    pub seed: u64,
}

impl Conditions {
    /// Rounds: everybody sends once a tick, and everything arrives before the next.
    pub const ROUNDS: Self = Self {
        loss: 0.0,
        longest_delay: 1,
        longest_period: 1,
        split: None,
        most_ticks: u32::MAX,
        seed: 0,
    };

    /// Whether a message may get lost.
    fn is_lossy(&self) -> bool {
        self.loss > 0.0 || self.split.is_some()
    }
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Path of each agent, with bids: without conflicts, even if agents still disagreed when the
    /// budget or the ticks ran out.
    pub paths: Vec<Vec<Claim>>,
    /// Sum of the bids.
    pub score: f64,
    /// The last tick after which an agent changed its bids; in rounds: how many rounds were needed.
    pub changed_at: u32,
    /// The last tick in which anything was sent or under way.
    pub ticks: u32,
    /// Transmissions, each to all neighbours of its sender.
    pub messages: u64,
    /// Receptions.
    pub received: u64,
    /// Octets sent, counted once a transmission.
    pub bytes: u64,
    /// Whether nobody had anything more to say.
    pub is_quiet: bool,
    /// Tasks that more than one agent claimed at the end.
    pub conflicts: usize,
}

/// Runs one agent for each of the problem's, linked like this, until nobody has anything to say.
///
/// With `exchange`, agents trade after the auction has come to rest; see [`super::exchange`].
pub fn run(
    problem: &Problem,
    links: &Links,
    conditions: &Conditions,
    exchange: bool,
    budget: &mut dyn Budget,
) -> Outcome {
    let retry = conditions.is_lossy() || conditions.longest_delay > 1;
    let retry_after = retry.then_some(2 * conditions.longest_delay);
    let mut network = Network::new(problem, links, conditions, retry_after, exchange);
    let mut found = Outcome::default();
    let mut left = network.agents.iter_mut().all(|agent| {
        let (work, _) = agent.build(problem.tasks());
        budget.spend(work)
    });
    let mut tick = 0;
    while left && tick < conditions.most_ticks && !network.is_quiet() {
        tick += 1;
        network.send(tick, &mut found);
        network.receive(tick, &mut found);
        left = network.build(problem, tick, budget, &mut found);
        found.ticks = tick;
    }
    found.is_quiet = network.is_quiet();
    settle(problem, &network.agents, &mut found);
    found
}

/// Agents and what is under way between them.
struct Network<'a> {
    /// Who hears whom.
    links: &'a Links,
    /// How messages fare.
    conditions: &'a Conditions,
    /// The agents.
    agents: Vec<Agent>,
    /// What they do once the auction rests, if they trade.
    traders: Vec<Trader>,
    /// First tick and period of each agent's occasions to send.
    occasions: Vec<(u32, u32)>,
    /// On which side of a split each agent is.
    sides: Vec<bool>,
    /// What arrives when: receiver and message.
    under_way: BTreeMap<u32, Vec<(usize, Arc<Message>)>>,
    /// Loss and delay.
    draws: Draws,
}

impl<'a> Network<'a> {
    /// Agents before anything was said.
    fn new(
        problem: &Problem,
        links: &'a Links,
        conditions: &'a Conditions,
        retry_after: Option<u32>,
        exchange: bool,
    ) -> Self {
        let count = problem.agents().len();
        let mut draws = DrawKey::new(Stream::Link, 0, 0, 0).draws(conditions.seed);
        let agent = |(id, spec): (usize, &AgentSpec)| {
            Agent::new(problem.tasks(), id, *spec, count, &links[id], retry_after)
        };
        let mut period = || {
            let period = 1 + below(&mut draws, conditions.longest_period);
            (1 + below(&mut draws, period), period)
        };
        let occasions = (0..count).map(|_| period()).collect();
        let mut drawn: Vec<(f64, usize)> = (0..count).map(|id| (draws.uniform(), id)).collect();
        drawn.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sides = vec![false; count];
        drawn[..count / 2]
            .iter()
            .for_each(|&(_, id)| sides[id] = true);
        Self {
            links,
            conditions,
            agents: problem.agents().iter().enumerate().map(agent).collect(),
            traders: match exchange {
                true => vec![Trader::default(); count],
                false => Vec::new(),
            },
            occasions,
            sides,
            under_way: BTreeMap::new(),
            draws,
        }
    }

    /// Whether nothing is under way and nobody has anything to say.
    fn is_quiet(&self) -> bool {
        self.under_way.is_empty() && self.agents.iter().all(Agent::is_quiet)
    }

    /// Whether an agent acts in a tick.
    fn acts(&self, id: usize, tick: u32) -> bool {
        let (first, period) = self.occasions[id];
        tick >= first && (tick - first).is_multiple_of(period)
    }

    /// Lets those send whose occasion it is.
    fn send(&mut self, tick: u32, found: &mut Outcome) {
        let is_split = self
            .conditions
            .split
            .is_some_and(|(from, to)| from <= tick && tick < to);
        for id in 0..self.agents.len() {
            if !self.acts(id, tick) {
                continue;
            }
            let Some(message) = self.agents[id].message() else {
                continue;
            };
            found.messages += 1;
            found.bytes += message.bytes() as u64;
            let message = Arc::new(message);
            for &to in &self.links[id] {
                let is_lost =
                    self.conditions.loss > 0.0 && self.draws.uniform() < self.conditions.loss;
                if is_lost || is_split && self.sides[id] != self.sides[to] {
                    continue;
                }
                let arrives = tick + below(&mut self.draws, self.conditions.longest_delay);
                let letters = self.under_way.entry(arrives).or_default();
                letters.push((to, Arc::clone(&message)));
            }
        }
    }

    /// Delivers what arrives in a tick.
    fn receive(&mut self, tick: u32, found: &mut Outcome) {
        for (to, message) in self.under_way.remove(&tick).unwrap_or_default() {
            found.received += 1;
            self.agents[to].on_message(&message);
        }
    }

    /// Lets those think whose occasion it is; false once the budget is spent.
    fn build(
        &mut self,
        problem: &Problem,
        tick: u32,
        budget: &mut dyn Budget,
        found: &mut Outcome,
    ) -> bool {
        for id in 0..self.agents.len() {
            if !self.acts(id, tick) {
                continue;
            }
            let mut work = 1;
            let mut has_changed = false;
            if self.traders.get(id).is_none_or(Trader::is_bidding) {
                let (built, is_new) = self.agents[id].build(problem.tasks());
                (work, has_changed) = (work + built, is_new);
            }
            if let Some(trader) = self.traders.get_mut(id) {
                let (traded, is_new) = trader.act(problem.tasks(), &mut self.agents[id]);
                (work, has_changed) = (work + traded, has_changed || is_new);
            }
            if has_changed {
                found.changed_at = tick;
            }
            if !budget.spend(work) {
                return false;
            }
        }
        true
    }
}

/// A whole number from zero to below `limit`, zero if that is zero.
fn below(draws: &mut Draws, limit: u32) -> u32 {
    let drawn = draw_below(draws, usize::try_from(limit).unwrap_or(usize::MAX));
    u32::try_from(drawn).unwrap_or(limit)
}

/// Writes down the paths; where agents disagree, the best bid has the task.
fn settle(problem: &Problem, agents: &[Agent], found: &mut Outcome) {
    let mut owner: Vec<Option<(f64, usize)>> = vec![None; problem.tasks().specs().len()];
    let mut conflicts = std::collections::BTreeSet::new();
    for agent in agents {
        for claim in &agent.word().claims {
            let owner = &mut owner[claim.task];
            if owner.is_some() {
                conflicts.insert(claim.task);
            }
            if owner.is_none_or(|(bid, _)| claim.bid > bid) {
                *owner = Some((claim.bid, agent.id()));
            }
        }
    }
    let owns =
        |agent: &Agent, claim: &Claim| owner[claim.task].is_some_and(|(_, id)| id == agent.id());
    let path = |agent: &Agent| -> Vec<Claim> {
        let all = &agent.word().claims;
        let own: Vec<Claim> = all.iter().copied().filter(|it| owns(agent, it)).collect();
        if own.len() == all.len() {
            return own;
        }
        // What loses a task to somebody else begins the ones behind it sooner.
        let tasks: Vec<usize> = own.iter().map(|claim| claim.task).collect();
        let spec = &problem.agents()[agent.id()];
        let visits = problem.tasks().schedule(spec, &tasks).unwrap_or_default();
        let claim = |visit: Visit| Claim {
            task: visit.task,
            bid: visit.value,
        };
        visits.into_iter().map(claim).collect()
    };
    found.paths = agents.iter().map(path).collect();
    found.score = found.paths.iter().flatten().map(|claim| claim.bid).sum();
    found.conflicts = conflicts.len();
}
