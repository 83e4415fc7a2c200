//! Whether a vehicle may be out in the weather of its scenario. See [`check_weather`].

use crate::kernel::finding::Finding;
use crate::platform::kinematics::Kinematics;

/// Weather as far as it ends operations.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roughness {
    /// Wind, m/s.
    pub wind_m_s: f64,
    /// Sea state, Douglas scale.
    pub sea_state: f64,
}

impl Roughness {
    /// What of it is beyond the limits of a class, in words; none if nothing is.
    fn beyond(self, kinematics: &Kinematics) -> Option<String> {
        let wind = kinematics
            .wind_max_m_s()
            .filter(|most| self.wind_m_s > *most);
        let sea = kinematics
            .sea_state_max()
            .filter(|most| self.sea_state > *most);
        let wind = wind.map(|most| format!("wind of {} m/s, at most {most}", self.wind_m_s));
        let sea = sea.map(|most| format!("sea state {}, at most {most}", self.sea_state));
        wind.or(sea)
    }
}

/// P1114: weather beyond the limits of a vehicle, an error where the run begins with it, a warning
/// where it comes later.
#[must_use]
pub fn check_weather(
    unit: &str,
    kinematics: &Kinematics,
    (at_start, later): (Roughness, Roughness),
) -> Option<Finding> {
    let cure = "wait for better weather, or send a vehicle that bears it";
    if let Some(cause) = at_start.beyond(kinematics) {
        return Some(Finding::error("P1114", unit, cause, cure));
    }
    let cause = later.beyond(kinematics)?;
    Some(Finding::warning(
        "P1114",
        unit,
        format!("later, {cause}"),
        cure,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    #[test]
    fn only_what_is_beyond_its_limits_is_found() {
        let catalogue = Catalogue::shipped();
        let found = |class: &str, wind: [f64; 2], sea: [f64; 2]| {
            let class = catalogue.class(class).unwrap();
            let kinematics = Kinematics::from_class(&class.motion, class.mass_kg.value());
            let weather = [0, 1].map(|at| Roughness {
                wind_m_s: wind[at],
                sea_state: sea[at],
            });
            check_weather("u", &kinematics, (weather[0], weather[1])).map(|it| it.is_error())
        };
        assert_eq!(found("uav-micro", [9.0, 9.0], [0.0, 0.0]), Some(true));
        assert_eq!(found("uav-micro", [3.0, 9.0], [0.0, 0.0]), Some(false));
        assert_eq!(found("uav-micro", [3.0, 3.0], [9.0, 9.0]), None);
        assert_eq!(found("usv-powered", [30.0, 30.0], [2.0, 7.0]), Some(false));
        assert_eq!(found("ugv-scout", [30.0, 30.0], [9.0, 9.0]), None);
    }
}
