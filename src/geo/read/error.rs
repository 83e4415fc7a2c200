//! What can be wrong with a terrain file.

use crate::geo::heightmap::HeightmapError;
use thiserror::Error;

/// Why a terrain file was refused.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file's size does not fit its kind.
    #[error("{format} file of {found} bytes: {expected}")]
    Size {
        /// The kind of file.
        format: &'static str,
        /// Bytes found.
        found: usize,
        /// What would have been right.
        expected: String,
    },
    /// A field of the file holds no value that it may hold.
    #[error("{format} file: {field} is {found:?}, expected {expected}")]
    Field {
        /// The kind of file.
        format: &'static str,
        /// The field.
        field: &'static str,
        /// What it holds.
        found: String,
        /// What it may hold.
        expected: &'static str,
    },
    /// The GeoTIFF reader refused the file.
    #[error("GeoTIFF file: {0}")]
    GeoTiff(#[from] geotiff_reader::Error),
    /// The file was read, and its heights make no map.
    #[error(transparent)]
    Heightmap(#[from] HeightmapError),
}
