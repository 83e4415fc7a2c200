//! Weather, sea and light. See [`Weather`].

use bevy::prelude::{App, Plugin, Resource};
use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::kernel::{math, registry::StateAppExt};

/// Daylight: fixed until an inject changes it, or the sun's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Light {
    /// Daylight.
    Day,
    /// Civil twilight.
    Dusk,
    /// Night.
    Night {
        /// Illuminated part of the moon that is above the horizon, 0 to 1.
        moon_fraction: f64,
    },
    /// As the sun stands at the time over the origin, under a clear sky without a moon.
    FromSun,
}

impl Light {
    /// Illuminance on the ground, lux, where it is fixed; none where the sun gives it
    /// ([`Sun`](super::Sun)): overcast daylight 10⁴, civil twilight 3.4, full moon 0.25,
    /// starlight 10⁻³ (RCA Electro-Optics Handbook 1974, table 6-1).
    #[must_use]
    pub fn fixed_lux(self) -> Option<f64> {
        match self {
            Self::Day => Some(1e4),
            Self::Dusk => Some(3.4),
            Self::Night { moon_fraction } => Some(1e-3 + 0.25 * moon_fraction),
            Self::FromSun => None,
        }
    }
}

/// The weather of the moment, the same everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Resource, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weather {
    /// Direction that the wind comes from, in degrees clockwise from true north.
    pub wind_from_deg: f64,
    /// Wind speed, in metres per second.
    pub wind_m_s: f64,
    /// Air temperature at sea level, in degrees Celsius; sets air density.
    pub temperature_c: f64,
    /// Meteorological visibility, in metres.
    pub visibility_m: f64,
    /// Rain, in millimetres per hour.
    pub rain_mm_h: f64,
    /// Daylight.
    pub light: Light,
    /// Sea state, Douglas scale 0 to 9.
    pub sea_state: u8,
    /// Direction that the current sets towards, in degrees clockwise from true north.
    pub current_to_deg: f64,
    /// Speed of the current, in metres per second.
    pub current_m_s: f64,
    /// Shipping activity of Wenz's ambient noise, from 0 (none) to 1 (heavy).
    pub shipping: f64,
    /// Temperature of the water, in degrees Celsius; with salinity it sets the speed of sound.
    pub sea_temperature_c: f64,
    /// Salinity of the water, in parts per thousand.
    pub salinity_ppt: f64,
}

impl Default for Weather {
    /// A calm, clear day at 15 °C (ISO 2533 standard atmosphere) over a quiet sea.
    fn default() -> Self {
        Self {
            wind_from_deg: 0.0,
            wind_m_s: 0.0,
            temperature_c: 15.0,
            visibility_m: 23_000.0,
            rain_mm_h: 0.0,
            light: Light::Day,
            sea_state: 1,
            current_to_deg: 0.0,
            current_m_s: 0.0,
            shipping: 0.3,
            sea_temperature_c: 10.0,
            salinity_ppt: 35.0,
        }
    }
}

impl Weather {
    /// Where the air goes, m/s east and north.
    #[must_use]
    pub fn wind(&self) -> DVec2 {
        -along(self.wind_from_deg) * self.wind_m_s
    }

    /// Where the water goes, m/s east and north.
    #[must_use]
    pub fn current(&self) -> DVec2 {
        along(self.current_to_deg) * self.current_m_s
    }

    /// Density of the air at a height above the sea, kg/m³: ideal gas at this temperature with the
    /// standard lapse of 6.5 K/km (ISO 2533:1975, eqs 5, 12, 14; troposphere).
    #[must_use]
    pub fn air_density_kg_m3(&self, height_m: f64) -> f64 {
        let sea_level_k = self.temperature_c + 273.15;
        let here_k = (sea_level_k - 0.0065 * height_m.clamp(0.0, 11_000.0)).max(150.0);
        let pressure_pa = 101_325.0 * math::pow(here_k / sea_level_k, 5.2559);
        pressure_pa / (287.053 * here_k)
    }
}

/// Unit vector of a direction in degrees clockwise from north.
pub(super) fn along(direction_deg: f64) -> DVec2 {
    let (sin, cos) = math::sincos(direction_deg.to_radians());
    DVec2::new(sin, cos)
}

/// Registers the weather as state, with a sun and a tide beside it that do not change; its value is set when a scenario is spawned.
#[derive(Debug)]
pub struct EnvironmentPlugin;

impl Plugin for EnvironmentPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Weather>()
            .init_resource::<super::Sun>()
            .init_resource::<super::Tide>()
            .register_state_resource::<Weather>();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ISO 2533:1975 standard atmosphere: 1.2250 kg/m³ at 0 m, 1.1117 at 1000 m, 0.7361 at 5000 m.
    #[test]
    fn air_density_follows_the_standard_atmosphere() {
        let weather = Weather::default();
        for (height_m, density) in [(0.0, 1.2250), (1000.0, 1.1117), (5000.0, 0.7361)] {
            assert!((weather.air_density_kg_m3(height_m) - density).abs() < 2e-4);
        }
    }

    #[test]
    fn wind_blows_from_where_it_comes() {
        let weather = Weather {
            wind_from_deg: 270.0,
            wind_m_s: 5.0,
            ..Weather::default()
        };
        assert!((weather.wind() - DVec2::new(5.0, 0.0)).length() < 1e-9);
    }
}
