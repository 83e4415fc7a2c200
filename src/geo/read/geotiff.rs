//! GeoTIFF elevation grids (OGC 19-008r4) in geographic coordinates.

use super::error::ReadError;
use crate::geo::heightmap::{Grid, Heightmap, MAX_POSTS};
use geotiff_reader::crs::ModelType;
use geotiff_reader::transform::GeoTransform;
use geotiff_reader::{GeoTiffFile, GeoTiffOpenOptions};

/// The kind of file, as errors call it.
const FORMAT: &str = "GeoTIFF";

/// Numbers of the sample formats of TIFF 6.0.
const UNSIGNED: u16 = 1;
/// Two's complement integers.
const SIGNED: u16 = 2;
/// IEEE 754.
const FLOAT: u16 = 3;

/// Reads the first band of a GeoTIFF as heights in metres. Posts that equal the file's no-data
/// value, and NaN, are voids. Uncompressed, LZW and Deflate files are read.
///
/// # Errors
/// When the file is no GeoTIFF in latitude and longitude, is turned or skewed, or its heights make
/// no map.
pub fn read_geotiff(bytes: &[u8]) -> Result<Heightmap, ReadError> {
    let options = GeoTiffOpenOptions {
        decode_output_bytes: MAX_POSTS * size_of::<f64>(),
        ..GeoTiffOpenOptions::default()
    };
    let file = GeoTiffFile::from_bytes_with_options(bytes.to_vec(), options)?;
    let model = file.crs().model_type_enum();
    if !matches!(model, ModelType::Geographic) {
        return Err(refused(
            "model type",
            format!("{model:?}"),
            "geographic (latitude, longitude)",
        ));
    }
    let (grid, flipped) = grid(&file)?;
    grid.check()?;
    let no_data: Option<f64> = match file.nodata() {
        Some(text) => Some(
            text.trim()
                .trim_end_matches('\0')
                .parse()
                .map_err(|_| refused("no-data value", text.to_owned(), "a number"))?,
        ),
        None => None,
    };
    let mut heights = band(&file)?;
    for height in &mut heights {
        #[expect(clippy::float_cmp, reason = "no data is marked by exactly this value")]
        if no_data.is_some_and(|mark| *height == mark) {
            *height = f64::NAN;
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "heights need no more bits")]
    let mut heights: Vec<f32> = heights.into_iter().map(|height| height as f32).collect();
    if flipped {
        heights = heights.rchunks(grid.cols).flatten().copied().collect();
    }
    Ok(Heightmap::new(grid, heights)?)
}

/// The error of a field that this reader cannot use.
fn refused(field: &'static str, found: String, expected: &'static str) -> ReadError {
    ReadError::Field {
        format: FORMAT,
        field,
        found,
        expected,
    }
}

/// Where the posts stand, and whether the file's rows run from south to north. Posts are the
/// middles of pixels; the reader turns both raster types into corners.
fn grid(file: &GeoTiffFile) -> Result<(Grid, bool), ReadError> {
    let Some(&GeoTransform {
        origin_x,
        pixel_width,
        skew_x,
        origin_y,
        skew_y,
        pixel_height,
    }) = file.transform()
    else {
        return Err(refused(
            "georeference",
            "absent".to_owned(),
            "a tie point and a pixel scale",
        ));
    };
    if skew_x != 0.0 || skew_y != 0.0 || pixel_width <= 0.0 {
        let found = format!("{pixel_width} {skew_x} {skew_y} {pixel_height}");
        return Err(refused(
            "transform",
            found,
            "columns to the east and rows along meridians",
        ));
    }
    let too_large = |_| refused("size", "over 2^32".to_owned(), "fewer posts");
    let rows = usize::try_from(file.height()).map_err(too_large)?;
    let cols = usize::try_from(file.width()).map_err(too_large)?;
    let flipped = pixel_height > 0.0;
    let first_deg = origin_y + pixel_height / 2.0;
    let last_deg = first_deg + pixel_height * f64::from(file.height().saturating_sub(1));
    let west_deg = origin_x + pixel_width / 2.0;
    let grid = Grid {
        north_deg: if flipped { last_deg } else { first_deg },
        west_deg,
        lat_step_deg: pixel_height.abs(),
        lon_step_deg: pixel_width,
        rows,
        cols,
    };
    Ok((grid, flipped))
}

/// The first band's samples, whatever their type.
fn band(file: &GeoTiffFile) -> Result<Vec<f64>, ReadError> {
    let ifd = file
        .tiff()
        .ifd(file.base_ifd_index())
        .map_err(geotiff_reader::Error::from)?;
    let formats = ifd.sample_format().map_err(geotiff_reader::Error::from)?;
    let bits = ifd.bits_per_sample().map_err(geotiff_reader::Error::from)?;
    let kind = (
        formats.first().copied().unwrap_or(UNSIGNED),
        bits.first().copied().unwrap_or(0),
    );
    Ok(match kind {
        (UNSIGNED, 8) => file
            .read_band::<u8>(0)?
            .iter()
            .map(|&h| f64::from(h))
            .collect(),
        (UNSIGNED, 16) => file
            .read_band::<u16>(0)?
            .iter()
            .map(|&h| f64::from(h))
            .collect(),
        (SIGNED, 16) => file
            .read_band::<i16>(0)?
            .iter()
            .map(|&h| f64::from(h))
            .collect(),
        (SIGNED, 32) => file
            .read_band::<i32>(0)?
            .iter()
            .map(|&h| f64::from(h))
            .collect(),
        (FLOAT, 32) => file
            .read_band::<f32>(0)?
            .iter()
            .map(|&h| f64::from(h))
            .collect(),
        (FLOAT, 64) => file.read_band::<f64>(0)?.iter().copied().collect(),
        (format, bits) => {
            let found = format!("format {format} of {bits} bits");
            return Err(refused(
                "samples",
                found,
                "8- or 16-bit, or 32-bit signed, or floats",
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const JACKSBORO: &[u8] = include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/terrain/jacksboro.tif"
    ));
    const TOPOBATHY: &[u8] = include_bytes!(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/assets/terrain/topobathy.tif"
    ));

    /// Appends an entry of a TIFF directory: tag, field type, count, value or offset.
    fn entry(bytes: &mut Vec<u8>, tag: u16, kind: u16, count: u32, value: u32) {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }

    /// An uncompressed file of 2 rows by 3 columns of 32-bit floats at 36° N 84° W, posts 0.5°
    /// apart, no data −9999; the rows' direction and the model type are given.
    fn file(posts: [f32; 6], north_up: bool, model: u16) -> Vec<u8> {
        const ENTRIES: u16 = 14;
        let values = 8 + 2 + 12 * u32::from(ENTRIES) + 4;
        let (matrix, keys) = (values, values + 128);
        let (text, samples) = (keys + 24, keys + 24 + 8);
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        bytes.extend(ENTRIES.to_le_bytes());
        for (tag, value) in [(256, 3), (257, 2), (258, 32), (259, 1), (262, 1)] {
            entry(&mut bytes, tag, 3, 1, value);
        }
        entry(&mut bytes, 273, 4, 1, samples);
        for (tag, value) in [(277, 1), (278, 2), (279, 24), (284, 1), (339, 3)] {
            entry(&mut bytes, tag, 3, 1, value);
        }
        entry(&mut bytes, 34264, 12, 16, matrix);
        entry(&mut bytes, 34735, 3, 12, keys);
        entry(&mut bytes, 42113, 2, 6, text);
        bytes.extend([0; 4]);
        let down = if north_up { -0.5 } else { 0.5 };
        let rows: [f64; 16] = [
            0.5, 0.0, 0.0, -84.0, 0.0, down, 0.0, 36.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0,
        ];
        bytes.extend(rows.iter().flat_map(|value| value.to_le_bytes()));
        let keys = [1_u16, 1, 0, 2, 1024, 0, 1, model, 1025, 0, 1, 2];
        bytes.extend(keys.iter().flat_map(|key| key.to_le_bytes()));
        bytes.extend(b"-9999\0\0\0");
        bytes.extend(posts.iter().flat_map(|post| post.to_le_bytes()));
        bytes
    }

    #[test]
    fn rows_may_run_either_way() {
        let map = read_geotiff(&file([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], true, 2)).unwrap();
        assert!(
            (map.height_m(36.0, -84.0) - 1.0).abs() < 1e-9,
            "{:?}",
            map.grid()
        );
        assert!((map.height_m(35.5, -83.0) - 6.0).abs() < 1e-9);
        let map = read_geotiff(&file([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], false, 2)).unwrap();
        assert!(
            (map.height_m(36.0, -84.0) - 1.0).abs() < 1e-9,
            "{:?}",
            map.grid()
        );
        assert!((map.height_m(36.5, -83.0) - 6.0).abs() < 1e-9);
    }

    #[test]
    fn voids_are_filled_and_other_grids_refused() {
        let map = read_geotiff(&file([1.0, -9_999.0, 1.0, 4.0, f32::NAN, 4.0], true, 2)).unwrap();
        assert!(
            (map.post_m(0, 1) - 2.5).abs() < 1e-6,
            "{}",
            map.post_m(0, 1)
        );
        let refused = read_geotiff(&file([1.0; 6], true, 1))
            .unwrap_err()
            .to_string();
        assert!(refused.contains("Projected"), "{refused}");
        let refused = read_geotiff(&file([1e6; 6], true, 2))
            .unwrap_err()
            .to_string();
        assert!(refused.contains("holds 1000000 m"), "{refused}");
        let refused = read_geotiff(&file([f32::INFINITY; 6], true, 2))
            .unwrap_err()
            .to_string();
        assert!(refused.contains("holds inf m"), "{refused}");
    }

    #[test]
    fn broken_files_are_refused() {
        for cut in [
            0,
            3,
            8,
            100,
            1_000,
            JACKSBORO.len() / 2,
            JACKSBORO.len() - 1,
        ] {
            assert!(
                read_geotiff(&JACKSBORO[..cut]).is_err(),
                "{cut} bytes passed"
            );
        }
        assert!(read_geotiff(b"GIF89a").is_err());
    }

    /// Known heights (metres) of places in east Tennessee, and the summit of Cross Mountain.
    #[test]
    fn jacksboro_stands_where_it_is() {
        let map = read_geotiff(JACKSBORO).unwrap();
        let places = [
            ("Rocky Top", 36.2198, -84.1546, 259.0),
            ("LaFollette", 36.3829, -84.1199, 320.0),
            ("Caryville", 36.2987, -84.2232, 335.0),
        ];
        for (name, lat, lon, height) in places {
            let found = map.height_m(lat, lon);
            assert!((found - height).abs() < 25.0, "{name} is {found} m high");
        }
        assert!(
            (map.height_m(36.198_333, -84.230_833) - 1_076.0).abs() < 1e-2,
            "Cross Mountain"
        );
        assert_eq!((map.grid().rows, map.grid().cols), (344, 403));
        assert!((map.spacing_m() - 74.6).abs() < 1.0, "{}", map.spacing_m());
    }

    #[test]
    fn the_salish_sea_stands_where_it_is() {
        let map = read_geotiff(TOPOBATHY).unwrap();
        let places = [
            ("Strait of Juan de Fuca", 48.3, -124.0, -230.0..-100.0),
            ("Strait of Georgia", 49.3, -123.8, -450.0..-250.0),
            ("open Pacific", 48.1, -125.9, -1_500.0..-400.0),
            ("Strathcona", 49.6, -125.6, 500.0..2_200.0),
            ("Garibaldi", 49.83, -122.98, 1_800.0..2_700.0),
            ("Nanaimo Lakes", 49.0, -124.3, 300.0..1_400.0),
        ];
        for (name, lat, lon, range) in places {
            let found = map.height_m(lat, lon);
            assert!(range.contains(&found), "{name} is {found} m high");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]
        #[test]
        fn no_bytes_make_the_reader_panic(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        ) {
            let mut bytes = file([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], true, 2);
            for (at, byte) in changes {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            // Only that there is an answer matters here.
            prop_assert!(read_geotiff(&bytes).map_or_else(|e| !e.to_string().is_empty(), |_| true));
        }
    }
}
