//! Instances of any size from a seed.

use super::instance::{Instance, InstanceError, MOST_CELLS};
use crate::planning::algo::wta::split_mix;

/// A generated instance in which every sensor works with every weapon.
///
/// `SplitMix64` (Steele, Lea, Flood 2014) from state
/// `seed * 1_000_000_007 + weapons * 1_000_003 + sensors * 1009 + targets`; first all threats
/// `(1000 + next % 9001) / 1000`, uniform from 1 to 10, then the chances of damage target by target,
/// then those of detection, each `(3000 + next % 6001) / 10000`, uniform from 0.3 to 0.9.
///
/// # Errors
/// [`InstanceError::Size`] if the size is out of range.
pub fn generate(
    weapons: u32,
    sensors: u32,
    targets: u32,
    seed: u32,
) -> Result<Instance, InstanceError> {
    let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let (w, s, t) = (size(weapons), size(sensors), size(targets));
    let cells = w.checked_mul(s).and_then(|pairs| pairs.checked_mul(t));
    if cells.is_none_or(|cells| cells > MOST_CELLS) {
        return Err(InstanceError::Size {
            weapons: w,
            sensors: s,
            targets: t,
        });
    }
    let mut state = u64::from(seed) * 1_000_000_007
        + u64::from(weapons) * 1_000_003
        + u64::from(sensors) * 1009
        + u64::from(targets);
    let mut draw = |low: u32, high: u32| {
        let below = split_mix(&mut state) % u64::from(high - low + 1);
        f64::from(low) + u32::try_from(below).map_or(0.0, f64::from)
    };
    let threat = (0..t).map(|_| draw(1000, 10_000) / 1000.0).collect();
    let damage = (0..t * w).map(|_| draw(3000, 9000) / 10_000.0).collect();
    let detect = (0..t * s).map(|_| draw(3000, 9000) / 10_000.0).collect();
    Instance::new((w, s), threat, damage, detect, vec![true; w * s])
}
