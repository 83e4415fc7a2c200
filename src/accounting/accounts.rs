//! What is counted while a run goes on. See [`Accounts`].

use std::collections::{BTreeMap, BTreeSet};

use bevy::prelude::{Query, Res, ResMut, Resource};

use super::{chain::Chain, defences::DefenceTally, measure::MeasureSpecs, stats::WeightedMean};
use crate::{
    kernel::{
        ids::{UnitIndex, UnitIx},
        time::SimTime,
    },
    org::{Echelon, OrderOfBattle, Role, SideIx},
    planning::missions::Missions,
    platform::mover::EnergyLeft,
};

/// An authorisation and what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leave {
    /// When it ends.
    pub(super) until: SimTime,
    /// Shots fired under it.
    pub(super) shots: u32,
    /// The unit that it is really about; none for a false alarm.
    pub(super) target: Option<UnitIx>,
}

/// What became of a side's engagements.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct FireTally {
    /// Proposals.
    pub(super) proposed: u64,
    /// Those of them about units that are not hostile.
    pub(super) wrong_proposed: u64,
    /// Authorisations to fire on units that are not hostile.
    pub(super) wrong_authorised: u64,
    /// Refusals.
    pub(super) refused: u64,
    /// Proposals that lapsed.
    pub(super) lapsed: u64,
    /// Authorisations by number.
    pub(super) leave: BTreeMap<u64, Leave>,
    /// Shots that did harm.
    pub(super) hits: u64,
    /// Hostile units destroyed.
    pub(super) kills: u64,
    /// Conclusions that a target is destroyed which lived.
    pub(super) abandoned_alive: u64,
    /// Shots fired at targets that were destroyed already.
    pub(super) overkill: u64,
    /// Units shot at that are not hostile.
    pub(super) wrong: BTreeSet<UnitIx>,
    /// Rounds fired.
    pub(super) rounds: u64,
    /// Their price, US dollars.
    pub(super) rounds_usd: f64,
}

/// What command posts of one echelon know.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct TrackMeans {
    /// Share of live hostile units with a track.
    pub(super) completeness: WeightedMean,
    /// Age of those tracks, s.
    pub(super) age_s: WeightedMean,
    /// Normalised estimation error squared of the tracks on live hostile units.
    pub(super) nees: WeightedMean,
    /// Share of them with more of it than 95 % of honest ones have.
    pub(super) overconfident: WeightedMean,
}

/// What nodes know of their own side.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct BlueMeans {
    /// Displayed against true position, m.
    pub(super) error_m: WeightedMean,
    /// Age of the displayed position, s.
    pub(super) age_s: WeightedMean,
    /// Share of the side's units that a command post places rightly.
    pub(super) located: WeightedMean,
}

/// The account of one side.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct SideAccount {
    /// Kill chains by rank of the target; none for what is not hostile.
    pub(super) chains: Vec<Option<Chain>>,
    /// Engagements.
    pub(super) fires: FireTally,
    /// Defence against munitions in flight.
    pub(super) defence: DefenceTally,
    /// When own units were lost.
    pub(super) losses: Vec<SimTime>,
    /// Their price, US dollars.
    pub(super) losses_usd: f64,
    /// Time for which own units were pinned down, unit-seconds.
    pub(super) pinned_s: f64,
    /// Tracks by echelon.
    pub(super) tracks: BTreeMap<Echelon, TrackMeans>,
    /// Own side.
    pub(super) blue: BlueMeans,
}

/// The account of one unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct UnitAccount {
    /// Share of energy when accounting began.
    pub(super) start_share: f64,
    /// Energy, Wh, or fuel, kg, taken on since.
    pub(super) taken_on: f64,
    /// Whether it can move, fire, see and talk, as last seen.
    pub(super) works: [bool; 4],
    /// When it was lost.
    pub(super) lost_at: Option<SimTime>,
    /// The side whose shot destroyed it.
    pub(super) killer: Option<SideIx>,
    /// Whether it decides: it has a desk, or commands on a side that has none.
    pub(super) decides: bool,
    /// Echelon that it commands.
    pub(super) commands: Option<Echelon>,
}

/// Everything that is counted in a run. It reads the world and influences nothing, so it is no state:
/// a run that goes on from a saved state counts from there.
#[derive(Debug, Clone, Default, PartialEq, Resource)]
pub struct Accounts {
    /// By side.
    pub(super) sides: Vec<SideAccount>,
    /// By rank.
    pub(super) units: Vec<UnitAccount>,
    /// Vehicles that finished a plan for each mission.
    pub(super) missions: Vec<BTreeSet<UnitIx>>,
    /// Units that each of the scenario's measures has seen in its area.
    pub(super) reached: Vec<BTreeSet<UnitIx>>,
}

impl Accounts {
    /// The chain of a side on a unit; none if that is not hostile to it.
    pub(super) fn chain_mut(&mut self, side: SideIx, target: UnitIx) -> Option<&mut Chain> {
        self.sides[side.at()].chains[target.at()].as_mut()
    }
}

/// Opens the accounts in the first tick.
pub(super) fn open(
    (order, index): (Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    (missions, specs): (Res<'_, Missions>, Res<'_, MeasureSpecs>),
    mut accounts: ResMut<'_, Accounts>,
    energies: Query<'_, '_, &EnergyLeft>,
) {
    if !accounts.sides.is_empty() {
        return;
    }
    let side = |at: usize| {
        let is_target = |other: SideIx| order.sides[at].hostile_to.contains(&other);
        let chain = |(ix, _)| is_target(order.unit(ix).side).then(Chain::default);
        SideAccount {
            chains: index.iter().map(chain).collect(),
            ..SideAccount::default()
        }
    };
    accounts.sides = (0..order.sides.len()).map(side).collect();
    let mut has_desk = vec![false; order.sides.len()];
    for (desk, _) in &order.desks {
        has_desk[order.unit(*desk).side.at()] = true;
    }
    let unit = |ix: UnitIx| {
        let is_post = order.has_role(ix, Role::Command);
        let has_own_desk = order.desks.iter().any(|(desk, _)| *desk == ix);
        UnitAccount {
            start_share: energies
                .get(index.entity(ix))
                .map_or(0.0, |energy| energy.0.share),
            taken_on: 0.0,
            works: [true; 4],
            lost_at: None,
            killer: None,
            decides: has_own_desk || is_post && !has_desk[order.unit(ix).side.at()],
            commands: order.echelon_of_post(ix).filter(|_| is_post),
        }
    };
    accounts.units = index.iter().map(|(ix, _)| unit(ix)).collect();
    accounts.missions = vec![BTreeSet::new(); missions.list.len()];
    accounts.reached = vec![BTreeSet::new(); specs.0.len()];
}
