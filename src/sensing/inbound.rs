//! Who sees munitions in flight. See [`InboundPlugin`].
//!
//! The sensors of units that can defend themselves or others look for hostile munitions as they look
//! for anything else: by their own equations, in their own rhythm, one detection process per sensor and
//! munition. Looks at one's own side's munitions are left out, as they answer to identification friend
//! or foe.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::{DVec2, DVec3};

use super::{
    glance::Glance,
    look::{Looks, horizon_reach, look},
    suite::{SensorSuites, SensorUnit, Works},
    transponder::report,
};
use crate::{
    environment::{Landscape, Sun, Weather},
    kernel::{
        dist,
        ids::{UnitIndex, UnitIx},
        math,
        messages::{Buffer, BufferAppExt},
        random::{DrawKey, RunSeed, Stream},
        schedule::{Phase, SimTick},
        time::{Clock, SimTime},
    },
    org::OrderOfBattle,
    physics::{ObstacleField, SightMemo},
    platform::{
        airborne::{Airborne, Munition},
        class::Domain,
        damage::Damage,
        emission::Emissions,
        stores::Magazine,
        truth::{Board, Piece},
        vehicle::Fleet,
    },
};

/// A munition in flight as a sensor of a unit has just seen it.
#[derive(Debug, Clone, Copy)]
pub struct Inbound {
    /// Who saw it.
    pub observer: UnitIx,
    /// Number of the munition.
    pub munition: u64,
    /// When.
    pub at: SimTime,
    /// Where it seems to be, m.
    pub position: DVec2,
    /// Its velocity over ground, m/s: what tracks munitions measures it, and its error is left out.
    pub velocity: DVec2,
    /// Deviation of the position, m.
    pub sigma_m: f64,
    /// Number of the sensor on its unit.
    pub sensor: u32,
    /// What the sensor works by.
    pub works: Works,
    /// What the chance followed from.
    pub glance: Glance,
    /// Probability of detection.
    pub probability: f64,
    /// Name of the draw.
    pub key: DrawKey,
    /// The draw.
    pub draw: f64,
}

/// Everything that a look at a munition reads.
struct Scene<'a> {
    seed: u64,
    now: SimTime,
    weather: &'a Weather,
    illuminance_lux: f64,
    landscape: &'a Landscape,
    field: &'a ObstacleField,
    fleet: &'a Fleet,
}

/// One sensor of a unit.
struct Eye<'a> {
    unit: UnitIx,
    /// Hash of unit and sensor, the subject of its draws.
    subject: u64,
    number: u32,
    sensor: &'a SensorUnit,
    piece: &'a Piece,
    look: u64,
}

impl Scene<'_> {
    /// What the chance of a look at a munition follows from.
    fn glance(&self, munition: &Munition, sensor: &SensorUnit, range_m: f64) -> Option<Glance> {
        let effector = self.fleet.effector(munition.effector);
        let class = self.fleet.catalogue().class(&effector.munition)?;
        let weather = self.weather;
        Some(Glance {
            range_m,
            domain: Domain::Air,
            is_submerged: false,
            speed_m_s: munition.velocity.length(),
            cruise_m_s: effector.speed_m_s.value(),
            size_m: class.critical_dimension_m(),
            radar_m2: class.signature.radar_m2.value(),
            noise_db: None,
            strength_db: None,
            visibility_m: weather.visibility_m,
            illuminance_lux: self.illuminance_lux,
            shipping: weather.shipping,
            wind_m_s: weather.wind_m_s,
            dwell_s: match sensor.works {
                Works::Optical { dwell_s, .. } => dwell_s,
                _ => 0.0,
            },
            rain_mm_h: weather.rain_mm_h,
            clutter_m2: 0.0,
            cover: 1.0,
            open: 1.0,
        })
    }

    /// Looks at a munition.
    fn look_at(
        &self,
        eye: &Eye<'_>,
        (number, munition): (u64, &Munition),
        memo: &mut SightMemo,
    ) -> Option<Inbound> {
        let sensor = eye.sensor;
        let from = eye.piece.position + DVec3::Z * sensor.height_m;
        let relative = munition.position - from;
        let range_m = relative.length();
        let [near, far] = sensor.range_m;
        let off_bow = math::wrap_pi(math::bearing(relative.x, relative.y) - eye.piece.heading_rad);
        let reach_m = far.min(horizon_reach(from.z, munition.position.z));
        if range_m < near || range_m > reach_m || off_bow.abs() > sensor.half_sector_rad {
            return None;
        }
        let glance = self.glance(munition, sensor, range_m)?;
        let [probability, ..] = glance.chances(&sensor.works);
        let name = |stream| DrawKey::new(stream, eye.subject, number, eye.look);
        let key = name(Stream::Detection);
        let draw = key.uniform(self.seed);
        if draw >= probability
            || !memo.is_clear(from, munition.position, self.landscape, self.field)
        {
            return None;
        }
        let error = sensor.sigma.at(relative.truncate().length());
        let mut draws = name(Stream::Measurement).draws(self.seed);
        let measured = error.measured(relative.truncate(), dist::standard_normal_pair(&mut draws));
        Some(Inbound {
            observer: eye.unit,
            munition: number,
            at: self.now,
            position: from.truncate() + measured,
            velocity: munition.velocity.truncate(),
            sigma_m: error.covariance(measured).major_sigma(),
            sensor: eye.number,
            works: sensor.works,
            glance,
            probability,
            key,
            draw,
        })
    }
}

/// Lets the sensors of those who can defend look for munitions.
fn watch(
    (clock, seed): (Res<'_, Clock>, Res<'_, RunSeed>),
    (weather, sun, emissions): (Res<'_, Weather>, Res<'_, Sun>, Res<'_, Emissions>),
    (landscape, field, board): (Res<'_, Landscape>, Res<'_, ObstacleField>, Res<'_, Board>),
    (fleet, order, index): (Res<'_, Fleet>, Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    (suites, airborne): (Res<'_, SensorSuites>, Res<'_, Airborne>),
    (mut memo, mut seen): (ResMut<'_, SightMemo>, ResMut<'_, Buffer<Inbound>>),
    units: Query<'_, '_, (&Looks, &Magazine, &Damage)>,
) {
    if airborne.0.is_empty() {
        return;
    }
    let scene = Scene {
        seed: seed.0,
        now: clock.now(),
        weather: &weather,
        illuminance_lux: sun.illuminance_lux(weather.light, clock.now().as_s()),
        landscape: &landscape,
        field: &field,
        fleet: &fleet,
    };
    for (unit, row) in index.iter() {
        let Ok((looks, magazine, damage)) = units.get(row.entity) else {
            continue;
        };
        let mut tubes = magazine.tubes.iter();
        let can_defend = tubes.any(|tube| fleet.effector(tube.effector).defence.is_some());
        if !can_defend || !damage.can_see() {
            continue;
        }
        let side = order.unit(unit).side;
        let is_hostile =
            |munition: &Munition| order.are_hostile(side, order.unit(munition.shooter).side);
        for (number, sensor) in (0_u32..).zip(suites.of(unit)) {
            let may_look = emissions.is_free(unit) || !sensor.works.radiates();
            if !may_look || !clock.is_due(sensor.period_s, row.id.0 % 1000) {
                continue;
            }
            let eye = Eye {
                unit,
                subject: row.id.0.rotate_left(number + 1),
                number,
                sensor,
                piece: board.piece(unit),
                look: looks.0.get(number as usize).copied().unwrap_or_default(),
            };
            for (munition, it) in airborne.0.iter().filter(|(_, it)| is_hostile(it)) {
                if let Some(inbound) = scene.look_at(&eye, (*munition, it), &mut memo) {
                    seen.write(inbound);
                }
            }
        }
    }
}

/// Watches for munitions in the phase `Sense`, after everything else was looked at.
#[derive(Debug)]
pub struct InboundPlugin;

impl Plugin for InboundPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Airborne>()
            .init_resource::<Emissions>()
            .add_buffer::<Inbound>()
            .add_systems(
                SimTick,
                watch.after(look).after(report).in_set(Phase::Sense),
            );
    }
}
