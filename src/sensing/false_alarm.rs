//! Detections of nothing.

use glam::DVec2;

use super::{detection::Detection, evidence::Evidence, suite::SensorUnit};
use crate::kernel::{
    dist,
    ids::UnitIx,
    math,
    random::{DrawKey, Stream},
    scoring::ScoringTag,
    time::SimTime,
};

/// Most false alarms of one look: what a plot extractor passes on at all (notional, 2 to 20).
const MOST: u32 = 8;

/// The false alarms of one look: Poisson in number, even over the sector.
pub(super) fn false_alarms(
    (observer, subject): (UnitIx, u64),
    sensor: &SensorUnit,
    (from, heading_rad): (DVec2, f64),
    (at, look): (SimTime, u64),
    seed: u64,
    mut found: impl FnMut(Detection),
) {
    if sensor.false_alarms <= 0.0 {
        return;
    }
    let mut draws = DrawKey::new(Stream::FalseAlarm, subject, 0, look).draws(seed);
    for _ in 0..dist::poisson(&mut draws, sensor.false_alarms, MOST) {
        let [near, far] = sensor.range_m;
        let range_m = (near * near + draws.uniform() * (far * far - near * near)).sqrt();
        let bearing = heading_rad + sensor.half_sector_rad * (2.0 * draws.uniform() - 1.0);
        let (sin, cos) = math::sincos(bearing);
        let relative = DVec2::new(sin, cos) * range_m;
        found(Detection {
            observer,
            at,
            position: from + relative,
            covariance: sensor.sigma.at(range_m).covariance(relative),
            evidence: Evidence::NONE,
            bearing: None,
            still: None,
            tag: ScoringTag::seal(None),
        });
    }
}
