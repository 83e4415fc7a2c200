//! Formulas of jamming and counterfeiting: pure, in `f64`, each against published numbers.
//!
//! * [`waveform`]: how much of a channel a jammer covers. * [`jamming`]: radios and radars in closed
//!   form. * [`gnss`]: satellite navigation under interference. * [`lock`]: when a receiver loses its
//!   satellites and finds them again. * [`gate`]: how it finds out that they are counterfeit.

pub mod gate;
pub mod gnss;
pub mod jamming;
pub mod lock;
pub mod waveform;
