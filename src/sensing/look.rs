//! Looks: each sensor in its own rhythm, staggered by unit. See [`SensingPlugin`].
//!
//! One detection process per sensor and target: the draw of a look is named by observer, sensor,
//! target and the number of the look, so that nobody else's looks disturb it.

use bevy::prelude::{App, Component, IntoScheduleConfigs, Local, Plugin, Query, Res, ResMut, With};
use glam::{DVec2, DVec3};
use serde::{Deserialize, Serialize};

use super::{
    cue::{CuePlugin, Cues, dwell_s},
    detection::{DETECTABLE, Detection, Opportunity},
    evidence::{Evidence, Level, Subject, View},
    false_alarm::false_alarms,
    model::{
        optical::Seeing,
        sonar::{Listener, SonarParameters, radiated_level_db},
    },
    still::Still,
    suite::{SensorSuites, SensorUnit, Works, radar_domain},
    transponder::TransponderPlugin,
};
use crate::{
    environment::{Landscape, Weather},
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
        class::Domain,
        truth::{Board, Piece},
        vehicle::{Fleet, Vehicle},
    },
};

/// Spreading of sound between spherical and cylindrical (MODELS §1.5, ns-3's default).
const SPREADING: f64 = 1.5;

/// How much quieter than at cruise a hull is at rest, dB (notional, 20 to 40).
const MACHINERY_DROP_DB: f64 = 30.0;

/// How often each sensor of a unit has looked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Component, Serialize, Deserialize)]
pub struct Looks(pub Vec<u64>);

/// Everything static or shared that a look reads.
struct Scene<'a> {
    seed: u64,
    now: SimTime,
    weather: &'a Weather,
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
}

/// Where the outcome of looks goes.
struct Found<'a> {
    detections: &'a mut Buffer<Detection>,
    opportunities: &'a mut Buffer<Opportunity>,
}

/// Point of a unit that others see: the middle of its height, below the surface for a diver.
fn body_point(piece: &Piece, vehicle: &Vehicle) -> DVec3 {
    piece.position + DVec3::new(0.0, 0.0, 0.5 * vehicle.class.height_m.value())
}

/// A sonar in the noise of the weather.
fn listener(sonar: &SonarParameters, weather: &Weather) -> Listener {
    Listener::new(sonar, weather.shipping, weather.wind_m_s, SPREADING)
}

/// Probabilities of detection, recognition and identification of one look.
fn probabilities(
    observer: &Observer<'_>,
    target: UnitIx,
    range_m: f64,
    scene: &Scene<'_>,
) -> [f64; 3] {
    let vehicle = scene.fleet.vehicle(target);
    let piece = scene.board.piece(target);
    let class = &vehicle.class;
    let underwater = class.domain == Domain::Subsurface && piece.position.z < -2.0;
    match &observer.sensor.works {
        Works::Radar {
            radar,
            sees,
            speed_min_m_s,
        } => {
            let is_seen = radar_domain(class.domain).is_some_and(|kind| sees[kind]);
            if !is_seen || underwater || piece.velocity.length() < *speed_min_m_s {
                return [0.0; 3];
            }
            let snr = radar.snr(class.signature.radar_m2.value(), range_m);
            [radar.detection_probability(snr, 0.0), 0.0, 0.0]
        }
        Works::Optical {
            optics,
            n50,
            dwell_s: scan_s,
        } => {
            if underwater {
                return [0.0; 3];
            }
            let lux = scene.weather.light.illuminance_lux();
            let seeing = Seeing::new(optics.band, scene.weather.visibility_m, lux);
            let size_m = class.critical_dimension_m();
            let place = piece.position.truncate();
            let dwell_s = dwell_s(*scan_s, observer.sensor.period_s, &observer.places, place);
            let tell = |n50: f64| optics.static_probability(size_m, range_m, n50, &seeing);
            [
                optics.search_probability(size_m, range_m, n50.detection, &seeing, dwell_s),
                tell(n50.recognition),
                tell(n50.identification),
            ]
        }
        Works::Passive { sonar } => {
            let Some(noise) = &class.signature.underwater_noise_db else {
                return [0.0; 3];
            };
            let cruise = vehicle.kinematics.speed_cruise_m_s().max(0.1);
            let (reference, speed) = (noise.value(), piece.velocity.length());
            let level = radiated_level_db(reference, cruise, speed, reference - MACHINERY_DROP_DB);
            let listener = listener(sonar, scene.weather);
            let excess = listener.passive_excess_db(level, range_m);
            [listener.detection_probability(excess), 0.0, 0.0]
        }
        Works::Active {
            sonar,
            source_level_db,
        } => {
            let Some(strength) = &class.signature.target_strength_db else {
                return [0.0; 3];
            };
            let listener = listener(sonar, scene.weather);
            let excess = listener.active_excess_db(*source_level_db, strength.value(), range_m);
            [listener.detection_probability(excess), 0.0, 0.0]
        }
    }
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
    let [detect, recognise, identify] = probabilities(observer, target, range_m, scene);
    if detect < 1e-4 || !memo.is_clear(observer.eye, body, scene.landscape, scene.field) {
        return;
    }
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
        is_wreck: !scene.board.piece(target).is_alive,
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

/// Lets every sensor that is due look.
pub(super) fn look(
    (clock, seed, weather): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, Weather>),
    (landscape, field, board): (Res<'_, Landscape>, Res<'_, ObstacleField>, Res<'_, Board>),
    (fleet, order, index): (Res<'_, Fleet>, Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    suites: Res<'_, SensorSuites>,
    (mut memo, mut near): (ResMut<'_, SightMemo>, Local<'_, Vec<u32>>),
    mut outcome: (
        ResMut<'_, Buffer<Detection>>,
        ResMut<'_, Buffer<Opportunity>>,
    ),
    mut units: Query<'_, '_, (&mut Looks, &Cues), With<UnitId>>,
) {
    let scene = Scene {
        seed: seed.0,
        now: clock.now(),
        weather: &weather,
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
    };
    for (ix, row) in index.iter() {
        let suite = suites.of(ix);
        let due = |sensor: &SensorUnit| clock.is_due(sensor.period_s, row.id.0 % 1000);
        if !board.piece(ix).is_alive || !suite.iter().any(due) {
            continue;
        }
        let Ok((mut looks, cues)) = units.get_mut(row.entity) else {
            continue;
        };
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
        app.add_plugins((CuePlugin, TransponderPlugin))
            .init_resource::<SensorSuites>()
            .add_buffer::<Detection>()
            .add_buffer::<Opportunity>()
            .register_state::<Looks>()
            .add_systems(SimTick, look.in_set(Phase::Sense));
    }
}
