//! The formulas of the sensors: pure, in `f64`, each against published numbers.
//!
//! * [`radar`]: echo strength and detection. * [`optical`]: day, low-light and thermal imagers.
//! * [`sea_clutter`]: echo of a rough sea. * [`sonar`]: passive and active. * [`reporter`]: things that say where they are.
//! * [`search`]: how long a search takes. * [`measurement`]: errors, covariances, false alarms.

pub mod measurement;
pub mod optical;
pub mod radar;
pub mod reporter;
pub mod sea_clutter;
pub mod search;
pub mod sonar;
