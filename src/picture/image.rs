//! Pictures of tracks, out and in. See [`ImagePlugin`].
//!
//! A node whose camera holds a confirmed track sends a picture of it to the posts, and another when it
//! has one from elsewhere. At the post an analyst looks at it: a second look, which moves the belief of
//! allegiance by Bayes' rule with the same error rates as any observer's. By voice no picture passes.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{
    contact,
    report::{ReportRules, TrackReport},
    store::TrackStore,
    track::{Reading, Track, TrackKey},
};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        random::RunSeed,
        schedule::{FuseSystems, SimTick},
        time::{Clock, SimTime},
    },
    platform::damage::Damage,
    sensing::Still,
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// When nodes send pictures. Static.
#[derive(Debug, Clone, Copy, Default, PartialEq, Resource)]
pub struct ImageRules {
    /// Least time between two pictures of one track by one node, s; without it they send none.
    pub chip_interval_s: Option<f64>,
    /// Rate of the video of a unit that looks for its post, bit/s; zero is none.
    pub video_bit_s: f64,
}

/// A picture of a track with what its origin says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImageChip {
    /// The track.
    pub report: TrackReport,
    /// The picture; none where a person described it instead.
    pub still: Option<Still>,
}

impl Payload for ImageChip {
    const CLASS: MessageClass = MessageClass::Image;
    const KIND: u8 = 15;

    /// A machine passes the picture as it is, a person only what it is of.
    fn coarsened(&self, detail: Detail) -> Self {
        Self {
            report: self.report.coarsened(detail),
            still: self.still.filter(|_| detail != Detail::Spoken),
        }
    }
}

/// How long a picture is worth something, s.
const VALID_S: f64 = 300.0;

impl TrackStore {
    /// Pictures of the own confirmed tracks that are due; notes that they are sent now.
    pub fn images(&mut self, own: UnitIx, interval_s: f64, now: SimTime) -> Vec<ImageChip> {
        let chip = |track: &mut Track| {
            let still = track.still.take_if(|_| track.confirmed)?;
            let is_due = track
                .pictured
                .is_none_or(|(last, view)| now.since_s(last) >= interval_s && view != still.view());
            if !is_due {
                return None;
            }
            track.pictured = Some((now, still.view()));
            let number = track.number;
            let key = TrackKey {
                origin: own,
                number,
            };
            Some(ImageChip {
                report: TrackReport::of(track, key),
                still: Some(still),
            })
        };
        self.tracks_mut().iter_mut().filter_map(chip).collect()
    }

    /// Takes what an analyst concludes from a picture of a track, whose report was heard before.
    pub fn read(&mut self, key: TrackKey, reading: Reading) {
        let is_of = |track: &&mut Track| track.sources.iter().any(|source| source.key == key);
        let news = match self.tracks_mut().iter_mut().find(is_of) {
            Some(track) => {
                let was_hostile = track.hostile_llr > 0.0;
                track.take_reading(reading);
                was_hostile != (track.hostile_llr > 0.0)
            }
            None => false,
        };
        if news {
            self.note_news();
        }
    }
}

/// Nodes send pictures.
pub(super) fn send(
    (clock, index): (Res<'_, Clock>, Res<'_, UnitIndex>),
    (rules, sizes): (Res<'_, ImageRules>, Res<'_, MessageSizes>),
    mut outbox: ResMut<'_, Outbox<ImageChip>>,
    mut stores: Query<'_, '_, (&mut TrackStore, &Damage)>,
) {
    let Some(interval_s) = rules.chip_interval_s else {
        return;
    };
    for (ix, row) in index.iter() {
        if !clock.is_due(1.0, row.id.0 % 1000) {
            continue;
        }
        let Ok((mut store, damage)) = stores.get_mut(row.entity) else {
            continue;
        };
        if damage.is_destroyed() || store.tracks().is_empty() {
            continue;
        }
        for chip in store.images(ix, interval_s, clock.now()) {
            let posted = Posted {
                author: (row.id, ix),
                audience: Audience::Posts,
                precedence: Precedence::Routine,
                size_bytes: sizes.image_bytes,
                created: clock.now(),
                valid_s: VALID_S,
                is_latest: false,
            };
            outbox.post(posted, chip);
        }
    }
}

/// Analysts at posts look at pictures.
pub(super) fn hear(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    rules: Res<'_, ReportRules>,
    delivered: Res<'_, Delivered<ImageChip>>,
    mut stores: Query<'_, '_, &mut TrackStore>,
) {
    for delivery in delivered.read() {
        let ImageChip { report, still } = &delivery.body;
        let Ok(mut store) = stores.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        store.hear(report, clock.now(), rules.fusion);
        let Some(still) = still else { continue };
        let evidence = still.read(index.id(delivery.to), seed.0);
        let reading = Reading {
            origin: report.key.origin,
            view: still.view(),
            hostile_llr: evidence.hostile_llr,
        };
        store.read(report.key, reading);
    }
}

/// Pictures out and in, in the phase `Fuse`, after tracks and contacts.
#[derive(Debug)]
pub struct ImagePlugin;

impl Plugin for ImagePlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<ImageChip>()
            .init_resource::<ImageRules>()
            .add_systems(
                SimTick,
                (
                    hear.in_set(FuseSystems::Receive).after(contact::hear),
                    send.in_set(FuseSystems::Report).after(contact::send),
                ),
            );
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;
    use crate::picture::model::fusion::Fusion;
    use crate::{
        kernel::{assignment::Assigner, scoring::ScoringTag},
        sensing::{Detection, Evidence, View, model::measurement::Covariance2},
    };

    /// Looks at something at the origin in a second, and takes a picture.
    fn look(store: &mut TrackStore, second: u32) {
        let detection = Detection {
            observer: UnitIx(3),
            at: SimTime::from_s(f64::from(second)),
            position: DVec2::ZERO,
            covariance: Covariance2::isotropic(5.0),
            evidence: Evidence::NONE,
            bearing: None,
            still: Some(Still::sharp(true, 1)),
            tag: ScoringTag::default(),
        };
        store.take(&[detection], &mut Assigner::default());
    }

    #[test]
    fn a_confirmed_track_is_pictured_once_from_a_view() {
        let mut store = TrackStore::default();
        let mut sent = Vec::new();
        for second in 0..300 {
            look(&mut store, second);
            let now = SimTime::from_s(f64::from(second));
            let chips = store.images(UnitIx(3), 60.0, now);
            sent.extend(chips.into_iter().map(|_| second));
        }
        assert_eq!(sent, [2], "with the third hit, and never again from there");
    }

    #[test]
    fn a_picture_moves_belief_as_bayes_says_and_is_not_told_on() {
        let mut node = TrackStore::default();
        (0..3).for_each(|second| look(&mut node, second));
        let now = SimTime::from_s(2.0);
        let chip = node.images(UnitIx(3), 60.0, now).remove(0);
        let mut post = TrackStore::default();
        let mut report = chip.report.clone();
        report.hostile_llr = 1.0;
        post.hear(&report, now, Fusion::default());
        let reading = |origin, hostile_llr| Reading {
            origin: UnitIx(origin),
            view: View::default(),
            hostile_llr,
        };
        post.read(report.key, reading(3, 2.0));
        let llr = |post: &TrackStore| post.tracks()[0].hostile_llr;
        assert!((llr(&post) - 3.0).abs() < 1e-12, "odds multiply");
        post.read(report.key, reading(3, 2.0));
        assert!(
            (llr(&post) - 3.0).abs() < 1e-12,
            "the same picture says it once"
        );
        post.read(report.key, reading(4, -1.5));
        assert!((llr(&post) - 1.5).abs() < 1e-12, "another says otherwise");
        assert!(
            post.tracks()[0].own_llr().abs() < 1e-12,
            "it is no own look"
        );
    }

    #[test]
    fn a_machine_passes_a_picture_and_a_person_does_not() {
        let mut node = TrackStore::default();
        (0..3).for_each(|second| look(&mut node, second));
        let chip = node.images(UnitIx(3), 60.0, SimTime::from_s(2.0)).remove(0);
        assert!(chip.coarsened(Detail::Rounded).still.is_some());
        assert!(chip.coarsened(Detail::Spoken).still.is_none());
    }
}
