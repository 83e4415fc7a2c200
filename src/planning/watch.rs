//! Who may be watching, as a post believes: its hostile tracks as threats. See [`Watch`].

use std::{cell::RefCell, collections::BTreeMap};

use glam::{DVec2, DVec3};

use super::{
    algo::passage::{Law, Threat, Threats},
    progress::hostile_tracks,
};
use crate::{
    environment::Landscape, kernel::time::SimTime, picture::TrackStore,
    platform::class::TargetClass,
};

/// Expected detections per second of who is in range and in sight (notional, 0.005 to 0.1).
const RATE_PER_S: f64 = 0.02;

/// Height of an eye on the ground, m.
const EYE_M: f64 = 3.0;

/// Height at which aircraft are taken to fly that are only known by their place, m.
const AIRBORNE_M: f64 = 100.0;

/// Side of the squares over which sight is taken to be the same, m.
const CELL_M: f64 = 100.0;

/// Heights over the ground at which sight is asked for, m: the nearest stands for others.
const BANDS_M: [f64; 7] = [2.0, 30.0, 75.0, 125.0, 200.0, 400.0, 1000.0];

/// Range within which a kind of target detects others, m (notional, each half to twice).
fn range_m(target: Option<TargetClass>) -> f64 {
    match target {
        Some(TargetClass::Personnel) => 800.0,
        Some(TargetClass::Soft | TargetClass::Structure) => 1500.0,
        None | Some(TargetClass::Light | TargetClass::SmallAir | TargetClass::Submerged) => 2000.0,
        Some(TargetClass::Medium) => 2500.0,
        Some(TargetClass::Heavy) => 3000.0,
        Some(TargetClass::Boat) => 4000.0,
        Some(TargetClass::Air) => 5000.0,
        Some(TargetClass::Ship) => 10_000.0,
    }
}

/// A threat, a square of the map by its steps, and a band of heights.
type Look = (usize, i64, i64, usize);

/// Believed hostile tracks, what they see, and what it is worth not to be seen.
#[derive(Debug)]
pub(super) struct Watch<'a> {
    landscape: &'a Landscape,
    threats: Vec<Threat>,
    /// Seconds of detour that one expected detection is worth.
    pub(super) exposure_s: f64,
    /// Answers about sight, each a function of what was asked.
    known: RefCell<BTreeMap<Look, bool>>,
}

impl<'a> Watch<'a> {
    /// The live hostile tracks of a post.
    pub(super) fn of(
        tracks: &TrackStore,
        now: SimTime,
        exposure_s: f64,
        landscape: &'a Landscape,
    ) -> Self {
        let threats = hostile_tracks(tracks, now).map(|track| {
            let now = now.max(track.updated);
            let at = track.at(now).position_m;
            let above_m = match track.target {
                Some(TargetClass::Air | TargetClass::SmallAir) => AIRBORNE_M,
                _ => EYE_M,
            };
            Threat {
                at: landscape.terrain.above_surface(at, above_m),
                range_m: range_m(track.target),
                rate_per_s: RATE_PER_S,
                sigma_m: track.sigma_m(now),
                law: Law::DefiniteRange,
            }
        });
        Self {
            landscape,
            threats: threats.collect(),
            exposure_s,
            known: RefCell::default(),
        }
    }

    /// Nobody.
    pub(super) fn nobody(landscape: &'a Landscape) -> Self {
        Self {
            landscape,
            threats: Vec::new(),
            exposure_s: 0.0,
            known: RefCell::default(),
        }
    }

    /// Whether a threat sees who is at a point, from the middle of the point's square and its band.
    pub(super) fn sees(&self, number: usize, at: DVec3) -> bool {
        let Some(threat) = self.threats.get(number) else {
            return false;
        };
        let terrain = &self.landscape.terrain;
        let above_m = at.z - terrain.surface_m(at.x, at.y);
        let off_m = |band: &usize| (BANDS_M[*band] - above_m).abs();
        let bands = 0..BANDS_M.len();
        let band = bands.min_by(|a, b| off_m(a).total_cmp(&off_m(b)));
        let band = band.unwrap_or_default();
        let cell = (at.truncate() / CELL_M).floor();
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a map is some thousands of squares wide, and `as` saturates"
        )]
        let look = (number, cell.x as i64, cell.y as i64, band);
        let mut known = self.known.borrow_mut();
        *known.entry(look).or_insert_with(|| {
            let middle = (cell + DVec2::splat(0.5)) * CELL_M;
            let seen = terrain.above_surface(middle, BANDS_M[band]);
            self.landscape.is_clear(threat.at, seen)
        })
    }

    /// The threats, with their sight as `sees`.
    pub(super) fn threats<'b>(&'b self, sees: &'b dyn Fn(usize, DVec3) -> bool) -> Threats<'b> {
        Threats {
            list: &self.threats,
            sees,
        }
    }

    /// Height of the ground or the water, m.
    pub(super) fn surface_m(&self, at: DVec2) -> f64 {
        self.landscape.terrain.surface_m(at.x, at.y)
    }

    /// Whether anybody watches, and it matters.
    pub(super) fn is_any(&self) -> bool {
        self.exposure_s > 0.0 && !self.threats.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        geo::{Extent, LocalFrame, Terrain},
        planning::shy::shy_way,
    };

    /// A plain of 8 km with a ridge from west to east, 120 m high, that ends at the western rim.
    fn landscape() -> Landscape {
        let height = |at: DVec2| if at.y.abs() < 150.0 { 170.0 } else { 50.0 };
        let terrain = Terrain::from_fn(Extent::about(DVec2::ZERO, 4000.0), 50.0, true, height);
        Landscape {
            cover: Arc::default(),
            terrain: Arc::new(terrain.unwrap()),
            frame: LocalFrame::new(48.5, 11.0).unwrap(),
            undulation_m: 0.0,
        }
    }

    /// A watcher south of the ridge in the middle of the map.
    fn watch(landscape: &Landscape, exposure_s: f64) -> Watch<'_> {
        let at = DVec2::new(0.0, -1500.0);
        Watch {
            threats: vec![Threat {
                at: landscape.terrain.above_surface(at, EYE_M),
                range_m: 2000.0,
                rate_per_s: RATE_PER_S,
                sigma_m: 50.0,
                law: Law::DefiniteRange,
            }],
            exposure_s,
            ..Watch::nobody(landscape)
        }
    }

    #[test]
    fn a_ridge_hides_what_is_low_behind_it() {
        let landscape = landscape();
        let watch = watch(&landscape, 1.0);
        let at = |y: f64, up_m: f64| landscape.terrain.above_surface(DVec2::new(0.0, y), up_m);
        assert!(watch.sees(0, at(-500.0, 2.0)));
        assert!(!watch.sees(0, at(600.0, 2.0)));
        assert!(watch.sees(0, at(600.0, 400.0)));
        assert!(!watch.sees(1, at(-500.0, 2.0)), "there is no other");
    }

    /// A way through sight, at a price of exposure.
    fn way(exposure_s: f64) -> (Vec<DVec2>, f64) {
        let landscape = landscape();
        let watch = watch(&landscape, exposure_s);
        let (from, to) = (DVec2::new(-3500.0, -600.0), DVec2::new(3500.0, -600.0));
        let map = (landscape.terrain.bounds(), 100.0, 10.0);
        let speeds = |_: DVec2, _: DVec2| Some(10.0);
        let led = shy_way(speeds, (from, &[to]), map, &watch).unwrap_or(vec![to]);
        let sees = |number, at| watch.sees(number, at);
        let (threats, mut at, mut exposure) = (watch.threats(&sees), from, 0.0);
        for point in &led {
            let parts = (at.distance(*point) / 10.0).ceil();
            for part in (0..1000).map(f64::from).take_while(|part| *part < parts) {
                let place = at.lerp(*point, (part + 0.5) / parts);
                let seen = landscape.terrain.above_surface(place, 2.0);
                exposure += threats.rate_per_s(seen) * at.distance(*point) / parts / 10.0;
            }
            at = *point;
        }
        (led, exposure)
    }

    #[test]
    fn who_is_shy_goes_out_of_sight_and_the_more_so_the_dearer_it_is() {
        let (free, cheap, dear) = (way(0.0), way(30.0), way(1000.0));
        assert_eq!(free.0.len(), 1);
        assert!(free.1 > 4.0, "{}", free.1);
        assert!(
            // Ways that are pulled straight are best nearby only.
            cheap.1 <= free.1 && dear.1 <= cheap.1 + 0.1,
            "{} {}",
            cheap.1,
            dear.1
        );
        assert!(
            dear.1 < 0.4 * free.1,
            "{} of {}: {:?}",
            dear.1,
            free.1,
            dear.0
        );
    }
}
