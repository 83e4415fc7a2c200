//! What the tests of the systems tell: a post with a desk and a robot against two tanks, beside a
//! truck that belongs to nobody's force.

use std::sync::Arc;

use bevy::prelude::World;
use glam::{DVec2, DVec3};

use crate::accounting::{summary::RunReport, *};
use crate::{
    accounting::summary::Direction,
    command::{Authoriser, authorisation::authorise},
    engagement::{Arrival, Decided, Effect, Ends, Fall, Outcome, TrackRef, model::DamageShares},
    kernel::{
        assignment::Assigner,
        ids::{UnitId, UnitIndex, UnitIx, UnitRow},
        messages::Buffer,
        random::{DrawKey, Stream},
        schedule::{SchedulePlugin, run_tick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    logistics::Load,
    org::{
        DeskRules, Doctrine, Echelon, Force, ForceIx, NationIx, OrderOfBattle, Patience, Posture,
        Role, ServiceIx, ServiceLaw, ServiceTime, Side, SideIx, UnitOrg,
    },
    picture::{BluePicture, Place, TrackStore},
    plan::polygon::Polygon,
    planning::proposal::Ruling,
    platform::{
        class::{Catalogue, Domain, Fire, TargetClass},
        damage::{Damage, Harm},
        energy::{EnergyModel, EnergyStore},
        kinematics::{Kinematics, MotionState},
        mover::EnergyLeft,
        stores::EffectorIx,
        truth::{BoardPlugin, Truth},
        vehicle::{Fleet, Vehicle},
    },
    sensing::{Evidence, View, model::measurement::Covariance2},
    wire::{MessageClass, Precedence},
};

pub(super) const POST: UnitIx = UnitIx(0);
pub(super) const ROBOT: UnitIx = UnitIx(1);
pub(super) const TANK: UnitIx = UnitIx(2);
pub(super) const FAR_TANK: UnitIx = UnitIx(3);
const TRUCK: UnitIx = UnitIx(4);

/// Class and side of each unit.
const UNITS: [(&str, u8); 5] = [
    ("command-vehicle", 0),
    ("ugv-armed", 0),
    ("main-battle-tank", 1),
    ("main-battle-tank", 1),
    ("truck", 2),
];

fn vehicle(class: &str, catalogue: &Catalogue) -> Vehicle {
    let class = catalogue.class(class).unwrap().clone();
    let mass_kg = class.mass_kg.value();
    Vehicle {
        gait: None,
        kinematics: Kinematics::from_class(&class.motion, mass_kg),
        energy: EnergyModel::from_class(&class.energy, &class.motion, mass_kg).unwrap(),
        radius_m: class.radius_m(),
        equipment_w: 5.0,
        return_share: 0.2,
        class: Arc::new(class),
    }
}

fn desk() -> DeskRules {
    DeskRules {
        at: "unit-0".into(),
        operators: 1,
        service: ServiceTime {
            median_s: 1.0,
            sigma_log: 0.0,
            floor_s: 0.0,
            law: ServiceLaw::LogNormal,
        },
        accept_confidence: 0.9,
        authorisation_valid_s: 60.0,
        proposal_valid_s: 60.0,
        patience: Patience::Fixed,
        lost_link_s: 60.0,
    }
}

fn order() -> OrderOfBattle {
    let side = |id: &str, hostile: &[u8]| Side {
        id: id.into(),
        hostile_to: hostile.iter().map(|ix| SideIx(*ix)).collect(),
        course: None,
        planner: crate::org::Planner::default(),
    };
    let doctrine = Doctrine {
        posture: Posture::WeaponsTight,
        engage_confidence: 0.9,
        rounds_per_target_max: 4,
        ..Doctrine::default()
    };
    let force = |at: u8| Force {
        id: format!("force-{at}"),
        side: SideIx(at),
        echelon: Echelon::Platoon,
        superior: None,
        command: (at == 0).then_some(POST),
        has_own_command: at == 0,
        doctrine: doctrine.clone(),
    };
    let unit = |(at, (_, side)): (usize, &(&str, u8))| UnitOrg {
        side: SideIx(*side),
        nation: NationIx(0),
        service: ServiceIx(0),
        force: ForceIx(u16::from(*side)),
        roles: (at == POST.at())
            .then_some(Role::Command)
            .into_iter()
            .collect(),
        releasable_to: None,
        stem: String::new(),
    };
    OrderOfBattle {
        sides: vec![side("blue", &[1]), side("red", &[0]), side("white", &[])],
        forces: (0..3).map(force).collect(),
        units: UNITS.iter().enumerate().map(unit).collect(),
        desks: vec![(POST, desk())],
        ..OrderOfBattle::default()
    }
}

/// A world with ticks of a second and units 1 km apart on a line.
fn world() -> World {
    let catalogue = Arc::new(Catalogue::shipped());
    let mut app = App::new();
    app.add_plugins((
        SchedulePlugin { dt_ms: 1000 },
        BoardPlugin,
        AccountingPlugin,
    ));
    let vehicles: Vec<_> = UNITS
        .iter()
        .map(|(class, _)| vehicle(class, &catalogue))
        .collect();
    let rows = (0..UNITS.len()).map(|at| {
        let (ix, id) = (UnitIx::from_at(at), UnitId(at as u64 + 10));
        let state = MotionState::at_rest(DVec3::new(1000.0 * at as f64, 0.0, 100.0), 0.0);
        let parts = (
            (
                ix,
                id,
                Truth(state),
                Damage::default(),
                TrackStore::default(),
            ),
            (
                BluePicture::default(),
                EnergyLeft(EnergyStore { share: 1.0 }),
            ),
        );
        let entity = app.world_mut().spawn(parts).id();
        UnitRow {
            id,
            entity,
            name: format!("unit-{at}"),
        }
    });
    let index = UnitIndex::new(rows.collect());
    let gun = Arc::new(catalogue.effector("machine-gun").unwrap().clone());
    let area = Polygon::rectangle(DVec2::new(900.0, -50.0), DVec2::new(2900.0, 50.0)).unwrap();
    let spec = |name: &str, kind, threshold| MeasureSpec {
        name: name.into(),
        side: SideIx(0),
        kind,
        unit: "1".into(),
        direction: Direction::Up,
        threshold,
    };
    let specs = vec![
        spec("arrived", MeasureKind::Reached { area }, Some(2.0)),
        spec(
            "quick",
            MeasureKind::EngagedWithin { within_s: 30.0 },
            Some(0.4),
        ),
    ];
    app.insert_resource(order())
        .insert_resource(index)
        .insert_resource(MeasureSpecs(specs))
        .insert_resource(Fleet::new(vehicles, vec![gun], catalogue));
    core::mem::take(app.world_mut())
}

fn detection(observer: UnitIx, at: SimTime) -> Detection {
    Detection {
        observer,
        at,
        position: DVec2::new(2000.0, 0.0),
        covariance: Covariance2::isotropic(5.0),
        evidence: Evidence {
            hostile_llr: 3.0,
            wreck_llr: 0.0,
            target: Some(TargetClass::Heavy),
            domain: Some(Domain::Land),
            view: View::DEED,
        },
        bearing: None,
        still: None,
        tag: ScoringTag::seal(Some(TANK)),
    }
}

fn proposal(at: SimTime) -> Proposal {
    Proposal {
        id: 77,
        post: POST,
        track: TrackRef {
            node: POST,
            number: 1,
        },
        confidence: 0.95,
        position: DVec2::new(2000.0, 0.0),
        velocity: DVec2::ZERO,
        sigma_m: 5.0,
        as_of: at,
        target: TargetClass::Heavy,
        domain: Domain::Land,
        shooter: ROBOT,
        effector: EffectorIx(0),
        shots: 2,
        proposed: at,
        tag: ScoringTag::seal(Some(TANK)),
    }
}

fn write<T: Send + Sync + 'static>(world: &mut World, message: T) {
    world.resource_mut::<Buffer<T>>().write(message);
}

fn part<T: bevy::prelude::Component<Mutability = bevy::ecs::component::Mutable>>(
    world: &mut World,
    ix: UnitIx,
    change: impl FnOnce(&mut T),
) {
    let entity = world.resource::<UnitIndex>().entity(ix);
    change(&mut world.get_mut::<T>(entity).unwrap());
}

/// A shot of the robot.
fn shot(at: SimTime) -> Shot {
    Shot {
        order: authorise(&proposal(SimTime::from_s(8.0)), POST, &desk(), at),
        fired: at,
        from: DVec3::new(1000.0, 0.0, 102.0),
        aim: DVec2::new(2000.0, 0.0),
        sigma_m: 10.0,
        impact: at.plus_s(2.0),
        rounds: 5,
        ordinal: 1,
        via: DVec3::new(1000.0, 0.0, 102.0),
        updates: 0,
        told: at,
        ends: Ends::Arrives,
    }
}

/// A shot of the robot that arrives.
fn adjudication(victim: UnitIx, at: SimTime, outcome: Outcome) -> Adjudication {
    let key = DrawKey::new(Stream::Shot, 11, u64::from(victim.0) + 10, 0);
    let shares = DamageShares {
        catastrophic: 1.0,
        firepower: 0.0,
        mobility: 0.0,
        sensor: 0.0,
        radio: 0.0,
    };
    let arrival = Arrival {
        from_rad: 0.0,
        dive_rad: 0.0,
        heading_rad: 0.0,
        halted_s: Some(60.0),
        is_on_land: true,
    };
    Adjudication {
        at,
        shot: shot(at),
        victim: Some(victim),
        fall: Fall {
            fire: Fire::Direct,
            sigma_m: 10.0,
            cep_m: 0.0,
            basket_m: None,
        },
        met: Vec::new(),
        decided: Some(Decided {
            effect: Effect {
                range_m: 1000.0,
                curve: None,
                shares,
                exposure: arrival.exposure((TargetClass::Heavy, Fire::Direct), None),
                arrival,
            },
            probability: 0.5,
            key,
            draw: key.uniform(7),
        }),
        outcome,
        damage: None,
        pins: Vec::new(),
    }
}

/// A unit detects the tank a number of times.
fn detect(world: &mut World, observer: UnitIx, times: u32) {
    let found = detection(observer, world.resource::<Clock>().now());
    for _ in 0..times {
        part(world, observer, |store: &mut TrackStore| {
            store.take(&[found], &mut Assigner::default());
        });
        write(world, found);
    }
}

/// What happens in each tick up to the shots.
fn happen(world: &mut World, second: u64) {
    let now = world.resource::<Clock>().now();
    match second {
        1 => write(
            world,
            Opportunity {
                observer: ROBOT,
                target: TANK,
                at: now,
            },
        ),
        3..=5 => detect(world, ROBOT, 1),
        6 => detect(world, POST, 3),
        8 => write(
            world,
            Proposed {
                proposal: proposal(now),
                grounds: None,
            },
        ),
        10 => {
            let (proposal, ruling) = (proposal(SimTime::from_s(8.0)), Ruling::Authorised);
            let at = now.plus_s(0.5);
            write(
                world,
                Ruled {
                    desk: POST,
                    proposal,
                    ruling,
                    by: Authoriser::Person,
                    leave: None,
                    at,
                    waited_s: 2.5,
                },
            );
        }
        12 | 13 => write(world, shot(now)),
        _ => follow(world, second, now),
    }
}

/// What happens after the shots.
fn follow(world: &mut World, second: u64, now: SimTime) {
    match second {
        14 => {
            let at = now.plus_s(0.5);
            write(
                world,
                adjudication(TANK, at, Outcome::Hit(Harm::Catastrophic)),
            );
            harm(world, TANK, Harm::Catastrophic, at);
        }
        15 => write(world, adjudication(TRUCK, now, Outcome::Miss)),
        16 => {
            let load = Load {
                energy_kwh: 0.25,
                ..Load::default()
            };
            write(
                world,
                Replenished {
                    unit: ROBOT,
                    depot: POST,
                    load,
                    at: now,
                },
            );
            part(world, ROBOT, |energy: &mut EnergyLeft| {
                energy.0 = EnergyStore { share: 0.75 }
            });
        }
        18 => {
            let place = Place {
                at: now,
                position: DVec3::new(1030.0, 40.0, 100.0),
                velocity: DVec3::ZERO,
            };
            part(world, POST, |picture: &mut BluePicture| {
                picture.learn_place(ROBOT, &place);
            });
            for delay_s in [Some(0.2), Some(3.0), Some(0.4), None] {
                write(
                    world,
                    Carried {
                        from: ROBOT,
                        to: POST,
                        class: MessageClass::Track,
                        precedence: Precedence::Priority,
                        delay_s,
                    },
                );
            }
        }
        20 => {
            let tag = ScoringTag::seal(Some(TANK));
            write(
                world,
                Assessed {
                    post: POST,
                    at: now,
                    is_destroyed: true,
                    tag,
                },
            );
        }
        25 => harm(world, ROBOT, Harm::Mobility, now),
        26 => harm(world, ROBOT, Harm::Firepower, now),
        _ => {}
    }
}

/// Harms a unit.
fn harm(world: &mut World, ix: UnitIx, harm: Harm, at: SimTime) {
    part(world, ix, |damage: &mut Damage| damage.add(harm, at));
}

/// A ruling that allows what is proposed against a unit.
fn allowed(target: UnitIx, id: u64, at: SimTime) -> (Proposed, Ruled) {
    let proposal = Proposal {
        id,
        tag: ScoringTag::seal(Some(target)),
        ..proposal(at)
    };
    let ruled = Ruled {
        desk: POST,
        proposal,
        ruling: Ruling::Authorised,
        by: Authoriser::Person,
        leave: None,
        at,
        waited_s: 1.0,
    };
    let grounds = None;
    (Proposed { proposal, grounds }, ruled)
}

/// Runs 100 s in which leave is given on the neutral truck, on a tank that nobody then fires at, and, too
/// late to run out, on the other one.
pub(super) fn mistaken() -> RunReport {
    let mut world = world();
    for second in 0..100 {
        let now = world.resource::<Clock>().now();
        let case = match second {
            5 => Some((TRUCK, 1)),
            10 => Some((FAR_TANK, 2)),
            80 => Some((TANK, 3)),
            _ => None,
        };
        if let Some((target, id)) = case {
            let (proposed, ruled) = allowed(target, id, now);
            write(&mut world, proposed);
            write(&mut world, ruled);
        }
        run_tick(&mut world);
    }
    summarise(&world)
}

/// Runs the story of 30 s.
pub(super) fn told() -> (RunReport, Vec<event::EventRow>, World) {
    let mut world = world();
    for second in 0..30 {
        happen(&mut world, second);
        run_tick(&mut world);
    }
    let report = summarise(&world);
    let events = take_events(&mut world);
    (report, events, world)
}
