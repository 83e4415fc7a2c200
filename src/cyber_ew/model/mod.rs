//! Formulas of jamming and counterfeiting: pure, in `f64`, each against published numbers.
//!
//! * [`waveform`]: how much of a channel a jammer covers.

pub mod waveform;
