//! F2: what vehicles are to do, as plain data, and which of it may leave the simulator.
//!
//! * [`task`]: what is to be done, in the scenario's local frame.
//! * [`mission`], [`place`]: what one vehicle does, in geodetic coordinates. Planners make it, the
//!   simulator executes it, the viewer draws it, exporters write it: the same type everywhere.
//! * [`flaw`]: what can be wrong with a plan by itself. * [`approach`]: how a fixed wing comes down.
//! * [`exportable`]: the only door out. * [`sample`]: one small plan per autopilot.
//! * [`fence`], [`polygon`], [`volume`]: the geometry they need.
//!
//! **Architecture Invariant:** no type here names a weapon, a target or a track. A plan leaves the
//! simulator only inside an [`ExportableVehicle`], whose fields are private and which cannot be
//! made from a munition, a carrier of an effector, a crewed vehicle or a plan that read the truth.

pub mod approach;
pub mod exportable;
pub mod fence;
pub mod flaw;
pub mod mission;
pub mod place;
pub mod polygon;
pub mod sample;
pub mod task;
pub mod volume;

pub use exportable::{ExportableVehicle, NotExportable, VehicleFacts};
pub use flaw::PlanFlaw;
pub use mission::{
    Capture, Finish, Geofence, Launch, Leg, LegKind, LinkNeed, LostLink, LostLinkAction,
    MissionPlan, PlanSet, Pointing, TimeWindow,
};
pub use place::{Altitude, Autopilot, Position, Site, Waypoint};
pub use task::{Capability, Needs, Task, TaskKind};
