//! Two runs side by side: where do they part, and in what? See [`first_difference`].

use core::fmt;

use tercio::app::Simulation;
use tercio::kernel::registry::KindHash;

/// Where two runs part.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Ticks done when they were first seen to differ.
    pub(crate) tick: u64,
    /// Kinds of state that differ then, in the order of their names.
    pub(crate) kinds: Vec<&'static str>,
}

impl fmt::Display for Difference {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tick, kinds } = self;
        write!(
            out,
            "after {tick} ticks the runs differ in {}",
            kinds.join(", ")
        )
    }
}

/// Kinds of state that differ between two worlds.
fn differing(a: &[KindHash], b: &[KindHash]) -> Vec<&'static str> {
    assert_eq!(a.len(), b.len(), "the worlds register the same kinds");
    let pairs = a.iter().zip(b);
    pairs
        .filter(|(a, b)| a.hash != b.hash)
        .map(|(a, _)| a.name)
        .collect()
}

/// Runs one world until this many ticks are done.
pub(crate) fn run_to(simulation: &mut Simulation, tick: u64) {
    while simulation.ticks_done() < tick {
        simulation.step().expect("no invariant is broken");
    }
}

/// Two worlds in the same tick.
struct Pair(Simulation, Simulation);

impl Pair {
    /// Makes both and brings them to the same tick, if one starts later.
    fn begin(make: [&dyn Fn() -> Simulation; 2]) -> Self {
        let (mut a, mut b) = (make[0](), make[1]());
        let from = a.ticks_done().max(b.ticks_done());
        run_to(&mut a, from);
        run_to(&mut b, from);
        Self(a, b)
    }

    /// Ticks done.
    fn tick(&self) -> u64 {
        self.0.ticks_done()
    }

    /// Brings both to a tick, but not beyond their end.
    fn go_to(&mut self, tick: u64) {
        let tick = tick.min(self.0.ticks_total());
        run_to(&mut self.0, tick);
        run_to(&mut self.1, tick);
    }

    /// How they differ now, if they do.
    fn difference(&self) -> Option<Difference> {
        let kinds = differing(&self.0.kind_hashes(), &self.1.kind_hashes());
        let tick = self.tick();
        (!kinds.is_empty()).then_some(Difference { tick, kinds })
    }
}

/// The first tick after which two runs differ, and in what; none if they never do.
///
/// All state is compared every `every` ticks. Where it differs, both runs are made once more and
/// gone through tick by tick from the last comparison that held.
pub(crate) fn first_difference(
    make: [&dyn Fn() -> Simulation; 2],
    every: u64,
) -> Option<Difference> {
    let mut pair = Pair::begin(make);
    let mut alike_at = None;
    let found = loop {
        match pair.difference() {
            Some(found) => break found,
            None if pair.0.is_over() => return None,
            None => alike_at = Some(pair.tick()),
        }
        pair.go_to(pair.tick() + every);
    };
    let Some(alike_at) = alike_at else {
        return Some(found);
    };
    let mut again = Pair::begin(make);
    again.go_to(alike_at);
    while again.tick() < found.tick {
        again.go_to(again.tick() + 1);
        if let Some(earlier) = again.difference() {
            return Some(earlier);
        }
    }
    Some(found)
}

/// Fails with the first tick and the kinds of state in which two runs differ.
pub(crate) fn assert_alike(make: [&dyn Fn() -> Simulation; 2], every: u64) {
    if let Some(difference) = first_difference(make, every) {
        panic!("{difference}");
    }
}
