//! What is broken. See [`Damage`].

use bevy::prelude::{App, Component, Plugin};
use serde::{Deserialize, Serialize};

use crate::kernel::{registry::StateAppExt, time::SimTime};

/// Damage of one unit, through [`Damage::add`] only: by `engagement` (weapons), by `platform` (what can
/// no longer fly falls, weather beyond its limits), and by injects of `app`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct Damage {
    mobility: bool,
    firepower: bool,
    sensor: bool,
    radio: bool,
    catastrophic: bool,
    destroyed_at: Option<SimTime>,
}

/// What a hit breaks, from the least to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Harm {
    /// Its radios are dead.
    Radio,
    /// Its sensors are blind.
    Sensor,
    /// It cannot move.
    Mobility,
    /// It cannot fire.
    Firepower,
    /// It is lost.
    Catastrophic,
}

/// What a unit looks like to those who want to know whether it is out of action.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Appearance {
    /// Nothing shows: it may be blind or off the air all the same.
    #[default]
    Whole,
    /// It cannot fire, which shows little.
    Disarmed,
    /// It cannot move.
    Lame,
    /// It is lost, and stands there in one piece.
    Lifeless,
    /// It burns or lies in pieces.
    Wreck,
}

impl Damage {
    /// Adds harm done at a time. A unit that can neither move nor fire any more is lost.
    pub fn add(&mut self, harm: Harm, at: SimTime) {
        match harm {
            Harm::Mobility => self.mobility = true,
            Harm::Firepower => self.firepower = true,
            Harm::Sensor => self.sensor = true,
            Harm::Radio => self.radio = true,
            Harm::Catastrophic => self.catastrophic = true,
        }
        if self.destroyed_at.is_none()
            && (harm == Harm::Catastrophic || self.mobility && self.firepower)
        {
            self.destroyed_at = Some(at);
        }
    }

    /// Whether it is lost.
    #[must_use]
    pub fn is_destroyed(&self) -> bool {
        self.destroyed_at.is_some()
    }

    /// When it was lost.
    #[must_use]
    pub fn destroyed_at(&self) -> Option<SimTime> {
        self.destroyed_at
    }

    /// What it looks like from outside.
    #[must_use]
    pub fn appearance(&self) -> Appearance {
        if self.catastrophic {
            Appearance::Wreck
        } else if self.is_destroyed() {
            Appearance::Lifeless
        } else if self.mobility {
            Appearance::Lame
        } else if self.firepower {
            Appearance::Disarmed
        } else {
            Appearance::Whole
        }
    }

    /// Whether it can still move.
    #[must_use]
    pub fn can_move(&self) -> bool {
        !self.mobility && !self.is_destroyed()
    }

    /// Whether its sensors still work.
    #[must_use]
    pub fn can_see(&self) -> bool {
        !self.sensor && !self.is_destroyed()
    }

    /// Whether its radios still work.
    #[must_use]
    pub fn can_talk(&self) -> bool {
        !self.radio && !self.is_destroyed()
    }

    /// Whether it can still fire.
    #[must_use]
    pub fn can_fire(&self) -> bool {
        !self.firepower && !self.is_destroyed()
    }
}

/// Registers damage as state.
#[derive(Debug)]
pub struct DamagePlugin;

impl Plugin for DamagePlugin {
    fn build(&self, app: &mut App) {
        app.register_state::<Damage>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blind_and_mute_is_not_lost() {
        let mut damage = Damage::default();
        damage.add(Harm::Sensor, SimTime(1));
        assert!(!damage.can_see() && damage.can_talk() && damage.can_fire());
        assert_eq!(damage.appearance(), Appearance::Whole, "that does not show");
        damage.add(Harm::Radio, SimTime(2));
        assert!(!damage.can_talk() && damage.can_move() && !damage.is_destroyed());
        damage.add(Harm::Mobility, SimTime(3));
        assert!(!damage.is_destroyed(), "it can fire still");
    }

    #[test]
    fn two_partial_kills_are_a_loss() {
        let mut damage = Damage::default();
        damage.add(Harm::Mobility, SimTime(5));
        assert!(!damage.can_move() && damage.can_fire() && !damage.is_destroyed());
        damage.add(Harm::Firepower, SimTime(9));
        assert_eq!(damage.destroyed_at(), Some(SimTime(9)));
        assert_eq!(damage.appearance(), Appearance::Lifeless);
        damage.add(Harm::Catastrophic, SimTime(12));
        assert_eq!(damage.destroyed_at(), Some(SimTime(9)));
    }
}
