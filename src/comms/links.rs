//! How well the members of a network hear each other. See [`Links`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::{
    network::{Carrier, Network, NetworkIx, Networks, PROBE_BYTES},
    reach::PERFECT_DB,
};
use crate::{environment::Weather, kernel::ids::UnitIx, spectrum::cell::PathCell};

/// One measured link, from one member to another.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Seat of the other end.
    pub to: u16,
    /// Signal-to-noise ratio, dB, without interference; the same both ways.
    pub snr_db: f64,
    /// Propagation delay, s.
    pub delay_s: f64,
    /// Probability that a packet of [`PROBE_BYTES`] sent to all reaches the other end, interference
    /// included.
    pub probe: f64,
    /// Which of the network's rates is used for packets to the other end alone.
    pub rate: u8,
}

/// What a receiver hears besides its network: noise that rises, and bursts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Disturbance {
    /// Rise of the noise that is always there, dB.
    pub rise_db: f64,
    /// Bursts: share of the time, and rise of the noise during one, dB, the constant part included.
    pub bursts: Vec<(f64, f64)>,
}

/// The links of one network.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct NetworkLinks {
    /// Cell of each member when it was last measured; none if it was dead.
    pub(super) cells: Vec<Option<PathCell>>,
    /// Links of each member to those that it can reach, sorted by seat.
    pub(super) rows: Vec<Vec<Link>>,
    /// Disturbance at each member; empty where there is none anywhere.
    pub(super) disturbances: Vec<Disturbance>,
    /// Loss from who disturbs to who is disturbed, dB, with the cells for which it holds.
    pub(super) losses: BTreeMap<(UnitIx, UnitIx), ([PathCell; 2], f64)>,
    /// Weather for which all of it holds.
    pub(super) weather: Weather,
    /// How often anything changed.
    pub(super) version: u64,
}

impl NetworkLinks {
    /// Links of the member on a seat, sorted by seat.
    #[must_use]
    pub fn row(&self, seat: usize) -> &[Link] {
        self.rows.get(seat).map_or(&[], Vec::as_slice)
    }

    /// The link from one seat to another.
    #[must_use]
    pub fn get(&self, from: usize, to: usize) -> Option<&Link> {
        let row = self.rows.get(from)?;
        let at = row.binary_search_by_key(&to, |link| usize::from(link.to));
        at.ok().map(|at| &row[at])
    }

    /// Probability that a packet of some bytes, the radio's overhead included, arrives at one of the
    /// network's rates.
    #[must_use]
    pub fn success(
        &self,
        network: &Network,
        [from, to]: [usize; 2],
        rate: usize,
        bytes: u32,
    ) -> f64 {
        self.get(from, to).map_or(0.0, |link| {
            let disturbance = self.disturbances.get(to);
            reception(network, link.snr_db, disturbance, (rate, bytes))
        })
    }

    /// Which of the network's rates a sender uses for all of these: the one that suits the worst of
    /// them.
    #[must_use]
    pub fn rate_to(&self, from: usize, to: impl Iterator<Item = usize>) -> usize {
        let rates = to.map(|to| self.get(from, to).map_or(0, |link| usize::from(link.rate)));
        rates.min().unwrap_or(0)
    }

    /// Loss between two units, dB: that of before if both are in the same cells.
    pub(super) fn loss_db(
        &mut self,
        ends: (UnitIx, UnitIx),
        cells: [PathCell; 2],
        measure: impl FnOnce() -> f64,
    ) -> f64 {
        match self.losses.get(&ends) {
            Some((known, loss_db)) if *known == cells => *loss_db,
            _ => {
                let loss_db = measure();
                self.losses.insert(ends, (cells, loss_db));
                loss_db
            }
        }
    }

    /// Puts in or replaces the links between two seats.
    pub(super) fn join(
        &mut self,
        network: &Network,
        ends: [usize; 2],
        measured: Option<(f64, f64)>,
    ) {
        for [from, to] in [ends, [ends[1], ends[0]]] {
            let row = &mut self.rows[from];
            let place = row.binary_search_by_key(&to, |link| usize::from(link.to));
            match (measured, place) {
                (Some((snr_db, delay_s)), place) => {
                    let mut link = Link {
                        to: u16::try_from(to).expect("networks are limited on load"),
                        snr_db,
                        delay_s,
                        probe: 0.0,
                        rate: 0,
                    };
                    link.probe(network, self.disturbances.get(to));
                    match place {
                        Ok(at) => row[at] = link,
                        Err(at) => row.insert(at, link),
                    }
                }
                (None, Ok(at)) => drop(row.remove(at)),
                (None, Err(_)) => {}
            }
        }
    }

    /// Works out anew how well probes get through.
    pub(super) fn renew_probes(&mut self, network: &Network) {
        let Self {
            rows, disturbances, ..
        } = self;
        for link in rows.iter_mut().flatten() {
            link.probe(network, disturbances.get(usize::from(link.to)));
        }
    }
}

impl Link {
    /// Works out how well probes get through, and which rate suits the link best.
    fn probe(&mut self, network: &Network, disturbance: Option<&Disturbance>) {
        let bytes = PROBE_BYTES + network.overhead_bytes;
        let at = |rate| reception(network, self.snr_db, disturbance, (rate, bytes));
        (self.probe, self.rate) = match network.rates.count() {
            1 => (at(0), 0),
            _ => (
                at(0),
                u8::try_from(network.rates.best(at)).unwrap_or(u8::MAX),
            ),
        };
    }
}

/// Probability that a packet of some bytes arrives at one of the network's rates under a disturbance.
pub(super) fn reception(
    network: &Network,
    snr_db: f64,
    disturbance: Option<&Disturbance>,
    (rate, bytes): (usize, u32),
) -> f64 {
    if let Carrier::Satellite { availability, .. } = network.carrier {
        return availability;
    }
    if snr_db >= PERFECT_DB && !matches!(network.carrier, Carrier::Air { .. }) {
        return 1.0;
    }
    let at = |rise_db: f64| {
        let bytes = f64::from(bytes);
        network.rates.probability(rate, snr_db - rise_db, bytes)
    };
    let Some(disturbance) = disturbance else {
        return at(0.0);
    };
    let mut quiet = 1.0;
    let mut success = 0.0;
    for (share, rise_db) in &disturbance.bursts {
        success += quiet * share * at(*rise_db);
        quiet *= 1.0 - share;
    }
    success + quiet * at(disturbance.rise_db)
}

/// All links of all networks, as last measured.
#[derive(Debug, Clone, Default, Resource, Serialize, Deserialize)]
pub struct Links {
    list: Vec<NetworkLinks>,
}

#[cfg(test)]
impl Links {
    /// One network's links with these probe successes, both ways.
    pub(super) fn of_probes(members: usize, probes: &[(usize, usize, f64)]) -> Self {
        let mut rows = vec![Vec::new(); members];
        for (a, b, probe) in probes.iter().copied() {
            for (from, to) in [(a, b), (b, a)] {
                let row: &mut Vec<Link> = &mut rows[from];
                let to = u16::try_from(to).expect("tests are small");
                let at = row.partition_point(|link| link.to < to);
                row.insert(
                    at,
                    Link {
                        to,
                        snr_db: 20.0,
                        delay_s: 0.0,
                        probe,
                        rate: 0,
                    },
                );
            }
        }
        let links = NetworkLinks {
            rows,
            ..NetworkLinks::default()
        };
        Self { list: vec![links] }
    }
}

impl Links {
    /// The links of a network.
    #[must_use]
    pub fn of(&self, network: NetworkIx) -> &NetworkLinks {
        &self.list[network.at()]
    }

    /// The links of a network, to change them.
    pub(super) fn of_mut(&mut self, network: NetworkIx) -> &mut NetworkLinks {
        &mut self.list[network.at()]
    }

    /// Makes room for the links of so many networks.
    pub(super) fn make_room(&mut self, networks: usize) {
        self.list.resize_with(networks, NetworkLinks::default);
    }

    /// Whether anything was measured yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All links of networks in order of network and members, each pair once.
    pub fn iter<'a>(
        &'a self,
        networks: &'a Networks,
    ) -> impl Iterator<Item = (NetworkIx, [UnitIx; 2], &'a Link)> {
        let networks = networks.iter().zip(&self.list);
        networks.flat_map(|((ix, network), links)| {
            let rows = links.rows.iter().enumerate();
            rows.flat_map(move |(from, row)| {
                let later = row.iter().filter(move |link| usize::from(link.to) > from);
                later.map(move |link| {
                    let ends = [from, usize::from(link.to)].map(|seat| network.member(seat));
                    (ix, ends, link)
                })
            })
        })
    }
}
