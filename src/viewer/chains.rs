//! Sensor-to-shooter chains as they happen, and proposals that wait for an answer, from the event
//! book. Pure.

use crate::accounting::event::EventRow;

/// Time for which a step of a chain is shown, s.
pub const SHOWN_S: f64 = 90.0;
/// Time after which a proposal without an answer is taken to have been forgotten, s.
const WAITING_MAX_S: f64 = 900.0;

/// A step on the way from a sensor to a shooter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A sensor found the target.
    Found,
    /// A post that decides was told.
    Told,
    /// A shooter was chosen, and leave was asked for.
    Proposed,
    /// A shot was fired.
    Fired,
}

impl Step {
    /// All steps, in order.
    pub const ALL: [Self; 4] = [Self::Found, Self::Told, Self::Proposed, Self::Fired];

    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Found => "found",
            Self::Told => "told a post",
            Self::Proposed => "proposed",
            Self::Fired => "fired",
        }
    }
}

/// One step between two units, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Hop {
    /// What happened.
    pub step: Step,
    /// From where.
    pub from: String,
    /// To where.
    pub to: String,
    /// How long ago, s.
    pub age_s: f64,
}

/// A proposal without an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Waiting {
    /// Number of the proposal.
    pub id: u64,
    /// Post that proposed.
    pub post: String,
    /// Who is to fire.
    pub shooter: String,
    /// With what.
    pub effector: String,
    /// Confidence that the target is hostile.
    pub confidence: f64,
    /// How long it waits, s.
    pub age_s: f64,
}

/// A value of the text `key=value key=value`.
fn field<'a>(detail: &'a str, key: &str) -> Option<&'a str> {
    detail
        .split(' ')
        .find_map(|pair| pair.strip_prefix(key)?.strip_prefix('='))
}

/// Seconds from a row to now.
fn age_s(row: &EventRow, now_s: f64) -> f64 {
    now_s - crate::kernel::time::SimTime(row.time_us).as_s()
}

/// The steps of the last moments, oldest first.
#[must_use]
pub fn hops(rows: &[EventRow], now_s: f64) -> Vec<Hop> {
    let recent = rows.partition_point(|row| age_s(row, now_s) > SHOWN_S);
    let mut hops = Vec::new();
    for row in &rows[recent..] {
        let mut hop = |step, from: &str, to: &str| {
            if !from.is_empty() && !to.is_empty() && from != to {
                hops.push(Hop {
                    step,
                    from: from.to_owned(),
                    to: to.to_owned(),
                    age_s: age_s(row, now_s),
                });
            }
        };
        match row.kind.as_ref() {
            "detection" => hop(Step::Found, &row.object, &row.subject),
            "shared" => hop(
                Step::Told,
                field(&row.detail, "from").unwrap_or(""),
                &row.subject,
            ),
            "proposal" => hop(
                Step::Proposed,
                field(&row.detail, "post").unwrap_or(""),
                &row.subject,
            ),
            "shot" => hop(Step::Fired, &row.subject, &row.object),
            _ => {}
        }
    }
    hops
}

/// Proposals that nobody has ruled on, oldest first.
#[must_use]
pub fn waiting(rows: &[EventRow], now_s: f64) -> Vec<Waiting> {
    let recent = rows.partition_point(|row| age_s(row, now_s) > WAITING_MAX_S);
    let number = |row: &EventRow| {
        field(&row.detail, "proposal").and_then(|hex| u64::from_str_radix(hex, 16).ok())
    };
    let mut waiting: Vec<Waiting> = Vec::new();
    for row in &rows[recent..] {
        match (row.kind.as_ref(), number(row)) {
            ("proposal", Some(id)) => waiting.push(Waiting {
                id,
                post: field(&row.detail, "post").unwrap_or("").to_owned(),
                shooter: row.subject.clone(),
                effector: field(&row.detail, "effector").unwrap_or("").to_owned(),
                confidence: row.value,
                age_s: age_s(row, now_s),
            }),
            ("ruling", Some(id)) => waiting.retain(|open| open.id != id),
            _ => {}
        }
    }
    waiting
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row.
    fn row(at_s: u64, kind: &'static str, names: (&str, &str), detail: &str) -> EventRow {
        EventRow {
            time_us: at_s * 1_000_000,
            kind: kind.into(),
            subject: names.0.to_owned(),
            object: names.1.to_owned(),
            value: 0.9,
            detail: detail.to_owned(),
        }
    }

    #[test]
    fn a_chain_goes_from_the_target_to_the_shooter_and_back() {
        let rows = [
            row(10, "detection", ("old", "gone"), ""),
            row(200, "detection", ("uav", "tank"), ""),
            row(201, "shared", ("post", "tank"), "from=uav"),
            row(
                202,
                "proposal",
                ("gun", "tank"),
                "proposal=00000000000000ff post=post effector=shell",
            ),
            row(203, "shot", ("gun", "tank"), ""),
        ];
        let hops = hops(&rows, 210.0);
        let ways: Vec<(&str, &str)> = hops
            .iter()
            .map(|hop| (hop.from.as_str(), hop.to.as_str()))
            .collect();
        let expected = [
            ("tank", "uav"),
            ("uav", "post"),
            ("post", "gun"),
            ("gun", "tank"),
        ];
        assert_eq!(ways, expected);
    }

    #[test]
    fn a_ruling_ends_the_wait() {
        let mut rows = vec![
            row(
                1,
                "proposal",
                ("gun", "tank"),
                "proposal=00000000000000ff post=p effector=shell",
            ),
            row(
                2,
                "proposal",
                ("gun", "boat"),
                "proposal=00000000000000fe post=p effector=shell",
            ),
        ];
        assert_eq!(waiting(&rows, 5.0).len(), 2);
        rows.push(row(
            3,
            "ruling",
            ("desk", "tank"),
            "ruling=refused proposal=00000000000000ff",
        ));
        let left = waiting(&rows, 5.0);
        assert_eq!((left.len(), left[0].id), (1, 0xfe));
        assert_eq!(left[0].effector, "shell");
    }
}
