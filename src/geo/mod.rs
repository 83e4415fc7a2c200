//! Where things are: WGS-84, the local frame, terrain, lines of sight, neighbours.
//!
//! | file | what |
//! |---|---|
//! | `wgs84` | geodetic, earth-centred and topocentric positions, geodesics |
//! | `local` | the scenario's horizontal frame, a transverse Mercator about its origin |
//! | `grid_ref` | UTM and MGRS references for people and files |
//! | `read` | bytes of SRTM HGT, DTED and GeoTIFF into a heightmap |
//! | `heightmap` | a height grid in latitude and longitude, as read |
//! | `terrain` | heights in the local frame, which everything else asks |
//! | `transect` | heights along a straight line |
//! | `analytic` | terrains given by a formula, for tests with exact answers |
//! | `noise`, `detail` | seeded procedural relief, below the posts of a real grid or alone |
//! | `sight` | lines of sight over terrain on a 4/3 earth, knife edges, horizon |
//! | `pyramid` | block maxima of a terrain, for `sight` |
//! | `cover`, `cover_map` | kinds of land cover and roads, and where they lie |
//! | `canopy` | lines through treetops and roofs |
//! | `unresolved` | relief finer than the posts, and whom it hides |
//! | `index` | which points lie near a point |
//!
//! **Architecture invariant:** everything here is pure. It reads no file, knows no unit and no
//! side, and imports the kernel's mathematics only.

pub mod analytic;
pub mod canopy;
pub mod cover;
mod cover_map;
pub mod detail;
pub mod grid_ref;
pub mod heightmap;
pub mod index;
pub mod local;
pub mod noise;
mod pyramid;
pub mod read;
pub mod sight;
pub mod terrain;
mod transect;
pub mod unresolved;
pub mod wgs84;

pub use cover_map::CoverMap;
pub use detail::{Detail, Procedural};
pub use heightmap::Heightmap;
pub use index::SpatialIndex;
pub use local::LocalFrame;
pub use sight::Sight;
pub use terrain::{Extent, Terrain};
pub use wgs84::Geodetic;
