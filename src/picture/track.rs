//! One track on one node. See [`Track`].

use serde::{Deserialize, Serialize};

use super::model::kalman::{Kinematics, Wander};
use crate::{
    kernel::{ids::UnitIx, math, scoring::ScoringTag, time::SimTime},
    platform::class::{Domain, TargetClass},
    sensing::{Evidence, Still, View},
};

/// Name of a track wherever it is spoken of: who made it, and that node's number for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrackKey {
    /// Node that made it from its own sensors.
    pub origin: UnitIx,
    /// That node's number for it.
    pub number: u32,
}

/// How the velocity of a thing of a domain wanders (notional). In the long run the deviations on each
/// axis are 0.2 m/s of what stands, 6 m/s at sea, 5.5 m/s on land, 24 m/s in the air: vehicles stop and
/// turn within a minute, ships within the hour.
#[must_use]
pub fn wander(domain: Option<Domain>) -> Wander {
    let (density_m2_s3, memory_s) = match domain {
        Some(Domain::Fixed) => (0.001, 60.0),
        Some(Domain::Surface | Domain::Subsurface) => (0.02, 3600.0),
        Some(Domain::Land) => (1.0, 60.0),
        Some(Domain::Air) => (2.0, 600.0),
        None => (0.3, 300.0),
    };
    Wander {
        density_m2_s3,
        memory_s,
    }
}

/// Bounds of what evidence can sum up to, so that no belief becomes unshakeable.
pub(super) const LLR_LIMIT: f64 = 7.0;

/// What one node believes of one thing that is not its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    /// Number on this node.
    pub number: u32,
    /// Where it is and how it moves, as of `updated`.
    pub state: Kinematics,
    /// Time of the state.
    pub updated: SimTime,
    /// When it was begun.
    pub began: SimTime,
    /// Own looks that hit it.
    pub hits: u32,
    /// When an own sensor last hit it.
    pub own_hit: Option<SimTime>,
    /// Whether it is more than a guess.
    pub confirmed: bool,
    /// Log-odds that it is hostile, from even odds: what `views`, `sources` and `readings` come to.
    pub hostile_llr: f64,
    /// What the own sensors say of that, view by view.
    pub views: Vec<(View, f64)>,
    /// Log-odds that it is a wreck, from the prior that it is not.
    pub wreck_llr: f64,
    /// What kind of target it seems to be.
    pub target: Option<TargetClass>,
    /// Where it seems to move.
    pub domain: Option<Domain>,
    /// What analysts here concluded from pictures of it.
    pub readings: Vec<Reading>,
    /// Tracks of others that were fused into it.
    pub sources: Vec<Source>,
    /// When it was last heard to radiate, here or by who told of it.
    pub heard: Option<SimTime>,
    /// When this node last told others of it.
    pub reported: Option<SimTime>,
    /// The last picture that the own sensors took of it and that was not looked through for sending.
    pub still: Option<Still>,
    /// When a picture was last sent, and from which view.
    pub pictured: Option<(SimTime, View)>,
    /// Whether the post was told of it as a contact.
    pub is_told_of: bool,
    /// For scoring.
    pub tag: ScoringTag,
}

/// What an analyst concluded from a picture.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Whose camera took it.
    pub origin: UnitIx,
    /// From where.
    pub view: View,
    /// Log-likelihood ratio of hostile against not.
    pub hostile_llr: f64,
}

/// A track of another node that was fused into one's own.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Which.
    pub key: TrackKey,
    /// Time of its last report.
    pub at: SimTime,
    /// Log-odds that it is hostile, as last reported.
    pub hostile_llr: f64,
}

/// Log-odds of a wreck before anything was seen: one in a hundred.
pub const WRECK_PRIOR: f64 = -4.6;

impl Track {
    /// Confidence that it is hostile, 0 to 1.
    #[must_use]
    pub fn hostile_confidence(&self) -> f64 {
        1.0 / (1.0 + math::exp(-self.hostile_llr))
    }

    /// Whether it is believed to be a wreck.
    #[must_use]
    pub fn is_wreck(&self) -> bool {
        self.wreck_llr > 0.0
    }

    /// Adds evidence.
    pub fn learn(&mut self, evidence: &Evidence) {
        if evidence.hostile_llr != 0.0 {
            self.judge(evidence.view, evidence.hostile_llr);
        }
        self.wreck_llr = (self.wreck_llr + evidence.wreck_llr).clamp(-LLR_LIMIT, LLR_LIMIT);
        self.target = evidence.target.or(self.target);
        self.domain = evidence.domain.or(self.domain);
    }

    /// Takes a judgement of its allegiance; a later one from the same view replaces it.
    pub fn judge(&mut self, view: View, hostile_llr: f64) {
        match self.views.iter_mut().find(|(known, _)| *known == view) {
            Some((_, llr)) => *llr = hostile_llr,
            None => self.views.push((view, hostile_llr)),
        }
        self.weigh();
    }

    /// Log-odds that it is hostile by the own sensors alone, whose views are taken as independent.
    #[must_use]
    pub fn own_llr(&self) -> f64 {
        let sum: f64 = self.views.iter().map(|(_, llr)| llr).sum();
        sum.clamp(-LLR_LIMIT, LLR_LIMIT)
    }

    /// Takes what an analyst concludes from a picture; pictures from one view count once.
    pub fn take_reading(&mut self, reading: Reading) {
        let is_same = |it: &&mut Reading| (it.origin, it.view) == (reading.origin, reading.view);
        match self.readings.iter_mut().find(is_same) {
            Some(known) => *known = reading,
            None => self.readings.push(reading),
        }
        self.weigh();
    }

    /// Weighs what is said of its allegiance: the firmest voice for hostile against the firmest
    /// against it. Voices are not added up, since observers share what deceives them. An analyst at
    /// this node looks at the thing anew, so what he concludes is added (Bayes: odds multiply).
    pub fn weigh(&mut self) {
        let own = self.own_llr();
        let told = self.sources.iter().map(|source| source.hostile_llr);
        let (least, most) = told.fold((own.min(0.0), own.max(0.0)), |(least, most), llr| {
            (least.min(llr), most.max(llr))
        });
        let read: f64 = self.readings.iter().map(|it| it.hostile_llr).sum();
        self.hostile_llr = (least + most + read).clamp(-LLR_LIMIT, LLR_LIMIT);
    }

    /// The state at a time not before its own.
    #[must_use]
    pub fn at(&self, now: SimTime) -> Kinematics {
        self.state
            .predict(now.since_s(self.updated), wander(self.domain))
    }

    /// Standard deviation of the position at a time, m.
    #[must_use]
    pub fn sigma_m(&self, now: SimTime) -> f64 {
        self.at(now).position_sigma_m()
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec2;

    use super::*;
    use crate::sensing::{Detection, model::measurement::Covariance2};

    /// A track that one detection began.
    fn track() -> Track {
        let mut store = crate::picture::TrackStore::default();
        let detection = Detection {
            observer: UnitIx(0),
            at: SimTime::ZERO,
            position: DVec2::ZERO,
            covariance: Covariance2::isotropic(5.0),
            evidence: Evidence::NONE,
            bearing: None,
            still: None,
            tag: ScoringTag::default(),
        };
        store.take(
            &[detection],
            &mut crate::kernel::assignment::Assigner::default(),
        );
        store.tracks()[0].clone()
    }

    #[test]
    fn looks_from_one_view_count_once_and_views_add_up() {
        let mut track = track();
        for _ in 0..20 {
            track.judge(View::DEED, 1.5);
        }
        assert!((track.hostile_llr - 1.5).abs() < 1e-12);
        track.judge(View::default(), 2.0);
        assert!((track.hostile_llr - 3.5).abs() < 1e-12);
        track.judge(View::default(), -2.0);
        assert!((track.hostile_llr + 0.5).abs() < 1e-12);
    }

    #[test]
    fn observers_are_weighed_against_each_other_and_may_change_their_minds() {
        let mut track = track();
        track.judge(View::DEED, 1.0);
        let source = |number, hostile_llr| Source {
            key: TrackKey {
                origin: UnitIx(9),
                number,
            },
            at: SimTime::ZERO,
            hostile_llr,
        };
        track.sources = vec![source(1, 3.0), source(2, -1.5)];
        track.weigh();
        assert!((track.hostile_llr - 1.5).abs() < 1e-12);
        track.sources[0].hostile_llr = 0.5;
        track.weigh();
        assert!((track.hostile_llr + 0.5).abs() < 1e-12);
    }
}
