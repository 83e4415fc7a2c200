//! F2: what a message is, and nothing of how it travels.
//!
//! A domain writes a [`Payload`] to its [`Outbox`]; `comms` moves the [`Header`] and never looks
//! inside; the addressee's domain reads [`Delivered`] in the same tick in which it arrives.

mod detail;
mod header;
mod mail;
mod payload;

pub use detail::{Detail, rounding_sigma};
pub use header::{Audience, Header, MessageClass, MessageId, MessageSizes, Precedence};
pub use mail::{Arrival, Arrivals, BodyStore, Delivered, Delivery, Outbox, Posted};
pub use payload::{MailKind, MailKinds, Payload, PayloadAppExt};
