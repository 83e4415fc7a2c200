//! Heights in the local frame: what every other room asks about the ground.
//!
//! A map is resampled once, at load, onto a square grid of the frame, so that a look-up is one
//! bilinear interpolation without trigonometry. Negative heights are under water: there is no
//! water mask, so dry land below sea level counts as sea.

use super::detail::Detail;
use super::heightmap::Heightmap;
use super::local::LocalFrame;
use super::pyramid::MaxPyramid;
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most posts of a terrain: 64 MB of heights.
pub const MAX_POSTS: usize = 16_000_000;

/// An upright rectangle of the frame, in metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extent {
    /// South-west corner.
    pub min: DVec2,
    /// North-east corner.
    pub max: DVec2,
}

impl Extent {
    /// A square of `half_width_m` to each side of a centre.
    #[must_use]
    pub fn about(centre: DVec2, half_width_m: f64) -> Self {
        Self {
            min: centre - DVec2::splat(half_width_m),
            max: centre + DVec2::splat(half_width_m),
        }
    }

    /// Whether a point lies within the rectangle or on its edge.
    #[must_use]
    pub fn contains(&self, point: DVec2) -> bool {
        point.cmpge(self.min).all() && point.cmple(self.max).all()
    }

    /// Width east–west and length north–south in metres.
    #[must_use]
    pub fn size(&self) -> DVec2 {
        self.max - self.min
    }
}

/// Why a terrain was not built.
#[derive(Clone, Copy, Debug, Error, PartialEq)]
pub enum TerrainError {
    /// Spacing or extent give no grid, or one too large.
    #[error(
        "{width_m} by {length_m} m with posts every {spacing_m} m: \
         needs at least 2 by 2 and at most {MAX_POSTS} posts"
    )]
    Size {
        /// Width in metres.
        width_m: f64,
        /// Length in metres.
        length_m: f64,
        /// Distance between posts in metres.
        spacing_m: f64,
    },
    /// The map does not reach to the corners of the extent.
    #[error("the map ends before the terrain: it does not cover {lat_deg}, {lon_deg}")]
    Uncovered {
        /// Latitude of the corner in degrees.
        lat_deg: f64,
        /// Longitude of the corner in degrees.
        lon_deg: f64,
    },
}

/// Heights on a square grid of the local frame.
#[derive(Clone, Debug)]
pub struct Terrain {
    /// South-west post in metres.
    min: DVec2,
    /// Distance between posts in metres.
    spacing_m: f64,
    /// One over the spacing.
    per_m: f64,
    /// Number of posts east–west.
    cols: usize,
    /// Number of posts north–south.
    rows: usize,
    /// Column of the last post, as the look-up clamps to it.
    last_col: f64,
    /// Row of the last post, as the look-up clamps to it.
    last_row: f64,
    /// Heights in metres, row by row from the south-west.
    heights_m: Vec<f32>,
    /// Block maxima, for lines of sight.
    pyramid: MaxPyramid,
    /// Whether any of it is invented.
    synthetic: bool,
}

impl Terrain {
    /// Resamples a map into the frame, posts `spacing_m` apart over `extent`; `detail` adds
    /// invented relief between the posts of the map and marks the terrain synthetic.
    ///
    /// # Errors
    /// When the grid is too small or too large, or the map misses a corner of the extent by more
    /// than one of its posts.
    pub fn from_heightmap(
        map: &Heightmap,
        frame: &LocalFrame,
        extent: Extent,
        spacing_m: f64,
        detail: Option<&Detail>,
    ) -> Result<Self, TerrainError> {
        let grid = map.grid();
        for x in [extent.min.x, extent.max.x] {
            for y in [extent.min.y, extent.max.y] {
                let (lat_deg, lon_deg) = frame.to_geodetic(DVec2::new(x, y));
                let (row, col) = map.row_col(lat_deg, lon_deg);
                if !(-1.0..=count(grid.rows)).contains(&row)
                    || !(-1.0..=count(grid.cols)).contains(&col)
                {
                    return Err(TerrainError::Uncovered { lat_deg, lon_deg });
                }
            }
        }
        let octaves = Detail::octaves(map.spacing_m(), spacing_m);
        Self::from_fn(extent, spacing_m, detail.is_some(), |point| {
            let (lat_deg, lon_deg) = frame.to_geodetic(point);
            let (row, col) = map.row_col(lat_deg, lon_deg);
            match detail {
                Some(detail) => detail.height_m(map, row, col, octaves),
                None => map.interpolate_m(row, col),
            }
        })
    }

    /// A terrain whose posts are asked of a function of the local point in metres.
    ///
    /// # Errors
    /// When the grid is too small or too large.
    pub fn from_fn(
        extent: Extent,
        spacing_m: f64,
        synthetic: bool,
        mut height_m: impl FnMut(DVec2) -> f64,
    ) -> Result<Self, TerrainError> {
        let size = extent.size();
        let refused = TerrainError::Size {
            width_m: size.x,
            length_m: size.y,
            spacing_m,
        };
        let (last_col, last_row) = ((size.x / spacing_m).floor(), (size.y / spacing_m).floor());
        #[expect(clippy::cast_precision_loss, reason = "a small constant")]
        let fits = spacing_m > 0.0
            && last_col >= 1.0
            && last_row >= 1.0
            && (last_col + 1.0) * (last_row + 1.0) <= MAX_POSTS as f64;
        if !fits {
            return Err(refused);
        }
        let (cols, rows) = (index(last_col) + 1, index(last_row) + 1);
        let mut heights_m = Vec::with_capacity(cols * rows);
        for row in 0..rows {
            for col in 0..cols {
                let point = extent.min + DVec2::new(count(col), count(row)) * spacing_m;
                #[expect(clippy::cast_possible_truncation, reason = "heights need no more bits")]
                heights_m.push(height_m(point) as f32);
            }
        }
        Ok(Self {
            min: extent.min,
            spacing_m,
            per_m: 1.0 / spacing_m,
            cols,
            rows,
            last_col,
            last_row,
            pyramid: MaxPyramid::new(&heights_m, cols, rows),
            heights_m,
            synthetic,
        })
    }

    /// Height of the ground in metres above mean sea level, of the bottom where there is water.
    /// Beyond the edge it is the height at the edge.
    #[must_use]
    #[inline]
    pub fn height_m(&self, x: f64, y: f64) -> f64 {
        let at = self.to_grid(DVec2::new(x, y));
        self.height_at(at)
    }

    /// Column and row, with fractions, of a local point; not clamped.
    #[inline]
    pub(super) fn to_grid(&self, point: DVec2) -> DVec2 {
        (point - self.min) * self.per_m
    }

    /// Column and row of the cell that holds a point of [`Self::to_grid`], clamped to the grid.
    #[inline]
    pub(super) fn cell(&self, at: DVec2) -> (usize, usize) {
        (
            index(held(at.x, self.last_col)).min(self.cols - 2),
            index(held(at.y, self.last_row)).min(self.rows - 2),
        )
    }

    /// Bilinear height in metres at a point of [`Self::to_grid`].
    #[inline(always)]
    pub(super) fn height_at(&self, at: DVec2) -> f64 {
        let (x, y) = (held(at.x, self.last_col), held(at.y, self.last_row));
        let (col, row) = (index(x).min(self.cols - 2), index(y).min(self.rows - 2));
        let [sw, se, nw, ne] = self.corners(col, row);
        let (right, up) = (x - count(col), y - count(row));
        let south = sw + (se - sw) * right;
        let north = nw + (ne - nw) * right;
        south + (north - south) * up
    }

    /// Heights in metres of a cell's posts: south-west, south-east, north-west, north-east.
    #[inline]
    fn corners(&self, col: usize, row: usize) -> [f64; 4] {
        let first = row * self.cols + col;
        // One slice, so that one bounds check serves the four posts.
        let posts = &self.heights_m[first..first + self.cols + 2];
        [posts[0], posts[1], posts[self.cols], posts[self.cols + 1]].map(f64::from)
    }

    /// Slope of the ground as rise over run to the east and to the north: that of the bilinear
    /// patch the point lies on.
    #[must_use]
    pub fn gradient(&self, x: f64, y: f64) -> DVec2 {
        let at = self.to_grid(DVec2::new(x, y));
        let (col, row) = self.cell(at);
        let [sw, se, nw, ne] = self.corners(col, row);
        let right = held(at.x, self.last_col) - count(col);
        let up = held(at.y, self.last_row) - count(row);
        let east = (se - sw) * (1.0 - up) + (ne - nw) * up;
        let north = (nw - sw) * (1.0 - right) + (ne - se) * right;
        DVec2::new(east, north) * self.per_m
    }

    /// Steepness of the ground as rise over run.
    #[must_use]
    pub fn slope(&self, x: f64, y: f64) -> f64 {
        self.gradient(x, y).length()
    }

    /// Depth of the water in metres, zero on land.
    #[must_use]
    pub fn depth_m(&self, x: f64, y: f64) -> f64 {
        (-self.height_m(x, y)).max(0.0)
    }

    /// Whether there is water.
    #[must_use]
    pub fn is_water(&self, x: f64, y: f64) -> bool {
        self.height_m(x, y) < 0.0
    }

    /// The ground, or the sea's surface where there is water, in metres above mean sea level.
    #[must_use]
    pub fn surface_m(&self, x: f64, y: f64) -> f64 {
        self.height_m(x, y).max(0.0)
    }

    /// A point `above_m` metres above the ground or the sea's surface.
    #[must_use]
    pub fn above_surface(&self, point: DVec2, above_m: f64) -> DVec3 {
        point.extend(self.surface_m(point.x, point.y) + above_m)
    }

    /// The rectangle that the posts span.
    #[must_use]
    pub fn bounds(&self) -> Extent {
        let size = DVec2::new(self.last_col, self.last_row) * self.spacing_m;
        Extent {
            min: self.min,
            max: self.min + size,
        }
    }

    /// Whether a local point lies on the terrain.
    #[must_use]
    pub fn is_inside(&self, x: f64, y: f64) -> bool {
        self.bounds().contains(DVec2::new(x, y))
    }

    /// Distance between posts in metres.
    #[must_use]
    pub const fn spacing_m(&self) -> f64 {
        self.spacing_m
    }

    /// Number of posts east–west and north–south.
    #[must_use]
    pub const fn posts(&self) -> (usize, usize) {
        (self.cols, self.rows)
    }

    /// Height in metres of the highest post.
    #[must_use]
    pub fn highest_m(&self) -> f64 {
        self.pyramid.highest_m()
    }

    /// Height in metres of the lowest post.
    #[must_use]
    pub fn lowest_m(&self) -> f64 {
        f64::from(self.heights_m.iter().copied().fold(f32::INFINITY, f32::min))
    }

    /// Whether any of the relief is invented.
    #[must_use]
    pub const fn is_synthetic(&self) -> bool {
        self.synthetic
    }

    /// The maxima of blocks of cells.
    #[inline]
    pub(super) const fn pyramid(&self) -> &MaxPyramid {
        &self.pyramid
    }
}

/// A place along one side of the grid, held between 0 and the last post; NaN stays. Like `clamp`, but
/// without asking each time whether the last post comes after 0.
#[inline]
fn held(at: f64, last: f64) -> f64 {
    if at < 0.0 {
        0.0
    } else if at > last {
        last
    } else {
        at
    }
}

/// A count as a floating-point number: by way of 32 bits, which processors convert in one step.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    reason = "grid counts stay below MAX_POSTS"
)]
fn count(n: usize) -> f64 {
    f64::from(n as u32)
}

/// The whole part of a number that is not negative; NaN gives 0.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "callers clamp to the grid, and the cast saturates"
)]
fn index(at: f64) -> usize {
    at as u32 as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::heightmap::Grid;

    /// A plane that rises 0.2 to the east and falls 0.1 to the north.
    fn plane() -> Terrain {
        let extent = Extent::about(DVec2::new(500.0, 0.0), 1_000.0);
        Terrain::from_fn(extent, 90.0, true, |p| 0.2 * p.x - 0.1 * p.y).unwrap()
    }

    #[test]
    fn a_plane_is_met_exactly_and_clamped_beyond_its_edge() {
        let terrain = plane();
        assert!((terrain.height_m(123.4, -321.0) - (24.68 + 32.1)).abs() < 1e-4);
        assert!((terrain.gradient(123.4, -321.0) - DVec2::new(0.2, -0.1)).length() < 1e-6);
        assert!((terrain.slope(123.4, -321.0) - 0.05_f64.sqrt()).abs() < 1e-6);
        let bounds = terrain.bounds();
        assert!((bounds.min - DVec2::new(-500.0, -1_000.0)).length() < 1e-9);
        assert!((bounds.max - DVec2::new(1_480.0, 980.0)).length() < 1e-9);
        assert!(terrain.is_inside(1_480.0, 980.0) && !terrain.is_inside(1_481.0, 0.0));
        let beyond = terrain.height_m(9_999.0, 0.0);
        assert!((beyond - terrain.height_m(bounds.max.x, 0.0)).abs() < 1e-9);
        assert!(terrain.height_m(f64::NAN, 0.0).is_nan());
        assert_eq!(terrain.posts(), (23, 23));
    }

    #[test]
    fn water_is_where_the_ground_is_negative() {
        let terrain = plane();
        assert!((terrain.depth_m(-400.0, 0.0) - 80.0).abs() < 1e-4);
        assert!(terrain.is_water(-400.0, 0.0) && !terrain.is_water(400.0, 0.0));
        assert!(terrain.surface_m(-400.0, 0.0).abs() < 1e-12);
        assert!(terrain.depth_m(400.0, 0.0).abs() < 1e-12);
        assert!((terrain.above_surface(DVec2::new(-400.0, 0.0), 12.0).z - 12.0).abs() < 1e-12);
        assert!((terrain.highest_m() - (0.2 * 1_480.0 + 100.0)).abs() < 1e-3);
        assert!((terrain.lowest_m() - (-100.0 - 98.0)).abs() < 1e-3);
    }

    #[test]
    fn a_map_keeps_its_heights_when_resampled() {
        let grid = Grid {
            north_deg: 36.5,
            west_deg: -84.4,
            lat_step_deg: 0.01,
            lon_step_deg: 0.01,
            rows: 21,
            cols: 31,
        };
        // Rising to the south and east, so that a flipped axis shows.
        let heights = (0..21 * 31)
            .map(|at: u16| f32::from(at / 31 * 10 + at % 31))
            .collect();
        let map = Heightmap::new(grid, heights).unwrap();
        let frame = LocalFrame::new(36.4, -84.25).unwrap();
        let extent = map.extent_in(&frame);
        let terrain = Terrain::from_heightmap(&map, &frame, extent, 100.0, None).unwrap();
        assert!(!terrain.is_synthetic());
        for (lat, lon) in [(36.4, -84.25), (36.48, -84.38), (36.32, -84.11)] {
            let local = frame.to_local(lat, lon);
            let want = (36.5 - lat) * 1_000.0 + (lon + 84.4) * 100.0;
            let got = terrain.height_m(local.x, local.y);
            assert!((got - want).abs() < 0.05, "{lat} {lon}: {got} for {want}");
        }

        let wide = Extent::about(DVec2::ZERO, 50_000.0);
        let refused = Terrain::from_heightmap(&map, &frame, wide, 100.0, None).unwrap_err();
        assert!(matches!(refused, TerrainError::Uncovered { .. }));
    }

    #[test]
    fn grids_without_sense_are_refused() {
        let extent = Extent::about(DVec2::ZERO, 1_000.0);
        for spacing_m in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-3, 5_000.0] {
            let refused = Terrain::from_fn(extent, spacing_m, false, |_| 0.0);
            assert!(
                matches!(refused, Err(TerrainError::Size { .. })),
                "{spacing_m}"
            );
        }
        let upside_down = Extent {
            min: extent.max,
            max: extent.min,
        };
        assert!(Terrain::from_fn(upside_down, 10.0, false, |_| 0.0).is_err());
    }
}
