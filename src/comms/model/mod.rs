//! The formulas of the links: pure, in `f64`, each against published numbers.
//!
//! * [`propagation`], [`diffraction`], [`itm`], [`rain`]: how radio waves weaken, [`delay`]: how long
//!   they take, from [`spectrum`](crate::spectrum::model).
//! * [`link`]: noise, reception, retries. * [`acoustic`]: links under water.
//! * [`medium`]: how stations share a channel. * [`graph`]: what the shape of a network says.
//! * [`emane`]: reception curves from files. * [`rates`]: which bit rate a radio uses.
//! * [`queueing`], [`epidemic`]: closed forms of waiting and of delay, to judge a run by.

pub mod acoustic;
pub mod emane;
pub mod epidemic;
pub mod graph;
pub mod link;
pub mod medium;
pub mod queueing;
pub mod rates;

pub use crate::spectrum::model::{delay, diffraction, itm, propagation, rain};
