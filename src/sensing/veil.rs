//! What stands between an eye and a body besides hills and single buildings: land cover that lets
//! some of the light through, and relief that the terrain does not resolve. See [`veiled`].

use glam::{DVec2, DVec3};

use super::{glance::Glance, suite::Works};
use crate::{
    environment::Landscape,
    geo::{canopy::transmittance, unresolved::LowEnd},
    kernel::{
        ids::UnitId,
        math::{PI, TAU, bearing},
        random::{DrawKey, Stream},
    },
};

/// Directions in which a place may be hidden or not, each for itself.
const SECTORS: f64 = 16.0;

/// What a line meets.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Veil {
    /// Share of the light that passes land cover.
    cover: f64,
    /// Probability that unresolved relief leaves both ends in sight of each other.
    open: f64,
}

impl Veil {
    /// Nothing.
    const NONE: Self = Self {
        cover: 1.0,
        open: 1.0,
    };
}

/// What the line between two units meets; none where unresolved relief hides one from the other.
///
/// Whether it does is drawn for each pair, for the place of each end, a square as wide as the posts
/// are apart, and for the direction in which the other is. So it stays as it is as long as neither
/// moves on, whoever looks and however often, and a place that is better seen from above is seen by
/// the same draw.
fn veil(
    landscape: &Landscape,
    units: (UnitId, UnitId),
    ends: (DVec3, DVec3),
    seed: u64,
) -> Option<Veil> {
    let covers = &landscape.cover;
    let mut veil = Veil::NONE;
    if covers.masking() > 0.0 {
        let (a, b) = units;
        let pair = if a <= b { (a, b) } else { (b, a) };
        for (end, other) in [ends, (ends.1, ends.0)] {
            let hidden = hidden_probability(landscape, end, other);
            if hidden > 0.0 && draw(landscape, pair, (end, other), seed) < hidden {
                return None;
            }
            veil.open *= 1.0 - hidden;
        }
    }
    veil.cover = transmittance(covers, &landscape.terrain, ends.0, ends.1);
    Some(veil)
}

/// A glance along a line between two, through what stands on the way; none where unresolved relief hides
/// one from the other. Sound under water meets neither.
pub(super) fn veiled(
    glance: Glance,
    works: &Works,
    (landscape, seed): (&Landscape, u64),
    units: (UnitId, UnitId),
    ends: (DVec3, DVec3),
) -> Option<Glance> {
    if matches!(works, Works::Passive { .. } | Works::Active { .. }) {
        return Some(glance);
    }
    let veil = veil(landscape, units, ends, seed)?;
    Some(Glance {
        cover: veil.cover,
        open: veil.open,
        ..glance
    })
}

/// Probability that unresolved relief about one end hides it from the other.
fn hidden_probability(landscape: &Landscape, end: DVec3, other: DVec3) -> f64 {
    let (terrain, covers) = (&landscape.terrain, &landscape.cover);
    let place = end.truncate();
    let way = other - end;
    let flat_m = way.truncate().length();
    if flat_m <= 0.0 || terrain.is_water(place.x, place.y) {
        return 0.0;
    }
    let gradient = terrain.gradient(place.x, place.y);
    let low = LowEnd {
        above_m: end.z - terrain.surface_m(place.x, place.y),
        rise: way.z / flat_m,
        ground_rise: gradient.dot(way.truncate()) / flat_m,
        slope: covers.masking() * gradient.length(),
        relief_m: covers.masking() * covers.at(place).relief_m,
    };
    low.hidden_probability(terrain.spacing_m(), way.length())
}

/// The draw for an end of a line between two units.
fn draw(
    landscape: &Landscape,
    (first, second): (UnitId, UnitId),
    (end, other): (DVec3, DVec3),
    seed: u64,
) -> f64 {
    let place = place_number(landscape.terrain.spacing_m(), end.truncate());
    let way = (other - end).truncate();
    let sector = ((bearing(way.x, way.y) + PI) / TAU * SECTORS).floor();
    let name = place << 8 | whole(sector).cast_unsigned() & 0xFF;
    DrawKey::new(Stream::Masking, first.0, second.0, name).uniform(seed)
}

/// Number of the square that a place lies in.
fn place_number(width_m: f64, at: DVec2) -> u64 {
    let [east, north] = (at / width_m).to_array().map(|cells| whole(cells.floor()));
    (east.cast_unsigned() & 0x0FFF_FFFF) << 28 | north.cast_unsigned() & 0x0FFF_FFFF
}

/// A whole number.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float-to-integer `as` saturates"
)]
fn whole(number: f64) -> i64 {
    number as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::{CoverMap, Extent, LocalFrame, Terrain, cover::Cover};
    use std::sync::Arc;

    /// A rough plain on posts so far apart.
    fn plain(spacing_m: f64, masking: f64) -> Landscape {
        let extent = Extent::about(DVec2::ZERO, 8000.0);
        let base = Cover {
            relief_m: 3.0,
            ..Cover::BARE
        };
        Landscape {
            terrain: Arc::new(Terrain::from_fn(extent, spacing_m, true, |_| 50.0).unwrap()),
            cover: Arc::new(CoverMap::new(
                base,
                Vec::new(),
                Vec::new(),
                (spacing_m, masking),
            )),
            frame: LocalFrame::new(48.5, 11.0).unwrap(),
            undulation_m: 0.0,
        }
    }

    fn at(x: f64, y: f64, above_m: f64) -> DVec3 {
        DVec3::new(x, y, 50.0 + above_m)
    }

    /// Share of 2000 targets on the plain that a mast does not see.
    fn hidden_share(landscape: &Landscape) -> f64 {
        let eye = at(0.0, 0.0, 30.0);
        let is_hidden = |number: u64| {
            #[expect(clippy::cast_precision_loss, reason = "small numbers")]
            let target = at(2500.0 + number as f64, -500.0, 1.2);
            veil(
                landscape,
                (UnitId(1), UnitId(1000 + number)),
                (eye, target),
                5,
            )
            .is_none()
        };
        let hidden = (0..2000).filter(|number| is_hidden(*number)).count();
        f64::from(u32::try_from(hidden).unwrap()) / 2000.0
    }

    #[test]
    fn as_many_are_hidden_as_the_model_says_and_finer_posts_hide_fewer() {
        let coarse = plain(100.0, 1.0);
        let want = hidden_probability(&coarse, at(3000.0, -500.0, 1.2), at(0.0, 0.0, 30.0));
        let got = hidden_share(&coarse);
        // Four standard errors of a share near a fifth of 2000; the range changes it by far less.
        assert!((got - want).abs() < 0.04, "{got} against {want}");
        let shares = [100.0, 50.0, 25.0, 12.5].map(|spacing| hidden_share(&plain(spacing, 1.0)));
        assert!(
            shares.windows(2).all(|pair| pair[1] < pair[0]),
            "{shares:?}"
        );
        assert!(shares[3] < 0.02, "{shares:?}");
        assert!(hidden_share(&plain(100.0, 0.0)) <= 0.0);
    }

    #[test]
    fn it_stays_while_nobody_leaves_his_place_and_holds_both_ways() {
        let landscape = plain(100.0, 1.0);
        let eye = at(10.0, 10.0, 1.5);
        let mut changes = 0;
        for number in 0..200 {
            let pair = (UnitId(7), UnitId(number));
            let seen = |a, b| veil(&landscape, pair, (a, b), 3).is_some();
            let target = at(2010.0, 2055.0, 1.5);
            let first = seen(eye, target);
            assert_eq!(first, seen(eye, target + DVec3::new(40.0, 20.0, 0.0)));
            let back = veil(&landscape, (UnitId(number), UnitId(7)), (target, eye), 3);
            assert_eq!(first, back.is_some());
            changes += u32::from(first != seen(eye, target + DVec3::new(100.0, 0.0, 0.0)));
        }
        assert!(changes > 20, "another place is another chance: {changes}");
    }
}
