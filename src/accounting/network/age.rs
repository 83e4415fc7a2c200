//! How old what a reader has from an author is: the sawtooth of its age. See [`AgeBook`].

use std::collections::BTreeMap;

use crate::{
    kernel::{ids::UnitIx, time::SimTime},
    wire::MessageClass,
};

/// Whose news of which kind, at whom.
type Pair = (MessageClass, UnitIx, UnitIx);

/// The age of what one reader has from one author: it grows with time and falls when something
/// newer arrives to the time that this took (Kaul, Yates, Gruteser 2012, "Real-time status: how often
/// should one update?", INFOCOM, fig. 2). It begins with the first arrival.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Sawtooth {
    /// When the newest that has arrived was written.
    newest: SimTime,
    /// Up to when the area is known.
    known: SimTime,
    /// Area below the age so far, s².
    area_s2: f64,
    /// Time so far, s.
    time_s: f64,
    /// Sum of the ages just before each fall, s.
    peaks_s: f64,
    /// Number of falls.
    falls: u64,
}

impl Sawtooth {
    /// Something written at one time arrives at another as the first.
    fn new(written: SimTime, at: SimTime) -> Self {
        Self {
            newest: written,
            known: at,
            area_s2: 0.0,
            time_s: 0.0,
            peaks_s: 0.0,
            falls: 0,
        }
    }

    /// Lets the age grow up to a time.
    fn grow(&mut self, at: SimTime) {
        let passed_s = at.since_s(self.known);
        let mean_s = 0.5 * (self.known.since_s(self.newest) + at.since_s(self.newest));
        self.area_s2 += mean_s * passed_s;
        self.time_s += passed_s;
        self.known = self.known.max(at);
    }

    /// Something written at one time arrives at another.
    fn arrive(&mut self, written: SimTime, at: SimTime) {
        if written <= self.newest {
            return;
        }
        self.grow(at);
        self.peaks_s += at.since_s(self.newest);
        self.falls += 1;
        self.newest = written;
    }
}

/// The ages of one class, summed over pairs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Ages {
    /// Pairs.
    pub(super) pairs: u64,
    /// Falls.
    pub(super) falls: u64,
    area_s2: f64,
    time_s: f64,
    peaks_s: f64,
}

impl Ages {
    /// Age, s, mean over time and pairs; none before any time has passed.
    pub(super) fn mean_s(&self) -> Option<f64> {
        (self.time_s > 0.0).then(|| self.area_s2 / self.time_s)
    }

    /// Age just before each fall, s, mean over falls.
    pub(super) fn peak_s(&self) -> Option<f64> {
        (self.falls > 0).then(|| self.peaks_s / self.falls as f64)
    }

    /// Time between two falls, s, mean over time and pairs.
    pub(super) fn interval_s(&self) -> Option<f64> {
        (self.falls > 0).then(|| self.time_s / self.falls as f64)
    }
}

/// The ages of all classes, authors and readers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct AgeBook(BTreeMap<Pair, Sawtooth>);

impl AgeBook {
    /// Something written at one time arrives at another.
    pub(super) fn arrive(&mut self, pair: Pair, written: SimTime, at: SimTime) {
        self.0
            .entry(pair)
            .and_modify(|age| age.arrive(written, at))
            .or_insert_with(|| Sawtooth::new(written, at));
    }

    /// The ages of a class. A pair counts until `until` says, which is asked for both of its ends:
    /// what the dead know, or is known of them, ages no further.
    pub(super) fn of_class(&self, class: MessageClass, until: impl Fn(UnitIx) -> SimTime) -> Ages {
        let mut ages = Ages::default();
        let first = (class, UnitIx(0), UnitIx(0));
        for ((of, author, reader), age) in self.0.range(first..) {
            if *of != class {
                break;
            }
            let mut age = *age;
            age.grow(until(*author).min(until(*reader)));
            ages.pairs += 1;
            ages.falls += age.falls;
            ages.area_s2 += age.area_s2;
            ages.time_s += age.time_s;
            ages.peaks_s += age.peaks_s;
        }
        ages
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        comms::model::queueing::age::{age_fcfs, peak_age_fcfs},
        kernel::{
            dist,
            random::{DrawKey, Stream},
        },
    };

    /// A pair.
    const PAIR: Pair = (MessageClass::Position, UnitIx(0), UnitIx(1));

    #[test]
    fn the_area_below_a_known_sawtooth_is_exact() {
        let mut book = AgeBook::default();
        let s = SimTime::from_s;
        // Written at 0, 10, 5 (late, of no use) and 20; there at 1, 12, 14 and 21.
        for (written, at) in [(0.0, 1.0), (10.0, 12.0), (5.0, 14.0), (20.0, 21.0)] {
            book.arrive(PAIR, s(written), s(at));
        }
        let ages = book.of_class(MessageClass::Position, |_| s(31.0));
        // From 1 to 12 the age grows from 1 to 12, to 21 from 2 to 11, to 31 from 1 to 11.
        let area = 0.5 * (13.0 * 11.0 + 13.0 * 9.0 + 12.0 * 10.0);
        assert!((ages.mean_s().unwrap() - area / 30.0).abs() < 1e-9);
        assert!((ages.peak_s().unwrap() - 11.5).abs() < 1e-9);
        assert!((ages.interval_s().unwrap() - 15.0).abs() < 1e-9);
        assert_eq!((ages.pairs, ages.falls), (1, 2));
        // Whoever died before the first arrival counts for nothing after it.
        let short = book.of_class(MessageClass::Position, |unit| s(5.0 + f64::from(unit.0)));
        assert_eq!(short.falls, 2);
        let none = book.of_class(MessageClass::Track, |_| s(31.0));
        assert_eq!((none.pairs, none.mean_s()), (0, None));
    }

    /// Mean and mean peak age of a source behind an M/M/1 queue, by this book.
    fn simulated(arrival_rate: f64, service_rate: f64, replication: u64) -> [f64; 2] {
        let mut draws = DrawKey::new(Stream::Link, 3, 5, replication).draws(1);
        let mut book = AgeBook::default();
        let (mut written_s, mut free_s) = (0.0_f64, 0.0_f64);
        for _ in 0..20_000 {
            written_s += dist::exponential(&mut draws, 1.0 / arrival_rate);
            free_s = free_s.max(written_s) + dist::exponential(&mut draws, 1.0 / service_rate);
            book.arrive(PAIR, SimTime::from_s(written_s), SimTime::from_s(free_s));
        }
        let ages = book.of_class(MessageClass::Position, |_| SimTime::from_s(free_s));
        [ages.mean_s().unwrap(), ages.peak_s().unwrap()]
    }

    #[test]
    fn a_queue_ages_its_news_as_the_formulas_say() {
        for (arrival_rate, service_rate) in [(0.531, 1.0), (0.3, 1.0), (1.4, 2.0)] {
            let runs: Vec<[f64; 2]> = (0..20)
                .map(|n| simulated(arrival_rate, service_rate, n))
                .collect();
            let expected = [
                age_fcfs(arrival_rate, service_rate),
                peak_age_fcfs(arrival_rate, service_rate),
            ];
            for (at, want) in expected.into_iter().enumerate() {
                let n = runs.len() as f64;
                let mean = runs.iter().map(|run| run[at]).sum::<f64>() / n;
                let squares = runs.iter().map(|run| (run[at] - mean) * (run[at] - mean));
                let sigma = (squares.sum::<f64>() / (n - 1.0) / n).sqrt();
                assert!((mean - want).abs() < 4.0 * sigma, "{mean} {want} {sigma}");
            }
        }
    }
}
