//! Units: what they are, where they start, what they know at the start.

use std::{collections::BTreeMap, sync::Arc};

use bevy::prelude::World;
use glam::{DVec2, DVec3};

use super::{
    Names, SpawnError,
    equipment::{equip, fix_sigma_m, jammers, magazine, sensor_names, suite},
    names::position,
};
use crate::{
    command::{CrewState, DeskState, staff::StaffState},
    cyber_ew::Receiver,
    engagement::{FireState, Guard, alarm::Alarm, tables::KillTables},
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx, UnitRow},
        random::{DrawKey, Stream},
        time::SimTime,
    },
    logistics::Replenish,
    org::{OrderOfBattle, Role},
    picture::{
        self, BluePicture, Status, TrackStore, health::HealthTold, position::PlacesToPass,
        status::StatesToPass,
    },
    planning::{
        auction::{Auctioneer, Bidder},
        contact::ContactState,
        fires::FiresState,
        missions::{Missions, TaskState},
    },
    platform::{
        aiding::Aiding,
        class::{Catalogue, Domain, Energy},
        course::Course,
        damage::Damage,
        energy::EnergyStore,
        kinematics::MotionState,
        mover::EnergyLeft,
        navigation::NavSolution,
        stance::Stillness,
        suppression::Suppression,
        together::{Group, Groups, Manner},
        truth::Truth,
        vehicle::{Fleet, Vehicle},
    },
    scenario::schema::{GroupMotion, Place, Scenario, UnitSpec},
    sensing::{cue::Cues, look::Looks, transponder::StationState},
};

/// Height above the ground of what is parked, m.
const PARKED_M: f64 = 0.0;

/// The fleet of a scenario: vehicles by rank, and every effector that one of them carries.
pub(super) fn fleet(
    scenario: &Scenario,
    names: &Names,
    catalogue: &Arc<Catalogue>,
) -> Result<Fleet, SpawnError> {
    let mut made: BTreeMap<usize, Vehicle> = BTreeMap::new();
    for (at, entry) in scenario.units.iter().enumerate() {
        made.insert(at, vehicle(entry, scenario, catalogue)?);
    }
    let vehicles = names
        .units
        .iter()
        .map(|unit| made[&unit.entry].clone())
        .collect();
    let effectors = catalogue
        .effectors
        .values()
        .cloned()
        .map(Arc::new)
        .collect();
    Ok(Fleet::new(vehicles, effectors, Arc::clone(catalogue)))
}

/// The vehicle of an entry.
fn vehicle(
    entry: &UnitSpec,
    scenario: &Scenario,
    catalogue: &Catalogue,
) -> Result<Vehicle, SpawnError> {
    let unknown = || SpawnError::Unknown {
        kind: "class",
        name: entry.class.clone(),
    };
    let class = catalogue.class(&entry.class).ok_or_else(unknown)?;
    let sensors = sensor_names(entry, catalogue);
    let draw = |name: &String| {
        catalogue
            .sensor(name)
            .map_or(0.0, |spec| spec.draw_w.value())
    };
    let radios = class
        .radios
        .iter()
        .filter_map(|mount| catalogue.radio(&mount.radio));
    let listening_w: f64 = radios.map(|radio| radio.draw_receive_w.value()).sum();
    let is_electric = matches!(class.energy, Energy::Battery { .. });
    let equipment_w = sensors.iter().map(draw).sum::<f64>() + listening_w;
    // A catalogue endurance is that of the equipped vehicle; only what a scenario adds counts.
    let mut counted_w = 0.0;
    if is_electric && entry.sensors.is_some() {
        counted_w += equipment_w;
    }
    if is_electric && entry.jammers_on {
        let jammers = entry.jammers.iter().filter_map(|it| catalogue.jammer(it));
        counted_w += jammers.map(|spec| spec.draw_w.value()).sum::<f64>();
    }
    let return_share = scenario.logistics.return_energy_fraction;
    Vehicle::new(class, counted_w, return_share).map_err(|cause| SpawnError::Energy {
        class: class.name.clone(),
        cause,
    })
}

/// Where a unit starts, m.
fn start(entry: &UnitSpec, member: usize, domain: Domain, landscape: &Landscape) -> DVec3 {
    let leader = match entry.place() {
        Some(Place::Local(at)) => at,
        Some(Place::Geodetic { lat_deg, lon_deg }) => landscape.local(lat_deg, lon_deg),
        None => DVec2::ZERO,
    };
    let at = position(entry, member, leader);
    let surface_m = landscape.terrain.surface_m(at.x, at.y);
    let height_m = match domain {
        Domain::Air => surface_m + entry.altitude_m.unwrap_or(PARKED_M),
        Domain::Subsurface => -entry.depth_m.unwrap_or(0.0),
        Domain::Land | Domain::Surface | Domain::Fixed => surface_m,
    };
    at.extend(height_m)
}

/// Motion at the start: what flies already, flies at cruise.
fn motion(entry: &UnitSpec, at: DVec3, vehicle: &Vehicle) -> MotionState {
    let mut state = MotionState::at_rest(at, entry.heading_deg.to_radians());
    let is_flying = vehicle.is_air() && entry.altitude_m.unwrap_or(0.0) > 0.0;
    if is_flying && !vehicle.kinematics.can_stop() {
        let (sin, cos) = crate::kernel::math::sincos(state.heading_rad);
        state.speed_m_s = vehicle.kinematics.speed_cruise_m_s();
        state.velocity = DVec3::new(sin, cos, 0.0) * state.speed_m_s;
    }
    state
}

/// How all units move at the start, by rank.
fn starts(
    (scenario, names): (&Scenario, &Names),
    fleet: &Fleet,
    landscape: &Landscape,
) -> Vec<MotionState> {
    let state = |(at, unit): (usize, &super::names::UnitName)| {
        let vehicle = fleet.vehicle(UnitIx::from_at(at));
        let entry = &scenario.units[unit.entry];
        let at = start(entry, unit.member, vehicle.class.domain, landscape);
        motion(entry, at, vehicle)
    };
    names.units.iter().enumerate().map(state).collect()
}

/// Puts the units into the world.
pub(super) fn spawn_units(
    world: &mut World,
    (scenario, names): (&Scenario, &Names),
    (order, fleet): (&OrderOfBattle, &Fleet),
    (landscape, catalogue): (&Landscape, &Arc<Catalogue>),
    seed: u64,
) -> Result<(), SpawnError> {
    let mut rows = Vec::with_capacity(names.units.len());
    let states = starts((scenario, names), fleet, landscape);
    let jammers = jammers((scenario, names), (order, catalogue));
    for (at, unit) in names.units.iter().enumerate() {
        let ix = UnitIx::from_at(at);
        let entry = &scenario.units[unit.entry];
        let state = states[at];
        let mut draws = DrawKey::new(Stream::Navigation, unit.id.0, 0, 0).draws(seed);
        let energy = EnergyStore {
            share: entry.energy_fraction,
        };
        let entity = world
            .spawn((
                ix,
                unit.id,
                Truth(state),
                NavSolution::new(&state, fix_sigma_m(entry, catalogue), &mut draws),
                Course::default(),
                EnergyLeft(energy),
                magazine(entry, catalogue),
                Damage::default(),
                Looks(vec![0; suite(entry, catalogue).len()]),
                TrackStore::default(),
                initial_picture(ix, &states, (scenario, names), (order, catalogue)),
                FireState::default(),
                (
                    told(),
                    StationState::default(),
                    Replenish::default(),
                    FiresState::default(),
                    TaskState::default(),
                    ContactState::default(),
                    DeskState::default(),
                    StaffState::default(),
                    Cues::default(),
                    unharmed(),
                ),
            ))
            .id();
        if jammers.reach_satellites() && fleet.vehicle(ix).kinematics.can_travel() {
            let disturbed = (Receiver::default(), Aiding::default());
            world.entity_mut(entity).insert(disturbed);
        }
        if order.side_of(ix).planner.is_auction() {
            let apart = (Auctioneer::default(), Bidder::default());
            world.entity_mut(entity).insert(apart);
        }
        rows.push(UnitRow {
            id: unit.id,
            entity,
            name: unit.name.clone(),
        });
    }
    world.insert_resource(UnitIndex::new(rows));
    world.insert_resource(jammers);
    equip(world, (scenario, names), catalogue);
    world.insert_resource(groups(scenario, names));
    world.insert_resource(KillTables::new(catalogue.effectors.values()));
    let missions = super::missions::missions(scenario, names, order)?;
    world.insert_resource(Missions {
        list: missions,
        homes: states.iter().map(|state| state.position).collect(),
    });
    super::rules::initial_routes(world, (scenario, names), (fleet, landscape), &states);
    Ok(())
}

/// Nobody has fired at a unit, and it at no munition, yet.
fn unharmed() -> (Alarm, Guard, CrewState, Stillness, Suppression) {
    Default::default()
}

/// What a unit has told of itself and its own: nothing yet.
fn told() -> (PlacesToPass, StatesToPass, HealthTold) {
    Default::default()
}

/// The entries whose units keep together.
fn groups(scenario: &Scenario, names: &Names) -> Groups {
    // Where the units of a group are listed alone, the first stands for the group.
    let keeps = |entry: &&UnitSpec| {
        let (place, places) = entry.place_in_formation(0);
        place == 0 && places > 1 && entry.formation.motion != GroupMotion::Apart
    };
    let group = |entry: &UnitSpec| Group {
        members: names.units_of(entry.stem(), scenario).unwrap_or_default(),
        manner: if entry.formation.motion == GroupMotion::Flock {
            Manner::Flock
        } else {
            Manner::Formation(entry.formation.shape.into())
        },
        spacing_m: entry.formation.spacing_m,
    };
    let list = scenario.units.iter().filter(keeps).map(group).collect();
    Groups::new(list, names.units.len())
}

/// What a command post knows before it begins: where the units that it commands were deployed.
fn initial_picture(
    post: UnitIx,
    states: &[MotionState],
    (scenario, names): (&Scenario, &Names),
    (order, catalogue): (&OrderOfBattle, &Catalogue),
) -> BluePicture {
    let mut picture = BluePicture::default();
    if !order.has_role(post, Role::Command) {
        return picture;
    }
    for (at, unit) in names.units.iter().enumerate() {
        let ix = UnitIx::from_at(at);
        if ix != post && !order.commands(post, ix) {
            continue;
        }
        let entry = &scenario.units[unit.entry];
        let magazine = magazine(entry, catalogue);
        let tubes = magazine.tubes.iter();
        let place = picture::Place {
            at: SimTime::ZERO,
            position: states[at].position,
            velocity: DVec3::ZERO,
        };
        let status = Status {
            at: SimTime::ZERO,
            energy_share: entry.energy_fraction,
            rounds: tubes.map(|tube| (tube.effector, tube.rounds)).collect(),
            can_move: true,
            is_idle: entry.route.is_none(),
        };
        picture.learn_place(ix, &place);
        picture.learn_status(ix, &status);
    }
    picture
}
