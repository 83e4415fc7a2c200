//! The root of a scenario file.

use serde::{Deserialize, Serialize};

use super::{
    Building, ControlMeasure, CoverArea, DecisionPoint, DeskRules, Doctrine, Force, GroundState,
    Inject, Logistics, Measure, Mission, Network, NoGo, Origin, RoadLine, Sharing, Side, Staff,
    TerrainSpec, Tide, TrafficFlow, UnitSpec, Weather,
};

/// A whole scenario as its file states it. The seed is no part of it: a scenario is what is
/// replicated, the seed says which replication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Version of the format; this reader knows 1.
    pub format_version: u32,
    /// Name, in kebab case; names the run directory.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Length of the run, in seconds.
    pub duration_s: f64,
    /// Tick, in milliseconds; must divide 1000.
    #[serde(default = "default_dt_ms")]
    pub dt_ms: u32,
    /// Calendar time of the start in UTC, `YYYY-MM-DDThh:mm:ssZ`; stamps records and plans.
    pub start_utc: String,
    /// Where the local frame touches the earth.
    pub origin: Origin,
    /// Shape of the ground.
    pub terrain: TerrainSpec,
    /// Weather, sea and light at the start.
    #[serde(default)]
    pub environment: Weather,
    /// The tide.
    #[serde(default)]
    pub tide: Tide,
    /// How wet and how rough the ground is.
    #[serde(default)]
    pub ground: GroundState,
    /// What lies on the ground, in order: later areas hold.
    #[serde(default)]
    pub land_cover: Vec<CoverArea>,
    /// Roads.
    #[serde(default)]
    pub roads: Vec<RoadLine>,
    /// Boxes that stand on the ground and stop sight and movement.
    #[serde(default)]
    pub buildings: Vec<Building>,
    /// Areas that routes keep out of.
    #[serde(default)]
    pub no_go: Vec<NoGo>,
    /// The parties; a side that is hostile to nobody and to whom nobody is hostile is neutral.
    pub sides: Vec<Side>,
    /// Orders of battle, one tree per top force.
    pub forces: Vec<Force>,
    /// Units, a flat list; each names the force it belongs to.
    pub units: Vec<UnitSpec>,
    /// Radio networks; units name the networks they belong to.
    #[serde(default)]
    pub networks: Vec<Network>,
    /// Messages of which only the load matters.
    #[serde(default)]
    pub traffic: Vec<TrafficFlow>,
    /// Who may pass what to whom, and how long handling takes.
    #[serde(default)]
    pub sharing: Sharing,
    /// Authorisation desks; a side without a desk never fires.
    #[serde(default)]
    pub desks: Vec<DeskRules>,
    /// Doctrines that forces name.
    #[serde(default)]
    pub doctrines: Vec<Doctrine>,
    /// Lines and areas by which sides steer themselves.
    #[serde(default)]
    pub control_measures: Vec<ControlMeasure>,
    /// Staffs; a command post without one handles what comes in no time.
    #[serde(default)]
    pub staffs: Vec<Staff>,
    /// Decisions that command posts foresee.
    #[serde(default)]
    pub decisions: Vec<DecisionPoint>,
    /// What forces are to do.
    #[serde(default)]
    pub missions: Vec<Mission>,
    /// Depots and thresholds of return.
    #[serde(default)]
    pub logistics: Logistics,
    /// Scheduled events from outside.
    #[serde(default)]
    pub injects: Vec<Inject>,
    /// Measures that this scenario adds to those that every run yields.
    #[serde(default)]
    pub measures: Vec<Measure>,
}

impl Scenario {
    /// What of the ground is notional, in sentences: layers drawn by hand, and relief that is not
    /// surveyed but drawn by lot.
    #[must_use]
    pub fn notional_layers(&self) -> Vec<String> {
        let covers = self.land_cover.iter();
        let covers = covers.map(|it| (&it.id, format!("{:?}", it.class), &it.note));
        let roads = self.roads.iter();
        let roads = roads.map(|it| (&it.id, format!("{:?}", it.class), &it.note));
        let drawn = covers.chain(roads).map(|(id, class, note)| {
            let note = if note.is_empty() {
                "no source named".to_owned()
            } else {
                note.clone()
            };
            format!("notional: `{id}` ({class}; {note}) was drawn by hand")
        });
        let masking = (self.ground.masking > 0.0).then(|| {
            let factor = self.ground.masking;
            format!("notional: relief finer than the terrain hides targets (factor {factor})")
        });
        drawn.chain(masking).collect()
    }

    /// Paths of the files that it names.
    pub fn asset_paths(&self) -> impl Iterator<Item = &str> {
        let terrain = match &self.terrain {
            TerrainSpec::File { path, .. } => Some(path.as_str()),
            _ => None,
        };
        let networks = self.networks.iter();
        let rates = networks.filter_map(|network| network.pcr_file.as_deref());
        terrain.into_iter().chain(rates)
    }
}

/// The tick of a file that names none, in milliseconds.
fn default_dt_ms() -> u32 {
    100
}
