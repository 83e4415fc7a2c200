//! Durations as people type them. See [`parse_duration_s`].

/// Units with their length in seconds. A bare `m` is a minute here, as in every clock.
const UNITS: [(&str, f64); 8] = [
    ("ms", 0.001),
    ("s", 1.0),
    ("sec", 1.0),
    ("m", 60.0),
    ("min", 60.0),
    ("h", 3600.0),
    ("hr", 3600.0),
    ("d", 86_400.0),
];

/// Reads `30min`, `90s`, `1h30min` or a bare number of seconds, and gives seconds.
///
/// # Errors
///
/// A sentence for whoever typed it: no number, an unknown unit, or nothing above zero.
pub(super) fn parse_duration_s(text: &str) -> Result<f64, String> {
    let mut rest = text.trim();
    if let Ok(seconds) = rest.parse::<f64>() {
        return positive(seconds);
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let number = rest
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .next()
            .unwrap_or("");
        let value: f64 = number.parse().map_err(|_| wrong(text))?;
        rest = rest[number.len()..].trim_start();
        let unit = rest
            .split(|c: char| !c.is_ascii_alphabetic())
            .next()
            .unwrap_or("");
        let length_s = UNITS
            .iter()
            .find(|(name, _)| *name == unit)
            .map(|(_, length_s)| length_s);
        seconds += value * length_s.ok_or_else(|| wrong(text))?;
        rest = rest[unit.len()..].trim_start();
    }
    positive(seconds)
}

/// Passes what is finite and above zero.
fn positive(seconds: f64) -> Result<f64, String> {
    if seconds.is_finite() && seconds > 0.0 {
        Ok(seconds)
    } else {
        Err("a duration is longer than nothing".to_owned())
    }
}

/// What to tell whoever typed `text`.
fn wrong(text: &str) -> String {
    format!("`{text}` is no duration; write for example 30min, 90s, 1h30min")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_with_their_units() {
        for (text, seconds) in [
            ("30min", 1800.0),
            ("1h", 3600.0),
            ("90s", 90.0),
            ("90", 90.0),
            ("0.5", 0.5),
            ("250ms", 0.25),
            ("1h30min", 5400.0),
            ("1h 30m 5s", 5405.0),
            ("1.5h", 5400.0),
            ("2d", 172_800.0),
        ] {
            let read = parse_duration_s(text).unwrap();
            assert!((read - seconds).abs() < 1e-9, "{text}: {read}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "",
            "soon",
            "5 parsecs",
            "0",
            "0s",
            "-5",
            "-5s",
            "inf",
            "NaN",
            "1e999",
            "1..5s",
            "5s3",
            "h",
        ] {
            assert!(parse_duration_s(text).is_err(), "{text}");
        }
    }
}
