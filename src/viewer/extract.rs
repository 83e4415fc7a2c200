//! From a world to a frame. Reads, never writes: a state hash is the same with and without it.

use std::sync::Arc;

use bevy::prelude::World;
use glam::DVec3;

use super::frame::{
    Belief, BuildingInfo, CaseFrame, DeskFrame, ForceInfo, Frame, LinkFrame, OwnFrame, RunState,
    SensorReach, Setting, SideInfo, TrackFrame, Trails, UnitFrame, UnitInfo, Wanted,
};
use crate::{
    app::{Input, InputKind, Simulation},
    command::{DeskState, WaitingCase},
    comms::{Links, Networks},
    environment::{Landscape, NoGoAreas, Weather},
    kernel::{
        ids::{UnitIndex, UnitIx},
        time::{Clock, SimTime},
    },
    org::{ForceIx, OrderOfBattle, SideIx},
    picture::{BlueEntry, BluePicture, Track, TrackStore, position::PositionReporters},
    platform::{
        course::Course, damage::Damage, kinematics::Height, leg::localise, mover::EnergyLeft,
        stores::Magazine, truth::Truth, vehicle::Fleet,
    },
    scenario::schema::Scenario,
    sensing::{SensorSuites, SensorUnit, suite::Works},
};

/// Time by which a report may be late before its unit is shown as a ghost, s.
const LATE_S: f64 = 60.0;

/// Size of the vehicle that footprints are drawn for, m: the NATO target of the Johnson criteria.
const NATO_TARGET_M: f64 = 2.3;
/// Least probability with which a packet gets over a link that is drawn.
const LEAST: f64 = 0.2;
/// Most units for which all routes are put into a frame.
const ROUTES_MAX: usize = 400;

/// What of a world stays as it is.
#[must_use]
pub fn setting(world: &World, scenario: &Scenario) -> Setting {
    let order = world.resource::<OrderOfBattle>();
    let areas = &world.resource::<NoGoAreas>().0;
    let buildings = scenario.buildings.iter().map(|building| BuildingInfo {
        at: building.at_m,
        size_m: building.size_m,
        heading_rad: building.heading_deg.to_radians(),
    });
    Setting {
        name: scenario.name.clone(),
        title: scenario.title.clone(),
        duration_s: scenario.duration_s,
        dt_s: world.resource::<Clock>().dt_s(),
        landscape: world.resource::<Landscape>().clone(),
        visibility_m: world.resource::<Weather>().visibility_m,
        sides: sides(order),
        forces: order
            .forces
            .iter()
            .map(|force| ForceInfo {
                id: force.id.clone(),
                side: force.side.at(),
                echelon: force.echelon,
                superior: force.superior.map(ForceIx::at),
            })
            .collect(),
        units: units(world, order),
        networks: world
            .resource::<Networks>()
            .list
            .iter()
            .map(|network| network.id.clone())
            .collect(),
        buildings: buildings.collect(),
        no_go: areas
            .iter()
            .map(|area| area.area.points().to_vec())
            .collect(),
    }
}

/// Sides with their senior posts: that of the largest force without a superior.
fn sides(order: &OrderOfBattle) -> Vec<SideInfo> {
    let senior = |side: SideIx| {
        order
            .forces
            .iter()
            .filter(|force| force.side == side && force.superior.is_none())
            .filter_map(|force| force.command.map(|post| (force.echelon, post.at())))
            .max_by_key(|(echelon, post)| (*echelon, usize::MAX - post))
            .map(|(_, post)| post)
    };
    order
        .sides
        .iter()
        .zip(0_u8..)
        .map(|(side, at)| SideInfo {
            id: side.id.clone(),
            hostile_to: side.hostile_to.iter().map(|other| other.at()).collect(),
            senior_post: senior(SideIx(at)),
        })
        .collect()
}

/// All units by rank.
fn units(world: &World, order: &OrderOfBattle) -> Vec<UnitInfo> {
    let (fleet, suites) = (world.resource::<Fleet>(), world.resource::<SensorSuites>());
    world
        .resource::<UnitIndex>()
        .iter()
        .map(|(ix, row)| {
            let (class, org) = (&fleet.vehicle(ix).class, order.unit(ix));
            UnitInfo {
                name: row.name.clone(),
                class: class.title.clone(),
                family: class.family,
                domain: class.domain,
                function: class.symbol.clone(),
                side: org.side.at(),
                force: org.force.at(),
                length_m: class.length_m.value(),
                commands: order.echelon_of_post(ix),
                roles: org.roles.iter().copied().collect(),
                sensors: suites.of(ix).iter().filter_map(reach).collect(),
            }
        })
        .collect()
}

/// What a sensor reaches; none for receivers of what ships say of themselves.
fn reach(sensor: &SensorUnit) -> Option<SensorReach> {
    let (range_m, is_sonar) = match &sensor.works {
        Works::Optical { optics, n50, .. } => {
            (optics.cycles(NATO_TARGET_M, 1.0) / n50.detection, false)
        }
        Works::Radar { .. } | Works::Locating => (sensor.range_m[1], false),
        Works::Passive { .. } | Works::Active { .. } => (sensor.range_m[1], true),
    };
    Some(SensorReach {
        height_m: sensor.height_m,
        range_m: range_m.min(sensor.range_m[1]),
        half_sector_rad: sensor.half_sector_rad,
        is_sonar,
    })
}

/// What the runner knows besides the world.
#[derive(Debug, Clone)]
pub struct Beside {
    /// Number of the frame.
    pub number: u64,
    /// What the simulation is doing.
    pub state: RunState,
    /// What is wanted.
    pub wanted: Wanted,
    /// Proposals that wait for a person.
    pub cases: Vec<CaseFrame>,
    /// Where units were.
    pub trails: Arc<Trails>,
    /// Number of events that had happened.
    pub events: usize,
}

/// The world at this moment.
#[must_use]
pub fn frame(world: &World, beside: Beside) -> Frame {
    let clock = world.resource::<Clock>();
    let now = clock.now();
    let wanted = beside.wanted;
    Frame {
        number: beside.number,
        time_s: now.as_s(),
        tick: clock.tick,
        state: beside.state,
        wanted,
        units: unit_frames(world, wanted.routes),
        belief: wanted.node.and_then(|node| belief(world, node, now)),
        links: if wanted.links {
            links(world)
        } else {
            Vec::new()
        },
        desks: desks(world),
        cases: beside.cases,
        trails: beside.trails,
        events: beside.events,
    }
}

/// All desks.
fn desks(world: &World) -> Vec<DeskFrame> {
    let index = world.resource::<UnitIndex>();
    let desks = &world.resource::<OrderOfBattle>().desks;
    let desk = |unit: UnitIx| DeskFrame {
        unit: unit.at(),
        is_person: world
            .get::<DeskState>(index.entity(unit))
            .is_some_and(DeskState::is_person),
    };
    desks.iter().map(|(unit, _)| desk(*unit)).collect()
}

/// Shows seats that were taken and proposals that were answered, though the next tick only will see
/// them.
pub fn anticipate(frame: &mut Frame, done: &[Input], index: &UnitIndex) {
    for desk in &mut frame.desks {
        let name = index.name(UnitIx::from_at(desk.unit));
        let seat = |input: &Input| match &input.what {
            InputKind::Person(at) if at == name => Some(true),
            InputKind::Simulated(at) if at == name => Some(false),
            _ => None,
        };
        desk.is_person = done.iter().rev().find_map(seat).unwrap_or(desk.is_person);
    }
    frame.cases.retain(|case| {
        !done.iter().any(|input| {
            matches!(input.what,
                InputKind::Approve(number) | InputKind::Refuse(number) if number == case.proposal)
        })
    });
}

/// What waits for a person.
#[must_use]
pub fn cases(simulation: &Simulation) -> Vec<CaseFrame> {
    let world = simulation.world();
    let (fleet, now) = (world.resource::<Fleet>(), world.resource::<Clock>().now());
    let case = |waiting: WaitingCase| {
        let proposal = waiting.proposal;
        CaseFrame {
            proposal: proposal.id,
            desk: waiting.desk.at(),
            shooter: proposal.shooter.at(),
            effector: fleet.effector(proposal.effector).title.clone(),
            shots: proposal.shots,
            track: proposal.track.number,
            confidence: proposal.confidence,
            sigma_m: proposal.sigma_m,
            lapses_in_s: waiting.until.since_s(now),
        }
    };
    simulation.waiting_cases().into_iter().map(case).collect()
}

/// All units as they really are.
fn unit_frames(world: &World, routes: bool) -> Vec<UnitFrame> {
    let index = world.resource::<UnitIndex>();
    let landscape = world.resource::<Landscape>();
    let routes = routes && index.len() <= ROUTES_MAX;
    index
        .iter()
        .map(|(_, row)| {
            let unit = world.entity(row.entity);
            let truth = unit.get::<Truth>().expect("every unit is somewhere").0;
            let damage = unit.get::<Damage>().expect("every unit can break");
            let course = unit.get::<Course>();
            let rounds = |magazine: &Magazine| magazine.tubes.iter().map(|tube| tube.rounds).sum();
            UnitFrame {
                position: truth.position,
                velocity: truth.velocity,
                heading_rad: truth.heading_rad,
                is_alive: !damage.is_destroyed(),
                can_move: damage.can_move(),
                can_fire: damage.can_fire(),
                energy_share: unit.get::<EnergyLeft>().map_or(0.0, |left| left.0.share),
                rounds: unit.get::<Magazine>().map_or(0, rounds),
                task: course.and_then(Course::task).map(str::to_owned),
                route: course
                    .filter(|course| routes && !course.is_idle())
                    .map(|course| route(course, landscape))
                    .unwrap_or_default(),
                tracks: unit.get::<TrackStore>().map_or(0, |store| {
                    store
                        .tracks()
                        .iter()
                        .filter(|track| track.confirmed)
                        .count()
                }),
            }
        })
        .collect()
}

/// Points that a unit is still to pass.
fn route(course: &Course, landscape: &Landscape) -> Vec<DVec3> {
    let Some(plan) = course.plan() else {
        return Vec::new();
    };
    localise(plan, landscape)
        .iter()
        .skip(course.leg())
        .flat_map(|leg| &leg.waypoints)
        .map(|waypoint| {
            let at = waypoint.position;
            let surface_m = landscape.terrain.surface_m(at.x, at.y);
            at.extend(match waypoint.height {
                Height::AboveSea(m) => m,
                Height::AboveGround(m) => surface_m + m,
                Height::Depth(m) => -m,
            })
        })
        .collect()
}

/// What a node believes.
fn belief(world: &World, node: usize, now: SimTime) -> Option<Belief> {
    let index = world.resource::<UnitIndex>();
    if node >= index.len() {
        return None;
    }
    let unit = world.entity(index.entity(UnitIx::from_at(node)));
    let tracks = unit.get::<TrackStore>().map_or(&[][..], TrackStore::tracks);
    let own = unit
        .get::<BluePicture>()
        .map_or(&[][..], BluePicture::entries);
    let reporters = &world.resource::<PositionReporters>().0;
    let own_frame = |entry: &BlueEntry| {
        let age_s = now.since_s(entry.place.at);
        OwnFrame {
            unit: entry.unit.at(),
            position: entry.position_at(now),
            velocity: entry.place.velocity,
            age_s,
            is_late: age_s > reporters[entry.unit.at()].interval_s + LATE_S,
            can_move: entry.status.as_ref().map(|status| status.can_move),
        }
    };
    Some(Belief {
        node,
        tracks: tracks.iter().map(|track| track_frame(track, now)).collect(),
        own: own.iter().map(own_frame).collect(),
    })
}

/// One track as its node believes it to be now.
fn track_frame(track: &Track, now: SimTime) -> TrackFrame {
    let state = track.at(now.max(track.updated));
    let covariance = state.position_covariance;
    TrackFrame {
        number: track.number,
        position: state.position_m,
        velocity: state.velocity_m_s,
        covariance: [covariance.xx, covariance.xy, covariance.yy],
        age_s: now.since_s(track.updated),
        hostile_confidence: track.hostile_confidence(),
        is_wreck: track.is_wreck(),
        is_confirmed: track.confirmed,
        target: track.target,
        domain: track.domain,
        sources: track.sources.len() + usize::from(track.own_hit.is_some()),
    }
}

/// Links that routes may use.
fn links(world: &World) -> Vec<LinkFrame> {
    let networks = world.resource::<Networks>();
    world
        .resource::<Links>()
        .iter(networks)
        .filter(|(_, _, link)| link.probe >= LEAST)
        .map(|(network, ends, link)| LinkFrame {
            network: network.at(),
            ends: ends.map(UnitIx::at),
            success: link.probe,
        })
        .collect()
}
