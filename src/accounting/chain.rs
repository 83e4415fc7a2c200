//! How far one side has got with one hostile unit, while the run goes on. See [`Chain`].

use super::kill_chain::{STAGES, Stage};
use crate::{
    kernel::time::SimTime,
    org::{Doctrine, Posture},
    picture::Track,
};

/// Where the last proposal to engage a target stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum DeskCase {
    /// There was none.
    #[default]
    None,
    /// It waits for a ruling.
    Waiting,
    /// It was refused then.
    Refused(SimTime),
    /// It lapsed then.
    Lapsed(SimTime),
    /// It was authorised until then.
    Authorised(SimTime),
}

/// What the posts that decide have ever believed of a target, measured against their doctrine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Belief {
    /// A post whose weapons control status forbids proposals had a track on it.
    pub(super) forbidden: bool,
    /// A post whose weapons control status allows proposals had a track on it.
    pub(super) allowed: bool,
    /// Such a post was sure enough that it is hostile.
    pub(super) identified: bool,
    /// Such a post knew well enough where it is.
    pub(super) precise: bool,
    /// Both at the same time.
    pub(super) ready: bool,
}

impl Belief {
    /// Takes in what a post with this doctrine believes now.
    pub(super) fn add(&mut self, doctrine: &Doctrine, track: &Track, now: SimTime) {
        let identified = match doctrine.posture {
            Posture::WeaponsHold => {
                self.forbidden = true;
                return;
            }
            Posture::WeaponsTight => track.hostile_confidence() >= doctrine.engage_confidence,
            Posture::WeaponsFree => track.hostile_llr > -1.0,
        };
        let precise = track.sigma_m(now) <= doctrine.engage_sigma_max_m;
        self.allowed = true;
        self.identified |= identified;
        self.precise |= precise;
        self.ready |= identified && precise && !track.is_wreck();
    }
}

/// How far one side has got with one hostile unit.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Chain {
    /// First time of each stage.
    pub(super) times: [Option<SimTime>; STAGES],
    /// Last look that could have found it.
    pub(super) chance_last: Option<SimTime>,
    /// Last detection.
    pub(super) detected_last: Option<SimTime>,
    /// Last sample at which any node of the side had a confirmed track on it.
    pub(super) held_last: Option<SimTime>,
    /// First harm that a shot of the side did to it.
    pub(super) effect: Option<SimTime>,
    /// The last proposal.
    pub(super) case: DeskCase,
    /// What deciding posts believed of it before they first proposed to engage it.
    pub(super) belief: Belief,
}

impl Chain {
    /// Time of a stage.
    pub(super) fn time(&self, stage: Stage) -> Option<SimTime> {
        self.times[stage.index()]
    }

    /// Notes that a stage is reached; whether that is new.
    pub(super) fn reach(&mut self, stage: Stage, at: SimTime) -> bool {
        let time = &mut self.times[stage.index()];
        let is_new = time.is_none();
        if is_new {
            *time = Some(at);
        }
        is_new
    }

    /// The first stage behind the last one reached; none if all is done.
    pub(super) fn next_stage(&self) -> Option<Stage> {
        let reached = self
            .times
            .iter()
            .rposition(Option::is_some)
            .map_or(0, |last| last + 1);
        Stage::ALL.get(reached).copied()
    }
}
