//! What can be inside a message. See [`Payload`].

use bevy::prelude::{App, Resource, World};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    detail::Detail,
    header::{Header, MessageClass},
    mail::{Arrival, Arrivals, BodyStore, Delivered, Delivery, Outbox},
};
use crate::kernel::registry::StateAppExt;

/// The inside of a message.
pub trait Payload: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What sharing rules take it for.
    const CLASS: MessageClass;
    /// Number of this kind among all payloads, unique; part of message names.
    const KIND: u8;

    /// What is left of it when it was handed over with less than full detail.
    #[must_use]
    fn coarsened(&self, detail: Detail) -> Self;
}

/// How `comms` moves one kind of mail without seeing it.
#[derive(Debug, Clone, Copy)]
pub struct MailKind {
    /// [`Payload::KIND`].
    pub kind: u8,
    /// Moves what waits in the outbox into the body store and appends the headers.
    pub collect: fn(&mut World, &mut Vec<Header>),
    /// Hands out what arrived and drops what is done with.
    pub deliver: fn(&mut World, &Arrivals),
}

/// All kinds of mail, sorted by number.
#[derive(Debug, Default, Resource)]
pub struct MailKinds {
    /// The kinds.
    pub kinds: Vec<MailKind>,
}

/// Adds mail kinds to an app.
pub trait PayloadAppExt {
    /// Adds outbox, body store and deliveries of a payload.
    fn add_payload<T: Payload>(&mut self) -> &mut Self;

    /// Adds a payload that most scenarios do not use: as long as nobody writes one, it leaves no trace
    /// in the hash.
    fn add_payload_if_used<T: Payload + PartialEq>(&mut self) -> &mut Self;
}

impl PayloadAppExt for App {
    fn add_payload<T: Payload>(&mut self) -> &mut Self {
        add_kind::<T>(self);
        self.register_state_resource::<Outbox<T>>()
            .register_state_resource::<BodyStore<T>>()
    }

    fn add_payload_if_used<T: Payload + PartialEq>(&mut self) -> &mut Self {
        add_kind::<T>(self);
        self.register_state_resource_if_used::<Outbox<T>>()
            .register_state_resource_if_used::<BodyStore<T>>()
    }
}

/// Adds outbox, body store and deliveries of a payload, and how it is moved.
fn add_kind<T: Payload>(app: &mut App) {
    app.init_resource::<Outbox<T>>()
        .init_resource::<BodyStore<T>>()
        .init_resource::<Delivered<T>>()
        .init_resource::<MailKinds>();
    let kinds = &mut app.world_mut().resource_mut::<MailKinds>().kinds;
    let at = kinds.binary_search_by_key(&T::KIND, |kind| kind.kind);
    debug_assert!(at.is_err(), "payload numbers are unique");
    if let Err(at) = at {
        kinds.insert(
            at,
            MailKind {
                kind: T::KIND,
                collect: collect::<T>,
                deliver: deliver::<T>,
            },
        );
    }
}

/// Moves what waits in the outbox into the body store and appends the headers.
fn collect<T: Payload>(world: &mut World, headers: &mut Vec<Header>) {
    let posted = world.resource_mut::<Outbox<T>>().take();
    if posted.is_empty() {
        return;
    }
    let mut store = world.resource_mut::<BodyStore<T>>();
    for (header, body) in posted {
        headers.push(header);
        store.keep(header, body);
    }
}

/// Hands out what arrived and drops what is done with.
fn deliver<T: Payload>(world: &mut World, arrivals: &Arrivals) {
    world.resource_scope::<Delivered<T>, ()>(|world, mut delivered| {
        let mut store = world.resource_mut::<BodyStore<T>>();
        fill(&mut delivered.items, &arrivals.arrived, &store);
        fill(&mut delivered.overheard, &arrivals.overheard, &store);
        for id in &arrivals.done {
            store.release(*id);
        }
    });
}

/// Puts the bodies of arrivals of one kind in the place of those before.
fn fill<T: Payload>(out: &mut Vec<Delivery<T>>, arrivals: &[Arrival], store: &BodyStore<T>) {
    out.clear();
    for arrival in arrivals.iter().filter(|it| it.class == T::CLASS) {
        let Some((header, body)) = store.get(arrival.id) else {
            continue;
        };
        let body = match arrival.detail {
            Detail::Full => body.clone(),
            less => body.coarsened(less),
        };
        out.push(Delivery {
            to: arrival.to,
            at: arrival.at,
            header: *header,
            body,
        });
    }
}
