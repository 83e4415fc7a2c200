//! Frames of time slots: when what is ready goes on the air, and when it ends. See [`Frame`].
//!
//! Left out: clocks that disagree by more than the guard time, and slots of unequal length.

use thiserror::Error;

/// Microseconds in a second, times eight bits in a byte.
const BIT_MICROS_PER_BYTE_S: f64 = 8e6;

/// Why numbers make no frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FrameError {
    /// A frame of nothing.
    #[error("a frame needs at least one slot")]
    NoSlots,
    /// The guard time leaves nothing to send in.
    #[error(
        "a guard time of {guard_us} µs leaves nothing of a slot of {slot_us} µs: lengthen the slot"
    )]
    NoAirTime {
        /// Length of a slot, µs.
        slot_us: u64,
        /// Guard time, µs.
        guard_us: u64,
    },
    /// The frame is longer than time can count.
    #[error("a frame of {slots} slots of {slot_us} µs is longer than 2^63 µs: shorten the slots")]
    TooLong {
        /// Number of slots.
        slots: usize,
        /// Length of a slot, µs.
        slot_us: u64,
    },
}

/// A frame of slots of equal length that repeats from time zero. Times are whole microseconds, so
/// every answer is exact.
///
/// A sender uses its slot from the start to the guard time before the end, may begin in the middle
/// of it, and goes on with the rest of a transmission in its slot of the next frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// Number of slots.
    slots: u64,
    /// Length of a slot, µs.
    slot_us: u64,
    /// End of each slot in which nobody sends, µs.
    guard_us: u64,
}

/// When a transmission is on the air.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transmission {
    /// Its first bit, µs.
    pub start_us: u64,
    /// The end of its last bit, µs.
    pub end_us: u64,
    /// Own slots that it uses, in whole or in part.
    pub slots: u64,
}

impl Frame {
    /// A frame of `slots` slots of `slot_us`, each of which ends in `guard_us` of silence (the
    /// longest propagation delay plus the error of the clocks).
    ///
    /// # Errors
    /// Without slots, when the guard time leaves nothing of a slot, or when the frame is too long.
    pub const fn new(slots: usize, slot_us: u64, guard_us: u64) -> Result<Self, FrameError> {
        if slots == 0 {
            return Err(FrameError::NoSlots);
        }
        if guard_us >= slot_us {
            return Err(FrameError::NoAirTime { slot_us, guard_us });
        }
        match slot_us.checked_mul(slots as u64) {
            Some(length) if length >> 63 == 0 => {}
            _ => return Err(FrameError::TooLong { slots, slot_us }),
        }
        Ok(Self {
            slots: slots as u64,
            slot_us,
            guard_us,
        })
    }

    /// Length of the frame, µs.
    #[must_use]
    pub const fn length_us(&self) -> u64 {
        self.slots * self.slot_us
    }

    /// Time on the air that one slot holds, µs.
    #[must_use]
    pub const fn air_us(&self) -> u64 {
        self.slot_us - self.guard_us
    }

    /// Share of the channel's bit rate that the owner of one slot gets, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.air_us() as f64 / self.length_us() as f64
    }

    /// Mean time in µs from a random moment until the owner of a slot may send: g²/(2L), where g is
    /// the part of the frame of length L that is not its own (Lam 1977, "Delay analysis of a time
    /// division multiple access channel", without queueing).
    #[must_use]
    pub fn mean_wait_us(&self) -> f64 {
        let gap = (self.length_us() - self.air_us()) as f64;
        gap * gap / (2.0 * self.length_us() as f64)
    }

    /// When the owner of `slot` sends what is ready at `ready_us` and takes `air_us` on the air.
    /// Nothing to send ends where it could start. The slot counts modulo the frame; times saturate
    /// at the end of time.
    #[must_use]
    pub const fn send(&self, slot: usize, ready_us: u64, air_us: u64) -> Transmission {
        let (length, usable) = (self.length_us(), self.air_us());
        let begin = (slot as u64 % self.slots) * self.slot_us;
        let (mut frame, into) = (ready_us / length, ready_us % length);
        if into >= begin + usable {
            frame += 1;
        }
        let opening = frame.saturating_mul(length).saturating_add(begin);
        let start_us = if ready_us > opening {
            ready_us
        } else {
            opening
        };
        let left = opening.saturating_add(usable) - start_us;
        if air_us <= left {
            return Transmission {
                start_us,
                end_us: start_us.saturating_add(air_us),
                slots: 1,
            };
        }
        let rest = air_us - left;
        let more = rest.div_ceil(usable);
        let last = rest - (more - 1) * usable;
        let end_us = opening
            .saturating_add(more.saturating_mul(length))
            .saturating_add(last);
        Transmission {
            start_us,
            end_us,
            slots: 1 + more,
        }
    }
}

/// Time in whole microseconds, rounded up, that `bytes` take on the air at a bit rate; the end of
/// time at a rate that is not positive.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float-to-integer `as` saturates, and the number is positive"
)]
pub fn air_time_us(bytes: u64, rate_bit_s: f64) -> u64 {
    if rate_bit_s > 0.0 {
        (BIT_MICROS_PER_BYTE_S * bytes as f64 / rate_bit_s).ceil() as u64
    } else {
        u64::MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transmission_goes_on_in_its_next_slot() {
        // Four slots of 10 ms with 1 ms of guard: 9 ms on the air every 40 ms.
        let frame = Frame::new(4, 10_000, 1_000).unwrap();
        let send = |slot, ready, air| {
            let sent = frame.send(slot, ready, air);
            (sent.start_us, sent.end_us, sent.slots)
        };
        assert_eq!(send(2, 0, 5_000), (20_000, 25_000, 1));
        assert_eq!(send(2, 22_000, 7_000), (22_000, 29_000, 1));
        assert_eq!(send(2, 22_000, 7_001), (22_000, 60_001, 2));
        assert_eq!(send(2, 29_000, 1), (60_000, 60_001, 1));
        assert_eq!(send(2, 39_999, 9_000), (60_000, 69_000, 1));
        assert_eq!(send(0, 0, 27_000), (0, 89_000, 3));
        assert_eq!(send(0, 0, 27_001), (0, 120_001, 4));
        assert_eq!(send(6, 0, 0), (20_000, 20_000, 1));
        assert!((frame.share() - 0.225).abs() < 1e-12);
        let late = frame.send(1, u64::MAX, u64::MAX);
        assert_eq!(late.end_us, u64::MAX);
    }

    #[test]
    fn a_transmission_agrees_with_counting_microseconds() {
        for (slots, slot_us, guard_us) in [(1, 5, 0), (3, 4, 1), (4, 7, 3)] {
            let frame = Frame::new(slots, slot_us, guard_us).unwrap();
            for case in 0..6_000_u64 {
                let (slot, ready, air) = (case % 5, case / 5 % 40, case / 200);
                let is_own = |t: &u64| {
                    t / slot_us % frame.slots == slot % frame.slots
                        && t % slot_us < slot_us - guard_us
                };
                let own: Vec<u64> = (ready..).filter(is_own).take(30).collect();
                let used = &own[..usize::try_from(air).unwrap()];
                let mut visits: Vec<u64> = used.iter().map(|t| t / frame.length_us()).collect();
                visits.dedup();
                let want = Transmission {
                    start_us: own[0],
                    end_us: used.last().map_or(own[0], |t| t + 1),
                    slots: visits.len().max(1) as u64,
                };
                let slot = usize::try_from(slot).unwrap();
                assert_eq!(frame.send(slot, ready, air), want, "{frame:?} {case}");
            }
        }
    }

    #[test]
    fn the_mean_wait_agrees_with_its_closed_form() {
        let frame = Frame::new(5, 200, 20).unwrap();
        let waits = (0..frame.length_us()).map(|t| frame.send(3, t, 1).start_us - t);
        let mean = waits.sum::<u64>() as f64 / 1000.0;
        // Arrivals on whole microseconds wait half a microsecond more than arrivals at any time.
        assert!((mean - frame.mean_wait_us()).abs() < 0.5, "{mean}");
        assert!((frame.mean_wait_us() - 820.0 * 820.0 / 2000.0).abs() < 1e-9);
    }

    #[test]
    fn frames_that_cannot_be_are_refused() {
        assert_eq!(Frame::new(0, 10, 0), Err(FrameError::NoSlots));
        assert!(matches!(
            Frame::new(2, 10, 10),
            Err(FrameError::NoAirTime { .. })
        ));
        assert!(matches!(
            Frame::new(3, u64::MAX / 2, 0),
            Err(FrameError::TooLong { .. })
        ));
    }

    #[test]
    fn air_time_rounds_up_to_whole_microseconds() {
        assert_eq!(air_time_us(125, 1e6), 1000);
        assert_eq!(air_time_us(1, 3e6), 3);
        assert_eq!(air_time_us(0, 1e6), 0);
        assert_eq!(air_time_us(1, 0.0), u64::MAX);
        assert_eq!(air_time_us(1, f64::NAN), u64::MAX);
    }
}
