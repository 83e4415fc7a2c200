//! Who is under fire knows it, and says so. See [`FiredUpon`].
//!
//! A unit that is hit, or has an impact close by, knows that it is fired upon. Of direct fire it also
//! knows roughly where it came from, by flash and sound; of a shell it knows nothing but the crater.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::DVec3;
use serde::{Deserialize, Serialize};

use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        messages::{Buffer, BufferAppExt},
        registry::StateAppExt,
        schedule::{EngageSystems, SimTick},
        time::SimTime,
    },
    org::OrderOfBattle,
    platform::{damage::Damage, navigation::NavSolution},
    wire::{
        Audience, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt, Posted,
        Precedence,
    },
};

/// Distance from an impact within which a unit knows that it is fired upon, m (notional, 100 to 500).
pub(super) const NEAR_M: f64 = 300.0;

/// Deviation of the bearing from which direct fire seems to come, rad (10°; notional, 5° to 20°).
pub const BEARING_SIGMA_RAD: f64 = 0.175;

/// Least time between two reports of one unit, s.
const INTERVAL_S: f64 = 10.0;

/// Time for which a report is worth something, s.
const VALID_S: f64 = 120.0;

/// An impact close to a unit, as that unit senses it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NearImpact {
    /// Who senses it.
    pub unit: UnitIx,
    /// When.
    pub at: SimTime,
    /// Bearing from which it seems to have come, rad; none of indirect fire.
    pub bearing_rad: Option<f64>,
}

/// A unit's report that it is under fire.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FiredUpon {
    /// Who.
    pub unit: UnitIx,
    /// When.
    pub at: SimTime,
    /// Where it believes to be, m.
    pub position: DVec3,
    /// Bearing from which the fire seems to come, rad.
    pub bearing_rad: Option<f64>,
}

impl Payload for FiredUpon {
    const CLASS: MessageClass = MessageClass::Status;
    const KIND: u8 = 10;

    /// Where, to a step.
    fn coarsened(&self, detail: Detail) -> Self {
        Self {
            position: detail.place(self.position),
            ..*self
        }
    }
}

/// When a unit last said that it is under fire.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct Alarm {
    told: Option<SimTime>,
}

/// Units under fire tell the posts above them, and themselves where they decide.
fn report_fire(
    (index, order, sizes): (
        Res<'_, UnitIndex>,
        Res<'_, OrderOfBattle>,
        Res<'_, MessageSizes>,
    ),
    impacts: Res<'_, Buffer<NearImpact>>,
    mut outbox: ResMut<'_, Outbox<FiredUpon>>,
    mut units: Query<'_, '_, (&mut Alarm, &NavSolution, &Damage)>,
) {
    for impact in impacts.read() {
        let Ok((mut alarm, navigation, damage)) = units.get_mut(index.entity(impact.unit)) else {
            continue;
        };
        let is_fresh = |told: SimTime| impact.at.since_s(told) < INTERVAL_S;
        if damage.is_destroyed() || alarm.told.is_some_and(is_fresh) {
            continue;
        }
        alarm.told = Some(impact.at);
        let body = FiredUpon {
            unit: impact.unit,
            at: impact.at,
            position: navigation.position,
            bearing_rad: impact.bearing_rad,
        };
        let decides = order.desks.iter().any(|(desk, _)| *desk == impact.unit);
        let audiences = [
            Some(Audience::ChainAndNeighbours),
            decides.then_some(Audience::Unit(impact.unit)),
        ];
        for audience in audiences.into_iter().flatten() {
            let posted = Posted {
                author: (index.id(impact.unit), impact.unit),
                audience,
                precedence: Precedence::Flash,
                size_bytes: sizes.status_bytes,
                created: impact.at,
                valid_s: VALID_S,
                is_latest: false,
            };
            outbox.post(posted, body);
        }
    }
}

/// Reports fire in the phase `Engage`, after the impacts.
#[derive(Debug)]
pub struct AlarmPlugin;

impl Plugin for AlarmPlugin {
    fn build(&self, app: &mut App) {
        app.add_buffer::<NearImpact>()
            .add_payload::<FiredUpon>()
            .register_state::<Alarm>()
            .add_systems(SimTick, report_fire.in_set(EngageSystems::Report));
    }
}
