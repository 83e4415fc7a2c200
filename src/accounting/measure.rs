//! The measures that a scenario asks for, in indices, and those that every run yields. See
//! [`MeasureSpec`].

use bevy::prelude::Resource;

use super::{
    kill_chain::engagement_incidence,
    side::SideResult,
    stats::Outcome,
    summary::{Direction, Measure},
};
use crate::{
    org::{Echelon, SideIx},
    plan::polygon::Polygon,
};

/// What a measure counts.
#[derive(Debug, Clone, PartialEq)]
pub enum MeasureKind {
    /// Hostile units on which the side fired at least once.
    TargetsEngaged,
    /// Hostile units that the side destroyed.
    TargetsDestroyed,
    /// Own units lost.
    Losses,
    /// Units shot at that are not hostile.
    WrongEngagements,
    /// Own units that came into an area, each once; looked at every second.
    Reached {
        /// The area, m.
        area: Polygon,
    },
    /// Share of live hostile units that command posts of an echelon hold a track on, mean over time.
    TrackCompleteness {
        /// Echelon of the command posts.
        echelon: Echelon,
    },
    /// Age of those tracks, mean over tracks and time, s.
    TrackAge {
        /// Echelon of the command posts.
        echelon: Echelon,
    },
    /// Normalised estimation error squared of those tracks against the truth, mean over tracks and time.
    TrackNees {
        /// Echelon of the command posts.
        echelon: Echelon,
    },
    /// Share of those tracks that err by more than 95 % of honest ones.
    TrackOverconfident {
        /// Echelon of the command posts.
        echelon: Echelon,
    },
    /// Error of the blue-force picture, mean over nodes, units and time, m.
    BlueForceError,
    /// Share of the side's units that command posts place within 100 m.
    BlueForceLocated,
    /// Restricted mean time from detected to engaged over all hostile units that became detectable,
    /// s.
    SensorToShooterRestrictedMean {
        /// Horizon, s.
        horizon_s: f64,
    },
    /// Share of detectable hostile units that were engaged within a time of their detection.
    EngagedWithin {
        /// Time, s.
        within_s: f64,
    },
    /// Rounds fired.
    RoundsSpent,
    /// Energy used, kWh: from batteries, and in fuel by its heating value.
    EnergyUsed,
    /// Share of energy that live units that can move have left at the end, mean over them.
    EnduranceLeft,
    /// Cost of units lost, rounds fired and hours run, US dollars.
    CostUsed,
    /// Messages delivered over messages sent.
    DeliveryRatio,
    /// Share of units that have a way to the command post above them, mean over time.
    NetworkReach,
    /// How that held up, with its value at the start as one, mean over time.
    NetworkResilience,
    /// Missions for which as many vehicles as they want have finished a plan.
    MissionsDone,
}

/// A measure that a scenario asks for.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureSpec {
    /// Name in the scenario.
    pub name: String,
    /// The side whose doing or suffering it is.
    pub side: SideIx,
    /// What it counts.
    pub kind: MeasureKind,
    /// Unit.
    pub unit: String,
    /// Which way is better.
    pub direction: Direction,
    /// What it should reach (up) or not exceed (down).
    pub threshold: Option<f64>,
}

/// The measures of the scenario, in its order. Static.
#[derive(Debug, Clone, Default, PartialEq, Resource)]
pub struct MeasureSpecs(pub Vec<MeasureSpec>);

/// Heat of a kilogram of fuel, kWh: 42.8 MJ, the least that MIL-DTL-83133 asks of F-34/JP-8.
const FUEL_KWH_PER_KG: f64 = 42.8 / 3.6;

/// A count as a value.
fn count(number: u64) -> Option<f64> {
    Some(number as f64)
}

/// The value of a measure; `reached` is the number of units seen in its area.
fn value(kind: &MeasureKind, side: &SideResult, reached: u64) -> Option<f64> {
    let quality = |echelon: &Echelon| {
        side.track_quality
            .iter()
            .find(|quality| quality.echelon == echelon.key())
    };
    match kind {
        MeasureKind::TargetsEngaged => count(side.engaged),
        MeasureKind::TargetsDestroyed => count(side.engagements.kills),
        MeasureKind::Losses => count(side.losses.units),
        MeasureKind::WrongEngagements => count(side.engagements.wrong),
        MeasureKind::Reached { .. } => count(reached),
        MeasureKind::TrackCompleteness { echelon } => quality(echelon)?.completeness,
        MeasureKind::TrackAge { echelon } => quality(echelon)?.age_s,
        MeasureKind::TrackNees { echelon } => quality(echelon)?.nees,
        MeasureKind::TrackOverconfident { echelon } => quality(echelon)?.overconfident,
        MeasureKind::BlueForceError => side.blue_force.error_m,
        MeasureKind::BlueForceLocated => side.blue_force.located,
        MeasureKind::SensorToShooterRestrictedMean { horizon_s } => {
            engagement_incidence(&side.timelines.targets).restricted_mean_s(*horizon_s)
        }
        MeasureKind::EngagedWithin { within_s } => {
            let incidence = engagement_incidence(&side.timelines.targets);
            (incidence.n() > 0).then(|| incidence.at(Outcome::Event, *within_s))
        }
        MeasureKind::RoundsSpent => count(side.expenditure.rounds),
        MeasureKind::EnergyUsed => Some(side.energy.kwh + side.energy.fuel_kg * FUEL_KWH_PER_KG),
        MeasureKind::EnduranceLeft => side.endurance_left,
        MeasureKind::CostUsed => Some(side.cost.usd),
        MeasureKind::DeliveryRatio => side.delivery_ratio,
        MeasureKind::NetworkReach => side.network.reach,
        MeasureKind::NetworkResilience => side.network.resilience.as_ref().map(|it| it.mean),
        MeasureKind::MissionsDone => count(side.missions_done),
    }
}

/// A measure that every run yields for a side.
fn default_spec(
    (at, side): (usize, &SideResult),
    word: &str,
    kind: MeasureKind,
    unit: &str,
    direction: Direction,
) -> MeasureSpec {
    MeasureSpec {
        name: format!("{}_{word}", side.engagements.side.replace('-', "_")),
        side: SideIx(u8::try_from(at).expect("scenarios have few sides")),
        kind,
        unit: unit.to_owned(),
        direction,
        threshold: None,
    }
}

/// The measures that every run yields.
fn defaults(sides: &[SideResult], horizon_s: f64) -> Vec<MeasureSpec> {
    use Direction::{Down, Up};
    let mut specs = Vec::new();
    for entry in sides.iter().enumerate() {
        let mut add = |word, kind, unit, direction| {
            specs.push(default_spec(entry, word, kind, unit, direction));
        };
        add("losses", MeasureKind::Losses, "1", Down);
        if entry.1.kill_chain.is_none() {
            continue;
        }
        let mean = MeasureKind::SensorToShooterRestrictedMean { horizon_s };
        add("targets_engaged", MeasureKind::TargetsEngaged, "1", Up);
        add("targets_destroyed", MeasureKind::TargetsDestroyed, "1", Up);
        add(
            "wrong_engagements",
            MeasureKind::WrongEngagements,
            "1",
            Down,
        );
        add("sensor_to_shooter_restricted_mean", mean, "s", Down);
        add("own_picture_error", MeasureKind::BlueForceError, "m", Down);
        let located = MeasureKind::BlueForceLocated;
        add("own_picture_located", located, "1", Up);
        add("rounds_spent", MeasureKind::RoundsSpent, "1", Down);
        add("energy_used", MeasureKind::EnergyUsed, "kWh", Down);
        add("cost_used", MeasureKind::CostUsed, "USD", Down);
        add("delivery_ratio", MeasureKind::DeliveryRatio, "1", Up);
        add("network_reach", MeasureKind::NetworkReach, "1", Up);
        let resilience = MeasureKind::NetworkResilience;
        add("network_resilience", resilience, "1", Up);
    }
    specs
}

/// The scenario's measures, then those that every run yields and the scenario does not ask for.
pub(super) fn evaluate(
    specs: &MeasureSpecs,
    reached: &[u64],
    sides: &[SideResult],
    horizon_s: f64,
) -> Vec<Measure> {
    let measure = |spec: &MeasureSpec, reached: u64| {
        let side = sides.get(spec.side.at());
        let value = side.and_then(|side| value(&spec.kind, side, reached));
        Measure::new(
            spec.name.as_str(),
            spec.unit.as_str(),
            value,
            spec.direction,
            spec.threshold,
        )
    };
    let asked = specs.0.iter().enumerate();
    let mut measures: Vec<Measure> = asked
        .map(|(at, spec)| measure(spec, reached.get(at).copied().unwrap_or(0)))
        .collect();
    let is_asked = |new: &MeasureSpec| {
        specs
            .0
            .iter()
            .any(|old| old.name == new.name || old.side == new.side && old.kind == new.kind)
    };
    let others = defaults(sides, horizon_s);
    measures.extend(
        others
            .iter()
            .filter(|spec| !is_asked(spec))
            .map(|spec| measure(spec, 0)),
    );
    measures
}
