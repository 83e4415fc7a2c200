//! Seeded gradient noise and its sums, on integer hashes: the same bits everywhere.
//!
//! Perlin (2002), "Improving noise", with hashed gradients in place of the permutation table.

use glam::DVec2;

/// Odd constant that spreads lattice columns over the hash (Steele, Lea and Flood, 2014).
const SPREAD_COL: u64 = 0x9E37_79B9_7F4A_7C15;
/// Odd constant that spreads lattice rows over the hash (Stafford, 2011, mix 13).
const SPREAD_ROW: u64 = 0xBF58_476D_1CE4_E5B9;

/// Cosine of 45°, and of 22.5° and 67.5°, for the sixteen gradients.
const DIAGONAL: f64 = core::f64::consts::FRAC_1_SQRT_2;
/// Cosine of 22.5°.
const STEEP: f64 = 0.923_879_532_511_286_7;
/// Cosine of 67.5°.
const SHALLOW: f64 = 0.382_683_432_365_089_8;

/// Sixteen unit vectors, 22.5° apart.
const GRADIENTS: [DVec2; 16] = [
    DVec2::new(1.0, 0.0),
    DVec2::new(STEEP, SHALLOW),
    DVec2::new(DIAGONAL, DIAGONAL),
    DVec2::new(SHALLOW, STEEP),
    DVec2::new(0.0, 1.0),
    DVec2::new(-SHALLOW, STEEP),
    DVec2::new(-DIAGONAL, DIAGONAL),
    DVec2::new(-STEEP, SHALLOW),
    DVec2::new(-1.0, 0.0),
    DVec2::new(-STEEP, -SHALLOW),
    DVec2::new(-DIAGONAL, -DIAGONAL),
    DVec2::new(-SHALLOW, -STEEP),
    DVec2::new(0.0, -1.0),
    DVec2::new(SHALLOW, -STEEP),
    DVec2::new(DIAGONAL, -DIAGONAL),
    DVec2::new(STEEP, -SHALLOW),
];

/// A well-mixed 64-bit number of a seed and a lattice point: the finaliser of `SplitMix64` (Steele,
/// Lea and Flood, 2014, "Fast splittable pseudorandom number generators").
fn hash(seed: u64, col: i64, row: i64) -> u64 {
    let mut bits = seed
        .wrapping_add(col.cast_unsigned().wrapping_mul(SPREAD_COL))
        .wrapping_add(row.cast_unsigned().wrapping_mul(SPREAD_ROW))
        .rotate_left(27);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The gradient at a lattice point.
fn gradient(seed: u64, col: i64, row: i64) -> DVec2 {
    // The top four bits are the best mixed.
    let [first, ..] = hash(seed, col, row).to_be_bytes();
    GRADIENTS[usize::from(first >> 4)]
}

/// Perlin's fade, 6t⁵ − 15t⁴ + 10t³: first and second derivative vanish at 0 and 1.
fn fade(t: f64) -> f64 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Gradient noise in -1..1 with features about one unit wide; zero at every whole (x, y).
#[must_use]
pub fn gradient_noise(seed: u64, at: DVec2) -> f64 {
    let corner = at.floor();
    let within = at - corner;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole numbers, and the cast saturates"
    )]
    let (col, row) = (corner.x as i64, corner.y as i64);
    let reach = |dx: i64, dy: i64, offset: DVec2| {
        gradient(seed, col.wrapping_add(dx), row.wrapping_add(dy)).dot(within - offset)
    };
    let (across, up) = (fade(within.x), fade(within.y));
    let lower = reach(0, 0, DVec2::ZERO) * (1.0 - across) + reach(1, 0, DVec2::X) * across;
    let upper = reach(0, 1, DVec2::Y) * (1.0 - across) + reach(1, 1, DVec2::ONE) * across;
    // Unit gradients reach no further than √½.
    (lower * (1.0 - up) + upper * up) * core::f64::consts::SQRT_2
}

/// Fractional Brownian motion: octaves of noise, each half as wide and `persistence` times as high
/// as the one before (Fournier, Fussell and Carpenter, 1982); `shape` is applied to each octave.
/// The first octave is one unit wide and within -1..1, so zero octaves give zero.
#[must_use]
pub fn fbm(
    seed: u64,
    at: DVec2,
    octaves: u32,
    persistence: f64,
    shape: impl Fn(f64) -> f64,
) -> f64 {
    let (mut sum, mut height, mut point) = (0.0, 1.0, at);
    for octave in 0..octaves {
        let own_seed = seed.wrapping_add(u64::from(octave).wrapping_mul(SPREAD_COL));
        sum += height * shape(gradient_noise(own_seed, point));
        height *= persistence;
        point *= 2.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn noise_is_seeded_bounded_smooth_and_zero_on_the_lattice() {
        let (mut sum, mut squares, mut differ) = (0.0, 0.0, 0);
        for step in 0..20_000 {
            let at = DVec2::new(
                f64::from(step % 141) * 0.37 - 20.0,
                f64::from(step / 141) * 0.29,
            );
            let noise = gradient_noise(7, at);
            assert!(noise.abs() <= 1.0);
            let near = gradient_noise(7, at + DVec2::splat(1e-6));
            assert!((noise - near).abs() < 1e-5, "a jump at {at}");
            differ += u32::from((noise - gradient_noise(8, at)).abs() > 1e-3);
            sum += noise;
            squares += noise * noise;
        }
        assert!((sum / 20_000.0).abs() < 0.02, "mean {sum}");
        assert!(
            (0.2..0.5).contains(&(squares / 20_000.0).sqrt()),
            "rms of {squares}"
        );
        assert!(differ > 19_000, "seeds 7 and 8 agree");
        assert!(gradient_noise(7, DVec2::new(-3.0, 12.0)).abs() < 1e-12);
    }

    #[test]
    fn octaves_add_up_to_a_known_value() {
        let at = DVec2::new(0.3, -1.7);
        let two =
            gradient_noise(1, at) + 0.5 * gradient_noise(1_u64.wrapping_add(SPREAD_COL), at * 2.0);
        assert!((fbm(1, at, 2, 0.5, |noise| noise) - two).abs() < 1e-15);
        assert!(fbm(1, at, 0, 0.5, |noise| noise).abs() < 1e-15);
    }
}
