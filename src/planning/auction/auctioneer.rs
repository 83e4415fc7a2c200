//! A post's side of an auction: what it calls out, what it hears, what is left. See [`Auctioneer`].

use std::collections::BTreeMap;

use bevy::prelude::Component;
use serde::{Deserialize, Serialize};

use super::{
    talk::{Bid, Call, Lot, Matter, Talk},
    tally::Tally,
};
use crate::{
    kernel::{assignment::Assigner, ids::UnitIx, time::SimTime},
    org::{OrderOfBattle, Planner},
    picture::BluePicture,
    planning::{
        algo::matching::Matching,
        engage,
        missions::{Means, TaskState},
        round::{Round, ask},
    },
    platform::emission::Levels,
};

/// How long an auction takes, s.
#[derive(Debug, Clone, Copy)]
struct Times {
    /// Until when offers count, or bids are exchanged.
    deadline_s: f64,
    /// For how much longer the post waits for word of who took what.
    report_s: f64,
}

impl Times {
    /// Notional, each half to twice: offers need one way and back over a loaded mesh of several hops,
    /// bids a few rounds; a target is gone sooner than a mission.
    fn of(planner: Planner, matter: Matter) -> Self {
        let (deadline_s, report_s) = match (planner, matter) {
            (Planner::Market, Matter::Parts) => (10.0, 0.0),
            (Planner::Market, Matter::Tracks) => (5.0, 0.0),
            (_, Matter::Parts) => (30.0, 15.0),
            (_, Matter::Tracks) => (12.0, 6.0),
        };
        Self {
            deadline_s,
            report_s,
        }
    }
}

/// An auction that is on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Auction {
    pub(super) number: u32,
    pub(super) call: Call,
    /// Whether the call is out.
    pub(super) is_called: bool,
    /// What the post believes the lots to be worth to units that may not answer.
    silent: BTreeMap<UnitIx, Vec<Bid>>,
    /// Offers of units.
    offers: BTreeMap<UnitIx, Vec<Bid>>,
    /// Who took each lot, and for how much.
    pub(super) taken: Vec<Option<(f64, UnitIx)>>,
}

/// A part of a mission that a unit has told of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) number: u32,
    pub(super) mission: usize,
    pub(super) stage: usize,
    pub(super) worth: f64,
}

/// What a post remembers of its auctions; only posts of sides that hold any have it.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct Auctioneer {
    /// What has reached it, and from whom.
    pub(super) inbox: Vec<(UnitIx, Talk)>,
    pub(super) running: Vec<Auction>,
    called: u32,
    /// Parts that units hold by their own word.
    pub(super) held: BTreeMap<UnitIx, Held>,
    /// Parts of units that it has given up since.
    lost: BTreeMap<UnitIx, Held>,
    /// Units that it had given up and has heard of again, each with the auction in which it took what
    /// others have been offered since.
    pub(super) returned: Vec<(UnitIx, u32)>,
    pub(super) tally: Tally,
}

/// Bids that a post believes units to have.
type Believed = Vec<(UnitIx, Vec<Bid>)>;

impl Auctioneer {
    /// What it has counted.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Whether an auction of tracks is on.
    pub(in crate::planning) fn is_at_fires(&self) -> bool {
        self.is_at(Matter::Tracks)
    }

    fn is_at(&self, matter: Matter) -> bool {
        self.running.iter().any(|it| it.call.matter == matter)
    }

    /// Offers the parts of missions that are open, unless it is at that already. Nothing is given out
    /// yet.
    pub(in crate::planning) fn call_parts(
        &mut self,
        post: UnitIx,
        (picture, state): (&BluePicture, &mut TaskState),
        now: SimTime,
        means: &Means<'_>,
    ) -> Round {
        let is_alive = |unit: UnitIx| {
            let entry = picture.get(unit);
            entry.is_some_and(|entry| means.is_alive(entry, now))
        };
        self.give_up(state, is_alive);
        if self.is_at(Matter::Parts) {
            return Round::default();
        }
        let asked = ask(post, picture, state, now, means);
        let bids = |row: usize| {
            let worth = |lot| asked.problem.worth(row, lot).map(|worth| (lot, worth));
            let bid = |(lot, worth)| Bid {
                lot,
                worth,
                effector: None,
            };
            (0..asked.parts.len()).filter_map(worth).map(bid).collect()
        };
        let units = asked.free.iter().map(|entry| entry.unit);
        let believed = units.enumerate().map(|(row, unit)| (unit, bids(row)));
        let believed = believed.collect();
        let lots = asked.parts.into_iter().map(Lot::Part).collect();
        self.open(
            (post, Matter::Parts),
            lots,
            believed,
            now,
            (means.order, means.plan),
        );
        Round::default()
    }

    /// Lets go of units that the post counts as lost, so that what they had is offered again, and notes
    /// who of them has been heard of again.
    fn give_up(&mut self, state: &mut TaskState, is_alive: impl Fn(UnitIx) -> bool) {
        state.assigned.retain(|unit, _| is_alive(*unit));
        let given = &state.assigned;
        let has_it = |unit: &UnitIx, held: &Held| {
            let given = given.get(unit);
            given.is_some_and(|given| given.mission == held.mission)
        };
        let gone = self.held.extract_if(.., |unit, held| !has_it(unit, held));
        self.lost.extend(gone.filter(|(unit, _)| !is_alive(*unit)));
        let back = self.lost.extract_if(.., |unit, _| is_alive(*unit));
        let back = back.map(|(unit, held)| (unit, held.number));
        self.returned.extend(back);
    }

    /// Offers tracks that may be engaged.
    pub(in crate::planning) fn call_tracks(
        &mut self,
        post: UnitIx,
        asked: &engage::Asked,
        now: SimTime,
        sides: (&OrderOfBattle, &Levels),
    ) {
        let mut believed = BTreeMap::<UnitIx, Vec<Bid>>::new();
        for (row, shooter) in asked.shooters.iter().enumerate() {
            let bids = believed.entry(shooter.unit).or_default();
            for lot in 0..asked.tracks.len() {
                let Some(worth) = asked.problem.worth(row, lot) else {
                    continue;
                };
                add_better(
                    bids,
                    Bid {
                        lot,
                        worth,
                        effector: Some(shooter.effector),
                    },
                );
            }
        }
        let lots = asked.tracks.iter().copied().map(Lot::Track).collect();
        self.open(
            (post, Matter::Tracks),
            lots,
            believed.into_iter().collect(),
            now,
            sides,
        );
    }

    /// Opens an auction of those lots that the post believes to be worth something to somebody, among
    /// those to whom they are.
    fn open(
        &mut self,
        (post, matter): (UnitIx, Matter),
        lots: Vec<Lot>,
        mut believed: Believed,
        now: SimTime,
        (order, levels): (&OrderOfBattle, &Levels),
    ) {
        for (_, bids) in &mut believed {
            bids.retain(|bid| bid.worth > 0.0);
        }
        believed.retain(|(_, bids)| !bids.is_empty());
        believed.sort_by_key(|(unit, _)| *unit);
        let is_wanted = |lot: usize| {
            let mut all = believed.iter().flat_map(|(_, bids)| bids);
            all.any(|bid| bid.lot == lot)
        };
        let kept: Vec<usize> = (0..lots.len()).filter(|lot| is_wanted(*lot)).collect();
        if kept.is_empty() {
            return;
        }
        let renumber = |bid: &mut Bid| bid.lot = kept.partition_point(|old| *old < bid.lot);
        for (_, bids) in &mut believed {
            bids.iter_mut().for_each(renumber);
        }
        let lots: Vec<Lot> = lots
            .into_iter()
            .enumerate()
            .filter(|(at, _)| kept.contains(at))
            .map(|(_, lot)| lot)
            .collect();
        let planner = order.side_of(post).planner;
        let times = Times::of(planner, matter);
        let deadline = now.plus_s(times.deadline_s);
        let bidders = believed.iter().map(|(unit, _)| *unit).collect();
        let is_mute = |(unit, _): &(UnitIx, _)| *unit != post && levels.is_silent(*unit);
        self.called += 1;
        self.tally.auctions += 1;
        self.tally.announced += lots.len() as u64;
        self.running.push(Auction {
            number: self.called,
            taken: vec![None; lots.len()],
            call: Call {
                planner,
                matter,
                lots,
                bidders,
                opened: now,
                deadline,
                closes: deadline.plus_s(times.report_s),
            },
            is_called: false,
            silent: believed.into_iter().filter(is_mute).collect(),
            offers: BTreeMap::new(),
        });
    }

    /// Takes the auctions that are over.
    pub(super) fn over(&mut self, now: SimTime) -> Vec<Auction> {
        let is_over = |it: &mut Auction| now >= it.call.closes;
        self.running.extract_if(.., is_over).collect()
    }
}

/// Notes a bid unless there is one at least as good for the lot.
pub(super) fn add_better(bids: &mut Vec<Bid>, bid: Bid) {
    match bids.iter_mut().find(|it| it.lot == bid.lot) {
        Some(known) if known.worth >= bid.worth => {}
        Some(known) => *known = bid,
        None => bids.push(bid),
    }
}

impl Auction {
    /// Notes an offer, if it comes in time.
    pub(super) fn offer(&mut self, from: UnitIx, mut bids: Vec<Bid>, now: SimTime) {
        if now <= self.call.deadline && self.call.bidders.contains(&from) {
            bids.retain(|bid| bid.lot < self.call.lots.len() && bid.worth.is_finite());
            self.offers.insert(from, bids);
        }
    }

    /// Who gets what of the lots that nobody took: the best matching of the offers that came in and of
    /// what the post believes of those who may not answer.
    pub(super) fn award(&self, assigner: &mut Assigner) -> Vec<(UnitIx, Bid)> {
        let mut rows = self.silent.clone();
        rows.extend(self.offers.iter().map(|(unit, bids)| (*unit, bids.clone())));
        let holders: Vec<UnitIx> = self.taken.iter().flatten().map(|(_, unit)| *unit).collect();
        rows.retain(|unit, _| !holders.contains(unit));
        let bid_of = |bids: &[Bid], lot: usize| {
            let own = bids.iter().find(|bid| bid.lot == lot).copied();
            own.filter(|_| self.taken[lot].is_none())
        };
        let lots = self.call.lots.len();
        let worths = rows
            .values()
            .flat_map(|bids| (0..lots).map(|lot| Some(bid_of(bids, lot)?.worth)));
        let problem = Matching {
            bidders: rows.len(),
            lots,
            worth: worths.collect(),
        };
        let matched = problem.exact(assigner).unwrap_or_default();
        let pairs = rows.iter().zip(matched.lot_of);
        pairs
            .filter_map(|((unit, bids), lot)| Some((*unit, bid_of(bids, lot?)?)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::planning::{algo::matching::Matched, slots::Slot};
    use proptest::prelude::*;

    /// An auction of parts among units, called by unit 9.
    fn auction(bidders: usize, lots: usize) -> Auction {
        let part = Slot {
            mission: 0,
            stage: 0,
            entry: glam::DVec2::ZERO,
            look: Vec::new(),
            face: None,
            layer: 0,
        };
        Auction {
            number: 1,
            call: Call {
                planner: Planner::Market,
                matter: Matter::Parts,
                lots: vec![Lot::Part(part); lots],
                bidders: (0..bidders).map(UnitIx::from_at).collect(),
                opened: SimTime::ZERO,
                deadline: SimTime::from_s(10.0),
                closes: SimTime::from_s(10.0),
            },
            is_called: true,
            silent: BTreeMap::new(),
            offers: BTreeMap::new(),
            taken: vec![None; lots],
        }
    }

    /// The bids of a row of a matching.
    fn row(problem: &Matching, row: usize) -> Vec<Bid> {
        let worth = |lot| Some((lot, problem.worth(row, lot)?));
        let bids = (0..problem.lots).filter_map(worth);
        bids.map(|(lot, worth)| Bid {
            lot,
            worth,
            effector: None,
        })
        .collect()
    }

    proptest! {
        #[test]
        fn offers_in_time_are_matched_exactly_and_late_ones_not_at_all(
            bidders in 1_usize..6,
            lots in 1_usize..6,
            late in 0_usize..6,
            numbers in prop::collection::vec(prop::option::weighted(0.8, 1_i32..20), 36),
        ) {
            let worth: Vec<_> = numbers[..bidders * lots].iter().map(|it| it.map(f64::from)).collect();
            let mut problem = Matching { bidders, lots, worth };
            let mut auction = auction(bidders, lots);
            for at in 0..bidders {
                let now = SimTime::from_s(if at == late { 10.1 } else { 9.0 });
                auction.offer(UnitIx::from_at(at), row(&problem, at), now);
            }
            if late < bidders {
                problem.worth[late * lots..][..lots].fill(None);
            }
            let mut assigner = Assigner::default();
            let Matched { objective, .. } = problem.exact(&mut assigner).unwrap();
            let award = auction.award(&mut assigner);
            let sum: f64 = award.iter().map(|(_, bid)| bid.worth).sum();
            prop_assert!((sum - objective).abs() < 1e-9);
            prop_assert!(award.iter().all(|(unit, _)| unit.at() != late));
        }
    }

    #[test]
    fn who_may_not_answer_gets_what_nobody_took() {
        let mut auction = auction(3, 2);
        let bid = |lot, worth| Bid {
            lot,
            worth,
            effector: None,
        };
        auction
            .silent
            .insert(UnitIx(2), vec![bid(0, 5.0), bid(1, 3.0)]);
        auction.taken[0] = Some((4.0, UnitIx(1)));
        let award = auction.award(&mut Assigner::default());
        assert_eq!(award, [(UnitIx(2), bid(1, 3.0))]);
    }
}
