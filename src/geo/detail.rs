//! Invented relief: below the posts of a real map, or a whole country.
//!
//! What is invented is marked [synthetic](super::Terrain::is_synthetic) and is a function of the
//! seed and the place alone.

use super::heightmap::Heightmap;
use super::noise::fbm;
use super::terrain::{Extent, Terrain, TerrainError};
use glam::DVec2;
use serde::{Deserialize, Serialize};

/// Most octaves below the posts of a map: the last is 1/128 of a post wide.
const MAX_OCTAVES: u32 = 8;

/// Relief between the posts of a real map: fractional Brownian motion that is zero at every post,
/// so that the map's own heights stay, and as high as the map is rough there.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detail {
    /// Seed of the noise.
    pub seed: u64,
    /// Height of the first octave over the local relief of the map (highest less lowest of 3 × 3
    /// posts). Terrain of Hurst exponent 0.85 is displaced by 0.24 standard deviations of the step
    /// between posts midway between them (Fournier, Fussell and Carpenter, 1982), which is 0.25 of
    /// that relief in the noise's measure.
    pub roughness: f64,
    /// Height of an octave over that of the one twice as wide: 2⁻ᴴ, 0.55 for H = 0.85.
    pub persistence: f64,
    /// Whether the sign of every height is kept, so that the coastline of the map stays.
    pub keep_coast: bool,
}

impl Detail {
    /// Detail as rough as mountains usually are, which keeps the coastline.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self {
            seed,
            roughness: 0.25,
            persistence: 0.55,
            keep_coast: true,
        }
    }

    /// Octaves that fit between posts of a map `map_spacing_m` apart and posts of a terrain
    /// `spacing_m` apart: the narrowest is still two posts of the terrain wide.
    #[must_use]
    pub fn octaves(map_spacing_m: f64, spacing_m: f64) -> u32 {
        let mut width_m = map_spacing_m;
        let mut octaves = 0;
        while octaves < MAX_OCTAVES && width_m >= 2.0 * spacing_m {
            octaves += 1;
            width_m /= 2.0;
        }
        octaves
    }

    /// Height in metres, detail included, at a row and column of the map.
    #[must_use]
    pub fn height_m(&self, map: &Heightmap, row: f64, col: f64, octaves: u32) -> f64 {
        /// Share of a height that detail may take away at most where the coast is kept.
        const KEPT_SHARE: f64 = 0.9;
        let real_m = map.interpolate_m(row, col);
        if octaves == 0 {
            return real_m;
        }
        let noise = fbm(
            self.seed,
            DVec2::new(col, row),
            octaves,
            self.persistence,
            |n| n,
        );
        let detail_m = self.roughness * relief_m(map, row, col) * noise;
        if !self.keep_coast {
            return real_m + detail_m;
        }
        if real_m >= 0.0 {
            real_m + detail_m.max(-KEPT_SHARE * real_m)
        } else {
            real_m + detail_m.min(-KEPT_SHARE * real_m)
        }
    }
}

/// Relief of the map in metres, bilinear between that of the posts.
fn relief_m(map: &Heightmap, row: f64, col: f64) -> f64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "negative casts to 0, and the map holds its edge"
    )]
    let (top, left) = (row.max(0.0).floor() as usize, col.max(0.0).floor() as usize);
    let (down, right) = (row.max(0.0).fract(), col.max(0.0).fract());
    let (top, left) = (top.min(map.grid().rows - 1), left.min(map.grid().cols - 1));
    let upper = map.relief_m(top, left) * (1.0 - right) + map.relief_m(top, left + 1) * right;
    let lower =
        map.relief_m(top + 1, left) * (1.0 - right) + map.relief_m(top + 1, left + 1) * right;
    upper * (1.0 - down) + lower * down
}

/// A country that is all invented: fractional Brownian hills with ridges, for benchmarks and tests.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Procedural {
    /// Seed of the noise.
    pub seed: u64,
    /// Height in metres about which the country rises and falls.
    pub base_m: f64,
    /// Height in metres of the widest hills above and below the base.
    pub relief_m: f64,
    /// Width in metres of the widest hills.
    pub width_m: f64,
    /// Number of octaves.
    pub octaves: u32,
    /// Share of ridged noise (Musgrave, 1994), 0 for round hills, 1 for sharp crests.
    pub ridges: f64,
}

impl Procedural {
    /// Height in metres at a local point in metres.
    #[must_use]
    pub fn height_m(&self, point: DVec2) -> f64 {
        const PERSISTENCE: f64 = 0.5;
        let at = point / self.width_m;
        let hills = fbm(self.seed, at, self.octaves, PERSISTENCE, |n| n);
        let crests = fbm(!self.seed, at, self.octaves, PERSISTENCE, |n| {
            1.0 - 2.0 * n.abs()
        });
        self.base_m + self.relief_m * (hills * (1.0 - self.ridges) + crests * self.ridges)
    }

    /// The country over an extent, posts `spacing_m` apart.
    ///
    /// # Errors
    /// When the grid is too small or too large.
    pub fn terrain(&self, extent: Extent, spacing_m: f64) -> Result<Terrain, TerrainError> {
        Terrain::from_fn(extent, spacing_m, true, |point| self.height_m(point))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::heightmap::Grid;

    /// A coast on 2.4 km posts: sea in the west, hills in the east.
    fn coast() -> Heightmap {
        let grid = Grid {
            north_deg: 48.5,
            west_deg: -124.5,
            lat_step_deg: 0.02,
            lon_step_deg: 0.03,
            rows: 20,
            cols: 30,
        };
        let heights = (0..600_i16)
            .map(|at| f32::from((at % 30 - 12) * 15 + (at / 30 * 7) % 40 - 20))
            .collect();
        Heightmap::new(grid, heights).unwrap()
    }

    #[test]
    fn detail_keeps_the_posts_and_the_coast() {
        let (map, detail) = (coast(), Detail::new(3));
        let mut moved = 0.0_f64;
        for row in 0..190 {
            for col in 0..290 {
                let (row, col) = (f64::from(row) / 10.0, f64::from(col) / 10.0);
                let (real, fine) = (
                    map.interpolate_m(row, col),
                    detail.height_m(&map, row, col, 5),
                );
                assert!(
                    real * fine > 0.0 || real.abs() < 1e-9,
                    "the coast moved at {row}, {col}"
                );
                if row.fract() == 0.0 && col.fract() == 0.0 {
                    assert!((real - fine).abs() < 1e-9, "the post {row}, {col} moved");
                }
                moved = moved.max((real - fine).abs());
            }
        }
        assert!(moved > 3.0, "detail of {moved} m is none");
        let other = Detail::new(4).height_m(&map, 7.3, 20.6, 5);
        assert!(
            (detail.height_m(&map, 7.3, 20.6, 5) - other).abs() > 1e-6,
            "the seed is ignored"
        );
        assert!(detail.height_m(&map, -3.0, 99.0, 5).is_finite());
    }

    #[test]
    fn octaves_fill_the_gap_between_the_grids() {
        assert_eq!(Detail::octaves(2_400.0, 90.0), 4);
        assert_eq!(Detail::octaves(90.0, 90.0), 0);
        assert_eq!(Detail::octaves(1e9, 1.0), MAX_OCTAVES);
        assert_eq!(Detail::octaves(f64::NAN, 1.0), 0);
    }

    /// Invented detail is about as rough as what it stands for: the real 90 m mountains, thinned to
    /// every eighth post and filled in again, keep their mean slope within a third.
    #[test]
    fn detail_is_as_rough_as_the_mountains_it_replaces() {
        let bytes = include_bytes!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/assets/terrain/jacksboro.tif"
        ));
        let real = crate::geo::read::read_geotiff(bytes).unwrap();
        let grid = *real.grid();
        let (rows, cols) = (grid.rows / 8, grid.cols / 8);
        let mut heights = Vec::new();
        for row in 0..rows {
            for col in 0..cols {
                #[expect(clippy::cast_possible_truncation, reason = "whole metres")]
                heights.push(real.post_m(row * 8, col * 8) as f32);
            }
        }
        let thin_grid = Grid {
            lat_step_deg: grid.lat_step_deg * 8.0,
            lon_step_deg: grid.lon_step_deg * 8.0,
            rows,
            cols,
            ..grid
        };
        let thin = Heightmap::new(thin_grid, heights).unwrap();
        let detail = Detail::new(1);
        let roughness = |height: &dyn Fn(f64, f64) -> f64| {
            let mut sum = 0.0;
            for row in 8..(rows - 2) * 8 {
                for col in 8..(cols - 2) * 8 {
                    let at = |rows: usize, cols: usize| {
                        let at = DVec2::new(
                            f64::from(u32::try_from(rows).unwrap()),
                            f64::from(u32::try_from(cols).unwrap()),
                        ) / 8.0;
                        height(at.x, at.y)
                    };
                    sum += (at(row, col + 1) - at(row, col)).abs();
                }
            }
            sum
        };
        let truth = roughness(&|row, col| real.interpolate_m(row * 8.0, col * 8.0));
        let smooth = roughness(&|row, col| thin.interpolate_m(row, col)) / truth;
        let filled = roughness(&|row, col| detail.height_m(&thin, row, col, 3)) / truth;
        assert!(
            smooth < 0.8,
            "the thinned map is as rough as the real one: {smooth}"
        );
        assert!(
            (0.75..1.33).contains(&filled),
            "{filled} of the real slope, {smooth} without"
        );
    }

    #[test]
    fn a_country_is_the_same_for_the_same_seed_and_as_high_as_asked() {
        let hills = Procedural {
            seed: 11,
            base_m: 300.0,
            relief_m: 200.0,
            width_m: 5_000.0,
            octaves: 5,
            ridges: 0.3,
        };
        let extent = Extent::about(DVec2::ZERO, 20_000.0);
        let (a, b) = (
            hills.terrain(extent, 100.0).unwrap(),
            hills.terrain(extent, 100.0).unwrap(),
        );
        assert!(a.is_synthetic());
        assert!((a.height_m(123.0, -4_567.0) - b.height_m(123.0, -4_567.0)).abs() < 1e-12);
        assert!(a.highest_m() > 400.0 && a.highest_m() < 300.0 + 2.0 * 200.0);
        assert!(a.lowest_m() < 250.0 && a.lowest_m() > 300.0 - 2.0 * 200.0);
        let other = Procedural { seed: 12, ..hills };
        assert!(
            (other.height_m(DVec2::splat(777.0)) - hills.height_m(DVec2::splat(777.0))).abs() > 0.1
        );
    }
}
