//! The formulas of the links: pure, in `f64`, each against published numbers.
//!
//! * [`propagation`]: free space and two rays. * [`diffraction`]: over a ridge.
//! * [`itm`]: over irregular terrain, by Longley and Rice.
//! * [`link`]: noise, reception, retries. * [`acoustic`]: links under water.

pub mod acoustic;
pub mod diffraction;
pub mod itm;
pub mod link;
pub mod propagation;
