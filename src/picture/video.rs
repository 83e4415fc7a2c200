//! Video of what units look at for their posts. See [`VideoPlugin`].
//!
//! A unit with a camera that looks along its leg, or stays on station for a task, streams to the post
//! above it, a second at a time. The stream takes its share of the air, and that is all that is
//! modelled: what the post learns comes by track reports and pictures.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use serde::{Deserialize, Serialize};

use super::image::{self, ImageRules};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        schedule::{FuseSystems, SimTick},
        time::Clock,
    },
    org::OrderOfBattle,
    plan::LegKind,
    platform::{course::Course, damage::Damage},
    sensing::{SensorSuites, suite::Works},
    wire::{Audience, Detail, MessageClass, Outbox, Payload, PayloadAppExt, Posted, Precedence},
};

/// Length of a segment, s.
const SEGMENT_S: f64 = 1.0;

/// How long a segment is worth something, s (notional, 2 to 10): live pictures.
const VALID_S: f64 = 5.0;

/// A second of video.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct VideoSegment {
    /// Whose camera.
    pub unit: UnitIx,
}

impl Payload for VideoSegment {
    const CLASS: MessageClass = MessageClass::Image;
    const KIND: u8 = 16;

    /// It holds nothing that could be lost.
    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// Whether a unit looks somewhere for somebody.
fn is_looking(course: &Course) -> bool {
    let leg = course
        .plan()
        .and_then(|plan| plan.legs.get(course.leg()))
        .filter(|_| !course.is_idle());
    leg.is_some_and(|leg| match leg.kind {
        LegKind::Sense { .. } => true,
        LegKind::Loiter { .. } => leg.task.is_some(),
        LegKind::Navigate | LegKind::Relay { .. } | LegKind::Return { .. } => false,
    })
}

/// Size of a segment, bytes.
fn segment_bytes(video_bit_s: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float becomes an integer by saturation"
    )]
    let bytes = (video_bit_s * SEGMENT_S / 8.0).ceil() as u32;
    bytes
}

/// Units stream to the posts above them.
fn stream(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    (rules, suites): (Res<'_, ImageRules>, Res<'_, SensorSuites>),
    mut outbox: ResMut<'_, Outbox<VideoSegment>>,
    units: Query<'_, '_, (&Course, &Damage)>,
) {
    if rules.video_bit_s <= 0.0 {
        return;
    }
    for (ix, row) in index.iter() {
        if !clock.is_due(SEGMENT_S, row.id.0 % 1000) {
            continue;
        }
        let mut suite = suites.of(ix).iter();
        let has_camera = suite.any(|sensor| matches!(sensor.works, Works::Optical { .. }));
        let Ok((course, damage)) = units.get(row.entity) else {
            continue;
        };
        if !has_camera || !damage.can_see() || !is_looking(course) {
            continue;
        }
        let Some(post) = order.superior_of(ix) else {
            continue;
        };
        let posted = Posted {
            author: (row.id, ix),
            audience: Audience::Unit(post),
            precedence: Precedence::Routine,
            size_bytes: segment_bytes(rules.video_bit_s),
            created: clock.now(),
            valid_s: VALID_S,
            is_latest: true,
        };
        outbox.post(posted, VideoSegment { unit: ix });
    }
}

/// Streams in the phase `Fuse`.
#[derive(Debug)]
pub struct VideoPlugin;

impl Plugin for VideoPlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<VideoSegment>().add_systems(
            SimTick,
            stream.in_set(FuseSystems::Report).after(image::send),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_holds_a_second_of_its_rate() {
        assert_eq!(segment_bytes(64_000.0), 8000);
        assert_eq!(segment_bytes(1.0), 1);
    }

    #[test]
    fn who_has_nothing_to_do_looks_at_nothing() {
        assert!(!is_looking(&Course::default()));
    }
}
