//! What stands on the map from one viewpoint: units as they are, or own units and tracks as one node
//! believes them to be. Pure: from a setting and a frame to a list of [`Mark`]s.

use glam::{DVec2, DVec3};

use super::{
    frame::{Belief, Frame, OwnFrame, Setting, TrackFrame, UnitFrame, UnitInfo},
    view::Viewpoint,
};
use crate::{
    org::Echelon,
    platform::class::{Domain, Family, TargetClass},
};

/// Age of a track from which on it is shown as a ghost, s.
pub const GHOST_AGE_S: f64 = 60.0;
/// Confidence from which on a track is shown as hostile; below one less it, as neutral.
const HOSTILE_CONFIDENCE: f64 = 0.75;

/// How a thing stands to who looks, by the frames of APP-6.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Affiliation {
    /// Own side.
    Friend,
    /// Of a side hostile to it, or believed to be.
    Hostile,
    /// Of another side, or believed not to be hostile.
    Neutral,
    /// Nobody knows yet.
    Unknown,
}

impl Affiliation {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Friend, Self::Hostile, Self::Neutral, Self::Unknown];

    /// How a side stands to another.
    #[must_use]
    pub fn between(own: usize, other: usize, setting: &Setting) -> Self {
        if own == other {
            Self::Friend
        } else if setting.sides[own].hostile_to.contains(&other) {
            Self::Hostile
        } else {
            Self::Neutral
        }
    }

    /// Its colour, red, green, blue: Okabe and Ito's palette (2008), as in the symbols.
    #[must_use]
    pub const fn rgb(self) -> [u8; 3] {
        match self {
            Self::Friend => [86, 180, 233],
            Self::Hostile => [232, 104, 48],
            Self::Neutral => [40, 175, 130],
            Self::Unknown => [240, 228, 66],
        }
    }

    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Friend => "friend",
            Self::Hostile => "hostile",
            Self::Neutral => "neutral",
            Self::Unknown => "unknown",
        }
    }
}

/// What a mark stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A unit, by rank.
    Unit(usize),
    /// A track, by the node's number.
    Track(u32),
}

/// One thing on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it stands for.
    pub subject: Subject,
    /// Where, m.
    pub at: DVec3,
    /// Velocity on the map, m/s.
    pub velocity: DVec2,
    /// Heading, rad, where it is known.
    pub heading_rad: Option<f64>,
    /// Function identifier of its symbol.
    pub function: String,
    /// How it stands to who looks.
    pub affiliation: Affiliation,
    /// Group of the catalogue, where it is known, for the shape.
    pub family: Option<Family>,
    /// Length, m, for the shape.
    pub length_m: f64,
    /// Name.
    pub name: String,
    /// What else there is to say, in a few characters.
    pub note: String,
    /// Whether it is no longer known but remembered.
    pub is_ghost: bool,
    /// Whether it is a wreck, or believed to be one.
    pub is_wreck: bool,
    /// Whether it cannot move or fire.
    pub is_damaged: bool,
    /// Covariance of the position, m².
    pub covariance: Option<[f64; 3]>,
    /// What is drawn first where there is no room for all.
    pub weight: f64,
    /// Marks of one group may stand for one another.
    pub group: usize,
}

/// All marks of a frame, the weightiest first.
#[must_use]
pub fn marks(setting: &Setting, frame: &Frame, viewpoint: Viewpoint) -> Vec<Mark> {
    let mut marks: Vec<Mark> = match (viewpoint, &frame.belief) {
        (Viewpoint::Truth, _) => truth(setting, frame),
        (Viewpoint::Node(node), Some(belief)) if belief.node == node => believed(setting, belief),
        // The frame was made before the viewpoint was chosen.
        (Viewpoint::Node(_), _) => Vec::new(),
    };
    marks.sort_by(|a, b| {
        let by_weight = b.weight.total_cmp(&a.weight);
        by_weight.then_with(|| a.subject.cmp(&b.subject))
    });
    marks
}

/// Everything as it is, but rounds in flight.
fn truth(setting: &Setting, frame: &Frame) -> Vec<Mark> {
    let own = Viewpoint::Truth.side(setting);
    let units = setting.units.iter().zip(&frame.units).enumerate();
    units
        .filter(|(_, (info, _))| info.family != Family::Munition)
        .map(|(at, (info, unit))| {
            real(
                at,
                info,
                unit,
                Affiliation::between(own, info.side, setting),
            )
        })
        .collect()
}

/// A unit as it is.
fn real(at: usize, info: &UnitInfo, unit: &UnitFrame, affiliation: Affiliation) -> Mark {
    let is_damaged = unit.is_alive && !(unit.can_move && unit.can_fire);
    let note = match (unit.is_alive, unit.can_move, unit.can_fire) {
        (false, ..) => "lost",
        (_, false, false) => "cannot move or fire",
        (_, false, _) => "cannot move",
        (_, _, false) => "cannot fire",
        _ => "",
    };
    Mark {
        at: unit.position,
        velocity: unit.velocity.truncate(),
        heading_rad: Some(unit.heading_rad),
        note: note.to_owned(),
        is_wreck: !unit.is_alive,
        is_damaged,
        ..of_unit(at, info, affiliation)
    }
}

/// What a unit's mark has from its class.
fn of_unit(at: usize, info: &UnitInfo, affiliation: Affiliation) -> Mark {
    Mark {
        subject: Subject::Unit(at),
        at: DVec3::ZERO,
        velocity: DVec2::ZERO,
        heading_rad: None,
        function: info.function.clone(),
        affiliation,
        family: Some(info.family),
        length_m: info.length_m,
        name: info.name.clone(),
        note: String::new(),
        is_ghost: false,
        is_wreck: false,
        is_damaged: false,
        covariance: None,
        weight: weight(info),
        group: info.force,
    }
}

/// Command posts before aircraft and ships, those before vehicles, those before people.
fn weight(info: &UnitInfo) -> f64 {
    let echelon = match info.commands {
        Some(echelon) if echelon > Echelon::Team => 4.0 + 0.1 * f64::from(echelon as u8),
        _ => 0.0,
    };
    let family = match info.family {
        Family::MannedSea | Family::MannedAir => 3.0,
        Family::Uav | Family::Uuv | Family::Usv => 2.5,
        Family::MannedGround | Family::Ugv | Family::RemoteWeaponStation => 2.0,
        Family::FixedSite => 1.8,
        Family::Dismount => 1.5,
        Family::Civil | Family::Munition => 1.0,
    };
    echelon + family
}

/// What a node believes of its own side and of others.
fn believed(setting: &Setting, belief: &Belief) -> Vec<Mark> {
    let own = belief.own.iter().map(|entry| own_mark(setting, entry));
    let tracks = belief.tracks.iter().map(|track| track_mark(setting, track));
    own.chain(tracks).collect()
}

/// A unit of the own side as it last reported itself.
fn own_mark(setting: &Setting, entry: &OwnFrame) -> Mark {
    let info = &setting.units[entry.unit];
    let is_ghost = entry.is_late;
    let is_moving = entry.velocity.length() > 0.5;
    Mark {
        at: entry.position,
        velocity: entry.velocity.truncate(),
        heading_rad: is_moving
            .then(|| crate::kernel::math::bearing(entry.velocity.x, entry.velocity.y)),
        note: if is_ghost {
            format!("{} ago", age(entry.age_s))
        } else {
            String::new()
        },
        is_ghost,
        is_damaged: entry.can_move == Some(false),
        ..of_unit(entry.unit, info, Affiliation::Friend)
    }
}

/// A track.
fn track_mark(setting: &Setting, track: &TrackFrame) -> Mark {
    let terrain = &setting.landscape.terrain;
    let surface_m = terrain.surface_m(track.position.x, track.position.y);
    let affiliation = if track.hostile_confidence >= HOSTILE_CONFIDENCE {
        Affiliation::Hostile
    } else if track.hostile_confidence <= 1.0 - HOSTILE_CONFIDENCE {
        Affiliation::Neutral
    } else {
        Affiliation::Unknown
    };
    let is_ghost = track.age_s > GHOST_AGE_S;
    let age = if is_ghost || track.age_s >= 10.0 {
        format!("{} ago", age(track.age_s))
    } else {
        String::new()
    };
    let kind = if track.is_wreck {
        "wreck"
    } else {
        track.target.map_or("", what)
    };
    let gap = if kind.is_empty() || age.is_empty() {
        ""
    } else {
        ", "
    };
    Mark {
        subject: Subject::Track(track.number),
        at: track.position.extend(surface_m),
        velocity: track.velocity,
        heading_rad: None,
        function: generic(track.domain).to_owned(),
        affiliation,
        family: None,
        length_m: 0.0,
        name: format!("T{}", track.number),
        note: format!("{kind}{gap}{age}"),
        is_ghost,
        is_wreck: track.is_wreck,
        is_damaged: false,
        covariance: Some(track.covariance),
        weight: if track.is_confirmed { 3.5 } else { 0.5 } - if is_ghost { 1.0 } else { 0.0 },
        group: usize::MAX,
    }
}

/// What a track seems to be, in a word.
const fn what(target: TargetClass) -> &'static str {
    match target {
        TargetClass::Personnel => "people",
        TargetClass::Soft => "vehicle",
        TargetClass::Light => "light armour",
        TargetClass::Medium => "armour",
        TargetClass::Heavy => "tank",
        TargetClass::SmallAir => "small aircraft",
        TargetClass::Air => "aircraft",
        TargetClass::Boat => "boat",
        _ => "",
    }
}

/// The frame of something of which only the domain is known.
const fn generic(domain: Option<Domain>) -> &'static str {
    match domain {
        Some(Domain::Air) => "A-----",
        Some(Domain::Surface) => "S-----",
        Some(Domain::Subsurface) => "U-----",
        Some(Domain::Land | Domain::Fixed) | None => "G-----",
    }
}

/// An age in a few characters.
#[must_use]
pub fn age(age_s: f64) -> String {
    if age_s < 90.0 {
        format!("{age_s:.0} s")
    } else {
        format!("{:.0} min", age_s / 60.0)
    }
}

/// Half axes, m, of the ellipse that holds the truth with a probability of 95 %, and the bearing of
/// the longer one, rad: from the eigenvalues of a covariance, scaled by √5.99 (χ² with two degrees
/// of freedom).
#[must_use]
pub fn ellipse([xx, xy, yy]: [f64; 3]) -> (f64, f64, f64) {
    const CHI2_95: f64 = 5.991_464_547;
    let mean = 0.5 * (xx + yy);
    let half = 0.5 * (xx - yy);
    let root = (half * half + xy * xy).sqrt();
    let axis = |variance: f64| (CHI2_95 * variance.max(0.0)).sqrt();
    let bearing_rad = 0.5 * crate::kernel::math::bearing(2.0 * xy, -2.0 * half);
    (axis(mean + root), axis(mean - root), bearing_rad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ellipse_lies_along_the_larger_variance() {
        let close = |a: f64, b: f64| (a - b).abs() < 1e-6;
        let (long, short, bearing) = ellipse([400.0, 0.0, 100.0]);
        assert!(close(long, 20.0 * 5.991_464_547_f64.sqrt()), "{long}");
        assert!(close(short, 10.0 * 5.991_464_547_f64.sqrt()), "{short}");
        assert!(close(bearing, core::f64::consts::FRAC_PI_2), "{bearing}");
        let (_, _, north) = ellipse([100.0, 0.0, 400.0]);
        assert!(close(north, 0.0), "{north}");
        let (_, _, north_east) = ellipse([250.0, 150.0, 250.0]);
        assert!(
            close(north_east, core::f64::consts::FRAC_PI_4),
            "{north_east}"
        );
    }

    #[test]
    fn ages_are_short() {
        assert_eq!(age(12.4), "12 s");
        assert_eq!(age(200.0), "3 min");
    }
}
