//! SRTM height files (`N44W072.hgt`): one degree square of big-endian 16-bit metres, rows from the
//! north, both edges included (USGS, "SRTM Topography", 2015). The place is in the name alone.

use super::error::ReadError;
use crate::geo::heightmap::{Grid, Heightmap};

/// The kind of file, as errors call it.
const FORMAT: &str = "SRTM HGT";

/// The height that marks a post without data.
const VOID: i16 = i16::MIN;

/// Reads a tile from its bytes and its file name (`N44W072` with or without `.hgt`).
///
/// # Errors
/// When the name is not that of a tile, the posts do not make a square of whole arc seconds, or the
/// heights make no map.
pub fn read_hgt(name: &str, bytes: &[u8]) -> Result<Heightmap, ReadError> {
    let (south_deg, west_deg) = place(name).ok_or_else(|| ReadError::Field {
        format: FORMAT,
        field: "file name",
        found: name.to_owned(),
        expected: "the south-west corner, such as N44W072.hgt",
    })?;
    let side = side(bytes.len())?;
    let step_deg = 1.0 / f64::from(side - 1);
    let heights = bytes
        .chunks_exact(2)
        .map(|pair| i16::from_be_bytes([pair[0], pair[1]]))
        .map(|height| {
            if height == VOID {
                f32::NAN
            } else {
                f32::from(height)
            }
        })
        .collect();
    let grid = Grid {
        north_deg: f64::from(south_deg + 1),
        west_deg: f64::from(west_deg),
        lat_step_deg: step_deg,
        lon_step_deg: step_deg,
        rows: usize::from(side),
        cols: usize::from(side),
    };
    Ok(Heightmap::new(grid, heights)?)
}

/// Latitude and longitude in degrees of the south-west corner that a file name tells.
fn place(name: &str) -> Option<(i16, i16)> {
    let stem = name.rsplit(['/', '\\']).next()?.split('.').next()?;
    if stem.len() != 7 || !stem.is_ascii() {
        return None;
    }
    let (lat, lon) = stem.split_at(3);
    let signed = |text: &str, positive: char, negative: char, limit: i16| {
        let (letter, digits) = text.split_at(1);
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let degrees: i16 = digits.parse().ok()?;
        let letter = letter.chars().next()?.to_ascii_uppercase();
        let degrees = match letter {
            _ if degrees > limit => return None,
            _ if letter == positive => degrees,
            _ if letter == negative => -degrees,
            _ => return None,
        };
        Some(degrees)
    };
    Some((signed(lat, 'N', 'S', 90)?, signed(lon, 'E', 'W', 180)?))
}

/// Posts along the side of a square of so many bytes, if they stand whole arc seconds apart.
fn side(bytes: usize) -> Result<u16, ReadError> {
    (2..=3_601_u16)
        .filter(|side| 3_600 % (side - 1) == 0)
        .find(|&side| usize::from(side) * usize::from(side) * 2 == bytes)
        .ok_or_else(|| ReadError::Size {
            format: FORMAT,
            found: bytes,
            expected: "1201 x 1201 posts take 2884802 bytes, 3601 x 3601 take 25934402".to_owned(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geo::heightmap::HeightmapError;

    /// A tile of five by five posts that falls from the north-west.
    fn tile() -> Vec<u8> {
        (0..25_i16)
            .flat_map(|at| (1_000 - at * 10).to_be_bytes())
            .collect()
    }

    #[test]
    fn a_tile_has_its_north_west_post_first() {
        for name in ["S12W077.hgt", "tiles/s12w077.HGT", "S12W077"] {
            let map = read_hgt(name, &tile()).unwrap();
            assert!((map.height_m(-11.0, -77.0) - 1_000.0).abs() < 1e-9);
            assert!((map.height_m(-11.0, -76.0) - 960.0).abs() < 1e-9);
            assert!((map.height_m(-12.0, -77.0) - 800.0).abs() < 1e-9);
            assert!((map.height_m(-11.5, -76.5) - 880.0).abs() < 1e-9);
        }
    }

    #[test]
    fn voids_are_filled_and_nonsense_is_refused() {
        let mut bytes = tile();
        bytes[24..26].copy_from_slice(&VOID.to_be_bytes());
        let map = read_hgt("N00E000.hgt", &bytes).unwrap();
        assert!(
            (map.post_m(2, 2) - 880.0).abs() < 1e-3,
            "{}",
            map.post_m(2, 2)
        );

        bytes[0..2].copy_from_slice(&20_000_i16.to_be_bytes());
        let refused = read_hgt("N00E000.hgt", &bytes).unwrap_err();
        assert!(matches!(
            refused,
            ReadError::Heightmap(HeightmapError::Height { row: 0, .. })
        ));
        for cut in [0, 1, 2, 48, 49] {
            let refused = read_hgt("N00E000.hgt", &tile()[..cut]).unwrap_err();
            assert!(
                matches!(refused, ReadError::Size { .. }),
                "{cut} bytes passed"
            );
        }
        let names = [
            "",
            "N44W07",
            "X44W072.hgt",
            "N44W2000.hgt",
            "N95E000",
            "Né4W072",
            "N+4W072",
        ];
        for name in names {
            let refused = read_hgt(name, &tile()).unwrap_err();
            assert!(matches!(refused, ReadError::Field { .. }), "{name} passed");
        }
    }

    /// The White Mountains, where the tile is at hand: Mount Washington (1917 m) shows as 1908 m.
    #[test]
    fn a_real_tile_has_its_summit_where_it_stands() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/terrain/N44W072.hgt");
        let Ok(bytes) = std::fs::read(path) else {
            return;
        };
        let map = read_hgt("N44W072.hgt", &bytes).unwrap();
        let (mut best, mut lowest) = ((0.0, 0, 0), f64::INFINITY);
        for row in 0..1_201 {
            for col in 0..1_201 {
                let height = map.post_m(row, col);
                lowest = lowest.min(height);
                if height > best.0 {
                    best = (height, row, col);
                }
            }
        }
        let (row, col) = map.row_col(44.2706, -71.3033);
        assert!(
            (best.0 - 1_908.0).abs() < 1e-9 && (lowest - 115.0).abs() < 1e-9,
            "{best:?}"
        );
        let near = |a: f64, b: usize| (a - f64::from(u32::try_from(b).unwrap())).abs() < 4.0;
        assert!(
            near(row, best.1) && near(col, best.2),
            "{best:?} for {row}, {col}"
        );
    }
}
