//! Shells in flight as radars may see them. See [`Shells`].

use bevy::prelude::{App, Plugin, Resource};
use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::{kinematics::GRAVITY_M_S2, stores::EffectorIx};
use crate::kernel::{ids::UnitIx, registry::StateAppExt, time::SimTime};

/// The unguided rounds of one shot of an indirect weapon, on their way together.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Shell {
    /// Its number among all shots, which names the draws about it.
    pub number: u64,
    /// Who fired it.
    pub shooter: UnitIx,
    /// With what.
    pub effector: EffectorIx,
    /// Rounds that fly together.
    pub rounds: u32,
    /// The muzzle: east, north, height above mean sea level, m.
    pub from: DVec3,
    /// Where it will fall, m.
    pub to: DVec3,
    /// When it was fired.
    pub fired: SimTime,
    /// When it will fall.
    pub impact: SimTime,
}

impl Shell {
    /// Its time of flight, s.
    #[must_use]
    pub fn flight_s(&self) -> f64 {
        self.impact.since_s(self.fired)
    }

    /// Where it is after a share of its time of flight, m.
    ///
    /// The parabola of a fall in a vacuum that takes the time T from muzzle to impact: over the chord
    /// between the two it stands g T² s (1 − s) / 2 high after the share s, at most g T² / 8 in the
    /// middle. Drag is left out, but for the time of flight, into which it goes: a real shell has its
    /// highest point beyond the middle.
    #[must_use]
    pub fn place(&self, share: f64) -> DVec3 {
        let flight_s = self.flight_s();
        let over_m = 0.5 * GRAVITY_M_S2 * flight_s * flight_s * share * (1.0 - share);
        self.from.lerp(self.to, share) + DVec3::Z * over_m
    }

    /// When it is highest over the chord.
    #[must_use]
    pub fn apex_at(&self) -> SimTime {
        self.fired.plus_s(0.5 * self.flight_s())
    }
}

/// All shells in flight, in the order in which they fall. Written by `engagement` only, and only where
/// somebody has a radar that looks for them.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Shells {
    is_watched: bool,
    flying: Vec<Shell>,
}

impl Shells {
    /// An empty sky, and whether anybody looks for shells in it.
    #[must_use]
    pub fn new(is_watched: bool) -> Self {
        Self {
            is_watched,
            flying: Vec::new(),
        }
    }

    /// Whether anybody looks for shells.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.is_watched
    }

    /// Replaces what flies.
    pub fn put(&mut self, flying: impl IntoIterator<Item = Shell>) {
        self.flying.clear();
        self.flying.extend(flying);
    }

    /// What flies, in the order in which it falls.
    #[must_use]
    pub fn flying(&self) -> &[Shell] {
        &self.flying
    }
}

/// Registers shells as state: those of one tick are seen in the next.
#[derive(Debug)]
pub struct ShellsPlugin;

impl Plugin for ShellsPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Shells>()
            .register_state_resource_if_used::<Shells>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shell that flies 20 s over 4 km and falls 100 m higher than it was fired.
    fn shell() -> Shell {
        Shell {
            number: 1,
            shooter: UnitIx(0),
            effector: EffectorIx(0),
            rounds: 1,
            from: DVec3::new(0.0, 0.0, 50.0),
            to: DVec3::new(0.0, 4000.0, 150.0),
            fired: SimTime::from_s(10.0),
            impact: SimTime::from_s(30.0),
        }
    }

    #[test]
    fn a_shell_starts_at_the_muzzle_ends_at_its_aim_and_is_highest_in_between() {
        let shell = shell();
        assert!(shell.place(0.0).distance(shell.from) < 1e-9);
        assert!(shell.place(1.0).distance(shell.to) < 1e-9);
        // g T² / 8 = 490.3 m over the middle of the chord, 100 m high; three quarters of it at T/4.
        assert!((shell.place(0.5).z - (100.0 + 490.3325)).abs() < 1e-9);
        assert!((shell.place(0.25).z - (75.0 + 0.75 * 490.3325)).abs() < 1e-9);
        assert_eq!(shell.apex_at(), SimTime::from_s(20.0));
    }

    /// It falls as everything does: second differences of height are -g dt².
    #[test]
    fn it_falls_with_g_all_the_way() {
        let shell = shell();
        for second in 1..20_u32 {
            let z = |s: u32| shell.place(f64::from(s) / 20.0).z;
            let bend = z(second + 1) - 2.0 * z(second) + z(second - 1);
            assert!(
                (bend + GRAVITY_M_S2).abs() < 1e-9,
                "{bend} after {second} s"
            );
        }
    }
}
