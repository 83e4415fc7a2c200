//! Area search by parallel passes, shared between vehicles.
//!
//! Problem: pass every point of a polygon within half a swath, with few turns and short ways in
//! between, and give each of several vehicles a contiguous share that all finish together.
//! Method: boustrophedon cells ([Choset and Pignon 1998], see `sweep_cells`) along the bearing
//! that needs the fewest passes (Huang 2001, "Optimal line-sweep-based decompositions": the least
//! width is met along an edge), cells in nearest-next order, and bisection on the finishing time
//! with passes cut where a share ends. The order is a heuristic; the coverage is not: a pass spans
//! everything of its strip's piece, so it may run past a slanting edge of the area by at most what
//! that edge gains within one strip.
//!
//! [Choset and Pignon 1998]: https://doi.org/10.1007/978-1-4471-1273-0_32

use crate::kernel::math;
use crate::plan::polygon::Polygon;
use crate::planning::algo::sweep_cells::{Piece, cells};
use glam::DVec2;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most strips of one sweep.
pub const MOST_STRIPS: u32 = 20_000;

/// Why there is no sweep.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SweepError {
    /// The swath is not a positive number, or so narrow that the passes are too many.
    #[error("a swath of {swath_m} m does not serve an area {width_m} m wide")]
    Swath {
        /// Swath, m.
        swath_m: f64,
        /// Extent of the area across the passes, m.
        width_m: f64,
    },
    /// No vehicle, or one whose speed is not a positive number.
    #[error("speed {speed_m_s} m/s of vehicle {vehicle} is not a positive number")]
    Speed {
        /// Which vehicle; 0 if there is none.
        vehicle: usize,
        /// Its speed, m/s.
        speed_m_s: f64,
    },
}

/// One straight pass, m.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pass {
    /// Where it begins.
    pub from: DVec2,
    /// Where it ends.
    pub to: DVec2,
}

impl Pass {
    /// Length, m.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.from.distance(self.to)
    }
}

/// What one vehicle does of a sweep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Its passes in order.
    pub passes: Vec<Pass>,
    /// Length of the passes and of the ways between them, m.
    pub length_m: f64,
}

impl Share {
    /// Length that one more pass would add, m.
    fn added_m(&self, pass: &Pass) -> f64 {
        let way = self
            .passes
            .last()
            .map_or(0.0, |last| last.to.distance(pass.from));
        way + pass.length_m()
    }

    /// Appends a pass.
    fn push(&mut self, pass: Pass) {
        self.length_m += self.added_m(&pass);
        self.passes.push(pass);
    }
}

/// Axes of a sweep along a bearing: along the passes, and to their left.
fn axes(bearing_rad: f64) -> (DVec2, DVec2) {
    let along = DVec2::new(math::sin(bearing_rad), math::cos(bearing_rad));
    (along, along.perp())
}

/// Extent of the area across passes on this bearing, m.
fn width_m(area: &Polygon, bearing_rad: f64) -> f64 {
    let across = axes(bearing_rad).1;
    let offsets = area.points().iter().map(|p| p.dot(across));
    let (low, high) = offsets.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), y| {
        (low.min(y), high.max(y))
    });
    high - low
}

/// Bearing in radians, within `[0, π)`, along which the area is least wide; the first such edge
/// decides.
#[must_use]
pub fn best_bearing_rad(area: &Polygon) -> f64 {
    let mut best = (f64::INFINITY, 0.0);
    for (a, b) in area.edges() {
        let bearing = math::bearing(b.x - a.x, b.y - a.y);
        let bearing = if bearing >= math::PI {
            bearing - math::PI
        } else {
            bearing
        };
        let width = width_m(area, bearing);
        if width < best.0 * (1.0 - 1e-12) {
            best = (width, bearing);
        }
    }
    best.1
}

/// Passes that cover the area, in flying order from the cell and corner nearest to `start`; along
/// [`best_bearing_rad`] unless a bearing is given.
///
/// # Errors
/// [`SweepError::Swath`].
pub fn passes(
    area: &Polygon,
    swath_m: f64,
    bearing_rad: Option<f64>,
    start: DVec2,
) -> Result<Vec<Pass>, SweepError> {
    let bearing = bearing_rad.unwrap_or_else(|| best_bearing_rad(area));
    let width = width_m(area, bearing);
    let strips = (width / swath_m - 1e-9).ceil().max(1.0);
    if !(swath_m > 0.0 && strips <= f64::from(MOST_STRIPS)) {
        return Err(SweepError::Swath {
            swath_m,
            width_m: width,
        });
    }
    let (along, across) = axes(bearing);
    let turned = |p: DVec2| DVec2::new(p.dot(along), p.dot(across));
    let ring: Vec<DVec2> = area.points().iter().copied().map(turned).collect();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most MOST_STRIPS, as just checked"
    )]
    #[expect(clippy::cast_sign_loss, reason = "at least one")]
    let strips = strips as u32;
    let mut left = cells(&ring, strips);
    let mut at = turned(start);
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let entries = left.iter().enumerate().flat_map(|(cell, pieces)| {
            let ends = [(false, pieces.first()), (true, pieces.last())];
            let corner = move |piece: &Piece, right: bool| {
                DVec2::new(if right { piece.span.1 } else { piece.span.0 }, piece.y)
            };
            ends.into_iter()
                .filter_map(|(down, piece)| Some((down, piece?)))
                .flat_map(move |(down, piece)| {
                    [false, true]
                        .map(|right| (corner(piece, right).distance(at), cell, down, right))
                })
        });
        let Some((_, cell, down, right)) = entries.min_by(|a, b| a.0.total_cmp(&b.0)) else {
            break;
        };
        let mut pieces = left.remove(cell);
        if down {
            pieces.reverse();
        }
        let mut leftwards = right;
        for piece in pieces {
            let (mut from, mut to) = (
                DVec2::new(piece.span.0, piece.y),
                DVec2::new(piece.span.1, piece.y),
            );
            if leftwards {
                std::mem::swap(&mut from, &mut to);
            }
            leftwards = !leftwards;
            at = to;
            let back = |p: DVec2| along * p.x + across * p.y;
            ordered.push(Pass {
                from: back(from),
                to: back(to),
            });
        }
    }
    Ok(ordered)
}

/// Fills shares in order, each up to `time_s` at its vehicle's speed; `None` if passes are left.
/// A pass is cut where a share ends, but never into pieces under `shortest_m`.
fn fill(passes: &[Pass], speeds_m_s: &[f64], time_s: f64, shortest_m: f64) -> Option<Vec<Share>> {
    let mut shares = vec![Share::default(); speeds_m_s.len()];
    let mut vehicle = 0;
    for &pass in passes {
        let mut rest = pass;
        loop {
            let share = shares.get_mut(vehicle)?;
            let room = speeds_m_s[vehicle] * time_s - share.length_m;
            let length = rest.length_m();
            let added = share.added_m(&rest);
            if added <= room {
                share.push(rest);
                break;
            }
            let cut = (room - (added - length)).min(length - shortest_m);
            if cut >= shortest_m {
                let middle = rest.from.lerp(rest.to, cut / length);
                share.push(Pass {
                    from: rest.from,
                    to: middle,
                });
                rest.from = middle;
            }
            vehicle += 1;
        }
    }
    Some(shares)
}

/// Splits passes between vehicles of these speeds into contiguous shares that end at about the
/// same time; no piece of a cut pass is shorter than `shortest_m`.
///
/// # Errors
/// [`SweepError::Speed`].
pub fn split(
    passes: &[Pass],
    speeds_m_s: &[f64],
    shortest_m: f64,
) -> Result<Vec<Share>, SweepError> {
    let bad = speeds_m_s.iter().position(|s| !(*s > 0.0 && s.is_finite()));
    if bad.is_some() || speeds_m_s.is_empty() {
        let vehicle = bad.unwrap_or_default();
        let speed_m_s = speeds_m_s.get(vehicle).copied().unwrap_or_default();
        return Err(SweepError::Speed { vehicle, speed_m_s });
    }
    let mut whole = Share::default();
    passes.iter().for_each(|pass| whole.push(*pass));
    let (mut low, mut high) = (0.0, whole.length_m / speeds_m_s[0]);
    // The first vehicle alone can always do it.
    let mut shares = vec![Share::default(); speeds_m_s.len()];
    shares[0] = whole;
    for _ in 0..50 {
        let middle = 0.5 * (low + high);
        match fill(passes, speeds_m_s, middle, shortest_m.max(1e-6)) {
            Some(found) => (shares, high) = (found, middle),
            None => low = middle,
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::polygon::distance_to_segment_m;
    use proptest::prelude::*;

    /// A star-shaped, mostly concave polygon.
    fn star() -> impl Strategy<Value = Polygon> {
        prop::collection::vec(200.0_f64..3000.0, 5..14).prop_filter_map("simple", |radii| {
            let n = f64::from(u32::try_from(radii.len()).unwrap());
            let corners = radii.iter().zip(0_u32..).map(|(r, k)| {
                let (sin, cos) = math::sincos(math::TAU * f64::from(k) / n);
                DVec2::new(5000.0 + r * cos, r * sin)
            });
            Polygon::new(corners.collect()).ok()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(120))]

        /// Every inner point is within half a swath of a pass, before and after splitting.
        #[test]
        fn everything_inside_is_covered(
            area in star(),
            swath in 40.0_f64..900.0,
            bearing in prop::option::of(0.0_f64..math::PI),
            speeds in prop::collection::vec(5.0_f64..30.0, 1..6),
        ) {
            let passes = passes(&area, swath, bearing, DVec2::ZERO).unwrap();
            let shares = split(&passes, &speeds, 0.5 * swath).unwrap();
            let parts: Vec<Pass> = shares.iter().flat_map(|s| s.passes.clone()).collect();
            let (low, high) = area.bounds();
            for k in 0_u32..900 {
                let share = DVec2::new(f64::from(k % 30), f64::from(k / 30)) / 29.0;
                let point = low + (high - low) * share;
                if area.contains(point) {
                    let reach = 0.5 * swath + 1e-6;
                    let near = |p: &Pass| distance_to_segment_m(point, p.from, p.to) <= reach;
                    prop_assert!(passes.iter().any(near), "{point} is not covered");
                    prop_assert!(parts.iter().any(near), "{point} is lost in the split");
                }
            }
        }
    }

    #[test]
    fn a_rectangle_takes_the_fewest_passes_along_its_long_side() {
        let area = Polygon::rectangle(DVec2::ZERO, DVec2::new(1000.0, 4000.0)).unwrap();
        let found = passes(&area, 250.0, None, DVec2::ZERO).unwrap();
        assert_eq!(found.len(), 4);
        assert!(found[0].from.distance(DVec2::new(125.0, 0.0)) < 1e-6);
        assert!(
            found
                .iter()
                .all(|pass| (pass.length_m() - 4000.0).abs() < 1e-6)
        );
        assert!(passes(&area, 0.0, None, DVec2::ZERO).is_err());
        assert!(passes(&area, 1e-3, None, DVec2::ZERO).is_err());
    }

    #[test]
    fn vehicles_finish_together() {
        let area = Polygon::rectangle(DVec2::ZERO, DVec2::new(3000.0, 5000.0)).unwrap();
        let found = passes(&area, 200.0, None, DVec2::ZERO).unwrap();
        let speeds = [10.0, 20.0, 15.0];
        let shares = split(&found, &speeds, 200.0).unwrap();
        let times: Vec<f64> = shares
            .iter()
            .zip(speeds)
            .map(|(s, v)| s.length_m / v)
            .collect();
        let alone: f64 = found.iter().map(Pass::length_m).sum();
        let latest = times.iter().copied().fold(0.0, f64::max);
        assert!(times.iter().all(|t| *t > 0.9 * latest), "{times:?}");
        assert!(latest < 1.06 * alone / 45.0);
        let swept: f64 = shares
            .iter()
            .flat_map(|s| &s.passes)
            .map(Pass::length_m)
            .sum();
        assert!((swept - alone).abs() < 1e-6);
        assert!(split(&found, &[], 1.0).is_err() && split(&found, &[1.0, 0.0], 1.0).is_err());
    }
}
