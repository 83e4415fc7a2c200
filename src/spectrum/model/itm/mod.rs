//! The Irregular Terrain Model (Longley and Rice), point to point and area. See [`point_to_point`]
//! and [`area`]; [`Lie`] serves a path at several frequencies.
//!
//! After Hufford, "The ITS Irregular Terrain Model, version 1.2.2: The Algorithm" (1995), whose
//! equation numbers stand beside the formulas, with the finite-length corrections of NTIA's version
//! 1.3. Distances and heights are in metres, angles in radians, frequencies in megahertz, losses in
//! decibels.

mod complex;
mod diffraction;
mod line_of_sight;
mod profile;
mod reference;
mod scatter;
#[cfg(test)]
pub(super) mod tests;
mod variability;

use serde::Serialize;

use complex::Complex;
pub use profile::Profile;
use profile::Shape;
pub use variability::{Climate, Deviates, Percentiles};

use super::propagation::{Ground, Polarization};
use crate::kernel::math;

/// Air and ground of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surroundings {
    /// Climate.
    pub climate: Climate,
    /// Surface refractivity reduced to sea level, N-units (301 in a continental temperate climate).
    pub refractivity: f64,
    /// The ground.
    pub ground: Ground,
    /// Polarization of the antennas.
    pub polarization: Polarization,
}

impl Default for Surroundings {
    /// Average ground in a continental temperate climate, vertical polarisation.
    fn default() -> Self {
        Self {
            climate: Climate::ContinentalTemperate,
            refractivity: 301.0,
            ground: Ground::AVERAGE,
            polarization: Polarization::Vertical,
        }
    }
}

/// How the signal gets there. NTIA's program tells by the horizon of a smooth earth alone; here, a path
/// behind known ground counts as diffracted as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Within the line of sight.
    LineOfSight,
    /// Beyond it, around obstacles and the earth.
    Diffraction,
    /// Beyond it, by scatter in the troposphere.
    Troposcatter,
}

/// Loss of a path.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Loss {
    /// Basic transmission loss, dB.
    pub loss_db: f64,
    /// Loss in free space over the same distance, dB.
    pub free_space_db: f64,
    /// How the signal gets there.
    pub mode: Mode,
}

/// A path as the reference attenuation sees it.
#[derive(Debug, Clone, Copy)]
struct Path {
    /// Frequency, MHz.
    frequency_mhz: f64,
    /// Surface impedance of the ground.
    impedance: Complex,
    /// Effective curvature of the earth, 1/m.
    curvature: f64,
    /// Surface refractivity, N-units.
    refractivity: f64,
    /// Structural heights of the antennas above ground, m.
    heights_m: [f64; 2],
    /// Effective heights, m.
    effective_m: [f64; 2],
    /// Distances to the horizons, m.
    horizons_m: [f64; 2],
    /// Elevation angles of the horizons, rad.
    elevations_rad: [f64; 2],
    /// Terrain irregularity, m.
    irregularity_m: f64,
    /// Whether the ground between is known.
    is_point_to_point: bool,
    /// Whether known ground stands between the antennas.
    is_obstructed: bool,
}

impl Path {
    /// Effective radius of the earth, m.
    fn earth_m(&self) -> f64 {
        1.0 / self.curvature
    }

    /// Wave number, 1/m.
    fn wave_number(&self) -> f64 {
        self.frequency_mhz / 47.7
    }

    /// Distances to the horizons over a smooth earth, m.
    fn smooth_horizons_m(&self) -> [f64; 2] {
        self.effective_m
            .map(|height_m| (2.0 * height_m * self.earth_m()).sqrt())
    }

    /// Sum of the distances to the horizons, m.
    fn horizon_m(&self) -> f64 {
        self.horizons_m[0] + self.horizons_m[1]
    }
}

/// Surface refractivity at most, N-units: the model is fitted up to 400, and at 549 rays follow the
/// earth.
const REFRACTIVITY_MAX: f64 = 450.0;

/// Curvature of rays and the earth, 1/m, and surface refractivity for a mean height of the ground, m
/// (eq. 1 to 3).
fn bent_earth(refractivity: f64, mean_height_m: f64) -> (f64, f64) {
    let surface = if mean_height_m == 0.0 {
        refractivity
    } else {
        refractivity * math::exp(-mean_height_m / 9460.0)
    };
    let surface = surface.min(REFRACTIVITY_MAX);
    let curvature = 157e-9 * (1.0 - 0.04665 * math::exp(surface / 179.3));
    (curvature, surface)
}

/// Surface impedance of the ground (eq. 4 and 5).
fn impedance(surroundings: &Surroundings, frequency_mhz: f64) -> Complex {
    let permittivity = Complex {
        re: surroundings.ground.permittivity,
        im: 18_000.0 * surroundings.ground.conductivity_s_m / frequency_mhz,
    };
    let root = (permittivity - Complex { re: 1.0, im: 0.0 }).sqrt();
    match surroundings.polarization {
        Polarization::Horizontal => root,
        Polarization::Vertical => root / permittivity,
    }
}

/// Loss in free space, dB.
fn free_space_db(frequency_mhz: f64, distance_m: f64) -> f64 {
    32.45 + 20.0 * math::log10(frequency_mhz) + 20.0 * math::log10(distance_m / 1000.0)
}

/// How far the terrain of a distance, m, is as irregular as its whole (eq. 3 of part II).
fn irregularity_over_m(distance_m: f64, irregularity_m: f64) -> f64 {
    irregularity_m * (1.0 - 0.8 * math::exp(-distance_m / 50e3))
}

/// What a known profile says of a path at any frequency, worked out once for all of them.
#[derive(Debug, Clone, Copy)]
pub struct Lie {
    /// Air and ground.
    surroundings: Surroundings,
    /// Effective curvature of the earth, 1/m.
    curvature: f64,
    /// Surface refractivity, N-units.
    refractivity: f64,
    /// Heights of the antennas above the ground, m.
    heights_m: [f64; 2],
    /// Horizons, effective heights, irregularity.
    shape: Shape,
    /// Length of the path, m.
    length_m: f64,
}

impl Lie {
    /// Reads a profile between antennas at heights above the ground at its ends, m.
    #[must_use]
    pub fn new(profile: &Profile<'_>, heights_m: [f64; 2], surroundings: &Surroundings) -> Self {
        let (curvature, refractivity) = bent_earth(surroundings.refractivity, profile.mean_m());
        Self {
            surroundings: *surroundings,
            curvature,
            refractivity,
            heights_m,
            shape: profile.shape(1.0 / curvature, heights_m),
            length_m: profile.length_m(),
        }
    }

    /// Loss at a frequency, MHz, as [`point_to_point`] gives it.
    #[must_use]
    pub fn loss(&self, frequency_mhz: f64, deviates: &Deviates) -> Loss {
        let path = Path {
            frequency_mhz,
            impedance: impedance(&self.surroundings, frequency_mhz),
            curvature: self.curvature,
            refractivity: self.refractivity,
            heights_m: self.heights_m,
            effective_m: self.shape.effective_m,
            horizons_m: self.shape.horizons_m,
            elevations_rad: self.shape.elevations_rad,
            irregularity_m: self.shape.irregularity_m,
            is_point_to_point: true,
            is_obstructed: self.shape.is_obstructed,
        };
        loss(&path, self.length_m, self.surroundings.climate, deviates)
    }
}

/// Loss over a known profile between antennas at heights above the ground at its ends, m.
///
/// `frequency_mhz` is 20 to 20,000, heights 0.5 to 3000 m, distances 1 to 2000 km (the model's range;
/// beyond it the result is an extrapolation).
#[must_use]
pub fn point_to_point(
    profile: &Profile<'_>,
    heights_m: [f64; 2],
    frequency_mhz: f64,
    surroundings: &Surroundings,
    percentiles: &Percentiles,
) -> Loss {
    Lie::new(profile, heights_m, surroundings).loss(frequency_mhz, &Deviates::new(percentiles))
}

/// How carefully an antenna is sited, in area predictions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Siting {
    /// Anywhere.
    Random,
    /// With care.
    Careful,
    /// With much care.
    VeryCareful,
}

/// Loss over terrain of which only the irregularity is known, m, between antennas at heights above
/// the ground, m.
#[must_use]
pub fn area(
    (irregularity_m, distance_m): (f64, f64),
    (heights_m, siting): ([f64; 2], [Siting; 2]),
    frequency_mhz: f64,
    surroundings: &Surroundings,
    percentiles: &Percentiles,
) -> Loss {
    let (curvature, refractivity) = bent_earth(surroundings.refractivity, 0.0);
    let effective_m =
        [0, 1].map(|end| effective_height_m(heights_m[end], siting[end], irregularity_m));
    let smooth_m = effective_m.map(|height_m| (2.0 * height_m / curvature).sqrt());
    let horizons_m = [0, 1].map(|end| {
        let hidden = 0.07 * (irregularity_m / effective_m[end].max(5.0)).sqrt();
        smooth_m[end] * math::exp(-hidden)
    });
    let elevations_rad = [0, 1].map(|end| {
        let rise_m = 0.65 * irregularity_m * (smooth_m[end] / horizons_m[end] - 1.0);
        (rise_m - 2.0 * effective_m[end]) / smooth_m[end]
    });
    let path = Path {
        frequency_mhz,
        impedance: impedance(surroundings, frequency_mhz),
        curvature,
        refractivity,
        heights_m,
        effective_m,
        horizons_m,
        elevations_rad,
        irregularity_m,
        is_point_to_point: false,
        is_obstructed: false,
    };
    let deviates = Deviates::new(percentiles);
    loss(&path, distance_m, surroundings.climate, &deviates)
}

/// Effective height of an antenna among irregular terrain, m (eq. 3.2 and 3.3).
fn effective_height_m(height_m: f64, siting: Siting, irregularity_m: f64) -> f64 {
    let gain_m = match siting {
        Siting::Random => return height_m,
        Siting::Careful => 4.0,
        Siting::VeryCareful => 9.0,
    };
    let gain_m = if height_m < 5.0 {
        gain_m * math::sin(0.1 * math::PI * height_m)
    } else {
        gain_m
    };
    let fading = math::exp(-(2.0 * height_m / irregularity_m.max(1e-3)).min(20.0));
    height_m + (1.0 + gain_m) * fading
}

/// Loss of a path of a length, m, exceeded as the deviates say.
fn loss(path: &Path, distance_m: f64, climate: Climate, deviates: &Deviates) -> Loss {
    let (reference_db, mode) = reference::attenuation_db(path, distance_m);
    let free_space_db = free_space_db(path.frequency_mhz, distance_m);
    let attenuation_db =
        variability::attenuation_db(path, distance_m, reference_db, climate, deviates);
    Loss {
        loss_db: free_space_db + attenuation_db,
        free_space_db,
        mode,
    }
}
