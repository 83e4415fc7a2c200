//! F2: who belongs to whom: sides, nations, services, echelons, the order of battle; doctrine,
//! rules of engagement and desks as data.
//!
//! Static during a run: nothing here is state. [`library`] holds the doctrines that come with the
//! package.

mod battle_order;
mod doctrine;
pub mod library;
mod vocabulary;

pub use battle_order::{Force, ForceIx, NationIx, OrderOfBattle, ServiceIx, Side, SideIx, UnitOrg};
pub use doctrine::{DeskRules, Doctrine};
pub use vocabulary::{
    Echelon, Emcon, OnContact, Patience, Planner, Posture, Regime, Role, ServiceLaw, ServiceTime,
};
