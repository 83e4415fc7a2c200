//! Day cameras, image intensifiers and thermal imagers: what can be made out, and found, in them.
//!
//! The chain is the classical one of the imaging community: resolvable cycles across the target
//! (Johnson 1958), their probability (TTPF), the air in between, the light, and the search for a
//! target whose place is not known. Left out: turbulence, camouflage beyond the target's size,
//! thermal contrast that varies with the hour.

use serde::{Deserialize, Serialize};

use crate::kernel::math::{exp, log, pow};

/// The part of the spectrum in which an imager works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Band {
    /// Reflected daylight, 0.4–0.7 µm.
    Visible,
    /// Image intensifier or low-light camera, 0.6–0.9 µm.
    NightVision,
    /// Thermal emission, 3–5 µm.
    ThermalMidwave,
    /// Thermal emission, 8–12 µm.
    ThermalLongwave,
}

impl Band {
    /// Wavelength in µm for which the air's extinction is taken.
    #[must_use]
    pub const fn wavelength_um(self) -> f64 {
        match self {
            Self::Visible => 0.55,
            Self::NightVision => 0.8,
            Self::ThermalMidwave => 4.0,
            Self::ThermalLongwave => 10.0,
        }
    }

    /// Illuminance in lux below which the imager's resolution falls, or none for thermal imagers.
    ///
    /// Typical values: a day camera needs the end of civil twilight (about 3 lux), an intensifier
    /// clear starlight (about 1 millilux; natural levels in RCA Electro-Optics Handbook 1974).
    #[must_use]
    pub const fn full_performance_lux(self) -> Option<f64> {
        match self {
            Self::Visible => Some(3.0),
            Self::NightVision => Some(1e-3),
            Self::ThermalMidwave | Self::ThermalLongwave => None,
        }
    }
}

/// Natural illuminance of the ground in lux (RCA Electro-Optics Handbook 1974).
pub mod illuminance {
    /// Daylight under an overcast sky.
    pub const DAY_LUX: f64 = 1e4;
    /// Deep in civil twilight.
    pub const DUSK_LUX: f64 = 3.0;
    /// A full moon high in a clear sky.
    pub const FULL_MOON_LUX: f64 = 0.2;
    /// A clear sky without moon.
    pub const STARLIGHT_LUX: f64 = 1e-3;
    /// An overcast sky without moon.
    pub const DARK_LUX: f64 = 1e-4;
}

/// Cycles on target for a probability of one half, N50, at each level of discrimination (the sets
/// in use are 1.0/4.0/6.4 by Johnson 1958 and 0.75/3/6 for two-dimensional criteria).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Discrimination {
    /// Something of military interest is there.
    pub detection: f64,
    /// Its class: vehicle, boat, person.
    pub recognition: f64,
    /// Its type.
    pub identification: f64,
}

impl Discrimination {
    /// Johnson (1958), one-dimensional.
    pub const JOHNSON: Self = Self {
        detection: 1.0,
        recognition: 4.0,
        identification: 6.4,
    };
    /// The two-dimensional set, for the square root of the presented area (Ratches 1976).
    pub const TWO_DIMENSIONAL: Self = Self {
        detection: 0.75,
        recognition: 3.0,
        identification: 6.0,
    };
}

/// What the model needs of an imager.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct OpticalParameters {
    /// Part of the spectrum.
    pub band: Band,
    /// Horizontal field of view in radians.
    pub field_of_view_rad: f64,
    /// Pixels across that field.
    pub pixels: f64,
}

/// The air and the light of the moment, worked out once per refresh and used for each target.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Seeing {
    /// Extinction per metre in the imager's band.
    pub extinction_per_m: f64,
    /// Factor on the resolvable cycles for want of light, 0 to 1.
    pub light_factor: f64,
}

/// Decibels of power per neper of power: 10 / ln 10.
const DB_PER_NEPER: f64 = 10.0 * core::f64::consts::LOG10_E;

impl Seeing {
    /// The seeing of `band` at a meteorological visibility and an illuminance of the scene.
    #[must_use]
    pub fn new(band: Band, visibility_m: f64, illuminance_lux: f64) -> Self {
        Self {
            extinction_per_m: extinction_per_m(visibility_m, band.wavelength_um()),
            light_factor: light_factor(band, illuminance_lux),
        }
    }

    /// The seeing where it rains besides, in mm/h: drops are much larger than any wavelength and
    /// weaken all bands alike, by k·R^α dB/km with k = 1.076, α = 0.67 (Carbonneau and Wisely 1998,
    /// recommended for France in ITU-R P.1814, table 2). The visibility of a scenario may count its
    /// rain already, so the greater of the two extinctions holds.
    #[must_use]
    pub fn in_rain(self, rain_mm_h: f64) -> Self {
        if rain_mm_h <= 0.0 {
            return self;
        }
        let rain_per_m = 1.076 * pow(rain_mm_h, 0.67) / (1000.0 * DB_PER_NEPER);
        Self {
            extinction_per_m: self.extinction_per_m.max(rain_per_m),
            ..self
        }
    }

    /// Share of a signal that the air lets through over this range: e^(−βR) (Bouguer–Lambert).
    #[must_use]
    pub fn transmission(&self, range_m: f64) -> f64 {
        exp(-self.extinction_per_m * range_m)
    }
}

/// Extinction per metre: Koschmieder's 3.912/V at 0.55 µm (contrast threshold 2 %, Koschmieder
/// 1924) carried to other wavelengths by (λ/0.55)^−q (Kruse 1962, with q below 6 km of visibility
/// as Kim et al. 2001: none in fog). Molecular absorption is left out.
#[must_use]
pub fn extinction_per_m(visibility_m: f64, wavelength_um: f64) -> f64 {
    debug_assert!(visibility_m > 0.0, "a visibility is positive");
    let visibility_km = visibility_m / 1000.0;
    let q = if visibility_km > 50.0 {
        1.6
    } else if visibility_km > 6.0 {
        1.3
    } else if visibility_km > 1.0 {
        0.16 * visibility_km + 0.34
    } else {
        (visibility_km - 0.5).max(0.0)
    };
    3.912 / visibility_m * pow(wavelength_um / 0.55, -q)
}

/// Factor on resolvable cycles in dim light: with photons scarce, the contrast that can be seen
/// goes with 1/√E (Rose 1948, "The sensitivity performance of the human eye on an absolute scale"),
/// and the resolution at a given contrast with √E. Thermal imagers do not need light.
#[must_use]
pub fn light_factor(band: Band, illuminance_lux: f64) -> f64 {
    band.full_performance_lux().map_or(1.0, |full_lux| {
        (illuminance_lux.max(0.0) / full_lux).sqrt().min(1.0)
    })
}

impl OpticalParameters {
    /// Resolvable cycles across a target of this critical dimension: N = D·pixels / (2·R·HFOV), one
    /// cycle being two pixels (pixel-limited).
    #[must_use]
    pub fn cycles(&self, critical_dimension_m: f64, range_m: f64) -> f64 {
        critical_dimension_m * self.pixels / (2.0 * range_m.max(1.0) * self.field_of_view_rad)
    }

    /// Probability that an observer who looks at the target long enough reaches the level whose N50
    /// is given: TTPF × transmission.
    #[must_use]
    pub fn static_probability(
        &self,
        critical_dimension_m: f64,
        range_m: f64,
        n50: f64,
        seeing: &Seeing,
    ) -> f64 {
        let cycles = self.cycles(critical_dimension_m, range_m) * seeing.light_factor;
        target_transform(cycles, n50) * seeing.transmission(range_m)
    }

    /// Probability that a target somewhere in the field is found within `dwell_s` seconds.
    ///
    /// An imager that scans a field of regard dwells `refresh_s · HFOV / regard` on each place.
    #[must_use]
    pub fn search_probability(
        &self,
        critical_dimension_m: f64,
        range_m: f64,
        n50: f64,
        seeing: &Seeing,
        dwell_s: f64,
    ) -> f64 {
        field_of_view_search(
            self.static_probability(critical_dimension_m, range_m, n50, seeing),
            dwell_s,
        )
    }
}

/// The target transform probability function: x^E/(1+x^E), x = N/N50, E = 2.7 + 0.7x (Ratches et
/// al. 1975; Driggers, Cox & Edwards 1999, ch. 12).
#[must_use]
pub fn target_transform(cycles: f64, n50: f64) -> f64 {
    let x = cycles / n50;
    // Beyond these ends the function is 0 or 1 to 1e-8 and the logarithm costs for nothing.
    if x <= 1e-3 {
        return 0.0;
    }
    if x >= 8.0 {
        return 1.0;
    }
    let power = exp((2.7 + 0.7 * x) * log(x));
    power / (1.0 + power)
}

/// Probability to find within `dwell_s` what is found in the end with probability `static_p`:
/// P∞ (1 − e^(−P∞ t / 3.4)) (Ratches 1976; the mean time is 3.4 s / P∞ below P∞ = 0.9).
#[must_use]
pub fn field_of_view_search(static_p: f64, dwell_s: f64) -> f64 {
    static_p * (1.0 - exp(-static_p * dwell_s / 3.4))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The imager of the worked example: 2° across 640 pixels.
    fn example() -> OpticalParameters {
        OpticalParameters {
            band: Band::ThermalLongwave,
            field_of_view_rad: 2.0_f64.to_radians(),
            pixels: 640.0,
        }
    }

    /// 1.076 · 25^0.67 = 9.301 dB over a kilometre: 0.1175 of the light, in every band.
    #[test]
    fn heavy_rain_blinds_all_bands_alike_and_adds_nothing_to_fog() {
        for band in [Band::Visible, Band::ThermalLongwave] {
            let clear = Seeing::new(band, 30_000.0, 1e4);
            let wet = clear.in_rain(25.0).transmission(1000.0);
            assert!((wet - 0.1175).abs() < 5e-4, "{wet}");
            assert_eq!(clear.in_rain(0.0), clear);
        }
        let fog = Seeing::new(Band::Visible, 200.0, 1e4);
        assert_eq!(fog.in_rain(25.0), fog);
    }

    #[test]
    fn target_transform_agrees_with_its_table() {
        let table = [
            (0.5, 0.1077),
            (0.75, 0.2834),
            (1.0, 0.5),
            (1.25, 0.6895),
            (1.5, 0.8206),
            (2.0, 0.9449),
            (3.0, 0.9949),
        ];
        for (x, want) in table {
            let got = target_transform(6.4 * x, 6.4);
            assert!((got - want).abs() < 1e-4, "x = {x}: {got}");
        }
        assert!(target_transform(0.0, 1.0).abs() < 1e-12);
    }

    #[test]
    fn pixel_limited_cycles_agree_with_the_worked_example() {
        let cycles = example().cycles(2.3, 5000.0);
        assert!((cycles - 4.22).abs() < 0.01, "{cycles}");
        let p = target_transform(cycles, Discrimination::TWO_DIMENSIONAL.recognition);
        assert!((p - 0.778).abs() < 0.001, "{p}");
    }

    #[test]
    fn visibility_is_the_range_of_two_per_cent_contrast() {
        let seeing = Seeing::new(Band::Visible, 10_000.0, illuminance::DAY_LUX);
        assert!((seeing.transmission(10_000.0) - 0.02).abs() < 1e-4);
        // Thermal imagers see through haze but not through fog.
        let haze = extinction_per_m(8_000.0, 10.0) / extinction_per_m(8_000.0, 0.55);
        let fog = extinction_per_m(300.0, 10.0) / extinction_per_m(300.0, 0.55);
        assert!(
            haze < 0.03 && (fog - 1.0).abs() < 1e-12,
            "haze {haze}, fog {fog}"
        );
    }

    #[test]
    fn each_band_keeps_its_own_night() {
        use illuminance::{DARK_LUX, DAY_LUX, STARLIGHT_LUX};
        for band in [Band::Visible, Band::NightVision, Band::ThermalLongwave] {
            assert!((light_factor(band, DAY_LUX) - 1.0).abs() < 1e-12);
        }
        assert!(light_factor(Band::Visible, STARLIGHT_LUX) < 0.02);
        assert!((light_factor(Band::NightVision, STARLIGHT_LUX) - 1.0).abs() < 1e-12);
        assert!(light_factor(Band::NightVision, DARK_LUX) < 0.35);
        assert!((light_factor(Band::ThermalMidwave, 0.0) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn search_takes_time_and_stops_at_the_static_probability() {
        let clear = Seeing {
            extinction_per_m: 0.0,
            light_factor: 1.0,
        };
        let imager = example();
        let p = |dwell_s| imager.search_probability(2.3, 5000.0, 3.0, &clear, dwell_s);
        let p_static = imager.static_probability(2.3, 5000.0, 3.0, &clear);
        assert!(p(0.0).abs() < 1e-12 && (p(1e4) - p_static).abs() < 1e-9);
        let at_mean_time = p(3.4 / p_static) / p_static;
        assert!((at_mean_time - (1.0 - exp(-1.0))).abs() < 1e-9);
    }
}
