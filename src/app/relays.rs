//! Relays for a plan: free aircraft stand where the vehicles of the plan lose touch. See [`relays`].
//!
//! The stretches out of touch become members of a relay problem
//! ([`keep_connected`]) whose links are those of the
//! simulator's radios over its ground. What relays cannot join is given up, and said.

use core::cell::RefCell;
use std::{collections::BTreeMap, sync::Arc};

use bevy::prelude::World;
use glam::{DVec2, DVec3};

use super::{
    coverage::PlanCoverage,
    simulation::{BuildError, RunOptions, Simulation},
};
use crate::{
    comms::{Networks, coverage::Coverage, coverage::Ether, routing::is_forwarder},
    environment::{Landscape, NoGoAreas, Weather},
    kernel::{
        budget::WorkBudget,
        ids::{UnitIndex, UnitIx},
    },
    org::OrderOfBattle,
    picture::{BlueEntry, BluePicture},
    plan::{MissionPlan, PlanSet, Position},
    planning::{
        algo::relay::{KeptSlot, Member, Place, RelayVehicle, SlotPlan, keep_connected},
        compose::{Composer, Doing},
        missions::Missions,
        routes::RouteBook,
    },
    platform::{class::Catalogue, truth::Board, vehicle::Fleet},
    scenario::load::LoadedScenario,
};

/// A place of a planned vehicle at which it is out of touch.
#[derive(Debug, Clone, PartialEq)]
pub struct OutOfTouch {
    /// Which vehicle.
    pub unit: String,
    /// Where.
    pub at: Position,
    /// Height above mean sea level, m.
    pub height_m: f64,
    /// How long it is out of touch about there, s.
    pub for_s: f64,
    /// When it is in touch again, s from the start.
    pub until_s: f64,
}

/// What relays do for a plan.
#[derive(Debug, Default)]
pub struct Relayed {
    /// Plans of the relays.
    pub plans: Vec<MissionPlan>,
    /// Who relays for whom, and who is given up.
    pub why: Vec<String>,
}

/// Height above the ground at which relays stand, m: the ceiling of the open category of Regulation
/// (EU) 2019/947.
const RELAY_HEIGHT_M: f64 = 120.0;

/// Margin that a link is to have, dB: that of [`crate::plan::LinkNeed`] in plans.
const MARGIN_DB: f64 = 3.0;

/// Time after which relays are to stand, s (notional, 300 to 1800).
const STANDING_S: f64 = 900.0;

/// Places along the longer side of the area that relays may stand in.
const LATTICE: f64 = 16.0;

/// Least spacing of those places, m.
const SPACING_M: f64 = 300.0;

/// Share of a relay's endurance that its plan may use.
const USE_SHARE: f64 = 0.8;

/// Work that the search may cost, links asked for and trees weighed.
const WORK: u64 = 50_000_000;

/// The world, and everybody's place in it.
struct Scene<'a> {
    world: &'a World,
    ether: Ether<'a>,
    landscape: &'a Landscape,
    fleet: &'a Fleet,
    order: &'a OrderOfBattle,
    index: &'a UnitIndex,
    board: &'a Board,
}

/// What relays of one post have to join.
struct Task<'a> {
    post: UnitIx,
    coverage: Coverage,
    /// The stretches out of touch, with the unit and its place, m.
    gaps: Vec<(&'a OutOfTouch, UnitIx, DVec3)>,
    vehicles: Vec<UnitIx>,
    candidates: Vec<DVec2>,
}

/// Finds free aircraft of the plan's side that pass messages on, and where they should stand so that
/// those who would be out of touch are not. One relay stands in one place.
///
/// # Errors
/// If the world cannot be built.
pub fn relays(
    set: &PlanSet,
    gaps: &[OutOfTouch],
    loaded: &LoadedScenario,
    catalogue: &Arc<Catalogue>,
) -> Result<Relayed, BuildError> {
    let simulation = Simulation::new(loaded, catalogue, &RunOptions::default())?;
    let known = PlanCoverage::new(set, loaded, catalogue)?;
    let world = simulation.world();
    let scene = Scene {
        world,
        ether: Ether {
            networks: world.resource::<Networks>(),
            landscape: world.resource::<Landscape>(),
            weather: world.resource::<Weather>(),
            places: known.places(),
            relays: known.relays(),
        },
        landscape: world.resource::<Landscape>(),
        fleet: world.resource::<Fleet>(),
        order: world.resource::<OrderOfBattle>(),
        index: world.resource::<UnitIndex>(),
        board: world.resource::<Board>(),
    };
    let mut free = scene.free(set);
    let mut book = RouteBook::new(loaded.lattices.clone());
    let mut relayed = Relayed::default();
    for (post, gaps) in scene.by_post(gaps) {
        if free.is_empty() {
            relayed.why.push(format!(
                "{}: no aircraft that passes messages on is free to relay for {}",
                scene.index.name(post),
                names(gaps.iter().map(|gap| gap.0.unit.as_str()))
            ));
            continue;
        }
        let candidates = scene.candidates(post, &gaps);
        let task = Task {
            post,
            coverage: scene.ether.coverage(post),
            gaps,
            vehicles: scene.alike(&free),
            candidates,
        };
        let Some(kept) = scene.solve(&task) else {
            let name = scene.index.name(post);
            let why = format!("{name}: the search for places of relays ran out of work");
            relayed.why.push(why);
            continue;
        };
        scene.report(&task, &kept, &mut book, &mut relayed);
        let is_used = |unit: &UnitIx| {
            let at = task.vehicles.iter().position(|it| it == unit);
            at.is_some_and(|at| kept.held[at].is_some())
        };
        free.retain(|unit| !is_used(unit));
    }
    Ok(relayed)
}

/// Names, each once, in order.
fn names<'a>(all: impl Iterator<Item = &'a str>) -> String {
    let mut all: Vec<&str> = all.collect();
    all.sort_unstable();
    all.dedup();
    all.join(", ")
}

impl<'a> Scene<'a> {
    /// Aircraft of the plan's side that can stand somewhere, pass messages on and have nothing to do.
    fn free(&self, set: &PlanSet) -> Vec<UnitIx> {
        let is_free = |unit: &UnitIx| {
            let vehicle = self.fleet.vehicle(*unit);
            let name = self.index.name(*unit);
            self.order.side_of(*unit).id == set.side
                && vehicle.is_air()
                && vehicle.kinematics.can_travel()
                && !vehicle.class.crewed
                && !vehicle.class.is_munition()
                && !vehicle.class.carries_effector()
                && is_forwarder(*unit, self.ether.networks, self.order)
                && set.plans.iter().all(|plan| plan.unit != name)
        };
        (0..self.fleet.len())
            .map(UnitIx::from_at)
            .filter(is_free)
            .collect()
    }

    /// The largest group of aircraft on the same networks, whose links are the same at the same places;
    /// of equal ones that of the first aircraft.
    fn alike(&self, free: &[UnitIx]) -> Vec<UnitIx> {
        let networks = |unit: UnitIx| &self.ether.networks.of_unit[unit.at()];
        let group = |first: &UnitIx| -> Vec<UnitIx> {
            let own = networks(*first);
            let same = free.iter().filter(|unit| networks(**unit) == own);
            same.copied().collect()
        };
        let groups = free.iter().map(group);
        let larger = |a: Vec<UnitIx>, b: Vec<UnitIx>| if b.len() > a.len() { b } else { a };
        groups.reduce(larger).unwrap_or_default()
    }

    /// Stretches out of touch by the post that commands the vehicle.
    fn by_post<'g>(
        &self,
        gaps: &'g [OutOfTouch],
    ) -> BTreeMap<UnitIx, Vec<(&'g OutOfTouch, UnitIx, DVec3)>> {
        let mut by_post: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for gap in gaps {
            let unit = self.index.iter().find(|(_, row)| row.name == gap.unit);
            let unit = unit.map(|(unit, _)| unit);
            let post = unit.and_then(|unit| self.order.superior_of(unit));
            if let (Some(unit), Some(post)) = (unit, post) {
                let at = self.landscape.local(gap.at.lat_deg, gap.at.lon_deg);
                let entry = (gap, unit, at.extend(gap.height_m));
                by_post.entry(post).or_default().push(entry);
            }
        }
        by_post
    }

    /// Places between a post and those out of touch where a relay may stand.
    fn candidates(&self, post: UnitIx, gaps: &[(&OutOfTouch, UnitIx, DVec3)]) -> Vec<DVec2> {
        let hub = self.ether.places[post.at()].truncate();
        let (mut low, mut high) = (hub, hub);
        for (_, _, at) in gaps {
            (low, high) = (low.min(at.truncate()), high.max(at.truncate()));
        }
        let step_m = ((high - low).max_element() / LATTICE).max(SPACING_M);
        let bounds = self.landscape.terrain.bounds();
        let mut places = Vec::new();
        let mut y = low.y - step_m;
        while y <= high.y + step_m {
            let mut x = low.x - step_m;
            while x <= high.x + step_m {
                places.push(DVec2::new(x, y));
                x += step_m;
            }
            y += step_m;
        }
        places.retain(|place| bounds.contains(*place));
        places
    }

    /// Where a relay is that stands at a place, m.
    fn aloft(&self, place: DVec2) -> DVec3 {
        let surface_m = self.landscape.terrain.surface_m(place.x, place.y);
        place.extend(surface_m + RELAY_HEIGHT_M)
    }

    /// Who stands where, and who is joined.
    fn solve(&self, task: &Task<'_>) -> Option<KeptSlot> {
        let first = task.vehicles[0];
        let second = task.vehicles.get(1).copied();
        let link = |a, b| {
            let heard_db = match (a, b) {
                (Place::Member(0), Place::Candidate(at)) => {
                    let at = self.aloft(task.candidates[at]);
                    self.ether.margin_from_db(&task.coverage, first, at)
                }
                (Place::Member(member), Place::Candidate(at)) => {
                    let (_, unit, place) = task.gaps[member - 1];
                    let relay = (first, self.aloft(task.candidates[at]));
                    self.ether.hop_db((unit, place), relay)
                }
                (Place::Candidate(a), Place::Candidate(b)) => {
                    let second = second?;
                    let [a, b] = [a, b].map(|at| self.aloft(task.candidates[at]));
                    self.ether.hop_db((first, a), (second, b))
                }
                _ => return None,
            };
            Some(heard_db)
        };
        let known: RefCell<BTreeMap<(usize, usize), bool>> = RefCell::default();
        let key = |place| match place {
            Place::Member(at) => at,
            Place::Candidate(at) => 1 + task.gaps.len() + at,
        };
        let is_link = |_: usize, a: Place, b: Place| {
            let found = known.borrow().get(&(key(a), key(b))).copied();
            found.unwrap_or_else(|| {
                let is_heard = link(a, b).is_some_and(|db| db >= MARGIN_DB);
                known.borrow_mut().insert((key(a), key(b)), is_heard);
                is_heard
            })
        };
        let hub = Member {
            at: self.ether.places[task.post.at()].truncate(),
            worth: 0.0,
        };
        let members = task.gaps.iter().map(|(gap, _, at)| Member {
            at: at.truncate(),
            worth: gap.for_s,
        });
        let slot = SlotPlan {
            begins_s: STANDING_S,
            members: core::iter::once(hub).chain(members).collect(),
        };
        let vehicle = |unit: &UnitIx| RelayVehicle {
            at: self.board.piece(*unit).position.truncate(),
            speed_m_s: self.fleet.vehicle(*unit).kinematics.speed_cruise_m_s(),
        };
        let vehicles: Vec<RelayVehicle> = task.vehicles.iter().map(vehicle).collect();
        let mut budget = WorkBudget::new(WORK);
        let slots = [slot];
        let kept = keep_connected(&slots, &task.candidates, &vehicles, &is_link, &mut budget);
        kept.ok()?.pop()
    }

    /// Writes the relays' plans and what they do.
    fn report(
        &self,
        task: &Task<'_>,
        kept: &KeptSlot,
        book: &mut RouteBook,
        relayed: &mut Relayed,
    ) {
        let stands = task.vehicles.iter().zip(&kept.held);
        let last_s = task.gaps.iter().map(|gap| gap.0.until_s);
        let until_s = last_s.fold(0.0, f64::max);
        for (unit, held) in stands {
            let Some(place) = held.map(|held| task.candidates[held]) else {
                continue;
            };
            let name = self.index.name(*unit);
            let wanted = (task.post, place, until_s);
            let Some((plan, lasts_s)) = self.plan(*unit, wanted, book) else {
                relayed
                    .why
                    .push(format!("{name}: no way to where it would relay"));
                continue;
            };
            let short = if lasts_s + 1.0 < until_s {
                format!(", though it is needed until {until_s:.0} s: its energy lasts no longer")
            } else {
                String::new()
            };
            relayed.why.push(format!(
                "{name} relays for {} at ({:.0} m, {:.0} m) from the start, until {lasts_s:.0} s{short}",
                self.index.name(task.post),
                place.x,
                place.y
            ));
            relayed.plans.push(plan);
        }
        for ((gap, _, _), _) in task.gaps.iter().zip(&kept.joined[1..]).filter(|it| !it.1) {
            relayed.why.push(format!(
                "{}: given up, out of touch for {:.0} s until {:.0} s at {:.5}, {:.5}",
                gap.unit, gap.for_s, gap.until_s, gap.at.lat_deg, gap.at.lon_deg
            ));
        }
    }

    /// Energy that a post believes a unit to have left, a share; all where nothing was heard.
    fn energy_share(&self, post: UnitIx, unit: UnitIx) -> f64 {
        let picture = self.world.get::<BluePicture>(self.index.entity(post));
        let entry = picture.and_then(|picture| picture.get(unit));
        entry.map_or(1.0, BlueEntry::energy_share)
    }

    /// The plan of a relay, and until when it stands, s.
    fn plan(
        &self,
        unit: UnitIx,
        (post, place, until_s): (UnitIx, DVec2, f64),
        book: &mut RouteBook,
    ) -> Option<(MissionPlan, f64)> {
        let vehicle = self.fleet.vehicle(unit);
        let start = self.board.piece(unit).position;
        let home = self.world.resource::<Missions>().homes[unit.at()];
        let composer = Composer {
            landscape: self.landscape,
            vehicle,
            unit: self.index.name(unit),
            home,
            position: start,
            energy_share: self.energy_share(post, unit),
            altitude_m: Some(RELAY_HEIGHT_M),
        };
        let side = self.order.unit(unit).side.0;
        let ground = (self.landscape, self.world.resource::<NoGoAreas>());
        let way = book.way(vehicle, side, (start.truncate(), place), &[], ground)?;
        let speed_m_s = vehicle.kinematics.speed_cruise_m_s();
        let out_s = start.truncate().distance(place) / speed_m_s;
        let back_s = home.truncate().distance(place) / speed_m_s;
        let share = USE_SHARE * (1.0 - vehicle.energy.reserve_fraction);
        let most_s = share * composer.endurance_s() - out_s - back_s;
        let stay_s = (until_s - out_s).min(most_s).max(1.0);
        let plan = composer.plan(&way, &Doing::Relay(stay_s), &[], "relay");
        Some((plan, out_s + stay_s))
    }
}
