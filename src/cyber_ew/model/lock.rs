//! When a satellite receiver loses its signals and finds them again. See [`Lock`].

use serde::{Deserialize, Serialize};

/// Ratio of carrier to noise density below which the carrier loop loses a satellite, dB-Hz: 28 for an
/// unaided receiver (Kaplan & Hegarty 2006, §6.2).
pub const LOSE_DB_HZ: f64 = 28.0;

/// Ratio from which a lost satellite is found again, dB-Hz: searching takes more than holding
/// (notional, 30 to 37).
pub const FIND_DB_HZ: f64 = 33.0;

/// Ratio below which the receiver says that its fix is degraded, dB-Hz (notional, 35 to 41).
pub const DEGRADED_DB_HZ: f64 = 38.0;

/// How far above that it must be to say that all is well again, dB (notional, 0.5 to 2).
const HYSTERESIS_DB: f64 = 1.0;

/// Time for which the signals must be good enough until there is a fix again, s: a hot start, with the
/// satellites' orbits still known (notional, 1 to 30).
pub const FIND_S: f64 = 5.0;

/// How well a receiver hears its satellites.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lock {
    /// As in the clear.
    #[default]
    Locked,
    /// It has a fix, and a worse one.
    Degraded,
    /// It has none.
    Lost,
}

/// The lock after `dt_s` at this ratio of carrier to noise density, and for how long a lost receiver
/// has heard enough by then, s.
#[must_use]
pub fn next_lock((lock, heard_s): (Lock, f64), cn0_db_hz: f64, dt_s: f64) -> (Lock, f64) {
    let held = |least_db_hz: f64| {
        if cn0_db_hz >= least_db_hz {
            Lock::Locked
        } else {
            Lock::Degraded
        }
    };
    match lock {
        Lock::Lost if cn0_db_hz < FIND_DB_HZ => (Lock::Lost, 0.0),
        Lock::Lost if heard_s + dt_s < FIND_S => (Lock::Lost, heard_s + dt_s),
        _ if cn0_db_hz < LOSE_DB_HZ => (Lock::Lost, 0.0),
        Lock::Locked => (held(DEGRADED_DB_HZ), 0.0),
        Lock::Degraded | Lock::Lost => (held(DEGRADED_DB_HZ + HYSTERESIS_DB), 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_loses_at_once_and_finds_again_late() {
        let mut state = (Lock::Locked, 0.0);
        let mut after = |cn0_db_hz: f64| {
            state = next_lock(state, cn0_db_hz, 1.0);
            state.0
        };
        assert_eq!(after(45.0), Lock::Locked);
        assert_eq!(after(37.0), Lock::Degraded);
        assert_eq!(after(38.5), Lock::Degraded, "hysteresis");
        assert_eq!(after(40.0), Lock::Locked);
        assert_eq!(after(28.5), Lock::Degraded);
        assert_eq!(after(27.9), Lock::Lost);
        assert_eq!(after(31.0), Lock::Lost, "enough to hold, not to find");
        let found = [34.0; 5].map(&mut after);
        assert_eq!(found[3], Lock::Lost);
        assert_eq!(found[4], Lock::Degraded, "after five seconds");
        assert_eq!(after(45.0), Lock::Locked);
    }
}
