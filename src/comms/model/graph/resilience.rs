//! How well a measure of a network holds up through a disturbance. See [`Resilience`].

use thiserror::Error;

/// Why a course of a measure cannot be judged.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ResilienceError {
    /// Nothing was measured, or for no time.
    #[error("no time passes between the first value and the end: give a value before the end")]
    Empty,
    /// A time, a value or a level is infinite or not a number.
    #[error("value {index} of the course, or the end or a level, is not finite")]
    NotFinite {
        /// Place in the course, from 0; its length for the end or a level.
        index: usize,
    },
    /// Times go back.
    #[error("value {index} of the course, at {time_s} s, is earlier than the one before it")]
    NotRising {
        /// Place in the course, from 0.
        index: usize,
        /// Its time, s.
        time_s: f64,
    },
}

/// What a disturbance did to a measure Q(t) that changes in steps.
///
/// Mean, depth and time to recover after Bruneau et al. 2003, "A framework to quantitatively assess
/// and enhance the seismic resilience of communities", Earthquake Spectra 19(4), and Abdelzaher et
/// al. 2018, "Toward an Internet of Battlefield Things: a resilience perspective", Computer 51(11).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resilience {
    /// R = (1/T)·∫Q dt, in units of Q.
    pub mean: f64,
    /// How far Q fell below its nominal level at the worst, in units of Q; 0 if it never did.
    pub depth: f64,
    /// When Q first fell below the level that is enough, s; `None` if it never did.
    pub fell_s: Option<f64>,
    /// Time from then until Q was enough for good, s; `None` if it never fell, or is not enough at the
    /// end.
    pub recovery_s: Option<f64>,
}

impl Resilience {
    /// Judges a course: at each time in s, in rising order, Q takes a new value and holds it until the
    /// next, the last until `end_s`. Of values at one time the last counts. `nominal` is Q without the
    /// disturbance, `enough` the level at which it counts as recovered, both in units of Q.
    ///
    /// # Errors
    /// When no time passes, times go back, or a number is not finite.
    pub fn of_steps(
        course: &[(f64, f64)],
        end_s: f64,
        nominal: f64,
        enough: f64,
    ) -> Result<Self, ResilienceError> {
        if !(end_s.is_finite() && nominal.is_finite() && enough.is_finite()) {
            return Err(ResilienceError::NotFinite {
                index: course.len(),
            });
        }
        for (index, &(time_s, value)) in course.iter().enumerate() {
            if !(time_s.is_finite() && value.is_finite()) {
                return Err(ResilienceError::NotFinite { index });
            }
            if index > 0 && time_s < course[index - 1].0 {
                return Err(ResilienceError::NotRising { index, time_s });
            }
        }
        let begin_s = match course.first() {
            Some(&(time_s, _)) if time_s < end_s => time_s,
            _ => return Err(ResilienceError::Empty),
        };
        let (mut area, mut least) = (0.0, nominal);
        let (mut fell_s, mut recovered_s) = (None, None);
        for (index, &(time_s, value)) in course.iter().enumerate() {
            let next_s = course
                .get(index + 1)
                .map_or(end_s, |next| next.0.min(end_s));
            if next_s <= time_s {
                continue;
            }
            area += value * (next_s - time_s);
            least = least.min(value);
            if value < enough {
                fell_s = fell_s.or(Some(time_s));
                recovered_s = None;
            } else {
                recovered_s = recovered_s.or(Some(time_s));
            }
        }
        let recovery_s = fell_s
            .zip(recovered_s)
            .map(|(fell, recovered)| recovered - fell);
        Ok(Self {
            mean: area / (end_s - begin_s),
            depth: nominal - least,
            fell_s,
            recovery_s,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Judges against a nominal level of one.
    fn judge(course: &[(f64, f64)], end_s: f64) -> Resilience {
        Resilience::of_steps(course, end_s, 1.0, 1.0).unwrap()
    }

    #[test]
    fn a_linear_recovery_agrees_with_the_triangle() {
        // A drop to 0.6 and a linear recovery over 4 of 10 hours: 1 − 0.4·4/(2·10) = 0.92.
        let steps = 400;
        let mut course: Vec<(f64, f64)> = (0..steps)
            .map(|k| {
                let middle = (f64::from(k) + 0.5) / f64::from(steps);
                (
                    14_400.0 * f64::from(k) / f64::from(steps),
                    0.6 + 0.4 * middle,
                )
            })
            .collect();
        course.push((14_400.0, 1.0));
        let judged = judge(&course, 36_000.0);
        assert!((judged.mean - 0.92).abs() < 1e-12, "{judged:?}");
        assert!((judged.depth - 0.4).abs() < 1e-3);
        assert_eq!(
            (judged.fell_s, judged.recovery_s),
            (Some(0.0), Some(14_400.0))
        );
    }

    #[test]
    fn recovery_counts_from_the_first_fall_to_the_last_return() {
        let course = [
            (0.0, 1.0),
            (10.0, 0.5),
            (20.0, 1.0),
            (30.0, 0.8),
            (40.0, 1.0),
        ];
        let judged = judge(&course, 100.0);
        assert!((judged.mean - 0.93).abs() < 1e-12 && (judged.depth - 0.5).abs() < 1e-12);
        assert_eq!((judged.fell_s, judged.recovery_s), (Some(10.0), Some(30.0)));
        // Nine tenths are enough: the second fall counts too, four fifths: not any more.
        let lenient = Resilience::of_steps(&course, 100.0, 1.0, 0.8).unwrap();
        assert_eq!(lenient.recovery_s, Some(10.0));
        // Cut off before the last return.
        let cut = judge(&course, 35.0);
        assert_eq!((cut.fell_s, cut.recovery_s), (Some(10.0), None));
    }

    #[test]
    fn an_undisturbed_course_never_falls() {
        let judged = judge(&[(5.0, 0.2), (5.0, 1.0)], 15.0);
        assert!((judged.mean - 1.0).abs() < 1e-15 && judged.depth.abs() < 1e-15);
        assert_eq!((judged.fell_s, judged.recovery_s), (None, None));
    }

    #[test]
    fn courses_that_cannot_be_are_refused() {
        let error = |course: &[(f64, f64)], end_s| {
            Resilience::of_steps(course, end_s, 1.0, 1.0).unwrap_err()
        };
        assert_eq!(error(&[], 1.0), ResilienceError::Empty);
        assert_eq!(error(&[(1.0, 1.0)], 1.0), ResilienceError::Empty);
        assert_eq!(
            error(&[(f64::NAN, 1.0)], 1.0),
            ResilienceError::NotFinite { index: 0 }
        );
        assert_eq!(
            error(&[(0.0, 1.0)], f64::INFINITY),
            ResilienceError::NotFinite { index: 1 }
        );
        let back = error(&[(2.0, 1.0), (1.0, 1.0)], 3.0);
        assert_eq!(
            back,
            ResilienceError::NotRising {
                index: 1,
                time_s: 1.0
            }
        );
    }
}
