//! From a scenario's terrain to heights in its frame. See [`build_terrain`].

use glam::DVec2;
use thiserror::Error;

use super::schema::{Detail, RidgeSpec, TerrainSpec};
use super::validate::Ground;
use crate::geo::read::{ReadError, read_dted, read_geotiff, read_hgt};
use crate::geo::terrain::TerrainError;
use crate::geo::{self, Extent, Heightmap, LocalFrame, Procedural, Terrain};
use crate::kernel::math;

/// Octaves of procedural mountains.
const OCTAVES: u32 = 8;

/// Why a scenario's terrain was not built.
#[derive(Debug, Error)]
pub enum GroundError {
    /// The file's name does not end like one of the kinds that are read.
    #[error("`{0}` is no .tif, .tiff, .hgt, .dt0, .dt1 or .dt2 file")]
    Kind(String),
    /// The file could not be read as what its name says.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The grid could not be made.
    #[error(transparent)]
    Terrain(#[from] TerrainError),
}

/// Builds the terrain; `file` is the name and the bytes of the height file, where it has one.
///
/// # Errors
/// When the file is no terrain, or does not cover the extent.
pub fn build_terrain(
    spec: &TerrainSpec,
    frame: &LocalFrame,
    file: Option<(&str, &[u8])>,
) -> Result<Terrain, GroundError> {
    let about = |half: DVec2| Extent {
        min: -half,
        max: half,
    };
    let terrain = match spec {
        TerrainSpec::File {
            path,
            spacing_m,
            half_extent_m,
            detail,
        } => {
            let (name, bytes) = file.ok_or_else(|| GroundError::Kind(path.clone()))?;
            let map = read_heights(name, bytes)?;
            let detail = detail.as_ref().map(relief);
            let extent = about(*half_extent_m);
            Terrain::from_heightmap(&map, frame, extent, *spacing_m, detail.as_ref())?
        }
        TerrainSpec::Flat {
            height_m,
            half_extent_m,
        } => {
            let spacing_m = half_extent_m.min_element() / 4.0;
            Terrain::from_fn(about(*half_extent_m), spacing_m, true, |_| *height_m)?
        }
        TerrainSpec::Ridges {
            base_m,
            spacing_m,
            half_extent_m,
            ridges,
        } => Terrain::from_fn(about(*half_extent_m), *spacing_m, true, |at| {
            base_m + ridges.iter().map(|ridge| ridge_m(ridge, at)).sum::<f64>()
        })?,
        TerrainSpec::Procedural {
            seed,
            spacing_m,
            half_extent_m,
            base_m,
            relief_m,
            wavelength_m,
        } => Procedural {
            seed: *seed,
            base_m: *base_m,
            relief_m: *relief_m,
            width_m: *wavelength_m,
            octaves: OCTAVES,
            ridges: 0.5,
        }
        .terrain(about(*half_extent_m), *spacing_m)?,
    };
    Ok(terrain)
}

/// Reads a height file by the end of its name.
fn read_heights(name: &str, bytes: &[u8]) -> Result<Heightmap, GroundError> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let kind = file
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match kind.as_str() {
        "tif" | "tiff" => Ok(read_geotiff(bytes)?),
        "hgt" => Ok(read_hgt(file, bytes)?),
        "dt0" | "dt1" | "dt2" => Ok(read_dted(bytes)?),
        _ => Err(GroundError::Kind(name.to_owned())),
    }
}

/// The detail of a file's terrain: the coast stays where the file has it.
fn relief(detail: &Detail) -> geo::Detail {
    geo::Detail {
        roughness: detail.roughness,
        ..geo::Detail::new(detail.seed)
    }
}

/// Height of a ridge over its plain, in metres.
fn ridge_m(ridge: &RidgeSpec, at: DVec2) -> f64 {
    let (sin, cos) = math::sincos(ridge.heading_deg.to_radians());
    // The crest line runs along (sin, cos); the distance from it is the cross product with it.
    let across_m = (at - ridge.at_m).perp_dot(DVec2::new(sin, cos));
    let ratio = across_m / ridge.sigma_m;
    ridge.height_m * math::exp(-0.5 * ratio * ratio)
}

/// Terrain and frame together answer the questions of validation.
impl Ground for (&Terrain, &LocalFrame) {
    fn height_m(&self, at_m: DVec2) -> f64 {
        self.0.height_m(at_m.x, at_m.y)
    }

    fn local_m(&self, lat_deg: f64, lon_deg: f64) -> DVec2 {
        self.1.to_local(lat_deg, lon_deg)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ridge_is_high_along_its_line_and_falls_across_it() {
        let ridge = RidgeSpec {
            at_m: DVec2::new(100.0, 0.0),
            heading_deg: 90.0,
            height_m: 200.0,
            sigma_m: 50.0,
        };
        assert!((ridge_m(&ridge, DVec2::new(900.0, 0.0)) - 200.0).abs() < 1e-9);
        let beside = ridge_m(&ridge, DVec2::new(100.0, 50.0));
        assert!((beside - 200.0 * 0.606_530_659_7).abs() < 1e-6);
    }
}
