//! Where the sun stands, and the light that it gives. See [`Sun`].

use bevy::prelude::Resource;

use super::weather::Light;
use crate::kernel::math::{asin, atan2, cos, log10, pow, sin, sincos, tan};

/// Illuminance of level ground under a clear sky by the elevation of the sun, degrees and lux (RCA
/// Electro-Optics Handbook 1974, table 6-2, after Brown 1952); nights end at starlight.
const CLEAR_SKY: [(f64, f64); 14] = [
    (-18.0, 1e-3),
    (-12.0, 8.31e-3),
    (-6.0, 3.40),
    (-5.0, 10.8),
    (-0.8, 453.0),
    (0.0, 732.0),
    (5.0, 4_760.0),
    (10.0, 10_900.0),
    (15.0, 18_600.0),
    (20.0, 27_300.0),
    (25.0, 36_700.0),
    (30.0, 46_900.0),
    (60.0, 102_000.0),
    (90.0, 124_000.0),
];

/// Days from 1970-01-01 to the epoch J2000.0, 2000-01-01 12:00.
const J2000_DAYS: f64 = 10_957.5;

/// The sun over a scenario's origin. Static.
#[derive(Debug, Clone, Copy, PartialEq, Default, Resource)]
pub struct Sun {
    /// Days from J2000.0 to the start of the run.
    start_days: f64,
    /// Latitude, rad.
    lat_rad: f64,
    /// Longitude, degrees east.
    lon_deg: f64,
}

/// Where the sun stands on the sphere.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Place {
    /// Apparent declination, rad.
    declination_rad: f64,
    /// Equation of time, minutes: apparent less mean solar time.
    equation_min: f64,
}

/// Apparent place of the sun so many days after J2000.0: Meeus 1998, "Astronomical Algorithms",
/// ch. 25 (low accuracy, 0.01°) and eq. 28.3, as the solar calculator of NOAA has them. Terrestrial
/// time is taken for universal time: a minute of it moves the sun by 0.0007°.
fn place(days: f64) -> Place {
    let t = days / 36_525.0;
    let mean_deg = 280.466_46 + t * (36_000.769_83 + t * 0.000_303_2);
    let anomaly = (357.529_11 + t * (35_999.050_29 - t * 0.000_153_7)).to_radians();
    let eccentricity = 0.016_708_634 - t * (0.000_042_037 + t * 0.000_000_126_7);
    let centre_deg = sin(anomaly) * (1.914_602 - t * (0.004_817 + t * 0.000_014))
        + sin(2.0 * anomaly) * (0.019_993 - t * 0.000_101)
        + sin(3.0 * anomaly) * 0.000_289;
    let node = (125.04 - 1_934.136 * t).to_radians();
    let longitude = (mean_deg + centre_deg - 0.005_69 - 0.004_78 * sin(node)).to_radians();
    let mean_obliquity_deg =
        23.439_291_11 - t * (0.013_004_167 + t * (1.638_9e-7 - t * 5.036_1e-7));
    let obliquity = (mean_obliquity_deg + 0.002_56 * cos(node)).to_radians();
    let half = tan(0.5 * obliquity);
    let (y, mean) = (half * half, mean_deg.to_radians());
    let equation_rad = y * sin(2.0 * mean) - 2.0 * eccentricity * sin(anomaly)
        + 4.0 * eccentricity * y * sin(anomaly) * cos(2.0 * mean)
        - 0.5 * y * y * sin(4.0 * mean)
        - 1.25 * eccentricity * eccentricity * sin(2.0 * anomaly);
    Place {
        declination_rad: asin(sin(obliquity) * sin(longitude)),
        equation_min: 4.0 * equation_rad.to_degrees(),
    }
}

/// Days from J2000.0 to a time `YYYY-MM-DDThh:mm:ssZ` (days from the civil calendar: Fliegel and Van
/// Flandern 1968, in the form that counts years from March). None for another form.
#[must_use]
pub fn days_since_j2000(utc: &str) -> Option<f64> {
    let number = |from: usize, to: usize| utc.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    let seconds = hour * 3600 + minute * 60 + second;
    #[expect(clippy::cast_precision_loss, reason = "calendar days are few")]
    Some(days as f64 - J2000_DAYS + seconds as f64 / 86_400.0)
}

impl Sun {
    /// The sun over a place, degrees, of a run that starts so many days after J2000.0.
    #[must_use]
    pub fn new(start_days: f64, lat_deg: f64, lon_deg: f64) -> Self {
        debug_assert!(start_days.is_finite() && lat_deg.is_finite() && lon_deg.is_finite());
        Self {
            start_days,
            lat_rad: lat_deg.to_radians(),
            lon_deg,
        }
    }

    /// Elevation of the sun's middle over the horizon at a time of the run, s, in degrees, without
    /// refraction: 0.5° more is seen at the horizon.
    #[must_use]
    pub fn elevation_deg(&self, now_s: f64) -> f64 {
        let days = self.start_days + now_s / 86_400.0;
        let place = place(days);
        let day_min = 1_440.0 * (days + 0.5).rem_euclid(1.0);
        let solar_min = day_min + place.equation_min + 4.0 * self.lon_deg;
        let hour_angle = (0.25 * solar_min - 180.0).to_radians();
        let (sin_lat, cos_lat) = sincos(self.lat_rad);
        let (sin_d, cos_d) = sincos(place.declination_rad);
        let up = sin_lat * sin_d + cos_lat * cos_d * cos(hour_angle);
        let level = (1.0 - up * up).max(0.0).sqrt();
        atan2(up, level).to_degrees()
    }

    /// Illuminance on the ground at a time of the run, s, in lux: that of the light that the scenario
    /// fixes, or the sun's and the stars' under a clear sky.
    #[must_use]
    pub fn illuminance_lux(&self, light: Light, now_s: f64) -> f64 {
        light
            .fixed_lux()
            .unwrap_or_else(|| clear_sky_lux(self.elevation_deg(now_s)))
    }
}

/// Illuminance under a clear sky with the sun at an elevation, degrees, in lux: between the entries of
/// the table its logarithm is straight.
#[must_use]
pub fn clear_sky_lux(elevation_deg: f64) -> f64 {
    let (mut from, mut to) = (CLEAR_SKY[0], CLEAR_SKY[1]);
    for pair in CLEAR_SKY.windows(2) {
        (from, to) = (pair[0], pair[1]);
        if elevation_deg < to.0 {
            break;
        }
    }
    let share = ((elevation_deg - from.0) / (to.0 - from.0)).clamp(0.0, 1.0);
    pow(10.0, log10(from.1) + share * log10(to.1 / from.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Meeus 1998, examples 25.a and 28.a: 1992 October 13.0 TD.
    #[test]
    fn the_sun_stands_where_meeus_has_it() {
        let days = days_since_j2000("1992-10-13T00:00:00Z").unwrap();
        assert!((days + 2_636.5).abs() < 1e-9, "{days}");
        let place = place(days);
        let declination_deg = place.declination_rad.to_degrees();
        assert!(
            (declination_deg + 7.785_07).abs() < 1e-4,
            "{declination_deg}"
        );
        // 13 min 42.6 s, by the complete theory.
        assert!(
            (place.equation_min - 13.71).abs() < 0.01,
            "{}",
            place.equation_min
        );
    }

    /// Reda and Andreas 2008 (NREL/TP-560-34302, table A5.1): Golden, Colorado, 2003 October 17, at
    /// 12:30:30, and sunrise and sunset of that day of UTC (06:12:43 and, on the evening before, 17:20:19),
    /// all at UTC − 7.
    #[test]
    fn the_day_is_as_long_as_published() {
        let start = days_since_j2000("2003-10-17T07:00:00Z").unwrap();
        let sun = Sun::new(start, 39.742_476, -105.178_6);
        let at = |h: f64, m: f64, s: f64| sun.elevation_deg(3600.0 * h + 60.0 * m + s);
        let noon = at(12.0, 30.0, 30.0);
        assert!((noon - 39.872).abs() < 0.01, "{noon}");
        for (h, m, s) in [(6.0, 12.0, 43.0), (17.0 - 24.0, 20.0, 19.0)] {
            let elevation = at(h, m, s);
            assert!((elevation + 0.8333).abs() < 0.02, "{elevation}");
        }
    }

    #[test]
    fn light_follows_the_sun_and_what_the_scenario_fixes() {
        for (elevation_deg, lux) in [(-40.0, 1e-3), (-6.0, 3.4), (0.0, 732.0), (90.0, 124e3)] {
            let got = clear_sky_lux(elevation_deg);
            assert!((got / lux - 1.0).abs() < 1e-9, "{elevation_deg}: {got}");
        }
        let mut last = 0.0;
        for degrees in -20_i8..=90 {
            let lux = clear_sky_lux(f64::from(degrees));
            assert!(lux >= last, "{degrees}");
            last = lux;
        }
        let midnight = Sun::new(days_since_j2000("2030-06-01T00:00:00Z").unwrap(), 48.0, 0.0);
        assert!(midnight.illuminance_lux(Light::FromSun, 0.0) < 0.05);
        assert!(midnight.illuminance_lux(Light::FromSun, 43_200.0) > 80e3);
        assert!((midnight.illuminance_lux(Light::Day, 0.0) - 1e4).abs() < 1e-9);
    }

    #[test]
    fn calendar_days_are_counted() {
        for (utc, days) in [
            ("2000-01-01T12:00:00Z", 0.0),
            ("1970-01-01T00:00:00Z", -10_957.5),
            ("2024-02-29T18:00:00Z", 8_825.25),
        ] {
            assert!(
                (days_since_j2000(utc).unwrap() - days).abs() < 1e-9,
                "{utc}"
            );
        }
        assert_eq!(days_since_j2000("yesterday"), None);
    }
}
