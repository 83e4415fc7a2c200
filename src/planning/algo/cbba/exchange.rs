//! Exchange between agents after the auction: pairs share their tasks anew. See [`Trader`].
//!
//! What the greedy auction loses, pairs of agents win back: two agents pool their tasks, together
//! with tasks that nobody does, and share them in the best way there is for the two
//! (Sandholm 1998, "Contract types for satisficing task allocation": a multi-agent contract on the
//! pool instead of on single tasks). Turn follows turn as in a round-robin tournament, so that all
//! pairs of a turn trade at once and every pair meets once a lap; it ends when a lap brings nothing.
//! All of it is said in [`Word`]s, which reach everybody by way of neighbours:
//!
//! 1. An agent whose auction rests says on which bids. Once all words that it has say the same, no
//!    bid can change any more: a bid changes only for a newer bid of another, and a first one to
//!    change after having said so would need an earlier one.
//! 2. A turn begins for an agent once all words say that the turn before is over. The lower id of a
//!    pair works out the shares and says its own new path and its partner's; the partner takes it and
//!    says so. Until then nobody else may touch a task of the two: tasks that nobody does are dealt
//!    out to the pairs of a turn by their index.
//!
//! Every trade raises the sum, so it ends. It is serial by turns: a lap takes agents − 1 turns of
//! two messages across the network each, and one silent agent stops it (where it stops, the paths
//! are without conflicts but for a pair between offer and acceptance). Pools over ten tasks are
//! cut: of tasks that nobody does only as many are dealt as fit, and pairs with longer paths rest.

use super::agent::Agent;
use super::message::{Claim, Word};
use super::pair::{MOST_SHARED, share};
use super::problem::{AgentSpec, Tasks};

/// The least gain of a trade, as a share of what is traded.
const LEAST_GAIN: f64 = 1e-9;

/// What an agent does about exchanges, beside its [`Agent`].
#[derive(Clone, Debug, Default)]
pub struct Trader {
    /// Whether it has seen that all auctions rest.
    trades: bool,
    /// Whether a whole lap has brought nothing.
    is_done: bool,
}

impl Trader {
    /// Whether the agent still bids in the auction.
    #[must_use]
    pub fn is_bidding(&self) -> bool {
        !self.trades
    }

    /// Goes on as far as what the agent has heard allows; the work done, and whether its path has
    /// changed.
    pub fn act(&mut self, tasks: &Tasks, agent: &mut Agent) -> (u64, bool) {
        if !self.trades {
            let resting = (fingerprint(agent), agent.spec());
            agent.restate(|word| word.trade.rests_on = Some(resting));
            let rests = |word: &Word| word.trade.rests_on.is_some_and(|(on, _)| on == resting.0);
            self.trades = agent.heard().iter().all(|word| rests(word));
        }
        let turn = agent.word().trade.turns;
        let all_here = agent.heard().iter().all(|word| word.trade.turns >= turn);
        if !self.trades || self.is_done || !all_here {
            return (1, false);
        }
        let lap = u32::try_from(agent.heard().len() | 1).unwrap_or(u32::MAX);
        let traded_in = agent.heard().iter().map(|word| word.trade.traded_in).max();
        if turn > traded_in.unwrap_or(0).saturating_add(lap) {
            self.is_done = true;
            return (1, false);
        }
        match partner(agent.heard().len(), turn, agent.id()) {
            None => (1, finish(agent, None, None)),
            Some(other) if agent.id() < other => propose(tasks, agent, other),
            Some(other) => accept(tasks, agent, other),
        }
    }
}

/// A number that tells states of the auction apart: FNV-1a over the counts of bids.
fn fingerprint(agent: &Agent) -> u64 {
    let octets = agent
        .heard()
        .iter()
        .flat_map(|word| word.rebids.to_le_bytes());
    octets.fold(0xcbf2_9ce4_8422_2325, |hash, octet| {
        (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Whom an agent meets in a turn: the circle method of round-robin tournaments.
pub(super) fn partner(agents: usize, turn: u32, id: usize) -> Option<usize> {
    // With an odd number of agents a further one, whom one meets when one has a turn off.
    let seats = agents + agents % 2;
    let circle = seats.checked_sub(1).filter(|&circle| circle > 0)?;
    let turn = turn as usize % circle;
    let fixed = circle;
    let other = if id == fixed {
        // The one whose opposite is itself.
        (0..circle).find(|&at| (2 * at + circle - turn).is_multiple_of(circle))?
    } else {
        let opposite = (turn + circle - id % circle) % circle;
        if opposite == id { fixed } else { opposite }
    };
    (other < agents).then_some(other)
}

/// Works out the shares of itself and its partner, and says them if they are better.
fn propose(tasks: &Tasks, agent: &mut Agent, other: usize) -> (u64, bool) {
    let theirs = &agent.heard()[other];
    let Some((_, spec)) = theirs.trade.rests_on else {
        return (1, false);
    };
    let claims = agent.word().claims.iter().chain(&theirs.claims);
    let mut pool: Vec<usize> = claims.clone().map(|claim| claim.task).collect();
    let before: f64 = claims.map(|claim| claim.bid).sum();
    let spare = MOST_SHARED.saturating_sub(pool.len());
    pool.extend(dealt(tasks, agent, other).take(spare));
    let mut work = pool.len() as u64;
    let mut found = None;
    if pool.len() <= MOST_SHARED {
        let (value, paths, labels) = share(tasks, [&agent.spec(), &spec], &pool);
        work += labels;
        found = (value > before + LEAST_GAIN * (1.0 + before)).then_some(paths);
    }
    let Some([own, offer]) = found else {
        return (work, finish(agent, None, None));
    };
    let claims = bids(tasks, &agent.spec(), &own);
    (work, finish(agent, Some(claims), Some(offer)))
}

/// Says that it has been through a turn: with new claims, if it traded. True if it did.
fn finish(agent: &mut Agent, claims: Option<Vec<Claim>>, offer: Option<Vec<usize>>) -> bool {
    let traded = claims.is_some();
    agent.restate(|word| {
        word.trade.turns += 1;
        word.trade.offer = offer;
        word.trade.released.clear();
        let Some(claims) = claims else {
            return;
        };
        word.trade.traded_in = word.trade.turns;
        let old = std::mem::replace(&mut word.claims, claims);
        let kept = |task: usize| word.claims.iter().any(|claim| claim.task == task);
        let gone = old
            .into_iter()
            .map(|claim| claim.task)
            .filter(|&task| !kept(task));
        word.trade.released = gone.collect();
    });
    traded
}

/// Tasks that nobody does and that this pair may use in this turn.
fn dealt(tasks: &Tasks, agent: &Agent, other: usize) -> impl Iterator<Item = usize> {
    let turn = agent.word().trade.turns;
    let agents = agent.heard().len();
    let leads = |id: &usize| partner(agents, turn, *id).is_some_and(|with| *id < with);
    let pairs = (0..agents).filter(leads).count();
    let own = (0..agent.id().min(other)).filter(leads).count();
    let mut done = vec![false; tasks.specs().len()];
    for word in agent.heard() {
        word.claims.iter().for_each(|claim| done[claim.task] = true);
        let offer = word.trade.offer.iter().flatten();
        offer.for_each(|&task| done[task] = true);
        if word.trade.turns > turn {
            word.trade
                .released
                .iter()
                .for_each(|&task| done[task] = true);
        }
    }
    let free = done.into_iter().enumerate().filter(|&(_, done)| !done);
    let mine = move |task: &usize| (task + turn as usize) % pairs.max(1) == own;
    free.map(|(task, _)| task).filter(mine)
}

/// Takes what its partner says, once it has said it.
fn accept(tasks: &Tasks, agent: &mut Agent, other: usize) -> (u64, bool) {
    let turn = agent.word().trade.turns;
    let theirs = &agent.heard()[other].trade;
    if theirs.turns <= turn {
        return (1, false);
    }
    let claims = theirs
        .offer
        .as_ref()
        .map(|path| bids(tasks, &agent.spec(), path));
    (1, finish(agent, claims, None))
}

/// What a path says in bids.
fn bids(tasks: &Tasks, agent: &AgentSpec, path: &[usize]) -> Vec<Claim> {
    let visits = tasks.schedule(agent, path).unwrap_or_default();
    let claim = |visit: super::Visit| Claim {
        task: visit.task,
        bid: visit.value,
    };
    visits.into_iter().map(claim).collect()
}
