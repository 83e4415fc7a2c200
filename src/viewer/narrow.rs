//! From the simulation's numbers to those of pictures: the only place where precision is given up.

/// A number in single precision: what is drawn needs no more.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "pictures are drawn in single precision"
)]
pub(super) fn f32_of(number: f64) -> f32 {
    number as f32
}

/// A share of one as a byte of a colour.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte first"
)]
pub(super) fn byte_of(share: f32) -> u8 {
    (share.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// A count as a vertex index or a length in pixels.
#[must_use]
pub(super) fn u32_of(count: usize) -> u32 {
    u32::try_from(count).expect("meshes and textures are far smaller")
}

/// A count as a number.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(super) fn f64_of(count: usize) -> f64 {
    count as f64
}

/// The whole part of a number that is not negative, as an index.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float-to-integer `as` saturates"
)]
pub(super) fn index_of(number: f64) -> usize {
    number as usize
}

/// The whole part of a number of ticks that is not negative.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float-to-integer `as` saturates"
)]
pub(super) fn ticks_of(number: f64) -> u64 {
    number as u64
}
