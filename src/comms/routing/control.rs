//! Hellos, topology messages and requests on the air. See [`ControlAir`].

use super::mesh::TOPOLOGY_SHARE;
use crate::{
    comms::{
        links::Links,
        network::{NetworkIx, Networks, Outages},
        stations::Stations,
    },
    kernel::{
        ids::{UnitIndex, UnitIx},
        random::{DrawKey, Stream},
        time::SimTime,
    },
    platform::emission::Emissions,
};

/// What sending hellos and topology messages needs.
pub struct ControlAir<'a> {
    /// Seed of the run.
    pub seed: u64,
    /// Networks.
    pub networks: &'a Networks,
    /// What does not work.
    pub outages: &'a Outages,
    /// Links.
    pub links: &'a Links,
    /// Names.
    pub index: &'a UnitIndex,
    /// Who keeps silent.
    pub emissions: &'a Emissions,
    /// Stations.
    pub stations: &'a mut Stations,
}

impl ControlAir<'_> {
    /// Whether control messages take less of a channel than they may.
    pub(in crate::comms) fn has_room(&self, ix: NetworkIx, from: UnitIx, now: SimTime) -> bool {
        let network = self.networks.get(ix);
        network.seat(from).is_some_and(|seat| {
            let links = self.links.of(ix);
            let load = self.stations.control_load((ix, network), seat, links, now);
            load < TOPOLOGY_SHARE
        })
    }

    /// Sends some bytes from a member to all who hear it: when that ends, and the seats that do.
    pub(in crate::comms) fn cast(
        &mut self,
        ix: NetworkIx,
        from: UnitIx,
        bytes: u32,
        (key, now): ((u64, u64), SimTime),
    ) -> (SimTime, Vec<usize>) {
        let network = self.networks.get(ix);
        let Some(seat) = network.seat(from) else {
            return (now, Vec::new());
        };
        let links = self.links.of(ix);
        let is_silent = self.emissions.is_silent(from) && !network.is_wire();
        if is_silent || self.stations.is_clogged(ix, seat, now) {
            return (now, Vec::new());
        }
        let end = self
            .stations
            .control((ix, network), seat, links, bytes, now);
        if self.outages.networks.contains(&ix) {
            return (end, Vec::new());
        }
        let sender = self.index.id(from).0;
        let mut heard = Vec::new();
        for link in links.row(seat) {
            let to = usize::from(link.to);
            let clear = self.stations.clear((ix, network), [seat, to], links, now);
            let success = link.probe * clear;
            if success >= SURE {
                heard.push(to);
            } else if success > 1.0 - SURE {
                let receiver = self.index.id(network.member(to)).0 ^ key.0.rotate_left(23);
                let n = key.1 << 16 | u64::from(ix.0);
                let draw = DrawKey::new(Stream::Control, sender, receiver, n);
                if draw.uniform(self.seed) < success {
                    heard.push(to);
                }
            }
        }
        (end, heard)
    }
}

/// Probability from which on no draw is needed.
const SURE: f64 = 1.0 - 1e-6;
