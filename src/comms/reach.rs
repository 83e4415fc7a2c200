//! How well one member of a network hears another.

use glam::DVec3;

use super::{
    model::{
        acoustic::{AcousticLink, acoustic_delay_s},
        delay::{FIBRE_INDEX, cable_delay_s, radio_delay_s},
        propagation::{free_space_loss_db, free_space_range_m},
        rain::rain_loss_db,
    },
    network::{Carrier, Network},
};
use crate::{
    environment::{Landscape, Weather, seawater::sound_speed_m_s},
    spectrum::path::ground_loss_db,
};

/// Signal-to-noise ratio of a link that cannot be better, dB.
pub(super) const PERFECT_DB: f64 = 60.0;

/// Depth below which no radio works, m.
const RADIO_DEPTH_M: f64 = 1.0;

/// Distance beyond which no member of a network hears another, whatever the ground, m.
pub(super) fn range_max_m(network: &Network) -> f64 {
    match &network.carrier {
        Carrier::Air {
            frequency_hz,
            eirp_dbm,
            gain_dbi,
            noise_dbm,
            ..
        } => {
            let loss_db = eirp_dbm + gain_dbi - noise_dbm - network.floor_db;
            free_space_range_m(*frequency_hz, loss_db)
        }
        Carrier::Wire { range_m } => *range_m,
        Carrier::Water { .. } | Carrier::Satellite { .. } => f64::INFINITY,
    }
}

/// Signal-to-noise ratio in dB and propagation delay in s; `None` where nothing arrives.
pub(super) fn snr_and_delay(
    network: &Network,
    (a, b): (DVec3, DVec3),
    landscape: &Landscape,
    weather: &Weather,
) -> Option<(f64, f64)> {
    let distance_m = a.distance(b).max(1.0);
    let is_dry = a.z.min(b.z) > -RADIO_DEPTH_M;
    match &network.carrier {
        Carrier::Air {
            frequency_hz,
            eirp_dbm,
            gain_dbi,
            noise_dbm,
            ..
        } => {
            let least_loss_db = free_space_loss_db(*frequency_hz, distance_m);
            let budget_db = eirp_dbm + gain_dbi - noise_dbm;
            if !is_dry || budget_db - least_loss_db < network.floor_db {
                return None;
            }
            let loss_db = ground_loss_db(*frequency_hz, (a, b), landscape)
                + rain_loss_db(*frequency_hz, (a, b), weather.rain_mm_h);
            let snr_db = budget_db - loss_db;
            (snr_db >= network.floor_db).then_some((snr_db, radio_delay_s(distance_m)))
        }
        Carrier::Water { modem, spreading } => {
            let is_wet =
                |point: DVec3| point.z < 3.0 && landscape.terrain.depth_m(point.x, point.y) > 0.0;
            if !is_wet(a) || !is_wet(b) {
                return None;
            }
            let link = AcousticLink::new(modem, weather.shipping, weather.wind_m_s, *spreading);
            let snr_db = link.snr_db(distance_m);
            let depth_m = (-0.5 * (a.z + b.z)).max(0.0);
            let speed = sound_speed_m_s(weather.sea_temperature_c, weather.salinity_ppt, depth_m);
            (snr_db >= network.floor_db).then(|| (snr_db, acoustic_delay_s(distance_m, speed)))
        }
        Carrier::Wire { range_m } => {
            (distance_m <= *range_m).then(|| (PERFECT_DB, cable_delay_s(distance_m, FIBRE_INDEX)))
        }
        Carrier::Satellite { delay_s, .. } => is_dry.then_some((PERFECT_DB, *delay_s)),
    }
}
