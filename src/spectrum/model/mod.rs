//! How radio waves weaken on their way: pure, in `f64`, each against published numbers.
//!
//! * [`propagation`]: free space and two rays. * [`diffraction`]: over a ridge.
//! * [`itm`]: over irregular terrain, by Longley and Rice.
//! * [`jamming`]: who drowns whom.

pub mod diffraction;
pub mod itm;
pub mod jamming;
pub mod propagation;
