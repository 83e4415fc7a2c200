//! Reads instances, which may be compressed.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::super::error::CliError;

/// Largest instance, bytes, after decompression.
const LARGEST_BYTES: u64 = 1 << 28;
/// What a gzip file begins with (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The text of a file, decompressed if it is a gzip file.
///
/// # Errors
///
/// [`CliError`], if it is missing, not read, too large, or no text.
pub(super) fn read(path: &Path) -> Result<String, CliError> {
    let failed = || CliError::file("read", path);
    let file = File::open(path).map_err(failed())?;
    let mut reader = BufReader::new(file);
    let mut head = Vec::new();
    let mut first = (&mut reader).take(2);
    first.read_to_end(&mut head).map_err(failed())?;
    let whole = head.as_slice().chain(reader);
    let bytes = if head == GZIP {
        bounded(MultiGzDecoder::new(whole))
    } else {
        bounded(whole)
    };
    let bytes = bytes.map_err(failed())?.ok_or_else(|| {
        let name = path.display();
        let text = format!("{name}: more than {LARGEST_BYTES} bytes; no instance is that large");
        CliError::Input(text)
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let name = path.display();
        CliError::Input(format!(
            "{name}: no text from byte {at} on; instances are UTF-8"
        ))
    })
}

/// All bytes, or none where there are too many.
fn bounded(reader: impl Read) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let read = reader.take(LARGEST_BYTES + 1).read_to_end(&mut bytes)?;
    let fits = u64::try_from(read).is_ok_and(|read| read <= LARGEST_BYTES);
    Ok(fits.then_some(bytes))
}
