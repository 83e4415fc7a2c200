//! Reports of contacts, out and in: what a node tells of something that it has seen again but does not
//! hold for a track yet. See [`ContactPlugin`].
//!
//! A contact goes to the post above only. There it is a tentative track: it becomes more when its
//! origin confirms it, or when another node has seen it too, and is forgotten otherwise. So two nodes
//! that each had two looks make a track where neither could alone.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use serde::{Deserialize, Serialize};

use super::{
    report::{ReportRules, TrackReport, hear_tracks, send_tracks},
    store::{TENTATIVE_S, TrackStore},
};
use crate::{
    kernel::{
        ids::UnitIndex,
        schedule::{FuseSystems, SimTick},
        time::Clock,
    },
    org::OrderOfBattle,
    platform::damage::Damage,
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// Contacts of one node, sent together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ContactBatch(pub Vec<TrackReport>);

impl Payload for ContactBatch {
    const CLASS: MessageClass = MessageClass::Detection;
    const KIND: u8 = 14;

    /// As of tracks.
    fn coarsened(&self, detail: Detail) -> Self {
        Self(self.0.iter().map(|it| it.coarsened(detail)).collect())
    }
}

/// Nodes tell the post above of contacts.
pub(super) fn send(
    (clock, index, order): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    sizes: Res<'_, MessageSizes>,
    mut outbox: ResMut<'_, Outbox<ContactBatch>>,
    mut stores: Query<'_, '_, (&mut TrackStore, &Damage)>,
) {
    for (ix, row) in index.iter() {
        if !clock.is_due(1.0, row.id.0 % 1000) || order.sides.is_empty() {
            continue;
        }
        let Ok((mut store, damage)) = stores.get_mut(row.entity) else {
            continue;
        };
        if damage.is_destroyed() || !store.has_contacts() {
            continue;
        }
        let contacts = store.contacts(ix);
        let Some(post) = order.superior_of(ix) else {
            continue;
        };
        let posted = Posted {
            author: (row.id, ix),
            audience: Audience::Unit(post),
            precedence: Precedence::Routine,
            size_bytes: MessageSizes::of_many(sizes.detection_bytes, contacts.len()),
            created: clock.now(),
            valid_s: TENTATIVE_S,
            is_latest: false,
        };
        outbox.post(posted, ContactBatch(contacts));
    }
}

/// Posts take what they are told of contacts.
pub(super) fn hear(
    (clock, index, rules): (Res<'_, Clock>, Res<'_, UnitIndex>, Res<'_, ReportRules>),
    delivered: Res<'_, Delivered<ContactBatch>>,
    mut stores: Query<'_, '_, &mut TrackStore>,
) {
    for delivery in delivered.read() {
        if let Ok(mut store) = stores.get_mut(index.entity(delivery.to)) {
            for report in &delivery.body.0 {
                store.hear_contact(report, clock.now(), rules.fusion);
            }
        }
    }
}

/// Contacts out and in, in the phase `Fuse`, after the tracks.
#[derive(Debug)]
pub struct ContactPlugin;

impl Plugin for ContactPlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<ContactBatch>().add_systems(
            SimTick,
            (
                hear.in_set(FuseSystems::Receive).after(hear_tracks),
                send.in_set(FuseSystems::Report).after(send_tracks),
            ),
        );
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;
    use crate::picture::model::fusion::Fusion::CovarianceIntersection as CI;
    use crate::{
        kernel::{assignment::Assigner, ids::UnitIx, scoring::ScoringTag, time::SimTime},
        sensing::{Detection, Evidence, model::measurement::Covariance2},
    };

    /// A store that has seen something at a place in each of some seconds.
    fn seen(place: DVec2, seconds: u32) -> TrackStore {
        let mut store = TrackStore::default();
        for second in 0..seconds {
            let detection = Detection {
                observer: UnitIx(0),
                at: SimTime::from_s(f64::from(second)),
                position: place,
                covariance: Covariance2::isotropic(5.0),
                evidence: Evidence::NONE,
                bearing: None,
                still: None,
                tag: ScoringTag::default(),
            };
            store.take(&[detection], &mut Assigner::default());
        }
        store
    }

    #[test]
    fn what_was_seen_twice_is_told_once_and_a_track_is_no_contact() {
        let mut once = seen(DVec2::ZERO, 1);
        assert!(!once.has_contacts() && once.contacts(UnitIx(3)).is_empty());
        let mut twice = seen(DVec2::ZERO, 2);
        assert!(twice.has_contacts());
        let told = twice.contacts(UnitIx(3));
        assert_eq!((told.len(), told[0].key.origin), (1, UnitIx(3)));
        assert!(!twice.has_contacts() && twice.contacts(UnitIx(3)).is_empty());
        assert!(!seen(DVec2::ZERO, 3).has_contacts());
    }

    #[test]
    fn two_nodes_that_saw_it_make_a_track_and_one_does_not() {
        let now = SimTime::from_s(2.0);
        let told = |unit| seen(DVec2::ZERO, 2).contacts(UnitIx(unit)).remove(0);
        let mut post = TrackStore::default();
        post.hear_contact(&told(3), now, CI);
        post.hear_contact(&told(3), now, CI);
        let confirmed = |post: &TrackStore| -> Vec<bool> {
            post.tracks().iter().map(|track| track.confirmed).collect()
        };
        assert_eq!(confirmed(&post), [false]);
        post.hear_contact(&told(4), now, CI);
        assert_eq!(confirmed(&post), [true]);
        let mut alone = TrackStore::default();
        alone.hear_contact(&told(3), now, CI);
        alone.age(SimTime::from_s(60.0));
        assert!(
            alone.tracks().is_empty(),
            "what nobody confirms is forgotten"
        );
    }

    #[test]
    fn a_contact_that_its_origin_confirms_is_one_track() {
        let now = SimTime::from_s(3.0);
        let mut node = seen(DVec2::ZERO, 2);
        let mut post = TrackStore::default();
        post.hear_contact(&node.contacts(UnitIx(3))[0], now, CI);
        let third = Detection {
            observer: UnitIx(3),
            at: now,
            position: DVec2::ZERO,
            covariance: Covariance2::isotropic(5.0),
            evidence: Evidence::NONE,
            bearing: None,
            still: None,
            tag: ScoringTag::default(),
        };
        node.take(&[third], &mut Assigner::default());
        let reports = node.reports(UnitIx(3), 10.0, now);
        assert_eq!(reports.len(), 1);
        post.hear(&reports[0], now, CI);
        assert_eq!(post.tracks().len(), 1);
        assert!(post.tracks()[0].confirmed);
    }
}
