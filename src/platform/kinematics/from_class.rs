//! From the catalogue's figures to kinematic limits.

use super::aerostat::Aerostat;
use super::any::Kinematics;
use super::fixed_wing::FixedWing;
use super::foot::Foot;
use super::ground::{Ground, power_per_weight_m_s};
use super::multirotor::Multirotor;
use super::sail::Sail;
use super::surface::Surface;
use super::underwater::{Glider, Underwater};
use crate::kernel::math;
use crate::platform::class::{Figure, Motion};

/// Acceleration of fixed-wing aircraft along the flight path, m/s². Notional: a fifth of g.
const FIXED_WING_ACCELERATION_M_S2: f64 = 2.0;

/// Tangent of an angle given in degrees.
fn tan_deg(angle_deg: &Figure) -> f64 {
    math::tan(angle_deg.value().to_radians())
}

impl Kinematics {
    /// The model of a class, from its motion figures and mass, kg. Rounds in flight are moved by
    /// engagement and get [`Kinematics::Fixed`].
    #[must_use]
    pub fn from_class(motion: &Motion, mass_kg: f64) -> Self {
        match motion {
            Motion::FixedWing { .. } | Motion::Rotorcraft { .. } | Motion::Aerostat { .. } => {
                aircraft(motion)
            }
            Motion::Ground { .. } | Motion::Foot { .. } => on_land(motion, mass_kg),
            Motion::Surface { .. }
            | Motion::Sail { .. }
            | Motion::Underwater { .. }
            | Motion::Glider { .. } => at_sea(motion),
            Motion::Fixed | Motion::Munition { .. } => Self::Fixed,
        }
    }
}

/// The airborne kinds.
fn aircraft(motion: &Motion) -> Kinematics {
    match motion {
        Motion::FixedWing {
            speed_min_m_s,
            speed_cruise_m_s,
            speed_max_m_s,
            bank_max_deg,
            climb_max_m_s,
            descent_max_m_s,
            ceiling_m,
            wind_max_m_s,
        } => Kinematics::FixedWing(FixedWing {
            speed_min_m_s: speed_min_m_s.value(),
            speed_cruise_m_s: speed_cruise_m_s.value(),
            speed_max_m_s: speed_max_m_s.value(),
            acceleration_m_s2: FIXED_WING_ACCELERATION_M_S2,
            bank_max_tan: tan_deg(bank_max_deg),
            climb_max_m_s: climb_max_m_s.value(),
            descent_max_m_s: descent_max_m_s.value(),
            ceiling_m: ceiling_m.value(),
            wind_max_m_s: wind_max_m_s.value(),
        }),
        Motion::Rotorcraft {
            speed_cruise_m_s,
            speed_max_m_s,
            accel_max_m_s2,
            climb_max_m_s,
            descent_max_m_s,
            ceiling_m,
            wind_max_m_s,
            ..
        } => Kinematics::Multirotor(Multirotor {
            speed_cruise_m_s: rotorcraft_cruise_m_s(
                speed_cruise_m_s.value(),
                speed_max_m_s.value(),
            ),
            speed_max_m_s: speed_max_m_s.value(),
            acceleration_m_s2: accel_max_m_s2.value(),
            climb_max_m_s: climb_max_m_s.value(),
            descent_max_m_s: descent_max_m_s.value(),
            ceiling_m: ceiling_m.value(),
            wind_max_m_s: wind_max_m_s.value(),
        }),
        Motion::Aerostat {
            altitude_m,
            wind_max_m_s,
            winch_m_s,
        } => Kinematics::Aerostat(Aerostat {
            height_max_m: altitude_m.value(),
            wind_max_m_s: wind_max_m_s.value(),
            winch_m_s: winch_m_s.value(),
        }),
        _ => Kinematics::Fixed,
    }
}

/// Travelling speed of a rotorcraft, m/s: where the endurance is published for the hover, two thirds
/// of the greatest speed.
fn rotorcraft_cruise_m_s(cruise_m_s: f64, max_m_s: f64) -> f64 {
    if cruise_m_s > 0.0 {
        cruise_m_s
    } else {
        max_m_s * 2.0 / 3.0
    }
}

/// Vehicles and people.
fn on_land(motion: &Motion, mass_kg: f64) -> Kinematics {
    match motion {
        Motion::Ground {
            speed_cruise_m_s,
            speed_road_max_m_s,
            speed_cross_country_max_m_s,
            accel_max_m_s2,
            grade_max_deg,
            power_w,
            drivetrain_efficiency,
            rolling_resistance,
            road_resistance,
            turn_radius_min_m,
            ford_depth_m,
        } => Kinematics::Ground(Ground {
            speed_cruise_m_s: speed_cruise_m_s.value(),
            speed_road_max_m_s: speed_road_max_m_s.value(),
            speed_cross_country_max_m_s: speed_cross_country_max_m_s.value(),
            acceleration_m_s2: accel_max_m_s2.value(),
            grade_max: tan_deg(grade_max_deg),
            power_per_weight_m_s: power_per_weight_m_s(
                power_w.value(),
                drivetrain_efficiency.value(),
                mass_kg,
            ),
            rolling_resistance: rolling_resistance.value(),
            road_resistance: road_resistance.value(),
            turn_radius_min_m: turn_radius_min_m.value(),
            ford_depth_m: ford_depth_m.value(),
        }),
        Motion::Foot {
            speed_factor,
            speed_rush_m_s,
            grade_max_deg,
            ford_depth_m,
        } => Kinematics::Foot(Foot {
            speed_factor: speed_factor.value(),
            speed_rush_m_s: speed_rush_m_s.value(),
            grade_max: tan_deg(grade_max_deg),
            ford_depth_m: ford_depth_m.value(),
        }),
        _ => Kinematics::Fixed,
    }
}

/// Craft on and under the sea.
fn at_sea(motion: &Motion) -> Kinematics {
    match motion {
        Motion::Surface {
            speed_cruise_m_s,
            speed_max_m_s,
            accel_max_m_s2,
            turn_rate_max_deg_s,
            sea_state_full_speed,
            sea_state_max,
            draught_m,
        } => Kinematics::Surface(Surface {
            speed_cruise_m_s: speed_cruise_m_s.value(),
            speed_max_m_s: speed_max_m_s.value(),
            acceleration_m_s2: accel_max_m_s2.value(),
            turn_rate_max_rad_s: turn_rate_max_deg_s.value().to_radians(),
            sea_state_full_speed: sea_state_full_speed.value(),
            sea_state_max: sea_state_max.value(),
            draught_m: draught_m.value(),
        }),
        Motion::Sail {
            wind_speed_fraction,
            speed_max_m_s,
            no_go_angle_deg,
            turn_rate_max_deg_s,
            sea_state_max,
            draught_m,
        } => Kinematics::Sail(Sail {
            wind_speed_fraction: wind_speed_fraction.value(),
            speed_max_m_s: speed_max_m_s.value(),
            no_go_rad: no_go_angle_deg.value().to_radians(),
            turn_rate_max_rad_s: turn_rate_max_deg_s.value().to_radians(),
            sea_state_max: sea_state_max.value(),
            draught_m: draught_m.value(),
        }),
        Motion::Underwater {
            speed_cruise_m_s,
            speed_max_m_s,
            depth_max_m,
            pitch_max_deg,
            turn_rate_max_deg_s,
            ..
        } => Kinematics::Underwater(Underwater {
            speed_cruise_m_s: speed_cruise_m_s.value(),
            speed_max_m_s: speed_max_m_s.value(),
            depth_max_m: depth_max_m.value(),
            pitch_max_tan: tan_deg(pitch_max_deg),
            turn_rate_max_rad_s: turn_rate_max_deg_s.value().to_radians(),
        }),
        Motion::Glider {
            speed_cruise_m_s,
            speed_max_m_s,
            depth_min_m,
            depth_max_m,
            glide_angle_deg,
        } => Kinematics::Glider(Glider {
            speed_cruise_m_s: speed_cruise_m_s.value(),
            speed_max_m_s: speed_max_m_s.value(),
            depth_min_m: depth_min_m.value(),
            depth_max_m: depth_max_m.value(),
            glide_tan: tan_deg(glide_angle_deg),
        }),
        _ => Kinematics::Fixed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A notional figure without spread.
    const fn fixed(value: f64) -> Figure {
        Figure::Notional(value, value, value)
    }

    #[test]
    fn angles_and_mass_become_the_limits_of_the_models() {
        let motion = Motion::Ground {
            speed_cruise_m_s: fixed(1.0),
            speed_road_max_m_s: fixed(2.0),
            speed_cross_country_max_m_s: fixed(2.0),
            accel_max_m_s2: fixed(1.0),
            grade_max_deg: fixed(45.0),
            power_w: fixed(400.0),
            drivetrain_efficiency: fixed(1.0),
            rolling_resistance: fixed(0.08),
            road_resistance: fixed(0.02),
            turn_radius_min_m: fixed(0.0),
            ford_depth_m: fixed(0.2),
        };
        let Kinematics::Ground(limits) = Kinematics::from_class(&motion, 60.0) else {
            panic!("a ground vehicle");
        };
        assert!((limits.grade_max - 1.0).abs() < 1e-12);
        let slope = math::tan(20_f64.to_radians());
        let speed = limits.speed_on_slope_m_s(slope, false).unwrap();
        assert!((speed - 1.63).abs() < 0.006);
    }

    #[test]
    fn a_hover_figure_still_gives_a_travelling_speed() {
        assert!((rotorcraft_cruise_m_s(0.0, 15.0) - 10.0).abs() < 1e-12);
        assert!((rotorcraft_cruise_m_s(8.0, 15.0) - 8.0).abs() < 1e-12);
    }
}
