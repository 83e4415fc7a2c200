//! Looks: each sensor in its own rhythm, staggered by unit. See [`SensingPlugin`].
//!
//! One detection process per sensor and target: the draw of a look is named by observer, sensor,
//! target and the number of the look, so that nobody else's looks disturb it.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Local, Plugin, Query, Res, ResMut, With};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    caught::Caught,
    cue::{CuePlugin, Cues, dwell_s},
    detection::{DETECTABLE, Detection, Opportunity},
    direction_finder::DirectionFinderPlugin,
    evidence::{Evidence, Level, Subject, View},
    false_alarm::false_alarms,
    glance::{Glance, Sighting},
    inbound::InboundPlugin,
    still::Still,
    suite::{SensorSuites, SensorUnit, Works},
    transponder::TransponderPlugin,
    veil::veiled,
    weapon_locating::WeaponLocatingPlugin,
};
use crate::{
    environment::{Landscape, Sun, Weather},
    geo::sight::horizon_m,
    kernel::{
        dist,
        ids::{UnitId, UnitIndex, UnitIx},
        math,
        messages::{Buffer, BufferAppExt},
        random::{DrawKey, Draws, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    physics::{ObstacleField, SightMemo},
    platform::{
        class::{Domain, Figure},
        damage::Damage,
        emission::Emissions,
        suppression::Suppression,
        truth::{Board, Piece},
        vehicle::{Fleet, Vehicle},
    },
};

/// How often each sensor of a unit has looked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct Looks(pub Vec<u64>);

/// Everything static or shared that a look reads.
struct Scene<'a> {
    seed: u64,
    now: SimTime,
    weather: &'a Weather,
    /// Light on the ground, lux.
    illuminance_lux: f64,
    landscape: &'a Landscape,
    field: &'a ObstacleField,
    board: &'a Board,
    fleet: &'a Fleet,
    order: &'a OrderOfBattle,
    index: &'a UnitIndex,
}

/// Who looks with what, from where.
struct Observer<'a> {
    ix: UnitIx,
    sensor: &'a SensorUnit,
    eye: DVec3,
    heading_rad: f64,
    /// Number of the sensor on its unit.
    number: u32,
    /// Hash of unit and sensor, the subject of its draws.
    subject: u64,
    look: u64,
    /// Where it was told to look, m.
    places: Vec<DVec2>,
    /// Share of its time that it gives to looking: less under fire.
    attention: f64,
}

/// Where the outcome of looks goes.
struct Found<'a> {
    detections: &'a mut Buffer<Detection>,
    opportunities: &'a mut Buffer<Opportunity>,
    sightings: &'a mut Buffer<Sighting>,
}

/// Point of a unit that others see: the middle of its height, below the surface for a diver.
fn body_point(piece: &Piece, vehicle: &Vehicle) -> DVec3 {
    piece.position + DVec3::new(0.0, 0.0, 0.5 * vehicle.class.height_m.value())
}

/// What the chance of a look at a unit follows from.
fn glance(observer: &Observer<'_>, (target, range_m): (UnitIx, f64), scene: &Scene<'_>) -> Glance {
    let vehicle = scene.fleet.vehicle(target);
    let piece = scene.board.piece(target);
    let class = &vehicle.class;
    let signature = &class.signature;
    let (weather, place) = (scene.weather, piece.position.truncate());
    Glance {
        range_m,
        domain: class.domain,
        is_submerged: class.domain == Domain::Subsurface && piece.position.z < -2.0,
        speed_m_s: piece.velocity.length(),
        cruise_m_s: vehicle.kinematics.speed_cruise_m_s(),
        size_m: class.critical_dimension_m(),
        radar_m2: signature.radar_m2.value(),
        noise_db: signature.underwater_noise_db.as_ref().map(Figure::value),
        strength_db: signature.target_strength_db.as_ref().map(Figure::value),
        visibility_m: weather.visibility_m,
        illuminance_lux: scene.illuminance_lux,
        shipping: weather.shipping,
        wind_m_s: weather.wind_m_s,
        dwell_s: match observer.sensor.works {
            Works::Optical {
                dwell_s: scan_s, ..
            } => {
                let period_s = observer.sensor.period_s;
                observer.attention * dwell_s(scan_s, period_s, &observer.places, place)
            }
            _ => 0.0,
        },
        rain_mm_h: weather.rain_mm_h,
        clutter_m2: match observer.sensor.clutter {
            Some(cell) if class.domain == Domain::Surface => {
                cell.echo_m2(range_m, observer.eye.z, f64::from(weather.sea_state))
            }
            _ => 0.0,
        },
        cover: 1.0,
        open: 1.0,
    }
}

/// Probability of detection below which a look is not worth its draw.
const WORTH_WHILE: f64 = 1e-4;

/// A glance at what is in sight, with its chances; none where nothing can come of it.
fn seen(
    observer: &Observer<'_>,
    (target, body): (UnitIx, DVec3),
    glance: Glance,
    scene: &Scene<'_>,
    memo: &mut SightMemo,
) -> Option<(Glance, [f64; 3])> {
    let works = &observer.sensor.works;
    let in_the_open = glance.chances(works);
    if in_the_open[0] < WORTH_WHILE
        || !memo.is_clear(observer.eye, body, scene.landscape, scene.field)
    {
        return None;
    }
    let units = (scene.index.id(observer.ix), scene.index.id(target));
    let place = (scene.landscape, scene.seed);
    let glance = veiled(glance, works, place, units, (observer.eye, body))?;
    let chances = if glance.cover < 1.0 {
        glance.chances(works)
    } else {
        in_the_open
    };
    (chances[0] >= WORTH_WHILE).then_some((glance, chances))
}

/// Looks at one unit.
fn look_at(
    observer: &Observer<'_>,
    target: UnitIx,
    scene: &Scene<'_>,
    memo: &mut SightMemo,
    found: &mut Found<'_>,
) {
    let piece = scene.board.piece(target);
    let vehicle = scene.fleet.vehicle(target);
    let body = body_point(piece, vehicle);
    let relative = body - observer.eye;
    let range_m = relative.length();
    let [near, far] = observer.sensor.range_m;
    if range_m < near || range_m > far || range_m > horizon_reach(observer.eye.z, body.z) {
        return;
    }
    let off_bow = math::wrap_pi(math::bearing(relative.x, relative.y) - observer.heading_rad);
    if off_bow.abs() > observer.sensor.half_sector_rad {
        return;
    }
    let glance = glance(observer, (target, range_m), scene);
    let Some((glance, [detect, recognise, identify])) =
        seen(observer, (target, body), glance, scene, memo)
    else {
        return;
    };
    if detect >= DETECTABLE && piece.is_alive {
        found.opportunities.write(Opportunity {
            observer: observer.ix,
            target,
            at: scene.now,
        });
    }
    let object = scene.index.id(target).0;
    let key = |stream| DrawKey::new(stream, observer.subject, object, observer.look);
    let draw = key(Stream::Detection).uniform(scene.seed);
    if draw >= detect {
        return;
    }
    found.sightings.write(Sighting {
        observer: observer.ix,
        target,
        at: scene.now,
        sensor: observer.number,
        works: observer.sensor.works,
        glance,
        probability: detect,
        key: key(Stream::Detection),
        draw,
    });
    let mut draws = key(Stream::Measurement).draws(scene.seed);
    let flat = relative.truncate();
    let error = observer.sensor.sigma.at(flat.length());
    let measured = error.measured(flat, dist::standard_normal_pair(&mut draws));
    let mut draws = key(Stream::Assessment).draws(scene.seed);
    let chances = [recognise, identify];
    let subject = subject(observer.ix, target, scene);
    let seen = (subject, target, range_m);
    let evidence = tell(observer, seen, chances, scene, &mut draws);
    let still = match observer.sensor.works {
        Works::Optical { .. } => {
            let name = observer.subject.rotate_left(32) ^ object;
            Still::take(subject, chances, (observer.number, range_m), name)
        }
        _ => None,
    };
    found.detections.write(Detection {
        observer: observer.ix,
        at: scene.now,
        position: observer.eye.truncate() + measured,
        covariance: error.covariance(measured),
        evidence,
        bearing: None,
        still,
        tag: ScoringTag::seal(Some(target)),
    });
}

/// What there is to tell of a unit for an observer.
fn subject(observer: UnitIx, target: UnitIx, scene: &Scene<'_>) -> Subject {
    let class = &scene.fleet.vehicle(target).class;
    let sides = [observer, target].map(|ix| scene.order.unit(ix).side);
    Subject {
        is_hostile: scene.order.are_hostile(sides[0], sides[1]),
        appearance: scene.board.piece(target).appearance,
        target: class.protection,
        domain: class.domain,
    }
}

/// What the observer can say of what it sees.
fn tell(
    observer: &Observer<'_>,
    (subject, target, range_m): (Subject, UnitIx, f64),
    [recognise, identify]: [f64; 2],
    scene: &Scene<'_>,
    draws: &mut Draws,
) -> Evidence {
    let skill = draws.uniform();
    let level = if skill < identify {
        Level::Identification
    } else if skill < recognise {
        Level::Recognition
    } else {
        Level::Detection
    };
    // Whoever looks again from the same distance makes the same mistake again.
    let view = View::new(observer.number, level, range_m);
    let object = scene.index.id(target).0;
    let key = DrawKey::new(
        Stream::Identification,
        observer.subject,
        object,
        view.number(),
    );
    let judgement = key.uniform(scene.seed);
    Evidence::observe(level, &subject, (view, judgement), draws)
}

/// How far two heights can see each other over a smooth earth, m.
pub(super) fn horizon_reach(a_m: f64, b_m: f64) -> f64 {
    // Heights are above the sea; over land the ground is higher, and the line of sight decides.
    horizon_m(a_m.max(2.0), b_m.max(2.0)).max(1000.0)
}

/// What a unit needs to look.
type LookerQuery<'a> = (
    &'a mut Looks,
    &'a Cues,
    Option<&'a Damage>,
    Option<&'a Suppression>,
);

/// Share of its time that a unit gives to looking: less under fire.
pub(super) fn attention(pinned: Option<&Suppression>, fleet: &Fleet, now: SimTime) -> f64 {
    let rules = fleet.catalogue().vulnerability.as_ref();
    pinned.zip(rules).map_or(1.0, |(pinned, rules)| {
        pinned.sight_share(now, &rules.suppression)
    })
}

/// Lets every sensor that is due look.
pub(super) fn look(
    (clock, seed): (Res<'_, Clock>, Res<'_, RunSeed>),
    (weather, sun): (Res<'_, Weather>, Res<'_, Sun>),
    (landscape, field, board): (Res<'_, Landscape>, Res<'_, ObstacleField>, Res<'_, Board>),
    (fleet, order, index): (Res<'_, Fleet>, Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    (suites, emissions): (Res<'_, SensorSuites>, Res<'_, Emissions>),
    (mut memo, mut near): (ResMut<'_, SightMemo>, Local<'_, Vec<u32>>),
    mut outcome: (
        ResMut<'_, Buffer<Detection>>,
        ResMut<'_, Buffer<Opportunity>>,
        ResMut<'_, Buffer<Sighting>>,
    ),
    mut units: Query<'_, '_, LookerQuery<'_>, With<UnitId>>,
) {
    let scene = Scene {
        seed: seed.0,
        now: clock.now(),
        weather: &weather,
        illuminance_lux: sun.illuminance_lux(weather.light, clock.now().as_s()),
        landscape: &landscape,
        field: &field,
        board: &board,
        fleet: &fleet,
        order: &order,
        index: &index,
    };
    let mut found = Found {
        detections: &mut outcome.0,
        opportunities: &mut outcome.1,
        sightings: &mut outcome.2,
    };
    for (ix, row) in index.iter() {
        let suite = suites.of(ix);
        let may_radiate = emissions.is_free(ix);
        let due = |sensor: &SensorUnit| {
            sensor.works.looks()
                && clock.is_due(sensor.period_s, row.id.0 % 1000)
                && (may_radiate || !sensor.works.radiates())
        };
        if !board.piece(ix).is_alive || !suite.iter().any(due) {
            continue;
        }
        let Ok((mut looks, cues, damage, pinned)) = units.get_mut(row.entity) else {
            continue;
        };
        if damage.is_some_and(|damage| !damage.can_see()) {
            continue;
        }
        let attention = attention(pinned, &fleet, clock.now());
        for (number, sensor) in suite.iter().enumerate().filter(|(_, sensor)| due(sensor)) {
            let piece = board.piece(ix);
            let can_see = |place: DVec2| is_in_view(sensor, piece, place);
            let observer = Observer {
                ix,
                sensor,
                eye: piece.position + DVec3::new(0.0, 0.0, sensor.height_m),
                heading_rad: piece.heading_rad,
                number: u32::try_from(number).unwrap_or(0),
                subject: row.id.0.rotate_left(u32::try_from(number).unwrap_or(0) + 1),
                look: looks.0[number],
                places: cues.places(clock.now(), can_see),
                attention,
            };
            looks.0[number] += 1;
            look_around(&observer, &scene, &mut memo, &mut near, &mut found);
        }
    }
}

/// Whether a sensor reaches a place and can turn to it.
fn is_in_view(sensor: &SensorUnit, piece: &Piece, place: DVec2) -> bool {
    let way = place - piece.position.truncate();
    let off_bow = math::wrap_pi(math::bearing(way.x, way.y) - piece.heading_rad);
    way.length() <= sensor.range_m[1] && off_bow.abs() <= sensor.half_sector_rad
}

/// One look of one sensor at everything in reach that is not of its own side.
fn look_around(
    observer: &Observer<'_>,
    scene: &Scene<'_>,
    memo: &mut SightMemo,
    near: &mut Vec<u32>,
    found: &mut Found<'_>,
) {
    let centre = observer.eye.truncate();
    scene
        .board
        .near_into(centre, observer.sensor.range_m[1], near);
    let own = scene.order.unit(observer.ix).side;
    for target in near.iter().map(|ix| UnitIx(*ix)) {
        // The own side answers to identification friend or foe and is left out of the search.
        if scene.order.unit(target).side != own {
            look_at(observer, target, scene, memo, found);
        }
    }
    false_alarms(
        (observer.ix, observer.subject),
        observer.sensor,
        (centre, observer.heading_rad),
        (scene.now, observer.look),
        scene.seed,
        |detection| found.detections.write(detection),
    );
}

/// Sensors look in the phase `Sense`.
#[derive(Debug)]
pub struct SensingPlugin;

impl Plugin for SensingPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            CuePlugin,
            TransponderPlugin,
            InboundPlugin,
            DirectionFinderPlugin,
            WeaponLocatingPlugin,
        ))
        .init_resource::<SensorSuites>()
        .add_buffer::<Detection>()
        .add_buffer::<Opportunity>()
        .add_buffer::<Sighting>()
        .add_buffer::<Caught>()
        .register_state::<Looks>()
        .add_systems(SimTick, look.in_set(Phase::Sense));
    }
}
