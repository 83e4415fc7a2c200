//! Outboxes, bodies under way, and what has arrived.

use std::collections::BTreeMap;

use bevy::prelude::Resource;
use serde::{Deserialize, Serialize};

use super::{
    detail::Detail,
    header::{Audience, Header, MessageClass, MessageId, Precedence},
    payload::Payload,
};
use crate::kernel::{
    ids::{UnitId, UnitIx},
    time::SimTime,
};

/// What a domain says when it writes a message.
#[derive(Debug, Clone, Copy)]
pub struct Posted {
    /// Who writes: stable id and rank.
    pub author: (UnitId, UnitIx),
    /// For whom.
    pub audience: Audience,
    /// How urgent.
    pub precedence: Precedence,
    /// Size, bytes.
    pub size_bytes: u32,
    /// Now.
    pub created: SimTime,
    /// How long it is worth something, s.
    pub valid_s: f64,
    /// Whether it takes the place of what the author said before, see [`Header::is_latest`].
    pub is_latest: bool,
}

/// Messages of one kind that wait for `comms` to take them.
#[derive(Debug, PartialEq, Resource, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Outbox<T: Payload> {
    items: Vec<(Header, T)>,
    written: BTreeMap<UnitIx, u64>,
}

impl<T: Payload> Default for Outbox<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            written: BTreeMap::new(),
        }
    }
}

impl<T: Payload> Outbox<T> {
    /// Writes a message; returns its name.
    pub fn post(&mut self, posted: Posted, body: T) -> MessageId {
        self.post_about(posted, posted.author.1, body)
    }

    /// Writes a message with another unit's information; returns its name.
    pub fn post_about(&mut self, posted: Posted, about: UnitIx, body: T) -> MessageId {
        let (id, author) = posted.author;
        let count = self.written.entry(author).or_default();
        let header = Header {
            id: MessageId::of(id, T::CLASS, *count << 8 | u64::from(T::KIND)),
            author,
            about,
            class: T::CLASS,
            precedence: posted.precedence,
            audience: posted.audience,
            size_bytes: posted.size_bytes,
            created: posted.created,
            expires: posted.created.plus_s(posted.valid_s),
            is_latest: posted.is_latest,
        };
        *count += 1;
        self.items.push((header, body));
        header.id
    }

    /// Takes all that wait.
    pub fn take(&mut self) -> Vec<(Header, T)> {
        core::mem::take(&mut self.items)
    }
}

/// Bodies of messages that are under way.
#[derive(Debug, PartialEq, Resource, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct BodyStore<T: Payload> {
    bodies: BTreeMap<MessageId, (Header, T)>,
}

impl<T: Payload> Default for BodyStore<T> {
    fn default() -> Self {
        Self {
            bodies: BTreeMap::new(),
        }
    }
}

impl<T: Payload> BodyStore<T> {
    /// Keeps a body.
    pub fn keep(&mut self, header: Header, body: T) {
        self.bodies.insert(header.id, (header, body));
    }

    /// A body.
    #[must_use]
    pub fn get(&self, id: MessageId) -> Option<&(Header, T)> {
        self.bodies.get(&id)
    }

    /// Lets a body go that is no longer under way.
    pub fn release(&mut self, id: MessageId) {
        self.bodies.remove(&id);
    }
}

/// A message reached a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Which.
    pub id: MessageId,
    /// Its class.
    pub class: MessageClass,
    /// Whom it reached.
    pub to: UnitIx,
    /// When.
    pub at: SimTime,
    /// How much of it is left.
    pub detail: Detail,
}

/// What `comms` hands to the mail kinds in one tick: arrivals, and messages that are done with.
#[derive(Debug, Default, Resource)]
pub struct Arrivals {
    /// Arrivals in order of time, then of sending.
    pub arrived: Vec<Arrival>,
    /// What passed nodes in other hands, whoever it was for, in the same order.
    pub overheard: Vec<Arrival>,
    /// Messages that nobody waits for any more.
    pub done: Vec<MessageId>,
}

/// A message in the hands of its addressee.
#[derive(Debug, Clone)]
pub struct Delivery<T> {
    /// Who has it.
    pub to: UnitIx,
    /// Since when.
    pub at: SimTime,
    /// Its outside.
    pub header: Header,
    /// Its inside.
    pub body: T,
}

/// What arrived in this tick; emptied when the next tick delivers.
#[derive(Debug, Resource)]
pub struct Delivered<T: Payload> {
    pub(super) items: Vec<Delivery<T>>,
    pub(super) overheard: Vec<Delivery<T>>,
}

impl<T: Payload> Default for Delivered<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            overheard: Vec::new(),
        }
    }
}

impl<T: Payload> Delivered<T> {
    /// Hands out these, and none of those before, as `comms` does.
    #[cfg(test)]
    pub(crate) fn hand_out(&mut self, items: Vec<Delivery<T>>) {
        self.items = items;
    }

    /// Deliveries in order of arrival.
    #[must_use]
    pub fn read(&self) -> &[Delivery<T>] {
        &self.items
    }

    /// What passed nodes in other hands in this tick, `to` being the node.
    #[must_use]
    pub fn overheard(&self) -> &[Delivery<T>] {
        &self.overheard
    }
}
