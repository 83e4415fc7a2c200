//! Cues: requests to look at a place. See [`Cue`].
//!
//! A post that wants to know what became of something asks those who could see it. A camera with a
//! cue divides its time between the place and its usual scan.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        ids::UnitIndex,
        registry::StateAppExt,
        schedule::{FuseSystems, SimTick},
        time::{Clock, SimTime},
    },
    wire::{Delivered, Detail, MessageClass, Payload, PayloadAppExt},
};

/// Distance from the place within which things are looked at, m (notional, 100 to 400).
const RADIUS_M: f64 = 250.0;

/// Share of a camera's time for its cues (notional, 0.3 to 0.7).
const SHARE: f64 = 0.5;

/// Most cues that a unit follows at a time; the oldest gives way.
const MOST: usize = 4;

/// A request to look at a place that may move.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cue {
    /// Place as of `as_of`, m.
    pub position: DVec2,
    /// Velocity, m/s.
    pub velocity: DVec2,
    /// Time of that.
    pub as_of: SimTime,
    /// When it is done with.
    pub until: SimTime,
}

impl Cue {
    /// Where to look at a time, m.
    #[must_use]
    pub fn place(&self, now: SimTime) -> DVec2 {
        self.position + self.velocity * now.since_s(self.as_of)
    }
}

impl Payload for Cue {
    const CLASS: MessageClass = MessageClass::Tasking;
    const KIND: u8 = 9;

    /// Where, to a step; how it moves is not said by voice.
    fn coarsened(&self, detail: Detail) -> Self {
        let velocity = match detail {
            Detail::Spoken => DVec2::ZERO,
            _ => detail.velocity(self.velocity.extend(0.0)).truncate(),
        };
        Self {
            position: detail.spot(self.position),
            velocity,
            ..*self
        }
    }
}

/// The cues that a unit follows.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct Cues(Vec<Cue>);

impl Cues {
    /// Places to look at now that a camera can turn to, m.
    pub(super) fn places(&self, now: SimTime, can_see: impl Fn(DVec2) -> bool) -> Vec<DVec2> {
        let live = self.0.iter().filter(|cue| now <= cue.until);
        live.map(|cue| cue.place(now))
            .filter(|place| can_see(*place))
            .collect()
    }
}

/// Time that a camera which needs `scan_s` of every `period_s` for a field of view gives to a thing,
/// if it has these places to look at, s.
#[must_use]
pub(super) fn dwell_s(scan_s: f64, period_s: f64, places: &[DVec2], thing: DVec2) -> f64 {
    if places.is_empty() {
        return scan_s;
    }
    if places.iter().any(|place| place.distance(thing) <= RADIUS_M) {
        let count = u32::try_from(places.len()).unwrap_or(u32::MAX);
        (SHARE * period_s / f64::from(count)).max(scan_s)
    } else {
        (1.0 - SHARE) * scan_s
    }
}

/// Units take the cues that they are sent, and forget those that are done with.
fn hear(
    (clock, index): (Res<'_, Clock>, Res<'_, UnitIndex>),
    delivered: Res<'_, Delivered<Cue>>,
    mut units: Query<'_, '_, &mut Cues>,
) {
    for delivery in delivered.read() {
        if let Ok(mut cues) = units.get_mut(index.entity(delivery.to)) {
            cues.0.retain(|cue| clock.now() <= cue.until);
            if cues.0.len() >= MOST {
                cues.0.remove(0);
            }
            cues.0.push(delivery.body);
        }
    }
}

/// Takes cues in the phase `Fuse`.
#[derive(Debug)]
pub struct CuePlugin;

impl Plugin for CuePlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<Cue>()
            .register_state::<Cues>()
            .add_systems(SimTick, hear.in_set(FuseSystems::Receive));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cue_moves_a_cameras_time_to_its_place() {
        let place = DVec2::new(1000.0, 0.0);
        let near = DVec2::new(1100.0, 0.0);
        let far = DVec2::new(5000.0, 0.0);
        let close = |got: f64, want: f64| assert!((got - want).abs() < 1e-12, "{got} for {want}");
        close(dwell_s(0.5, 10.0, &[], near), 0.5);
        close(dwell_s(0.5, 10.0, &[place], near), 5.0);
        close(dwell_s(0.5, 10.0, &[place, far], near), 2.5);
        close(dwell_s(0.5, 10.0, &[place], far), 0.25);
        // A camera that stares anyway loses nothing by looking where it is told to.
        close(dwell_s(10.0, 10.0, &[place], near), 10.0);
    }

    #[test]
    fn cues_move_and_end() {
        let cue = Cue {
            position: DVec2::ZERO,
            velocity: DVec2::X,
            as_of: SimTime::from_s(10.0),
            until: SimTime::from_s(60.0),
        };
        let cues = Cues(vec![cue]);
        assert_eq!(
            cues.places(SimTime::from_s(30.0), |_| true),
            [DVec2::new(20.0, 0.0)]
        );
        assert!(cues.places(SimTime::from_s(30.0), |_| false).is_empty());
        assert!(cues.places(SimTime::from_s(61.0), |_| true).is_empty());
    }
}
