//! How radio waves weaken on their way: pure, in `f64`, each against published numbers.
//!
//! * [`propagation`]: free space and two rays. * [`diffraction`]: over a ridge.
//! * [`deygout`]: over three. * [`delta_bullington`], [`spherical_earth`]: over any terrain.
//! * [`itm`]: over irregular terrain, by Longley and Rice.
//! * [`urban`]: among buildings. * [`clutter`]: in woodland, below roofs. * [`rain`]: through rain.
//! * [`shadowing`]: how one place differs from the median. * [`delay`]: how long it takes.
//! * [`jamming`]: who drowns whom. * [`intercept`]: who catches whom.

pub mod clutter;
pub mod delay;
pub mod delta_bullington;
pub mod deygout;
pub mod diffraction;
pub mod intercept;
pub mod itm;
pub mod jamming;
pub mod propagation;
pub mod rain;
pub mod shadowing;
pub mod spherical_earth;
pub mod urban;
