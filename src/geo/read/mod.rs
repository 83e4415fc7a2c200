//! Terrain files, from bytes to a [`Heightmap`](super::Heightmap).
//!
//! Whatever the bytes are, the answer is a map or an error that tells what is wrong with them.

mod dted;
mod error;
mod geotiff;
mod hgt;

pub use dted::read_dted;
pub use error::ReadError;
pub use geotiff::read_geotiff;
pub use hgt::read_hgt;
