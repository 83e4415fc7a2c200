//! How a fixed wing comes down: the straight approach that ends at the recovery site.
//!
//! The approach belongs to the plan and not to an exporter, so that the simulator flies it and the
//! safety check sees it.

use glam::DVec2;

use super::fence::{moved, offset_m};
use super::place::{Position, Site, Waypoint};
use crate::kernel::math::{cos, sin};

/// Slope of the approach that [`approach`] makes, degrees. Below PX4's default limit of 5°
/// (`FW_LND_ANG`) and in reach of a small fixed wing without flaps.
pub const SLOPE_DEG: f64 = 4.0;

/// Steepest slope that is let out, degrees: PX4 refuses a mission above `FW_LND_ANG`, 5° by default.
pub const SLOPE_MAX_DEG: f64 = 5.0;

/// The two points of a straight approach to `recovery`: a line-up point level with the gate and the
/// gate itself, `gate_height_m` above the site, from where the way down has [`SLOPE_DEG`].
///
/// The approach is flown towards `heading_rad` (clockwise from true north), best into the wind.
#[must_use]
pub fn approach(recovery: Site, heading_rad: f64, gate_height_m: f64) -> [Waypoint; 2] {
    let slope = SLOPE_DEG.to_radians();
    let run_m = gate_height_m * cos(slope) / sin(slope);
    let back = -DVec2::new(sin(heading_rad), cos(heading_rad));
    [1.6, 1.0].map(|runs| {
        let place = moved(recovery.position(), back * (run_m * runs));
        Waypoint {
            lat_deg: place.lat_deg,
            lon_deg: place.lon_deg,
            ..recovery.waypoint(gate_height_m)
        }
    })
}

/// Tangent of the slope from a point `height_m` above the site down to it; infinite overhead.
#[must_use]
pub fn slope(gate: Position, height_m: f64, recovery: Site) -> f64 {
    let run_m = offset_m(gate, recovery.position()).length();
    if run_m > 0.0 {
        height_m / run_m
    } else {
        f64::INFINITY
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::math::{PI, bearing, tan};

    #[test]
    fn the_approach_lines_up_with_the_heading_and_keeps_its_slope() {
        let recovery = Site {
            lat_deg: 36.5,
            lon_deg: -84.2,
            elevation_m: 400.0,
        };
        let heading = 0.75 * PI;
        let [line_up, gate] = approach(recovery, heading, 40.0);
        let flown = offset_m(line_up.position(), recovery.position());
        assert!((bearing(flown.x, flown.y) - heading).abs() < 1e-6);
        let tangent = slope(gate.position(), 40.0, recovery);
        assert!((tangent - tan(SLOPE_DEG.to_radians())).abs() < 1e-6);
        assert!(flown.length() > 1.5 * offset_m(gate.position(), recovery.position()).length());
    }
}
