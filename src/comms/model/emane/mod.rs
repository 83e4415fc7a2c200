//! Reception curves of the network emulator EMANE, read from its files, so that radios described for
//! it serve here too. See [`pcr`].

pub mod pcr;
mod xml;
