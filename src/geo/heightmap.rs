//! A height grid in latitude and longitude, as a terrain file holds it.

use super::local::LocalFrame;
use super::terrain::Extent;
use glam::DVec2;
use thiserror::Error;

/// Most posts that are read from one file: a one-arc-second square of 1.7° takes 40 million.
pub const MAX_POSTS: usize = 40_000_000;

/// Heights that the earth has, in metres, with a margin; others betray a corrupt file.
pub const PLAUSIBLE_M: std::ops::RangeInclusive<f32> = -12_000.0..=9_000.0;

/// Why a height grid was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum HeightmapError {
    /// The grid has no area, too many posts, or the number of posts is not rows × columns.
    #[error(
        "{rows} rows by {cols} columns with {posts} posts: \
         needs 2 by 2 to {MAX_POSTS} posts that fill the grid"
    )]
    Shape {
        /// Number of rows.
        rows: usize,
        /// Number of columns.
        cols: usize,
        /// Number of posts given.
        posts: usize,
    },
    /// The grid's place is not on earth.
    #[error(
        "north-west post at {north_deg}, {west_deg} with steps of {lat_step_deg}, {lon_step_deg} \
         degrees: the grid must lie within the earth and its steps must be positive"
    )]
    Place {
        /// Latitude of the northernmost row in degrees.
        north_deg: f64,
        /// Longitude of the westernmost column in degrees.
        west_deg: f64,
        /// Distance between rows in degrees.
        lat_step_deg: f64,
        /// Distance between columns in degrees.
        lon_step_deg: f64,
    },
    /// A post holds a height that the earth has not.
    #[error("the post at row {row}, column {col} holds {height_m} m")]
    Height {
        /// Row, counted from the north.
        row: usize,
        /// Column, counted from the west.
        col: usize,
        /// The height found, in metres.
        height_m: f32,
    },
    /// So many posts are void that the rest is no basis to fill them.
    #[error("{voids} of {posts} posts are void: more than half")]
    Voids {
        /// Number of void posts.
        voids: usize,
        /// Number of posts.
        posts: usize,
    },
}

/// Where a grid's posts stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Latitude of the northernmost row of posts in degrees.
    pub north_deg: f64,
    /// Longitude of the westernmost column of posts in degrees.
    pub west_deg: f64,
    /// Distance between rows in degrees.
    pub lat_step_deg: f64,
    /// Distance between columns in degrees.
    pub lon_step_deg: f64,
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
}

impl Grid {
    /// Refuses a grid that is not on earth or whose size is absurd, before its posts are read.
    ///
    /// # Errors
    /// [`HeightmapError::Shape`] or [`HeightmapError::Place`].
    pub fn check(&self) -> Result<(), HeightmapError> {
        let posts = self.rows.saturating_mul(self.cols);
        if self.rows < 2 || self.cols < 2 || posts > MAX_POSTS {
            let (rows, cols) = (self.rows, self.cols);
            return Err(HeightmapError::Shape { rows, cols, posts });
        }
        let south_deg = self.north_deg - self.lat_step_deg * count(self.rows - 1);
        let width_deg = self.lon_step_deg * count(self.cols - 1);
        let on_earth = self.north_deg <= 90.0
            && south_deg >= -90.0
            && (-180.0..=360.0).contains(&self.west_deg)
            && width_deg <= 360.0
            && self.lat_step_deg > 0.0
            && self.lon_step_deg > 0.0;
        if on_earth {
            return Ok(());
        }
        Err(HeightmapError::Place {
            north_deg: self.north_deg,
            west_deg: self.west_deg,
            lat_step_deg: self.lat_step_deg,
            lon_step_deg: self.lon_step_deg,
        })
    }
}

/// Heights in metres above mean sea level, negative under water, on a regular grid of latitude and
/// longitude whose rows run from north to south.
#[derive(Clone, Debug, PartialEq)]
pub struct Heightmap {
    /// Where the posts stand.
    grid: Grid,
    /// Heights in metres, row by row from the north-west.
    heights_m: Vec<f32>,
}

impl Heightmap {
    /// A map from posts in metres, row by row from the north-west. NaN marks a void; voids are
    /// filled from their neighbours, ring by ring.
    ///
    /// # Errors
    /// When the grid has no sense, a height is implausible or more than half of the posts are void.
    pub fn new(grid: Grid, mut heights_m: Vec<f32>) -> Result<Self, HeightmapError> {
        grid.check()?;
        let (rows, cols, posts) = (grid.rows, grid.cols, heights_m.len());
        if posts != rows * cols {
            return Err(HeightmapError::Shape { rows, cols, posts });
        }
        let odd = heights_m
            .iter()
            .position(|h| !h.is_nan() && !PLAUSIBLE_M.contains(h));
        if let Some(index) = odd {
            return Err(HeightmapError::Height {
                row: index / cols,
                col: index % cols,
                height_m: heights_m[index],
            });
        }
        let voids = heights_m.iter().filter(|height| height.is_nan()).count();
        if voids * 2 > posts {
            return Err(HeightmapError::Voids { voids, posts });
        }
        if voids > 0 {
            fill_voids(&mut heights_m, rows, cols);
        }
        Ok(Self { grid, heights_m })
    }

    /// Where the posts stand.
    #[must_use]
    pub const fn grid(&self) -> &Grid {
        &self.grid
    }

    /// Height in metres of a post, counted from the north-west. Indices beyond the edge are taken
    /// as the edge.
    #[must_use]
    pub fn post_m(&self, row: usize, col: usize) -> f64 {
        let (row, col) = (row.min(self.grid.rows - 1), col.min(self.grid.cols - 1));
        f64::from(self.heights_m[row * self.grid.cols + col])
    }

    /// Row and column, with fractions, of a latitude and longitude in degrees.
    #[must_use]
    pub fn row_col(&self, lat_deg: f64, lon_deg: f64) -> (f64, f64) {
        let east_deg = lon_deg - self.grid.west_deg;
        // A grid and its user may count longitudes from -180 or from 0.
        let middle_deg = self.grid.lon_step_deg * count(self.grid.cols - 1) / 2.0;
        let turns = ((east_deg - middle_deg) / 360.0 + 0.5).floor();
        (
            (self.grid.north_deg - lat_deg) / self.grid.lat_step_deg,
            (east_deg - 360.0 * turns) / self.grid.lon_step_deg,
        )
    }

    /// Height in metres by bilinear interpolation at a row and column with fractions; beyond the
    /// edge, the height at the edge.
    #[must_use]
    pub fn interpolate_m(&self, row: f64, col: f64) -> f64 {
        let (top, down) = split(row, self.grid.rows);
        let (left, right) = split(col, self.grid.cols);
        let upper = lerp(self.post_m(top, left), self.post_m(top, left + 1), right);
        let lower = lerp(
            self.post_m(top + 1, left),
            self.post_m(top + 1, left + 1),
            right,
        );
        lerp(upper, lower, down)
    }

    /// Height in metres at a latitude and longitude in degrees; beyond the edge, that at the edge.
    #[must_use]
    pub fn height_m(&self, lat_deg: f64, lon_deg: f64) -> f64 {
        let (row, col) = self.row_col(lat_deg, lon_deg);
        self.interpolate_m(row, col)
    }

    /// Difference in metres of the highest and lowest post within one post of (row, col): how rough
    /// the country is at the scale of the grid.
    #[must_use]
    pub fn relief_m(&self, row: usize, col: usize) -> f64 {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for near_row in row.saturating_sub(1)..=row + 1 {
            for near_col in col.saturating_sub(1)..=col + 1 {
                let height = self.post_m(near_row, near_col);
                low = low.min(height);
                high = high.max(height);
            }
        }
        high - low
    }

    /// The smaller of the distances between rows and between columns in the middle, in metres.
    #[must_use]
    pub fn spacing_m(&self) -> f64 {
        const M_PER_DEG: f64 = 111_132.0;
        let middle_deg = self.grid.north_deg - self.grid.lat_step_deg * count(self.grid.rows) / 2.0;
        let shrink = crate::kernel::math::cos(middle_deg.to_radians());
        M_PER_DEG * self.grid.lat_step_deg.min(self.grid.lon_step_deg * shrink)
    }

    /// The largest upright rectangle of the frame, found from the map's edges, that the map covers.
    #[must_use]
    pub fn extent_in(&self, frame: &LocalFrame) -> Extent {
        let south_deg = self.grid.north_deg - self.grid.lat_step_deg * count(self.grid.rows - 1);
        let east_deg = self.grid.west_deg + self.grid.lon_step_deg * count(self.grid.cols - 1);
        let mut min = DVec2::NEG_INFINITY;
        let mut max = DVec2::INFINITY;
        for row in 0..self.grid.rows {
            let lat_deg = self.grid.north_deg - self.grid.lat_step_deg * count(row);
            min.x = min.x.max(frame.to_local(lat_deg, self.grid.west_deg).x);
            max.x = max.x.min(frame.to_local(lat_deg, east_deg).x);
        }
        for col in 0..self.grid.cols {
            let lon_deg = self.grid.west_deg + self.grid.lon_step_deg * count(col);
            min.y = min.y.max(frame.to_local(south_deg, lon_deg).y);
            max.y = max.y.min(frame.to_local(self.grid.north_deg, lon_deg).y);
        }
        Extent { min, max }
    }
}

/// A count as a floating-point number.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts here stay below MAX_POSTS"
)]
fn count(n: usize) -> f64 {
    n as f64
}

/// Linear interpolation from `from` (at 0) to `to` (at 1).
fn lerp(from: f64, to: f64, at: f64) -> f64 {
    from + (to - from) * at
}

/// An index with fraction, held within `len` posts, as the post before it and the fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to 0..len before the cast, and NaN casts to 0"
)]
fn split(at: f64, len: usize) -> (usize, f64) {
    let held = at.clamp(0.0, count(len - 1));
    let before = (held as usize).min(len - 2);
    (before, held - count(before))
}

/// Gives every void post the mean of its known neighbours, ring by ring from the known ones, so
/// that the result does not depend on the order within a ring.
fn fill_voids(heights_m: &mut [f32], rows: usize, cols: usize) {
    let mut ring: Vec<usize> = (0..heights_m.len())
        .filter(|&at| heights_m[at].is_nan())
        .filter(|&at| mean_of_neighbours(heights_m, rows, cols, at).is_some())
        .collect();
    while !ring.is_empty() {
        let means: Vec<Option<f32>> = ring
            .iter()
            .map(|&at| mean_of_neighbours(heights_m, rows, cols, at))
            .collect();
        for (&at, mean) in ring.iter().zip(means) {
            heights_m[at] = mean.unwrap_or(f32::NAN);
        }
        let filled = ring;
        ring = filled
            .iter()
            .flat_map(|&at| neighbours(rows, cols, at))
            .filter(|&at| heights_m[at].is_nan())
            .collect();
        ring.sort_unstable();
        ring.dedup();
    }
}

/// Indices of a post and the up to eight posts about it.
fn neighbours(rows: usize, cols: usize, at: usize) -> impl Iterator<Item = usize> {
    let (row, col) = (at / cols, at % cols);
    let near_cols = col.saturating_sub(1)..=(col + 1).min(cols - 1);
    (row.saturating_sub(1)..=(row + 1).min(rows - 1)).flat_map(move |near_row| {
        near_cols
            .clone()
            .map(move |near_col| near_row * cols + near_col)
    })
}

/// Mean of the up to eight known neighbours of a void post, or `None` where all are void.
fn mean_of_neighbours(heights_m: &[f32], rows: usize, cols: usize, at: usize) -> Option<f32> {
    let known = neighbours(rows, cols, at).map(|near| heights_m[near]);
    let (sum, count) = known
        .filter(|height| !height.is_nan())
        .fold((0.0_f32, 0.0_f32), |(sum, count), height| {
            (sum + height, count + 1.0)
        });
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Grid = Grid {
        north_deg: 49.0,
        west_deg: -124.0,
        lat_step_deg: 0.5,
        lon_step_deg: 0.5,
        rows: 3,
        cols: 3,
    };

    #[test]
    fn interpolates_between_posts_and_holds_the_edge() {
        let heights: Vec<f32> = vec![0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0];
        let map = Heightmap::new(GRID, heights).unwrap();
        assert!((map.height_m(49.0, -124.0) - 0.0).abs() < 1e-9);
        assert!((map.height_m(48.75, -123.75) - 20.0).abs() < 1e-9);
        assert!((map.height_m(48.0, -123.0) - 80.0).abs() < 1e-9);
        assert!((map.height_m(47.0, -120.0) - 80.0).abs() < 1e-9);
        assert!(
            (map.height_m(48.0, 237.0) - 80.0).abs() < 1e-9,
            "longitudes from 0 to 360"
        );
        assert!((map.relief_m(0, 0) - 40.0).abs() < 1e-9);
    }

    #[test]
    fn voids_are_filled_from_their_neighbours() {
        let mut heights = vec![10.0_f32; 9];
        heights[4] = f32::NAN;
        heights[5] = f32::NAN;
        heights[0] = 15.0;
        let map = Heightmap::new(GRID, heights.clone()).unwrap();
        assert!((map.post_m(1, 1) - 10.0 - 5.0 / 7.0).abs() < 1e-5);
        assert!((map.post_m(1, 2) - 10.0).abs() < 1e-6);
        heights[..6].fill(f32::NAN);
        let refused = Heightmap::new(GRID, heights).unwrap_err();
        assert_eq!(refused, HeightmapError::Voids { voids: 6, posts: 9 });
    }

    #[test]
    fn grids_without_sense_are_refused() {
        let refused = Heightmap::new(GRID, vec![0.0; 8]).unwrap_err();
        assert!(matches!(refused, HeightmapError::Shape { posts: 8, .. }));
        let refused = Heightmap::new(
            Grid {
                north_deg: f64::NAN,
                ..GRID
            },
            vec![0.0; 9],
        );
        assert!(matches!(refused.unwrap_err(), HeightmapError::Place { .. }));
        let refused = Heightmap::new(
            Grid {
                lat_step_deg: -0.5,
                ..GRID
            },
            vec![0.0; 9],
        );
        assert!(matches!(refused.unwrap_err(), HeightmapError::Place { .. }));
        let huge = Grid {
            rows: usize::MAX,
            cols: usize::MAX,
            ..GRID
        };
        assert!(matches!(
            huge.check().unwrap_err(),
            HeightmapError::Shape { .. }
        ));
        let mut heights = vec![0.0_f32; 9];
        heights[7] = 30_000.0;
        let refused = Heightmap::new(GRID, heights).unwrap_err();
        assert!(matches!(
            refused,
            HeightmapError::Height { row: 2, col: 1, .. }
        ));
    }

    #[test]
    fn the_covered_rectangle_lies_within_the_map() {
        let map = Heightmap::new(GRID, vec![0.0; 9]).unwrap();
        let frame = LocalFrame::new(48.5, -123.5).unwrap();
        let extent = map.extent_in(&frame);
        for x in [extent.min.x, extent.max.x] {
            for y in [extent.min.y, extent.max.y] {
                let (lat, lon) = frame.to_geodetic(DVec2::new(x, y));
                let (row, col) = map.row_col(lat, lon);
                assert!((-0.01..=2.01).contains(&row), "{row}");
                assert!((-0.01..=2.01).contains(&col), "{col}");
            }
        }
        assert!(extent.max.x - extent.min.x > 70_000.0 && extent.max.y - extent.min.y > 110_000.0);
    }
}
