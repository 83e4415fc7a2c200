//! What a run's summary says of desks: mistakes that were proposed and allowed, and how busy people were.

use std::fmt::Write as _;

use crate::accounting::summary::{DeskRow, Engagements, RunSummary};

/// A line for each side with something to tell, and for each desk that was asked anything.
pub(super) fn lines(summary: &RunSummary) -> String {
    let sides = summary.engagements.iter().filter_map(mistakes);
    let desks = summary.desks.iter().filter(|desk| desk.arrivals > 0);
    let all: Vec<String> = sides.chain(desks.map(desk)).collect();
    all.into_iter().map(|line| line + "\n").collect()
}

/// What a side proposed and allowed that it should not have, and what it left half done.
fn mistakes(side: &Engagements) -> Option<String> {
    let (proposed, authorised) = (side.wrong_proposed, side.wrong_authorised);
    (proposed + authorised + side.abandoned > 0).then(|| {
        format!(
            "{}: {proposed} proposals against units that are not hostile, {authorised} of them allowed; \
             {} targets abandoned",
            side.side, side.abandoned
        )
    })
}

/// The load of one desk.
fn desk(desk: &DeskRow) -> String {
    let mut text = format!(
        "Desk {} ({}): {} proposals, {} decided, {} refused, {} lapsed",
        desk.at, desk.side, desk.arrivals, desk.served, desk.refused, desk.lapsed
    );
    if let Some(wait_s) = desk.wait_mean_s {
        write!(text, ", mean wait {wait_s:.0} s").expect("a string takes any text");
    }
    if let Some(load) = desk.utilisation {
        write!(text, ", {:.0} % at work", 100.0 * load).expect("a string takes any text");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_without_mistakes_are_not_mentioned() {
        let clean = Engagements {
            side: "blue".to_owned(),
            proposed: 4,
            ..Engagements::default()
        };
        assert_eq!(mistakes(&clean), None);
        let wrong = Engagements {
            wrong_proposed: 3,
            wrong_authorised: 1,
            abandoned: 2,
            ..clean
        };
        assert_eq!(
            mistakes(&wrong).unwrap(),
            "blue: 3 proposals against units that are not hostile, 1 of them allowed; 2 targets \
             abandoned"
        );
    }

    #[test]
    fn a_desk_tells_its_load() {
        let row = DeskRow {
            side: "blue".to_owned(),
            at: "cp".to_owned(),
            arrivals: 5,
            served: 4,
            lapsed: 1,
            wait_mean_s: Some(12.4),
            utilisation: Some(0.25),
            ..DeskRow::default()
        };
        assert_eq!(
            desk(&row),
            "Desk cp (blue): 5 proposals, 4 decided, 0 refused, 1 lapsed, mean wait 12 s, 25 % at work"
        );
    }
}
