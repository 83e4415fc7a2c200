//! Who hears whom radiate, and from where. See [`DirectionFinderPlugin`].
//!
//! A direction finder takes a bearing on whatever is on the air on its channels while it listens to
//! them, and strong enough over the ground between. It measures no range: what it guesses of one by
//! the strength of the signal is wrong by the same factor at every look, so that looking longer does
//! not help, and two finders, or one that moves, are needed for a fix.
//!
//! Left out: fading (a signal is heard or not by its median), sidelobes of radars, two emitters on
//! one channel that are taken for one, errors of the site that do not average out.

use std::collections::BTreeMap;

use bevy::prelude::{App, Entity, IntoScheduleConfigs, Local, Plugin, Query, Res, ResMut};
use glam::DVec3;

use super::{
    caught::{Act, Caught},
    detection::{DETECTABLE, Detection, Opportunity},
    evidence::{Evidence, View},
    finder::{Finder, Finders},
    look::look,
    suite::SensorSuites,
    transponder::report,
};
use crate::{
    environment::{Landscape, Weather},
    kernel::{
        dist,
        ids::{UnitIndex, UnitIx},
        math,
        messages::Buffer,
        random::{DrawKey, RunSeed, Stream},
        registry::StateAppExt,
        schedule::{Phase, SimTick},
        scoring::ScoringTag,
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    platform::{damage::Damage, emission::Emissions, truth::Board},
    spectrum::{
        Airwaves, Signal, Source,
        cell::PathCell,
        model::{propagation::free_space_loss_db, rain::rain_loss_db},
        path::GroundPath,
    },
};

/// Number of the draw behind a guessed range, which no look has.
const GUESS: u64 = u64::MAX;

/// Least height of an antenna above the ground, m.
const ANTENNA_LEAST_M: f64 = 0.5;

/// Paths between finders and emitters, each with the cells of its ends. Kept for their cost only: a
/// path follows from its cells.
#[derive(Debug, Default)]
struct Paths(BTreeMap<(UnitIx, UnitIx), ([PathCell; 2], GroundPath)>);

impl Paths {
    /// Loss at a frequency between a finder's antenna and an emitter's, dB.
    fn loss_db(
        &mut self,
        (finder, here): (UnitIx, DVec3),
        signal: &Signal,
        landscape: &Landscape,
    ) -> f64 {
        let cells = [PathCell::of(here), PathCell::of(signal.at)];
        let key = (finder, signal.unit);
        if let Some((_, path)) = self.0.get(&key).filter(|(known, _)| *known == cells) {
            return path.loss_db(signal.centre_hz);
        }
        let [here, there] = cells.map(|cell| cell.middle(ANTENNA_LEAST_M, landscape));
        let path = GroundPath::new((here, there), landscape);
        self.0.insert(key, (cells, path));
        path.loss_db(signal.centre_hz)
    }
}

/// What a look reads.
struct Scene<'a> {
    seed: u64,
    now: SimTime,
    rain_mm_h: f64,
    landscape: &'a Landscape,
    board: &'a Board,
    order: &'a OrderOfBattle,
    index: &'a UnitIndex,
}

/// One finder of a unit in one look.
struct Listener<'a> {
    unit: UnitIx,
    /// Number of the finder on its unit.
    number: u32,
    finder: &'a Finder,
    /// Its antenna.
    ear: DVec3,
    /// Hash of unit and finder, the subject of its draws.
    subject: u64,
    look: u64,
}

/// The loudest signal of a unit that a look caught.
#[derive(Debug, Clone, Copy)]
struct Heard {
    excess_db: f64,
    detection: Detection,
    caught: Caught,
}

impl Listener<'_> {
    /// Probability that the look catches a signal, and by how much it exceeds the sensitivity, dB.
    fn chance(&self, signal: &Signal, scene: &Scene<'_>, paths: &mut Paths) -> Option<(f64, f64)> {
        let way = self.ear - signal.at;
        let reaches = signal.is_within(self.finder.band_hz)
            && signal.radiates_towards(math::bearing(way.x, way.y));
        let probability = signal.intercept_probability(self.finder.dwell_s);
        let free_db = free_space_loss_db(signal.centre_hz, way.length().max(1.0));
        if !reaches || probability <= 0.0 || self.finder.excess_db(signal, free_db) < 0.0 {
            return None;
        }
        let ends = (signal.at, self.ear);
        let loss_db = paths.loss_db((self.unit, self.ear), signal, scene.landscape)
            + rain_loss_db(signal.centre_hz, ends, scene.rain_mm_h);
        let excess_db = self.finder.excess_db(signal, loss_db);
        (excess_db >= 0.0).then_some((probability, excess_db))
    }

    /// What a signal that exceeds the sensitivity by so much is to it.
    fn act(&self, signal: &Signal, excess_db: f64) -> Act {
        Act::Signal {
            source: signal.source,
            number: signal.number,
            on_air: signal.on_air,
            burst_s: signal.burst_s,
            dwell_s: self.finder.dwell_s,
            excess_db,
        }
    }

    /// The bearing that it takes on a signal that it caught.
    fn detect(&self, signal: &Signal, scene: &Scene<'_>) -> Detection {
        let object = scene.index.id(signal.unit).0;
        let draws = |stream, n| DrawKey::new(stream, self.subject, object, n).draws(scene.seed);
        let noise = dist::standard_normal(&mut draws(Stream::Bearing, self.look));
        let guess = dist::standard_normal(&mut draws(Stream::Intercept, GUESS));
        let from = self.ear.truncate();
        let relative = scene.board.piece(signal.unit).position.truncate() - from;
        let (position, covariance, bearing) = self.finder.measure((from, relative), (noise, guess));
        let sides = [self.unit, signal.unit].map(|ix| scene.order.unit(ix).side);
        let view = View::signal(self.number, signal.source);
        let key = DrawKey::new(Stream::Identification, self.subject, object, view.number());
        let judged = (view, key.uniform(scene.seed));
        Detection {
            observer: self.unit,
            at: scene.now,
            position,
            covariance,
            evidence: Evidence::overheard(scene.order.are_hostile(sides[0], sides[1]), judged),
            bearing: Some(bearing),
            still: None,
            tag: ScoringTag::seal(Some(signal.unit)),
        }
    }

    /// One look at everything on the air that is not of the own side, whose plan it knows. Of each unit
    /// the loudest signal gives the bearing.
    fn listen(
        &self,
        airwaves: &Airwaves,
        scene: &Scene<'_>,
        paths: &mut Paths,
        (heard, opportunities): (&mut BTreeMap<UnitIx, Heard>, &mut Buffer<Opportunity>),
    ) {
        let own = scene.order.unit(self.unit).side;
        let others = airwaves.signals().iter();
        for signal in others.filter(|signal| scene.order.unit(signal.unit).side != own) {
            let Some((probability, excess_db)) = self.chance(signal, scene, paths) else {
                continue;
            };
            if probability >= DETECTABLE {
                opportunities.write(Opportunity {
                    observer: self.unit,
                    target: signal.unit,
                    at: scene.now,
                });
            }
            let act = self.act(signal, excess_db);
            let (stream, object) = act.draw_of(scene.index.id(signal.unit).0);
            let key = DrawKey::new(stream, self.subject, object, self.look);
            let draw = key.uniform(scene.seed);
            let is_loudest = heard
                .get(&signal.unit)
                .is_none_or(|known| excess_db > known.excess_db);
            if is_loudest && draw < probability {
                let detection = self.detect(signal, scene);
                let caught = Caught {
                    observer: self.unit,
                    target: signal.unit,
                    at: scene.now,
                    sensor: self.number,
                    act,
                    key,
                    draw,
                };
                heard.insert(
                    signal.unit,
                    Heard {
                        excess_db,
                        detection,
                        caught,
                    },
                );
            }
        }
    }
}

/// Whether the sensors of a unit still work.
fn has_sensors(sensors: &Query<'_, '_, &Damage>, unit: Entity) -> bool {
    sensors.get(unit).map_or(true, Damage::can_see)
}

/// Tells those who listen which radars are at work.
fn radars_are_heard(
    (clock, board): (Res<'_, Clock>, Res<'_, Board>),
    (suites, emissions): (Res<'_, SensorSuites>, Res<'_, Emissions>),
    (index, sensors): (Res<'_, UnitIndex>, Query<'_, '_, &Damage>),
    mut airwaves: ResMut<'_, Airwaves>,
) {
    if !airwaves.is_heard() || !clock.is_due(1.0, 0) {
        return;
    }
    let mut signals = Vec::new();
    for (unit, piece) in board.iter() {
        let does_work = piece.is_alive && has_sensors(&sensors, index.entity(unit));
        if !does_work || !emissions.is_free(unit) {
            continue;
        }
        for (number, sensor) in (0..=u16::MAX).zip(suites.of(unit)) {
            let Some(beam) = sensor.beam else {
                continue;
            };
            signals.push(Signal {
                unit,
                source: Source::Radar,
                number,
                at: piece.position + DVec3::Z * sensor.height_m,
                centre_hz: beam.centre_hz,
                width_hz: beam.width_hz,
                eirp_dbm: beam.eirp_dbm,
                on_air: beam.share,
                burst_s: beam.share * sensor.period_s,
                sector_rad: [piece.heading_rad, sensor.half_sector_rad],
            });
        }
    }
    airwaves.put(Source::Radar, signals);
}

/// Lets every direction finder that is due listen.
fn listen(
    (clock, seed, index): (Res<'_, Clock>, Res<'_, RunSeed>, Res<'_, UnitIndex>),
    (weather, landscape, board): (Res<'_, Weather>, Res<'_, Landscape>, Res<'_, Board>),
    (order, finders, airwaves): (Res<'_, OrderOfBattle>, Res<'_, Finders>, Res<'_, Airwaves>),
    sensors: Query<'_, '_, &Damage>,
    mut paths: Local<'_, Paths>,
    (mut detections, mut opportunities, mut caught): (
        ResMut<'_, Buffer<Detection>>,
        ResMut<'_, Buffer<Opportunity>>,
        ResMut<'_, Buffer<Caught>>,
    ),
) {
    if !airwaves.is_heard() {
        return;
    }
    let scene = Scene {
        seed: seed.0,
        now: clock.now(),
        rain_mm_h: weather.rain_mm_h,
        landscape: &landscape,
        board: &board,
        order: &order,
        index: &index,
    };
    for ((unit, row), finders) in index.iter().zip(&finders.0) {
        let piece = board.piece(unit);
        if !piece.is_alive || !has_sensors(&sensors, row.entity) {
            continue;
        }
        let mut heard = BTreeMap::new();
        for (number, finder) in (0_u32..).zip(finders) {
            if !clock.is_due(finder.period_s, row.id.0 % 1000) {
                continue;
            }
            let listener = Listener {
                unit,
                number,
                finder,
                ear: piece.position + DVec3::Z * finder.antenna_m,
                subject: row.id.0.rotate_left(number + 1),
                look: scene.now.0 / SimTime::from_s(finder.period_s).0.max(1),
            };
            listener.listen(
                &airwaves,
                &scene,
                &mut paths,
                (&mut heard, &mut opportunities),
            );
        }
        for found in heard.into_values() {
            detections.write(found.detection);
            caught.write(found.caught);
        }
    }
}

/// Radars are heard and direction finders listen in the phase `Sense`, after the looks.
#[derive(Debug)]
pub struct DirectionFinderPlugin;

impl Plugin for DirectionFinderPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Finders>()
            .init_resource::<Airwaves>()
            .register_state_resource_if_used::<Airwaves>()
            .add_systems(
                SimTick,
                (radars_are_heard, listen)
                    .chain()
                    .in_set(Phase::Sense)
                    .after(look)
                    .after(report),
            );
    }
}
