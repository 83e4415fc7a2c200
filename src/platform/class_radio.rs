//! Radios, modems and wire ends of the catalogue. See [`RadioSpec`].

use serde::{Deserialize, Serialize};

use super::figure::Figure;

/// A radio, acoustic modem, satellite terminal or wire end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RadioSpec {
    /// Unique name in kebab case.
    pub name: String,
    /// Name for a reader.
    pub title: String,
    /// Medium and its parameters.
    pub bearer: Bearer,
    /// How stations share the channel.
    pub access: Access,
    /// User data rate, bit/s: of its most robust mode, if it has several.
    pub rate_bit_s: Figure,
    /// Signal-to-noise ratio at which half of 128-byte packets arrive, dB.
    pub required_snr_db: Figure,
    /// Faster modes, which it uses where the link is good enough.
    #[serde(default)]
    pub modes: Vec<RadioMode>,
    /// Change of signal-to-noise ratio that moves packet success from 50 % to 73 %, dB (the scale of a
    /// logistic curve).
    pub snr_slope_db: Figure,
    /// Delay of coding, interleaving and channel access for one hop, s, without propagation.
    pub latency_s: Figure,
    /// Bytes added to each message by the waveform.
    pub overhead_bytes: u32,
    /// Electric power while sending, W.
    pub draw_transmit_w: Figure,
    /// Electric power while listening, W.
    pub draw_receive_w: Figure,
}

/// A faster mode of a radio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RadioMode {
    /// User data rate, bit/s.
    pub rate_bit_s: Figure,
    /// Signal-to-noise ratio at which half of 128-byte packets arrive, dB.
    pub required_snr_db: Figure,
}

/// Medium of a radio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Bearer {
    /// Terrestrial radio.
    Air {
        /// Carrier, MHz.
        frequency_mhz: Figure,
        /// Transmitter power, W.
        power_w: Figure,
        /// Antenna gain, dBi.
        antenna_gain_dbi: Figure,
        /// Receiver noise figure, dB.
        noise_figure_db: Figure,
        /// Width of the channel, Hz.
        bandwidth_hz: Figure,
    },
    /// Acoustic modem.
    Water {
        /// Carrier, kHz.
        frequency_khz: Figure,
        /// Electric power of the transmitter, W.
        power_w: Figure,
        /// Source level, dB re 1 µPa at 1 m.
        source_level_db: Figure,
        /// Width of the channel, Hz.
        bandwidth_hz: Figure,
        /// Spreading exponent k of TL = k·10·log₁₀ d: 1 cylindrical, 1.5 practical, 2 spherical.
        spreading_k: Figure,
    },
    /// Cable or fibre between fixed ends.
    Wire {
        /// Longest run without a repeater, m.
        range_max_m: Figure,
    },
    /// Terminal of a satellite network with full coverage.
    Satellite {
        /// Carrier, MHz.
        frequency_mhz: Figure,
        /// Transmitter power, W.
        power_w: Figure,
        /// Height of the satellite over the ground, km.
        orbit_km: Figure,
        /// Least elevation of the satellite over the terrain horizon, degrees.
        elevation_min_deg: Figure,
        /// Share of messages that arrive with a clear sky, 0 to 1.
        availability: Figure,
    },
}

impl Bearer {
    /// Transmitter power, W; `None` for a wire.
    #[must_use]
    pub const fn power(&self) -> Option<&Figure> {
        match self {
            Self::Air { power_w, .. }
            | Self::Water { power_w, .. }
            | Self::Satellite { power_w, .. } => Some(power_w),
            Self::Wire { .. } => None,
        }
    }

    /// Medium without parameters: two stations need the same one.
    #[must_use]
    pub const fn medium(&self) -> Medium {
        match self {
            Self::Air { .. } => Medium::Air,
            Self::Water { .. } => Medium::Water,
            Self::Wire { .. } => Medium::Wire,
            Self::Satellite { .. } => Medium::Satellite,
        }
    }
}

/// Medium without parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Medium {
    /// Terrestrial radio.
    Air,
    /// Sound in water.
    Water,
    /// Cable or fibre.
    Wire,
    /// By satellite.
    Satellite,
}

/// How stations share a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Access {
    /// Fixed slots.
    Tdma,
    /// Listen before sending.
    Csma,
    /// Send at once.
    Aloha,
    /// A pair alone on its channel.
    PointToPoint,
    /// A hub talks to terminals, and they to it alone: it has one channel to itself and gives out the
    /// other to whoever asks first.
    Cellular,
}
