//! A unit's part in one consensus: its agent, when it speaks, when it is at rest. See [`Session`].

use serde::{Deserialize, Serialize};

use super::talk::{AuctionId, Bid, Call, Matter};
use crate::{
    kernel::{
        ids::{UnitId, UnitIx},
        time::SimTime,
    },
    org::Planner,
    planning::algo::cbba::{Agent, Message, Tasks},
};

/// Time from round to round, or between two occasions of an agent that goes by its own time, s, of parts
/// and of tracks (notional, half to twice): a broadcast over a few hops, and what is in the queues.
const PERIOD_S: [f64; 2] = [2.0, 1.0];

/// Rounds without news after which an agent takes what it has won (notional, 2 to 5).
const QUIET_ROUNDS: u32 = 3;

/// Rounds or occasions after which what is not acknowledged is said again: an answer takes until the next
/// one. Less than [`QUIET_ROUNDS`], so that nobody takes a lot before saying again what may be lost.
const REPEAT_ROUNDS: u32 = 1;

/// A unit among those that agree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) id: AuctionId,
    pub(super) call: Call,
    /// What the lots are worth to the unit.
    bids: Vec<Bid>,
    agent: Agent,
    /// The last round or occasion that it took part in.
    last: u64,
    /// For how many it has heard nothing new and changed nothing.
    quiet: u32,
    /// How many it has been through until it came to rest.
    pub(super) rounds: u32,
    is_at_rest: bool,
    /// Whether it heard something new, or somebody that lacks its word, since it last spoke.
    has_to_speak: bool,
    /// The lot that it has taken.
    pub(super) took: Option<usize>,
}

impl Session {
    /// The part of a unit that was called and for which something is worth it.
    pub(super) fn new(
        id: AuctionId,
        call: Call,
        (unit, name): (UnitIx, UnitId),
        bids: Vec<Bid>,
        now: SimTime,
    ) -> Option<Self> {
        let own = call.bidders.iter().position(|it| *it == unit)?;
        let mut worths = vec![0.0; call.lots.len()];
        for bid in &bids {
            *worths.get_mut(bid.lot)? = bid.worth;
        }
        let agent = Agent::with_worths(worths, own, call.bidders.len(), Some(REPEAT_ROUNDS));
        let mut session = Self {
            id,
            call,
            bids,
            agent,
            last: 0,
            quiet: 0,
            rounds: 0,
            is_at_rest: false,
            has_to_speak: false,
            took: None,
        };
        session.last = session.occasion(name, now);
        Some(session)
    }

    /// The round, the same for all, or under `Acbba` the unit's own occasion.
    fn occasion(&self, name: UnitId, now: SimTime) -> u64 {
        let at = usize::from(self.call.matter == Matter::Tracks);
        let period = SimTime::from_s(PERIOD_S[at]).0.max(1);
        let shift = match self.call.planner {
            Planner::Acbba => name.0 % period,
            _ => 0,
        };
        (now.0.saturating_sub(self.call.opened.0) + shift) / period
    }

    /// Takes in what another says.
    pub(super) fn hear(&mut self, message: &Message) {
        let agents = self.call.bidders.len();
        let is_sound = |bidder: usize| bidder < agents;
        let words = message.words.iter();
        let is_whole = words
            .flat_map(|word| &word.claims)
            .all(|claim| claim.task < self.call.lots.len());
        if !is_whole
            || message.from == self.agent.id()
            || message.clocks.len() != agents
            || !message.words.iter().all(|word| is_sound(word.bidder))
        {
            return;
        }
        let known =
            |agent: &Agent| -> u64 { agent.heard().iter().map(|word| u64::from(word.clock)).sum() };
        let before = known(&self.agent);
        self.agent.on_message(message);
        let is_news = known(&self.agent) > before;
        if is_news {
            self.quiet = 0;
        }
        self.has_to_speak |= is_news || message.clocks[self.agent.id()] < self.agent.word().clock;
    }

    /// Takes part in a round if there is one; what it says then, if anything.
    pub(super) fn turn(&mut self, name: UnitId, now: SimTime) -> Option<Message> {
        let occasion = self.occasion(name, now);
        if occasion <= self.last {
            return None;
        }
        self.last = occasion;
        let (_, is_new) = self.agent.build(&Tasks::lots(self.call.lots.len()));
        self.quiet = if is_new { 0 } else { self.quiet + 1 };
        if is_new {
            self.is_at_rest = false;
        }
        if !self.is_at_rest {
            self.rounds += 1;
        }
        // Who is at rest answers, but does not repeat itself to those who never answer.
        let speaks = !self.is_at_rest || self.has_to_speak;
        self.has_to_speak = false;
        speaks.then(|| self.agent.message()).flatten()
    }

    /// Whether it has just come to rest: nothing was new for some rounds, or the time is over.
    pub(super) fn comes_to_rest(&mut self, now: SimTime) -> bool {
        let is_rested = self.rounds > 0 && self.quiet >= QUIET_ROUNDS || now >= self.call.deadline;
        let comes = is_rested && !self.is_at_rest;
        self.is_at_rest |= is_rested;
        comes
    }

    /// The lot that it has won, as far as it knows.
    pub(super) fn won(&self) -> Option<Bid> {
        let claim = self.agent.word().claims.first()?;
        self.bids.iter().find(|bid| bid.lot == claim.task).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::{algo::matching::Matching, auction::talk::Lot, slots::Slot};

    /// Sessions of some units about lots of these worths.
    fn sessions(planner: Planner, problem: &Matching) -> Vec<Session> {
        let part = Slot {
            mission: 0,
            stage: 0,
            entry: glam::DVec2::ZERO,
            look: Vec::new(),
            face: None,
            layer: 0,
        };
        let call = Call {
            planner,
            matter: Matter::Parts,
            lots: vec![Lot::Part(part); problem.lots],
            bidders: (0..problem.bidders).map(UnitIx::from_at).collect(),
            opened: SimTime::ZERO,
            deadline: SimTime::from_s(30.0),
            closes: SimTime::from_s(45.0),
        };
        let id = AuctionId {
            post: UnitIx(9),
            number: 1,
        };
        let bid = |row: usize, lot: usize| {
            let worth = problem.worth(row, lot)?;
            Some(Bid {
                lot,
                worth,
                effector: None,
            })
        };
        let of = |row: usize| {
            let bids = (0..problem.lots).filter_map(|lot| bid(row, lot)).collect();
            let who = (UnitIx::from_at(row), UnitId(row as u64 * 777_777));
            Session::new(id, call.clone(), who, bids, SimTime::ZERO).unwrap()
        };
        (0..problem.bidders).map(of).collect()
    }

    /// Runs sessions in steps of a tenth of a second, with messages a step under way; `passes` says
    /// whether one from a unit to another at a step arrives. Gives messages, and when the last of them
    /// came to rest, s.
    fn talk(
        sessions: &mut [Session],
        until_s: f64,
        passes: impl Fn(usize, usize, u64) -> bool,
    ) -> (u64, f64) {
        let (mut said, mut rested_s) = (0, 0.0);
        let mut step = 0_u64;
        while step as f64 * 0.1 < until_s {
            let now = SimTime(step * 100_000);
            let spoke: Vec<_> = (0..sessions.len())
                .filter_map(|at| sessions[at].turn(UnitId(at as u64 * 777_777), now))
                .collect();
            said += spoke.len() as u64;
            for session in &mut *sessions {
                if session.comes_to_rest(now) {
                    rested_s = now.as_s();
                }
            }
            for message in spoke {
                for (to, session) in sessions.iter_mut().enumerate() {
                    if to != message.from && passes(message.from, to, step) {
                        session.hear(&message);
                    }
                }
            }
            step += 1;
        }
        (said, rested_s)
    }

    /// Three units that all want the first lot most.
    fn crowded() -> Matching {
        Matching {
            bidders: 3,
            lots: 3,
            worth: [9.0, 6.0, 1.0, 8.0, 7.0, 1.0, 7.0, 6.5, 1.0]
                .map(Some)
                .to_vec(),
        }
    }

    fn lots(sessions: &[Session]) -> Vec<Option<usize>> {
        sessions.iter().map(|it| Some(it.won()?.lot)).collect()
    }

    #[test]
    fn who_hear_each_other_agree_before_the_deadline_and_then_fall_silent() {
        for planner in [Planner::Cbba, Planner::Acbba] {
            let problem = crowded();
            let mut agreed = sessions(planner, &problem);
            let (said, rested_s) = talk(&mut agreed, 29.0, |_, _, _| true);
            assert_eq!(lots(&agreed), problem.greedy().lot_of, "{planner:?}");
            assert!(
                rested_s > 0.0 && rested_s < 29.0,
                "{planner:?}: {rested_s} s"
            );
            assert!(said <= 3 * 8, "{planner:?}: {said} messages");
        }
    }

    #[test]
    fn a_split_that_heals_in_time_leaves_no_lot_to_two() {
        for planner in [Planner::Cbba, Planner::Acbba] {
            let problem = crowded();
            let mut split = sessions(planner, &problem);
            let heals = 200;
            talk(&mut split, 15.0, |from, to, step| {
                step >= heals || (from == 0) == (to == 0)
            });
            let both = lots(&split);
            assert_eq!(
                both[0], both[1],
                "the split did not hide them from each other"
            );
            let mut healed = sessions(planner, &problem);
            talk(&mut healed, 29.0, |from, to, step| {
                // A third is lost besides.
                let is_lost = (step / 10 + from as u64 + to as u64).is_multiple_of(3);
                !is_lost && (step >= 50 || (from == 0) == (to == 0))
            });
            assert_eq!(lots(&healed), problem.greedy().lot_of, "{planner:?}");
        }
    }
}
