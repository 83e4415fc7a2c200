//! The formulas of the links: pure, in `f64`, each against published numbers.
//!
//! * [`propagation`], [`diffraction`], [`itm`]: how radio waves weaken, from
//!   [`spectrum`](crate::spectrum::model).
//! * [`link`]: noise, reception, retries. * [`acoustic`]: links under water.

pub mod acoustic;
pub mod link;

pub use crate::spectrum::model::{diffraction, itm, propagation};
