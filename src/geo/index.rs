//! Which points lie near a point: a uniform grid, hashed onto a torus of cells.
//!
//! The plane is cut into square cells, and the cells wrap onto a power-of-two torus, so that memory
//! follows the number of points and not the area, and one stray point costs nothing (compare
//! Teschner et al., 2003, "Optimized spatial hashing for collision detection"). Points are put in
//! order by a counting sort. A rebuild is linear and allocates only when there are more points than
//! ever before.

use glam::DVec2;

/// A point in its cell.
#[derive(Clone, Copy, Debug)]
struct Entry {
    /// Where it is, in metres.
    at: DVec2,
    /// Its number in the order of the rebuild.
    index: u32,
}

/// Points in the plane by cell.
///
/// **Order.** Every query visits the rows of cells that its disc touches from south to north, each
/// row from west to east, and the points of a cell in the order of the rebuild. A disc wider than
/// the torus visits all points in the order of the rebuild. Either way the order depends on the
/// points, the centre and the radius alone.
#[derive(Clone, Debug)]
pub struct SpatialIndex {
    /// One over the side of a cell in metres.
    per_m: f64,
    /// Cells along each side of the torus: a power of two.
    side: u32,
    /// Where each cell's entries begin; one more than there are cells.
    starts: Vec<u32>,
    /// The points, cell by cell.
    entries: Vec<Entry>,
    /// The points in the order given.
    points: Vec<DVec2>,
    /// The cell of each point, between the passes of a rebuild.
    cells: Vec<u32>,
}

impl SpatialIndex {
    /// An empty index with cells of `cell_m` metres: best about the usual search radius.
    ///
    /// A side that is not positive and finite is taken as one metre.
    #[must_use]
    pub fn new(cell_m: f64) -> Self {
        debug_assert!(cell_m.is_finite() && cell_m > 0.0);
        let sound = cell_m.is_finite() && cell_m > 0.0;
        Self {
            per_m: if sound { 1.0 / cell_m } else { 1.0 },
            side: 1,
            starts: vec![0, 0],
            entries: Vec::new(),
            points: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Replaces all points. A point's number is its place in the iteration. Points that are not
    /// finite are counted but never found.
    ///
    /// # Panics
    /// With more than 2³² points.
    pub fn rebuild(&mut self, points: impl IntoIterator<Item = DVec2>) {
        self.points.clear();
        self.points.extend(points);
        self.side = side_for(self.points.len());
        let cells = self.side as usize * self.side as usize;
        self.starts.clear();
        self.starts.resize(cells + 1, 0);
        self.cells.clear();
        for &point in &self.points {
            let (col, row) = self.cell_of(point);
            let cell = self.wrap(row) * self.side + self.wrap(col);
            self.cells.push(cell);
            self.starts[cell as usize] += 1;
        }
        let mut end = 0;
        for start in &mut self.starts {
            end += *start;
            *start = end;
        }
        let nowhere = Entry {
            at: DVec2::NAN,
            index: 0,
        };
        self.entries.clear();
        self.entries.resize(self.points.len(), nowhere);
        // Backwards, so that each cell's end moves down to its start and its points stay in order.
        let count = u32::try_from(self.points.len()).expect("fewer than 2^32 points");
        for index in (0..count).rev() {
            let start = &mut self.starts[self.cells[index as usize] as usize];
            *start -= 1;
            self.entries[*start as usize] = Entry {
                at: self.points[index as usize],
                index,
            };
        }
    }

    /// Number of points.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether there are no points.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.points.is_empty()
    }

    /// Calls `visit` with the number and the squared distance in m² of every point no further than
    /// `radius_m` from `centre`, in the order that the type describes.
    #[inline]
    pub fn for_each_within(&self, centre: DVec2, radius_m: f64, mut visit: impl FnMut(u32, f64)) {
        let reach2 = radius_m * radius_m;
        let mut look = |at: DVec2, index: u32| {
            let distance2 = at.distance_squared(centre);
            if distance2 <= reach2 {
                visit(index, distance2);
            }
        };
        if radius_m.is_nan() || radius_m < 0.0 {
            return;
        }
        let (west, south) = self.cell_of(centre - DVec2::splat(radius_m));
        let (east, north) = self.cell_of(centre + DVec2::splat(radius_m));
        let side = i64::from(self.side);
        if east.saturating_sub(west) >= side || north.saturating_sub(south) >= side {
            for (index, &at) in (0..).zip(&self.points) {
                look(at, index);
            }
            return;
        }
        for row in south..=north {
            let first_cell = self.wrap(row) * self.side;
            let (left, right) = (self.wrap(west), self.wrap(east));
            // A row that crosses the seam of the torus is two runs of cells.
            let runs = if left <= right {
                [(left, right + 1), (0, 0)]
            } else {
                [(left, self.side), (0, right + 1)]
            };
            for (from, to) in runs {
                let start = self.starts[(first_cell + from) as usize] as usize;
                let end = self.starts[(first_cell + to) as usize] as usize;
                for entry in self.entries.get(start..end).unwrap_or_default() {
                    look(entry.at, entry.index);
                }
            }
        }
    }

    /// Puts the numbers of all points no further than `radius_m` from `centre` into `found`, in
    /// ascending order; what was in it is lost.
    pub fn neighbours_into(&self, centre: DVec2, radius_m: f64, found: &mut Vec<u32>) {
        found.clear();
        self.for_each_within(centre, radius_m, |index, _| found.push(index));
        found.sort_unstable();
    }

    /// Column and row of the cell that holds a point, before wrapping.
    #[inline]
    fn cell_of(&self, point: DVec2) -> (i64, i64) {
        let cell = (point * self.per_m).floor();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole numbers, and the cast saturates"
        )]
        (cell.x as i64, cell.y as i64)
    }

    /// A column or row on the torus.
    #[inline]
    fn wrap(&self, at: i64) -> u32 {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "masked to the side of the torus"
        )]
        #[expect(clippy::cast_sign_loss, reason = "masked to the side of the torus")]
        let low = (at & i64::from(self.side - 1)) as u32;
        low
    }
}

/// Side of a torus with about two cells for each point: a power of two from 8 to 1024.
fn side_for(points: usize) -> u32 {
    let mut side = 8_u32;
    while side < 1_024 && (side as usize * side as usize) < points.saturating_mul(2) {
        side *= 2;
    }
    side
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a search must find, by looking at every point.
    fn brute(points: &[DVec2], centre: DVec2, radius_m: f64) -> Vec<u32> {
        (0..)
            .zip(points)
            .filter(|(_, at)| at.distance_squared(centre) <= radius_m * radius_m)
            .map(|(index, _)| index)
            .collect()
    }

    /// Points as pairs of numbers.
    fn points(pairs: &[(f64, f64)]) -> Vec<DVec2> {
        pairs.iter().map(|&(x, y)| DVec2::new(x, y)).collect()
    }

    proptest! {
        #[test]
        fn finds_what_brute_force_finds(
            pairs in prop::collection::vec((-5_000.0_f64..5_000.0, -5_000.0_f64..5_000.0), 0..300),
            stray in -1e9_f64..1e9,
            centre in (-6_000.0_f64..6_000.0, -6_000.0_f64..6_000.0),
            radius in prop_oneof![Just(0.0), 0.0_f64..1_000.0, 0.0_f64..20_000.0],
            cell in 10.0_f64..2_000.0,
        ) {
            let mut points = points(&pairs);
            points.push(DVec2::new(stray, -stray));
            let centre = DVec2::new(centre.0, centre.1);
            let mut index = SpatialIndex::new(cell);
            index.rebuild(points.iter().rev().copied());
            index.rebuild(points.iter().copied());
            let mut found = vec![9];
            index.neighbours_into(centre, radius, &mut found);
            prop_assert_eq!(found, brute(&points, centre, radius));
        }
    }

    #[test]
    fn visits_cells_south_to_north_and_west_to_east_then_by_number() {
        let mut index = SpatialIndex::new(100.0);
        let spots = [
            (250.0, 50.0),
            (150.0, 150.0),
            (50.0, 50.0),
            (60.0, 40.0),
            (-50.0, 150.0),
        ];
        index.rebuild(points(&spots));
        let mut order = Vec::new();
        index.for_each_within(DVec2::new(100.0, 100.0), 300.0, |at, _| order.push(at));
        assert_eq!(order, [2, 3, 0, 4, 1]);
        order.clear();
        index.for_each_within(DVec2::new(100.0, 100.0), 3_000.0, |at, _| order.push(at));
        assert_eq!(order, [0, 1, 2, 3, 4], "wider than the torus: by number");
    }

    #[test]
    fn a_rebuild_of_as_many_points_allocates_nothing() {
        let mut index = SpatialIndex::new(100.0);
        let spread = |shift: f64| {
            (0..1_000_u32).map(move |i| DVec2::new(f64::from(i * 37 % 9_001) + shift, f64::from(i)))
        };
        index.rebuild(spread(0.0));
        let sizes = |index: &SpatialIndex| {
            [
                index.starts.capacity(),
                index.entries.capacity(),
                index.points.capacity(),
            ]
        };
        let before = (sizes(&index), index.entries.as_ptr());
        for shift in 1..50 {
            index.rebuild(spread(f64::from(shift) * 1e4));
        }
        assert_eq!((sizes(&index), index.entries.as_ptr()), before);
    }

    #[test]
    fn points_that_are_nowhere_are_never_found() {
        let mut index = SpatialIndex::new(100.0);
        index.rebuild([DVec2::NAN, DVec2::ZERO, DVec2::INFINITY]);
        let mut found = Vec::new();
        index.neighbours_into(DVec2::ZERO, 1e6, &mut found);
        assert_eq!((found.as_slice(), index.len()), (&[1][..], 3));
        index.neighbours_into(DVec2::ZERO, f64::NAN, &mut found);
        assert!(found.is_empty());
        assert!(SpatialIndex::new(5.0).is_empty());
    }
}
