//! Radio networks: who shares one, and with what radio. See [`Networks`].

use std::collections::BTreeSet;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::{
    model::{
        acoustic::ModemParameters,
        link::{Reception, dbm, noise_floor_dbm},
        rates::Rates,
    },
    stations::Buffer,
};
use crate::{
    kernel::ids::UnitIx,
    platform::class::{Access, Bearer, RadioSpec},
    spectrum::model::delay::{radio_delay_s, slant_range_m},
};

/// Size of the packets for which catalogue radios state their sensitivity, bytes.
const REFERENCE_PACKET_BYTES: f64 = 128.0;

/// Size of the packet by which links are compared and slots are made, bytes.
pub const PROBE_BYTES: u32 = 256;

/// Time between two hellos of a neighbour, s (OLSR, RFC 3626, §18.2).
pub const HELLO_S: f64 = 2.0;

/// What the queue of a station holds where the scenario does not say, bytes (notional, 16 kB to
/// 1 MB).
pub const BUFFER_BYTES: u32 = 262_144;

/// Payload of a fragment at most, bytes: the usual transfer unit of packet radio (RFC 894 less
/// headers).
const FRAGMENT_BYTES: f64 = 1400.0;

/// Time on the air of a fragment at most, s, where that is less: on slow channels what is urgent would
/// wait for minutes (notional, 2 to 10).
const FRAGMENT_S: f64 = 5.0;

/// Least payload of a fragment, bytes (that of a frame of a slow acoustic modem, as the WHOI micro-modem
/// has it).
const FRAGMENT_LEAST_BYTES: f64 = 32.0;

/// Messages that the queue of a station holds (the usual length of the queue of an interface of
/// Linux).
const BUFFER_MESSAGES: usize = 1000;

/// Share of a channel that hellos may take (notional, 2 to 10 %): on slow channels they are rarer.
const HELLO_SHARE: f64 = 0.05;

/// Size of a hello without and per neighbour that it names, bytes: in an area of 64 an address and a
/// cost take a byte each (address compression as in RFC 5444, §5.3; RFC 3626, §6.1, has 4 bytes for an
/// address).
pub const HELLO_BYTES: [u32; 2] = [12, 2];

/// Neighbours that a hello names in the mean where it is asked how often there is room for one.
const HELLO_NEIGHBOURS: usize = 16;

/// Index of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NetworkIx(pub u16);

impl NetworkIx {
    /// The index for arrays.
    #[must_use]
    pub fn at(self) -> usize {
        usize::from(self.0)
    }
}

/// What carries a network's signals.
#[derive(Debug, Clone, Copy)]
pub enum Carrier {
    /// Radio through the air.
    Air {
        /// Middle of the channel, Hz.
        frequency_hz: f64,
        /// Width of the channel, Hz.
        bandwidth_hz: f64,
        /// Power of transmitter and antenna together, dBm.
        eirp_dbm: f64,
        /// Gain of the receiving antenna, dBi.
        gain_dbi: f64,
        /// Noise in the receiver, dBm.
        noise_dbm: f64,
    },
    /// Sound in water.
    Water {
        /// Modem.
        modem: ModemParameters,
        /// Spreading factor, 1 to 2.
        spreading: f64,
    },
    /// Wire or fibre.
    Wire {
        /// Longest run, m.
        range_m: f64,
    },
    /// Satellite: the other end is as near as the sky.
    Satellite {
        /// Share of time that the link is up.
        availability: f64,
        /// Time up and down, s.
        delay_s: f64,
    },
}

/// One network.
#[derive(Debug, Clone)]
pub struct Network {
    /// Id in the scenario.
    pub id: String,
    /// Members, sorted, with the height of their antenna above their reference point, m.
    pub members: Vec<(UnitIx, f64)>,
    /// What carries it.
    pub carrier: Carrier,
    /// Bit rates, and packet success over signal to noise at each.
    pub rates: Rates,
    /// Signal-to-noise ratio below which nothing arrives, dB.
    pub floor_db: f64,
    /// Signal-to-noise ratio at which half of the packets arrive at the lowest rate, dB.
    pub required_db: f64,
    /// Fixed delay of a hop, s.
    pub latency_s: f64,
    /// Bytes that the radio adds to a message.
    pub overhead_bytes: u32,
    /// Payload of a fragment of a message at most, bytes.
    pub fragment_bytes: u32,
    /// What the queue of a station holds.
    pub buffer: Buffer,
    /// How stations share the channel.
    pub access: Access,
    /// Length of a slot where there are slots, s: a packet of [`PROBE_BYTES`].
    pub slot_s: f64,
    /// Time between two hellos, s: that of OLSR, or longer where they would fill the channel.
    pub hello_s: f64,
    /// Seat of the one whom alone the others hear, if there is one.
    pub hub: Option<usize>,
    /// Whether members forward for one another without being told to.
    pub forwards: bool,
}

/// What carries the signals of a catalogue radio, on another middle of the channel where one is given.
fn carrier(radio: &RadioSpec, frequency_mhz: Option<f64>) -> Carrier {
    match &radio.bearer {
        Bearer::Air {
            frequency_mhz: usual_mhz,
            power_w,
            antenna_gain_dbi,
            noise_figure_db,
            bandwidth_hz,
        } => Carrier::Air {
            frequency_hz: frequency_mhz.unwrap_or(usual_mhz.value()) * 1e6,
            bandwidth_hz: bandwidth_hz.value(),
            eirp_dbm: dbm(power_w.value()) + antenna_gain_dbi.value(),
            gain_dbi: antenna_gain_dbi.value(),
            noise_dbm: noise_floor_dbm(bandwidth_hz.value(), noise_figure_db.value()),
        },
        Bearer::Water {
            frequency_khz,
            source_level_db,
            bandwidth_hz,
            spreading_k,
            ..
        } => Carrier::Water {
            modem: ModemParameters {
                source_level_db: source_level_db.value(),
                frequency_khz: frequency_khz.value(),
                bandwidth_hz: bandwidth_hz.value(),
            },
            spreading: spreading_k.value(),
        },
        Bearer::Wire { range_max_m } => Carrier::Wire {
            range_m: range_max_m.value(),
        },
        Bearer::Satellite {
            availability,
            orbit_km,
            elevation_min_deg,
            ..
        } => {
            let elevation_rad = elevation_min_deg.value().to_radians();
            let slant_m = slant_range_m(orbit_km.value() * 1000.0, elevation_rad);
            Carrier::Satellite {
                availability: availability.value(),
                delay_s: radio_delay_s(2.0 * slant_m),
            }
        }
    }
}

/// The rates of a catalogue radio.
fn rates(radio: &RadioSpec) -> Rates {
    let step = |midpoint_db: f64| Reception::Logistic {
        midpoint_db,
        scale_db: radio.snr_slope_db.value(),
        packet_bytes: REFERENCE_PACKET_BYTES,
    };
    let modes = radio.modes.iter();
    let faster = modes.map(|mode| (&mode.rate_bit_s, &mode.required_snr_db));
    let all = core::iter::once((&radio.rate_bit_s, &radio.required_snr_db)).chain(faster);
    let curves = all.map(|(rate, needs)| (rate.value(), step(needs.value())));
    Rates::new(curves.collect()).expect("the catalogue is checked")
}

/// Payload of a fragment at most, bytes, at a bit rate.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between the bounds"
)]
fn fragment_bytes(rate_bit_s: f64) -> u32 {
    let bytes = FRAGMENT_S * rate_bit_s / 8.0;
    bytes.clamp(FRAGMENT_LEAST_BYTES, FRAGMENT_BYTES) as u32
}

/// Time between two hellos of a member, s: the usual one, or as many of them as keep the hellos of those
/// who share a channel within their share of it.
fn hello_s(members: usize, is_shared: bool, air_time_s: impl Fn(u32) -> f64) -> f64 {
    let near = u32::try_from(members.clamp(1, HELLO_NEIGHBOURS)).unwrap_or(1);
    let speakers = if is_shared { near } else { 1 };
    let hellos_s = air_time_s(HELLO_BYTES[0] + HELLO_BYTES[1] * near) * f64::from(speakers);
    HELLO_S * (hellos_s / HELLO_SHARE / HELLO_S).ceil().max(1.0)
}

impl Network {
    /// Whether a cable carries it, which nobody hears from afar.
    #[must_use]
    pub fn is_wire(&self) -> bool {
        matches!(self.carrier, Carrier::Wire { .. })
    }

    /// A network on a catalogue radio.
    #[must_use]
    pub fn new(
        id: String,
        radio: &RadioSpec,
        frequency_mhz: Option<f64>,
        mut members: Vec<(UnitIx, f64)>,
    ) -> Self {
        members.sort_by_key(|(ix, _)| *ix);
        let carrier = carrier(radio, frequency_mhz);
        let mut network = Self {
            id,
            members,
            carrier,
            rates: rates(radio),
            floor_db: 0.0,
            required_db: 0.0,
            latency_s: radio.latency_s.value(),
            overhead_bytes: radio.overhead_bytes,
            fragment_bytes: 0,
            buffer: Buffer {
                bytes: BUFFER_BYTES,
                messages: BUFFER_MESSAGES,
            },
            access: match radio.bearer {
                // Every terminal has a channel of its own to the satellite.
                Bearer::Satellite { .. } => Access::PointToPoint,
                _ => radio.access,
            },
            slot_s: 0.0,
            hello_s: HELLO_S,
            hub: None,
            forwards: matches!(radio.access, Access::Tdma | Access::Csma),
        };
        network.settle();
        network
    }

    /// The same network with other rates.
    #[must_use]
    pub fn with_rates(mut self, rates: Rates) -> Self {
        self.rates = rates;
        self.settle();
        self
    }

    /// The same network about a hub, if that is a member.
    #[must_use]
    pub fn about(mut self, hub: UnitIx) -> Self {
        self.hub = self.seat(hub);
        self
    }

    /// Works out what follows from the rates.
    fn settle(&mut self) {
        self.floor_db = self.rates.floor_db();
        self.required_db = self.rates.curves()[0].1.required_db();
        self.slot_s = self.air_time_s(PROBE_BYTES, 0);
        self.fragment_bytes = fragment_bytes(self.rates.basic_bit_s());
        let is_shared = matches!(self.carrier, Carrier::Air { .. } | Carrier::Water { .. });
        let air_time_s = |bytes| self.air_time_s(bytes, 0);
        self.hello_s = hello_s(self.members.len(), is_shared, air_time_s);
    }

    /// Whether the radios of two seats talk to each other at all.
    #[must_use]
    pub fn joins(&self, a: usize, b: usize) -> bool {
        self.hub.is_none_or(|hub| hub == a || hub == b)
    }

    /// Place of a unit among the members.
    #[must_use]
    pub fn seat(&self, unit: UnitIx) -> Option<usize> {
        let at = self.members.binary_search_by_key(&unit, |(ix, _)| *ix);
        at.ok()
    }

    /// The unit on a seat.
    #[must_use]
    pub fn member(&self, seat: usize) -> UnitIx {
        self.members[seat].0
    }

    /// Height of a member's antenna above its reference point, m.
    #[must_use]
    pub fn antenna_m(&self, unit: UnitIx) -> Option<f64> {
        self.seat(unit).map(|at| self.members[at].1)
    }

    /// Seconds that a message of this size occupies the radio at one of its rates.
    #[must_use]
    pub fn air_time_s(&self, size_bytes: u32, rate: usize) -> f64 {
        8.0 * f64::from(size_bytes + self.overhead_bytes) / self.rates.bit_s(rate)
    }
}

/// All networks of a scenario. Static.
#[derive(Debug, Clone, Default, Resource)]
pub struct Networks {
    /// The networks.
    pub list: Vec<Network>,
    /// Networks of each unit, by rank.
    pub of_unit: Vec<Vec<NetworkIx>>,
    /// Every member hears every other at once and without loss.
    pub ideal: bool,
}

impl Networks {
    /// Networks of `units` units.
    #[must_use]
    pub fn new(list: Vec<Network>, units: usize, ideal: bool) -> Self {
        let mut of_unit = vec![Vec::new(); units];
        for (at, network) in list.iter().enumerate() {
            let ix = NetworkIx(u16::try_from(at).expect("networks are limited on load"));
            for (member, _) in &network.members {
                of_unit[member.at()].push(ix);
            }
        }
        Self {
            list,
            of_unit,
            ideal,
        }
    }

    /// All networks with their indices.
    pub fn iter(&self) -> impl Iterator<Item = (NetworkIx, &Network)> {
        let ix = |at| NetworkIx(u16::try_from(at).expect("networks are limited on load"));
        self.list
            .iter()
            .enumerate()
            .map(move |(at, it)| (ix(at), it))
    }

    /// A network.
    #[must_use]
    pub fn get(&self, ix: NetworkIx) -> &Network {
        &self.list[ix.at()]
    }
}

/// What does not work at the moment, by inject.
#[derive(Debug, Clone, Default, PartialEq, Eq, Resource, Serialize, Deserialize)]
pub struct Outages {
    /// Networks that carry nothing.
    pub networks: BTreeSet<NetworkIx>,
    /// Gateways and liaisons that pass nothing on.
    pub exchanges: BTreeSet<UnitIx>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{comms::model::link::adaptive_rate_bit_s, platform::class::Catalogue};

    /// A network of two on a radio of the catalogue.
    fn network(radio: &str) -> Network {
        let members = vec![(UnitIx(0), 2.0), (UnitIx(1), 2.0)];
        let catalogue = Catalogue::shipped();
        Network::new("net".into(), catalogue.radio(radio).unwrap(), None, members)
    }

    #[test]
    fn a_fragment_is_on_the_air_for_seconds_at_most() {
        assert_eq!(network("acoustic-modem").fragment_bytes, 50);
        assert_eq!(network("vhf-vehicle").fragment_bytes, 1400);
        assert_eq!([fragment_bytes(1.0), fragment_bytes(1e9)], [32, 1400]);
    }

    /// 3GPP TR 36.942, annex A: 0.6 of Shannon's bound, at most 4.4 bit/s/Hz.
    #[test]
    fn cellular_modes_lie_on_the_attenuated_shannon_bound() {
        let lte = network("lte");
        let Carrier::Air { bandwidth_hz, .. } = lte.carrier else {
            panic!("it is radio");
        };
        for (rate_bit_s, reception) in &lte.rates.curves()[1..] {
            let bound = adaptive_rate_bit_s(bandwidth_hz, reception.required_db(), 0.6, 4.4);
            assert!(
                (rate_bit_s / bound - 1.0).abs() < 0.01,
                "{rate_bit_s}: {bound}"
            );
        }
    }
}
