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

use bevy::prelude::{App, IntoScheduleConfigs, Local, Plugin, Res, ResMut, Resource};
use glam::{DVec2, DVec3};

use super::{
    detection::{Bearing, DETECTABLE, Detection, Opportunity},
    evidence::{Evidence, View},
    look::look,
    model::measurement::Covariance2,
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
    platform::{
        class::{SensorKind, SensorSpec},
        emission::Emissions,
        truth::Board,
    },
    spectrum::{
        Airwaves, Signal, Source,
        cell::PathCell,
        model::{propagation::free_space_loss_db, rain::rain_loss_db},
        path::GroundPath,
    },
};

/// Standard deviation of the logarithm of a guessed range: 7 dB of doubt about power and path at 40 dB
/// a decade (notional, 0.2 to 0.7).
const GUESS_SIGMA_LOG: f64 = 0.4;

/// Standard deviation of a guessed range that is owned up to, as a share of it: a guess of half the
/// range is as likely as one of twice (notional, 0.5 to 1).
const GUESS_SHARE: f64 = 0.75;

/// Number of the draw behind a guessed range, which no look has.
const GUESS: u64 = u64::MAX;

/// Least height of an antenna above the ground, m.
const ANTENNA_LEAST_M: f64 = 0.5;

/// A direction finder of a unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finder {
    /// Lowest and highest frequency, Hz.
    pub band_hz: [f64; 2],
    /// Width of a channel, Hz.
    pub channel_hz: f64,
    /// Power in a channel from which on it takes a bearing, dBm.
    pub sensitivity_dbm: f64,
    /// Standard deviation of a bearing, rad.
    pub bearing_sigma_rad: f64,
    /// Time between two looks, s.
    pub period_s: f64,
    /// Time that it listens to each channel in a look, s.
    pub dwell_s: f64,
    /// Height of its antenna above the unit's reference point, m.
    pub antenna_m: f64,
}

impl Finder {
    /// Works a catalogue sensor out; `None` for what is no direction finder.
    #[must_use]
    pub fn from_spec(spec: &SensorSpec) -> Option<Self> {
        let SensorKind::DirectionFinder {
            frequency_low_mhz,
            frequency_high_mhz,
            channel_khz,
            sensitivity_dbm,
            bearing_sigma_deg,
            scan_period_s,
            dwell_s,
            antenna_height_m,
        } = &spec.kind
        else {
            return None;
        };
        Some(Self {
            band_hz: [frequency_low_mhz, frequency_high_mhz].map(|it| it.value() * 1e6),
            channel_hz: channel_khz.value() * 1e3,
            sensitivity_dbm: sensitivity_dbm.value(),
            bearing_sigma_rad: bearing_sigma_deg.value().to_radians(),
            period_s: scan_period_s.value(),
            dwell_s: dwell_s.value(),
            antenna_m: antenna_height_m.value(),
        })
    }

    /// By how much a signal exceeds the sensitivity after a loss on its way, dB.
    fn excess_db(&self, signal: &Signal, loss_db: f64) -> f64 {
        signal.in_channel_dbm(self.channel_hz) - loss_db - self.sensitivity_dbm
    }

    /// The detection of an emitter at a place relative to the finder, m, by draws of two normals for
    /// this look, of which the second errs in bearing, and of one for all looks, which errs in range.
    fn measure(
        &self,
        (from, relative): (DVec2, DVec2),
        (bearing_normal, range_normal): (f64, f64),
    ) -> (DVec2, Covariance2, Bearing) {
        let true_rad = math::bearing(relative.x, relative.y);
        let bearing_rad = true_rad + self.bearing_sigma_rad * bearing_normal;
        let range_m = relative.length() * math::exp(GUESS_SIGMA_LOG * range_normal);
        let (sin, cos) = math::sincos(bearing_rad);
        let bearing = Bearing {
            from,
            bearing_rad,
            sigma_rad: self.bearing_sigma_rad,
        };
        let covariance = Covariance2::along_bearing(
            bearing_rad,
            (GUESS_SHARE * range_m).max(1.0),
            (range_m * self.bearing_sigma_rad).max(1.0),
        );
        (from + range_m * DVec2::new(sin, cos), covariance, bearing)
    }
}

/// The direction finders of all units by rank. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Finders(pub Vec<Vec<Finder>>);

impl Finders {
    /// Whether nobody has any.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Vec::is_empty)
    }
}

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

    /// The bearing that it takes on a signal that it caught.
    fn detect(&self, signal: &Signal, scene: &Scene<'_>) -> Detection {
        let object = scene.index.id(signal.unit).0;
        let draws = |stream, n| DrawKey::new(stream, self.subject, object, n).draws(scene.seed);
        let noise = dist::standard_normal(&mut draws(Stream::Measurement, self.look));
        let guess = dist::standard_normal(&mut draws(Stream::Intercept, GUESS));
        let from = self.ear.truncate();
        let relative = scene.board.piece(signal.unit).position.truncate() - from;
        let (position, covariance, bearing) =
            self.finder.measure((from, relative), (noise, guess));
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
            let emitter = u64::from(signal.number) << 2 | signal.source as u64;
            let object = scene.index.id(signal.unit).0.rotate_left(32) ^ emitter;
            let key = DrawKey::new(Stream::Intercept, self.subject, object, self.look);
            let is_loudest = heard
                .get(&signal.unit)
                .is_none_or(|known| excess_db > known.excess_db);
            if is_loudest && key.uniform(scene.seed) < probability {
                let detection = self.detect(signal, scene);
                heard.insert(
                    signal.unit,
                    Heard {
                        excess_db,
                        detection,
                    },
                );
            }
        }
    }
}

/// Tells those who listen which radars are at work.
fn radars_are_heard(
    (clock, board): (Res<'_, Clock>, Res<'_, Board>),
    (suites, emissions): (Res<'_, SensorSuites>, Res<'_, Emissions>),
    mut airwaves: ResMut<'_, Airwaves>,
) {
    if !airwaves.is_heard() || !clock.is_due(1.0, 0) {
        return;
    }
    let mut signals = Vec::new();
    for (unit, piece) in board.iter() {
        if !piece.is_alive || !emissions.is_free(unit) {
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
    (order, finders, airwaves): (
        Res<'_, OrderOfBattle>,
        Res<'_, Finders>,
        Res<'_, Airwaves>,
    ),
    mut paths: Local<'_, Paths>,
    (mut detections, mut opportunities): (
        ResMut<'_, Buffer<Detection>>,
        ResMut<'_, Buffer<Opportunity>>,
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
        let mut heard = BTreeMap::new();
        for (number, finder) in (0_u32..).zip(finders) {
            if !piece.is_alive || !clock.is_due(finder.period_s, row.id.0 % 1000) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    /// The finder of this name.
    fn finder(name: &str) -> Finder {
        Finder::from_spec(Catalogue::shipped().sensor(name).unwrap()).unwrap()
    }

    #[test]
    fn a_finder_hears_a_handheld_radio_and_no_radar_and_the_other_way_about() {
        let [radios, radars] = ["df-vehicle", "esm-radar"].map(finder);
        let signal = |centre_hz, width_hz, eirp_dbm| Signal {
            unit: UnitIx(1),
            source: Source::Radio,
            number: 0,
            at: DVec3::ZERO,
            centre_hz,
            width_hz,
            eirp_dbm,
            on_air: 1.0,
            burst_s: 1.0,
            sector_rad: [0.0, 0.5 * math::TAU],
        };
        let (radio, radar) = (signal(53e6, 25e3, 37.0), signal(9.4e9, 4e6, 104.0));
        assert!(radio.is_within(radios.band_hz) && !radio.is_within(radars.band_hz));
        assert!(radar.is_within(radars.band_hz) && !radar.is_within(radios.band_hz));
        // 5 W reach -107 dBm after 144 dB; a 25 kW magnetron with 30 dB reaches -65 dBm after 169 dB.
        assert!((radios.excess_db(&radio, 144.0)).abs() < 1e-9);
        assert!((radars.excess_db(&radar, 169.0)).abs() < 1e-9);
    }

    /// Bearings err as the catalogue says, and ranges by the same factor at every look.
    #[test]
    fn bearings_average_out_and_ranges_do_not() {
        let finder = finder("df-vehicle");
        let relative = DVec2::new(3000.0, 4000.0);
        let (n, guess) = (4000_u64, 1.0);
        let (mut sum, mut squares) = (0.0, 0.0);
        for look in 0..n {
            let mut draws = DrawKey::new(Stream::Measurement, 1, 2, look).draws(9);
            let noise = dist::standard_normal(&mut draws);
            let (position, covariance, bearing) =
                finder.measure((DVec2::ZERO, relative), (noise, guess));
            let error_rad = math::wrap_pi(bearing.bearing_rad - math::bearing(3000.0, 4000.0));
            sum += error_rad;
            squares += error_rad * error_rad;
            assert!((position.length() / 5000.0 - math::exp(0.4)).abs() < 1e-9);
            assert!(covariance.major_sigma() > 0.7 * position.length());
        }
        let sigma_rad = finder.bearing_sigma_rad;
        let count = 4000.0_f64;
        // Four standard errors of a mean and of a standard deviation.
        assert!((sum / count).abs() < 4.0 * sigma_rad / count.sqrt());
        let found = (squares / count).sqrt();
        assert!((found / sigma_rad - 1.0).abs() < 4.0 / (2.0 * count).sqrt());
    }
}
