//! The typed scenario file: what a `*.ron` scenario may say, key by key.
//!
//! Every structure refuses unknown keys, no enum is untagged, and every number carries its unit in
//! its name. Horizontal positions are metres east and north of the scenario's origin in the local
//! transverse Mercator frame (keys ending in `_m`), headings are degrees clockwise from true north,
//! times are seconds since the scenario began. See `docs/scenario-format.md` for the reader's view
//! and [`Scenario`] for the root.

mod command;
mod force;
mod land;
mod measure;
mod mission;
mod network;
mod root;
mod sustainment;
mod unit;
mod vocabulary;
mod world;

pub use command::{Act, Condition, ControlMeasure, CourseOfAction, DecisionPoint, Shape, Staff};
pub use force::{Force, Side};
pub use land::{CoverArea, GroundState, RoadLine};
pub use measure::{Measure, MeasureOf};
pub use mission::{Mission, TaskSpec, Window};
pub use network::{
    Fusion, Handling, MessageSizes, Network, PositionReports, Precedence, Release, Rhythm,
    RoutingProtocol, Sharing, SharingRule, TrafficFlow,
};
pub use root::Scenario;
pub use sustainment::{Depot, Inject, Injection, Listening, Logistics, Lying, Stock};
pub use unit::{
    EffectorFit, Formation, FormationShape, GroupMotion, InitialRoute, Member, Place,
    TransponderUse, UnitSpec,
};
pub use vocabulary::Direction;
pub use world::{Building, Detail, NoGo, Origin, RidgeSpec, TerrainSpec};

pub use crate::environment::{Light, Tide, Weather};
pub use crate::org::{
    DeskRules, Doctrine, Echelon, Emcon, OnContact, Patience, Planner, Posture, Regime, Role,
    ServiceLaw, ServiceTime,
};
pub use crate::wire::MessageClass;
