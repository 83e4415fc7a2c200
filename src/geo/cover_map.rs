//! Where land cover and roads lie, as a raster that answers in one look-up. See [`CoverMap`].
//!
//! Areas and roads come as polygons and lines; where areas overlap the later one holds. They are
//! drawn once into a raster over the box about them, so that a question costs one index. Outside of
//! that box, and where nothing is drawn, the base holds, which is open ground.

use super::{
    cover::{Cover, Footing, GAITS, Gait, Road},
    terrain::Extent,
};
use glam::DVec2;

/// Widest cell of the raster, m, unless the drawn box is too large for it.
const CELL_MAX_M: f64 = 20.0;

/// Width of a block of cells that are asked together whether anything tall stands in them.
const BLOCK: usize = 16;

/// Most cells of the raster.
const CELLS_MAX: f64 = 4e6;

/// Land cover and roads of a scenario. Static.
#[derive(Clone, Debug)]
pub struct CoverMap {
    /// The base, then one per area.
    covers: Vec<Cover>,
    /// The roads.
    roads: Vec<Road>,
    /// South-west corner of the raster, m.
    min: DVec2,
    /// Width of a cell, m.
    cell_m: f64,
    /// Cells west to east.
    cols: usize,
    /// Cells south to north.
    rows: usize,
    /// For each cell the number of its cover and that of its road plus one, row by row from the
    /// south-west.
    cells: Vec<[u16; 2]>,
    /// Height of the highest cover, m.
    tallest_m: f64,
    /// For each block of cells, row by row, whether any cell of it has a height.
    has_tall: Vec<bool>,
    /// Whether it is firm, even ground everywhere.
    firm: bool,
    /// Whether any place bars a gait.
    barring: [bool; GAITS],
    /// Factor on the relief that the terrain does not resolve; 0 leaves it out.
    masking: f64,
}

impl Default for CoverMap {
    /// Bare ground everywhere, all relief as the terrain has it.
    fn default() -> Self {
        Self::new(Cover::BARE, Vec::new(), Vec::new(), (CELL_MAX_M, 0.0))
    }
}

impl CoverMap {
    /// Draws areas, each a ring of corners with its cover, and roads over a base. The raster has
    /// cells as wide as the terrain's posts are apart, m, or finer; `masking` is the factor on the
    /// relief that the terrain does not resolve.
    #[must_use]
    pub fn new(
        base: Cover,
        areas: Vec<(Vec<DVec2>, Cover)>,
        roads: Vec<Road>,
        (spacing_m, masking): (f64, f64),
    ) -> Self {
        debug_assert!(spacing_m > 0.0 && masking >= 0.0);
        let points = areas.iter().flat_map(|(ring, _)| ring);
        let points = points.chain(roads.iter().flat_map(|road| &road.line));
        let (low, high) = points.fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(low, high), at| {
            (low.min(*at), high.max(*at))
        });
        let mut cell_m = spacing_m.min(CELL_MAX_M);
        let mut size = DVec2::ZERO;
        if low.is_finite() {
            let widest_m = roads.iter().fold(0.0, |most, road| road.width_m.max(most));
            size = high - low + DVec2::splat(2.0 * (widest_m + cell_m));
            cell_m = cell_m.max((size.x * size.y / CELLS_MAX).sqrt());
        }
        let (cols, rows) = (whole(size.x / cell_m), whole(size.y / cell_m));
        let covers = core::iter::once(base)
            .chain(areas.iter().map(|(_, cover)| *cover))
            .collect();
        let mut map = Self {
            covers,
            min: 0.5 * (low + high) - 0.5 * size,
            cell_m,
            cols,
            rows,
            cells: vec![[0; 2]; cols * rows],
            firm: false,
            barring: [false; GAITS],
            tallest_m: areas
                .iter()
                .fold(0.0, |most, (_, cover)| cover.height_m.max(most)),
            has_tall: Vec::new(),
            masking,
            roads: Vec::new(),
        };
        for (number, (ring, _)) in areas.iter().enumerate() {
            map.draw_area(ring, number + 1);
        }
        for (number, road) in roads.iter().enumerate() {
            map.draw_road(road, number, &roads);
        }
        let is_firm =
            |it: &Cover| it.speed.iter().all(|share| *share >= 1.0) && it.resistance <= 1.0;
        map.firm = roads.is_empty() && map.covers.iter().all(is_firm);
        map.barring =
            core::array::from_fn(|gait| map.covers.iter().any(|it| it.speed[gait] <= 0.0));
        map.roads = roads;
        map.mark_tall();
        map
    }

    /// Blocks from west to east.
    const fn blocks(&self) -> usize {
        self.cols.div_ceil(BLOCK)
    }

    /// Finds the blocks in which anything tall stands.
    fn mark_tall(&mut self) {
        self.has_tall = vec![false; self.blocks() * self.rows.div_ceil(BLOCK)];
        for (number, cell) in self.cells.iter().enumerate() {
            if self.covers[usize::from(cell[0])].height_m > 0.0 {
                let (row, col) = (number / self.cols, number % self.cols);
                let block = row / BLOCK * self.blocks() + col / BLOCK;
                self.has_tall[block] = true;
            }
        }
    }

    /// The block of cells about a place: whether anything tall may stand in it, and its south-west and
    /// north-east corners, m; none outside of the raster.
    #[must_use]
    #[inline]
    pub fn block(&self, at: DVec2) -> Option<(bool, [DVec2; 2])> {
        let block_m = self.cell_m * count(BLOCK);
        let place = (at - self.min) / block_m;
        if !(place.x >= 0.0 && place.y >= 0.0) {
            return None;
        }
        let (col, row) = (whole(place.x), whole(place.y));
        if col >= self.blocks() {
            return None;
        }
        let has_tall = *self.has_tall.get(row * self.blocks() + col)?;
        let low = self.min + DVec2::new(count(col), count(row)) * block_m;
        Some((has_tall, [low, low + block_m]))
    }

    /// Marks the cells whose middle lies within a ring, row by row between its crossings of the row.
    fn draw_area(&mut self, ring: &[DVec2], number: usize) {
        let Ok(number) = u16::try_from(number) else {
            return;
        };
        let (low, high) = bounds(ring.iter().copied());
        let rows = (
            (low.y - self.min.y) / self.cell_m,
            (high.y - self.min.y) / self.cell_m,
        );
        let mut crossings = Vec::new();
        for row in whole(rows.0)..(whole(rows.1) + 1).min(self.rows) {
            let north_m = self.min.y + (count(row) + 0.5) * self.cell_m;
            cross(ring, north_m, &mut crossings);
            for pair in crossings.chunks_exact(2) {
                // The first cell whose middle is not west of a crossing.
                let [from, to] = [pair[0], pair[1]]
                    .map(|east_m| whole(((east_m - self.min.x) / self.cell_m - 0.5).ceil()));
                for cell in
                    &mut self.cells[row * self.cols..][from.min(self.cols)..to.min(self.cols)]
                {
                    cell[0] = number;
                }
            }
        }
    }

    /// Marks the cells that the middle of a road runs through, and those whose middle it covers; of
    /// two roads the faster one holds.
    fn draw_road(&mut self, road: &Road, number: usize, roads: &[Road]) {
        let Ok(mark) = u16::try_from(number + 1) else {
            return;
        };
        let reach_m = 0.5 * road.width_m + self.cell_m * core::f64::consts::FRAC_1_SQRT_2;
        for leg in road.line.windows(2) {
            let (low, high) = bounds(leg.iter().copied());
            let margin = DVec2::splat(reach_m);
            self.each_in((low - margin, high + margin), |middle, cell| {
                let is_faster = |other: u16| {
                    let held = roads.get(usize::from(other).wrapping_sub(1));
                    held.is_none_or(|held| held.speed < road.speed)
                };
                if distance_m(middle, leg[0], leg[1]) <= reach_m && is_faster(cell[1]) {
                    cell[1] = mark;
                }
            });
        }
    }

    /// Shows the middles and contents of all cells of a box.
    fn each_in(&mut self, (low, high): (DVec2, DVec2), mut show: impl FnMut(DVec2, &mut [u16; 2])) {
        let first = ((low - self.min) / self.cell_m).floor().max(DVec2::ZERO);
        let last = ((high - self.min) / self.cell_m).ceil().max(DVec2::ZERO);
        for row in whole(first.y)..whole(last.y).min(self.rows) {
            for col in whole(first.x)..whole(last.x).min(self.cols) {
                let at = DVec2::new(count(col) + 0.5, count(row) + 0.5);
                show(
                    self.min + at * self.cell_m,
                    &mut self.cells[row * self.cols + col],
                );
            }
        }
    }

    /// The cell of a place; the base where nothing is drawn.
    #[inline]
    fn cell(&self, at: DVec2) -> [u16; 2] {
        let place = (at - self.min) / self.cell_m;
        if self.cells.is_empty() || !(place.x >= 0.0 && place.y >= 0.0) {
            return [0; 2];
        }
        let (col, row) = (whole(place.x), whole(place.y));
        if col >= self.cols || row >= self.rows {
            return [0; 2];
        }
        self.cells[row * self.cols + col]
    }

    /// What covers a place.
    #[must_use]
    #[inline]
    pub fn at(&self, at: DVec2) -> &Cover {
        &self.covers[usize::from(self.cell(at)[0])]
    }

    /// What the ground at a place is to a gait. A road goes over whatever it crosses.
    #[must_use]
    pub fn footing(&self, at: DVec2, gait: Gait) -> Footing {
        let [cover, road] = self.cell(at);
        match self.roads.get(usize::from(road).wrapping_sub(1)) {
            // Whoever walks minds the surface of a road as little as a bend in it.
            Some(road) => Footing {
                on_road: true,
                speed: if gait == Gait::Dismount {
                    1.0
                } else {
                    road.speed
                },
                resistance: road.resistance,
            },
            None => {
                let cover = &self.covers[usize::from(cover)];
                Footing {
                    on_road: false,
                    speed: cover.speed[gait as usize],
                    resistance: cover.resistance,
                }
            }
        }
    }

    /// Whether a gait meets a place that it cannot cross on the straight way between two points.
    #[must_use]
    pub fn bars(&self, (from, to): (DVec2, DVec2), gait: Gait) -> bool {
        let steps = (from.distance(to) / (0.5 * self.cell_m)).ceil().max(1.0);
        let mut step = 0.0;
        while step <= steps {
            if self.footing(from.lerp(to, step / steps), gait).speed <= 0.0 {
                return true;
            }
            step += 1.0;
        }
        false
    }

    /// Whether any place bars a gait.
    #[must_use]
    #[inline]
    pub const fn can_bar(&self, gait: Gait) -> bool {
        self.barring[gait as usize]
    }

    /// Whether it is firm, even ground everywhere to who goes over it.
    #[must_use]
    #[inline]
    pub const fn is_firm(&self) -> bool {
        self.firm
    }

    /// Whether nothing on it stands in the way of light or radio.
    #[must_use]
    #[inline]
    pub fn is_clear(&self) -> bool {
        self.tallest_m <= 0.0
    }

    /// Whether nothing at all is drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.covers.len() == 1 && self.roads.is_empty()
    }

    /// Height of the highest cover, m.
    #[must_use]
    pub const fn tallest_m(&self) -> f64 {
        self.tallest_m
    }

    /// Width of the cells, m.
    #[must_use]
    pub const fn cell_m(&self) -> f64 {
        self.cell_m
    }

    /// Factor on the relief that the terrain does not resolve; 0 leaves it out.
    #[must_use]
    pub const fn masking(&self) -> f64 {
        self.masking
    }

    /// The box in which anything is drawn.
    #[must_use]
    pub fn extent(&self) -> Extent {
        let size = DVec2::new(count(self.cols), count(self.rows)) * self.cell_m;
        Extent {
            min: self.min,
            max: self.min + size,
        }
    }

    /// The roads.
    #[must_use]
    pub fn roads(&self) -> &[Road] {
        &self.roads
    }
}

/// Lowest and highest corner about points, m.
fn bounds(points: impl Iterator<Item = DVec2>) -> (DVec2, DVec2) {
    points.fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(low, high), at| {
        (low.min(at), high.max(at))
    })
}

/// Where the edges of a ring cross a line from west to east, m, from the west.
fn cross(ring: &[DVec2], north_m: f64, crossings: &mut Vec<f64>) {
    crossings.clear();
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        if (a.y > north_m) != (b.y > north_m) {
            crossings.push(a.x + (b.x - a.x) * (north_m - a.y) / (b.y - a.y));
        }
    }
    crossings.sort_by(f64::total_cmp);
}

/// Distance from a point to a straight piece, m.
fn distance_m(point: DVec2, from: DVec2, to: DVec2) -> f64 {
    let along = to - from;
    let squared = along.length_squared();
    let share = if squared > 0.0 {
        ((point - from).dot(along) / squared).clamp(0.0, 1.0)
    } else {
        0.0
    };
    point.distance(from + along * share)
}

/// A count as a number.
#[expect(clippy::cast_precision_loss, reason = "rasters have far fewer cells")]
fn count(cells: usize) -> f64 {
    cells as f64
}

/// A number of cells.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, and NaN gives 0"
)]
#[inline]
fn whole(cells: f64) -> usize {
    cells as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::cover::CoverClass;

    /// A square about a point.
    fn square(x: f64, y: f64, half_m: f64) -> Vec<DVec2> {
        [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)]
            .map(|(east, north)| DVec2::new(x + half_m * east, y + half_m * north))
            .to_vec()
    }

    fn forest() -> Cover {
        Cover {
            class: CoverClass::Forest,
            height_m: 15.0,
            speed: [0.0, 0.3, 0.6, 0.2],
            ..Cover::BARE
        }
    }

    #[test]
    fn later_areas_hold_and_nothing_is_drawn_beyond_them() {
        let lake = Cover {
            class: CoverClass::Water,
            speed: [0.0; GAITS],
            ..Cover::BARE
        };
        let areas = vec![
            (square(0.0, 0.0, 500.0), forest()),
            (square(200.0, 0.0, 100.0), lake),
        ];
        let map = CoverMap::new(Cover::BARE, areas, Vec::new(), (60.0, 0.0));
        let class = |x: f64, y: f64| map.at(DVec2::new(x, y)).class;
        assert_eq!(class(0.0, 0.0), CoverClass::Forest);
        assert_eq!(class(200.0, 50.0), CoverClass::Water);
        assert_eq!(class(520.0, 0.0), CoverClass::Open);
        assert_eq!(class(-1e9, f64::NAN), CoverClass::Open);
        assert!((map.cell_m() - 20.0).abs() < 1e-9 && (map.tallest_m() - 15.0).abs() < 1e-9);
        assert!(!map.is_firm() && !map.is_clear() && !map.is_empty());
        let bare = CoverMap::default();
        assert!(bare.is_firm() && bare.is_clear() && bare.is_empty());
        assert_eq!(bare.footing(DVec2::ZERO, Gait::Wheeled), Footing::FIRM);
    }

    #[test]
    fn a_ring_with_a_notch_is_filled_but_for_the_notch() {
        let corners = [
            (0.0, 0.0),
            (600.0, 0.0),
            (600.0, 600.0),
            (300.0, 200.0),
            (0.0, 600.0),
        ];
        let ring = corners.map(|(x, y)| DVec2::new(x, y)).to_vec();
        let map = CoverMap::new(Cover::BARE, vec![(ring, forest())], Vec::new(), (10.0, 0.0));
        for (x, y, class) in [
            (300.0, 150.0, CoverClass::Forest),
            (300.0, 260.0, CoverClass::Open),
            (60.0, 500.0, CoverClass::Forest),
            (200.0, 500.0, CoverClass::Open),
            (590.0, 560.0, CoverClass::Forest),
            (610.0, 300.0, CoverClass::Open),
            (-15.0, 10.0, CoverClass::Open),
        ] {
            assert_eq!(map.at(DVec2::new(x, y)).class, class, "{x}, {y}");
        }
    }

    #[test]
    fn a_road_is_found_all_along_and_carries_over_what_bars() {
        let road = |speed: f64, line: Vec<DVec2>| Road {
            line,
            width_m: 6.0,
            speed,
            resistance: 1.0,
        };
        let (a, b) = (DVec2::new(-900.0, -333.0), DVec2::new(900.0, 271.0));
        let crossing = vec![DVec2::new(0.0, -400.0), DVec2::new(0.0, 400.0)];
        let roads = vec![road(1.0, vec![a, b]), road(0.5, crossing)];
        let areas = vec![(square(0.0, 0.0, 300.0), forest())];
        let map = CoverMap::new(Cover::BARE, areas, roads, (60.0, 0.0));
        for step in 0..=1000 {
            let at = a.lerp(b, f64::from(step) / 1000.0);
            let footing = map.footing(at, Gait::Wheeled);
            assert!(footing.on_road && footing.speed > 0.9, "{at}");
        }
        assert!(!map.bars((a, b), Gait::Wheeled));
        let beside = DVec2::new(60.0, 200.0);
        assert!(map.bars((a, beside), Gait::Wheeled) && !map.bars((a, beside), Gait::Tracked));
        assert!(map.can_bar(Gait::Wheeled) && !map.can_bar(Gait::Tracked));
        assert!((map.footing(beside, Gait::Tracked).speed - 0.3).abs() < 1e-12);
        assert!((map.footing(DVec2::new(0.0, 300.0), Gait::Tracked).speed - 0.5).abs() < 1e-12);
    }
}
