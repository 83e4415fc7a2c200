//! The automatic identification system of ships: who says where it is, and who hears it. See
//! [`TransponderPlugin`].
//!
//! Civil craft, buoys and lights report at the intervals of Recommendation ITU-R M.1371; ships of
//! state need not (SOLAS V/19) and stay silent, as does whoever has switched it off. Everybody with a
//! station hears what is in sight of its antenna, and believes it, also where the place is a lie.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    detection::{Detection, Opportunity},
    evidence::Evidence,
    look::{horizon_reach, look},
    model::{
        measurement::Covariance2,
        reporter::{AisStation, ais_interval_s},
    },
};
use crate::{
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx},
        math,
        messages::Buffer,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    physics::{ObstacleField, SightMemo},
    platform::{
        class::{ClassSpec, Domain, Family},
        course::Course,
        emission::Emissions,
        navigation::NavSolution,
        truth::{Board, Truth},
        vehicle::Fleet,
    },
};

/// A station on board.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Transponder {
    /// Its kind, which sets its intervals.
    pub station: AisStation,
    /// Height of its antenna above the unit's reference point, m.
    pub antenna_m: f64,
    /// Whether it reports, or only listens.
    pub reports: bool,
    /// From where it takes itself to be to where it says that it is, m; zero where it is honest.
    pub offset_m: DVec2,
}

impl Transponder {
    /// The station of a class, of class A or B, with its antenna at a height, m.
    #[must_use]
    pub fn on_board(class: &ClassSpec, class_a: bool, antenna_m: f64) -> Self {
        let station = match class.domain {
            Domain::Fixed => AisStation::AidToNavigation,
            Domain::Air => AisStation::SearchAircraft,
            _ if class_a => AisStation::ClassA,
            _ => AisStation::ClassB,
        };
        Self {
            station,
            antenna_m,
            reports: class.family == Family::Civil,
            offset_m: DVec2::ZERO,
        }
    }
}

/// The station of each unit by rank. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Transponders(pub Vec<Option<Transponder>>);

impl Transponders {
    /// The stations by rank of their units.
    fn iter(&self) -> impl Iterator<Item = (UnitIx, &Transponder)> {
        let stations = self.0.iter().enumerate();
        stations.filter_map(|(at, station)| Some((UnitIx::from_at(at), station.as_ref()?)))
    }
}

/// How often a station sees whether a report is due, s.
const LOOK_INTERVAL_S: f64 = 1.0;
/// Time over which a ship's mean heading is taken, s (M.1371-5, annex 2, 4.3.1.1).
const MEAN_HEADING_S: f64 = 30.0;
/// Angle from the mean heading beyond which a ship turns, rad (the same).
const TURNING_RAD: f64 = 5.0 * math::TAU / 360.0;
/// Time for which it is still taken to turn afterwards, s (the same).
const STILL_TURNING_S: f64 = 20.0;
/// Farthest that a station is heard, m: 40 nautical miles (notional, 20 to 60).
const RANGE_M: f64 = 74_000.0;

/// What a station remembers between its reports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct StationState {
    /// When it reported last.
    told: SimTime,
    /// Mean of the heading over the last half minute, a vector of at most unit length.
    mean_heading: DVec2,
    /// Until when it is taken to turn.
    turning_until: SimTime,
}

impl StationState {
    /// Takes in a heading, rad, after a time, s.
    fn steer(&mut self, heading_rad: f64, dt_s: f64, now: SimTime) {
        let (sin, cos) = math::sincos(heading_rad);
        let heading = DVec2::new(sin, cos);
        if self.mean_heading == DVec2::ZERO {
            self.mean_heading = heading;
        }
        self.mean_heading += (heading - self.mean_heading) * (dt_s / MEAN_HEADING_S);
        let mean_rad = math::bearing(self.mean_heading.x, self.mean_heading.y);
        if math::wrap_pi(heading_rad - mean_rad).abs() > TURNING_RAD {
            self.turning_until = now.plus_s(STILL_TURNING_S);
        }
    }
}

/// Everything that a report meets on its way.
struct Air<'a> {
    now: SimTime,
    order: &'a OrderOfBattle,
    board: &'a Board,
    landscape: &'a Landscape,
    field: &'a ObstacleField,
    transponders: &'a Transponders,
}

/// Who hears a station from its antenna, m.
fn listeners(sender: UnitIx, antenna: DVec3, air: &Air<'_>, memo: &mut SightMemo) -> Vec<UnitIx> {
    let side = air.order.unit(sender).side;
    let others = air.transponders.iter();
    let others = others.filter(|(ix, _)| air.order.unit(*ix).side != side);
    let mut hears = |ix: UnitIx, station: &Transponder| {
        let piece = air.board.piece(ix);
        let ear = piece.position + DVec3::Z * station.antenna_m;
        let far_m = ear.distance(antenna);
        piece.is_on_air
            && far_m <= RANGE_M.min(horizon_reach(ear.z, antenna.z))
            && memo.is_clear(ear, antenna, air.landscape, air.field)
    };
    others
        .filter(|(ix, station)| hears(*ix, station))
        .map(|(ix, _)| ix)
        .collect()
}

/// Stations report, and others hear them.
pub(super) fn report(
    (clock, index, fleet): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, Fleet>),
    (landscape, field, board): (Res<'_, Landscape>, Res<'_, ObstacleField>, Res<'_, Board>),
    (order, transponders): (Res<'_, OrderOfBattle>, Res<'_, Transponders>),
    emissions: Res<'_, Emissions>,
    mut memo: ResMut<'_, SightMemo>,
    mut outcome: (
        ResMut<'_, Buffer<Detection>>,
        ResMut<'_, Buffer<Opportunity>>,
    ),
    mut units: Query<'_, '_, (&Truth, &NavSolution, &Course, &mut StationState)>,
) {
    let air = Air {
        now: clock.now(),
        order: &order,
        board: &board,
        landscape: &landscape,
        field: &field,
        transponders: &transponders,
    };
    for (ix, station) in transponders.iter().filter(|(_, station)| station.reports) {
        let row = index.row(ix);
        if !clock.is_due(LOOK_INTERVAL_S, row.id.0 % 1000)
            || !board.piece(ix).is_on_air
            || !emissions.is_free(ix)
        {
            continue;
        }
        let Ok((Truth(motion), navigation, course, mut state)) = units.get_mut(row.entity) else {
            continue;
        };
        state.steer(motion.heading_rad, LOOK_INTERVAL_S, air.now);
        let interval_s = ais_interval_s(
            station.station,
            motion.speed_m_s,
            state.turning_until > air.now,
            course.is_idle(),
        );
        if air.now.since_s(state.told) < interval_s {
            continue;
        }
        state.told = air.now;
        let antenna = motion.position + DVec3::Z * station.antenna_m;
        for observer in listeners(ix, antenna, &air, &mut memo) {
            outcome.1.write(Opportunity {
                observer,
                target: ix,
                at: air.now,
            });
            outcome.0.write(Detection {
                observer,
                at: air.now,
                position: navigation.position.truncate() + station.offset_m,
                covariance: Covariance2::isotropic(navigation.sigma_m),
                evidence: Evidence::claimed_neutral(fleet.vehicle(ix).class.protection),
                bearing: None,
                still: None,
                tag: ScoringTag::seal(Some(ix)),
            });
        }
    }
}

/// Stations report in the phase `Sense`, after the looks.
#[derive(Debug)]
pub struct TransponderPlugin;

impl Plugin for TransponderPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Transponders>()
            .init_resource::<Emissions>()
            .register_state::<StationState>()
            .add_systems(SimTick, report.in_set(Phase::Sense).after(look));
    }
}
