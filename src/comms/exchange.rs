//! Gateways and liaisons: queues that messages between services go through. See [`Exchanges`].
//!
//! Strict precedence without interruption, first come first served within a precedence (ACP 121;
//! Cobham 1954 for the waits); a newer report takes the place of one that it makes worthless. A
//! queue holds a finite number of messages.

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::matrix::ExchangeKind;
use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    wire::{Header, MessageId},
};

/// Messages that wait at one exchange at most (notional, 100 to 10,000): what does not fit is turned
/// away, the latest of the lowest precedence first.
const QUEUE_LIMIT: usize = 1000;

/// A message at an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Its outside.
    pub header: Header,
    /// Time that handling it takes, s.
    pub service_s: f64,
}

impl Item {
    /// When it is done if it is begun now, unless that is too late.
    fn done(&self, now: SimTime) -> Option<SimTime> {
        let done = now.plus_s(self.service_s);
        (done < self.header.expires).then_some(done)
    }
}

/// What became of a message that came to an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It is in hand and done at this time.
    InHand(SimTime),
    /// It waits; another may have had to go for it.
    Waits(Option<MessageId>),
    /// It was turned away.
    TurnedAway,
}

/// One gateway or liaison.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Desk {
    /// Messages in hand.
    in_hand: u32,
    /// What waits, in the order in which it will be taken.
    waiting: Vec<Item>,
    /// Messages taken in hand so far.
    pub handled: u64,
    /// Messages turned away so far.
    pub turned_away: u64,
}

/// All gateways and liaisons that were handed something.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Exchanges {
    desks: BTreeMap<(UnitIx, ExchangeKind), Desk>,
}

impl Exchanges {
    /// Hands a message to an exchange with a number of servers.
    pub fn take(
        &mut self,
        exchange: (UnitIx, ExchangeKind),
        servers: u32,
        item: Item,
        now: SimTime,
    ) -> Taken {
        let desk = self.desks.entry(exchange).or_default();
        if desk.in_hand < servers.max(1) {
            let Some(done) = item.done(now) else {
                desk.turned_away += 1;
                return Taken::TurnedAway;
            };
            desk.in_hand += 1;
            desk.handled += 1;
            return Taken::InHand(done);
        }
        let mut waiting = desk.waiting.iter_mut();
        if let Some(older) = waiting.find(|other| item.header.replaces(&other.header)) {
            let older = core::mem::replace(older, item);
            return Taken::Waits(Some(older.header.id));
        }
        let is_before = |other: &Item| other.header.precedence >= item.header.precedence;
        let place = desk.waiting.partition_point(is_before);
        desk.waiting.insert(place, item);
        if desk.waiting.len() <= QUEUE_LIMIT {
            return Taken::Waits(None);
        }
        desk.turned_away += 1;
        match desk.waiting.pop() {
            Some(last) if last.header.id != item.header.id => Taken::Waits(Some(last.header.id)),
            _ => Taken::TurnedAway,
        }
    }

    /// A server has finished: gives the next message and when it is done. What could not be done in
    /// time any more is turned away.
    pub fn next(
        &mut self,
        exchange: (UnitIx, ExchangeKind),
        now: SimTime,
        turned_away: &mut Vec<MessageId>,
    ) -> Option<(MessageId, SimTime)> {
        let desk = self.desks.get_mut(&exchange)?;
        let late = desk
            .waiting
            .iter()
            .take_while(|item| item.done(now).is_none())
            .count();
        desk.turned_away += late as u64;
        turned_away.extend(desk.waiting.drain(..late).map(|item| item.header.id));
        if desk.waiting.is_empty() {
            desk.in_hand -= 1;
            return None;
        }
        let item = desk.waiting.remove(0);
        desk.handled += 1;
        item.done(now).map(|done| (item.header.id, done))
    }

    /// Turns a message away.
    pub fn refuse(&mut self, exchange: (UnitIx, ExchangeKind)) {
        self.desks.entry(exchange).or_default().turned_away += 1;
    }

    /// What a server had in hand waits again, before what is not more urgent.
    pub fn put_back(&mut self, exchange: (UnitIx, ExchangeKind), item: Item) {
        if let Some(desk) = self.desks.get_mut(&exchange) {
            desk.in_hand -= 1;
            desk.handled -= 1;
            let is_before = |other: &Item| other.header.precedence > item.header.precedence;
            let place = desk.waiting.partition_point(is_before);
            desk.waiting.insert(place, item);
        }
    }

    /// Exchanges where something waits although a server is free.
    pub fn stalled(&self, servers: impl Fn(ExchangeKind) -> u32) -> Vec<(UnitIx, ExchangeKind)> {
        let desks = self.desks.iter();
        let stalled = desks.filter(|((_, kind), desk)| {
            !desk.waiting.is_empty() && desk.in_hand < servers(*kind).max(1)
        });
        stalled.map(|(exchange, _)| *exchange).collect()
    }

    /// Free servers turn to what waits: gives the messages and when they are done. What could not be
    /// done in time any more is turned away.
    pub fn resume(
        &mut self,
        exchange: (UnitIx, ExchangeKind),
        servers: u32,
        now: SimTime,
        turned_away: &mut Vec<MessageId>,
    ) -> Vec<(MessageId, SimTime)> {
        let mut begun = Vec::new();
        while let Some(desk) = self.desks.get_mut(&exchange)
            && !desk.waiting.is_empty()
            && desk.in_hand < servers.max(1)
        {
            desk.in_hand += 1;
            begun.extend(self.next(exchange, now, turned_away));
        }
        begun
    }

    /// Lets go what has expired while it waited; gives what that was.
    pub fn drop_late(&mut self, exchange: (UnitIx, ExchangeKind), now: SimTime) -> Vec<MessageId> {
        let Some(desk) = self.desks.get_mut(&exchange) else {
            return Vec::new();
        };
        let is_late = |item: &mut Item| item.header.expires <= now;
        let late = desk.waiting.extract_if(.., is_late);
        let late: Vec<MessageId> = late.map(|item| item.header.id).collect();
        desk.turned_away += late.len() as u64;
        late
    }

    /// All that were handed something.
    pub fn iter(&self) -> impl Iterator<Item = (UnitIx, ExchangeKind, &Desk)> {
        let desks = self.desks.iter();
        desks.map(|((unit, kind), desk)| (*unit, *kind, desk))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{
        delay::DelayQueue,
        dist::exponential,
        ids::UnitId,
        random::{DrawKey, Stream},
    };
    use crate::wire::{Audience, MessageClass, Precedence};

    const POST: (UnitIx, ExchangeKind) = (UnitIx(0), ExchangeKind::Gateway);

    /// A message that is worth something until a time, s.
    fn item(number: u64, precedence: Precedence, until_s: f64) -> Item {
        let header = Header {
            id: MessageId::of(UnitId(0), MessageClass::Track, number),
            author: UnitIx(7),
            about: UnitIx(7),
            class: MessageClass::Track,
            precedence,
            audience: Audience::Posts,
            size_bytes: 32,
            created: SimTime::ZERO,
            expires: SimTime::from_s(until_s),
            is_latest: false,
        };
        Item {
            header,
            service_s: 10.0,
        }
    }

    /// Mean waits in seconds of messages by precedence at an exchange, arrivals per hour by
    /// precedence (routine, priority), each server `per_hour` messages an hour.
    fn mean_waits_s(servers: u32, arrivals: [f64; 2], per_hour: f64, items: u32) -> [f64; 2] {
        let mut draws = DrawKey::new(Stream::Handling, 1, 2, 3).draws(5);
        let mut exchanges = Exchanges::default();
        let mut events = DelayQueue::default();
        let mut came = BTreeMap::new();
        let (mut waits, mut counts) = ([0.0; 2], [0.0_f64; 2]);
        let mut begun = |kind: usize, wait_s: f64| {
            waits[kind] += wait_s;
            counts[kind] += 1.0;
        };
        let mut now_s = 0.0;
        for number in 0..items {
            now_s += exponential(&mut draws, 3600.0 / (arrivals[0] + arrivals[1]));
            let now = SimTime::from_s(now_s);
            while let Some((at, ())) = events.pop_before(now) {
                if let Some((id, done)) = exchanges.next(POST, at, &mut Vec::new()) {
                    let (came, kind): (SimTime, usize) = came[&id];
                    begun(kind, at.since_s(came));
                    events.post(done, ());
                }
            }
            let kind = usize::from(draws.uniform() * (arrivals[0] + arrivals[1]) >= arrivals[0]);
            let precedence = [Precedence::Routine, Precedence::Priority][kind];
            let item = Item {
                service_s: exponential(&mut draws, 3600.0 / per_hour),
                ..item(u64::from(number), precedence, f64::INFINITY)
            };
            came.insert(item.header.id, (now, kind));
            if let Taken::InHand(done) = exchanges.take(POST, servers, item, now) {
                begun(kind, 0.0);
                events.post(done, ());
            }
        }
        [0, 1].map(|kind| waits[kind] / counts[kind].max(1.0))
    }

    /// MODELS §3 no. 24: three desks of their own against one pool of three, arrivals 4/h each,
    /// service 6/h: waits of 20 and 4.44 min (Erlang C). Here the pool, by simulation.
    #[test]
    fn a_pool_of_three_waits_as_erlang_c_says() {
        let [mean_s, _] = mean_waits_s(3, [12.0, 0.0], 6.0, 400_000);
        assert!((mean_s / 60.0 - 4.444).abs() < 0.15, "{mean_s}");
    }

    /// Two classes at one server, 20 arrivals an hour each, 60 served an hour: the residual work is
    /// ρ/μ = 40 s, so that Cobham gives 40/(1 − 1/3) = 60 s and 40/((1 − 1/3)(1 − 2/3)) = 180 s.
    #[test]
    fn precedence_waits_as_cobham_says() {
        let [routine_s, priority_s] = mean_waits_s(1, [20.0, 20.0], 60.0, 400_000);
        assert!((priority_s / 60.0 - 1.0).abs() < 0.03, "{priority_s}");
        assert!((routine_s / 180.0 - 1.0).abs() < 0.05, "{routine_s}");
    }

    #[test]
    fn what_would_be_late_is_turned_away() {
        let mut exchanges = Exchanges::default();
        let mut take = |number, until_s| {
            let item = item(number, Precedence::Routine, until_s);
            exchanges.take(POST, 1, item, SimTime::ZERO)
        };
        assert_eq!(take(0, 9.0), Taken::TurnedAway);
        assert_eq!(take(1, 60.0), Taken::InHand(SimTime::from_s(10.0)));
        assert_eq!([take(2, 15.0), take(3, 60.0)], [Taken::Waits(None); 2]);
        let mut away = Vec::new();
        let next = exchanges.next(POST, SimTime::from_s(10.0), &mut away);
        assert_eq!(away, [item(2, Precedence::Routine, 0.0).header.id]);
        let third = item(3, Precedence::Routine, 0.0).header.id;
        assert_eq!(next, Some((third, SimTime::from_s(20.0))));
        assert_eq!(exchanges.next(POST, SimTime::from_s(20.0), &mut away), None);
        let desk = exchanges.iter().next().unwrap().2;
        assert_eq!((desk.handled, desk.turned_away, desk.in_hand), (2, 2, 0));
    }

    #[test]
    fn a_full_queue_keeps_what_is_more_urgent() {
        let mut exchanges = Exchanges::default();
        let mut take = |number, precedence| {
            exchanges.take(POST, 1, item(number, precedence, 1e6), SimTime::ZERO)
        };
        for number in 0..=QUEUE_LIMIT as u64 {
            take(number, Precedence::Routine);
        }
        assert_eq!(take(5000, Precedence::Routine), Taken::TurnedAway);
        let last = item(QUEUE_LIMIT as u64, Precedence::Routine, 0.0).header.id;
        assert_eq!(take(5001, Precedence::Flash), Taken::Waits(Some(last)));
    }

    #[test]
    fn a_newer_report_takes_the_place_of_the_older() {
        let mut exchanges = Exchanges::default();
        let mut take = |number, is_latest| {
            let mut item = item(number, Precedence::Routine, 1e6);
            item.header.is_latest = is_latest;
            exchanges.take(POST, 1, item, SimTime::ZERO)
        };
        take(0, true);
        assert_eq!([take(1, true), take(2, false)], [Taken::Waits(None); 2]);
        let first = item(1, Precedence::Routine, 0.0).header.id;
        assert_eq!(take(3, true), Taken::Waits(Some(first)));
        assert_eq!(take(4, false), Taken::Waits(None));
        let next = exchanges.next(POST, SimTime::from_s(10.0), &mut Vec::new());
        let third = item(3, Precedence::Routine, 0.0).header.id;
        assert_eq!(next, Some((third, SimTime::from_s(20.0))));
    }
}
