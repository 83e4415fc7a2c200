//! Lines through what lies on the ground: how much of a line runs below treetops and roofs.
//!
//! The straight line on a 4/3 earth is cut into steps of half a cell; of each step the part counts
//! that lies below the top of the cover in its middle. Left out: gaps within a cover, which its
//! extinction stands for, and trunks against crowns.

use super::{
    cover::{Cover, CoverClass},
    cover_map::CoverMap,
    sight::STANDARD_K,
    terrain::Terrain,
    wgs84::MEAN_RADIUS_M,
};
use glam::{DVec2, DVec3};

/// Optical depth from which on nothing is seen any more: e⁻¹² is 6 millionths.
const OPAQUE: f64 = 12.0;

/// Cover about one end of a path.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct EndCover {
    /// Way of the path from this end through leaves, m, woodland for woodland: that through thinner
    /// cover counts for less.
    pub leaves_m: f64,
    /// Height of the roofs about the end above it, m; 0 where there are none, or lower ones.
    pub roofs_m: f64,
    /// Share of the roofs' loss that counts, 0 to 1.
    pub roof_share: f64,
}

/// One step of a line.
struct Step<'a> {
    /// What covers its middle.
    cover: &'a Cover,
    /// Length of the part below the top of the cover, m.
    below_m: f64,
    /// Whether all of it is below.
    is_whole: bool,
}

/// A line over covered ground.
struct Line<'a> {
    covers: &'a CoverMap,
    terrain: &'a Terrain,
    from: DVec3,
    way: DVec3,
    bulge_m: f64,
}

impl<'a> Line<'a> {
    /// From one point to another.
    fn new(covers: &'a CoverMap, terrain: &'a Terrain, from: DVec3, to: DVec3) -> Self {
        let flat_m = from.truncate().distance(to.truncate());
        Self {
            covers,
            terrain,
            from,
            way: to - from,
            bulge_m: flat_m * flat_m / (2.0 * STANDARD_K * MEAN_RADIUS_M),
        }
    }

    /// Height of the line at a share of the way, m, as if the sea were flat.
    fn height_m(&self, share: f64) -> f64 {
        self.from.z + self.way.z * share - self.bulge_m * share * (1.0 - share)
    }

    /// The step between two shares of the way.
    fn step(&self, first: f64, last: f64) -> Step<'a> {
        let middle = self.from.truncate() + self.way.truncate() * (0.5 * (first + last));
        let cover = self.covers.at(middle);
        let whole_m = self.way.length() * (last - first);
        if cover.height_m <= 0.0 {
            return Step {
                cover,
                below_m: 0.0,
                is_whole: false,
            };
        }
        let top_m = self.terrain.surface_m(middle.x, middle.y) + cover.height_m;
        let ends_m = [self.height_m(first), self.height_m(last)];
        let (low_m, high_m) = (ends_m[0].min(ends_m[1]), ends_m[0].max(ends_m[1]));
        let share = if high_m <= top_m {
            1.0
        } else {
            ((top_m - low_m) / (high_m - low_m)).clamp(0.0, 1.0)
        };
        Step {
            cover,
            below_m: whole_m * share,
            is_whole: share >= 1.0,
        }
    }

    /// Whether the line passes freely through the block of covers about the middle of a step, and the
    /// share of the way at which it leaves the block.
    fn block(&self, number: f64, pace: f64) -> (bool, f64) {
        let (from, way) = (self.from.truncate(), self.way.truncate());
        let middle = from + way * ((number + 0.5) * pace);
        let Some((has_tall, [low, high])) = self.covers.block(middle) else {
            return (false, f64::NEG_INFINITY);
        };
        let ahead = DVec2::select(way.cmpgt(DVec2::ZERO), high, low);
        // Along an axis on which the line does not move it never leaves.
        let leaves = (ahead - from) / way;
        let leaves = DVec2::select(way.cmpeq(DVec2::ZERO), DVec2::INFINITY, leaves).min_element();
        if !has_tall {
            return (true, leaves);
        }
        let last = leaves.min(1.0);
        let cell = |at| self.terrain.cell(self.terrain.to_grid(at));
        let ground_m = self
            .terrain
            .pyramid()
            .bound_m(cell(middle), cell(from + way * last));
        let (first, last) = (number * pace, (last + 0.5 * pace).min(1.0));
        let sag_m = 0.25 * self.bulge_m * (last - first) * (last - first);
        let lowest_m = self.height_m(first).min(self.height_m(last)) - sag_m;
        (
            lowest_m > ground_m.max(0.0) + self.covers.tallest_m(),
            leaves,
        )
    }

    /// Width of the steps as a share of the way: half a cell.
    fn pace(&self) -> f64 {
        let flat_m = self.way.truncate().length();
        let steps = (2.0 * flat_m / self.covers.cell_m()).ceil().max(1.0);
        1.0 / steps
    }

    /// The shares of the way between which it may meet any cover; none where it cannot.
    fn reach(&self) -> Option<(f64, f64)> {
        let roof_m = self.terrain.highest_m().max(0.0) + self.covers.tallest_m();
        if self.from.z.min(self.from.z + self.way.z) - 0.25 * self.bulge_m > roof_m {
            return None;
        }
        let extent = self.covers.extent();
        let (mut first, mut last) = (0.0_f64, 1.0_f64);
        for axis in 0..2 {
            let (at, way) = (self.from[axis], self.way[axis]);
            let (low, high) = (extent.min[axis] - at, extent.max[axis] - at);
            if way.abs() < 1e-9 {
                if low > 0.0 || high < 0.0 {
                    return None;
                }
                continue;
            }
            let (a, b) = (low / way, high / way);
            first = first.max(a.min(b));
            last = last.min(a.max(b));
        }
        (first < last).then_some((first, last))
    }
}

/// Share of the light that passes along the line between two points, given as local east, north and
/// height above mean sea level in metres: e^(−Σ extinction · way below the tops) (Bouguer–Lambert,
/// for gaps placed at random as Nilson 1971, Agricultural Meteorology 8, eq. 2). 1 where the line
/// meets no cover. The same from either end but for rounding.
#[must_use]
pub fn transmittance(covers: &CoverMap, terrain: &Terrain, a: DVec3, b: DVec3) -> f64 {
    if covers.is_clear() {
        return 1.0;
    }
    let line = Line::new(covers, terrain, a, b);
    let Some((start, end)) = line.reach() else {
        return 1.0;
    };
    let pace = line.pace();
    let mut depth = 0.0;
    // Steps stand at the same places of the line wherever the box of the covers begins.
    let mut number = (start / pace).floor();
    let mut leaves = f64::NEG_INFINITY;
    while number * pace < end && depth < OPAQUE {
        if (number + 0.5) * pace >= leaves {
            let is_free;
            (is_free, leaves) = line.block(number, pace);
            if is_free {
                // On to the first step whose middle lies beyond the block.
                number = (leaves / pace - 0.5).ceil().max(number + 1.0);
                continue;
            }
        }
        let step = line.step(number * pace, (number * pace + pace).min(1.0));
        depth += step.cover.extinction_per_m * step.below_m;
        number += 1.0;
    }
    if depth <= 0.0 {
        1.0
    } else {
        crate::kernel::math::exp(-depth)
    }
}

/// The cover about an end of a radio path to another point: leaves from the end on, at most to the
/// middle of the path, as long as the path stays below their tops; and roofs about the end.
#[must_use]
pub fn about_end(covers: &CoverMap, terrain: &Terrain, end: DVec3, other: DVec3) -> EndCover {
    let mut about = EndCover::default();
    let place: DVec2 = end.truncate();
    let above_m = end.z - terrain.surface_m(place.x, place.y);
    let own = covers.at(place);
    if own.class == CoverClass::Town {
        about.roofs_m = (own.height_m - above_m).max(0.0);
        about.roof_share = own.radio_share;
        return about;
    }
    if own.radio_share <= 0.0 || above_m >= own.height_m {
        return about;
    }
    let line = Line::new(covers, terrain, end, other);
    let pace = line.pace();
    let mut first = 0.0;
    while first < 0.5 {
        let step = line.step(first, (first + pace).min(0.5));
        if step.cover.class != CoverClass::Town {
            about.leaves_m += step.cover.radio_share * step.below_m;
        }
        if !step.is_whole {
            break;
        }
        first += pace;
    }
    about
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::Extent;
    use crate::kernel::math;

    /// A square wood, 400 m wide and 15 m high, in the middle of a plain at 100 m.
    fn wood() -> (CoverMap, Terrain) {
        let cover = Cover {
            class: CoverClass::Forest,
            height_m: 15.0,
            extinction_per_m: 0.02,
            radio_share: 1.0,
            ..Cover::BARE
        };
        let corners = [
            (-200.0, -200.0),
            (200.0, -200.0),
            (200.0, 200.0),
            (-200.0, 200.0),
        ];
        let ring = corners.map(|(x, y)| DVec2::new(x, y)).to_vec();
        let covers = CoverMap::new(Cover::BARE, vec![(ring, cover)], Vec::new(), (10.0, 0.0));
        let extent = Extent::about(DVec2::ZERO, 6000.0);
        let terrain = Terrain::from_fn(extent, 100.0, true, |_| 100.0).unwrap();
        (covers, terrain)
    }

    fn at(x: f64, y: f64, above_m: f64) -> DVec3 {
        DVec3::new(x, y, 100.0 + above_m)
    }

    #[test]
    fn a_level_line_loses_by_its_way_through_the_wood() {
        let (covers, terrain) = wood();
        let seen = |a, b| transmittance(&covers, &terrain, a, b);
        let through = seen(at(-1000.0, 0.0, 2.0), at(1000.0, 0.0, 2.0));
        // 400 m, to the width of a cell.
        let want = math::exp(-8.0);
        assert!(
            (through / want - 1.0).abs() < 0.25,
            "{through} against {want}"
        );
        let back = seen(at(1000.0, 0.0, 2.0), at(-1000.0, 0.0, 2.0));
        assert!((through - back).abs() < 1e-12);
        let beside = seen(at(-1000.0, 300.0, 2.0), at(1000.0, 300.0, 2.0));
        let above = seen(at(-1000.0, 0.0, 20.0), at(1000.0, 0.0, 20.0));
        let near = seen(at(-1000.0, 0.0, 2.0), at(-210.0, 0.0, 2.0));
        assert!([beside, above, near].iter().all(|it| *it >= 1.0));
    }

    /// From above the way below the tops is h / sin(elevation).
    #[test]
    fn from_above_the_way_is_short() {
        let (covers, terrain) = wood();
        let target = at(0.0, 0.0, 1.0);
        for elevation_deg in [30.0_f64, 60.0, 90.0] {
            let (sin, cos) = math::sincos(elevation_deg.to_radians());
            let eye = target + DVec3::new(cos, 0.0, sin) * 300.0;
            let got = transmittance(&covers, &terrain, eye, target);
            let want = math::exp(-0.02 * 14.0 / sin);
            assert!((got - want).abs() < 0.01, "{elevation_deg}: {got} {want}");
        }
    }

    /// What passes over bare blocks at one go loses as much as what asks at every step.
    #[test]
    fn leaping_over_what_is_bare_misses_no_leaf() {
        let cover = Cover {
            class: CoverClass::Forest,
            height_m: 15.0,
            extinction_per_m: 0.001,
            radio_share: 1.0,
            ..Cover::BARE
        };
        let square = |x: f64, y: f64, m: f64| {
            let corners = [(0.0, 0.0), (m, 0.0), (m, m), (0.0, m)];
            (
                corners.map(|(e, n)| DVec2::new(x + e, y + n)).to_vec(),
                cover,
            )
        };
        let areas = vec![
            square(-3000.0, -2500.0, 40.0),
            square(-700.0, 300.0, 555.0),
            square(900.0, -400.0, 700.0),
            square(2300.0, 2100.0, 660.0),
        ];
        let covers = CoverMap::new(Cover::BARE, areas, Vec::new(), (10.0, 0.0));
        let extent = Extent::about(DVec2::ZERO, 6000.0);
        let relief = |at: DVec2| 100.0 + 30.0 * math::sin(at.x / 300.0) * math::cos(at.y / 400.0);
        let terrain = Terrain::from_fn(extent, 100.0, true, relief).unwrap();
        let mut some = 0;
        for k in 0..1200_u32 {
            let turn = f64::from(k) * 0.7;
            let end = |turn: f64| {
                at(
                    3500.0 * math::cos(turn),
                    3500.0 * math::sin(1.3 * turn),
                    2.0 + 25.0 * (turn % 1.0),
                )
            };
            let (a, b) = (end(turn), end(1.7 * turn + 1.0));
            let line = Line::new(&covers, &terrain, a, b);
            let (pace, mut number, mut depth) = (line.pace(), 0.0, 0.0);
            while number * pace < 1.0 {
                let step = line.step(number * pace, (number * pace + pace).min(1.0));
                depth += step.cover.extinction_per_m * step.below_m;
                number += 1.0;
            }
            some += i32::from(depth > 0.0);
            let got = transmittance(&covers, &terrain, a, b);
            assert!((got - math::exp(-depth)).abs() < 1e-9, "{a} {b}: {got}");
        }
        assert!(some > 100, "{some}");
    }

    #[test]
    fn radio_ends_count_the_leaves_on_their_own_side() {
        let (covers, terrain) = wood();
        let end = |a, b| about_end(&covers, &terrain, a, b);
        let out = end(at(-100.0, 0.0, 2.0), at(5000.0, 0.0, 10.0));
        assert!((out.leaves_m - 300.0).abs() < 10.0, "{out:?}");
        let up = end(at(-100.0, 0.0, 5.0), at(-90.0, 0.0, 1005.0));
        assert!((up.leaves_m - 10.0).abs() < 0.5, "{up:?}");
        assert_eq!(
            end(at(-100.0, 0.0, 16.0), at(5000.0, 0.0, 10.0)),
            EndCover::default()
        );
        let both = end(at(-50.0, 0.0, 2.0), at(50.0, 0.0, 2.0));
        assert!((both.leaves_m - 50.0).abs() < 6.0, "{both:?}");
    }
}
