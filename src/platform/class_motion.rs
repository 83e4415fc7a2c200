//! How a class moves and what drives it, as the catalogue says it. See [`Motion`] and [`Energy`].
//!
//! The limits become kinematic models in `platform::kinematics` and `platform::energy`.

use serde::{Deserialize, Serialize};

use super::figure::Figure;

/// Kinematic kind with its limits. Speeds are through air or water, or over ground for land kinds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Motion {
    /// Dubins airplane: never below its least speed, limited bank and climb.
    FixedWing {
        /// Least speed through air, m/s.
        speed_min_m_s: Figure,
        /// Economic speed through air, at which endurance is published, m/s.
        speed_cruise_m_s: Figure,
        /// Greatest speed through air, m/s.
        speed_max_m_s: Figure,
        /// Greatest bank angle in a level turn, degrees.
        bank_max_deg: Figure,
        /// Greatest rate of climb, m/s.
        climb_max_m_s: Figure,
        /// Greatest rate of descent, m/s, positive.
        descent_max_m_s: Figure,
        /// Greatest height above mean sea level, m.
        ceiling_m: Figure,
        /// Greatest wind in which it flies, m/s.
        wind_max_m_s: Figure,
    },
    /// Rotorcraft, from a micro UAV to a helicopter: acceleration-limited, can hover.
    Rotorcraft {
        /// Speed through air at which endurance is published (0 for a hover figure), m/s.
        speed_cruise_m_s: Figure,
        /// Greatest speed through air, m/s.
        speed_max_m_s: Figure,
        /// Greatest horizontal acceleration, m/s².
        accel_max_m_s2: Figure,
        /// Greatest rate of climb, m/s.
        climb_max_m_s: Figure,
        /// Greatest rate of descent, m/s, positive.
        descent_max_m_s: Figure,
        /// Greatest height above mean sea level, m.
        ceiling_m: Figure,
        /// Greatest wind in which it flies, m/s.
        wind_max_m_s: Figure,
        /// Number of lifting rotors.
        rotor_count: u32,
        /// Diameter of one rotor, m.
        rotor_diameter_m: Figure,
        /// Figure of merit: ideal over actual hover power, at most 1.
        figure_of_merit: Figure,
    },
    /// Wheeled or tracked vehicle: power-limited on slopes.
    Ground {
        /// Speed at which the range is published, m/s.
        speed_cruise_m_s: Figure,
        /// Greatest speed on a road, m/s.
        speed_road_max_m_s: Figure,
        /// Greatest speed off the road on level ground, m/s.
        speed_cross_country_max_m_s: Figure,
        /// Greatest acceleration and braking, m/s².
        accel_max_m_s2: Figure,
        /// Steepest slope that it climbs, degrees.
        grade_max_deg: Figure,
        /// Power of the engine or motors, W.
        power_w: Figure,
        /// Share of the power that reaches the ground, at most 1.
        drivetrain_efficiency: Figure,
        /// Rolling resistance coefficient off the road.
        rolling_resistance: Figure,
        /// Resistance on a road at cruise speed as a share of the weight: rolling and air drag.
        road_resistance: Figure,
        /// Least turning radius, m; zero pivots on the spot.
        turn_radius_min_m: Figure,
        /// Deepest water that it wades, m.
        ford_depth_m: Figure,
    },
    /// A person on foot, by Tobler's hiking function (Tobler 1993).
    Foot {
        /// Factor on Tobler's speed for load and terrain: 1 is an unladen hiker on a path.
        speed_factor: Figure,
        /// Greatest speed in a short rush, m/s.
        speed_rush_m_s: Figure,
        /// Steepest slope that is walked, degrees.
        grade_max_deg: Figure,
        /// Deepest water that is waded, m.
        ford_depth_m: Figure,
    },
    /// Powered craft on the surface of the sea.
    Surface {
        /// Speed at which range or endurance is published, m/s.
        speed_cruise_m_s: Figure,
        /// Greatest speed in calm water, m/s.
        speed_max_m_s: Figure,
        /// Greatest acceleration, m/s².
        accel_max_m_s2: Figure,
        /// Greatest rate of turn, degrees per second.
        turn_rate_max_deg_s: Figure,
        /// Highest sea state at which full speed holds; above it speed falls in a straight line...
        sea_state_full_speed: Figure,
        /// ... to a quarter at this sea state, the highest in which it operates.
        sea_state_max: Figure,
        /// Draught, m: it keeps out of shallower water.
        draught_m: Figure,
    },
    /// Craft driven by the wind.
    Sail {
        /// Share of the true wind speed reached on a beam reach.
        wind_speed_fraction: Figure,
        /// Greatest speed through water, m/s.
        speed_max_m_s: Figure,
        /// Half-angle of the sector towards the wind in which no way is made, degrees.
        no_go_angle_deg: Figure,
        /// Greatest rate of turn, degrees per second.
        turn_rate_max_deg_s: Figure,
        /// Highest sea state in which it operates.
        sea_state_max: Figure,
        /// Draught, m.
        draught_m: Figure,
    },
    /// Propelled underwater vehicle: power is hotel load plus k·v³.
    Underwater {
        /// Speed at which endurance is published, m/s.
        speed_cruise_m_s: Figure,
        /// Greatest speed through water, m/s.
        speed_max_m_s: Figure,
        /// Coefficient of propulsion power, W/(m/s)³.
        drag_w_s3_m3: Figure,
        /// Greatest depth, m.
        depth_max_m: Figure,
        /// Greatest pitch, degrees.
        pitch_max_deg: Figure,
        /// Greatest rate of turn, degrees per second.
        turn_rate_max_deg_s: Figure,
    },
    /// Buoyancy glider: saw-tooth between surface and depth.
    Glider {
        /// Horizontal speed through water at which endurance is published, m/s.
        speed_cruise_m_s: Figure,
        /// Greatest horizontal speed through water, m/s.
        speed_max_m_s: Figure,
        /// Least depth of a useful dive, m.
        depth_min_m: Figure,
        /// Greatest depth, m.
        depth_max_m: Figure,
        /// Glide angle below the horizon, degrees.
        glide_angle_deg: Figure,
    },
    /// Tethered balloon.
    Aerostat {
        /// Height above its mooring, m.
        altitude_m: Figure,
        /// Greatest wind in which it stays up, m/s.
        wind_max_m_s: Figure,
        /// Rate of rise and of winching down, m/s.
        winch_m_s: Figure,
    },
    /// Does not move.
    Fixed,
    /// A round in flight: moved by `engagement`, never by an order to go somewhere.
    Munition {
        /// Speed at launch, m/s; the mean speed on the way is the effector's.
        speed_m_s: Figure,
        /// Greatest range, m.
        range_max_m: Figure,
    },
}

impl Motion {
    /// Speed at which range or endurance is published, m/s; `None` for what does not cruise.
    #[must_use]
    pub const fn cruise(&self) -> Option<&Figure> {
        match self {
            Self::FixedWing {
                speed_cruise_m_s, ..
            }
            | Self::Rotorcraft {
                speed_cruise_m_s, ..
            }
            | Self::Ground {
                speed_cruise_m_s, ..
            }
            | Self::Surface {
                speed_cruise_m_s, ..
            }
            | Self::Underwater {
                speed_cruise_m_s, ..
            }
            | Self::Glider {
                speed_cruise_m_s, ..
            } => Some(speed_cruise_m_s),
            Self::Foot { .. }
            | Self::Sail { .. }
            | Self::Aerostat { .. }
            | Self::Fixed
            | Self::Munition { .. } => None,
        }
    }

    /// Greatest speed, m/s; `None` for what does not move by itself. On foot, the rush.
    #[must_use]
    pub const fn speed_max(&self) -> Option<&Figure> {
        match self {
            Self::FixedWing { speed_max_m_s, .. }
            | Self::Rotorcraft { speed_max_m_s, .. }
            | Self::Surface { speed_max_m_s, .. }
            | Self::Sail { speed_max_m_s, .. }
            | Self::Underwater { speed_max_m_s, .. }
            | Self::Glider { speed_max_m_s, .. } => Some(speed_max_m_s),
            Self::Ground {
                speed_road_max_m_s, ..
            } => Some(speed_road_max_m_s),
            Self::Foot { speed_rush_m_s, .. } => Some(speed_rush_m_s),
            Self::Munition { speed_m_s, .. } => Some(speed_m_s),
            Self::Aerostat { .. } | Self::Fixed => None,
        }
    }

    /// The speed whose source is audited: the greatest, or on foot the factor on Tobler's speed of
    /// a walker; `None` for what does not move.
    #[must_use]
    pub const fn published_speed(&self) -> Option<&Figure> {
        if let Self::Foot { speed_factor, .. } = self {
            return Some(speed_factor);
        }
        self.speed_max()
    }
}

/// How long the energy lasts, as published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Endurance {
    /// Hours at cruise speed (at the hover for a rotorcraft whose cruise speed is 0).
    Hours(Figure),
    /// Kilometres at cruise speed; of ground vehicles, on roads.
    RangeKm(Figure),
    /// Kilometres at cruise speed of a ground vehicle whose range is published off the road.
    RangeOffRoadKm(Figure),
}

impl Endurance {
    /// The published number, hours or kilometres.
    #[must_use]
    pub const fn figure(&self) -> &Figure {
        match self {
            Self::Hours(figure) | Self::RangeKm(figure) | Self::RangeOffRoadKm(figure) => figure,
        }
    }

    /// Whether it holds on roads.
    #[must_use]
    pub const fn on_road(&self) -> bool {
        !matches!(self, Self::RangeOffRoadKm(_))
    }

    /// Seconds of endurance at `cruise_m_s`; `None` where a range is published without a speed.
    #[must_use]
    pub fn seconds(&self, cruise_m_s: Option<f64>) -> Option<f64> {
        match self {
            Self::Hours(hours) => Some(hours.value() * 3600.0),
            Self::RangeKm(range_km) | Self::RangeOffRoadKm(range_km) => cruise_m_s
                .filter(|speed| *speed > 0.0)
                .map(|speed| range_km.value() * 1000.0 / speed),
        }
    }
}

/// What drives a class and for how long.
///
/// Mean consumption at cruise is capacity over published endurance; models with a law of their own
/// (hover, hotel + k·v³, slope) use the capacity and are tested against the endurance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Energy {
    /// Electric.
    Battery {
        /// Usable energy when full, Wh.
        capacity_wh: Figure,
        /// Load that does not propel (computers, sensors at rest), W.
        hotel_w: Figure,
        /// Share kept for the way home, 0 to 1.
        reserve_fraction: Figure,
        /// Published endurance or range.
        endurance: Endurance,
    },
    /// Burns fuel.
    Fuel {
        /// Usable fuel when full, kg.
        capacity_kg: Figure,
        /// Consumption standing still, as a share of that at cruise.
        idle_fraction: Figure,
        /// Share kept for the way home, 0 to 1.
        reserve_fraction: Figure,
        /// Published endurance or range.
        endurance: Endurance,
    },
    /// A person.
    Human {
        /// Hours of march in a day.
        march_h_per_day: Figure,
    },
    /// Mains, tether or the wind and sun: never runs out within a scenario.
    Unlimited,
    /// Self-contained round, spent in one flight.
    Expendable,
}

impl Energy {
    /// The published endurance figure; `None` for what never runs out or is spent at once.
    #[must_use]
    pub const fn endurance(&self) -> Option<&Figure> {
        match self {
            Self::Battery { endurance, .. } | Self::Fuel { endurance, .. } => {
                Some(endurance.figure())
            }
            Self::Human { march_h_per_day } => Some(march_h_per_day),
            Self::Unlimited | Self::Expendable => None,
        }
    }

    /// Share kept for the way home, 0 to 1.
    #[must_use]
    pub const fn reserve_fraction(&self) -> f64 {
        match self {
            Self::Battery {
                reserve_fraction, ..
            }
            | Self::Fuel {
                reserve_fraction, ..
            } => reserve_fraction.value(),
            Self::Human { .. } | Self::Unlimited | Self::Expendable => 0.0,
        }
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
    fn endurance_comes_from_hours_or_range() {
        let hours = Endurance::Hours(fixed(2.0)).seconds(None).unwrap();
        assert!((hours - 7200.0).abs() < 1e-9);
        let range = Endurance::RangeKm(fixed(100.0))
            .seconds(Some(10.0))
            .unwrap();
        assert!((range - 10_000.0).abs() < 1e-9);
        assert_eq!(Endurance::RangeKm(fixed(100.0)).seconds(Some(0.0)), None);
    }

    #[test]
    fn unknown_keys_are_errors() {
        let text = "Aerostat(altitude_m: Notional(300.0, 200.0, 400.0), \
                    wind_max_m_s: Notional(20.0, 15.0, 25.0), \
                    winch_m_s: Notional(2.0, 1.0, 3.0))";
        assert!(ron::from_str::<Motion>(text).is_ok());
        assert!(ron::from_str::<Motion>(&text.replace("winch_m_s", "winch")).is_err());
    }
}
