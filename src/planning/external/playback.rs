//! A program that says what another run recorded. See [`Playback`].

use std::collections::BTreeMap;

use super::program::{Exchange, Failed, Failure, Program, Said};

/// Answers of a side by round, each to the request that it was given to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Playback(BTreeMap<u64, (String, Said)>);

impl Playback {
    /// The answers to one side in a record.
    #[must_use]
    pub fn of_side(side: &str, record: &[Exchange]) -> Self {
        let own = record.iter().filter(|it| it.side == side);
        Self(
            own.map(|it| (it.round, (it.request.clone(), it.said.clone())))
                .collect(),
        )
    }
}

/// Hash of a request, as the record holds it.
#[must_use]
pub(super) fn hash(request: &str) -> String {
    format!("{:016x}", xxhash_rust::xxh3::xxh3_64(request.as_bytes()))
}

impl Program for Playback {
    fn ask(&mut self, round: u64, request: &str, _: f64) -> Said {
        let why = match self.0.get(&round) {
            Some((asked, said)) if *asked == hash(request) => return said.clone(),
            Some(_) => "the record answers another request in this round",
            None => "the record holds no answer of this round",
        };
        Said {
            latency_us: 0,
            line: Err(Failed {
                how: Failure::Unrecorded,
                why: why.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_answers_what_it_was_asked_and_nothing_else() {
        let said = Said {
            latency_us: 5,
            line: Ok("x".into()),
        };
        let exchange = |side: &str, round| Exchange {
            side: side.into(),
            round,
            post: "cp".into(),
            at_s: 0.0,
            deadline_s: 1.0,
            request: hash("what?"),
            said: said.clone(),
        };
        let record = [exchange("blue", 1), exchange("red", 2)];
        let mut blue = Playback::of_side("blue", &record);
        assert_eq!(blue.ask(1, "what?", 1.0), said);
        for (round, request) in [(1, "who?"), (2, "what?")] {
            let other = blue.ask(round, request, 1.0);
            assert_eq!(other.line.unwrap_err().how, Failure::Unrecorded);
        }
    }
}
