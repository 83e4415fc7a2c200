//! What may be drawn, as plain data: a [`Setting`] that does not change and a [`Frame`] per moment.
//!
//! A frame is made of a world by `extract` on the thread of the simulation and read by everything
//! that draws. Nothing in it points back into the world, so nothing that is drawn can change it.

use std::sync::Arc;

use glam::{DVec2, DVec3};

use crate::{
    environment::Landscape,
    org::{Echelon, Role},
    platform::class::{Domain, Family, TargetClass},
};

/// What a sensor can reach, for its footprint.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SensorReach {
    /// Height of the sensor above the unit's reference point, m.
    pub height_m: f64,
    /// Range at which a vehicle of 2.3 m is found in clear air, m.
    pub range_m: f64,
    /// Half the sector about the bow, rad; π is all around.
    pub half_sector_rad: f64,
    /// Whether it works under water, where the ground does not hide targets.
    pub is_sonar: bool,
}

/// One unit as it stays through the run.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitInfo {
    /// Name, unique in the scenario.
    pub name: String,
    /// Class in words.
    pub class: String,
    /// Group of the catalogue.
    pub family: Family,
    /// Where it moves.
    pub domain: Domain,
    /// Function identifier of its symbol.
    pub function: String,
    /// Index of its side.
    pub side: usize,
    /// Index of its force.
    pub force: usize,
    /// Length, m.
    pub length_m: f64,
    /// Echelon that it commands, if any.
    pub commands: Option<Echelon>,
    /// What it does for others.
    pub roles: Vec<Role>,
    /// What it sees with.
    pub sensors: Vec<SensorReach>,
}

/// One force of the order of battle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForceInfo {
    /// Id.
    pub id: String,
    /// Index of its side.
    pub side: usize,
    /// Size.
    pub echelon: Echelon,
    /// Index of the force above.
    pub superior: Option<usize>,
}

/// One side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SideInfo {
    /// Id.
    pub id: String,
    /// Indices of the sides that it is hostile to.
    pub hostile_to: Vec<usize>,
    /// Its senior command post, whose picture counts as the side's.
    pub senior_post: Option<usize>,
}

/// A box that stands on the ground.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BuildingInfo {
    /// Centre of the base, m.
    pub at: DVec2,
    /// Length, width, height, m.
    pub size_m: DVec3,
    /// Heading of the long side, rad clockwise from north.
    pub heading_rad: f64,
}

/// Everything that stays as it is through a run.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Name of the scenario.
    pub name: String,
    /// One line about it.
    pub title: String,
    /// Length of the run, s.
    pub duration_s: f64,
    /// Length of a tick, s.
    pub dt_s: f64,
    /// The ground and its frame.
    pub landscape: Landscape,
    /// Visibility at the start, m.
    pub visibility_m: f64,
    /// Sides.
    pub sides: Vec<SideInfo>,
    /// Forces, superiors first.
    pub forces: Vec<ForceInfo>,
    /// Units by rank.
    pub units: Vec<UnitInfo>,
    /// Names of the networks.
    pub networks: Vec<String>,
    /// Buildings.
    pub buildings: Vec<BuildingInfo>,
    /// Corners of the forbidden areas, m.
    pub no_go: Vec<Vec<DVec2>>,
}

impl Setting {
    /// The rank of a unit by its name.
    #[must_use]
    pub fn unit_named(&self, name: &str) -> Option<usize> {
        self.units.iter().position(|unit| unit.name == name)
    }

    /// The index of a side by its id.
    #[must_use]
    pub fn side_named(&self, id: &str) -> Option<usize> {
        self.sides.iter().position(|side| side.id == id)
    }
}

/// One unit as it really is at a moment.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitFrame {
    /// East, north, height above mean sea level, m.
    pub position: DVec3,
    /// Velocity over ground, m/s.
    pub velocity: DVec3,
    /// Heading, rad clockwise from north.
    pub heading_rad: f64,
    /// Whether it is more than a wreck.
    pub is_alive: bool,
    /// Whether it can move.
    pub can_move: bool,
    /// Whether it can fire.
    pub can_fire: bool,
    /// Share of its energy left.
    pub energy_share: f64,
    /// Rounds left in all its effectors.
    pub rounds: u32,
    /// Task that it serves now.
    pub task: Option<String>,
    /// Points that it is still to pass, m; empty where routes were not asked for.
    pub route: Vec<DVec3>,
    /// Number of confirmed tracks that it holds.
    pub tracks: usize,
}

/// A track as a node believes it to be now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrackFrame {
    /// Number on that node.
    pub number: u32,
    /// Position predicted to now, m.
    pub position: DVec2,
    /// Velocity, m/s.
    pub velocity: DVec2,
    /// Covariance of the position: east, east with north, north, m².
    pub covariance: [f64; 3],
    /// Time since it was last updated, s.
    pub age_s: f64,
    /// Confidence that it is hostile, 0 to 1.
    pub hostile_confidence: f64,
    /// Whether it is believed to be a wreck.
    pub is_wreck: bool,
    /// Whether it is more than a guess.
    pub is_confirmed: bool,
    /// What it seems to be.
    pub target: Option<TargetClass>,
    /// Where it seems to move.
    pub domain: Option<Domain>,
    /// Nodes that contributed.
    pub sources: usize,
}

/// A unit of the own side as a node believes it to be now.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnFrame {
    /// Rank of the unit.
    pub unit: usize,
    /// Where it should be, m.
    pub position: DVec3,
    /// Velocity when it last reported, m/s.
    pub velocity: DVec3,
    /// Time since it last reported, s.
    pub age_s: f64,
    /// Whether its next report is overdue by more than a minute.
    pub is_late: bool,
    /// Whether it said that it can move, if it ever said anything of its state.
    pub can_move: Option<bool>,
}

/// An authorisation desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeskFrame {
    /// The unit that it stands at.
    pub unit: usize,
    /// Whether a person decides, and not its simulated operators.
    pub is_person: bool,
}

/// A proposal that waits for a person at a desk.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseFrame {
    /// Number of the proposal.
    pub proposal: u64,
    /// The unit of the desk.
    pub desk: usize,
    /// Who is to fire.
    pub shooter: usize,
    /// With what.
    pub effector: String,
    /// How many shots.
    pub shots: u32,
    /// The track, as the proposing post numbers it.
    pub track: u32,
    /// Confidence that it is hostile, 0 to 1.
    pub confidence: f64,
    /// Deviation of its position, m.
    pub sigma_m: f64,
    /// Time until the proposal lapses, s.
    pub lapses_in_s: f64,
}

/// What one node believes.
#[derive(Debug, Clone, PartialEq)]
pub struct Belief {
    /// Rank of the node.
    pub node: usize,
    /// Its tracks.
    pub tracks: Vec<TrackFrame>,
    /// Its picture of its own side.
    pub own: Vec<OwnFrame>,
}

/// A link that routes may use.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkFrame {
    /// Index of the network.
    pub network: usize,
    /// Ranks of both ends.
    pub ends: [usize; 2],
    /// Packet success, 0 to 1.
    pub success: f64,
}

/// What the simulation is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunState {
    /// It can go on.
    Ready,
    /// The scenario is over.
    Over,
    /// An invariant broke; the text says which.
    Broken(String),
}

/// What is to be put into frames besides the units: the rest costs time on the simulation's thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Node whose belief is shown.
    pub node: Option<usize>,
    /// Whether links are shown.
    pub links: bool,
    /// Whether routes are shown.
    pub routes: bool,
}

/// Places where each unit was, oldest first.
pub type Trails = Vec<Vec<DVec3>>;

/// The world at one moment.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Number of the frame: grows with every frame that is made.
    pub number: u64,
    /// Simulated time, s.
    pub time_s: f64,
    /// Ticks run.
    pub tick: u64,
    /// What the simulation is doing.
    pub state: RunState,
    /// What was asked to be in it.
    pub wanted: Wanted,
    /// Units by rank.
    pub units: Vec<UnitFrame>,
    /// Belief of the node that was asked for.
    pub belief: Option<Belief>,
    /// Links in use.
    pub links: Vec<LinkFrame>,
    /// Desks, and who decides there.
    pub desks: Vec<DeskFrame>,
    /// Proposals that wait for a person, desk by desk in the order of arrival.
    pub cases: Vec<CaseFrame>,
    /// Where units were.
    pub trails: Arc<Trails>,
    /// Number of rows of the event book that had happened.
    pub events: usize,
}
