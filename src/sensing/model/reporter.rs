//! Things that report where they are: ships by AIS, friends by blue-force tracking.

use serde::{Deserialize, Serialize};

/// Metres per second in one knot.
const KNOT_M_S: f64 = 1852.0 / 3600.0;

/// Kind of an AIS station.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum AisStation {
    /// Ships that must carry AIS.
    ClassA,
    /// Small craft, carrier-sense units.
    ClassB,
    /// Search-and-rescue aircraft.
    SearchAircraft,
    /// Buoys, lights.
    AidToNavigation,
}

/// Interval in seconds between position reports (ITU-R M.1371-5, tables 1 and 2).
///
/// `anchored` holds for a ship at anchor or moored and not moving faster than 3 kn.
#[must_use]
pub fn ais_interval_s(station: AisStation, speed_m_s: f64, turning: bool, anchored: bool) -> f64 {
    let knots = speed_m_s / KNOT_M_S;
    match station {
        AisStation::ClassA if anchored && knots <= 3.0 => 180.0,
        AisStation::ClassA if anchored => 10.0,
        AisStation::ClassA if knots <= 14.0 => {
            if turning {
                10.0 / 3.0
            } else {
                10.0
            }
        }
        AisStation::ClassA if knots <= 23.0 => {
            if turning {
                2.0
            } else {
                6.0
            }
        }
        AisStation::ClassA => 2.0,
        AisStation::ClassB if knots > 2.0 => 30.0,
        AisStation::ClassB | AisStation::AidToNavigation => 180.0,
        AisStation::SearchAircraft => 10.0,
    }
}

/// When a blue-force tracker reports: after a time or a distance, whichever comes first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReportRule {
    /// Longest time between reports in seconds.
    pub interval_s: f64,
    /// Way after which a report is due in metres; infinite for none.
    pub distance_m: f64,
    /// Shortest time between reports in seconds, however fast the bearer goes.
    pub interval_least_s: f64,
}

impl ReportRule {
    /// Whether a report is due, given what has passed since the last one.
    #[must_use]
    pub fn due(&self, elapsed_s: f64, moved_m: f64) -> bool {
        let by_distance = moved_m >= self.distance_m && elapsed_s >= self.interval_least_s;
        elapsed_s >= self.interval_s || by_distance
    }

    /// Mean age in seconds of the newest report at steady speed, before any delay on the way: half
    /// the interval between reports.
    #[must_use]
    pub fn mean_age_s(&self, speed_m_s: f64) -> f64 {
        let by_distance_s = if speed_m_s > 0.0 {
            self.distance_m / speed_m_s
        } else {
            f64::INFINITY
        };
        0.5 * self
            .interval_s
            .min(by_distance_s.max(self.interval_least_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn class_a_follows_the_table() {
        let cases = [
            (0.0, false, true, 180.0),
            (3.5, false, true, 10.0),
            (10.0, false, false, 10.0),
            (10.0, true, false, 10.0 / 3.0),
            (20.0, false, false, 6.0),
            (20.0, true, false, 2.0),
            (25.0, false, false, 2.0),
        ];
        for (knots, turning, anchored, want_s) in cases {
            let got_s = ais_interval_s(AisStation::ClassA, knots * KNOT_M_S, turning, anchored);
            assert!((got_s - want_s).abs() < 1e-12, "{knots} kn: {got_s} s");
        }
    }

    #[test]
    fn other_stations_follow_the_table() {
        let interval_s = |station, knots| ais_interval_s(station, knots * KNOT_M_S, false, false);
        assert!((interval_s(AisStation::ClassB, 1.0) - 180.0).abs() < 1e-12);
        assert!((interval_s(AisStation::ClassB, 6.0) - 30.0).abs() < 1e-12);
        assert!((interval_s(AisStation::SearchAircraft, 120.0) - 10.0).abs() < 1e-12);
        assert!((interval_s(AisStation::AidToNavigation, 0.0) - 180.0).abs() < 1e-12);
    }

    #[test]
    fn a_report_is_due_by_time_or_by_distance() {
        let rule = ReportRule {
            interval_s: 300.0,
            distance_m: 800.0,
            interval_least_s: 10.0,
        };
        assert!(!rule.due(299.0, 799.0) && !rule.due(9.0, 5000.0));
        assert!(rule.due(300.0, 0.0) && rule.due(10.0, 800.0));
        assert!((rule.mean_age_s(10.0) - 40.0).abs() < 1e-12);
        assert!((rule.mean_age_s(400.0) - 5.0).abs() < 1e-12);
        assert!((rule.mean_age_s(0.0) - 150.0).abs() < 1e-12);
    }
}
