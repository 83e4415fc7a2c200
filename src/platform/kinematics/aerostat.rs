//! Tethered balloons: they stay above their mooring at the height that the winch gives.

use serde::{Deserialize, Serialize};

use super::state::{Ambient, Demand, MotionState};

/// Limits of a tethered balloon.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aerostat {
    /// Length of the tether: greatest height above the mooring, m.
    pub height_max_m: f64,
    /// Greatest wind in which it stays up, m/s.
    pub wind_max_m_s: f64,
    /// Rate of rise and of winching down, m/s.
    pub winch_m_s: f64,
}

impl Aerostat {
    /// One step. Above its wind it is winched down whatever the demand.
    pub fn step(&self, state: &mut MotionState, demand: &Demand, ambient: &Ambient, dt_s: f64) {
        let mooring_m = ambient.ground_height_m;
        let too_windy = ambient.wind.length_squared() > self.wind_max_m_s * self.wind_max_m_s;
        let top_m = if too_windy {
            mooring_m
        } else {
            mooring_m + self.height_max_m
        };
        let reach_m = self.winch_m_s * dt_s;
        let gap_m = demand.altitude_m.clamp(mooring_m, top_m) - state.position.z;
        let rise_m = gap_m.clamp(-reach_m, reach_m);
        state.position.z += rise_m;
        state.velocity = glam::DVec3::new(0.0, 0.0, rise_m / dt_s);
        state.speed_m_s = ambient.wind.length();
        state.turn_rate_rad_s = 0.0;
        state.obstructed = too_windy && demand.altitude_m > mooring_m;
    }
}

#[cfg(test)]
mod tests {
    use glam::{DVec2, DVec3};

    use super::*;

    #[test]
    fn rises_to_its_tether_and_comes_down_in_a_gale() {
        let balloon = Aerostat {
            height_max_m: 300.0,
            wind_max_m_s: 20.0,
            winch_m_s: 2.0,
        };
        let mut state = MotionState::at_rest(DVec3::new(5.0, 6.0, 40.0), 0.0);
        let mut ambient = Ambient {
            ground_height_m: 40.0,
            ..Ambient::default()
        };
        for _ in 0..2000 {
            balloon.step(&mut state, &Demand::hold(900.0), &ambient, 0.1);
        }
        assert!((state.position - DVec3::new(5.0, 6.0, 340.0)).length() < 1e-9);
        ambient.wind = DVec2::new(25.0, 0.0);
        balloon.step(&mut state, &Demand::hold(900.0), &ambient, 0.1);
        assert!((state.velocity.z + 2.0).abs() < 1e-9 && state.obstructed);
    }
}
