//! Jammers of the catalogue. See [`JammerSpec`].

use serde::{Deserialize, Serialize};

use super::figure::Figure;

/// A transmitter that disturbs receivers on purpose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JammerSpec {
    /// Unique name in kebab case.
    pub name: String,
    /// Name for a reader.
    pub title: String,
    /// What it sends.
    pub emission: Emission,
    /// Transmitter power, W; of a counterfeiter the power of one satellite's signal.
    pub power_w: Figure,
    /// Antenna gain, dBi, taken to be the same all around.
    pub antenna_gain_dbi: Figure,
    /// Height of the antenna above the body's lowest point, m.
    pub antenna_height_m: Figure,
    /// Electric power while it sends, W. It counts for battery vehicles, from start to end, where the
    /// jammer is on at the start.
    pub draw_w: Figure,
}

/// What a jammer sends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Emission {
    /// Noise over the whole span at once.
    Barrage {
        /// Middle of the span, MHz.
        frequency_mhz: Figure,
        /// Span, Hz.
        span_hz: Figure,
    },
    /// Noise of the width of one channel.
    Spot {
        /// Carrier, MHz.
        frequency_mhz: Figure,
        /// Width of the noise, Hz.
        bandwidth_hz: Figure,
    },
    /// Noise in a window that runs over the span again and again.
    Sweep {
        /// Middle of the span, MHz.
        frequency_mhz: Figure,
        /// Span, Hz.
        span_hz: Figure,
        /// Width of the window, Hz.
        window_hz: Figure,
    },
    /// Noise on the channel on which it has just heard a transmission.
    Follower {
        /// Middle of the span in which it listens, MHz.
        frequency_mhz: Figure,
        /// Span, Hz.
        span_hz: Figure,
        /// Width of its noise, Hz.
        bandwidth_hz: Figure,
        /// Time from hearing to jamming, s.
        reaction_s: Figure,
    },
    /// Counterfeit signals of satellites on L1.
    Counterfeit,
}

impl JammerSpec {
    /// Whether it counterfeits satellites rather than jams.
    #[must_use]
    pub fn is_counterfeiter(&self) -> bool {
        self.emission == Emission::Counterfeit
    }
}
