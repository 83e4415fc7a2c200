//! A piecewise-linear curve: how the catalogue writes "this value at that abscissa".

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a list of points is no curve.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum CurveError {
    /// There is nothing to interpolate.
    #[error("a curve needs at least one point")]
    Empty,
    /// A coordinate is infinite or not a number.
    #[error("point {index} of the curve, ({x}, {y}), is not finite")]
    NotFinite {
        /// Place of the point in the list, from 0.
        index: usize,
        /// Its abscissa.
        x: f64,
        /// Its ordinate.
        y: f64,
    },
    /// The abscissae do not rise strictly.
    #[error("point {index} of the curve at x = {x} does not lie above the one before it")]
    NotRising {
        /// Place of the point in the list, from 0.
        index: usize,
        /// Its abscissa.
        x: f64,
    },
}

/// Points (x, y) joined by straight lines, x strictly rising; constant beyond both ends.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(f64, f64)>", into = "Vec<(f64, f64)>")]
pub struct Curve {
    /// The points in rising order of x; never empty.
    points: Vec<(f64, f64)>,
}

impl Curve {
    /// The curve through `points`.
    ///
    /// # Errors
    /// When the list is empty, a coordinate is not finite, or the abscissae do not rise strictly.
    pub fn new(points: Vec<(f64, f64)>) -> Result<Self, CurveError> {
        for (index, &(x, y)) in points.iter().enumerate() {
            if !(x.is_finite() && y.is_finite()) {
                return Err(CurveError::NotFinite { index, x, y });
            }
            if index > 0 && x <= points[index - 1].0 {
                return Err(CurveError::NotRising { index, x });
            }
        }
        if points.is_empty() {
            Err(CurveError::Empty)
        } else {
            Ok(Self { points })
        }
    }

    /// Last abscissa up to which a curve that does not fall stays at or below an ordinate: minus infinity
    /// where it is above from the beginning, infinity where it never is.
    #[must_use]
    pub fn last_at_most(&self, y: f64) -> f64 {
        let above = self.points.iter().position(|point| point.1 > y);
        match above {
            None => f64::INFINITY,
            Some(0) => f64::NEG_INFINITY,
            Some(at) => {
                let ((x0, y0), (x1, y1)) = (self.points[at - 1], self.points[at]);
                x0 + (y - y0) / (y1 - y0) * (x1 - x0)
            }
        }
    }

    /// The ordinate at `x`, by linear interpolation; the end values hold beyond the ends.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        let above = self.points.partition_point(|&(point_x, _)| point_x <= x);
        let (low_x, low_y) = self.points[above.saturating_sub(1)];
        match self.points.get(above) {
            Some(&(high_x, high_y)) if above > 0 => {
                low_y + (high_y - low_y) * ((x - low_x) / (high_x - low_x))
            }
            _ => low_y,
        }
    }

    /// The points, in rising order of x.
    #[must_use]
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }
}

impl TryFrom<Vec<(f64, f64)>> for Curve {
    type Error = CurveError;

    fn try_from(points: Vec<(f64, f64)>) -> Result<Self, CurveError> {
        Self::new(points)
    }
}

impl From<Curve> for Vec<(f64, f64)> {
    fn from(curve: Curve) -> Self {
        curve.points
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_between_points_are_linear_and_the_ends_hold() {
        let curve = Curve::new(vec![(-1.0, 0.1), (0.0, 0.5), (2.0, 1.5)]).unwrap();
        for (x, want) in [
            (-9.0, 0.1),
            (-1.0, 0.1),
            (-0.5, 0.3),
            (0.0, 0.5),
            (1.0, 1.0),
            (7.0, 1.5),
        ] {
            assert!(
                (curve.at(x) - want).abs() < 1e-12,
                "at {x}: {}",
                curve.at(x)
            );
        }
    }

    #[test]
    fn a_level_is_passed_where_the_curve_rises_above_it() {
        let curve = Curve::new(vec![(-2.0, 0.0), (-1.0, 0.0), (1.0, 1.0)]).unwrap();
        assert!((curve.last_at_most(0.0) - -1.0).abs() < 1e-12);
        assert!((curve.last_at_most(0.5) - 0.0).abs() < 1e-12);
        assert!(curve.last_at_most(1.0) > 1e300 && curve.last_at_most(-0.1) < -1e300);
    }

    #[test]
    fn bad_points_are_refused() {
        assert_eq!(Curve::new(vec![]), Err(CurveError::Empty));
        assert_eq!(
            Curve::new(vec![(0.0, 1.0), (0.0, 2.0)]),
            Err(CurveError::NotRising { index: 1, x: 0.0 })
        );
        assert!(matches!(
            Curve::new(vec![(f64::NAN, 1.0)]),
            Err(CurveError::NotFinite { index: 0, .. })
        ));
    }
}
