//! What lots are worth to a unit by its own knowledge. See [`bids`].

use super::{
    auctioneer::add_better,
    talk::{Bid, Lot},
};
use crate::{
    kernel::time::SimTime,
    picture::BlueEntry,
    planning::{engage, missions::Means, round::worth_of, view::ShooterView},
};

/// What a unit knows when it works out its worths: itself, and its own effectors with rounds.
#[derive(Debug)]
pub(super) struct Own {
    pub(super) entry: BlueEntry,
    pub(super) shooters: Vec<ShooterView>,
}

/// What each lot is worth to a unit that has an own position, state and weapons; lots that it cannot do
/// or engage are none.
pub(super) fn bids(
    own: &Own,
    lots: &[Lot],
    now: SimTime,
    missions: &Means<'_>,
    fires: &mut engage::Means<'_>,
) -> Vec<Bid> {
    let mut bids = Vec::new();
    for (lot, what) in lots.iter().enumerate() {
        match what {
            Lot::Part(part) => {
                let mission = missions.missions.list.get(part.mission);
                let stage = mission.and_then(|it| Some((it, it.stages.get(part.stage)?)));
                let is_able = |(mission, stage)| {
                    own.entry.can_move()
                        && missions
                            .candidates(mission, stage)
                            .contains(&own.entry.unit)
                };
                if !stage.is_some_and(is_able) {
                    continue;
                }
                let worth = worth_of(part, &own.entry, now, missions);
                bids.extend(worth.map(|worth| Bid {
                    lot,
                    worth,
                    effector: None,
                }));
            }
            Lot::Track(track) => {
                for shooter in &own.shooters {
                    if let Some(worth) = fires.gain(shooter, track) {
                        let effector = Some(shooter.effector);
                        add_better(
                            &mut bids,
                            Bid {
                                lot,
                                worth,
                                effector,
                            },
                        );
                    }
                }
            }
        }
    }
    bids.retain(|bid| bid.worth > 0.0);
    bids
}
