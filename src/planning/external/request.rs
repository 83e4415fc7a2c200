//! What a post believes and asks, as one line of JSON. See [`Request`].
//!
//! Every key is told in `docs/planning.md`. Lengths are metres, speeds metres a second, times seconds,
//! angles degrees; places are given by latitude and longitude and by east and north in the scenario's
//! frame.

use glam::{DVec2, DVec3};
use serde::Serialize;

use crate::{
    environment::Landscape,
    kernel::{
        ids::{UnitIndex, UnitIx},
        time::SimTime,
    },
    picture::BlueEntry,
    planning::{
        algo::matching::Matching,
        engage,
        missions::{Means, TaskState},
        round,
        slots::Slot,
        view::{ShooterView, TrackView},
    },
    platform::{
        class::{Domain, TargetClass},
        vehicle::Fleet,
    },
    sensing::suite::{SensorUnit, Works},
};

/// Version of the form.
pub const VERSION: u32 = 1;

/// What a round is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Missions to vehicles.
    Tasks,
    /// Tracks to shooters.
    Fires,
}

/// Who asks, when, and until when.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Header<'a> {
    /// Number of the round of this side, from 1.
    pub round: u64,
    /// Simulated time, s.
    pub time_s: f64,
    /// Side.
    pub side: &'a str,
    /// Post that plans.
    pub post: &'a str,
    /// Wall-clock and simulated time within which an answer counts, s.
    pub deadline_s: f64,
}

/// A place.
#[derive(Debug, Clone, Copy, Serialize)]
struct Place {
    lat_deg: f64,
    lon_deg: f64,
    east_m: f64,
    north_m: f64,
}

impl Place {
    /// The place at east and north, m.
    fn at(point: DVec2, landscape: &Landscape) -> Self {
        let (lat_deg, lon_deg) = landscape.frame.to_geodetic(point);
        Self {
            lat_deg,
            lon_deg,
            east_m: point.x,
            north_m: point.y,
        }
    }
}

/// A sensor of a vehicle.
#[derive(Debug, Clone, Copy, Serialize)]
struct Sensor {
    kind: &'static str,
    reach_m: [f64; 2],
}

/// A vehicle that may be tasked.
#[derive(Debug, Clone, Serialize)]
struct Vehicle<'a> {
    unit: &'a str,
    class: &'a str,
    domain: Domain,
    #[serde(flatten)]
    place: Place,
    height_m: f64,
    velocity_m_s: [f64; 3],
    cruise_m_s: f64,
    energy_share: f64,
    age_s: f64,
    sensors: Vec<Sensor>,
    doing: Option<&'a str>,
}

/// A part of a mission that is open.
#[derive(Debug, Clone, Serialize)]
struct Part<'a> {
    part: usize,
    mission: &'a str,
    verb: &'static str,
    #[serde(flatten)]
    place: Place,
    window_s: [f64; 2],
    value: f64,
    vehicles: usize,
}

/// A track that is believed in.
#[derive(Debug, Clone, Serialize)]
struct Track {
    track: u32,
    #[serde(flatten)]
    place: Place,
    sigma_m: f64,
    velocity_m_s: [f64; 2],
    kind: TargetClass,
    domain: Domain,
    confidence: f64,
    age_s: f64,
    wreck: bool,
}

/// An effector of a unit that may be tasked.
#[derive(Debug, Clone, Serialize)]
struct Shooter<'a> {
    shooter: &'a str,
    effector: &'a str,
    #[serde(flatten)]
    place: Place,
    rounds: u32,
    reach_m: [f64; 2],
}

/// One line of the simulator.
#[derive(Debug, Clone, Serialize)]
pub struct Request<'a> {
    version: u32,
    kind: Kind,
    #[serde(flatten)]
    header: Header<'a>,
    vehicles: Vec<Vehicle<'a>>,
    parts: Vec<Part<'a>>,
    task_worths: Vec<Vec<Option<f64>>>,
    tracks: Vec<Track>,
    shooters: Vec<Shooter<'a>>,
    fire_worths: Vec<Vec<Option<f64>>>,
}

impl<'a> Request<'a> {
    /// What a post asks in a round of tasks; tracks are told for their own sake.
    pub(super) fn of_tasks(
        header: Header<'a>,
        asked: &round::Asked<'_>,
        (tracks, state): (&[TrackView], &'a TaskState),
        now: SimTime,
        means: &Means<'a>,
    ) -> Self {
        let vehicles = asked.free.iter();
        let vehicles = vehicles.map(|entry| vehicle(entry, state, now, means));
        let parts = (0..).zip(&asked.parts);
        let parts = parts.map(|(number, slot)| part(number, slot, &asked.parts, means));
        Self {
            version: VERSION,
            kind: Kind::Tasks,
            header,
            vehicles: vehicles.collect(),
            parts: parts.collect(),
            task_worths: rows(&asked.problem),
            tracks: tracks_of(tracks, now, means.landscape),
            shooters: Vec::new(),
            fire_worths: Vec::new(),
        }
    }

    /// What a post asks in a round of fires.
    pub(super) fn of_fires(
        header: Header<'a>,
        asked: &engage::Asked,
        now: SimTime,
        (index, fleet, landscape): (&'a UnitIndex, &'a Fleet, &Landscape),
    ) -> Self {
        let shooter = |it: &ShooterView| {
            let effector = fleet.effector(it.effector);
            Shooter {
                shooter: index.name(it.unit),
                effector: &effector.name,
                place: Place::at(it.position.truncate(), landscape),
                rounds: it.rounds,
                reach_m: [effector.range_min_m.value(), effector.range_max_m.value()],
            }
        };
        Self {
            version: VERSION,
            kind: Kind::Fires,
            header,
            vehicles: Vec::new(),
            parts: Vec::new(),
            task_worths: Vec::new(),
            tracks: tracks_of(&asked.tracks, now, landscape),
            shooters: asked.shooters.iter().map(shooter).collect(),
            fire_worths: rows(&asked.problem),
        }
    }

    /// As one line.
    ///
    /// # Errors
    /// Where it has no JSON form.
    pub fn line(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }
}

/// Worths bidder by bidder.
fn rows(problem: &Matching) -> Vec<Vec<Option<f64>>> {
    let row = |bidder| (0..problem.lots).map(move |lot| problem.worth(bidder, lot));
    (0..problem.bidders).map(|it| row(it).collect()).collect()
}

/// A vehicle as its post believes it to be.
fn vehicle<'a>(
    entry: &BlueEntry,
    state: &TaskState,
    now: SimTime,
    means: &Means<'a>,
) -> Vehicle<'a> {
    let vehicle = means.fleet.vehicle(entry.unit);
    let sensors = means.suites.of(entry.unit).iter();
    let DVec3 { z: height_m, .. } = entry.place.position;
    Vehicle {
        unit: means.index.name(entry.unit),
        class: &vehicle.class.name,
        domain: vehicle.class.domain,
        place: Place::at(entry.place.position.truncate(), means.landscape),
        height_m,
        velocity_m_s: entry.place.velocity.to_array(),
        cruise_m_s: vehicle.kinematics.speed_cruise_m_s(),
        energy_share: entry.energy_share(),
        age_s: now.since_s(entry.heard()),
        sensors: sensors
            .map(|it| Sensor {
                kind: sensor_kind(&it.works),
                reach_m: reach_m(it),
            })
            .collect(),
        doing: doing(entry.unit, state, means),
    }
}

/// The mission that a unit was last given, if any.
fn doing<'a>(unit: UnitIx, state: &TaskState, means: &Means<'a>) -> Option<&'a str> {
    let given = state.live(unit)?;
    Some(&means.missions.list[given.mission].id)
}

/// Size of what a camera's reach is told for, m: a vehicle, as NATO's standard target of 2.3 m.
const STANDARD_M: f64 = 2.3;

/// Nearest and farthest range at which a sensor finds anything, m; a camera a vehicle in clear air.
fn reach_m(sensor: &SensorUnit) -> [f64; 2] {
    let [near_m, far_m] = sensor.range_m;
    match &sensor.works {
        Works::Optical { optics, n50, .. } => {
            let found_m = optics.cycles(STANDARD_M, 1.0) / n50.detection;
            [near_m, far_m.min(found_m)]
        }
        _ => [near_m, far_m],
    }
}

/// What a sensor works by, in a word.
fn sensor_kind(works: &Works) -> &'static str {
    match works {
        Works::Radar { .. } => "radar",
        Works::Optical { .. } => "optical",
        Works::Passive { .. } => "passive_sonar",
        Works::Active { .. } => "active_sonar",
        Works::Locating => "weapon_locating",
    }
}

/// A part of a mission.
fn part<'a>(number: usize, slot: &Slot, all: &[Slot], means: &Means<'a>) -> Part<'a> {
    let mission = &means.missions.list[slot.mission];
    let wanted = all.iter().filter(|it| it.mission == slot.mission);
    Part {
        part: number,
        mission: &mission.id,
        verb: mission.verb,
        place: Place::at(slot.entry, means.landscape),
        window_s: [mission.window_s.0, mission.window_s.1],
        value: mission.value,
        vehicles: wanted.count(),
    }
}

/// Tracks as their post believes them to be.
fn tracks_of(tracks: &[TrackView], now: SimTime, landscape: &Landscape) -> Vec<Track> {
    let track = |it: &TrackView| Track {
        track: it.number,
        place: Place::at(it.position, landscape),
        sigma_m: it.sigma_m,
        velocity_m_s: it.velocity.to_array(),
        kind: it.target,
        domain: it.domain,
        confidence: it.confidence,
        age_s: now.since_s(it.seen),
        wreck: it.is_wreck,
    };
    tracks.iter().map(track).collect()
}
