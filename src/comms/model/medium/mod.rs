//! How stations share a channel: fixed slots ([`tdma`], [`frame`]), listening before sending
//! ([`bianchi`]), sending at once ([`aloha`]).

pub mod aloha;
pub mod bianchi;
pub mod frame;
pub mod tdma;
