//! Keyed random numbers: every draw is named, none depends on who drew before.
//!
//! The generator is Philox4x64-10 (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as
//! easy as 1, 2, 3"). Its 128-bit key is (run seed, stream), its 256-bit counter is
//! (subject, object, n, block): the draw for "the third shot of unit A at unit B" is the same
//! number whatever else happens in the run, and can be recomputed from its [`DrawKey`] alone.

use core::convert::Infallible;

use bevy::prelude::Resource;
use rand::TryRng;
use serde::{Deserialize, Serialize};

/// Round multipliers of Philox4x64.
const M: [u64; 2] = [0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157];
/// Weyl key increments of Philox4x64 (golden ratio and √3 − 1).
const W: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];

/// The seed of a run: with the scenario it determines everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Resource)]
pub struct RunSeed(pub u64);

/// What a draw decides. The numbers are part of every saved key: never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u64)]
pub enum Stream {
    /// Does this look of a sensor detect this target?
    Detection = 1,
    /// Error of a measurement by any sensor but a direction finder.
    Measurement = 2,
    /// Number and places of false alarms.
    FalseAlarm = 3,
    /// Does a transmission arrive over a link?
    Link = 4,
    /// Log-normal shadowing of a link.
    Shadowing = 5,
    /// Service time of a person or desk.
    Handling = 6,
    /// What a person decides.
    Decision = 7,
    /// Outcome of a shot.
    Shot = 8,
    /// What an observer concludes of a target's state.
    Assessment = 9,
    /// What class or side an observer takes a target for.
    Identification = 10,
    /// Where something starts, which way it wanders.
    Placement = 11,
    /// Error of a vehicle's own position.
    Navigation = 12,
    /// Choices of a pattern of movement.
    Movement = 13,
    /// Noise of a disturbed satellite fix.
    SatelliteFix = 14,
    /// Does a receiver's gate find out that its satellites are counterfeit?
    SpoofGate = 15,
    /// Is a hello or topology message heard?
    Control = 16,
    /// What an analyst concludes from a picture.
    ImageReading = 17,
    /// Does a direction finder catch an emitter on the air; how far away does it take it to be?
    Intercept = 50,
    /// Error of a direction finder's bearing.
    Bearing = 52,
    /// How long a proposal is worth deciding on.
    Patience = 51,
    /// Which course of action a side takes.
    Course = 45,
    /// Outcome of a defensive shot at a munition in flight.
    Interception = 46,
    /// When the next message of background traffic is written, and to whom it goes.
    Traffic = 30,
    /// Does a weapon-locating radar place a weapon by a shell of it?
    WeaponLocation = 60,
    /// Error of that place.
    WeaponFix = 61,
    /// Does relief finer than the terrain hide a place from a side of it?
    Masking = 40,
    /// How much weather beyond its limits a vehicle survives.
    Exposure = 41,
    /// Where a node in other hands claims to see something.
    FalseTrack = 62,
    /// Does a node in other hands keep what it should pass on?
    GreyHole = 63,
    /// What a solver that searches at random tries next.
    Search = 80,
}

/// The name of one draw: with the run's seed it determines the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DrawKey {
    /// What is decided.
    pub stream: Stream,
    /// Who acts (a unit id, or a hash of what acts).
    pub subject: u64,
    /// On whom (a unit id, or zero).
    pub object: u64,
    /// How often this subject has done this to this object before.
    pub n: u64,
}

impl DrawKey {
    /// Names the `n`-th draw of `stream` by `subject` on `object`.
    #[must_use]
    pub fn new(stream: Stream, subject: u64, object: u64, n: u64) -> Self {
        Self {
            stream,
            subject,
            object,
            n,
        }
    }

    /// The numbers behind this name in the run with this seed.
    #[must_use]
    pub fn draws(self, seed: u64) -> Draws {
        Draws {
            key: [seed, self.stream as u64],
            counter: [0, self.n, self.object, self.subject],
            block: [0; 4],
            used: 4,
        }
    }

    /// The first uniform number in `[0, 1)` behind this name.
    #[must_use]
    pub fn uniform(self, seed: u64) -> f64 {
        to_unit(self.draws(seed).next())
    }
}

/// The 53 high bits of a word as a number in `[0, 1)`.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "53 bits fit a double exactly")]
pub fn to_unit(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
}

/// The endless numbers behind one [`DrawKey`]; a [`rand::Rng`].
#[derive(Debug, Clone)]
pub struct Draws {
    key: [u64; 2],
    counter: [u64; 4],
    block: [u64; 4],
    used: usize,
}

impl Draws {
    /// The next word.
    fn next(&mut self) -> u64 {
        if self.used == 4 {
            self.block = philox4x64_10(self.counter, self.key);
            self.counter[0] = self.counter[0].wrapping_add(1);
            self.used = 0;
        }
        let word = self.block[self.used];
        self.used += 1;
        word
    }

    /// A uniform number in `[0, 1)`.
    pub fn uniform(&mut self) -> f64 {
        to_unit(self.next())
    }
}

impl TryRng for Draws {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok(u32::try_from(self.next() >> 32).expect("the upper half of a u64 fits a u32"))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(self.next())
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        for chunk in dst.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

/// High and low halves of a 64 × 64-bit product.
fn mul_hi_lo(a: u64, b: u64) -> (u64, u64) {
    let product = u128::from(a) * u128::from(b);
    let hi = u64::try_from(product >> 64).expect("the upper half of a u128 fits a u64");
    (hi, a.wrapping_mul(b))
}

/// Ten rounds of Philox4x64 (Salmon et al. 2011, §3.3).
#[must_use]
pub fn philox4x64_10(mut counter: [u64; 4], mut key: [u64; 2]) -> [u64; 4] {
    for round in 0..10 {
        if round > 0 {
            key = [key[0].wrapping_add(W[0]), key[1].wrapping_add(W[1])];
        }
        let (hi0, lo0) = mul_hi_lo(M[0], counter[0]);
        let (hi1, lo1) = mul_hi_lo(M[1], counter[2]);
        counter = [
            hi1 ^ counter[1] ^ key[0],
            lo1,
            hi0 ^ counter[3] ^ key[1],
            lo0,
        ];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known-answer vectors of the Random123 distribution (`kat_vectors`, philox4x64 10 rounds).
    #[test]
    fn philox_gives_the_published_known_answers() {
        assert_eq!(
            philox4x64_10([0; 4], [0; 2]),
            [
                0x1655_4d9e_ca36_314c,
                0xdb20_fe9d_672d_0fdc,
                0xd7e7_72ce_e186_176b,
                0x7e68_b68a_ec7b_a23b
            ]
        );
        assert_eq!(
            philox4x64_10([u64::MAX; 4], [u64::MAX; 2]),
            [
                0x87b0_92c3_013f_e90b,
                0x438c_3c67_be8d_0224,
                0x9cc7_d7c6_9cd7_77b6,
                0xa09c_aebf_594f_0ba0
            ]
        );
    }

    #[test]
    fn a_draw_depends_on_its_name_alone() {
        let key = DrawKey::new(Stream::Shot, 7, 9, 3);
        let other = DrawKey::new(Stream::Shot, 7, 9, 4);
        assert_eq!(key.uniform(1).to_bits(), key.uniform(1).to_bits());
        assert_ne!(key.uniform(1).to_bits(), other.uniform(1).to_bits());
        assert_ne!(key.uniform(1).to_bits(), key.uniform(2).to_bits());
    }

    #[test]
    fn first_draws_of_neighbouring_names_are_uniform_and_uncorrelated() {
        let n = 20_000_u32;
        let draw = |i: u32| DrawKey::new(Stream::Link, 5, u64::from(i), 0).uniform(42) - 0.5;
        let mean: f64 = (0..n).map(draw).sum::<f64>() / f64::from(n);
        let lag: f64 = (0..n).map(|i| draw(i) * draw(i + 1)).sum::<f64>() / f64::from(n);
        // Standard errors: 1/√(12 n) = 0.00204 and 1/(12 √n) = 0.00059; four of them.
        assert!(mean.abs() < 0.0082, "mean {mean}");
        assert!(lag.abs() < 0.0024, "lag-one covariance {lag}");
    }
}
