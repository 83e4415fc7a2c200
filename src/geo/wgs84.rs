//! WGS-84 positions: geodetic, earth-centred (ECEF), topocentric (ENU) and geodesics.
//!
//! Kept crates do the work (`map_3d`, `geographiclib-rs`); this file gives them the types of the
//! project and refuses what they would answer with NaN. They use the platform's trigonometry, so
//! nothing of the simulation's state may depend on them: state lives in the
//! [local frame](super::LocalFrame); these serve files, pointing and exports.

use geographiclib_rs::{DirectGeodesic, Geodesic, InverseGeodesic};
use glam::DVec3;
use serde::{Deserialize, Serialize};

/// Equatorial radius in metres (NIMA TR8350.2, 2000, table 3.1).
pub const SEMI_MAJOR_AXIS_M: f64 = 6_378_137.0;

/// Flattening (NIMA TR8350.2, 2000, table 3.1).
pub const FLATTENING: f64 = 1.0 / 298.257_223_563;

/// Mean earth radius in metres, (2a + b)/3 rounded, as radio horizons use it.
pub const MEAN_RADIUS_M: f64 = 6_371_000.0;

/// A position on or about the WGS-84 ellipsoid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geodetic {
    /// Geodetic latitude in degrees, positive north.
    pub lat_deg: f64,
    /// Longitude in degrees, positive east.
    pub lon_deg: f64,
    /// Height above the ellipsoid in metres.
    pub height_m: f64,
}

impl Geodetic {
    /// A position from degrees and metres above the ellipsoid.
    #[must_use]
    pub const fn new(lat_deg: f64, lon_deg: f64, height_m: f64) -> Self {
        Self {
            lat_deg,
            lon_deg,
            height_m,
        }
    }

    /// Earth-centred, earth-fixed coordinates in metres.
    #[must_use]
    pub fn to_ecef(self) -> DVec3 {
        let (x, y, z) = map_3d::geodetic2ecef(
            self.lat_deg.to_radians(),
            self.lon_deg.to_radians(),
            self.height_m,
            map_3d::Ellipsoid::WGS84,
        );
        DVec3::new(x, y, z)
    }

    /// The geodetic position of earth-centred coordinates in metres (You, 2000, closed form with
    /// one correction). `None` where latitude has no meaning: within 50 km of the earth's centre
    /// or at a non-finite point.
    #[must_use]
    pub fn from_ecef(ecef: DVec3) -> Option<Self> {
        const MEANINGLESS_BELOW_M: f64 = 50_000.0;
        if !ecef.is_finite() || ecef.length() < MEANINGLESS_BELOW_M {
            return None;
        }
        let (lat, lon, height_m) =
            map_3d::ecef2geodetic(ecef.x, ecef.y, ecef.z, map_3d::Ellipsoid::WGS84);
        Some(Self::new(lat.to_degrees(), lon.to_degrees(), height_m))
    }

    /// East, north, up in metres in the plane that touches the ellipsoid's normal at `origin`.
    #[must_use]
    pub fn to_enu(self, origin: Self) -> DVec3 {
        let (e, n, u) = map_3d::geodetic2enu(
            self.lat_deg.to_radians(),
            self.lon_deg.to_radians(),
            self.height_m,
            origin.lat_deg.to_radians(),
            origin.lon_deg.to_radians(),
            origin.height_m,
            map_3d::Ellipsoid::WGS84,
        );
        DVec3::new(e, n, u)
    }

    /// The position that lies `enu` metres east, north and up of `origin`. `None` as for
    /// [`Self::from_ecef`].
    #[must_use]
    pub fn from_enu(enu: DVec3, origin: Self) -> Option<Self> {
        let (x, y, z) = map_3d::enu2ecef(
            enu.x,
            enu.y,
            enu.z,
            origin.lat_deg.to_radians(),
            origin.lon_deg.to_radians(),
            origin.height_m,
            map_3d::Ellipsoid::WGS84,
        );
        Self::from_ecef(DVec3::new(x, y, z))
    }
}

/// The shortest way between two points of the ellipsoid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GeodesicPath {
    /// Length along the ellipsoid in metres.
    pub distance_m: f64,
    /// Bearing at the start in radians clockwise from true north, in `(-π, π]`.
    pub start_bearing: f64,
    /// Forward bearing at the end in radians clockwise from true north, in `(-π, π]`.
    pub end_bearing: f64,
}

/// The inverse problem (Karney, 2013, "Algorithms for geodesics"): the path from one point to
/// another. Heights play no part.
#[must_use]
pub fn geodesic_between(from: Geodetic, to: Geodetic) -> GeodesicPath {
    let (distance_m, start_deg, end_deg, _arc_deg): (f64, f64, f64, f64) =
        Geodesic::wgs84().inverse(from.lat_deg, from.lon_deg, to.lat_deg, to.lon_deg);
    GeodesicPath {
        distance_m,
        start_bearing: start_deg.to_radians(),
        end_bearing: end_deg.to_radians(),
    }
}

/// The direct problem (Karney, 2013): where a path of `distance_m` that leaves `from` at `bearing`
/// (radians clockwise from true north) ends. The height is carried over.
#[must_use]
pub fn geodesic_from(from: Geodetic, bearing: f64, distance_m: f64) -> Geodetic {
    let (lat_deg, lon_deg): (f64, f64) =
        Geodesic::wgs84().direct(from.lat_deg, from.lon_deg, bearing.to_degrees(), distance_m);
    Geodetic::new(lat_deg, lon_deg, from.height_m)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `tests/reference/geo_points.csv`: pymap3d, pyproj, mgrs, `GeographicLib`.
    const POINTS: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/geo_points.csv"
    ));
    /// `tests/reference/geo_enu.csv`: pymap3d, `GeographicLib`.
    const ENU: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/geo_enu.csv"
    ));

    fn rows(table: &str, columns: usize) -> Vec<Vec<f64>> {
        let rows: Vec<Vec<f64>> = table
            .lines()
            .skip(2)
            .map(|line| {
                let cells = line.split(',').take(columns);
                cells.map(|cell| cell.parse().unwrap()).collect()
            })
            .collect();
        assert!(rows.len() >= 4, "the reference table lost its rows");
        rows
    }

    #[test]
    fn ecef_agrees_with_pymap3d_both_ways() {
        for row in rows(POINTS, 6) {
            let place = Geodetic::new(row[0], row[1], row[2]);
            let ecef = DVec3::new(row[3], row[4], row[5]);
            assert!((place.to_ecef() - ecef).length() < 1e-3, "{row:?}");
            let back = Geodetic::from_ecef(place.to_ecef()).unwrap();
            assert!(
                (back.to_ecef() - place.to_ecef()).length() < 1e-4,
                "{back:?}"
            );
            assert!((back.height_m - place.height_m).abs() < 1e-4, "{back:?}");
        }
    }

    #[test]
    fn enu_and_geodesics_agree_with_pymap3d_and_geographiclib() {
        for row in rows(ENU, 11) {
            let origin = Geodetic::new(row[0], row[1], row[2]);
            let place = Geodetic::new(row[3], row[4], row[5]);
            let enu = DVec3::new(row[6], row[7], row[8]);
            assert!((place.to_enu(origin) - enu).length() < 1e-3, "{row:?}");
            let back = Geodetic::from_enu(enu, origin).unwrap();
            assert!(
                (back.to_ecef() - place.to_ecef()).length() < 1e-3,
                "{back:?}"
            );

            let path = geodesic_between(origin, place);
            assert!((path.distance_m - row[9]).abs() < 1e-3, "{path:?}");
            if row[9] > 0.0 {
                assert!(
                    (path.start_bearing.to_degrees() - row[10]).abs() < 1e-5,
                    "{path:?}"
                );
                let end = geodesic_from(origin, path.start_bearing, path.distance_m);
                assert!((end.lat_deg - place.lat_deg).abs() < 1e-9, "{end:?}");
                assert!((end.lon_deg - place.lon_deg).abs() < 1e-9, "{end:?}");
            }
        }
    }

    #[test]
    fn points_without_a_latitude_are_refused() {
        assert!(Geodetic::from_ecef(DVec3::ZERO).is_none());
        assert!(Geodetic::from_ecef(DVec3::new(f64::NAN, 0.0, 7e6)).is_none());
    }
}
