//! Instances of any size from a seed.

use super::instance::{Instance, InstanceError};

/// How large the chances of a generated instance are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spread {
    /// 0.6 to 0.9 (`gen`).
    High,
    /// 0.05 to 0.5 (`genlow`).
    Low,
}

/// The instance `gen_WxT_sS` or `genlow_WxT_sS`, one shot per weapon.
///
/// `SplitMix64` (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators") from
/// state `seed * 1_000_003 + weapons * 1009 + targets`; first all values `25 + next % 76`, then the
/// chances weapon by weapon, `(low + next % (high - low + 1)) / 10000` with 6000 to 9000 or 500 to
/// 5000.
///
/// # Errors
/// [`InstanceError::Size`] if the size is out of range.
pub fn generate(
    weapons: usize,
    targets: usize,
    seed: u32,
    spread: Spread,
) -> Result<Instance, InstanceError> {
    let whole = |n: usize| u32::try_from(n).ok().filter(|&n| n < 10_000_000);
    let (Some(w), Some(t)) = (whole(weapons), whole(targets)) else {
        return Err(InstanceError::Size {
            weapons,
            targets,
            units: 1,
        });
    };
    if !super::instance::size_is_in_range(weapons, targets, 1) {
        return Instance::new(weapons, targets, 1, Vec::new(), Vec::new());
    }
    let mut state = u64::from(seed) * 1_000_003 + u64::from(w) * 1009 + u64::from(t);
    let mut draw = |low: u32, high: u32| {
        let below = split_mix(&mut state) % u64::from(high - low + 1);
        f64::from(low) + u32::try_from(below).map_or(0.0, f64::from)
    };
    let (low, high) = match spread {
        Spread::High => (6000, 9000),
        Spread::Low => (500, 5000),
    };
    let values = (0..targets).map(|_| draw(25, 100)).collect();
    let chance = (0..weapons * targets).map(|_| draw(low, high) / 10_000.0);
    let chance = chance.collect();
    Instance::new(weapons, targets, 1, values, chance)
}

/// The next word of `SplitMix64`.
pub(crate) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
