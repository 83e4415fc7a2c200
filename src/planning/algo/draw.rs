//! Choices that solvers make at random.

use crate::kernel::random::Draws;
use rand::RngExt as _;

/// A uniform whole number below `limit`, which is above zero (Lemire 2019, "Fast random integer
/// generation in an interval", without the rejection: the bias is `limit` / 2^64).
pub(super) fn draw_below(draws: &mut Draws, limit: usize) -> usize {
    let product = u128::from(draws.random::<u64>()) * limit as u128;
    usize::try_from(product >> 64).expect("it is below `limit`")
}
