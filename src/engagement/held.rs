//! Orders in the hands of shooters. See [`FireState`].
//!
//! A shooter holds an order until its last shot has arrived. Until then it listens to its desk: a
//! renewal moves the aim, a recall voids the leave, and so does silence (DESIGN: "a lost link voids
//! it").

use std::collections::BTreeSet;

use bevy::prelude::Component;
use serde::{Deserialize, Serialize};

use super::order::{Aim, FireOrder, FireReport, Renewal};
use crate::kernel::time::SimTime;

/// An order in the hands of a shooter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Held {
    pub(super) order: FireOrder,
    /// Where the target is, as the shooter last heard.
    pub(super) aim: Aim,
    /// When the weapon is laid and ready.
    pub(super) ready: SimTime,
    /// When the desk was last heard.
    pub(super) heard: SimTime,
    pub(super) shots: u32,
    pub(super) rounds: u32,
    pub(super) last_impact: SimTime,
    /// Whether its post was told that it is over; shots may still be in flight.
    pub(super) is_reported: bool,
}

impl Held {
    /// An order that has just arrived.
    pub(super) fn new(order: FireOrder, heard: SimTime, ready: SimTime) -> Self {
        Self {
            order,
            aim: order.aim(),
            ready,
            heard,
            shots: 0,
            rounds: 0,
            last_impact: SimTime::ZERO,
            is_reported: false,
        }
    }

    /// What the shooter says of it when it is over.
    pub(super) fn report(&self) -> FireReport {
        let allowed = self.order.authorisation();
        FireReport {
            authorisation: allowed.id,
            track: allowed.track,
            shots: self.shots,
            rounds: self.rounds,
            impact: self.last_impact,
        }
    }
}

/// Orders that one shooter holds, and leave that it knows to be void.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct FireState {
    pub(super) held: Vec<Held>,
    void: BTreeSet<u64>,
}

impl FireState {
    /// Whether leave was taken back, or the link to its desk lost, as far as this shooter knows.
    #[must_use]
    pub fn is_void(&self, authorisation: u64) -> bool {
        self.void.contains(&authorisation)
    }

    /// Takes the desk's word that leave still holds. What is void stays void.
    pub(super) fn renew(&mut self, renewal: &Renewal, at: SimTime) {
        let is_meant = |held: &&mut Held| held.order.authorisation().id == renewal.authorisation;
        if let Some(held) = self.held.iter_mut().find(is_meant) {
            held.heard = held.heard.max(at);
            if renewal.aim.as_of > held.aim.as_of {
                held.aim = renewal.aim;
            }
        }
    }

    /// Where the target of live leave is, as the shooter last heard.
    pub(super) fn aim(&self, authorisation: u64) -> Option<Aim> {
        let is_meant = |held: &&Held| held.order.authorisation().id == authorisation;
        self.held.iter().find(is_meant).map(|held| held.aim)
    }

    /// Notes when a munition in flight is now expected to arrive.
    pub(super) fn expect(&mut self, authorisation: u64, arrival: SimTime) {
        let is_meant = |held: &&mut Held| held.order.authorisation().id == authorisation;
        if let Some(held) = self.held.iter_mut().find(is_meant) {
            held.last_impact = held.last_impact.max(arrival);
        }
    }

    /// Takes leave back.
    pub(super) fn recall(&mut self, authorisation: u64) {
        self.void.insert(authorisation);
    }

    /// Voids all leave whose desk has been silent for too long.
    pub(super) fn void_unheard(&mut self, now: SimTime) {
        let unheard = self
            .held
            .iter()
            .filter(|held| now.since_s(held.heard) > held.order.authorisation().lost_link_s);
        self.void
            .extend(unheard.map(|held| held.order.authorisation().id));
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;
    use crate::{
        engagement::{Authorisation, TrackRef},
        kernel::{ids::UnitIx, scoring::ScoringTag},
        platform::{
            class::{Domain, TargetClass},
            stores::EffectorIx,
        },
    };

    /// An order given at time zero that is void after a minute's silence.
    fn held() -> FireState {
        let authorisation = Authorisation {
            id: 7,
            desk: UnitIx(0),
            track: TrackRef {
                node: UnitIx(0),
                number: 1,
            },
            confidence: 0.9,
            shooter: UnitIx(1),
            effector: EffectorIx(0),
            shots: 2,
            centre: DVec2::ZERO,
            drift: DVec2::X,
            radius_m: 500.0,
            given: SimTime::ZERO,
            until: SimTime::from_s(300.0),
            lost_link_s: 60.0,
        };
        let order = FireOrder::new(
            authorisation,
            (TargetClass::Light, Domain::Land, 20.0),
            UnitIx(0),
            ScoringTag::default(),
        );
        let mut state = FireState::default();
        state
            .held
            .push(Held::new(order, SimTime::ZERO, SimTime::ZERO));
        state
    }

    fn renewal(s: f64) -> Renewal {
        Renewal {
            authorisation: 7,
            aim: Aim {
                position: DVec2::new(0.0, 90.0),
                velocity: DVec2::ZERO,
                sigma_m: 5.0,
                as_of: SimTime::from_s(s),
            },
        }
    }

    #[test]
    fn silence_voids_leave_and_a_word_in_time_keeps_it() {
        let mut state = held();
        state.void_unheard(SimTime::from_s(60.0));
        assert!(!state.is_void(7));
        state.renew(&renewal(50.0), SimTime::from_s(50.0));
        state.void_unheard(SimTime::from_s(110.0));
        assert!(!state.is_void(7));
        state.void_unheard(SimTime::from_s(110.1));
        assert!(state.is_void(7));
        state.renew(&renewal(111.0), SimTime::from_s(111.0));
        assert!(state.is_void(7), "what is void stays void");
    }

    #[test]
    fn a_renewal_moves_the_aim_unless_a_newer_one_came_first() {
        let mut state = held();
        let aim = |state: &FireState, s: f64| state.held[0].aim.at(SimTime::from_s(s));
        assert_eq!(aim(&state, 30.0), DVec2::new(30.0, 0.0));
        state.renew(&renewal(20.0), SimTime::from_s(21.0));
        assert_eq!(aim(&state, 30.0), DVec2::new(0.0, 90.0));
        let mut late = renewal(10.0);
        late.aim.position = DVec2::ZERO;
        state.renew(&late, SimTime::from_s(22.0));
        assert_eq!(aim(&state, 30.0), DVec2::new(0.0, 90.0));
    }
}
