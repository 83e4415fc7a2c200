//! Terrain profiles from files: the step in metres on the first line, then one elevation a line.

use std::fs::File;
use std::io::Read as _;
use std::ops::RangeInclusive;
use std::path::Path;

use crate::cli::error::CliError;

/// Bytes of a file at most.
const BYTES_MAX: u64 = 32 << 20;

/// Length of a path at most, m: no model reaches further.
const LENGTH_MAX_M: f64 = 2e6;

/// Heights of ground on earth, m.
const HEIGHTS_M: RangeInclusive<f64> = -500.0..=9000.0;

/// Points of a profile at most.
const POINTS_MAX: usize = 1_000_000;

/// A terrain profile.
#[derive(Debug, PartialEq)]
pub(super) struct TerrainProfile {
    /// Step, m.
    pub(super) step_m: f64,
    /// Heights above sea, m; at least three.
    pub(super) heights_m: Vec<f64>,
}

/// Reads a profile.
///
/// # Errors
///
/// If the file is missing, not read, or no profile.
pub(super) fn read(path: &Path) -> Result<TerrainProfile, CliError> {
    let refused = |why| CliError::Input(format!("`{}`: {why}", path.display()));
    let file = File::open(path).map_err(CliError::file("read", path))?;
    let mut bytes = Vec::new();
    file.take(BYTES_MAX + 1)
        .read_to_end(&mut bytes)
        .map_err(CliError::file("read", path))?;
    if u64::try_from(bytes.len()).map_or(true, |count| count > BYTES_MAX) {
        return Err(refused(format!("more than {BYTES_MAX} bytes")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| refused("no text in UTF-8, one number a line is wanted".to_owned()))?;
    parse(&text).map_err(refused)
}

/// Reads a profile from text; empty lines do not count.
fn parse(text: &str) -> Result<TerrainProfile, String> {
    let lines = text.lines().enumerate();
    let mut numbers = lines
        .map(|(number, line)| (number + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .map(|(number, line)| {
            let value = line.parse::<f64>().ok().filter(|value| value.is_finite());
            value.ok_or_else(|| format!("line {number}: `{}` is no number", shortened(line)))
        });
    let step_m = numbers
        .next()
        .ok_or("the file is empty: the step in metres comes first, then one elevation a line")??;
    if !(0.1..=100_000.0).contains(&step_m) {
        return Err(format!(
            "the first line is the step in metres, from 0.1 to 100000, not {step_m}"
        ));
    }
    let heights_m = numbers
        .take(POINTS_MAX + 1)
        .collect::<Result<Vec<_>, _>>()?;
    if heights_m.len() < 3 {
        return Err(format!(
            "a profile has at least 3 elevations after its step, this one {}",
            heights_m.len()
        ));
    }
    if heights_m.len() > POINTS_MAX {
        return Err(format!("a profile has at most {POINTS_MAX} elevations"));
    }
    let steps = u32::try_from(heights_m.len() - 1).unwrap_or(u32::MAX);
    let length_m = step_m * f64::from(steps);
    if length_m > LENGTH_MAX_M {
        return Err(format!(
            "a path of {:.0} km, at most 2000 are wanted",
            length_m / 1000.0
        ));
    }
    match heights_m
        .iter()
        .find(|height_m| !HEIGHTS_M.contains(height_m))
    {
        Some(height_m) => Err(format!(
            "no ground is {height_m} m high, from -500 to 9000 are wanted (the sea is at 0)"
        )),
        None => Ok(TerrainProfile { step_m, heights_m }),
    }
}

/// The beginning of a line, without anything that a terminal obeys.
fn shortened(line: &str) -> String {
    line.chars().take(40).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_step_and_elevations() {
        let want = TerrainProfile {
            step_m: 50.0,
            heights_m: vec![1.0, 2.5, -3.0],
        };
        assert_eq!(parse("50\n1\n\n 2.5 \r\n-3\n"), Ok(want));
    }

    #[test]
    fn what_is_no_profile_is_refused_with_its_line() {
        for (text, wanted) in [
            ("", "the file is empty"),
            ("\n \n", "the file is empty"),
            ("0\n1\n2\n3", "the first line is the step"),
            ("-50\n1\n2\n3", "the first line is the step"),
            ("50\n1\nx\n3", "line 3: `x` is no number"),
            ("50\n1\n\u{1b}[31m\n3", "line 3: `\\u{1b}[31m` is no number"),
            ("50\n1\nNaN\n3", "line 3: `NaN` is no number"),
            ("inf\n1\n2\n3", "line 1: `inf` is no number"),
            ("50\n1\n1e400\n3", "line 3: `1e400` is no number"),
            ("50\n1", "a profile has at least 3"),
            ("50\n1\n2", "a profile has at least 3"),
            ("50\n1\n2\n1e9", "no ground is 1000000000 m high"),
        ] {
            let why = parse(text).unwrap_err();
            assert!(why.starts_with(wanted), "{text:?}: {why}");
        }
        let far = format!("100000{}", "\n1".repeat(22));
        assert!(parse(&far).unwrap_err().starts_with("a path of 2100 km"));
        let long = "1\n".repeat(POINTS_MAX + 2);
        assert!(parse(&long).unwrap_err().contains("at most 1000000"));
    }
}
