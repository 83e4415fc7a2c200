//! The result of a run, in the form that the command line prints and the run's folder keeps.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use super::auctions::{SideAuctions, TalkRow};
pub use super::desks::DeskRow;
use super::kill_chain::{KillChain, TargetTimeline, engagement_incidence};
use super::operations::result::SideOperations;
use super::stats::Outcome;
use super::target::TargetRecord;

pub use crate::planning::external::ProgramSummary;

pub use super::network::report::{DeadZone, NetworkReport, NetworkSummary, SideNetwork};

/// Which scenario a run was of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioIdentity {
    /// Its name.
    pub name: String,
    /// Hash of its content, 16 hexadecimal digits.
    pub hash: String,
}

/// Which way a measure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// One of the scenario's own measures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// Name in the scenario.
    pub name: String,
    /// Unit, `1` for a bare number.
    pub unit: String,
    /// Value; none where the run gave nothing to measure.
    pub value: Option<f64>,
    /// Which way is better.
    pub direction: Direction,
    /// What the value should reach (up) or not exceed (down).
    pub threshold: Option<f64>,
    /// Whether it does; none without a threshold or a value.
    pub met: Option<bool>,
}

impl Measure {
    /// A measure, held against its threshold. A value that is not finite is no value.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        unit: impl Into<String>,
        value: Option<f64>,
        direction: Direction,
        threshold: Option<f64>,
    ) -> Self {
        let value = value.filter(|value| value.is_finite());
        let met = value
            .zip(threshold)
            .map(|(value, threshold)| match direction {
                Direction::Up => value >= threshold,
                Direction::Down => value <= threshold,
            });
        Self {
            name: name.into(),
            unit: unit.into(),
            value,
            direction,
            threshold,
            met,
        }
    }
}

/// The kill chain of one side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideKillChain {
    /// The observing side.
    pub side: String,
    /// Its account.
    #[serde(flatten)]
    pub kill_chain: KillChain,
}

/// What one side's nodes of one echelon knew of hostile units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackQuality {
    /// The side.
    pub side: String,
    /// The echelon of its nodes.
    pub echelon: String,
    /// Share of live hostile units with a track, mean over time and nodes, 0 to 1.
    pub completeness: Option<f64>,
    /// Age of the information in those tracks in seconds, mean over time and nodes.
    pub age_s: Option<f64>,
    /// Normalised estimation error squared of tracks on live hostile units against the truth, in position
    /// and velocity, mean over time, nodes and tracks: 4 where tracks are as sure as they should be, more
    /// where they are surer than they are right, or on something else than they are taken for.
    pub nees: Option<f64>,
    /// Share of those tracks whose error is beyond what 95 % of honest ones have, 0 to 1; 0.05 is honest.
    pub overconfident: Option<f64>,
}

/// How well one side knew where its own units were.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlueForce {
    /// The side.
    pub side: String,
    /// Distance between displayed and true position in metres, mean over time, nodes and the units that
    /// they display: who hears of few may err little.
    pub error_m: Option<f64>,
    /// Age of the displayed position in seconds, likewise.
    pub age_s: Option<f64>,
    /// Share of the side's other units, 0 to 1, that command posts display within 100 m of where they
    /// are, mean over time and posts: who is not displayed counts as not located.
    pub located: Option<f64>,
}

/// What became of one side's engagements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engagements {
    /// The side.
    pub side: String,
    /// Proposed by a planner.
    pub proposed: u64,
    /// Authorised by a desk.
    pub authorised: u64,
    /// Refused by a desk.
    pub refused: u64,
    /// Lapsed in the queue, or authorised and voided before a shot.
    pub lapsed: u64,
    /// Carried out.
    pub fired: u64,
    /// Rounds that hit.
    pub hits: u64,
    /// Hostile units destroyed.
    pub kills: u64,
    /// Units shot at that are not hostile.
    pub wrong: u64,
    /// Times that a post took a target for destroyed which lived, and let it go.
    #[serde(default)]
    pub abandoned_alive: u64,
    /// Shots fired at targets that were destroyed already.
    #[serde(default)]
    pub overkill: u64,
    /// Proposals to fire on units that are not hostile.
    #[serde(default)]
    pub wrong_proposed: u64,
    /// Authorisations to fire on units that are not hostile.
    #[serde(default)]
    pub wrong_authorised: u64,
    /// Hostile units on which leave was given that ended without an effect, and which were alive at the
    /// end.
    #[serde(default)]
    pub abandoned: u64,
}

/// What one side did against guided munitions in flight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defence {
    /// The side.
    pub side: String,
    /// Hostile munitions that crews of its defensive weapons saw.
    pub seen: u64,
    /// Times that a crew gave leave to fire at one.
    pub allowed: u64,
    /// Times that a crew decided and did not.
    pub refused: u64,
    /// Defensive shots.
    pub shots: u64,
    /// Munitions destroyed in flight.
    pub intercepted: u64,
}

/// What one side lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Losses {
    /// The side.
    pub side: String,
    /// Units destroyed.
    pub units: u64,
    /// Their price in US dollars.
    pub usd: f64,
}

/// How long fire kept one side's heads down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suppressed {
    /// The side.
    pub side: String,
    /// Time for which its units were pinned down, in unit-seconds.
    pub unit_s: f64,
}

/// What one side shot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expenditure {
    /// The side.
    pub side: String,
    /// Rounds fired.
    pub rounds: u64,
    /// Their price in US dollars.
    pub usd: f64,
}

/// What one side's units consumed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnergyUse {
    /// The side.
    pub side: String,
    /// Energy from batteries in kilowatt-hours.
    pub kwh: f64,
    /// Fuel in kilograms.
    pub fuel_kg: f64,
}

/// What it cost one side: units lost, rounds fired and hours of operation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// The side.
    pub side: String,
    /// US dollars.
    pub usd: f64,
}

/// The targets of one side that became detectable, a line each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideTargets {
    /// The observing side.
    pub side: String,
    /// Its targets.
    pub targets: Vec<TargetRecord>,
}

/// The result of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Version of the program.
    pub tercio: String,
    /// Revision that it was built from.
    pub git: String,
    /// The scenario.
    pub scenario: ScenarioIdentity,
    /// Seed of the run.
    pub seed: u64,
    /// Length of a tick in milliseconds.
    pub dt_ms: u64,
    /// Ticks that were run.
    pub ticks: u64,
    /// Simulated time in seconds.
    pub sim_s: f64,
    /// Wall time that it took in seconds.
    pub wall_s: f64,
    /// Processor time that it took in seconds.
    pub cpu_s: f64,
    /// Simulated over wall time.
    pub real_time_factor: f64,
    /// Simulated over processor time.
    pub sim_s_per_cpu_s: f64,
    /// Units in the world at the start.
    pub entities: u64,
    /// Units times ticks.
    pub entity_steps: u64,
    /// Processor time of each phase of the tick in seconds.
    pub phase_cpu_s: BTreeMap<String, f64>,
    /// Hash of the last state, 16 hexadecimal digits.
    pub state_hash: String,
    /// The scenario's measures.
    pub measures: Vec<Measure>,
    /// Kill chain of the first side that has hostiles; none if no side has.
    pub kill_chain: Option<KillChain>,
    /// Kill chain of every side that has hostiles.
    pub kill_chain_by_side: Vec<SideKillChain>,
    /// Targets of every side that has hostiles.
    #[serde(default)]
    pub targets: Vec<SideTargets>,
    /// How well messages got through.
    pub network: NetworkSummary,
    /// What nodes knew of hostile units, by side and echelon.
    pub track_quality: Vec<TrackQuality>,
    /// What nodes knew of their own side, by side.
    pub blue_force: Vec<BlueForce>,
    /// Engagements by side.
    pub engagements: Vec<Engagements>,
    /// Defence against munitions in flight by side.
    #[serde(default)]
    pub defence: Vec<Defence>,
    /// Losses by side.
    pub losses: Vec<Losses>,
    /// Suppression by side.
    #[serde(default)]
    pub suppression: Vec<Suppressed>,
    /// Rounds by side.
    pub expenditure: Vec<Expenditure>,
    /// Missions, decisions, staffs and cycles by side.
    #[serde(default)]
    pub operations: Vec<SideOperations>,
    /// Auctions by side, of sides whose units settle in them who does what.
    #[serde(default)]
    pub auctions: Vec<SideAuctions>,
    /// Desks, one by one.
    #[serde(default)]
    pub desks: Vec<DeskRow>,
    /// What came of asking programs beside the simulator, by side; nothing where none plans.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub programs: Vec<ProgramSummary>,
    /// Energy and fuel by side.
    pub energy: Vec<EnergyUse>,
    /// Cost by side.
    pub cost: Vec<Cost>,
    /// The run's folder; none if it left none.
    pub run_dir: Option<String>,
}

/// The targets of one side, one by one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideTimelines {
    /// The observing side.
    pub side: String,
    /// Its targets.
    pub targets: Vec<TargetTimeline>,
}

/// A number of one side over time: it holds its value from each point to the next.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideCurve {
    /// The side.
    pub side: String,
    /// (seconds, value), in order of time.
    pub points: Vec<[f64; 2]>,
}

/// A run's result with what its figures are drawn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// The result.
    pub summary: RunSummary,
    /// Every target's way through the stages, by observing side.
    pub timelines: Vec<SideTimelines>,
    /// Units lost since the run began, by side.
    pub losses: Vec<SideCurve>,
    /// The network over time and over the terrain.
    #[serde(default)]
    pub network: NetworkReport,
}

impl RunReport {
    /// Adds the maps of where there is no way to a command post.
    pub fn put_dead_zones(&mut self, zones: Vec<DeadZone>) {
        for side in &mut self.summary.network.sides {
            let zone = zones.iter().find(|zone| zone.side == side.side);
            side.dead_zone_share = zone.map(|zone| zone.dead_zone_share);
        }
        self.network.dead_zones = zones;
    }

    /// Cumulative incidence of engagement since detection, by observing side.
    #[must_use]
    pub fn engagement_curves(&self) -> Vec<SideCurve> {
        let curve = |side: &SideTimelines| SideCurve {
            side: side.side.clone(),
            points: engagement_incidence(&side.targets).curve(Outcome::Event),
        };
        self.timelines.iter().map(curve).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measure_is_held_against_its_threshold_in_its_direction() {
        let met = |value, direction, threshold| {
            Measure::new("losses", "1", value, direction, threshold).met
        };
        assert_eq!(met(Some(5.0), Direction::Up, Some(5.0)), Some(true));
        assert_eq!(met(Some(4.0), Direction::Up, Some(5.0)), Some(false));
        assert_eq!(met(Some(6.0), Direction::Down, Some(5.0)), Some(false));
        assert_eq!(met(Some(6.0), Direction::Down, None), None);
        assert_eq!(met(Some(f64::NAN), Direction::Down, Some(5.0)), None);
    }

    #[test]
    fn a_side_and_its_kill_chain_share_one_json_object() {
        let chain = SideKillChain {
            side: "blue".to_owned(),
            kill_chain: KillChain::from_targets(&[], 3600.0),
        };
        let json = serde_json::to_value(&chain).expect("plain data");
        assert_eq!(json["side"], "blue");
        assert_eq!(json["stages"][0]["stage"], "first_detectable");
        assert!(json["stages"][0]["median_s"].is_null());
        assert!(json["sensor_to_shooter"]["restricted_mean_s"].is_null());
        assert_eq!(json["outcomes"]["never_detected"], 0);
        let back: SideKillChain = serde_json::from_value(json).expect("its own form");
        assert_eq!(back, chain);
    }
}
