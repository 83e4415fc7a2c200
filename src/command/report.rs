//! Posts tell the posts above them how their missions go. See [`ReportPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use serde::{Deserialize, Serialize};

use super::staff::StaffState;
use crate::{
    kernel::{
        ids::UnitIndex,
        messages::Buffer,
        schedule::{FuseSystems, SimTick},
    },
    org::OrderOfBattle,
    planning::progress::{MissionNews, Step},
    wire::{
        Audience, Delivered, Detail, MessageClass, MessageSizes, Outbox, Payload, PayloadAppExt,
        Posted, Precedence,
    },
};

/// How a mission goes, as a post tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum State {
    /// It has begun.
    Begun,
    /// Its objective is secured.
    Secured,
    /// It is over.
    Over,
}

/// What a post tells the posts above it of a mission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MissionReport {
    mission: usize,
    state: State,
}

impl Payload for MissionReport {
    const CLASS: MessageClass = MessageClass::Status;
    const KIND: u8 = 18;

    /// By voice nothing is lost.
    fn coarsened(&self, _: Detail) -> Self {
        *self
    }
}

/// Time for which a report is worth sending on, s.
const VALID_S: f64 = 900.0;

impl StaffState {
    /// Takes note of how a mission goes.
    fn learn(&mut self, report: MissionReport) {
        let MissionReport { mission, state } = report;
        match state {
            State::Begun => {
                self.heard.over.remove(&mission);
                self.heard.secured.remove(&mission);
                self.heard.begun.insert(mission)
            }
            State::Secured => self.heard.secured.insert(mission),
            State::Over => self.heard.over.insert(mission),
        };
    }
}

/// Posts note how their own missions go, and tell the posts above.
fn tell(
    (index, order, sizes): (
        Res<'_, UnitIndex>,
        Res<'_, OrderOfBattle>,
        Res<'_, MessageSizes>,
    ),
    news: Res<'_, Buffer<MissionNews>>,
    mut outbox: ResMut<'_, Outbox<MissionReport>>,
    mut posts: Query<'_, '_, &mut StaffState>,
) {
    for item in news.read() {
        let state = match item.step {
            Step::Begun => State::Begun,
            Step::Secured => State::Secured,
            Step::Ended(_) => State::Over,
            Step::Started | Step::Stage(_) => continue,
        };
        let report = MissionReport {
            mission: item.mission,
            state,
        };
        if let Ok(mut own) = posts.get_mut(index.entity(item.post)) {
            own.learn(report);
        }
        let mut above = order.superior_of(item.post);
        while let Some(to) = above {
            let posted = Posted {
                author: (index.id(item.post), item.post),
                audience: Audience::Unit(to),
                precedence: Precedence::Immediate,
                size_bytes: sizes.status_bytes,
                created: item.at,
                valid_s: VALID_S,
                is_latest: false,
            };
            outbox.post(posted, report);
            above = order.superior_of(to);
        }
    }
}

/// Posts take in how missions below them go.
fn hear(
    index: Res<'_, UnitIndex>,
    delivered: Res<'_, Delivered<MissionReport>>,
    mut posts: Query<'_, '_, &mut StaffState>,
) {
    for delivery in delivered.read() {
        if let Ok(mut post) = posts.get_mut(index.entity(delivery.to)) {
            post.learn(delivery.body);
        }
    }
}

/// Reports of missions in the phase `Fuse`.
#[derive(Debug)]
pub(super) struct ReportPlugin;

impl Plugin for ReportPlugin {
    fn build(&self, app: &mut App) {
        app.add_payload::<MissionReport>().add_systems(
            SimTick,
            (
                hear.in_set(FuseSystems::Receive)
                    .after(super::staff::receive),
                tell.in_set(FuseSystems::Report),
            ),
        );
    }
}
