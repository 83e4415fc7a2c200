//! UTM and MGRS grid references, for reading scenarios and for showing places to people.
//!
//! `geoconvert` (a port of `GeographicLib`) does the work, with the exceptions for Norway and
//! Svalbard and the polar (UPS) squares. Never used for state: see [`super::wgs84`].

use geoconvert::{LatLon, Mgrs, UtmUps};
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Longest reference that is looked at: zone, three letters, eleven digits for each axis.
const MAX_MGRS_CHARS: usize = 2 + 3 + 22;

/// Why a grid reference was refused.
#[derive(Debug, Error)]
pub enum GridRefError {
    /// The text or the numbers are no grid reference.
    #[error("not a grid reference: {0}")]
    Invalid(#[from] geoconvert::Error),
    /// A reference that no MGRS writer makes.
    #[error("MGRS reference must be up to {MAX_MGRS_CHARS} letters and digits, zone first")]
    Malformed,
    /// Digits per axis outside 1–5 (10 km to 1 m).
    #[error("MGRS digits per axis must be 1 to 5, got {0}")]
    Digits(u8),
}

/// A UTM position; zone 0 stands for the polar UPS grid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Utm {
    /// Zone 1–60, or 0 for UPS.
    pub zone: u8,
    /// Whether northings count from the equator (true) or from 10 000 km south of it (false).
    pub north: bool,
    /// Easting in metres, false easting included.
    pub easting_m: f64,
    /// Northing in metres, false northing included.
    pub northing_m: f64,
}

/// The UTM position of a latitude and longitude in degrees.
///
/// # Errors
/// When latitude or longitude is not finite or out of range.
pub fn to_utm(lat_deg: f64, lon_deg: f64) -> Result<Utm, GridRefError> {
    let utm = place(lat_deg, lon_deg)?.to_utmups();
    Ok(Utm {
        zone: u8::try_from(utm.zone()).expect("UTM zones run from 0 to 60"),
        north: utm.is_north(),
        easting_m: utm.easting(),
        northing_m: utm.northing(),
    })
}

/// Latitude and longitude in degrees of a UTM position.
///
/// # Errors
/// When the zone is above 60 or the coordinates lie outside the grid.
pub fn from_utm(utm: &Utm) -> Result<(f64, f64), GridRefError> {
    if !(utm.easting_m.is_finite() && utm.northing_m.is_finite()) {
        return Err(GridRefError::Malformed);
    }
    let place = UtmUps::create(
        i32::from(utm.zone),
        utm.north,
        utm.easting_m,
        utm.northing_m,
    )?;
    let place = place.to_latlon();
    Ok((place.latitude(), place.longitude()))
}

/// The MGRS reference of a place, truncated to `digits` per axis (5 is a metre, 4 ten metres).
///
/// # Errors
/// When the place is not on earth or `digits` is outside 1–5.
pub fn to_mgrs(lat_deg: f64, lon_deg: f64, digits: u8) -> Result<String, GridRefError> {
    if !(1..=5).contains(&digits) {
        return Err(GridRefError::Digits(digits));
    }
    let polar = !(-80.0..84.0).contains(&lat_deg);
    if polar {
        return Ok(place(lat_deg, lon_deg)?
            .to_mgrs(i32::from(digits))
            .to_string());
    }
    Ok(square(&to_utm(lat_deg, lon_deg)?, lat_deg, digits))
}

/// The MGRS reference of a UTM position (NGA.SIG.0012, 2014, appendix A.2). The crate's own writer
/// panics on the equator.
fn square(utm: &Utm, lat_deg: f64, digits: u8) -> String {
    const BANDS: &[u8] = b"CDEFGHJKLMNPQRSTUVWX";
    const COLUMNS: [&[u8]; 3] = [b"STUVWXYZ", b"ABCDEFGH", b"JKLMNPQR"];
    const ROWS: &[u8] = b"ABCDEFGHJKLMNPQRSTUV";
    const SQUARE_M: f64 = 100_000.0;
    /// Just short of the equator from the south, so that rounding does not cross it.
    const LAST_NORTHING_M: f64 = 9_999_999.999;

    let northing_m = if utm.north {
        utm.northing_m.max(0.0)
    } else {
        utm.northing_m.min(LAST_NORTHING_M)
    };
    let band = ((lat_deg + 80.0) / 8.0).min(19.0);
    let column = utm.easting_m / SQUARE_M - 1.0;
    // Even zones begin five rows on.
    let shift = if utm.zone.is_multiple_of(2) { 5 } else { 0 };
    let row = (whole(northing_m / SQUARE_M) + shift) % ROWS.len();
    let columns = COLUMNS[usize::from(utm.zone % 3)];
    let letters: String = [BANDS[whole(band)], columns[whole(column).min(7)], ROWS[row]]
        .into_iter()
        .map(char::from)
        .collect();
    let width = usize::from(digits);
    let step_m = f64::from(10_u32.pow(5 - u32::from(digits)));
    let east = whole(utm.easting_m % SQUARE_M / step_m);
    let north = whole(northing_m % SQUARE_M / step_m);
    format!("{:02}{letters}{east:0width$}{north:0width$}", utm.zone)
}

/// The whole part of a number that is not negative.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "grid coordinates are small, and the cast saturates at zero"
)]
fn whole(number: f64) -> usize {
    number as usize
}

/// Latitude and longitude in degrees of the middle of the square that an MGRS reference names.
/// Blanks within the text are skipped.
///
/// # Errors
/// When the text is no MGRS reference.
pub fn from_mgrs(text: &str) -> Result<(f64, f64), GridRefError> {
    let compact: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let zone_digits = compact.bytes().take_while(u8::is_ascii_digit).count();
    let plain = compact.bytes().all(|byte| byte.is_ascii_alphanumeric());
    // The crate adds up zone digits without a bound and would overflow on a long run of them.
    if !plain || zone_digits > 2 || compact.len() > MAX_MGRS_CHARS {
        return Err(GridRefError::Malformed);
    }
    let place = Mgrs::parse_str(&compact)?.to_latlon();
    Ok((place.latitude(), place.longitude()))
}

/// A checked latitude and longitude in the crate's own type.
fn place(lat_deg: f64, lon_deg: f64) -> Result<LatLon, GridRefError> {
    if !(lat_deg.is_finite() && lon_deg.is_finite()) {
        return Err(GridRefError::Malformed);
    }
    Ok(LatLon::create(lat_deg, lon_deg)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::wgs84::{Geodetic, geodesic_between};
    use proptest::prelude::*;

    /// `tests/reference/geo_points.csv`: pyproj, mgrs, `GeographicLib`.
    const POINTS: &str = include_str!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/reference/geo_points.csv"
    ));

    #[test]
    fn utm_and_mgrs_agree_with_pyproj_norway_and_svalbard_too() {
        let mut exceptions = 0;
        for line in POINTS.lines().skip(2) {
            let cells: Vec<&str> = line.split(',').collect();
            let (lat, lon): (f64, f64) = (cells[0].parse().unwrap(), cells[1].parse().unwrap());
            let utm = to_utm(lat, lon).unwrap();
            let zone: u8 = cells[6].parse().unwrap();
            let easting: f64 = cells[8].parse().unwrap();
            let northing: f64 = cells[9].parse().unwrap();
            assert_eq!((utm.zone, utm.north), (zone, lat >= 0.0), "{line}");
            // The table rounds to a millimetre, one row by a little more.
            assert!((utm.easting_m - easting).abs() < 1.1e-3, "{line}: {utm:?}");
            assert!(
                (utm.northing_m - northing).abs() < 1.1e-3,
                "{line}: {utm:?}"
            );
            assert_eq!(to_mgrs(lat, lon, 5).unwrap(), cells[10], "{line}");
            exceptions += u32::from(matches!(cells[10].get(..3), Some("32V" | "33X")));

            let (lat_back, lon_back) = from_utm(&utm).unwrap();
            assert!((lat_back - lat).abs() < 1e-9 && (lon_back - lon).abs() < 1e-9);
            let (lat_square, lon_square) = from_mgrs(cells[10]).unwrap();
            let off = geodesic_between(
                Geodetic::new(lat, lon, 0.0),
                Geodetic::new(lat_square, lon_square, 0.0),
            );
            assert!(
                off.distance_m < 0.71,
                "middle of a metre square, {line}: {off:?}"
            );
        }
        assert_eq!(exceptions, 2, "the Norway and Svalbard rows are gone");
    }

    #[test]
    fn refuses_what_is_no_reference() {
        assert!(to_utm(91.0, 0.0).is_err());
        assert!(to_utm(f64::NAN, 0.0).is_err());
        assert!(matches!(
            to_mgrs(51.0, 0.0, 6),
            Err(GridRefError::Digits(6))
        ));
        for text in [
            "",
            "30",
            "30U",
            "99UYC0330500934",
            "30UYC033",
            "30IYC0330500934",
            "30ÜYC11",
        ] {
            if text != "30U" {
                assert!(from_mgrs(text).is_err(), "{text} passed");
            }
        }
        assert!(from_mgrs("9999999999999").is_err());
        assert!(from_mgrs(" 30U YC 03305 00934 ").is_ok());
    }

    proptest! {
        #[test]
        fn every_place_has_a_reference_that_leads_back(
            lat in prop_oneof![
                -90.0_f64..90.0,
                (-11_i32..=10, -1e-9_f64..1e-9).prop_map(|(band, off)| f64::from(band * 8) + off),
            ],
            lon in prop_oneof![
                -180.0_f64..180.0,
                (-29_i32..30, -1e-9_f64..1e-9).prop_map(|(zone, off)| f64::from(zone * 6) + off),
            ],
        ) {
            let (lat_back, lon_back) = from_mgrs(&to_mgrs(lat, lon, 5).unwrap()).unwrap();
            let off = geodesic_between(
                Geodetic::new(lat, lon, 0.0),
                Geodetic::new(lat_back, lon_back, 0.0),
            );
            prop_assert!(off.distance_m < 0.72, "{off:?}");
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[0-9]{0,3}[A-Z]{0,4}[0-9A-Za-z\u{e9}]{0,24}") {
            // The answer does not matter here, only that there is one.
            let answer = from_mgrs(&text);
            prop_assert!(answer.is_err() || answer.is_ok_and(|(lat, _)| lat.abs() <= 90.0));
        }
    }
}
