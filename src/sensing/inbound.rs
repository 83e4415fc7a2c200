//! Who sees munitions in flight. See [`InboundPlugin`].
//!
//! The sensors of units that can defend themselves or others look for hostile munitions as they look
//! for anything else: by their own equations, in their own rhythm, one detection process per sensor and
//! munition, through land cover and unresolved relief, and with less attention under fire.
//!
//! Left out: looks at one's own side's munitions, as they answer to identification friend or foe;
//! clutter about a munition that flies low, as about anything else in the air; cameras that are told
//! where to look; false alarms.

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res, ResMut};
use glam::{DVec2, DVec3};

use super::{
    glance::Glance,
    look::{Looks, attention, horizon_reach, look},
    suite::{SensorSuites, SensorUnit, Works},
    transponder::report,
    veil::veiled,
};
use crate::{
    environment::{Landscape, Sun, Weather},
    kernel::{
        dist,
        ids::{UnitId, UnitIndex, UnitIx},
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
        suppression::Suppression,
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
    id: UnitId,
    /// Hash of unit and sensor, the subject of its draws.
    subject: u64,
    number: u32,
    sensor: &'a SensorUnit,
    piece: &'a Piece,
    look: u64,
    /// Share of its time that the unit gives to looking.
    attention: f64,
}

impl Scene<'_> {
    /// What the chance of a look at a munition follows from.
    fn glance(&self, munition: &Munition, eye: &Eye<'_>, range_m: f64) -> Option<Glance> {
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
            dwell_s: match eye.sensor.works {
                Works::Optical { dwell_s, .. } => eye.attention * dwell_s,
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
        let glance = self.glance(munition, eye, range_m)?;
        let name = |stream| DrawKey::new(stream, eye.subject, number, eye.look);
        let key = name(Stream::Detection);
        let draw = key.uniform(self.seed);
        // Cover on the way only takes away.
        if draw >= glance.chances(&sensor.works)[0]
            || !memo.is_clear(from, munition.position, self.landscape, self.field)
        {
            return None;
        }
        let place = (self.landscape, self.seed);
        let (parties, ends) = ((eye.id, UnitId(number)), (from, munition.position));
        let glance = veiled(glance, &sensor.works, place, parties, ends)?;
        let [probability, ..] = glance.chances(&sensor.works);
        if draw >= probability {
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

/// What a unit needs to watch.
type WatcherQuery<'a> = (&'a Looks, &'a Magazine, &'a Damage, Option<&'a Suppression>);

/// Lets the sensors of those who can defend look for munitions.
fn watch(
    (clock, seed): (Res<'_, Clock>, Res<'_, RunSeed>),
    (weather, sun, emissions): (Res<'_, Weather>, Res<'_, Sun>, Res<'_, Emissions>),
    (landscape, field, board): (Res<'_, Landscape>, Res<'_, ObstacleField>, Res<'_, Board>),
    (fleet, order, index): (Res<'_, Fleet>, Res<'_, OrderOfBattle>, Res<'_, UnitIndex>),
    (suites, airborne): (Res<'_, SensorSuites>, Res<'_, Airborne>),
    (mut memo, mut seen): (ResMut<'_, SightMemo>, ResMut<'_, Buffer<Inbound>>),
    units: Query<'_, '_, WatcherQuery<'_>>,
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
        let Ok((looks, magazine, damage, pinned)) = units.get(row.entity) else {
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
                id: row.id,
                subject: row.id.0.rotate_left(number + 1),
                number,
                sensor,
                piece: board.piece(unit),
                look: looks.0.get(number as usize).copied().unwrap_or_default(),
                attention: attention(pinned, &fleet, scene.now),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geo::{CoverMap, Extent, LocalFrame, Terrain, cover::Cover},
        platform::{class::Catalogue, damage::Appearance, stores::EffectorIx},
    };
    use std::sync::Arc;

    /// A plain with this cover over 6 km about its middle and outside, on which relief masks or not.
    fn plain(cover: Cover, masking: f64) -> Landscape {
        let extent = Extent::about(DVec2::ZERO, 8000.0);
        let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        let ring = corners.map(|(x, y)| 3000.0 * DVec2::new(x, y)).to_vec();
        let cover = CoverMap::new(cover, vec![(ring, cover)], Vec::new(), (100.0, masking));
        Landscape {
            terrain: Arc::new(Terrain::from_fn(extent, 100.0, true, |_| 50.0).unwrap()),
            cover: Arc::new(cover),
            frame: LocalFrame::new(48.5, 11.0).unwrap(),
            undulation_m: 0.0,
        }
    }

    /// The looks that see one of 300 missiles, each 2500 m off and 2 m above the ground, from a mast of
    /// 30 m, with this share of the attention.
    fn seen(landscape: &Landscape, attention: f64) -> Vec<Inbound> {
        let catalogue = Catalogue::shipped();
        let effector = catalogue.effector("anti-ship-missile-launcher").unwrap();
        let effectors = vec![Arc::new(effector.clone())];
        let camera = catalogue.sensor("sight-day").unwrap();
        let sensor = SensorUnit::from_spec(camera, 30.0).unwrap();
        let fleet = Fleet::new(Vec::new(), effectors, Arc::new(catalogue));
        let field = ObstacleField::default();
        let scene = Scene {
            seed: 5,
            now: SimTime::ZERO,
            weather: &Weather::default(),
            illuminance_lux: 1e4,
            landscape,
            field: &field,
            fleet: &fleet,
        };
        let piece = Piece {
            position: DVec3::Z * 50.0,
            velocity: DVec3::ZERO,
            heading_rad: 0.0,
            is_alive: true,
            is_on_air: true,
            appearance: Appearance::Whole,
        };
        let eye = Eye {
            unit: UnitIx(0),
            id: UnitId(1),
            subject: 2,
            number: 0,
            sensor: &sensor,
            piece: &piece,
            look: 0,
            attention,
        };
        let mut memo = SightMemo::default();
        let look = |number: u32| {
            let munition = Munition {
                shooter: UnitIx(1),
                effector: EffectorIx(0),
                position: DVec3::new(f64::from(number) - 150.0, 2500.0, 52.0),
                velocity: DVec3::Y * -240.0,
            };
            scene.look_at(&eye, (1000 + u64::from(number), &munition), &mut memo)
        };
        (0..300).filter_map(look).collect()
    }

    #[test]
    fn woods_relief_and_fire_take_from_looks_at_munitions() {
        let woods = Cover {
            height_m: 12.0,
            extinction_per_m: 0.001,
            ..Cover::BARE
        };
        let rough = Cover {
            relief_m: 3.0,
            ..Cover::BARE
        };
        let bare = plain(Cover::BARE, 0.0);
        let all = seen(&bare, 1.0);
        assert!(
            all.iter()
                .all(|it| it.glance.cover >= 1.0 && it.glance.open >= 1.0)
        );
        let through = seen(&plain(woods, 0.0), 1.0);
        let past = seen(&plain(rough, 1.0), 1.0);
        let pinned = seen(&bare, 0.3);
        println!(
            "{} {} {} {}",
            all.len(),
            through.len(),
            past.len(),
            pinned.len()
        );
        assert!((1..all.len()).contains(&through.len()));
        assert!((1..all.len()).contains(&past.len()));
        assert!((1..all.len()).contains(&pinned.len()));
        for it in &through {
            let [chance, ..] = it.glance.chances(&it.works);
            assert!(it.glance.cover < 1.0 && it.draw < it.probability);
            assert!((chance - it.probability).abs() < 1e-12);
        }
        assert!(past.iter().all(|it| it.glance.open < 1.0));
        let dwell_s = |looks: &[Inbound]| looks[0].glance.dwell_s;
        assert!((dwell_s(&pinned) - 0.3 * dwell_s(&all)).abs() < 1e-12);
    }
}
