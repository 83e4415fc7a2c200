//! Plays a course of events with a policy. See [`run()`].

use super::course::Engagement;
use super::policy::{Policy, Seen, Situation};
use crate::kernel::random::{DrawKey, Stream};

/// What came of a course.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    /// Value destroyed, in points.
    pub value: f64,
    /// Targets destroyed.
    pub destroyed: u32,
    /// Rounds fired.
    pub rounds: u32,
    /// Number of decisions asked for.
    pub decisions: u32,
}

/// A target in play.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct State {
    is_here: bool,
    is_destroyed: bool,
    /// Rounds on their way.
    in_flight: u32,
    /// Rounds fired at it by anybody.
    fired: u64,
}

/// What happens, in the order in which it counts at the same instant.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Event {
    /// The outcome of a round becomes known: shooter, target, number.
    Outcome(usize, usize, u64),
    /// A target leaves.
    Leaves(usize),
    /// A target comes.
    Comes(usize),
    /// A shooter is ready again.
    Ready,
}

/// Plays the course: at each event the policy says who fires at whom. Outcomes of shots are drawn
/// by `seed`, shooter, target and number, so that policies meet the same luck. A round counts if
/// its target is still there when it takes effect, at the end of its flight.
pub fn run(course: &Engagement, policy: &mut dyn Policy, seed: u64) -> Tally {
    let mut queue = Queue::default();
    for (index, target) in course.targets.iter().enumerate() {
        queue.add(target.arrives_s, Event::Comes(index));
        queue.add(target.leaves_s, Event::Leaves(index));
    }
    let mut states = vec![State::default(); course.targets.len()];
    let mut rounds: Vec<u32> = course.shooters.iter().map(|s| s.rounds).collect();
    let mut ready_s = vec![0.0; course.shooters.len()];
    let mut tally = Tally::default();
    while let Some((now_s, event)) = queue.next().filter(|(at_s, _)| *at_s <= course.horizon_s) {
        match event {
            Event::Comes(target) => states[target].is_here = true,
            Event::Leaves(target) => states[target].is_here = false,
            Event::Ready => {}
            Event::Outcome(shooter, target, number) => {
                let state = &mut states[target];
                state.in_flight -= 1;
                let draw = DrawKey::new(Stream::Shot, index(shooter), index(target), number);
                let hits = draw.uniform(seed) < course.targets[target].p_kill[shooter];
                if hits && state.is_here && !state.is_destroyed {
                    state.is_destroyed = true;
                    tally.value += course.targets[target].value;
                    tally.destroyed += 1;
                }
            }
        }
        let seen: Vec<Seen<'_>> = (0..states.len())
            .filter(|&t| states[t].is_here && !states[t].is_destroyed)
            .map(|target| Seen {
                target,
                value: course.targets[target].value,
                p_kill: &course.targets[target].p_kill,
                flight_s: &course.targets[target].flight_s,
                in_flight: states[target].in_flight,
            })
            .collect();
        let situation = Situation {
            now_s,
            rounds: &rounds,
            ready_s: &ready_s,
            seen: &seen,
        };
        let orders = policy.decide(&situation);
        tally.decisions += 1;
        for (shooter, target) in orders {
            let may = rounds[shooter] > 0 && ready_s[shooter] <= now_s && states[target].is_here;
            debug_assert!(may, "shooter {shooter} cannot fire at {target}");
            if !may {
                continue;
            }
            rounds[shooter] -= 1;
            ready_s[shooter] = now_s + course.shooters[shooter].reload_s;
            queue.add(ready_s[shooter], Event::Ready);
            let state = &mut states[target];
            let outcome = Event::Outcome(shooter, target, state.fired);
            queue.add(now_s + course.targets[target].flight_s[shooter], outcome);
            (state.fired, state.in_flight) = (state.fired + 1, state.in_flight + 1);
            tally.rounds += 1;
        }
    }
    tally
}

/// An index as part of a draw's name.
fn index(at: usize) -> u64 {
    u64::try_from(at).expect("an index")
}

/// Events by time, then by kind, then by the order in which they were added.
#[derive(Default)]
struct Queue {
    events: std::collections::BTreeMap<(u64, u8, u64), Event>,
    count: u64,
}

impl Queue {
    /// Adds an event at a time of at least zero, whose bits order as the times do.
    fn add(&mut self, at_s: f64, event: Event) {
        let kind = match event {
            Event::Outcome(..) => 0,
            Event::Leaves(_) => 1,
            Event::Comes(_) => 2,
            Event::Ready => 3,
        };
        self.events
            .insert((at_s.to_bits(), kind, self.count), event);
        self.count += 1;
    }

    /// The next event and its time.
    fn next(&mut self) -> Option<(f64, Event)> {
        let ((bits, _, _), event) = self.events.pop_first()?;
        Some((f64::from_bits(bits), event))
    }
}
