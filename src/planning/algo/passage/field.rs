//! What a place asks of who passes it, and what a leg costs. See [`PassageField`] and [`leg_toll`].

use core::ops::Add;

use glam::{DVec2, DVec3};

/// Most samples of one leg, so that no leg however long asks for unbounded work.
const SAMPLES_MAX: f64 = 4096.0;

/// How one goes at a place in a direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Going {
    /// Speed along the way, m/s; above zero.
    pub speed_m_s: f64,
    /// Expected detections, or engagements, per second; not below zero.
    pub exposure_per_s: f64,
    /// Power drawn, W; not below zero.
    pub power_w: f64,
}

/// Speed, exposure and power over the map and its heights.
pub trait PassageField {
    /// How one goes at a point (east, north, up, m) in a direction of length one; `None` where one
    /// cannot go.
    fn going(&self, at: DVec3, ahead: DVec3) -> Option<Going>;

    /// A speed that is nowhere exceeded, m/s. The search is exact only if it holds.
    fn fastest_m_s(&self) -> f64;

    /// Height of a layer of the lattice at a place, m; `None` where the layer has no point.
    fn height_m(&self, _layer: usize, _at: DVec2) -> Option<f64> {
        Some(0.0)
    }

    /// Whether the straight way is barred by something that point samples could miss.
    fn bars(&self, _from: DVec3, _to: DVec3) -> bool {
        false
    }
}

/// What a leg or a way costs.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Toll {
    /// Time under way, s.
    pub time_s: f64,
    /// Expected number of detections.
    pub exposure: f64,
    /// Energy, J.
    pub energy_j: f64,
}

impl Add for Toll {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            time_s: self.time_s + other.time_s,
            exposure: self.exposure + other.exposure,
            energy_j: self.energy_j + other.energy_j,
        }
    }
}

/// What exposure and energy are worth in seconds of time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prices {
    /// Seconds of detour that one expected detection is worth; not below zero.
    pub exposure_s: f64,
    /// Seconds of detour that a joule is worth; not below zero.
    pub energy_s_per_j: f64,
}

impl Prices {
    /// Cost of a toll, s.
    #[must_use]
    pub fn cost_s(&self, toll: Toll) -> f64 {
        toll.time_s + self.exposure_s * toll.exposure + self.energy_s_per_j * toll.energy_j
    }
}

/// The toll of the straight way, from samples at the middles of parts no longer than `sample_m`; `None`
/// if it is closed.
#[must_use]
pub fn leg_toll(field: &impl PassageField, from: DVec3, to: DVec3, sample_m: f64) -> Option<Toll> {
    let along = to - from;
    let length_m = along.length();
    if length_m <= 0.0 {
        return Some(Toll::default());
    }
    let ahead = along / length_m;
    let parts = (length_m / sample_m - 1e-9).ceil().clamp(2.0, SAMPLES_MAX);
    let part_m = length_m / parts;
    let mut toll = Toll::default();
    let mut k = 0.5;
    while k < parts {
        let going = field.going(from + along * (k / parts), ahead)?;
        if going.speed_m_s.is_nan() || going.speed_m_s <= 0.0 {
            return None;
        }
        let time_s = part_m / going.speed_m_s;
        toll = toll
            + Toll {
                time_s,
                exposure: going.exposure_per_s * time_s,
                energy_j: going.power_w * time_s,
            };
        k += 1.0;
    }
    let is_open = field.going(to, ahead).is_some() && !field.bars(from, to);
    is_open.then_some(toll)
}
