//! Every pair of vehicles in space and time.
//!
//! Between two consecutive times at which either vehicle has a sample, both move straight at
//! constant speed; the closest approach there has a closed form. Vehicles whose boxes in space and
//! time do not come near each other are skipped.

use super::limits::Limits;
use super::timeline::{Sample, Timeline};
use crate::kernel::finding::{Finding, Severity};
use crate::plan::fence::{distance_m, moved, offset_m};
use crate::plan::{MissionPlan, Position};

/// P1105: two vehicles are never closer than both separations at once.
pub(super) fn check(
    ways: &[(&MissionPlan, Timeline)],
    limits: &Limits,
    findings: &mut Vec<Finding>,
) {
    let boxes: Vec<Extent> = ways.iter().map(|(_, way)| Extent::of(way)).collect();
    for (index, (plan, way)) in ways.iter().enumerate() {
        for (other_index, (other_plan, other)) in ways.iter().enumerate().skip(index + 1) {
            if !boxes[index].comes_near(&boxes[other_index], limits) {
                continue;
            }
            let is_at_sites =
                |at: Position| is_at_site(plan, at, limits) && is_at_site(other_plan, at, limits);
            let away = closest(way, other, limits, |at| !is_at_sites(at));
            let (met, severity) = match away {
                Some(met) => (met, Severity::Error),
                None => match closest(way, other, limits, is_at_sites) {
                    Some(met) => (met, Severity::Warning),
                    None => continue,
                },
            };
            let cause = format!(
                "comes within {:.0} m across and {:.0} m up of {} at {:.0} s, {:.5}, {:.5}",
                met.across_m, met.up_m, other.unit, met.time_s, met.at.lat_deg, met.at.lon_deg
            );
            let cure = "separate the two in height, place or time";
            let finding = Finding::error("P1105", &way.unit, cause, cure);
            findings.push(Finding {
                severity,
                ..finding
            });
        }
    }
}

/// Whether a place is near the plan's own launch or recovery site.
fn is_at_site(plan: &MissionPlan, at: Position, limits: &Limits) -> bool {
    let sites = [plan.launch.site, plan.recovery];
    sites
        .iter()
        .any(|site| distance_m(site.position(), at) < limits.site_radius_m)
}

/// The closest approach of two vehicles within the separation.
struct Met {
    /// When, seconds.
    time_s: f64,
    /// Where the first one is.
    at: Position,
    /// Distance along the ground, metres.
    across_m: f64,
    /// Difference in height, metres.
    up_m: f64,
}

/// What a way covers in space and time.
struct Extent {
    /// Degrees.
    lat: (f64, f64),
    /// Degrees, about `lon_from`.
    lon: (f64, f64),
    /// Seconds.
    time_s: (f64, f64),
}

impl Extent {
    /// The extent of a way.
    fn of(way: &Timeline) -> Self {
        let range = |of: fn(&Sample) -> f64| {
            way.samples
                .iter()
                .map(of)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| {
                    (low.min(x), high.max(x))
                })
        };
        Self {
            lat: range(|sample| sample.at.lat_deg),
            lon: range(|sample| sample.at.lon_deg),
            time_s: way.span_s(),
        }
    }

    /// Whether two ways can be within the separation at all.
    fn comes_near(&self, other: &Self, limits: &Limits) -> bool {
        let gap = |a: (f64, f64), b: (f64, f64)| (a.0 - b.1).max(b.0 - a.1).max(0.0);
        if gap(self.time_s, other.time_s) > 0.0 {
            return false;
        }
        // A way over the date line has a box around the earth, which is near everything.
        let lat_deg = self.lat.0.abs().max(self.lat.1.abs()).min(89.0);
        let degree_m = 111_000.0;
        let wraps = [self.lon, other.lon]
            .iter()
            .any(|lon| lon.0 < -179.0 || lon.1 > 179.0);
        let lon_gap_deg = if wraps { 0.0 } else { gap(self.lon, other.lon) };
        let shrink = crate::kernel::math::cos(lat_deg.to_radians());
        gap(self.lat, other.lat) * degree_m <= 2.0 * limits.separation_across_m
            && lon_gap_deg * degree_m * shrink <= 2.0 * limits.separation_across_m
    }
}

/// The closest approach of two ways within the separation, among those at places that count.
fn closest(
    first: &Timeline,
    second: &Timeline,
    limits: &Limits,
    counts: impl Fn(Position) -> bool,
) -> Option<Met> {
    let (first_span, second_span) = (first.span_s(), second.span_s());
    let (start_s, end_s) = (
        first_span.0.max(second_span.0),
        first_span.1.min(second_span.1),
    );
    let mut nearest: Option<Met> = None;
    let mut cursors = (0, 0);
    let mut from_s = start_s;
    while from_s < end_s {
        let mut to_s = end_s;
        for (way, cursor) in [(first, &mut cursors.0), (second, &mut cursors.1)] {
            while way
                .samples
                .get(*cursor + 1)
                .is_some_and(|next| next.time_s <= from_s)
            {
                *cursor += 1;
            }
            to_s = way
                .samples
                .get(*cursor + 1)
                .map_or(to_s, |next| to_s.min(next.time_s));
        }
        let states = [from_s, to_s].map(|time_s| {
            (
                state(first, cursors.0, time_s),
                state(second, cursors.1, time_s),
            )
        });
        let met = approach(states, (from_s, to_s), limits).filter(|met| counts(met.at));
        let is_nearest = |met: &Met| {
            let best_m = nearest.as_ref().map_or(f64::INFINITY, |best| best.across_m);
            met.across_m < best_m
        };
        nearest = met.filter(is_nearest).or(nearest);
        from_s = to_s;
    }
    nearest
}

/// A place and a height above mean sea level.
type State = (Position, f64);

/// Where a vehicle is at a time between a sample and the next.
fn state(way: &Timeline, cursor: usize, time_s: f64) -> State {
    let from = way.samples[cursor];
    let Some(to) = way.samples.get(cursor + 1) else {
        return (from.at, from.height_m);
    };
    let lasts_s = to.time_s - from.time_s;
    let share = if lasts_s > 0.0 {
        ((time_s - from.time_s) / lasts_s).clamp(0.0, 1.0)
    } else {
        1.0
    };
    let at = moved(from.at, offset_m(from.at, to.at) * share);
    (at, from.height_m + (to.height_m - from.height_m) * share)
}

/// The closest approach across within one stretch, over that part of it where the heights are too
/// near.
fn approach(
    [(first, second), (first_end, second_end)]: [(State, State); 2],
    (from_s, to_s): (f64, f64),
    limits: &Limits,
) -> Option<Met> {
    let start = offset_m(first.0, second.0);
    let change = offset_m(first_end.0, second_end.0) - start;
    let up = second.1 - first.1;
    let up_change = (second_end.1 - first_end.1) - up;
    let (low, high) = too_near(up, up_change, limits.separation_up_m)?;
    let length2 = change.length_squared();
    let least = if length2 > 0.0 {
        -start.dot(change) / length2
    } else {
        low
    };
    let share = least.clamp(low, high);
    let across_m = (start + change * share).length();
    (across_m < limits.separation_across_m).then(|| Met {
        time_s: from_s + (to_s - from_s) * share,
        at: moved(first.0, offset_m(first.0, first_end.0) * share),
        across_m,
        up_m: (up + up_change * share).abs(),
    })
}

/// The shares of a stretch, within 0 to 1, in which `value + share * change` is below `limit` in
/// amount.
fn too_near(value: f64, change: f64, limit: f64) -> Option<(f64, f64)> {
    if change.abs() < 1e-9 {
        return (value.abs() < limit).then_some((0.0, 1.0));
    }
    let ends = ((-limit - value) / change, (limit - value) / change);
    let (low, high) = (ends.0.min(ends.1).max(0.0), ends.0.max(ends.1).min(1.0));
    (low < high).then_some((low, high))
}
