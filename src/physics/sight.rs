//! Lines of sight over ground and buildings, remembered. See [`SightMemo`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use glam::DVec3;

use super::field::ObstacleField;
use crate::environment::Landscape;

/// Width of the cells to which the ends of a line are rounded, m; heights to a tenth of it. Sight is
/// a pure function of rounded ends, so remembering it changes no result.
const CELL_M: f64 = 10.0;

/// Entries kept; beyond that the memory starts anew.
const LIMIT: usize = 200_000;

/// Cell of one end of a line.
type Cell = [i32; 3];

/// Remembered lines of sight. No state: forgetting them costs time only.
#[derive(Debug, Default, Resource)]
pub struct SightMemo {
    lines: BTreeMap<(Cell, Cell), bool>,
}

/// The cell of a point and the point in its middle.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float-to-integer `as` saturates"
)]
fn rounded(point: DVec3) -> (Cell, DVec3) {
    let up_m = CELL_M / 10.0;
    let cell = [
        (point.x / CELL_M).round() as i32,
        (point.y / CELL_M).round() as i32,
        (point.z / up_m).round() as i32,
    ];
    let [x, y, z] = cell.map(f64::from);
    (cell, DVec3::new(x * CELL_M, y * CELL_M, z * up_m))
}

impl SightMemo {
    /// Whether two points see each other.
    pub fn is_clear(
        &mut self,
        a: DVec3,
        b: DVec3,
        landscape: &Landscape,
        field: &ObstacleField,
    ) -> bool {
        let ((from, near), (to, far)) = (rounded(a), rounded(b));
        if self.lines.len() > LIMIT {
            self.lines.clear();
        }
        // Sight is the same both ways: the lower cell goes first.
        let ends = if from <= to { (from, to) } else { (to, from) };
        *self.lines.entry(ends).or_insert_with(|| {
            let (near, far) = if from <= to { (near, far) } else { (far, near) };
            landscape.is_clear(near, far) && (field.is_empty() || field.line_of_sight(near, far))
        })
    }
}
