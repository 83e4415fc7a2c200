//! How proposals are written and put to a desk. See [`Pen`].

use super::{
    engage,
    fires::{FiresState, Open, SILENCE_S, Stage},
    proposal::{Grounds, Proposal, Proposed},
    view::{ShooterView, TrackView},
};
use crate::{
    engagement::TrackRef,
    kernel::{
        ids::{UnitId, UnitIx},
        messages::Buffer,
        time::SimTime,
    },
    org::Doctrine,
    picture::TrackStore,
    platform::vehicle::Fleet,
    wire::{Audience, Outbox, Posted, Precedence},
};

/// How a post puts a proposal to its desk.
pub(super) struct Pen<'a> {
    pub(super) post: (UnitId, UnitIx),
    pub(super) now: SimTime,
    pub(super) fleet: &'a Fleet,
    pub(super) doctrine: &'a Doctrine,
    /// What the post believes, unless it reads the truth.
    pub(super) store: Option<&'a TrackStore>,
    pub(super) fires_bytes: u32,
    pub(super) outbox: &'a mut Outbox<Proposal>,
    pub(super) proposed: &'a mut Buffer<Proposed>,
}

impl Pen<'_> {
    /// Writes what was chosen, one proposal for each unit at most.
    pub(super) fn write_all(
        &mut self,
        state: &mut FiresState,
        asked: &engage::Asked,
        lot_of: &[Option<usize>],
    ) {
        let mut taken = Vec::new();
        for (shooter, lot) in asked.shooters.iter().zip(lot_of) {
            let Some(track) = lot.map(|lot| &asked.tracks[lot]) else {
                continue;
            };
            if taken.contains(&shooter.unit) {
                continue;
            }
            taken.push(shooter.unit);
            self.write(state, track, shooter);
        }
    }

    /// Writes a proposal.
    pub(super) fn write(
        &mut self,
        state: &mut FiresState,
        track: &TrackView,
        shooter: &ShooterView,
    ) {
        let left = state.rounds_left(track.number, self.doctrine);
        let (id, post) = self.post;
        let proposal = propose(
            (post, id.0),
            track,
            shooter,
            (self.fleet, left),
            state,
            self.now,
        );
        let believed = self.store.and_then(|store| store.get(track.number));
        self.proposed.write(Proposed {
            proposal,
            grounds: believed.map(Grounds::of),
        });
        let outside = posted(self.post, self.fires_bytes, self.now);
        self.outbox.post(outside, proposal);
    }
}

/// Writes a proposal and remembers it.
fn propose(
    (post, post_id): (UnitIx, u64),
    track: &TrackView,
    shooter: &ShooterView,
    (fleet, rounds_left): (&Fleet, u32),
    state: &mut FiresState,
    now: SimTime,
) -> Proposal {
    let effector = fleet.effector(shooter.effector);
    let per_shot = effector.rounds_per_shot.max(1);
    let most = (rounds_left / per_shot)
        .min(shooter.rounds / per_shot)
        .max(1);
    state.proposed += 1;
    let proposal = Proposal {
        id: post_id.wrapping_add(state.proposed),
        post,
        track: TrackRef {
            node: post,
            number: track.number,
        },
        confidence: track.confidence,
        position: track.position,
        velocity: track.velocity,
        sigma_m: track.sigma_m,
        as_of: now,
        target: track.target,
        domain: track.domain,
        shooter: shooter.unit,
        effector: shooter.effector,
        shots: effector.shots_per_engagement.clamp(1, most),
        proposed: now,
        tag: track.tag,
    };
    state.open.push(Open {
        proposal: proposal.id,
        track: track.number,
        shooter: shooter.unit,
        stage: Stage::Proposed,
        since: now,
        asked: None,
        tag: track.tag,
    });
    proposal
}

/// The outside of a proposal to the desk of its own post.
fn posted(author: (UnitId, UnitIx), size_bytes: u32, now: SimTime) -> Posted {
    Posted {
        author,
        audience: Audience::Unit(author.1),
        precedence: Precedence::Flash,
        size_bytes,
        created: now,
        valid_s: SILENCE_S,
        is_latest: false,
    }
}
