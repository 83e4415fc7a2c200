//! Links by quality, and sensor-to-shooter chains as they happen. See [`NetworkPlugin`].

use bevy::prelude::*;
use glam::DVec3;

use super::{
    super::{
        chains::{self, Hop, SHOWN_S, Step},
        ground::Ground,
        marks::Subject,
        narrow::{f32_of, f64_of},
        state::{Chosen, Live, Now, Scene},
        view::{Layer, Viewpoint},
    },
    lines::{Bold, Dashed, Thin, color, lift_m},
};
use crate::viewer::frame::LinkFrame;

/// Links of one unit that are drawn; all of the selected one's are.
const PER_UNIT: usize = 3;
/// Packet success of a link that is good, and of one that is fair.
pub(crate) const QUALITY: [f64; 2] = [0.9, 0.6];
/// Colours of good, fair and poor links: light to dark, so that no hue has to be told apart.
pub(crate) const LINK_RGB: [[u8; 3]; 3] = [[250, 250, 250], [255, 214, 102], [170, 80, 60]];
/// Colours of the steps of a chain.
pub(crate) const STEP_RGB: [[u8; 3]; 4] = [
    [240, 228, 66],
    [86, 180, 233],
    [204, 121, 167],
    [213, 60, 20],
];

/// Draws links and chains.
#[derive(Debug)]
pub(crate) struct NetworkPlugin;

impl Plugin for NetworkPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(PostUpdate, (draw_links, draw_chains));
    }
}

/// The class of a link's quality: 0 good, 1 fair, 2 poor.
#[must_use]
pub(crate) fn quality(success: f64) -> usize {
    QUALITY.iter().filter(|least| success < **least).count()
}

/// The links that are drawn: the best few of each unit, nearest first among equals, and all of the
/// selected one. A mesh of fifty nodes has a thousand links and looks like felt.
#[must_use]
pub(crate) fn chosen_links(
    links: &[LinkFrame],
    positions: &[DVec3],
    selected: Option<usize>,
) -> Vec<LinkFrame> {
    let length = |link: &LinkFrame| positions[link.ends[0]].distance(positions[link.ends[1]]);
    let mut sorted: Vec<&LinkFrame> = links.iter().collect();
    sorted.sort_by(|a, b| {
        let by_quality = quality(a.success).cmp(&quality(b.success));
        by_quality
            .then_with(|| length(a).total_cmp(&length(b)))
            .then_with(|| a.ends.cmp(&b.ends))
    });
    let mut count = vec![0; positions.len()];
    let mut chosen: Vec<LinkFrame> = Vec::new();
    for link in sorted {
        let [a, b] = link.ends;
        let is_selected = selected.is_some_and(|unit| unit == a || unit == b);
        let is_twin = chosen.iter().any(|known| known.ends == link.ends);
        if !is_twin && (is_selected || count[a] < PER_UNIT || count[b] < PER_UNIT) {
            count[a] += 1;
            count[b] += 1;
            chosen.push(*link);
        }
    }
    chosen
}

/// Draws links between units of the side that looks, or of all.
fn draw_links(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    scene: Res<'_, Scene>,
    (mut thin, mut bold): (Gizmos<'_, '_, Thin>, Gizmos<'_, '_, Bold>),
) {
    if !chosen.0.layers.has(Layer::Links) {
        return;
    }
    let viewpoint = chosen.0.viewpoint;
    let own = viewpoint.side(&scene.0);
    let side = |unit: usize| scene.0.units[unit].side;
    // Under a belief, a link is drawn where its ends are believed to be.
    let is_shown = |link: &&LinkFrame| {
        let is_known = |end: &usize| side(*end) == own && now.knows(*end);
        viewpoint == Viewpoint::Truth || link.ends.iter().all(is_known)
    };
    let links: Vec<LinkFrame> = now.frame.links.iter().filter(is_shown).copied().collect();
    let mut positions: Vec<DVec3> = now.frame.units.iter().map(|unit| unit.position).collect();
    for mark in &now.marks {
        if let Subject::Unit(unit) = mark.subject {
            positions[unit] = mark.at;
        }
    }
    let lift = lift_m(&ground);
    for link in chosen_links(&links, &positions, chosen.0.selected) {
        let [a, b] = link
            .ends
            .map(|end| ground.stand(positions[end] + DVec3::Z * lift));
        let class = quality(link.success);
        let tint = color(LINK_RGB[class], if class == 2 { 0.75 } else { 0.85 });
        if class == 0 {
            bold.line(a, b, tint);
        } else {
            thin.line(a, b, tint);
        }
    }
}

/// The steps of the last moments.
pub(crate) fn recent_hops(live: &Live, now: &Now) -> Vec<Hop> {
    let rows = live.0.book.rows();
    let count = now.frame.events.min(rows.len());
    chains::hops(&rows[..count], now.frame.time_s)
}

/// Draws the steps of the last moments; a shot is an arc.
fn draw_chains(
    (now, chosen, ground): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Ground>),
    (scene, live): (Res<'_, Scene>, Res<'_, Live>),
    (mut dashed, mut bold): (Gizmos<'_, '_, Dashed>, Gizmos<'_, '_, Bold>),
) {
    if !chosen.0.layers.has(Layer::Chains) || chosen.0.viewpoint != Viewpoint::Truth {
        return;
    }
    let hops = recent_hops(&live, &now);
    let place = |name: &str| {
        let unit = scene.0.unit_named(name)?;
        Some(now.frame.units[unit].position)
    };
    for Hop {
        step,
        from,
        to,
        age_s,
    } in hops
    {
        let (Some(from), Some(to)) = (place(&from), place(&to)) else {
            continue;
        };
        let fresh = f32_of((1.0 - age_s / SHOWN_S).clamp(0.15, 1.0));
        let tint = color(STEP_RGB[step as usize], fresh);
        if step == Step::Fired {
            bold.linestrip(arc(&ground, from, to, 0.25), tint);
        } else {
            dashed.linestrip(arc(&ground, from, to, 0.04), tint);
        }
    }
}

/// A bow between two points, `rise` times as high as it is long.
fn arc(ground: &Ground, from: DVec3, to: DVec3, rise: f64) -> Vec<Vec3> {
    let height_m = rise * from.distance(to) / ground.exaggeration;
    (0..=24)
        .map(|n| {
            let share = f64_of(n) / 24.0;
            let up_m = 4.0 * share * (1.0 - share) * height_m + lift_m(ground);
            ground.stand(from.lerp(to, share) + DVec3::Z * up_m)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_keeps_its_best_links_and_the_selected_all() {
        let positions: Vec<DVec3> = (0..12).map(|n| DVec3::X * f64::from(n)).collect();
        let mut links = Vec::new();
        for a in 0..12 {
            for b in a + 1..12 {
                links.push(LinkFrame {
                    network: 0,
                    ends: [a, b],
                    success: 0.95,
                });
            }
        }
        let few = chosen_links(&links, &positions, None);
        assert!(few.len() < links.len() / 2, "{}", few.len());
        for unit in 0..12 {
            assert!(few.iter().any(|link| link.ends.contains(&unit)), "{unit}");
        }
        let more = chosen_links(&links, &positions, Some(5));
        let of_selected = more.iter().filter(|link| link.ends.contains(&5)).count();
        assert_eq!(of_selected, 11);
    }

    #[test]
    fn quality_has_three_classes() {
        assert_eq!([0.95, 0.7, 0.3].map(quality), [0, 1, 2]);
    }
}
