//! DTED levels 0 to 2 (MIL-PRF-89020B): columns from the west, each from the south.
//!
//! `dted2` parses; what would make it panic or allocate without bound is refused before.

use super::error::ReadError;
use crate::geo::heightmap::{Grid, Heightmap};
use dted2::dted::RawDTEDHeader;

/// The kind of file, as errors call it.
const FORMAT: &str = "DTED";

/// Bytes of the user header label.
const LABEL_BYTES: usize = 80;

/// Bytes of all headers: user header label, data set identification, accuracy.
const HEADER_BYTES: usize = LABEL_BYTES + 648 + 2_700;

/// Bytes of a column beside its heights: sentinel, counts and checksum.
const COLUMN_BYTES: usize = 12;

/// The height that marks a post without data.
const VOID: i16 = -32_767;

/// Reads a DTED cell. Checksums are not looked at: many producers computed them wrongly.
///
/// # Errors
/// When the file is no DTED file or shorter than it says, or its heights make no map.
pub fn read_dted(bytes: &[u8]) -> Result<Heightmap, ReadError> {
    let header = header(bytes)?;
    let grid = grid(&header);
    grid.check()?;
    let expected = HEADER_BYTES + grid.cols * (COLUMN_BYTES + 2 * grid.rows);
    if bytes.len() < expected {
        return Err(ReadError::Size {
            format: FORMAT,
            found: bytes.len(),
            expected: format!("{} by {} posts take {expected} bytes", grid.rows, grid.cols),
        });
    }
    Ok(Heightmap::new(
        grid,
        heights(&bytes[HEADER_BYTES..], &grid)?,
    )?)
}

/// The user header label, of which everything that the parser takes on trust is checked.
fn header(bytes: &[u8]) -> Result<RawDTEDHeader, ReadError> {
    if bytes.len() < HEADER_BYTES {
        return Err(ReadError::Size {
            format: FORMAT,
            found: bytes.len(),
            expected: format!("the headers alone take {HEADER_BYTES} bytes"),
        });
    }
    let text = |from: usize, to: usize| String::from_utf8_lossy(&bytes[from..to]).into_owned();
    let refused = |field, from, to, expected| {
        Err(ReadError::Field {
            format: FORMAT,
            field,
            found: text(from, to),
            expected,
        })
    };
    if &bytes[..4] != b"UHL1" {
        return refused("sentinel", 0, 4, "UHL1");
    }
    for (field, from, letters) in [("longitude", 4, b"EW"), ("latitude", 12, b"NS")] {
        let angle = &bytes[from..from + 8];
        let digits = angle[..7].iter().all(u8::is_ascii_digit);
        // Tens of minutes and of seconds, which the parser takes on trust.
        let sexagesimal = angle[3] < b'6' && angle[5] < b'6';
        if !(digits && sexagesimal && letters.contains(&angle[7])) {
            return refused(field, from, from + 8, "DDDMMSSH");
        }
    }
    for (field, from) in [
        ("longitude interval", 20),
        ("latitude interval", 24),
        ("number of columns", 47),
        ("number of rows", 51),
    ] {
        if !bytes[from..from + 4].iter().all(u8::is_ascii_digit) {
            return refused(field, from, from + 4, "four digits");
        }
    }
    let mut label = bytes[..LABEL_BYTES].to_vec();
    // The accuracy is not needed, and blank in files that the parser would not survive.
    label[28..32].copy_from_slice(b"NA  ");
    match dted2::parsers::dted_uhl_parser(&label) {
        Ok((_, header)) => Ok(header),
        Err(_) => refused(
            "user header label",
            0,
            LABEL_BYTES,
            "that of MIL-PRF-89020B",
        ),
    }
}

/// Where the posts of a cell stand.
fn grid(header: &RawDTEDHeader) -> Grid {
    /// Tenths of a second in a degree.
    const TENTHS_PER_DEG: f64 = 36_000.0;
    let (rows, cols) = (header.count.lat, header.count.lon);
    let lat_step_deg = f64::from(header.interval_secs_x_10.lat) / TENTHS_PER_DEG;
    let south_deg = f64::from(header.origin.lat);
    Grid {
        north_deg: south_deg + lat_step_deg * f64::from(rows.saturating_sub(1)),
        west_deg: f64::from(header.origin.lon),
        lat_step_deg,
        lon_step_deg: f64::from(header.interval_secs_x_10.lon) / TENTHS_PER_DEG,
        rows: usize::from(rows),
        cols: usize::from(cols),
    }
}

/// The heights in metres, turned from columns northward to rows from the north, voids as NaN.
fn heights(mut records: &[u8], grid: &Grid) -> Result<Vec<f32>, ReadError> {
    let mut heights = vec![f32::NAN; grid.rows * grid.cols];
    for col in 0..grid.cols {
        let (rest, column) = dted2::parsers::parse_dted_record(records, grid.rows)
            .map_err(|_| refused_column(col, "sentinel", &records[..1]))?;
        if usize::from(column.lon_count) != col {
            return Err(refused_column(col, "longitude count", &records[4..6]));
        }
        for (from_south, &height) in column.elevations.iter().enumerate() {
            if height != VOID {
                heights[(grid.rows - 1 - from_south) * grid.cols + col] = f32::from(height);
            }
        }
        records = rest;
    }
    Ok(heights)
}

/// The error of a column that does not begin as it should.
fn refused_column(col: usize, field: &'static str, found: &[u8]) -> ReadError {
    ReadError::Field {
        format: FORMAT,
        field,
        found: format!("{found:02x?} in column {col}"),
        expected: "sentinel aa and columns in order from the west",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A cell of 3 columns and 4 rows at 36° N 84° W, a degree apart in tenths of seconds: height
    /// 100·column + 10·row from the south.
    fn cell() -> Vec<u8> {
        let mut bytes = b"UHL10840000W0360000N360036000050U              00030004".to_vec();
        bytes.resize(HEADER_BYTES, b' ');
        for col in 0..3_u16 {
            bytes.extend([0xAA, 0, 0, u8::try_from(col).unwrap()]);
            bytes.extend(col.to_be_bytes());
            bytes.extend([0, 0]);
            for row in 0..4_u16 {
                bytes.extend((100 * col + 10 * row).to_be_bytes());
            }
            bytes.extend([0; 4]);
        }
        bytes
    }

    /// Where the height of a post stands in the bytes.
    fn post(col: usize, row: usize) -> usize {
        HEADER_BYTES + col * (COLUMN_BYTES + 8) + 8 + 2 * row
    }

    #[test]
    fn columns_from_the_south_become_rows_from_the_north() {
        let map = read_dted(&cell()).unwrap();
        let step = 0.1;
        assert!(
            (map.grid().north_deg - 36.0 - 3.0 * step).abs() < 1e-12,
            "{:?}",
            map.grid()
        );
        assert!((map.height_m(36.0, -84.0) - 0.0).abs() < 1e-9);
        assert!((map.height_m(36.0 + 3.0 * step, -84.0) - 30.0).abs() < 1e-9);
        assert!((map.height_m(36.0, -84.0 + 2.0 * step) - 200.0).abs() < 1e-9);
        assert!((map.height_m(36.0 + step, -84.0 + step) - 110.0).abs() < 1e-9);
    }

    #[test]
    fn heights_are_sign_and_magnitude_and_voids_are_filled() {
        let mut bytes = cell();
        bytes[28..32].fill(b' ');
        bytes[post(0, 0)..post(0, 0) + 2].copy_from_slice(&[0x80, 25]);
        bytes[post(1, 2)..post(1, 2) + 2].copy_from_slice(&[0xFF, 0xFF]);
        let map = read_dted(&bytes).unwrap();
        assert!((map.height_m(36.0, -84.0) + 25.0).abs() < 1e-9);
        assert!(
            (map.post_m(1, 1) - 120.0).abs() < 1e-4,
            "{}",
            map.post_m(1, 1)
        );
    }

    #[test]
    fn malformed_cells_are_refused_with_the_cause() {
        let cell = cell();
        for cut in [0, 80, HEADER_BYTES - 1, HEADER_BYTES, cell.len() - 1] {
            let refused = read_dted(&cell[..cut]).unwrap_err();
            assert!(
                matches!(refused, ReadError::Size { .. }),
                "{cut}: {refused}"
            );
        }
        let spoil = |at: usize, with: &[u8]| {
            let mut bytes = cell.clone();
            bytes[at..at + with.len()].copy_from_slice(with);
            read_dted(&bytes).unwrap_err().to_string()
        };
        assert!(spoil(0, b"HDR1").contains("sentinel"));
        assert!(spoil(7, b"6").contains("longitude"));
        assert!(spoil(12, b"\xff\xff").contains("latitude"));
        assert!(spoil(19, b"E").contains("latitude"));
        assert!(spoil(20, b"0000").contains("steps must be positive"));
        assert!(spoil(53, b"99").contains("99 by 3 posts take"));
        assert!(spoil(47, b"0000").contains("0 columns"));
        assert!(spoil(post(1, 0) - 8, b"\x00").contains("[00] in column 1"));
        assert!(spoil(HEADER_BYTES + 5, b"\x02").contains("longitude count"));
        assert!(spoil(post(2, 3), &[0x7F, 0]).contains("holds 32512 m"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(
            changes in prop::collection::vec((0_usize..3_500, any::<u8>()), 1..6),
        ) {
            let mut bytes = cell();
            for (at, byte) in changes {
                // Headers matter most: nine in ten changes fall into the first label.
                let at = if at % 10 == 0 { at % bytes.len() } else { at % 80 };
                bytes[at] = byte;
            }
            // Only that there is an answer matters here.
            prop_assert!(read_dted(&bytes).map_or_else(|e| !e.to_string().is_empty(), |_| true));
        }
    }
}
