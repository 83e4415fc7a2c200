//! What a node makes of reports of being fired upon: whoever stands where the fire came from is
//! probably hostile.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res};

use super::{image, store::TrackStore, track::Track};
use crate::{
    engagement::{FiredUpon, alarm::BEARING_SIGMA_RAD},
    kernel::{
        ids::UnitIndex,
        math,
        schedule::{FuseSystems, SimTick},
    },
    sensing::View,
    wire::Delivered,
};

/// Log-likelihood ratio of hostile against not of the track in the direction of the fire: right seven
/// times in ten (notional, 0.6 to 0.9), since many stand in any direction. Alone it convinces nobody.
const DEED_LLR: f64 = 0.85;

/// Farthest that direct fire is taken to come from, m.
const REACH_M: f64 = 6000.0;

impl TrackStore {
    /// Holds the confirmed track nearest to the direction of fire for the shooter, if one is near
    /// enough to it.
    pub fn accuse(&mut self, report: &FiredUpon) {
        let Some(bearing_rad) = report.bearing_rad else {
            return;
        };
        let off = |track: &Track| {
            let then = report.at.max(track.updated);
            let way = track.at(then).position_m - report.position.truncate();
            let off_rad = math::wrap_pi(math::bearing(way.x, way.y) - bearing_rad).abs();
            let is_there = off_rad <= 2.0 * BEARING_SIGMA_RAD && way.length() <= REACH_M;
            (track.confirmed && !track.is_wreck() && is_there).then_some(off_rad)
        };
        let tracks = self.tracks_mut().iter_mut();
        let near = tracks.filter_map(|track| Some((off(track)?, track)));
        if let Some((_, track)) = near.min_by(|a, b| a.0.total_cmp(&b.0)) {
            track.judge(View::DEED, DEED_LLR);
        }
    }
}

/// Nodes take reports of being fired upon.
pub(super) fn hear_alarms(
    index: Res<'_, UnitIndex>,
    delivered: Res<'_, Delivered<FiredUpon>>,
    mut stores: Query<'_, '_, &mut TrackStore>,
) {
    for delivery in delivered.read() {
        if let Ok(mut store) = stores.get_mut(index.entity(delivery.to)) {
            store.accuse(&delivery.body);
        }
    }
}

/// Takes reports of being fired upon in the phase `Fuse`, after tracks, contacts and pictures.
#[derive(Debug)]
pub struct AlarmPlugin;

impl Plugin for AlarmPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(
            SimTick,
            hear_alarms.after(image::hear).in_set(FuseSystems::Receive),
        );
    }
}

#[cfg(test)]
mod tests {
    use glam::{DVec2, DVec3};

    use super::*;
    use crate::{
        kernel::{assignment::Assigner, ids::UnitIx, scoring::ScoringTag, time::SimTime},
        sensing::{Detection, Evidence, model::measurement::Covariance2},
    };

    #[test]
    fn the_track_where_the_fire_came_from_is_held_for_the_shooter() {
        let mut store = TrackStore::default();
        let places = [DVec2::new(0.0, 1500.0), DVec2::new(1500.0, 0.0)];
        for second in 0..4_u32 {
            let detections = places.map(|position| Detection {
                observer: UnitIx(0),
                at: SimTime::from_s(f64::from(second)),
                position,
                covariance: Covariance2::isotropic(5.0),
                evidence: Evidence::NONE,
                bearing: None,
                still: None,
                tag: ScoringTag::default(),
            });
            store.take(&detections, &mut Assigner::default());
        }
        let report = |bearing_rad| FiredUpon {
            unit: UnitIx(0),
            at: SimTime::from_s(4.0),
            position: DVec3::ZERO,
            bearing_rad,
        };
        let llr =
            |store: &TrackStore| [0, 1].map(|at: usize| store.tracks()[at].hostile_llr.to_bits());
        let bits = |first: f64| [first, 0.0].map(f64::to_bits);
        store.accuse(&report(None));
        assert_eq!(llr(&store), bits(0.0), "a crater says nothing of the gun");
        store.accuse(&report(Some(math::PI)));
        assert_eq!(llr(&store), bits(0.0), "nobody stands in the south");
        store.accuse(&report(Some(0.1)));
        assert_eq!(llr(&store), bits(DEED_LLR));
        store.accuse(&report(Some(0.05)));
        assert_eq!(llr(&store), bits(DEED_LLR), "the same deed counts once");
    }
}
