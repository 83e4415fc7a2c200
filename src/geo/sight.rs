//! Lines of sight over terrain, with the earth's curvature and standard refraction.
//!
//! The path between two points is sampled every half post. Seen from the straight line, the ground
//! is raised by d₁d₂/(2kR) (ITU-R P.526-15, §4.1: k = 4/3 stands for standard refraction). Before
//! samples are taken, a pyramid of block maxima is asked whether a whole stretch passes above its
//! ground; a stretch that does is skipped, so that the answer is that of the plain march.

use super::terrain::Terrain;
use super::wgs84::MEAN_RADIUS_M;
use glam::{DVec2, DVec3};

/// Effective earth radius factor of the standard atmosphere (ITU-R P.310).
pub const STANDARD_K: f64 = 4.0 / 3.0;

/// Stretches of at most this many samples are marched, longer ones are first tested as a whole.
const STRETCH: u32 = 8;

/// Distance in metres at which two points at these heights in metres above the sea lose each other
/// over a smooth 4/3 earth: √(2kR)·(√h₁ + √h₂), or 4.12 (√h₁ + √h₂) km.
#[must_use]
pub fn horizon_m(height_1_m: f64, height_2_m: f64) -> f64 {
    let diameter_m = 2.0 * STANDARD_K * MEAN_RADIUS_M;
    diameter_m.sqrt() * (height_1_m.max(0.0).sqrt() + height_2_m.max(0.0).sqrt())
}

/// The edge that obstructs a path most, as diffraction wants it (ITU-R P.526-15, §4.1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KnifeEdge {
    /// The edge: local east and north, and height above mean sea level, in metres.
    pub at: DVec3,
    /// Height in metres of the edge above the line between the ends, the earth's bulge included;
    /// negative where the line passes above it.
    pub height_m: f64,
    /// Distance in metres from the first end.
    pub d1_m: f64,
    /// Distance in metres from the second end.
    pub d2_m: f64,
}

impl KnifeEdge {
    /// Fresnel–Kirchhoff parameter ν = h √(2 (d₁ + d₂) / (λ d₁ d₂)) (ITU-R P.526-15, eq. 26) at a
    /// wavelength in metres.
    #[must_use]
    pub fn nu(&self, wavelength_m: f64) -> f64 {
        let lengths_m = wavelength_m * self.d1_m * self.d2_m;
        self.height_m * (2.0 * (self.d1_m + self.d2_m) / lengths_m).sqrt()
    }
}

/// How the ground stands to a path.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clearance {
    /// Smallest height in metres of the line above the ground; negative where it is cut.
    pub min_clearance_m: f64,
    /// The edge with the largest Fresnel–Kirchhoff parameter at any wavelength.
    pub edge: KnifeEdge,
}

/// Answers about lines of sight over a terrain.
#[derive(Clone, Copy, Debug)]
pub struct Sight<'a> {
    /// The ground.
    terrain: &'a Terrain,
    /// Twice the effective earth radius in metres.
    diameter_m: f64,
}

/// A path between two points, sampled at equal steps.
struct Path<'a> {
    /// The ground.
    terrain: &'a Terrain,
    /// Start in columns and rows of the terrain.
    from: DVec2,
    /// Whole way in columns and rows.
    way: DVec2,
    /// Height of the start in metres.
    start_m: f64,
    /// Rise from start to end in metres.
    rise_m: f64,
    /// Four times the earth's bulge in the middle, in metres: D²/(2kR).
    bulge_m: f64,
    /// Where, as a share of the way, the line is nearest to the curved earth.
    lowest_at: f64,
    /// Nothing below this height in metres stands in the way: the sea's surface, for paths in air.
    floor_m: f64,
    /// Number of steps; samples stand between them.
    steps: u32,
}

impl<'a> Sight<'a> {
    /// Sight over a terrain through the standard atmosphere.
    #[must_use]
    pub fn new(terrain: &'a Terrain) -> Self {
        Self::with_k(terrain, STANDARD_K)
    }

    /// Sight with another effective earth radius factor: 1 for straight rays, more where a duct
    /// bends them down.
    #[must_use]
    pub fn with_k(terrain: &'a Terrain, k: f64) -> Self {
        debug_assert!(k.is_finite() && k > 0.0);
        Self {
            terrain,
            diameter_m: 2.0 * k * MEAN_RADIUS_M,
        }
    }

    /// Whether nothing stands between two points, given as local east, north and height above mean
    /// sea level in metres. The order of the points does not matter. The sea's surface stands in
    /// the way, unless one of the points is below it: then only the bottom does.
    #[must_use]
    pub fn clear(&self, a: DVec3, b: DVec3) -> bool {
        let path = self.path(a, b);
        path.is_clear(1, path.steps - 1)
    }

    /// How the ground stands to the path between two points, as for [`Self::clear`]. `None` where
    /// the points stand one above the other.
    #[must_use]
    pub fn clearance(&self, a: DVec3, b: DVec3) -> Option<Clearance> {
        let distance_m = a.truncate().distance(b.truncate());
        if distance_m <= 0.0 {
            return None;
        }
        let path = self.path(a, b);
        let mut worst = Worst::default();
        path.find_worst(1, path.steps - 1, &mut worst);
        let share = path.share(worst.edge);
        let ground_m = path.ground_m(share);
        // The path may have been turned round; tell it from `a`.
        let share_from_a = if turned(a, b) { 1.0 - share } else { share };
        let at = a.truncate().lerp(b.truncate(), share_from_a);
        Some(Clearance {
            min_clearance_m: worst.clearance_m,
            edge: KnifeEdge {
                at: at.extend(ground_m),
                height_m: ground_m - path.line_m(share),
                d1_m: distance_m * share_from_a,
                d2_m: distance_m * (1.0 - share_from_a),
            },
        })
    }

    /// The sampled path between two points, from the one that [`turned`] puts first.
    fn path(&self, a: DVec3, b: DVec3) -> Path<'a> {
        const MIN_STEPS: f64 = 4.0;
        const MAX_STEPS: f64 = 1e6;
        let (a, b) = if turned(a, b) { (b, a) } else { (a, b) };
        let distance_m = a.truncate().distance(b.truncate());
        let from = self.terrain.to_grid(a.truncate());
        let bulge_m = distance_m * distance_m / self.diameter_m;
        let steps = (2.0 * distance_m / self.terrain.spacing_m()).ceil();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the range of steps, and NaN casts to 0"
        )]
        let steps = steps.clamp(MIN_STEPS, MAX_STEPS) as u32;
        Path {
            terrain: self.terrain,
            from,
            way: self.terrain.to_grid(b.truncate()) - from,
            start_m: a.z,
            rise_m: b.z - a.z,
            bulge_m,
            lowest_at: (bulge_m - (b.z - a.z)) / (2.0 * bulge_m),
            floor_m: if a.z < 0.0 || b.z < 0.0 {
                f64::NEG_INFINITY
            } else {
                0.0
            },
            steps: steps.max(2),
        }
    }
}

/// Whether a path is told from its second point, so that both directions give the same bits.
fn turned(a: DVec3, b: DVec3) -> bool {
    (b.x, b.y, b.z) < (a.x, a.y, a.z)
}

/// The worst samples found so far.
struct Worst {
    /// Smallest clearance in metres.
    clearance_m: f64,
    /// Largest obstruction, as of [`Path::obstruction`].
    obstruction: f64,
    /// Sample of the largest obstruction.
    edge: u32,
}

impl Default for Worst {
    fn default() -> Self {
        Self {
            clearance_m: f64::INFINITY,
            obstruction: f64::NEG_INFINITY,
            edge: 1,
        }
    }
}

impl Path<'_> {
    /// Share of the way at a sample.
    #[inline]
    fn share(&self, sample: u32) -> f64 {
        f64::from(sample) / f64::from(self.steps)
    }

    /// Height in metres of the line above mean sea level, as if the sea were flat: the straight
    /// line less the bulge.
    #[inline]
    fn line_m(&self, share: f64) -> f64 {
        self.start_m + self.rise_m * share - self.bulge_m * share * (1.0 - share)
    }

    /// Height in metres of what stands in the way at a share of the way.
    #[inline]
    fn ground_m(&self, share: f64) -> f64 {
        self.terrain
            .height_at(self.from + self.way * share)
            .max(self.floor_m)
    }

    /// Height in metres by which the line passes, from one sample to another, above whatever may
    /// stand in its way there. Less than the truth, never more.
    #[inline]
    fn safe_clearance_m(&self, first: u32, last: u32) -> f64 {
        let (start, end) = (self.share(first), self.share(last));
        let a = self.terrain.cell(self.from + self.way * start);
        let b = self.terrain.cell(self.from + self.way * end);
        let bound_m = self.terrain.pyramid().bound_m(a, b).max(self.floor_m);
        // The line less the bulge is convex: its lowest point is its vertex or the nearer end.
        let lowest_at = self.lowest_at.max(start).min(end);
        self.line_m(lowest_at) - bound_m
    }

    /// Whether all samples of a stretch lie above the ground.
    fn is_clear(&self, first: u32, last: u32) -> bool {
        if last - first < STRETCH {
            return (first..=last).all(|sample| {
                let share = self.share(sample);
                self.line_m(share) > self.ground_m(share)
            });
        }
        if self.safe_clearance_m(first, last) > 0.0 {
            return true;
        }
        let middle = first.midpoint(last);
        self.is_clear(first, middle) && self.is_clear(middle + 1, last)
    }

    /// How much a height above the line obstructs at a share of the way: ν but for factors that are
    /// the same all along the path.
    #[inline]
    fn obstruction(height_m: f64, share: f64) -> f64 {
        height_m / (share * (1.0 - share)).sqrt()
    }

    /// Looks for the smallest clearance and the largest obstruction in a stretch.
    fn find_worst(&self, first: u32, last: u32, worst: &mut Worst) {
        if last - first < STRETCH {
            for sample in first..=last {
                let share = self.share(sample);
                let clearance_m = self.line_m(share) - self.ground_m(share);
                worst.clearance_m = worst.clearance_m.min(clearance_m);
                let obstruction = Self::obstruction(-clearance_m, share);
                if obstruction > worst.obstruction {
                    worst.obstruction = obstruction;
                    worst.edge = sample;
                }
            }
            return;
        }
        let safe_m = self.safe_clearance_m(first, last);
        if safe_m > worst.clearance_m
            && self.obstruction_bound(first, last, safe_m) < worst.obstruction
        {
            return;
        }
        let middle = first.midpoint(last);
        self.find_worst(first, middle, worst);
        self.find_worst(middle + 1, last, worst);
    }

    /// An upper bound of the obstruction in a stretch that is cleared by `safe_m` metres or more.
    fn obstruction_bound(&self, first: u32, last: u32, safe_m: f64) -> f64 {
        let (start, end) = (self.share(first), self.share(last));
        // A height below the line weighs least in the middle of the way, one above it most at the
        // ends.
        let share = if safe_m >= 0.0 {
            0.5_f64.max(start).min(end)
        } else if start < 1.0 - end {
            start
        } else {
            end
        };
        Self::obstruction(-safe_m, share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::analytic::Profile;
    use crate::geo::detail::Procedural;
    use crate::geo::terrain::Extent;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    /// Countries on which shortcuts are compared, made once.
    static COUNTRIES: LazyLock<[Terrain; 3]> = LazyLock::new(|| [hills(0), hills(1), hills(2)]);

    /// The hills on which shortcuts are compared with the plain march.
    fn hills(seed: u64) -> Terrain {
        let country = Procedural {
            seed,
            base_m: 60.0,
            relief_m: 150.0,
            width_m: 6_000.0,
            octaves: 5,
            ridges: 0.4,
        };
        country
            .terrain(Extent::about(DVec2::ZERO, 12_000.0), 90.0)
            .unwrap()
    }

    /// The definition of sight, without shortcuts: smallest clearance and largest obstruction.
    fn march(terrain: &Terrain, a: DVec3, b: DVec3) -> (f64, f64) {
        let path = Sight::new(terrain).path(a, b);
        let mut worst = (f64::INFINITY, f64::NEG_INFINITY);
        for sample in 1..path.steps {
            let share = path.share(sample);
            let clearance_m = path.line_m(share) - path.ground_m(share);
            worst.0 = worst.0.min(clearance_m);
            worst.1 = worst.1.max(Path::obstruction(-clearance_m, share));
        }
        worst
    }

    /// The horizon on a 4/3 earth, against the published table (km, two decimals or one).
    #[test]
    fn the_horizon_is_that_of_the_table() {
        let table = [(2.0, 2.0, 11.66), (2.0, 100.0, 47.05), (10.0, 100.0, 54.25)];
        for (h1, h2, km) in table {
            assert!(
                (horizon_m(h1, h2) / 1_000.0 - km).abs() < 0.006,
                "{h1} {h2}"
            );
        }
        assert!((horizon_m(100.0, 1_000.0) / 1_000.0 - 171.6).abs() < 0.06);
        assert!((horizon_m(1_000.0, 3_000.0) / 1_000.0 - 356.1).abs() < 0.06);
    }

    #[test]
    fn ships_lose_each_other_at_the_horizon_and_divers_do_not() {
        let sea = Profile::Flat(-200.0)
            .terrain(60_000.0, 500.0, 100.0)
            .unwrap();
        let sight = Sight::new(&sea);
        let reach_m = horizon_m(2.0, 100.0);
        let mast = DVec3::new(1_000.0, 0.0, 100.0);
        assert!(sight.clear(mast, DVec3::new(1_000.0 + reach_m - 100.0, 0.0, 2.0)));
        assert!(!sight.clear(mast, DVec3::new(1_000.0 + reach_m + 100.0, 0.0, 2.0)));
        let near = DVec3::new(1_000.0, 0.0, -5.0);
        assert!(sight.clear(near, DVec3::new(15_000.0, 0.0, -50.0)));
        assert!(!sight.clear(near, DVec3::new(15_000.0, 0.0, -230.0)));
    }

    /// A Gaussian ridge of 150 m midway on 10 km, both ends 2 m up: the edge stands 150 − 2 m above
    /// the line, plus the bulge of 5 km · 5 km / (2 k R) = 1.4715 m.
    #[test]
    fn a_ridge_is_one_knife_edge_of_known_geometry() {
        let terrain = Profile::Ridge150.terrain(10_000.0, 500.0, 50.0).unwrap();
        let sight = Sight::new(&terrain);
        let (a, b) = (DVec3::new(0.0, 0.0, 2.0), DVec3::new(10_000.0, 0.0, 2.0));
        assert!(!sight.clear(a, b));
        let clearance = sight.clearance(a, b).unwrap();
        let edge = clearance.edge;
        assert!((edge.height_m - 149.4715).abs() < 1e-3, "{edge:?}");
        assert!((clearance.min_clearance_m + 149.4715).abs() < 1e-3);
        assert!((edge.at - DVec3::new(5_000.0, 0.0, 150.0)).length() < 1e-3);
        assert!((edge.d1_m - 5_000.0).abs() < 1e-6 && (edge.d2_m - 5_000.0).abs() < 1e-6);
        // Just above and just below the crest, which the line passes at its height less the bulge.
        let just = |above: f64| {
            let z = 150.0 + 1.4715 + above;
            sight.clear(DVec3::new(0.0, 0.0, z), DVec3::new(10_000.0, 0.0, z))
        };
        assert!(just(0.01) && !just(-0.01));
        assert!(sight.clearance(a, a + DVec3::Z).is_none() && sight.clear(a, a + DVec3::Z));
    }

    /// h = 20 m, d₁ = d₂ = 5 km, 400 MHz: ν = 0.6534 (P.526, computed reference).
    #[test]
    fn nu_is_that_of_the_reference() {
        let edge = KnifeEdge {
            at: DVec3::ZERO,
            height_m: 20.0,
            d1_m: 5_000.0,
            d2_m: 5_000.0,
        };
        assert!((edge.nu(299_792_458.0 / 400e6) - 0.6534).abs() < 1e-4);
    }

    #[test]
    fn the_edge_is_told_from_the_first_point() {
        let terrain = Profile::TwoHills.terrain(20_000.0, 500.0, 50.0).unwrap();
        let sight = Sight::new(&terrain);
        let (a, b) = (DVec3::new(0.0, 0.0, 2.0), DVec3::new(20_000.0, 0.0, 2.0));
        let (there, back) = (
            sight.clearance(a, b).unwrap(),
            sight.clearance(b, a).unwrap(),
        );
        assert!((there.edge.d1_m - 6_000.0).abs() < 200.0, "{there:?}");
        assert!((there.edge.d1_m - back.edge.d2_m).abs() < 1e-6);
        assert!((there.edge.at - back.edge.at).length() < 1e-6);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn shortcuts_change_no_answer(
            country in 0_usize..3,
            ends in prop::array::uniform4(-13_000.0_f64..13_000.0),
            above in prop::array::uniform2(0.5_f64..150.0),
        ) {
            let terrain = &COUNTRIES[country];
            let sight = Sight::new(terrain);
            let a = terrain.above_surface(DVec2::new(ends[0], ends[1]), above[0]);
            let b = terrain.above_surface(DVec2::new(ends[2], ends[3]), above[1]);
            let (clearance_m, obstruction) = march(terrain, a, b);
            prop_assert_eq!(sight.clear(a, b), clearance_m > 0.0);
            prop_assert_eq!(sight.clear(b, a), clearance_m > 0.0);
            let found = sight.clearance(a, b).unwrap();
            prop_assert!((found.min_clearance_m - clearance_m).abs() < 1e-9);
            let distance_m = found.edge.d1_m + found.edge.d2_m;
            let share = found.edge.d1_m / distance_m;
            let found_obstruction = Path::obstruction(found.edge.height_m, share);
            prop_assert!((found_obstruction - obstruction).abs() < 1e-6);
        }
    }
}
