//! Terrains given by a formula, whose lines of sight and edges have exact answers.
//!
//! They are the profiles of the reference tables for the irregular terrain model
//! (`tests/reference`, NTIA ITM 1.3): heights over the way along x, the same for every y.

use super::terrain::{Extent, Terrain, TerrainError};
use crate::kernel::math::{TAU, exp, sin};
use glam::DVec2;
use serde::{Deserialize, Serialize};

/// A profile over a path of given length.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Profile {
    /// The same height in metres everywhere.
    Flat(f64),
    /// One ridge of 150 m in the middle.
    Ridge150,
    /// Hills of 120 m and 90 m at three and seven tenths of the path.
    TwoHills,
    /// Waves of 3.1 km and 0.9 km, 2 to 82 m high.
    Rolling,
    /// A parabola, 150 m high at both ends.
    Valley,
}

impl Profile {
    /// Height in metres at `x_m` metres along a path of `path_m` metres.
    #[must_use]
    pub fn height_m(self, x_m: f64, path_m: f64) -> f64 {
        let share = x_m / path_m;
        match self {
            Self::Flat(height_m) => height_m,
            Self::Ridge150 => gaussian(150.0, share - 0.5, 0.08),
            Self::TwoHills => {
                gaussian(120.0, share - 0.3, 0.05) + gaussian(90.0, share - 0.7, 0.06)
            }
            Self::Rolling => {
                40.0 + 30.0 * sin(TAU * x_m / 3_100.0) + 12.0 * sin(TAU * x_m / 900.0 + 1.0)
            }
            Self::Valley => 150.0 * (2.0 * (share - 0.5)) * (2.0 * (share - 0.5)),
        }
    }

    /// The profile as a terrain: x from 0 to `path_m`, y to `half_width_m` on both sides of 0,
    /// posts `spacing_m` apart.
    ///
    /// # Errors
    /// When the grid is too small or too large.
    pub fn terrain(
        self,
        path_m: f64,
        half_width_m: f64,
        spacing_m: f64,
    ) -> Result<Terrain, TerrainError> {
        let extent = Extent {
            min: DVec2::new(0.0, -half_width_m),
            max: DVec2::new(path_m, half_width_m),
        };
        Terrain::from_fn(extent, spacing_m, true, |point| {
            self.height_m(point.x, path_m)
        })
    }
}

/// A Gaussian bell: `height_m` at no offset, e⁻¹ of it at `width`.
fn gaussian(height_m: f64, offset: f64, width: f64) -> f64 {
    height_m * exp(-(offset / width) * (offset / width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_have_the_heights_of_the_reference_tables() {
        let path_m = 10_000.0;
        assert!((Profile::Ridge150.height_m(5_000.0, path_m) - 150.0).abs() < 1e-12);
        assert!((Profile::Ridge150.height_m(5_800.0, path_m) - 150.0 * exp(-1.0)).abs() < 1e-9);
        assert!((Profile::TwoHills.height_m(3_000.0, path_m) - 120.0).abs() < 1e-9);
        assert!((Profile::Valley.height_m(0.0, path_m) - 150.0).abs() < 1e-12);
        assert!((Profile::Rolling.height_m(0.0, path_m) - 40.0 - 12.0 * sin(1.0)).abs() < 1e-12);
        assert!((Profile::Flat(7.0).height_m(1.0, path_m) - 7.0).abs() < 1e-12);
    }

    #[test]
    fn a_profile_becomes_a_terrain() {
        let terrain = Profile::Ridge150.terrain(10_000.0, 500.0, 50.0).unwrap();
        assert!(terrain.is_synthetic());
        assert!((terrain.height_m(5_000.0, 333.0) - 150.0).abs() < 1e-4);
        assert!(terrain.height_m(0.0, 0.0).abs() < 1e-4);
        assert!(terrain.slope(5_000.0 - 400.0, 0.0) > 0.1);
    }
}
