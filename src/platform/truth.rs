//! Where everything really is. Planners, pictures and desks never read this room; the architecture
//! test says so.
//!
//! [`Truth`] is the state of record of one unit's motion. [`Board`] is the same for all units at once,
//! copied in the phase `Emit`, for those who work on pairs: sensing, links, adjudication.

use bevy::ecs::system::RunSystemOnce as _;
use bevy::prelude::{App, Component, IntoScheduleConfigs, Plugin, Query, ResMut, Resource, World};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    damage::{Appearance, Damage},
    kinematics::MotionState,
};
use crate::{
    geo::SpatialIndex,
    kernel::{
        ids::UnitIx,
        registry::StateAppExt,
        schedule::{Phase, SimTick},
    },
};

/// Motion of one unit as it really is.
#[derive(Debug, Clone, Copy, PartialEq, Component, Serialize, Deserialize)]
pub struct Truth(pub MotionState);

/// One unit on the board.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Piece {
    /// East, north, height above mean sea level, m.
    pub position: DVec3,
    /// Velocity over ground, m/s.
    pub velocity: DVec3,
    /// Heading, rad.
    pub heading_rad: f64,
    /// Whether it exists as more than a wreck.
    pub is_alive: bool,
    /// Whether its radios work.
    pub is_on_air: bool,
    /// What it looks like from outside.
    pub appearance: Appearance,
}

/// All units by rank, as they were in the last phase `Emit`. State: what moves keeps clear of where
/// the others were then, and who was lost since then still stood.
#[derive(Debug, Clone, Resource, Serialize, Deserialize)]
#[serde(from = "Vec<Piece>", into = "Vec<Piece>")]
pub struct Board {
    pieces: Vec<Piece>,
    index: SpatialIndex,
}

impl Default for Board {
    fn default() -> Self {
        Self {
            pieces: Vec::new(),
            index: SpatialIndex::new(CELL_M),
        }
    }
}

impl From<Vec<Piece>> for Board {
    fn from(pieces: Vec<Piece>) -> Self {
        let mut board = Self {
            pieces,
            ..Self::default()
        };
        board.rebuild_index();
        board
    }
}

impl From<Board> for Vec<Piece> {
    fn from(board: Board) -> Self {
        board.pieces
    }
}

/// Width of the cells of the board's index, m: of the order of the ranges that are asked for.
const CELL_M: f64 = 2000.0;

impl Board {
    /// Number of units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// One unit.
    #[must_use]
    pub fn piece(&self, ix: UnitIx) -> &Piece {
        &self.pieces[ix.at()]
    }

    /// All units by rank, wrecks included.
    pub fn iter(&self) -> impl Iterator<Item = (UnitIx, &Piece)> {
        self.pieces
            .iter()
            .enumerate()
            .map(|(at, piece)| (UnitIx::from_at(at), piece))
    }

    /// Puts all pieces into the index.
    fn rebuild_index(&mut self) {
        let points = self.pieces.iter().map(|piece| piece.position.truncate());
        self.index.rebuild(points);
    }

    /// Ranks of the units within a distance on the map, sorted.
    pub fn near_into(&self, centre: DVec2, radius_m: f64, out: &mut Vec<u32>) {
        self.index.neighbours_into(centre, radius_m, out);
    }
}

/// Sets up the board at the start, before the first tick.
pub fn renew_board(world: &mut World) {
    world
        .run_system_once(set_up_board)
        .expect("the board and the units are there");
}

/// Copies motion to the board.
fn set_up_board(mut board: ResMut<'_, Board>, units: Query<'_, '_, (&UnitIx, &Truth, &Damage)>) {
    let board = &mut *board;
    let blank = Piece {
        position: DVec3::ZERO,
        velocity: DVec3::ZERO,
        heading_rad: 0.0,
        is_alive: false,
        is_on_air: false,
        appearance: Appearance::Whole,
    };
    board.pieces.resize(units.iter().len(), blank);
    for (ix, truth, damage) in &units {
        board.pieces[ix.at()] = Piece {
            position: truth.0.position,
            velocity: truth.0.velocity,
            heading_rad: truth.0.heading_rad,
            is_alive: !damage.is_destroyed(),
            is_on_air: damage.can_talk(),
            appearance: damage.appearance(),
        };
    }
    board.rebuild_index();
}

/// Sets up the board in the phase `Emit`.
#[derive(Debug)]
pub struct BoardPlugin;

impl Plugin for BoardPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Board>()
            .register_state::<Truth>()
            .register_state_resource::<Board>()
            .add_systems(SimTick, set_up_board.in_set(Phase::Emit));
    }
}
