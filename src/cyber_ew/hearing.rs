//! What satellite receivers hear of jammers and spoofers over the ground. See [`Losses::heard`].

use std::collections::BTreeMap;

use glam::{DVec2, DVec3};

use super::{
    jammer::Emitter,
    model::{gnss, waveform::Waveform},
};
use crate::{
    environment::Landscape,
    kernel::{ids::UnitIx, math},
    spectrum::{cell::PathCell, model::propagation::free_space_loss_db, path::ground_loss_db},
};

/// Least height of an antenna above the ground, m.
const ANTENNA_LEAST_M: f64 = 0.5;

/// By how much counterfeit signals must exceed the real ones to be followed, dB (notional, 0 to 10).
const CAPTURE_DB: f64 = 3.0;

/// Share of the receiver's own noise below which a jammer is left out.
const CULL: f64 = 0.01;

/// What a receiver hears of those who disturb it.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Heard {
    /// Noise that jammers add, relative to a satellite's signal, s.
    pub(super) noise_s: f64,
    /// The strongest counterfeiter: who, by how much above the satellites, dB, and its pull, m/s.
    pub(super) counterfeit: Option<(UnitIx, f64, DVec2)>,
}

/// Losses by receiver and emitter, each with the cells it was worked out for. Kept for their cost only:
/// a loss follows from its cells.
#[derive(Debug, Default)]
pub(super) struct Losses(BTreeMap<(UnitIx, UnitIx), ([PathCell; 2], f64)>);

impl Losses {
    /// The loss between two antennas at L1, dB.
    fn between(
        &mut self,
        (unit, at): (UnitIx, DVec3),
        emitter: &Emitter,
        landscape: &Landscape,
    ) -> f64 {
        let cells = [PathCell::of(at), PathCell::of(emitter.position)];
        let kept = self.0.get(&(unit, emitter.unit));
        if let Some((_, loss_db)) = kept.filter(|(known, _)| *known == cells) {
            return *loss_db;
        }
        let [here, there] = cells.map(|cell| cell.middle(ANTENNA_LEAST_M, landscape));
        let loss_db = ground_loss_db(gnss::L1_HZ, (here, there), landscape);
        self.0.insert((unit, emitter.unit), (cells, loss_db));
        loss_db
    }

    /// What a receiver hears. Its own unit's emitters are kept from it.
    pub(super) fn heard(
        &mut self,
        own: (UnitIx, DVec3),
        emitters: &[Disturber],
        land: &Landscape,
    ) -> Heard {
        let mut heard = Heard::default();
        for Disturber {
            emitter,
            eirp_dbm,
            kind,
        } in emitters.iter().filter(|it| it.emitter.unit != own.0)
        {
            let distance_m = own.1.distance(emitter.position);
            let most_dbm = eirp_dbm - free_space_loss_db(gnss::L1_HZ, distance_m);
            if !kind.matters(most_dbm) {
                continue;
            }
            let received_dbm = eirp_dbm - self.between(own, emitter, land);
            if !kind.matters(received_dbm) {
                continue;
            }
            match kind {
                Kind::Noise { quality } => {
                    heard.noise_s += gnss::added_noise_s(received_dbm, *quality);
                }
                Kind::Counterfeit { pull_m_s } => {
                    let excess_db = received_dbm - gnss::SIGNAL_DBM;
                    let strongest = heard.counterfeit;
                    if strongest.is_none_or(|(_, strongest_db, _)| excess_db > strongest_db) {
                        heard.counterfeit = Some((emitter.unit, excess_db, *pull_m_s));
                    }
                }
            }
        }
        heard
    }
}

/// An emitter as satellite receivers hear it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disturber {
    /// The emitter.
    emitter: Emitter,
    /// Mean power in the receivers' front end, dBm.
    eirp_dbm: f64,
    /// What it does there.
    kind: Kind,
}

/// What an emitter does in the front end of a satellite receiver.
#[derive(Debug, Clone, Copy)]
enum Kind {
    /// It adds noise, against which the code has this quality factor.
    Noise { quality: f64 },
    /// It counterfeits satellites and pulls fixes at this velocity, m/s.
    Counterfeit { pull_m_s: DVec2 },
}

impl Kind {
    /// Whether a receiver takes notice at this received power, dBm.
    fn matters(&self, received_dbm: f64) -> bool {
        match self {
            Self::Noise { quality } => {
                let own_s = math::from_db(-gnss::CLEAR_DB_HZ);
                gnss::added_noise_s(received_dbm, *quality) >= CULL * own_s
            }
            Self::Counterfeit { .. } => received_dbm >= gnss::SIGNAL_DBM + CAPTURE_DB,
        }
    }
}

impl Disturber {
    /// The emitter, if satellite receivers hear it.
    pub(super) fn of(emitter: &Emitter) -> Option<Self> {
        let (eirp_dbm, kind) = match emitter.waveform {
            Waveform::Counterfeit { pull_m_s } => {
                (emitter.eirp_dbm, Kind::Counterfeit { pull_m_s })
            }
            _ => {
                let (eirp_dbm, quality) = emitter.on_satellites()?;
                (eirp_dbm, Kind::Noise { quality })
            }
        };
        Some(Self {
            emitter: *emitter,
            eirp_dbm,
            kind,
        })
    }
}
