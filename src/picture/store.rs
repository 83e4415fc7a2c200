//! All tracks of one node. See [`TrackStore`].

use bevy::prelude::Component;
use glam::DVec2;
use serde::{Deserialize, Serialize};

use super::{
    model::{
        fusion::{Fusion, track_distance2},
        kalman::{Kinematics, gate_distance2},
    },
    report::TrackReport,
    track::{Source, Track, TrackKey, WRECK_PRIOR, wander},
};
use crate::{
    kernel::{
        assignment::{Assigner, Costs},
        ids::UnitIx,
        time::SimTime,
    },
    sensing::{Detection, model::measurement::Covariance2},
};

/// Probability with which a true measurement falls into the gate.
const GATE_PROBABILITY: f64 = 0.999;
/// Gate of track against track, χ² with 4 degrees of freedom at 0.999.
const TRACK_GATE: f64 = 18.47;
/// Deviation of the speed of something just found, m/s on each axis.
const SPEED_SIGMA_M_S: f64 = 15.0;
/// The same of a weapon that was placed by its shells, m/s: it fires from a halt (notional, 0.2 to 2).
const FIRING_SPEED_SIGMA_M_S: f64 = 0.5;
/// Hits that confirm a track.
const CONFIRM_HITS: u32 = 3;
/// Time within which a tentative track must be hit again, s.
pub(super) const TENTATIVE_S: f64 = 30.0;
/// Deviation of position at which a track is given up, m.
const LOST_SIGMA_M: f64 = 1500.0;
/// Age at which a track is given up whatever its deviation, s.
const LOST_AGE_S: f64 = 900.0;

/// Time since it was last heard up to which something is held of which only the bearing is known, s
/// (notional, 30 to 120).
const ON_AIR_S: f64 = 60.0;

/// The tracks of one node, by number.
#[derive(Debug, Clone, Default, PartialEq, Component, Serialize, Deserialize)]
pub struct TrackStore {
    tracks: Vec<Track>,
    issued: u32,
    /// Counts changes that a planner would want to know of: new, confirmed, lost or re-identified
    /// tracks.
    news: u64,
}

/// A state of which nothing is known but a position, as a detection of this kind finds it: moving
/// somehow, or, if it has just fired shells, standing still.
fn begun(position_m: DVec2, covariance: Covariance2, detection: &Detection) -> Kinematics {
    let speed_sigma_m_s = if detection.evidence.view.is_of_fire() {
        FIRING_SPEED_SIGMA_M_S
    } else {
        SPEED_SIGMA_M_S
    };
    Kinematics::from_position(position_m, covariance, speed_sigma_m_s)
}

impl TrackStore {
    /// All tracks in order of their numbers.
    #[must_use]
    pub fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    /// All tracks, to change what is believed of them.
    pub(super) fn tracks_mut(&mut self) -> &mut [Track] {
        &mut self.tracks
    }

    /// A track by its number here.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<&Track> {
        self.tracks
            .binary_search_by_key(&number, |track| track.number)
            .ok()
            .map(|at| &self.tracks[at])
    }

    /// Changes so far that a planner would want to know of.
    #[must_use]
    pub fn news(&self) -> u64 {
        self.news
    }

    /// Notes a change that a planner would want to know of.
    pub(super) fn note_news(&mut self) {
        self.news += 1;
    }

    /// Begins a track.
    fn begin(&mut self, state: Kinematics, at: SimTime) -> &mut Track {
        self.issued += 1;
        self.tracks.push(Track {
            number: self.issued,
            state,
            updated: at,
            began: at,
            hits: 0,
            own_hit: None,
            confirmed: false,
            hostile_llr: 0.0,
            views: Vec::new(),
            wreck_llr: WRECK_PRIOR,
            target: None,
            domain: None,
            readings: Vec::new(),
            sources: Vec::new(),
            heard: None,
            reported: None,
            still: None,
            pictured: None,
            is_told_of: false,
            tag: crate::kernel::scoring::ScoringTag::default(),
        });
        self.tracks.last_mut().expect("just pushed")
    }

    /// Takes the detections of one look of the own sensors: global nearest neighbour within the gate
    /// (Blackman & Popoli 1999, §6.4), each detection to at most one track.
    pub fn take(&mut self, detections: &[Detection], assigner: &mut Assigner) {
        if detections.is_empty() {
            return;
        }
        let gate = gate_distance2(GATE_PROBABILITY);
        let at = detections[0].at;
        let predicted: Vec<Kinematics> = self
            .tracks
            .iter()
            .map(|track| track.at(at.max(track.updated)))
            .collect();
        let mut costs = Vec::with_capacity(detections.len() * predicted.len());
        for detection in detections {
            costs.extend(
                predicted
                    .iter()
                    .map(|track| association_cost(track, detection, gate)),
            );
        }
        let none = vec![None; detections.len()];
        let chosen: Vec<Option<usize>> = if costs.iter().any(|cost| cost.is_finite()) {
            Costs::new(detections.len(), predicted.len(), &costs)
                .and_then(|costs| assigner.solve(&costs, Some(UNASSIGNED_COST)))
                .map_or(none, |assignment| assignment.row_to_col.clone())
        } else {
            none
        };
        for (detection, track) in detections.iter().zip(chosen) {
            match track {
                Some(at) => self.update(at, detection),
                None => self.found(detection),
            }
        }
    }

    /// Updates a track with a detection.
    fn update(&mut self, at: usize, detection: &Detection) {
        let track = &mut self.tracks[at];
        let predicted = track.at(detection.at.max(track.updated));
        track.state = match detection.bearing {
            // A guessed range says nothing anew: only the bearing counts.
            Some(it) => {
                track.heard = Some(detection.at);
                predicted.update_across(it.from, it.bearing_rad, it.sigma_rad)
            }
            None => {
                let seen = predicted.innovation(detection.position, detection.covariance);
                let state = predicted.update(&seen);
                if detection.evidence.view.is_of_fire() {
                    begun(state.position_m, state.position_covariance, detection)
                } else {
                    state
                }
            }
        };
        track.updated = detection.at.max(track.updated);
        let was_hostile = track.hostile_llr > 0.0;
        let was = (track.confirmed, was_hostile, track.is_wreck());
        track.learn(&detection.evidence);
        track.hits += 1;
        track.own_hit = Some(detection.at);
        track.still = detection.still.or(track.still);
        track.confirmed |= track.hits >= CONFIRM_HITS;
        track.tag = detection.tag;
        if was != (track.confirmed, track.hostile_llr > 0.0, track.is_wreck()) {
            self.news += 1;
        }
    }

    /// Begins a track with a detection.
    fn found(&mut self, detection: &Detection) {
        let state = begun(detection.position, detection.covariance, detection);
        let track = self.begin(state, detection.at);
        track.hits = 1;
        track.heard = detection.bearing.map(|_| detection.at);
        track.own_hit = Some(detection.at);
        track.still = detection.still;
        track.tag = detection.tag;
        track.learn(&detection.evidence);
    }

    /// Takes what another node reports.
    pub fn hear(&mut self, report: &TrackReport, now: SimTime, fusion: Fusion) {
        let at = self
            .known(report, now)
            .or_else(|| self.matching(report, now));
        let source = Source {
            key: report.key,
            at: report.at,
            hostile_llr: report.hostile_llr,
        };
        let Some(at) = at else {
            let track = self.begin(report.state, report.at);
            track.confirmed = true;
            track.sources.push(source);
            track.adopt(report);
            self.news += 1;
            return;
        };
        let track = &mut self.tracks[at];
        let was = (track.hostile_llr > 0.0, track.is_wreck());
        match track.sources.iter_mut().find(|it| it.key == report.key) {
            // What is not newer than what is known already says nothing.
            Some(known) if known.at >= report.at => return,
            Some(known) => *known = source,
            None => track.sources.push(source),
        }
        track.fuse(report, fusion);
        let is_new = !core::mem::replace(&mut track.confirmed, true);
        if is_new || was != (track.hostile_llr > 0.0, track.is_wreck()) {
            self.news += 1;
        }
    }

    /// The track into which reports of this source were fused before. Where the source has meanwhile
    /// gone after something else, its reports do not belong there any more, and what it said of the
    /// track neither.
    fn known(&mut self, report: &TrackReport, now: SimTime) -> Option<usize> {
        let is_source = |source: &Source| source.key == report.key;
        let mut tracks = self.tracks.iter();
        let at = tracks.position(|track| track.sources.iter().any(is_source))?;
        let then = now.max(report.at);
        let track = &mut self.tracks[at];
        let reported = report
            .state
            .predict(then.since_s(report.at), wander(report.domain));
        let held = track.at(then.max(track.updated));
        if track_distance2(&held, &reported).is_none_or(|d2| d2 <= TRACK_GATE) {
            return Some(at);
        }
        track.sources.retain(|source| !is_source(source));
        track.weigh();
        None
    }

    /// The track that a report from an unknown source most probably speaks of.
    fn matching(&self, report: &TrackReport, now: SimTime) -> Option<usize> {
        let then = now.max(report.at);
        let reported = report
            .state
            .predict(then.since_s(report.at), wander(report.domain));
        let distance = |track: &Track| {
            let far = track.state.position_m.distance(reported.position_m) > 20_000.0;
            let from_same = track
                .sources
                .iter()
                .any(|source| source.key.origin == report.key.origin);
            if far || from_same || track.updated > then {
                return None;
            }
            track_distance2(&track.at(then), &reported).filter(|d2| *d2 <= TRACK_GATE)
        };
        let near = self.tracks.iter().enumerate();
        near.filter_map(|(at, track)| Some((distance(track)?, at)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, at)| at)
    }

    /// Takes what another node tells of a contact: a tentative track, or the confirmation of one that
    /// somebody else has seen too.
    pub fn hear_contact(&mut self, report: &TrackReport, now: SimTime, fusion: Fusion) {
        if self.known(report, now).is_some() {
            return;
        }
        let source = Source {
            key: report.key,
            at: report.at,
            hostile_llr: report.hostile_llr,
        };
        let Some(at) = self.matching(report, now) else {
            let track = self.begin(report.state, report.at);
            track.sources.push(source);
            track.adopt(report);
            return;
        };
        let track = &mut self.tracks[at];
        if !core::mem::replace(&mut track.confirmed, true) {
            track.sources.push(source);
            track.fuse(report, fusion);
            self.news += 1;
        }
    }

    /// Whether something has been seen often enough to tell the post of it.
    #[must_use]
    pub fn has_contacts(&self) -> bool {
        self.tracks.iter().any(Track::is_contact)
    }

    /// Reports of what has been seen often enough to tell the post of it; notes that it is told.
    pub fn contacts(&mut self, own: UnitIx) -> Vec<TrackReport> {
        let contacts = self.tracks.iter_mut().filter(|track| track.is_contact());
        let tell = |track: &mut Track| {
            track.is_told_of = true;
            let number = track.number;
            TrackReport::of(
                track,
                TrackKey {
                    origin: own,
                    number,
                },
            )
        };
        contacts.map(tell).collect()
    }

    /// Gives up tracks that are too old or too vague.
    pub fn age(&mut self, now: SimTime) {
        let before = self.tracks.len();
        self.tracks.retain(|track| {
            let age_s = now.since_s(track.updated);
            if track.confirmed {
                let is_placed = track.sigma_m(now) < LOST_SIGMA_M;
                let is_on_air = track.heard.is_some_and(|at| now.since_s(at) < ON_AIR_S);
                age_s < LOST_AGE_S && (is_placed || is_on_air)
            } else {
                age_s < TENTATIVE_S
            }
        });
        self.news += (before - self.tracks.len()) as u64;
    }

    /// Reports of the own confirmed tracks that were hit since they were last told of and whose
    /// interval is over; notes that they are told now.
    pub fn reports(&mut self, own: UnitIx, interval_s: f64, now: SimTime) -> Vec<TrackReport> {
        let is_due = |track: &Track| {
            track.confirmed
                && track
                    .own_hit
                    .is_some_and(|hit| track.reported.is_none_or(|told| hit > told))
                && track
                    .reported
                    .is_none_or(|told| now.since_s(told) >= interval_s)
        };
        let tell = |track: &mut Track| {
            track.reported = Some(now);
            TrackReport::of(
                track,
                TrackKey {
                    origin: own,
                    number: track.number,
                },
            )
        };
        self.tracks
            .iter_mut()
            .filter(|track| is_due(track))
            .map(tell)
            .collect()
    }
}

/// Hits from which on a tentative track is worth telling the post of.
const CONTACT_HITS: u32 = 2;

/// Cost of leaving a detection without a track: above any cost within the gate of a usable track.
const UNASSIGNED_COST: f64 = 60.0;

/// Cost of giving a detection to a track predicted to its time; infinite outside the gate.
fn association_cost(predicted: &Kinematics, detection: &Detection, gate: f64) -> f64 {
    // The distance squared over the trace of the covariance never exceeds the Mahalanobis distance:
    // the cheap test comes first.
    let gap2 = predicted.position_m.distance_squared(detection.position);
    if gap2 > gate * (predicted.position_covariance.trace() + detection.covariance.trace()) {
        return f64::INFINITY;
    }
    let innovation = predicted.innovation(detection.position, detection.covariance);
    if innovation.distance2 > gate {
        return f64::INFINITY;
    }
    innovation.cost()
}

impl Track {
    /// Whether it is a contact that nobody was told of yet.
    fn is_contact(&self) -> bool {
        !self.confirmed && !self.is_told_of && self.hits >= CONTACT_HITS
    }

    /// Takes a report's description over.
    fn adopt(&mut self, report: &TrackReport) {
        self.weigh();
        self.wreck_llr = report.wreck_llr;
        self.target = report.target;
        self.domain = report.domain;
        self.heard = report.heard;
        self.tag = report.tag;
    }

    /// Fuses a report, by default by covariance intersection, which stays honest however much both have in
    /// common (Julier & Uhlmann 1997); for the same reason what is said of its allegiance is weighed, not
    /// added up.
    fn fuse(&mut self, report: &TrackReport, fusion: Fusion) {
        let then = self.updated.max(report.at);
        let wander = wander(self.domain.or(report.domain));
        let own = self.state.predict(then.since_s(self.updated), wander);
        let theirs = report.state.predict(then.since_s(report.at), wander);
        if let Some(fused) = fusion.fuse(&own, &theirs) {
            self.state = fused;
            self.updated = then;
        }
        self.weigh();
        // A wreck does not come back to life, so the newer look says more than the firmer one.
        if report.at >= self.own_hit.unwrap_or(SimTime::ZERO) {
            self.wreck_llr = report.wreck_llr;
        }
        self.target = report.target.or(self.target);
        self.domain = report.domain.or(self.domain);
        self.heard = self.heard.max(report.heard);
        self.tag = report.tag;
    }
}
