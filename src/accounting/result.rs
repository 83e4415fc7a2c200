//! From the accounts of a run to its result. See [`summarise`].

use std::collections::BTreeMap;

use bevy::prelude::World;

use super::{
    accounts::{Accounts, SideAccount, Traffic},
    event::EventRow,
    kill_chain::{KillChain, Stage},
    log::EventLog,
    measure::{self, MeasureKind, MeasureSpecs},
    outcome::{Ending, timeline},
    summary::{
        BlueForce, Cost, Engagements, EnergyUse, Expenditure, Losses, NetworkSummary, RunReport,
        RunSummary, ScenarioIdentity, SideCurve, SideKillChain, SideTimelines, TrackQuality,
    },
};
use crate::{
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx},
        random::RunSeed,
        time::{Clock, SimTime},
    },
    org::{OrderOfBattle, SideIx},
    planning::tasks::Missions,
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
    /// Its losses.
    pub(super) losses: Losses,
    /// Its rounds.
    pub(super) expenditure: Expenditure,
    /// Its energy.
    pub(super) energy: EnergyUse,
    /// What all that cost.
    pub(super) cost: Cost,
    /// What its command posts knew, by echelon.
    pub(super) track_quality: Vec<TrackQuality>,
    /// What its nodes knew of it.
    pub(super) blue_force: BlueForce,
    /// Messages delivered over sent.
    pub(super) delivery_ratio: Option<f64>,
    /// Missions fulfilled.
    pub(super) missions_done: u64,
}

/// What summing up reads.
struct Books<'a> {
    world: &'a World,
    accounts: &'a Accounts,
    order: &'a OrderOfBattle,
    index: &'a UnitIndex,
    fleet: &'a Fleet,
    end: SimTime,
}

impl Books<'_> {
    /// The way of every hostile unit of a side.
    fn timelines(&self, side: SideIx, account: &SideAccount) -> SideTimelines {
        let (board, landscape) = (
            self.world.resource::<Board>(),
            self.world.get_resource::<Landscape>(),
        );
        let has_desk = self.order.desks.iter().any(|(desk, _)| self.order.unit(*desk).side == side);
        let mut targets = Vec::new();
        for (at, chain) in account.chains.iter().enumerate() {
            let (ix, Some(chain)) = (UnitIx::from_at(at), chain) else { continue };
            let place = board.piece(ix).position;
            let ending = Ending {
                end: self.end,
                lost_at: self.accounts.units[at].lost_at,
                is_inside: landscape.is_none_or(|land| land.terrain.is_inside(place.x, place.y)),
                has_desk,
            };
            targets.push(timeline(self.index.name(ix), chain, &ending));
        }
        SideTimelines { side: self.name(side), targets }
    }

    /// Id of a side.
    fn name(&self, side: SideIx) -> String {
        self.order.sides[side.at()].id.clone()
    }

    /// Units of a side.
    fn units(&self, side: SideIx) -> impl Iterator<Item = UnitIx> + '_ {
        self.index.iter().map(|(ix, _)| ix).filter(move |ix| self.order.unit(*ix).side == side)
    }

    /// What a side consumed: what was there at the start and was taken on since, less what is left.
    fn energy(&self, side: SideIx) -> EnergyUse {
        let mut used = EnergyUse { side: self.name(side), kwh: 0.0, fuel_kg: 0.0 };
        for ix in self.units(side) {
            let unit = self.accounts.units[ix.at()];
            let model = &self.fleet.vehicle(ix).energy;
            let left = self.world.get::<EnergyLeft>(self.index.entity(ix));
            let share = left.map_or(unit.start_share, |left| left.0.share);
            // A full store is topped up to the last bit, so the difference may round below zero.
            let amount =
                (model.capacity() * (unit.start_share - share) + unit.taken_on).max(0.0);
            match model.supply {
                Supply::Battery { .. } => used.kwh += amount / WH_PER_KWH,
                Supply::Fuel { .. } => used.fuel_kg += amount,
                Supply::Unlimited => {}
            }
        }
        used
    }

    /// Operating cost of a side, US dollars: every unit for as long as it lived, since crew and
    /// equipment are at work while it stands.
    fn operating_usd(&self, side: SideIx) -> f64 {
        let usd = |ix: UnitIx| {
            let lived = self.accounts.units[ix.at()].lost_at.unwrap_or(self.end);
            let per_h = self.fleet.vehicle(ix).class.cost.operating_usd_per_h.value();
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
            let finished = self.accounts.missions.get(*at).map_or(0, |vehicles| vehicles.len());
            self.order.forces[mission.force.at()].side == side && finished >= wanted.max(1)
        };
        (0..missions.len()).filter(is_done).count() as u64
    }

    /// Everything of one side.
    fn side(&self, side: SideIx, horizon_s: f64) -> SideResult {
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
        let quality = |(echelon, means): (&crate::org::Echelon, &super::accounts::TrackMeans)| {
            TrackQuality {
                side: self.name(side),
                echelon: echelon.key().to_owned(),
                completeness: means.completeness.value(),
                age_s: means.age_s.value(),
            }
        };
        SideResult {
            kill_chain: (!targets.is_empty())
                .then(|| KillChain::from_targets(targets, horizon_s)),
            engaged: targets.iter().filter(|t| t.time_s(Stage::Engaged).is_some()).count() as u64,
            engagements,
            losses,
            expenditure: Expenditure {
                side: self.name(side),
                rounds: fires.rounds,
                usd: fires.rounds_usd,
            },
            energy: self.energy(side),
            cost: Cost { side: self.name(side), usd },
            track_quality: account.tracks.iter().map(quality).collect(),
            blue_force: BlueForce {
                side: self.name(side),
                error_m: account.blue.error_m.value(),
                age_s: account.blue.age_s.value(),
            },
            delivery_ratio: account.traffic.ratio(),
            missions_done: self.missions_done(side),
            timelines,
        }
    }

    /// What became of a side's engagements.
    fn engagements(&self, side: SideIx, account: &SideAccount) -> Engagements {
        let fires = &account.fires;
        let fired = fires.leave.values().filter(|leave| leave.shots > 0).count() as u64;
        let is_void = |leave: &&super::accounts::Leave| leave.shots == 0 && leave.until < self.end;
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
        }
    }
}

/// Units lost so far, over time.
fn loss_curve(side: String, losses: &[SimTime], end: SimTime) -> SideCurve {
    let mut times: Vec<SimTime> = losses.to_vec();
    times.sort_unstable();
    let mut points = vec![[0.0, 0.0]];
    points.extend((1_u32..).zip(times).map(|(count, at)| [at.as_s(), f64::from(count)]));
    let last = points.last().map_or(0.0, |point| point[1]);
    points.push([end.as_s(), last]);
    SideCurve { side, points }
}

/// The horizon of a side's kill chain, s: that of its measure, else the length of the run.
fn horizon_s(side: SideIx, specs: &MeasureSpecs, end: SimTime) -> f64 {
    let asked = specs.0.iter().filter(|spec| spec.side == side).find_map(|spec| match spec.kind {
        MeasureKind::SensorToShooterRestrictedMean { horizon_s } => Some(horizon_s),
        _ => None,
    });
    asked.unwrap_or_else(|| end.as_s())
}

/// What the run so far amounts to. What only the caller knows is left empty: version, scenario,
/// times on a clock, the state's hash and the folder.
#[must_use]
pub fn summarise(world: &World) -> RunReport {
    let accounts = world.resource::<Accounts>();
    let specs = world.resource::<MeasureSpecs>();
    let clock = world.resource::<Clock>();
    let books = Books {
        world,
        accounts,
        order: world.resource::<OrderOfBattle>(),
        index: world.resource::<UnitIndex>(),
        fleet: world.resource::<Fleet>(),
        end: clock.now(),
    };
    let ids = (0..=u8::MAX).map(SideIx).take(accounts.sides.len());
    let sides: Vec<SideResult> =
        ids.map(|side| books.side(side, horizon_s(side, specs, books.end))).collect();
    let reached: Vec<u64> = accounts.reached.iter().map(|units| units.len() as u64).collect();
    let measures = measure::evaluate(specs, &reached, &sides, books.end.as_s());
    let mut traffic = Traffic::default();
    accounts.sides.iter().for_each(|side| traffic.add(&side.traffic));
    let losses = sides
        .iter()
        .zip(&accounts.sides)
        .map(|(side, account)| {
            loss_curve(side.losses.side.clone(), &account.losses, books.end)
        })
        .collect();
    let network = NetworkSummary {
        delivery_ratio: traffic.ratio(),
        delay_median_s: traffic.median_s(),
    };
    let mut summary = blank(world, clock, books.index.len());
    summary.measures = measures;
    summary.network = network;
    let mut timelines = Vec::new();
    for side in sides {
        if let Some(kill_chain) = side.kill_chain {
            summary.kill_chain.get_or_insert_with(|| kill_chain.clone());
            let name = side.timelines.side.clone();
            summary.kill_chain_by_side.push(SideKillChain { side: name, kill_chain });
            timelines.push(side.timelines);
        }
        summary.track_quality.extend(side.track_quality);
        summary.blue_force.push(side.blue_force);
        summary.engagements.push(side.engagements);
        summary.losses.push(side.losses);
        summary.expenditure.push(side.expenditure);
        summary.energy.push(side.energy);
        summary.cost.push(side.cost);
    }
    RunReport { summary, timelines, losses }
}

/// A summary with nothing in it but how long the run was.
fn blank(world: &World, clock: &Clock, units: usize) -> RunSummary {
    let entities = units as u64;
    RunSummary {
        tercio: String::new(),
        git: String::new(),
        scenario: ScenarioIdentity { name: String::new(), hash: String::new() },
        seed: world.get_resource::<RunSeed>().map_or(0, |seed| seed.0),
        dt_ms: clock.dt_us / 1000,
        ticks: clock.tick,
        sim_s: clock.now().as_s(),
        wall_s: 0.0,
        cpu_s: 0.0,
        real_time_factor: 0.0,
        sim_s_per_cpu_s: 0.0,
        entities,
        entity_steps: entities * clock.tick,
        phase_cpu_s: BTreeMap::new(),
        state_hash: String::new(),
        measures: Vec::new(),
        kill_chain: None,
        kill_chain_by_side: Vec::new(),
        network: NetworkSummary::default(),
        track_quality: Vec::new(),
        blue_force: Vec::new(),
        engagements: Vec::new(),
        losses: Vec::new(),
        expenditure: Vec::new(),
        energy: Vec::new(),
        cost: Vec::new(),
        run_dir: None,
    }
}

/// Takes the event log of the run so far out of the world.
#[must_use]
pub fn take_events(world: &mut World) -> Vec<EventRow> {
    world.resource_mut::<EventLog>().take()
}
