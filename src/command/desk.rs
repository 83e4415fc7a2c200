//! Authorisation desks: a queue of proposals before a few people. See [`DeskPlugin`].
//!
//! Proposals are taken in order of arrival; each takes an operator a drawn time; what waits longer
//! than the desk's limit lapses. Against a perishable queue with exponential times this is Erlang A.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use serde::{Deserialize, Serialize};

use super::{authorisation::authorise, ledger::Ledger};
use crate::{
    engagement::{FireOrder, Recall},
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        random::{DrawKey, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{FuseSystems, Phase, SimTick},
        time::{Clock, SimTime},
    },
    org::{DeskRules, OrderOfBattle},
    picture::{BlueEntry, BluePicture, TrackStore},
    planning::proposal::{Decision, Proposal, Ruling},
    platform::damage::Damage,
    wire::{Audience, Delivered, MessageSizes, Outbox, Posted, Precedence},
};

/// Share of cases in which an attentive operator refuses what the rules would allow (notional, 0 to
/// 0.1).
const CAUTION: f64 = 0.02;

/// Age of a track at which leave to fire on it is taken back, s (notional, 60 to 300).
const STALE_S: f64 = 150.0;

/// Distance from the aim within which no friend and nobody identified as not hostile may be believed
/// to be, m (notional, 50 to 300).
const CLEAR_M: f64 = 150.0;

/// A proposal on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Case {
    proposal: Proposal,
    arrived: SimTime,
}

/// Leave that was given and is still good.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Live {
    order: FireOrder,
}

/// One desk: what waits, what is being decided, what was allowed.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct DeskState {
    waiting: Vec<Case>,
    deciding: Vec<(SimTime, Case)>,
    live: Vec<Live>,
    /// Seconds that operators spent deciding.
    pub busy_s: f64,
}

/// What became of a proposal, for those who count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruled {
    /// Desk.
    pub desk: UnitIx,
    /// The proposal.
    pub proposal: Proposal,
    /// What became of it.
    pub ruling: Ruling,
    /// When.
    pub at: SimTime,
    /// Time from arrival on the desk, s.
    pub waited_s: f64,
}

/// Proposals that arrive go on the desk.
fn receive(
    index: Res<'_, UnitIndex>,
    proposals: Res<'_, Delivered<Proposal>>,
    mut desks: Query<'_, '_, &mut DeskState>,
) {
    for delivery in proposals.read() {
        if let Ok(mut desk) = desks.get_mut(index.entity(delivery.to)) {
            desk.waiting.push(Case {
                proposal: delivery.body,
                arrived: delivery.at,
            });
        }
    }
}

/// Where a desk writes to.
struct Post<'a> {
    orders: &'a mut Outbox<FireOrder>,
    decisions: &'a mut Outbox<Decision>,
    recalls: &'a mut Outbox<Recall>,
    ruled: &'a mut Buffer<Ruled>,
    ledger: &'a mut Ledger,
    sizes: &'a MessageSizes,
}

/// One desk in one tick.
struct Sitting<'a> {
    desk: UnitIx,
    rules: &'a DeskRules,
    now: SimTime,
    until: SimTime,
    seed: u64,
    index: &'a UnitIndex,
}

impl Sitting<'_> {
    /// The outside of a message from this desk.
    fn posted(&self, to: UnitIx, size_bytes: u32, at: SimTime) -> Posted {
        Posted {
            author: (self.index.id(self.desk), self.desk),
            audience: Audience::Unit(to),
            precedence: Precedence::Flash,
            size_bytes,
            created: at,
            valid_s: self.rules.authorisation_valid_s.max(30.0),
        }
    }

    /// Lets lapse what has waited too long.
    fn lapse(&self, state: &mut DeskState, post: &mut Post<'_>) {
        let (lapsed, kept): (Vec<Case>, Vec<Case>) = state
            .waiting
            .iter()
            .copied()
            .partition(|case| self.now.since_s(case.arrived) > self.rules.proposal_valid_s);
        state.waiting = kept;
        for case in lapsed {
            self.rule(&case, Ruling::Lapsed, self.now, post);
        }
    }

    /// Free operators take the next cases.
    fn begin(&self, state: &mut DeskState) {
        let seats = (self.rules.operators as usize).saturating_sub(state.deciding.len());
        let taken = seats.min(state.waiting.len());
        let id = self.index.id(self.desk).0;
        for case in state.waiting.drain(..taken) {
            let takes_s = self.rules.service.draw_s(self.seed, id, case.proposal.id);
            let begun = self.now.max(case.arrived);
            state.busy_s += takes_s;
            state.deciding.push((begun.plus_s(takes_s), case));
        }
    }

    /// Operators that are done rule.
    fn finish(
        &self,
        state: &mut DeskState,
        (store, picture): (&TrackStore, &BluePicture),
        post: &mut Post<'_>,
    ) {
        let (done, busy): (Vec<_>, Vec<_>) = state
            .deciding
            .iter()
            .copied()
            .partition(|(at, _)| *at < self.until);
        state.deciding = busy;
        for (at, case) in done {
            let proposal = &case.proposal;
            if !self.approves(proposal, store, picture) {
                self.rule(&case, Ruling::Refused, at, post);
                continue;
            }
            let order = authorise(proposal, self.desk, self.rules, self.now);
            post.ledger.enter(*order.authorisation());
            state.live.push(Live { order });
            post.orders.post(
                self.posted(proposal.shooter, post.sizes.fires_bytes, self.now),
                order,
            );
            self.rule(&case, Ruling::Authorised, at, post);
        }
    }

    /// Whether somebody who is not to be hit is believed to be close to the aim.
    fn endangers(&self, proposal: &Proposal, store: &TrackStore, picture: &BluePicture) -> bool {
        let aim = proposal.position + proposal.velocity * self.now.since_s(proposal.as_of);
        let is_near = |place: glam::DVec2| place.distance(aim) < CLEAR_M;
        let friend = |entry: &&BlueEntry| entry.unit != proposal.shooter;
        let mut friends = picture.entries().iter().filter(friend);
        let mut others = store
            .tracks()
            .iter()
            .filter(|track| track.confirmed && track.hostile_llr < 0.0);
        friends.any(|entry| is_near(entry.position_at(self.now).truncate()))
            || others.any(|track| is_near(track.at(self.now.max(track.updated)).position_m))
    }

    /// What an operator concludes from the proposal and the desk's own picture.
    fn approves(&self, proposal: &Proposal, store: &TrackStore, picture: &BluePicture) -> bool {
        if self.endangers(proposal, store, picture) {
            return false;
        }
        let is_sure = match store.get(proposal.track.number) {
            _ if proposal.confidence < self.rules.accept_confidence => false,
            Some(track) if proposal.track.node == self.desk => {
                !track.is_wreck() && track.hostile_confidence() >= self.rules.accept_confidence
            }
            // Without a track of its own the operator goes by what was proposed: under the oracle.
            _ => true,
        };
        let id = self.index.id(self.desk).0;
        let key = DrawKey::new(Stream::Decision, id, proposal.id, 0);
        is_sure && key.uniform(self.seed) >= CAUTION
    }

    /// Takes leave back where the desk no longer believes in it: the track has turned into a wreck, is
    /// not hostile any more, is gone or merged into another, has not been seen for long, or has jumped
    /// out of the area, as it does when two tracks are swapped.
    fn recall(&self, state: &mut DeskState, store: &TrackStore, post: &mut Post<'_>) {
        let believes = |order: &FireOrder| {
            let allowed = order.authorisation();
            store.get(allowed.track.number).is_some_and(|track| {
                let there = track.at(self.now.max(track.updated)).position_m;
                !track.is_wreck()
                    && track.hostile_confidence() >= 0.5
                    && self.now.since_s(track.updated) <= STALE_S
                    && allowed.allows(there, self.now)
            })
        };
        state.live.retain(|live| {
            let allowed = live.order.authorisation();
            if self.now > allowed.until {
                return false;
            }
            let keeps = post.ledger.is_oracle() || believes(&live.order);
            if !keeps {
                let posted = self.posted(allowed.shooter, post.sizes.fires_bytes, self.now);
                post.recalls.post(
                    posted,
                    Recall {
                        authorisation: allowed.id,
                    },
                );
            }
            keeps
        });
    }

    /// Tells the post that proposed, and those who count.
    fn rule(&self, case: &Case, ruling: Ruling, at: SimTime, post: &mut Post<'_>) {
        let proposal = case.proposal;
        let decision = Decision {
            proposal: proposal.id,
            ruling,
        };
        post.decisions.post(
            self.posted(proposal.post, post.sizes.fires_bytes, self.now),
            decision,
        );
        let waited_s = at.since_s(case.arrived);
        post.ruled.write(Ruled {
            desk: self.desk,
            proposal,
            ruling,
            at,
            waited_s,
        });
    }
}

/// Every desk works for one tick.
fn sit(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    (order, sizes): (Res<'_, OrderOfBattle>, Res<'_, MessageSizes>),
    (mut orders, mut decisions, mut recalls): (
        ResMut<'_, Outbox<FireOrder>>,
        ResMut<'_, Outbox<Decision>>,
        ResMut<'_, Outbox<Recall>>,
    ),
    (mut ruled, mut ledger): (ResMut<'_, Buffer<Ruled>>, ResMut<'_, Ledger>),
    mut desks: Query<'_, '_, (&mut DeskState, &TrackStore, &BluePicture, &Damage)>,
) {
    let mut post = Post {
        orders: &mut orders,
        decisions: &mut decisions,
        recalls: &mut recalls,
        ruled: &mut ruled,
        ledger: &mut ledger,
        sizes: &sizes,
    };
    for (desk, rules) in &order.desks {
        let Ok((mut state, store, picture, damage)) = desks.get_mut(index.entity(*desk)) else {
            continue;
        };
        if damage.is_destroyed() {
            continue;
        }
        let sitting = Sitting {
            desk: *desk,
            rules,
            now: clock.now(),
            until: clock.next(),
            seed: seed.0,
            index: &index,
        };
        if !(state.waiting.is_empty() && state.deciding.is_empty() && state.live.is_empty()) {
            sitting.lapse(&mut state, &mut post);
            sitting.begin(&mut state);
            sitting.finish(&mut state, (store, picture), &mut post);
            sitting.recall(&mut state, store, &mut post);
        }
    }
}

/// Desks sit in the phase `Command`.
#[derive(Debug)]
pub struct DeskPlugin;

impl Plugin for DeskPlugin {
    fn build(&self, app: &mut App) {
        app.add_buffer::<Ruled>()
            .register_state::<DeskState>()
            .add_systems(SimTick, sit.in_set(Phase::Command))
            .add_systems(SimTick, receive.in_set(FuseSystems::Receive));
    }
}
