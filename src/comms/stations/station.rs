//! One member on one network. See [`Station`].

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::{
    airtime::AirTime,
    packet::{Buffer, Packet},
};
use crate::{
    kernel::{math, time::SimTime},
    wire::Precedence,
};

/// Time over which a station's share of the channel is averaged, s.
const LOAD_WINDOW_S: f64 = 30.0;

/// What a station sent and lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Traffic {
    /// Bytes of messages on the air, repetitions and overhead included.
    pub data_bytes: u64,
    /// Bytes of hellos and topology messages.
    pub control_bytes: u64,
    /// Time on the air, s.
    pub air_s: f64,
    /// Messages that found the buffer full, or were pushed out of it.
    pub overflowed: u64,
    /// Messages that expired in the queue.
    pub expired: u64,
    /// Hops given up after all tries.
    pub failed: u64,
}

/// One member on one network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// What waits, by precedence.
    queues: [VecDeque<Packet>; 4],
    /// Its size.
    queued_bytes: u32,
    /// What is on the air.
    pub(super) sending: Option<Packet>,
    /// When its transmitter is free.
    pub(super) free_at: SimTime,
    /// Share of the time that it was on the air lately, and as of when.
    load: (f64, SimTime),
    /// Share of it that control messages took.
    control: f64,
    /// When it was on the air lately.
    pub air: AirTime,
    /// What it sent and lost.
    pub traffic: Traffic,
}

impl Station {
    /// Messages that wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.queues.iter().map(VecDeque::len).sum()
    }

    /// Share of the time that control messages took lately, 0 to 1.
    pub(super) fn control_load(&self, now: SimTime) -> f64 {
        self.faded(self.control, now)
    }

    /// What is left of a share after some time.
    fn faded(&self, share: f64, now: SimTime) -> f64 {
        share * math::exp(-now.since_s(self.load.1) / LOAD_WINDOW_S)
    }

    /// Share of the time that it was on the air lately, 0 to 1.
    #[must_use]
    pub fn load(&self, now: SimTime) -> f64 {
        self.faded(self.load.0, now)
    }

    /// Notes a transmission that takes so long, s, and has ended by then.
    pub(super) fn on_air(&mut self, (air_s, end): (f64, SimTime), is_control: bool, now: SimTime) {
        let more = air_s / LOAD_WINDOW_S;
        self.control = self.faded(self.control, now) + if is_control { more } else { 0.0 };
        self.load = ((self.load(now) + more).min(1.0), now);
        self.traffic.air_s += air_s;
        self.air.book(air_s, end, now);
    }

    /// Takes a packet; gives back those that had to go for it.
    pub fn push(&mut self, packet: Packet, buffer: Buffer) -> Vec<Packet> {
        let mut gone = Vec::new();
        let queue = &mut self.queues[packet.header.precedence as usize];
        if let Some(at) = queue.iter().position(|older| packet.replaces(older)) {
            let older = core::mem::replace(&mut queue[at], packet);
            self.queued_bytes = self.queued_bytes + queue[at].left_bytes - older.left_bytes;
            gone.push(older);
        } else {
            self.queued_bytes += packet.left_bytes;
            queue.push_back(packet);
        }
        while self.queued_bytes > buffer.bytes || self.waiting() > buffer.messages {
            let Some(last) = self.queues.iter_mut().find_map(VecDeque::pop_back) else {
                break;
            };
            self.queued_bytes -= last.left_bytes;
            self.traffic.overflowed += 1;
            gone.push(last);
        }
        gone
    }

    /// Puts a packet back whose next fragment or try is due.
    pub fn push_front(&mut self, packet: Packet) {
        self.queued_bytes += packet.left_bytes;
        self.queues[packet.header.precedence as usize].push_front(packet);
    }

    /// Takes the packet that was on the air.
    pub fn take_sent(&mut self) -> Option<Packet> {
        self.sending.take()
    }

    /// Takes all that waits.
    pub fn clear(&mut self) -> Vec<Packet> {
        self.queued_bytes = 0;
        self.queues
            .iter_mut()
            .rev()
            .flat_map(core::mem::take)
            .collect()
    }

    /// The most urgent packet that is still worth sending, if it is urgent enough; what has expired
    /// goes to `late`.
    pub(super) fn pop(
        &mut self,
        now: SimTime,
        least: Precedence,
        late: &mut Vec<Packet>,
    ) -> Option<Packet> {
        loop {
            let urgent = self.queues.iter_mut().skip(least as usize).rev();
            let packet = { urgent }.find_map(VecDeque::pop_front)?;
            self.queued_bytes -= packet.left_bytes;
            if packet.header.expires > now {
                return Some(packet);
            }
            self.traffic.expired += 1;
            late.push(packet);
        }
    }
}
