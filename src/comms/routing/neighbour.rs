//! What a node knows of one neighbour on one network. See [`Neighbour`].

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{
    areas::{Areas, Part, Places},
    tree::AreaLink,
};
use crate::{
    comms::network::NetworkIx,
    kernel::{ids::UnitIx, time::SimTime},
};

/// Hellos by which a link is judged.
const WINDOW: u8 = 16;

/// Hellos that a new neighbour is judged by at least, so that the first does not make it perfect.
const EARLY: u8 = 4;

/// Hellos in a row that may be missed before a neighbour is gone (RFC 3626, §18.3: the hold time is
/// three intervals).
pub(super) const HOLD: f64 = 3.0;

/// Share of the cost by which it must change before the change counts: links that flutter do not
/// make everybody calculate anew.
const NOTICED: f64 = 0.2;

/// What names some of an area's members, bytes: a bit for each. Where fewer are missing, or there, a
/// byte names each of those instead.
const PLACES_BYTES: u32 = 8;

/// What a node can reach beyond its part of its area, and at what cost.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Beyond {
    /// Part that is reached.
    pub part: Part,
    /// Its members.
    pub places: Places,
    /// Whether nobody outside the own nation and service passes it on.
    pub inside: bool,
    /// Expected time of a probe, s.
    pub cost_s: f64,
    /// Parts on the way, this one's first: whoever finds its own in it would go in a circle.
    #[serde(serialize_with = "write_way", deserialize_with = "read_way")]
    pub way: Arc<[Part]>,
}

/// Writes a way as a list.
fn write_way<S: Serializer>(way: &[Part], serializer: S) -> Result<S::Ok, S::Error> {
    way.serialize(serializer)
}

/// Reads a way from a list.
fn read_way<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[Part]>, D::Error> {
    Vec::deserialize(deserializer).map(Arc::from)
}

impl Beyond {
    /// What it adds to a message besides what a link does, bytes.
    pub(super) fn extra_bytes(&self, areas: &Areas) -> u32 {
        let missing = areas.everybody(self.part.area) & !self.places;
        let fewer = missing.count_ones().min(self.places.count_ones());
        fewer.min(PLACES_BYTES)
    }
}

/// What a node knows of a neighbour on a network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Neighbour {
    /// The neighbour.
    pub unit: UnitIx,
    /// The network.
    pub network: NetworkIx,
    /// Hellos heard, the last in the lowest bit.
    window: u16,
    /// Hellos that could have been heard, 16 at most.
    expected: u8,
    /// Number of the last one heard.
    last: u64,
    /// When it was heard.
    pub heard_at: SimTime,
    /// Share of hellos that the neighbour hears of this node, as it says.
    reverse: f64,
    /// Whether the neighbour asks this node to pass on its topology messages.
    pub asks: bool,
    /// Its links in the area, as its last hello named them, where it belongs to the same area.
    pub named: Vec<AreaLink>,
    /// What it reaches beyond its own area, where that is another.
    pub offers: Vec<Beyond>,
    /// Cost of the link, s, as last noticed; infinite where it does not work both ways.
    pub cost_s: f64,
}

impl Neighbour {
    /// A neighbour that has not been heard yet.
    pub(super) fn new(unit: UnitIx, network: NetworkIx) -> Self {
        Self {
            unit,
            network,
            window: 0,
            expected: 0,
            last: 0,
            heard_at: SimTime::ZERO,
            reverse: 0.0,
            asks: false,
            named: Vec::new(),
            offers: Vec::new(),
            cost_s: f64::INFINITY,
        }
    }

    /// Its hello number `number` was heard.
    pub(super) fn hear(&mut self, number: u64, now: SimTime, reverse: f64) {
        let missed = number.saturating_sub(self.last);
        let is_new = self.expected == 0;
        self.window = if is_new || missed >= 16 {
            1
        } else {
            self.window << missed | 1
        };
        let more = if is_new { 1 } else { missed.min(16) };
        self.expected = WINDOW.min(self.expected + u8::try_from(more).unwrap_or(WINDOW));
        self.last = number;
        self.heard_at = now;
        self.reverse = reverse;
    }

    /// As after many hellos of which these shares were heard.
    pub(super) fn settle(&mut self, number: u64, share: f64, reverse: f64) {
        let heard = (0..u32::from(WINDOW)).filter(|at| f64::from(*at) < 16.0 * share - 0.5);
        self.window = heard.fold(0, |window, at| window | 1 << at);
        self.expected = WINDOW;
        self.last = number;
        self.reverse = reverse;
    }

    /// Share of its hellos that this node hears; those that should have come since count.
    pub(super) fn share(&self, now: SimTime, hello_s: f64) -> f64 {
        let due = now.since_s(self.heard_at) / hello_s;
        if self.window == 0 || due > HOLD {
            return 0.0;
        }
        let missed = (0..3).filter(|n| f64::from(*n) + 1.5 < due).count();
        let heard = (self.window << missed).count_ones();
        f64::from(heard) / f64::from(self.expected.max(EARLY))
    }

    /// Works out its cost: expected transmissions (De Couto et al. 2003), each of `air_s`. Tells
    /// whether it changed so that others should know.
    pub(super) fn judge(&mut self, now: SimTime, hello_s: f64, air_s: f64) -> bool {
        let both = self.share(now, hello_s) * self.reverse;
        let cost_s = if both > LEAST {
            air_s / both
        } else {
            f64::INFINITY
        };
        let changed = if cost_s.is_finite() && self.cost_s.is_finite() {
            (cost_s - self.cost_s).abs() > NOTICED * self.cost_s
        } else {
            cost_s.is_finite() != self.cost_s.is_finite()
        };
        if changed {
            self.cost_s = cost_s;
        }
        changed
    }

    /// The radio says that nothing reaches it (link-layer notification, RFC 3626, §13).
    pub(super) fn lose(&mut self) {
        self.window = 0;
        self.expected = 0;
        self.reverse = 0.0;
        self.cost_s = f64::INFINITY;
    }

    /// Whether it works both ways.
    pub(super) fn is_symmetric(&self) -> bool {
        self.cost_s.is_finite()
    }
}

/// Least product of both shares of a link that is used: one in 25 transmissions is heard and
/// acknowledged.
const LEAST: f64 = 0.04;

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds.
    fn at(s: f64) -> SimTime {
        SimTime::from_s(s)
    }

    #[test]
    fn expected_transmissions_follow_from_what_is_heard_both_ways() {
        let mut neighbour = Neighbour::new(UnitIx(1), NetworkIx(0));
        // Nine of ten hellos are heard here, eight of ten there: 1/(0.9·0.8) = 1.389 (MODELS §1.4).
        for number in 1..=160 {
            if number % 10 != 0 {
                neighbour.hear(number, at(2.0 * number as f64), 0.8);
            }
        }
        let now = at(2.0 * 159.0);
        let share = neighbour.share(now, 2.0);
        assert!((share - 15.0 / 16.0).abs() < 1e-12 || (share - 14.0 / 16.0).abs() < 1e-12);
        assert!(neighbour.judge(now, 2.0, 1.0));
        assert!((neighbour.cost_s - 1.0 / (share * 0.8)).abs() < 1e-12);
    }

    #[test]
    fn silence_wears_a_neighbour_out_within_the_hold_time() {
        let mut neighbour = Neighbour::new(UnitIx(1), NetworkIx(0));
        for number in 0..20 {
            neighbour.hear(number, at(2.0 * number as f64), 1.0);
        }
        let last = 38.0;
        assert!((neighbour.share(at(last + 2.0), 2.0) - 1.0).abs() < 1e-12);
        assert!(neighbour.share(at(last + 4.0), 2.0) < 1.0);
        assert!(neighbour.share(at(last + 6.1), 2.0) <= 0.0);
        assert!(neighbour.judge(at(last), 2.0, 0.1) && neighbour.is_symmetric());
        neighbour.lose();
        assert!(!neighbour.is_symmetric());
    }

    #[test]
    fn the_first_hello_does_not_make_a_perfect_link() {
        let mut neighbour = Neighbour::new(UnitIx(1), NetworkIx(0));
        neighbour.hear(7, at(14.0), 1.0);
        assert!((neighbour.share(at(14.0), 2.0) - 0.25).abs() < 1e-12);
    }
}
