//! Where a side may fire: no-fire and restricted areas, and boundaries between forces. See
//! [`FireControl`].

use bevy::prelude::Resource;
use glam::DVec2;

use crate::{
    kernel::ids::UnitIx,
    org::{ForceIx, OrderOfBattle, SideIx},
    plan::polygon::{Polygon, distance_to_segment_m},
    platform::class::Fire,
};

/// An area into which a side may not fire, or not with shells.
#[derive(Debug, Clone, PartialEq)]
pub struct FireZone {
    /// Id.
    pub id: String,
    /// Whose it is.
    pub side: SideIx,
    /// Where.
    pub area: Polygon,
    /// Whether what is aimed along sight, or steered, may go there all the same.
    pub only_shells: bool,
}

/// A line that parts two forces.
#[derive(Debug, Clone, PartialEq)]
pub struct Boundary {
    /// Id.
    pub id: String,
    /// Points, m.
    pub line: Vec<DVec2>,
    /// The force on the left hand of who goes along the line.
    pub left: ForceIx,
    /// The force on its right hand.
    pub right: ForceIx,
}

/// All areas and boundaries that steer fires. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct FireControl {
    /// Areas.
    pub zones: Vec<FireZone>,
    /// Boundaries.
    pub boundaries: Vec<Boundary>,
}

/// On which hand of a line a point is, by its nearest piece: above 0 on the left, 0 on it.
#[must_use]
pub fn hand(line: &[DVec2], point: DVec2) -> f64 {
    let pieces = line.windows(2).map(|ends| (ends[0], ends[1]));
    // Beyond a bend two pieces are equally near, at their common end: the one that the point lies more
    // beside than behind says which hand.
    let beside = |(a, b): (DVec2, DVec2)| (b - a).normalize_or_zero().perp_dot(point - a);
    let gap_m = |(a, b): (DVec2, DVec2)| distance_to_segment_m(point, a, b);
    let nearest = pieces.reduce(|best, piece| {
        let (old_m, new_m) = (gap_m(best), gap_m(piece));
        let is_tie = (old_m - new_m).abs() <= 1e-9 * (1.0 + old_m);
        let is_nearer = new_m < old_m && !is_tie;
        if is_nearer || is_tie && beside(piece).abs() > beside(best).abs() {
            piece
        } else {
            best
        }
    });
    nearest.map_or(0.0, beside)
}

impl FireControl {
    /// Id of what forbids a post to fire at a place, if anything does. A post above both forces of a
    /// boundary may fire across it.
    #[must_use]
    pub fn forbids(
        &self,
        (post, order): (UnitIx, &OrderOfBattle),
        aim: DVec2,
        fire: Fire,
    ) -> Option<&str> {
        let unit = order.unit(post);
        let zone = self.zones.iter().find(|zone| {
            let is_meant = fire == Fire::Indirect || !zone.only_shells;
            zone.side == unit.side && is_meant && zone.area.contains(aim)
        });
        let across = |boundary: &&Boundary| {
            let at = hand(&boundary.line, aim);
            let is_of = |force| order.is_within(unit.force, force);
            is_of(boundary.left) && at < 0.0 || is_of(boundary.right) && at > 0.0
        };
        let boundary = || self.boundaries.iter().find(across).map(|it| it.id.as_str());
        zone.map(|zone| zone.id.as_str()).or_else(boundary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::{Doctrine, Echelon, Force, NationIx, ServiceIx, UnitOrg};

    /// A brigade over two battalions; the post of each is the unit of its number.
    fn brigade() -> OrderOfBattle {
        let force = |at: u16| Force {
            id: format!("f{at}"),
            side: SideIx(0),
            echelon: Echelon::Brigade,
            superior: (at > 0).then_some(ForceIx(0)),
            command: Some(UnitIx(u32::from(at))),
            has_own_command: true,
            doctrine: Doctrine::default(),
        };
        let unit = |at: u16| UnitOrg {
            side: SideIx(0),
            nation: NationIx(0),
            service: ServiceIx(0),
            force: ForceIx(at),
            roles: [].into(),
            releasable_to: None,
            stem: String::new(),
        };
        OrderOfBattle {
            forces: (0..3).map(force).collect(),
            units: (0..3).map(unit).collect(),
            ..OrderOfBattle::default()
        }
    }

    #[test]
    fn a_boundary_binds_both_sides_of_it_and_not_who_commands_both() {
        let control = FireControl {
            zones: Vec::new(),
            boundaries: vec![Boundary {
                id: "b".into(),
                line: vec![DVec2::ZERO, DVec2::new(0.0, 1000.0)],
                left: ForceIx(1),
                right: ForceIx(2),
            }],
        };
        let order = brigade();
        let (west, east) = (DVec2::new(-50.0, 400.0), DVec2::new(50.0, 400.0));
        let asked = |post, aim| control.forbids((UnitIx(post), &order), aim, Fire::Direct);
        assert_eq!([asked(1, west), asked(1, east)], [None, Some("b")]);
        assert_eq!([asked(2, west), asked(2, east)], [Some("b"), None]);
        assert_eq!([asked(0, west), asked(0, east)], [None, None]);
    }

    #[test]
    fn a_sharp_bend_has_two_hands_as_well() {
        let line = [DVec2::ZERO, DVec2::new(100.0, 0.0), DVec2::new(0.0, 20.0)];
        // Beyond the point of the bend, above and below its middle, is the outside: the right hand.
        for point in [
            DVec2::new(150.0, 5.0),
            DVec2::new(150.0, -5.0),
            DVec2::new(50.0, -5.0),
        ] {
            assert!(hand(&line, point) < 0.0, "{point}");
        }
        assert!(
            hand(&line, DVec2::new(50.0, 4.0)) > 0.0,
            "between the two pieces is the inside"
        );
        assert!(hand(&[], DVec2::X).abs() < 1e-12);
    }

    #[test]
    fn a_restricted_area_bars_shells_and_a_no_fire_area_everything() {
        let zone = |only_shells, from: f64| FireZone {
            id: format!("{only_shells}"),
            side: SideIx(0),
            area: Polygon::rectangle(DVec2::new(from, 0.0), DVec2::new(from + 10.0, 10.0)).unwrap(),
            only_shells,
        };
        let control = FireControl {
            zones: vec![zone(true, 0.0), zone(false, 100.0)],
            boundaries: Vec::new(),
        };
        let order = brigade();
        let asked = |x, fire| {
            let aim = DVec2::new(x, 5.0);
            control.forbids((UnitIx(0), &order), aim, fire).is_some()
        };
        assert!(
            asked(5.0, Fire::Indirect) && !asked(5.0, Fire::Direct) && !asked(5.0, Fire::Guided)
        );
        assert!(asked(105.0, Fire::Indirect) && asked(105.0, Fire::Direct));
        assert!(!asked(50.0, Fire::Indirect));
    }
}
