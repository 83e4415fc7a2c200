//! Packet completion rate curves in the formats of EMANE (Adjacent Link LLC, BSD-3-Clause; formats
//! and meaning after its radio models `rfpipe`, `ieee80211abg` and `tdma`, 2013 to 2023). See [`read`].
//!
//! Three formats: `<pcr>` with one `<table pktsize="…">` that holds `<row sinr="…" por="…"/>` itself
//! (RF pipe) or inside `<datarate index="…">` (IEEE 802.11), and `<tdmabasemodel-pcr packetsize="…">`
//! with `<datarate bps="5.5M">` that hold `<entry sinr="…" por="…"/>` (TDMA). `sinr` is in dB and
//! rises, `por` in percent, sizes in bytes.
//!
//! As in EMANE, a curve is linear between its points, nothing is received below its first and all
//! above its last, and the probability for another size is that of the table's size to the power of
//! the sizes' ratio; size 0 means that the curve holds for every size. The jumps at the ends are
//! spread over 0.01 dB, the resolution at which EMANE looks its curves up.

use thiserror::Error;

use super::xml::{self, Element, error_at, quoted};
use crate::{comms::model::link::Reception, kernel::curve::Curve};

/// Bit rates in bit/s of the indices 1 to 12 of the IEEE 802.11 format.
pub const IEEE80211ABG_BIT_S: [f64; 12] = [
    1e6, 2e6, 5.5e6, 11e6, 6e6, 9e6, 12e6, 18e6, 24e6, 36e6, 48e6, 54e6,
];

/// Greatest and, negated, least SINR that EMANE accepts, dB.
const SINR_MAX_DB: f64 = 255.0;

/// Width over which a jump at the end of a curve is spread, dB.
const JUMP_DB: f64 = 0.01;

/// Largest packet of a table, bytes.
const PACKET_BYTES_MAX: f64 = 65_535.0;

/// Why a file is no set of curves: where, what, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("line {line}, column {column}: {cause}: {cure}")]
pub struct PcrError {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What stands there.
    pub cause: String,
    /// What to do about it.
    pub cure: &'static str,
}

/// For which transmissions a curve holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DataRate {
    /// All of them: the RF pipe has its bit rate elsewhere.
    Any,
    /// Those at a bit rate, bit/s.
    BitS(f64),
    /// Those at the rate with this number, from 1 to 12: [`IEEE80211ABG_BIT_S`].
    Index(u32),
}

impl DataRate {
    /// Bit rate in bit/s, if the file tells it.
    #[must_use]
    pub fn bit_s(self) -> Option<f64> {
        match self {
            Self::Any => None,
            Self::BitS(rate) => Some(rate),
            Self::Index(index) => {
                let at = usize::try_from(index.checked_sub(1)?).ok()?;
                IEEE80211ABG_BIT_S.get(at).copied()
            }
        }
    }
}

/// A curve of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct RateCurve {
    /// For which transmissions it holds.
    pub rate: DataRate,
    /// Probability of reception: a [`Reception::Table`].
    pub reception: Reception,
}

/// Reads the curves of a file, in the order in which they stand there; at least one.
///
/// # Errors
/// When the text is no XML, larger than 1 MB, holds more than 20 000 elements or more than eight
/// levels of them; when it is in none of the three formats, with nothing missing, repeated or added;
/// when a number is no number or out of range, or `sinr` does not rise.
pub fn read(text: &str) -> Result<Vec<RateCurve>, PcrError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let root = xml::read(text)?;
    let file = File { text };
    match root.name.as_str() {
        "tdmabasemodel-pcr" => {
            let [size] = file.attributes(&root, ["packetsize"])?;
            let bytes = file.packet_bytes(&root, size)?;
            file.rates(&root, bytes, "bps", "entry")
        }
        "pcr" => {
            let [] = file.attributes(&root, [])?;
            let [table] = root.children.as_slice() else {
                let cause = format!("<pcr> holds {} elements", root.children.len());
                return Err(file.error(&root, cause, "give it one <table>"));
            };
            file.named(table, "table")?;
            let [size] = file.attributes(table, ["pktsize"])?;
            let bytes = file.packet_bytes(table, size)?;
            if table.children.iter().any(|child| child.name == "datarate") {
                file.rates(table, bytes, "index", "row")
            } else {
                let reception = file.curve(table, bytes, "row")?;
                Ok(vec![RateCurve {
                    rate: DataRate::Any,
                    reception,
                }])
            }
        }
        other => {
            let cause = format!(
                "the root is <{}>",
                other.chars().take(40).collect::<String>()
            );
            let cure = "give the file a <pcr> or <tdmabasemodel-pcr> element";
            Err(file.error(&root, cause, cure))
        }
    }
}

/// The file that is read.
struct File<'a> {
    /// Its text.
    text: &'a str,
}

impl File<'_> {
    /// An error at an element.
    fn error(&self, element: &Element, cause: String, cure: &'static str) -> PcrError {
        error_at(self.text, element.at, cause, cure)
    }

    /// Fails unless the element has this name.
    fn named(&self, element: &Element, name: &str) -> Result<(), PcrError> {
        if element.name == name {
            return Ok(());
        }
        let cause = format!("{} where <{name}> belongs", quoted(&element.name));
        Err(self.error(element, cause, "see the formats of EMANE's curves"))
    }

    /// Values of the attributes of these names; fails when one is missing or another is there.
    fn attributes<'e, const N: usize>(
        &self,
        element: &'e Element,
        names: [&str; N],
    ) -> Result<[&'e str; N], PcrError> {
        let mut values = [""; N];
        for (value, name) in values.iter_mut().zip(names) {
            let found = element.attributes.iter().find(|(key, _)| key == name);
            let Some((_, written)) = found else {
                let cause = format!("<{}> has no attribute {name}", element.name);
                return Err(self.error(element, cause, "add it"));
            };
            *value = written.trim();
        }
        let unknown = element
            .attributes
            .iter()
            .find(|(key, _)| !names.contains(&key.as_str()));
        if let Some((key, _)) = unknown {
            let cause = format!("<{}> has an attribute {}", element.name, quoted(key));
            return Err(self.error(element, cause, "leave it out"));
        }
        Ok(values)
    }

    /// A number from `low` to `high`.
    fn number(
        &self,
        element: &Element,
        name: &str,
        written: &str,
        (low, high): (f64, f64),
    ) -> Result<f64, PcrError> {
        match written.parse::<f64>() {
            Ok(number) if (low..=high).contains(&number) => Ok(number),
            _ => {
                let cause = format!(
                    "{name} is {}, no number from {low} to {high}",
                    quoted(written)
                );
                Err(self.error(
                    element,
                    cause,
                    "give sinr in dB, por in percent, sizes in bytes",
                ))
            }
        }
    }

    /// The size of packets for which a table holds, bytes.
    fn packet_bytes(&self, element: &Element, written: &str) -> Result<f64, PcrError> {
        let bytes = self.number(element, "the packet size", written, (0.0, PACKET_BYTES_MAX))?;
        if bytes.fract() > 0.0 {
            let cause = format!("the packet size is {}", quoted(written));
            return Err(self.error(element, cause, "give whole bytes, 0 for every size"));
        }
        Ok(bytes)
    }

    /// The curves of all `<datarate>` inside an element, told apart by attribute `key`.
    fn rates(
        &self,
        parent: &Element,
        bytes: f64,
        key: &str,
        point: &str,
    ) -> Result<Vec<RateCurve>, PcrError> {
        let mut curves: Vec<RateCurve> = Vec::with_capacity(parent.children.len());
        for child in &parent.children {
            self.named(child, "datarate")?;
            let [written] = self.attributes(child, [key])?;
            let rate = if key == "bps" {
                DataRate::BitS(self.bit_rate(child, written)?)
            } else {
                DataRate::Index(self.index(child, written)?)
            };
            if curves.iter().any(|curve| curve.rate == rate) {
                let cause = format!("a second curve for {key} {}", quoted(written));
                return Err(self.error(child, cause, "keep one of them"));
            }
            let reception = self.curve(child, bytes, point)?;
            curves.push(RateCurve { rate, reception });
        }
        if curves.is_empty() {
            let cause = format!("<{}> holds no curve", parent.name);
            return Err(self.error(parent, cause, "add a <datarate> with points"));
        }
        Ok(curves)
    }

    /// A bit rate such as 5.5M, in bit/s.
    fn bit_rate(&self, element: &Element, written: &str) -> Result<f64, PcrError> {
        let digits = written.trim_end_matches(['G', 'M', 'K']);
        let unit = match &written[digits.len()..] {
            "" => 1.0,
            "K" => 1e3,
            "M" => 1e6,
            "G" => 1e9,
            _ => f64::NAN,
        };
        let is_plain = digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
        match digits.parse::<f64>() {
            Ok(number) if is_plain && (1.0..=1e12).contains(&(number * unit)) => Ok(number * unit),
            _ => {
                let cause = format!("bps is {}", quoted(written));
                Err(self.error(
                    element,
                    cause,
                    "give a rate such as 250K, 5.5M or 1G, up to 1000G",
                ))
            }
        }
    }

    /// The number of a rate of IEEE 802.11.
    fn index(&self, element: &Element, written: &str) -> Result<u32, PcrError> {
        match written.parse::<u32>() {
            Ok(index) if DataRate::Index(index).bit_s().is_some() => Ok(index),
            _ => {
                let cause = format!("index is {}", quoted(written));
                Err(self.error(
                    element,
                    cause,
                    "number the rates from 1 (1 Mbit/s) to 12 (54 Mbit/s)",
                ))
            }
        }
    }

    /// The curve through the points inside an element.
    fn curve(&self, parent: &Element, bytes: f64, point: &str) -> Result<Reception, PcrError> {
        let mut points: Vec<(f64, f64)> = Vec::with_capacity(parent.children.len() + 2);
        for child in &parent.children {
            self.named(child, point)?;
            let [sinr, por] = self.attributes(child, ["sinr", "por"])?;
            let sinr_db = self.number(child, "sinr", sinr, (-SINR_MAX_DB, SINR_MAX_DB))?;
            let percent = self.number(child, "por", por, (0.0, 100.0))?;
            if points.last().is_some_and(|last| sinr_db <= last.0) {
                let cause = format!("sinr {} is not above the point before", quoted(sinr));
                return Err(self.error(child, cause, "order the points by rising sinr, each once"));
            }
            points.push((sinr_db, percent / 100.0));
            if !child.children.is_empty() {
                let cause = format!("<{point}> holds elements");
                return Err(self.error(child, cause, "leave it empty"));
            }
        }
        let (Some(&first), Some(&last)) = (points.first(), points.last()) else {
            let cause = format!("<{}> holds no point", parent.name);
            return Err(self.error(
                parent,
                cause,
                "give it at least one point with sinr and por",
            ));
        };
        if first.1 > 0.0 {
            points.insert(0, (first.0 - JUMP_DB, 0.0));
        }
        if last.1 < 1.0 {
            points.push((last.0 + JUMP_DB, 1.0));
        }
        let curve = Curve::new(points).map_err(|error| {
            self.error(
                parent,
                error.to_string(),
                "order the points by rising sinr, each once",
            )
        })?;
        Ok(Reception::Table {
            curve,
            packet_bytes: bytes,
        })
    }
}

#[cfg(test)]
mod tests;
