//! Who jams, where, with what. See [`Jammers`] and [`JammerPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::model::{
    gnss::{FRONT_END, quality},
    waveform::{Band, Waveform, detour_s, sensitivity_dbm},
};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        math,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
    },
    org::SideIx,
    platform::{damage::Damage, emission::Emissions, mover::EnergyLeft, truth::Truth},
    spectrum::{Airwaves, Signal, Source},
};

/// Time in which a sweep goes over its band once, s (notional, 10 microseconds to 10 ms).
const SWEEP_S: f64 = 1e-3;

/// A jammer as it is fitted to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// Who carries it.
    pub unit: UnitIx,
    /// Whose it is. Nothing asks for it to spare its own: physics knows no sides.
    pub side: SideIx,
    /// Height of its antenna above the unit's reference point, m.
    pub antenna_m: f64,
    /// Power times antenna gain, dBm, the same all around.
    pub eirp_dbm: f64,
    /// What it does with its power.
    pub waveform: Waveform,
    /// Whether it is switched on.
    pub is_on: bool,
}

/// A jammer at work.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Emitter {
    /// Who carries it.
    pub unit: UnitIx,
    /// Whose it is.
    pub side: SideIx,
    /// Its antenna: east, north, height above mean sea level, m.
    pub position: DVec3,
    /// Power times antenna gain, dBm, the same all around.
    pub eirp_dbm: f64,
    /// What it does with its power.
    pub waveform: Waveform,
}

impl Emitter {
    /// What it puts into a channel of `bandwidth_hz` about `centre_hz` during a transmission of
    /// `air_time_s`: radiated power in the channel, dBm, while it covers it, and the share of the
    /// time on the air that it covers, 0 to 1. `None` where that is nothing.
    ///
    /// A follower is taken to stand beside the link; see [`Emitter::against`].
    #[must_use]
    pub fn in_channel(
        &self,
        centre_hz: f64,
        bandwidth_hz: f64,
        air_time_s: f64,
    ) -> Option<(f64, f64)> {
        self.covers(centre_hz, bandwidth_hz, (air_time_s, 0.0))
    }

    /// As [`Emitter::in_channel`], for a transmission from one point to another: a follower begins
    /// later by the detour of the signal over it.
    #[must_use]
    pub fn against(
        &self,
        (centre_hz, bandwidth_hz): (f64, f64),
        air_time_s: f64,
        (from, to): (DVec3, DVec3),
    ) -> Option<(f64, f64)> {
        let detour_s = detour_s(
            from.distance(self.position),
            self.position.distance(to),
            from.distance(to),
        );
        self.covers(centre_hz, bandwidth_hz, (air_time_s, detour_s))
    }

    /// Whether it takes notice of a transmission that reaches it with this power, dBm: a follower has
    /// to hear what it is to follow, the others need not listen.
    #[must_use]
    pub fn hears(&self, received_dbm: f64, bandwidth_hz: f64) -> bool {
        !matches!(self.waveform, Waveform::Follower { .. })
            || received_dbm >= sensitivity_dbm(bandwidth_hz)
    }

    /// What it puts into the front end of a satellite receiver: mean power, dBm, and the quality factor
    /// of the code against it. `None` for what does not jam there.
    #[must_use]
    pub fn on_satellites(&self) -> Option<(f64, f64)> {
        // A follower hears nothing to follow there.
        let band = self
            .waveform
            .band()
            .filter(|_| !matches!(self.waveform, Waveform::Follower { .. }))?;
        let (eirp_dbm, duty) = self.in_channel(FRONT_END.centre_hz, FRONT_END.width_hz, 1.0)?;
        Some((eirp_dbm + math::to_db(duty), quality(band)?))
    }

    /// What it puts on the air, as one hears it who looks for emitters. A follower is taken to send on
    /// the middle of its band whenever it is switched on, which makes it easier to find than it is.
    fn signal(&self, number: u16) -> Signal {
        let band = self.waveform.band().unwrap_or(FRONT_END);
        let (width_hz, on_air) = match self.waveform {
            Waveform::Sweep { window_hz, .. } => (window_hz, window_hz / band.width_hz),
            Waveform::Follower { width_hz, .. } => (width_hz, 1.0),
            _ => (band.width_hz, 1.0),
        };
        Signal {
            unit: self.unit,
            source: Source::Jammer,
            number,
            at: self.position,
            centre_hz: band.centre_hz,
            width_hz,
            eirp_dbm: self.eirp_dbm,
            on_air: on_air.min(1.0),
            burst_s: SWEEP_S * on_air.min(1.0),
            sector_rad: [0.0, 0.5 * math::TAU],
        }
    }

    /// Power in a channel, dBm, and share of the time.
    fn covers(
        &self,
        centre_hz: f64,
        width_hz: f64,
        (air_time_s, detour_s): (f64, f64),
    ) -> Option<(f64, f64)> {
        let channel = Band {
            centre_hz,
            width_hz,
        };
        let coverage = self.waveform.coverage(channel, air_time_s, detour_s)?;
        Some((self.eirp_dbm + math::to_db(coverage.power), coverage.duty))
    }
}

/// All jammers: those fitted, and those at work in the last phase `Emit`. State.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Jammers {
    fitted: Vec<Fitted>,
    active: Vec<Emitter>,
}

impl Jammers {
    /// Jammers in the order of the ranks of their units, none at work yet.
    ///
    /// # Panics
    /// In debug builds, where they are not in that order.
    #[must_use]
    pub fn new(fitted: Vec<Fitted>) -> Self {
        debug_assert!(
            fitted.is_sorted_by_key(|jammer| jammer.unit),
            "jammers are in the order of their units"
        );
        Self {
            fitted,
            active: Vec::new(),
        }
    }

    /// The jammers at work, in the order of their units' ranks, which is that of their ids.
    #[must_use]
    pub fn active(&self) -> &[Emitter] {
        &self.active
    }

    /// The jammers that units carry, at work or not, in the same order.
    #[must_use]
    pub fn fitted(&self) -> &[Fitted] {
        &self.fitted
    }

    /// Whether no unit carries any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fitted.is_empty()
    }

    /// Whether any of them can disturb satellite receivers.
    #[must_use]
    pub fn reach_satellites(&self) -> bool {
        self.fitted.iter().any(|jammer| {
            let is_near = |band: Band| band.overlap_hz(&FRONT_END) > 0.0;
            jammer.waveform.band().is_none_or(is_near)
        })
    }

    /// Switches the jammers of a unit on or off; its spoofers stay as they are.
    pub fn switch(&mut self, unit: UnitIx, on: bool) {
        for jammer in self.fitted.iter_mut().filter(|jammer| jammer.unit == unit) {
            if jammer.waveform.band().is_some() {
                jammer.is_on = on;
            }
        }
    }

    /// Lets the spoofers of a unit pull fixes away at this velocity, east and north, m/s, or be silent.
    pub fn spoof(&mut self, unit: UnitIx, pull: Option<DVec2>) {
        for jammer in self.fitted.iter_mut().filter(|jammer| jammer.unit == unit) {
            if jammer.waveform.band().is_none() {
                jammer.is_on = pull.is_some();
                jammer.waveform = Waveform::Counterfeit {
                    pull_m_s: pull.unwrap_or_default(),
                };
            }
        }
    }
}

/// Notes who jams from where: what is lost, without energy, or switched off does not.
fn radiate(
    index: Res<'_, UnitIndex>,
    emissions: Res<'_, Emissions>,
    mut jammers: ResMut<'_, Jammers>,
    units: Query<'_, '_, (&Truth, &Damage, &EnergyLeft)>,
) {
    if jammers.is_empty() {
        return;
    }
    let Jammers { fitted, active } = &mut *jammers;
    active.clear();
    for jammer in fitted.iter().filter(|jammer| jammer.is_on) {
        let Ok((truth, damage, energy)) = units.get(index.entity(jammer.unit)) else {
            continue;
        };
        let is_silent = emissions.is_silent(jammer.unit);
        if damage.is_destroyed() || energy.0.share <= 0.0 || is_silent {
            continue;
        }
        active.push(Emitter {
            unit: jammer.unit,
            side: jammer.side,
            position: truth.0.position + DVec3::Z * jammer.antenna_m,
            eirp_dbm: jammer.eirp_dbm,
            waveform: jammer.waveform,
        });
    }
}

/// Tells those who listen who jams.
fn be_heard(jammers: Res<'_, Jammers>, mut airwaves: ResMut<'_, Airwaves>) {
    if !airwaves.is_heard() {
        return;
    }
    // Numbered unit by unit, so that nobody else's jammer renames one.
    let of_units = jammers.active().chunk_by(|a, b| a.unit == b.unit);
    let signals = of_units.flat_map(|own| {
        let numbered = (0..=u16::MAX).zip(own);
        numbered.map(|(number, emitter)| emitter.signal(number))
    });
    airwaves.put(Source::Jammer, signals);
}

/// Keeps [`Jammers`] up to date in the phase `Emit`.
#[derive(Debug)]
pub struct JammerPlugin;

impl Plugin for JammerPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Jammers>()
            .init_resource::<Emissions>()
            .register_state_resource_if_used::<Jammers>()
            .init_resource::<Airwaves>()
            .add_systems(SimTick, (radiate, be_heard).chain().in_set(Phase::Emit));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A jammer of 100 W at 20 km.
    fn follower() -> Emitter {
        Emitter {
            unit: UnitIx(0),
            side: SideIx(0),
            position: DVec3::new(0.0, 30e3, 0.0),
            eirp_dbm: 50.0,
            waveform: Waveform::Follower {
                band: Band {
                    centre_hz: 50e6,
                    width_hz: 40e6,
                },
                width_hz: 50e3,
                reaction_s: 1e-3,
            },
        }
    }

    #[test]
    fn a_channel_half_as_wide_as_the_noise_gets_half_of_it() {
        let (eirp_dbm, duty) = follower().in_channel(53e6, 25e3, 10e-3).unwrap();
        assert!((eirp_dbm - 46.9897).abs() < 1e-4, "{eirp_dbm}");
        assert!((duty - 0.9).abs() < 1e-12, "{duty}");
    }

    #[test]
    fn the_way_over_the_jammer_takes_time() {
        let link = (DVec3::ZERO, DVec3::new(10e3, 0.0, 0.0));
        let near = follower().in_channel(53e6, 25e3, 2e-3).unwrap();
        let far = follower().against((53e6, 25e3), 2e-3, link).unwrap();
        // 30 km and 31.623 km instead of 10 km: 0.1722 ms of 2 ms.
        assert!((near.1 - far.1 - 0.0861).abs() < 1e-4, "{near:?} {far:?}");
    }

    #[test]
    fn a_follower_has_to_hear_and_others_need_not() {
        let spot = Emitter {
            waveform: Waveform::Spot { band: FRONT_END },
            ..follower()
        };
        // kTB of 25 kHz is -130 dBm; with noise figure and margin -110.
        assert!(follower().hears(-109.9, 25e3) && !follower().hears(-110.1, 25e3));
        assert!(spot.hears(-200.0, 25e3));
    }

    #[test]
    fn a_sweep_over_l1_disturbs_satellites_by_its_mean_power() {
        let band = Band {
            centre_hz: FRONT_END.centre_hz,
            width_hz: 20e6,
        };
        let sweep = Emitter {
            waveform: Waveform::Sweep {
                band,
                window_hz: 1e4,
            },
            ..follower()
        };
        let (eirp_dbm, quality) = sweep.on_satellites().unwrap();
        assert!((eirp_dbm - (50.0 - 9.9012)).abs() < 1e-3, "{eirp_dbm}");
        assert!((quality - 2.22).abs() < 0.01, "{quality}");
        assert_eq!(follower().on_satellites(), None);
    }

    #[test]
    fn a_sweep_is_on_a_channel_now_and_then_and_a_follower_always() {
        let band = Band {
            centre_hz: 400e6,
            width_hz: 40e6,
        };
        let sweep = Emitter {
            waveform: Waveform::Sweep {
                band,
                window_hz: 1e6,
            },
            ..follower()
        };
        let signal = sweep.signal(0);
        assert!((signal.on_air - 0.025).abs() < 1e-12 && (signal.width_hz - 1e6).abs() < 1.0);
        // A tenth of a second is a hundred sweeps.
        assert!(signal.intercept_probability(0.1) > 0.99);
        let followed = follower().signal(0);
        assert!(followed.intercept_probability(0.0) >= 1.0 && followed.is_within([30e6, 88e6]));
    }

    #[test]
    fn only_the_jammers_of_the_unit_are_switched() {
        let Emitter {
            side,
            eirp_dbm,
            waveform,
            ..
        } = follower();
        let fitted = |unit: u32| Fitted {
            unit: UnitIx(unit),
            side,
            antenna_m: 2.0,
            eirp_dbm,
            waveform,
            is_on: true,
        };
        let mut jammers = Jammers::new([1, 1, 4].map(fitted).to_vec());
        jammers.switch(UnitIx(1), false);
        let on: Vec<bool> = jammers.fitted().iter().map(|it| it.is_on).collect();
        assert_eq!(on, [false, false, true]);
        assert!(!jammers.reach_satellites(), "they are at 50 MHz");
        jammers.spoof(UnitIx(4), Some(DVec2::X));
        assert!(jammers.fitted()[2].waveform.band().is_some());
    }
}
