//! Power formulas, one per kind.

use crate::kernel::math;
use crate::platform::kinematics::GRAVITY_M_S2;

/// Actual hover power, W: √((m·g)³/(2·ρ·A))/FM (Leishman 2006, "Principles of Helicopter
/// Aerodynamics", eq. 2.15 and 2.35), with the total disc area, m².
#[must_use]
pub fn hover_power_w(mass_kg: f64, disc_area_m2: f64, air_density: f64, merit: f64) -> f64 {
    let weight = mass_kg * GRAVITY_M_S2;
    (weight * weight * weight / (2.0 * air_density * disc_area_m2)).sqrt() / merit
}

/// Power of a rotorcraft in level or climbing flight, W.
///
/// Induced velocity by Glauert's `v_i² = −V²/2 + √(V⁴/4 + v_h⁴)` (Leishman 2006, eq. 2.122 at small
/// disc tilt); parasite drag such that it needs the acceleration limit at greatest speed; climb by
/// weight times rate. Left out: compressibility, autorotation (power never goes below zero).
#[must_use]
pub fn rotor_power_w(
    (mass_kg, disc_area_m2, merit): (f64, f64, f64),
    (speed_m_s, speed_max_m_s, acceleration_m_s2): (f64, f64, f64),
    climb_m_s: f64,
    air_density: f64,
) -> f64 {
    let weight = mass_kg * GRAVITY_M_S2;
    let drag_share = speed_m_s / speed_max_m_s;
    let drag = mass_kg * acceleration_m_s2 * drag_share * drag_share;
    let thrust = (weight * weight + drag * drag).sqrt();
    let hover_squared = thrust / (2.0 * air_density * disc_area_m2);
    let half = 0.5 * speed_m_s * speed_m_s;
    let induced = ((half * half + hover_squared * hover_squared).sqrt() - half)
        .max(0.0)
        .sqrt();
    ((thrust * induced + drag * speed_m_s + weight * climb_m_s) / merit).max(0.0)
}

/// Power of a fixed-wing aircraft as a share of that at cruise.
///
/// Parabolic drag polar with cruise at best glide, so that parasite and induced drag are equal there:
/// `½·[(V/V_c)³ + n²·V_c/V]`, plus climb (Anderson 1999, "Aircraft Performance and Design", §5.6).
#[must_use]
pub fn fixed_wing_load(
    speed_over_cruise: f64,
    load_factor: f64,
    climb_over_cruise: f64,
    glide_ratio: f64,
) -> f64 {
    let v = speed_over_cruise;
    let level = 0.5 * (v * v * v + load_factor * load_factor / v);
    (level + climb_over_cruise * glide_ratio).max(0.0)
}

/// Power into the drive of a ground vehicle, W: `m·g·(sin θ + C_rr·cos θ)·v/η`, zero when rolling
/// downhill (Wong 2008, §3.1). `slope` in m/m along the way.
#[must_use]
pub fn ground_power_w(
    mass_kg: f64,
    speed_m_s: f64,
    slope: f64,
    resistance: f64,
    efficiency: f64,
) -> f64 {
    let effort = (slope + resistance) / (1.0 + slope * slope).sqrt();
    (mass_kg * GRAVITY_M_S2 * effort * speed_m_s / efficiency).max(0.0)
}

/// Power of an underwater vehicle, W: hotel load plus k·v³ (Bradley et al. 2001, "Power systems for
/// autonomous underwater vehicles", IEEE J. Oceanic Eng. 26(4)).
#[must_use]
pub fn underwater_power_w(hotel_w: f64, drag_w_s3_m3: f64, speed_m_s: f64) -> f64 {
    hotel_w + drag_w_s3_m3 * speed_m_s * speed_m_s * speed_m_s
}

/// Speed of greatest range under hotel + k·v³, m/s: (hotel/(2·k))^⅓ (same source).
#[must_use]
pub fn best_range_speed_m_s(hotel_w: f64, drag_w_s3_m3: f64) -> f64 {
    math::cbrt(hotel_w / (2.0 * drag_w_s3_m3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::math::PI;
    use crate::platform::kinematics::AIR_DENSITY_KG_M3 as RHO;

    fn discs_m2(count: f64, diameter_m: f64) -> f64 {
        count * PI * diameter_m * diameter_m / 4.0
    }

    #[test]
    fn hover_power_meets_the_table() {
        // Mass, rotors, diameter, ideal W, W at a figure of merit of 0.6 (MODELS §4.1).
        for (mass, rotors, diameter, ideal, actual) in [
            (1.4, 4.0, 0.24, 76.4, 127.4),
            (6.3, 4.0, 0.3997, 437.8, 729.7),
        ] {
            let area = discs_m2(rotors, diameter);
            assert!((hover_power_w(mass, area, RHO, 1.0) / ideal - 1.0).abs() < 1e-3);
            assert!((hover_power_w(mass, area, RHO, 0.6) / actual - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn rotor_power_starts_at_the_hover_and_has_a_bucket() {
        let craft = (1.4, discs_m2(4.0, 0.24), 0.6);
        let at = |speed| rotor_power_w(craft, (speed, 16.0, 4.0), 0.0, RHO);
        let hover = hover_power_w(1.4, craft.1, RHO, 0.6);
        assert!((at(0.0) / hover - 1.0).abs() < 1e-12);
        assert!(at(8.0) < hover && at(16.0) > at(8.0));
        let climbing = rotor_power_w(craft, (0.0, 16.0, 4.0), 2.0, RHO);
        assert!((climbing - hover - 1.4 * GRAVITY_M_S2 * 2.0 / 0.6).abs() < 1e-9);
    }

    #[test]
    fn fixed_wing_power_is_one_at_cruise_and_least_below_it() {
        assert!((fixed_wing_load(1.0, 1.0, 0.0, 12.0) - 1.0).abs() < 1e-12);
        // Least power at V_c·(1/3)^¼ = 0.7598 V_c, where it is 0.8774 (Anderson §5.6).
        assert!((fixed_wing_load(0.759_836, 1.0, 0.0, 12.0) - 0.877_383).abs() < 1e-6);
        assert!(fixed_wing_load(1.0, 1.155, 0.0, 12.0) > 1.16);
        // Gliding at the glide ratio needs no power.
        assert!(fixed_wing_load(1.0, 1.0, -1.0 / 12.0, 12.0).abs() < 1e-12);
    }

    #[test]
    fn range_is_best_at_the_closed_form_speed() {
        let best = best_range_speed_m_s(20.0, 25.0);
        assert!((best - 0.736_806).abs() < 1e-6);
        let range = |v: f64| v / underwater_power_w(20.0, 25.0, v);
        assert!(range(best) > range(best * 1.02) && range(best) > range(best * 0.98));
    }

    #[test]
    fn ground_power_inverts_the_speed_limit() {
        let slope = math::tan(20_f64.to_radians());
        assert!((ground_power_w(60.0, 1.63, slope, 0.08, 1.0) - 400.0).abs() < 1.0);
        assert!(ground_power_w(60.0, 1.63, -slope, 0.08, 1.0) <= 0.0);
    }
}
