//! All results of one side, worked out from the accounts. See [`SideResult`].

use std::collections::BTreeSet;

use bevy::prelude::World;

use super::{
    accounts::{Accounts, Leave, SideAccount, TrackMeans},
    kill_chain::{KillChain, Stage},
    network,
    outcome::{Ending, timeline},
    summary::{
        BlueForce, Cost, Defence, EnergyUse, Engagements, Expenditure, Losses, SideNetwork,
        SideTimelines, Suppressed, TrackQuality,
    },
};
use crate::{
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx},
        time::SimTime,
    },
    org::{Echelon, OrderOfBattle, SideIx},
    planning::missions::Missions,
    platform::{energy::Supply, mover::EnergyLeft, truth::Board, vehicle::Fleet},
};

/// Seconds in an hour.
const S_PER_H: f64 = 3600.0;

/// Watt-hours in a kilowatt-hour.
const WH_PER_KWH: f64 = 1000.0;

/// All results of one side.
#[derive(Debug)]
pub(super) struct SideResult {
    /// Its targets.
    pub(super) timelines: SideTimelines,
    /// Its kill chain; none without hostile units.
    pub(super) kill_chain: Option<KillChain>,
    /// Hostile units on which it fired.
    pub(super) engaged: u64,
    /// Its engagements.
    pub(super) engagements: Engagements,
    /// Its defence against munitions in flight.
    pub(super) defence: Defence,
    /// Its losses.
    pub(super) losses: Losses,
    /// Time for which its units were pinned down.
    pub(super) suppression: Suppressed,
    /// Its rounds.
    pub(super) expenditure: Expenditure,
    /// Its energy.
    pub(super) energy: EnergyUse,
    /// Share of energy that its live units that can move have left, mean over them; none without such units.
    pub(super) endurance_left: Option<f64>,
    /// What all that cost.
    pub(super) cost: Cost,
    /// What its command posts knew, by echelon.
    pub(super) track_quality: Vec<TrackQuality>,
    /// What its nodes knew of it.
    pub(super) blue_force: BlueForce,
    /// Messages delivered over sent.
    pub(super) delivery_ratio: Option<f64>,
    /// The shape of its network.
    pub(super) network: SideNetwork,
    /// Missions fulfilled.
    pub(super) missions_done: u64,
}

/// What summing up reads.
pub(super) struct Books<'a> {
    pub(super) world: &'a World,
    pub(super) accounts: &'a Accounts,
    pub(super) order: &'a OrderOfBattle,
    pub(super) index: &'a UnitIndex,
    pub(super) fleet: &'a Fleet,
    pub(super) end: SimTime,
}

impl Books<'_> {
    /// The way of every hostile unit of a side.
    fn timelines(&self, side: SideIx, account: &SideAccount) -> SideTimelines {
        let (board, landscape) = (
            self.world.resource::<Board>(),
            self.world.get_resource::<Landscape>(),
        );
        let has_desk = self
            .order
            .desks
            .iter()
            .any(|(desk, _)| self.order.unit(*desk).side == side);
        let mut targets = Vec::new();
        for (at, chain) in account.chains.iter().enumerate() {
            let (ix, Some(chain)) = (UnitIx::from_at(at), chain) else {
                continue;
            };
            let place = board.piece(ix).position;
            let ending = Ending {
                end: self.end,
                lost_at: self.accounts.units[at].lost_at,
                is_inside: landscape.is_none_or(|land| land.terrain.is_inside(place.x, place.y)),
                has_desk,
            };
            targets.push(timeline(self.index.name(ix), chain, &ending));
        }
        SideTimelines {
            side: self.name(side),
            targets,
        }
    }

    /// Id of a side.
    fn name(&self, side: SideIx) -> String {
        self.order.sides[side.at()].id.clone()
    }

    /// Units of a side.
    fn units(&self, side: SideIx) -> impl Iterator<Item = UnitIx> + '_ {
        self.index
            .iter()
            .map(|(ix, _)| ix)
            .filter(move |ix| self.order.unit(*ix).side == side)
    }

    /// What a side consumed: what was there at the start and was taken on since, less what is left.
    fn energy(&self, side: SideIx) -> EnergyUse {
        let mut used = EnergyUse {
            side: self.name(side),
            kwh: 0.0,
            fuel_kg: 0.0,
        };
        for ix in self.units(side) {
            let unit = self.accounts.units[ix.at()];
            let model = &self.fleet.vehicle(ix).energy;
            let left = self.world.get::<EnergyLeft>(self.index.entity(ix));
            let share = left.map_or(unit.start_share, |left| left.0.share);
            // A full store is topped up to the last bit, so the difference may round below zero.
            let amount = (model.capacity() * (unit.start_share - share) + unit.taken_on).max(0.0);
            match model.supply {
                Supply::Battery { .. } => used.kwh += amount / WH_PER_KWH,
                Supply::Fuel { .. } => used.fuel_kg += amount,
                Supply::Unlimited => {}
            }
        }
        used
    }

    /// Share of energy that the live units of a side have left that can move and run out, mean over them.
    fn endurance_left(&self, side: SideIx) -> Option<f64> {
        let left = |ix: UnitIx| {
            let vehicle = self.fleet.vehicle(ix);
            let can_run_out = !matches!(vehicle.energy.supply, Supply::Unlimited);
            let lives = self.accounts.units[ix.at()].lost_at.is_none();
            let counts = lives && can_run_out && vehicle.kinematics.can_travel();
            let left = self.world.get::<EnergyLeft>(self.index.entity(ix));
            left.filter(|_| counts).map(|left| left.0.share)
        };
        let shares: Vec<f64> = self.units(side).filter_map(left).collect();
        (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
    }

    /// Operating cost of a side, US dollars: every unit for as long as it lived, since crew and
    /// equipment are at work while it stands.
    fn operating_usd(&self, side: SideIx) -> f64 {
        let usd = |ix: UnitIx| {
            let lived = self.accounts.units[ix.at()].lost_at.unwrap_or(self.end);
            let per_h = self
                .fleet
                .vehicle(ix)
                .class
                .cost
                .operating_usd_per_h
                .value();
            lived.as_s() / S_PER_H * per_h
        };
        self.units(side).map(usd).sum()
    }

    /// Missions of a side for which enough vehicles finished a plan.
    fn missions_done(&self, side: SideIx) -> u64 {
        let missions = &self.world.resource::<Missions>().list;
        let is_done = |at: &usize| {
            let mission = &missions[*at];
            let wanted = match mission.units.len() {
                0 => mission.vehicles as usize,
                named => named,
            };
            let finished = self.accounts.missions.get(*at).map_or(0, BTreeSet::len);
            self.order.forces[mission.force.at()].side == side && finished >= wanted.max(1)
        };
        (0..missions.len()).filter(is_done).count() as u64
    }

    /// Everything of one side.
    pub(super) fn side(&self, side: SideIx, horizon_s: f64) -> SideResult {
        let account = &self.accounts.sides[side.at()];
        let fires = &account.fires;
        let timelines = self.timelines(side, account);
        let targets = &timelines.targets;
        let engagements = self.engagements(side, account);
        let losses = Losses {
            side: self.name(side),
            units: account.losses.len() as u64,
            usd: account.losses_usd,
        };
        let usd = account.losses_usd + fires.rounds_usd + self.operating_usd(side);
        let quality = |(echelon, means): (&Echelon, &TrackMeans)| TrackQuality {
            side: self.name(side),
            echelon: echelon.key().to_owned(),
            completeness: means.completeness.value(),
            age_s: means.age_s.value(),
            nees: means.nees.value(),
            overconfident: means.overconfident.value(),
        };
        SideResult {
            kill_chain: (!targets.is_empty()).then(|| KillChain::from_targets(targets, horizon_s)),
            engaged: targets
                .iter()
                .filter(|t| t.time_s(Stage::Engaged).is_some())
                .count() as u64,
            engagements,
            defence: Defence {
                side: self.name(side),
                seen: account.defence.seen.len() as u64,
                allowed: account.defence.allowed,
                refused: account.defence.refused,
                shots: account.defence.shots,
                intercepted: account.defence.intercepted,
            },
            losses,
            suppression: Suppressed {
                side: self.name(side),
                unit_s: account.pinned_s,
            },
            expenditure: Expenditure {
                side: self.name(side),
                rounds: fires.rounds,
                usd: fires.rounds_usd,
            },
            energy: self.energy(side),
            endurance_left: self.endurance_left(side),
            cost: Cost {
                side: self.name(side),
                usd,
            },
            track_quality: account.tracks.iter().map(quality).collect(),
            blue_force: BlueForce {
                side: self.name(side),
                error_m: account.blue.error_m.value(),
                age_s: account.blue.age_s.value(),
                located: account.blue.located.value(),
            },
            delivery_ratio: network::delivery_ratio(self.world, side),
            network: network::side(self.world, side, self.end),
            missions_done: self.missions_done(side),
            timelines,
        }
    }

    /// What became of a side's engagements.
    fn engagements(&self, side: SideIx, account: &SideAccount) -> Engagements {
        let fires = &account.fires;
        let fired = fires.leave.values().filter(|leave| leave.shots > 0).count() as u64;
        let is_void = |leave: &&Leave| leave.shots == 0 && leave.until < self.end;
        Engagements {
            side: self.name(side),
            proposed: fires.proposed,
            authorised: fires.leave.len() as u64,
            refused: fires.refused,
            lapsed: fires.lapsed + fires.leave.values().filter(is_void).count() as u64,
            fired,
            hits: fires.hits,
            kills: fires.kills,
            wrong: fires.wrong.len() as u64,
            abandoned_alive: fires.abandoned_alive,
            overkill: fires.overkill,
            wrong_proposed: fires.wrong_proposed,
            wrong_authorised: fires.wrong_authorised,
            abandoned: self.abandoned(account),
        }
    }

    /// Hostile units on which leave was given, has run out or was recalled, and had no effect, and which
    /// live.
    fn abandoned(&self, account: &SideAccount) -> u64 {
        let leaves = account.fires.leave.values();
        let allowed: BTreeSet<UnitIx> = leaves.clone().filter_map(|leave| leave.target).collect();
        let is_abandoned = |target: &UnitIx| {
            let chain = account.chains[target.at()].as_ref();
            let mut own = leaves.clone().filter(|it| it.target == Some(*target));
            chain.is_some_and(|chain| chain.effect.is_none())
                && self.accounts.units[target.at()].lost_at.is_none()
                && own.all(|leave| leave.until < self.end)
        };
        allowed.iter().filter(|it| is_abandoned(it)).count() as u64
    }
}
