//! Authorisation desks: a queue of proposals before a few people. See [`DeskPlugin`].
//!
//! Proposals are taken in order of arrival; each takes an operator a drawn time; what waits longer
//! than the desk's limit lapses. Against a perishable queue with exponential times this is Erlang A.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{
    approval::{Appraisal, CAUTION, OwnBelief, endangers},
    authorisation::authorise,
    ledger::Ledger,
    person::{DeskInput, WaitingCase},
    ruled::{Authoriser, Judged, Ruled},
};
use crate::{
    engagement::{Aim, Authorisation, FireOrder, Recall, Renewal},
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        random::{DrawKey, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{FuseSystems, Phase, SimTick},
        time::{Clock, SimTime},
    },
    org::{DeskRules, OrderOfBattle},
    picture::{BluePicture, TrackStore},
    planning::{
        fire_control::FireControl,
        oracle::OracleViews,
        proposal::{Decision, Proposal, Ruling},
        view::TrackView,
    },
    platform::{class::Fire, damage::Damage, stores::EffectorIx, vehicle::Fleet},
    wire::{Audience, Delivered, MessageSizes, Outbox, Posted, Precedence},
};

/// Age of a track at which leave to fire on it is taken back, s (notional, 60 to 300).
const STALE_S: f64 = 150.0;

/// Distance from the aim within which no friend and nobody identified as not hostile may be believed
/// to be, for weapons that are aimed at what they see, m (notional, 50 to 300).
const CLEAR_M: f64 = 150.0;

/// The same for shells, which fall where people were when they were fired, m (notional, 300 to 750:
/// the order of what gunners call danger close).
const CLEAR_SHELLS_M: f64 = 400.0;

/// A proposal on the desk.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Case {
    proposal: Proposal,
    arrived: SimTime,
    /// When it lapses if nobody has taken it.
    until: SimTime,
}

/// Renewals of live leave within the time after which silence voids it: so many may be lost.
const RENEWALS: f64 = 4.0;

/// Leave that was given and is still good.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Live {
    order: FireOrder,
    /// When the shooter was last told.
    told: SimTime,
}

/// One desk: what waits, what is being decided, what was allowed.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct DeskState {
    waiting: Vec<Case>,
    deciding: Vec<(SimTime, Case)>,
    live: Vec<Live>,
    /// Whether a person decides instead of the simulated operators.
    is_person: bool,
    /// Seconds that operators spent deciding.
    pub busy_s: f64,
}

impl DeskState {
    /// What waits for a person at this desk; nothing where simulated operators decide.
    pub fn waiting_cases(&self, desk: UnitIx) -> impl Iterator<Item = WaitingCase> + '_ {
        let waiting = self.waiting.iter().filter(|_| self.is_person);
        waiting.map(move |case| WaitingCase {
            desk,
            proposal: case.proposal,
            arrived: case.arrived,
            until: case.until,
        })
    }

    /// Proposals that wait although every one of so many operators is at another.
    #[must_use]
    pub fn queue(&self, operators: usize) -> usize {
        let free = operators.saturating_sub(self.deciding.len());
        self.waiting.len().saturating_sub(free)
    }

    /// Whether a person decides here.
    #[must_use]
    pub fn is_person(&self) -> bool {
        self.is_person
    }

    /// Changes who decides. What operators were at goes back on the pile for a person.
    fn seat(&mut self, is_person: bool) {
        self.is_person = is_person;
        if is_person {
            let begun = core::mem::take(&mut self.deciding);
            self.waiting.extend(begun.into_iter().map(|(_, case)| case));
            self.waiting.sort_by_key(|case| case.arrived);
        }
    }
}

/// Proposals that arrive go on the desk.
fn receive(
    (index, order, seed): (Res<'_, UnitIndex>, Res<'_, OrderOfBattle>, Res<'_, RunSeed>),
    proposals: Res<'_, Delivered<Proposal>>,
    mut desks: Query<'_, '_, &mut DeskState>,
) {
    for delivery in proposals.read() {
        let (to, proposal) = (delivery.to, delivery.body);
        let rules = order.desks.iter().find(|(desk, _)| *desk == to);
        let valid_s = |rules: &DeskRules| rules.patience_s(seed.0, index.id(to).0, proposal.id);
        if let (Some((_, rules)), Ok(mut desk)) = (rules, desks.get_mut(index.entity(to))) {
            desk.waiting.push(Case {
                proposal,
                arrived: delivery.at,
                until: delivery.at.plus_s(valid_s(rules)),
            });
        }
    }
}

/// Where a desk writes to.
struct Post<'a> {
    orders: &'a mut Outbox<FireOrder>,
    decisions: &'a mut Outbox<Decision>,
    recalls: &'a mut Outbox<Recall>,
    renewals: &'a mut Outbox<Renewal>,
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
    store: &'a TrackStore,
    picture: &'a BluePicture,
    order: &'a OrderOfBattle,
    control: &'a FireControl,
    /// The truth as tracks, in a run under the oracle.
    views: &'a OracleViews,
    fleet: &'a Fleet,
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
            is_latest: false,
        }
    }

    /// Lets lapse what has waited too long.
    fn lapse(&self, state: &mut DeskState, post: &mut Post<'_>) {
        let (lapsed, kept): (Vec<Case>, Vec<Case>) = state
            .waiting
            .iter()
            .copied()
            .partition(|case| self.now > case.until);
        state.waiting = kept;
        for case in lapsed {
            self.rule(&case, (None, Authoriser::Nobody), self.now, post);
        }
    }

    /// Free operators take the next cases.
    fn begin(&self, state: &mut DeskState) {
        if state.is_person {
            return;
        }
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
    fn finish(&self, state: &mut DeskState, post: &mut Post<'_>) {
        let (done, busy): (Vec<_>, Vec<_>) = state
            .deciding
            .iter()
            .copied()
            .partition(|(at, _)| *at < self.until);
        state.deciding = busy;
        for (at, case) in done {
            let judged = self.judge(&case.proposal);
            let by = Authoriser::Operator(judged);
            if judged.appraisal.answer(judged.draw).is_yes() {
                self.allow(&case, (at, by), state, post);
            } else {
                self.rule(&case, (None, by), at, post);
            }
        }
    }

    /// Gives leave for a case.
    fn allow(
        &self,
        case: &Case,
        (at, by): (SimTime, Authoriser),
        state: &mut DeskState,
        post: &mut Post<'_>,
    ) {
        let order = authorise(&case.proposal, self.desk, self.rules, self.now);
        post.ledger.enter(*order.authorisation());
        state.live.push(Live {
            order,
            told: self.now,
        });
        post.orders.post(
            self.posted(
                case.proposal.shooter,
                post.sizes.authorisation_bytes,
                self.now,
            ),
            order,
        );
        self.rule(case, (Some(*order.authorisation()), by), at, post);
    }

    /// Takes what a person does. Answers to what does not wait here are for another desk, or late.
    fn take(&self, input: &DeskInput, state: &mut DeskState, post: &mut Post<'_>) {
        match *input {
            DeskInput::Seat { desk, is_person } if desk == self.desk => state.seat(is_person),
            DeskInput::Answer { proposal, is_yes } if state.is_person => {
                let mut waiting = state.waiting.iter();
                let Some(at) = waiting.position(|case| case.proposal.id == proposal) else {
                    return;
                };
                let case = state.waiting.remove(at);
                if is_yes {
                    self.allow(&case, (self.now, Authoriser::Person), state, post);
                } else {
                    self.rule(&case, (None, Authoriser::Person), self.now, post);
                }
            }
            _ => {}
        }
    }

    /// What the desk believes of a track.
    fn believed(&self, number: u32) -> Option<TrackView> {
        if self.views.are_for(self.desk) {
            return self.views.track(self.desk, number);
        }
        let track = self.store.get(number)?;
        Some(TrackView::of(track, self.now))
    }

    /// Believed distance from the aim to the nearest of those who are not to be hit, m.
    fn protected_m(&self, aim: DVec2, shooter: UnitIx) -> Option<f64> {
        let others = self.picture.entries().iter();
        let friends = others
            .filter(|entry| entry.unit != shooter)
            .map(|entry| entry.position_at(self.now).truncate());
        let tracks = self.store.tracks().iter();
        let neutrals = tracks
            .filter(|track| track.confirmed && track.hostile_llr < 0.0)
            .map(|track| track.at(self.now.max(track.updated)).position_m);
        let distances = friends.chain(neutrals).map(|place| place.distance(aim));
        distances.min_by(f64::total_cmp)
    }

    /// Distance from the aim within which nobody may be believed to be who is not to be hit, m.
    fn clear_m(&self, effector: EffectorIx) -> f64 {
        match self.fleet.effector(effector).fire {
            Fire::Indirect => CLEAR_SHELLS_M,
            Fire::Direct | Fire::Guided => CLEAR_M,
        }
    }

    /// Whether an area or boundary keeps the desk from firing at a place.
    fn is_forbidden(&self, aim: DVec2, effector: EffectorIx) -> bool {
        let fire = self.fleet.effector(effector).fire;
        let desk = (self.desk, self.order);
        self.control.forbids(desk, aim, fire).is_some()
    }

    /// What an operator weighs, from the proposal and the desk's own picture, and what it draws.
    fn judge(&self, proposal: &Proposal) -> Judged {
        let aim = proposal.position + proposal.velocity * self.now.since_s(proposal.as_of);
        let own = self.believed(proposal.track.number).map(|track| OwnBelief {
            confidence: track.confidence,
            is_wreck: track.is_wreck,
        });
        let id = self.index.id(self.desk).0;
        let name = |stream| DrawKey::new(stream, id, proposal.id, 0);
        let key = name(Stream::Decision);
        Judged {
            appraisal: Appraisal {
                confidence: proposal.confidence,
                accept_confidence: self.rules.accept_confidence,
                own,
                protected_m: self.protected_m(aim, proposal.shooter),
                clear_m: self.clear_m(proposal.effector),
                is_forbidden: self.is_forbidden(aim, proposal.effector),
                caution: CAUTION,
            },
            key,
            draw: key.uniform(self.seed),
            takes_s: self.rules.service.draw_s(self.seed, id, proposal.id),
            service_draw: name(Stream::Handling).uniform(self.seed),
        }
    }

    /// Where the target of live leave is believed to be, if the desk still believes in the leave: not
    /// where the track has turned into a wreck, is not hostile any more, is gone or merged into
    /// another, has not been seen for long, has jumped out of the area, as it does when two tracks
    /// are swapped, or where somebody has come close who is not to be hit.
    fn upholds(&self, order: &FireOrder) -> Option<Aim> {
        let allowed = order.authorisation();
        let track = self.believed(allowed.track.number)?;
        let is_good = !track.is_wreck
            && track.confidence >= 0.5
            && self.now.since_s(track.seen) <= STALE_S
            && allowed.allows(track.position, self.now)
            && !self.is_forbidden(track.position, allowed.effector)
            && !endangers(
                self.protected_m(track.position, allowed.shooter),
                self.clear_m(allowed.effector),
            );
        is_good.then_some(Aim {
            position: track.position,
            velocity: track.velocity,
            sigma_m: track.sigma_m,
            as_of: self.now,
        })
    }

    /// Renews leave in which the desk still believes, and takes the other back.
    fn look_after(&self, state: &mut DeskState, post: &mut Post<'_>) {
        state.live.retain_mut(|live| {
            let allowed = *live.order.authorisation();
            if self.now > allowed.until {
                return false;
            }
            let posted = self.posted(allowed.shooter, post.sizes.authorisation_bytes, self.now);
            let authorisation = allowed.id;
            let Some(aim) = self.upholds(&live.order) else {
                post.recalls.post(posted, Recall { authorisation });
                return false;
            };
            if self.now.since_s(live.told) >= allowed.lost_link_s / RENEWALS {
                live.told = self.now;
                let valid_s = allowed.lost_link_s;
                let posted = Posted { valid_s, ..posted };
                post.renewals.post(posted, Renewal { authorisation, aim });
            }
            true
        });
    }

    /// Tells the post that proposed, and those who count.
    fn rule(
        &self,
        case: &Case,
        (leave, by): (Option<Authorisation>, Authoriser),
        at: SimTime,
        post: &mut Post<'_>,
    ) {
        let proposal = case.proposal;
        let ruling = match leave {
            Some(_) => Ruling::Authorised,
            None if by == Authoriser::Nobody => Ruling::Lapsed,
            None => Ruling::Refused,
        };
        let decision = Decision {
            proposal: proposal.id,
            ruling,
        };
        post.decisions.post(
            self.posted(proposal.post, post.sizes.authorisation_bytes, self.now),
            decision,
        );
        let waited_s = at.since_s(case.arrived);
        post.ruled.write(Ruled {
            desk: self.desk,
            proposal,
            ruling,
            by,
            leave,
            at,
            waited_s,
        });
    }
}

/// Every desk works for one tick.
pub(super) fn sit(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    (order, control, sizes, views, fleet): (
        Res<'_, OrderOfBattle>,
        Res<'_, FireControl>,
        Res<'_, MessageSizes>,
        Res<'_, OracleViews>,
        Res<'_, Fleet>,
    ),
    (mut orders, mut decisions, mut recalls, mut renewals): (
        ResMut<'_, Outbox<FireOrder>>,
        ResMut<'_, Outbox<Decision>>,
        ResMut<'_, Outbox<Recall>>,
        ResMut<'_, Outbox<Renewal>>,
    ),
    (mut ruled, mut ledger): (ResMut<'_, Buffer<Ruled>>, ResMut<'_, Ledger>),
    inputs: Res<'_, Buffer<DeskInput>>,
    mut desks: Query<'_, '_, (&mut DeskState, &TrackStore, &BluePicture, &Damage)>,
) {
    let mut post = Post {
        orders: &mut orders,
        decisions: &mut decisions,
        recalls: &mut recalls,
        renewals: &mut renewals,
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
            store,
            picture,
            order: &order,
            control: &control,
            views: &views,
            fleet: &fleet,
        };
        for input in inputs.read() {
            sitting.take(input, &mut state, &mut post);
        }
        if !(state.waiting.is_empty() && state.deciding.is_empty() && state.live.is_empty()) {
            sitting.lapse(&mut state, &mut post);
            sitting.begin(&mut state);
            sitting.finish(&mut state, &mut post);
            sitting.look_after(&mut state, &mut post);
        }
    }
}

/// Desks sit in the phase `Command`.
#[derive(Debug)]
pub struct DeskPlugin;

impl Plugin for DeskPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<FireControl>()
            .add_buffer::<Ruled>()
            .add_buffer::<DeskInput>()
            .register_state::<DeskState>()
            .add_systems(SimTick, sit.in_set(Phase::Command))
            .add_systems(SimTick, receive.in_set(FuseSystems::Receive));
    }
}
