//! The round of a data ferry between groups that no relay joins. See [`ferry_route`].
//!
//! A ferry that takes data along from group to group in a fixed round of `T` seconds comes to each
//! group once a round (message ferrying: Zhao, Ammar and Zegura 2004). What group `b` knows of
//! group `a` is oldest just before the ferry comes: one round, plus the time the data travelled
//! before, from leaving `a` to serving `b`. Between neighbours backwards on the round that is
//! nearly another round, so the greatest age is `2 T` less the shortest way between two stops
//! (everybody to everybody), or `2 T` less the way from the sink to the first stop (everybody to
//! one sink).

use crate::kernel::budget::Budget;
use glam::DVec2;
use thiserror::Error;

/// Most stops that are solved exactly.
const MOST_EXACT: usize = 11;
/// Most stops, and most points of contact of one stop.
const MOST_STOPS: usize = 200;

/// A group of vehicles or posts that hear each other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FerryStop {
    /// Where the ferry can stand to serve it, m; at least one.
    pub contacts: Vec<DVec2>,
    /// How long handing over takes, s.
    pub dwell_s: f64,
}

/// Whose data is wanted where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Every group's at every other.
    Everywhere,
    /// Every group's at the first stop.
    ToFirst,
}

/// A round of the ferry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FerryRoute {
    /// Stop and contact in order, from the first stop on; after the last comes the first again.
    pub order: Vec<(usize, usize)>,
    /// Duration of a round, s.
    pub round_s: f64,
    /// Greatest age of data at a place where it is wanted, s.
    pub greatest_age_s: f64,
    /// Whether no round that serves every stop once keeps data younger.
    pub is_proven: bool,
}

/// Why there is no round.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum FerryError {
    /// Too many stops or contacts, or a stop without one.
    #[error("stop {0} has no contact, or there are more than {MOST_STOPS} stops or contacts")]
    Stop(usize),
    /// A place, time or speed that is not a usable number.
    #[error("a place or dwell of stop {0}, or the speed, is not a usable number")]
    Number(usize),
    /// The budget ended before a round was found.
    #[error("the budget ended before a round was found")]
    OutOfBudget,
}

/// Ways between contacts.
struct Ways<'a> {
    stops: &'a [FerryStop],
    /// Contacts of all stops in order: stop and contact.
    points: Vec<(usize, usize)>,
    /// Flight time between contacts and the dwell at the far one, s.
    way_s: Vec<f64>,
}

impl Ways<'_> {
    /// Time of a way including the dwell at its end, s.
    fn at(&self, from: usize, to: usize) -> f64 {
        self.way_s[from * self.points.len() + to]
    }

    /// Duration of a round over these points, and the way that its greatest age is spared, s: the
    /// age is twice the round less that way.
    fn judge(&self, round: &[usize], delivery: Delivery) -> (f64, f64) {
        let legs = (0..round.len()).map(|k| (round[k], round[(k + 1) % round.len()]));
        let round_s: f64 = legs.clone().map(|(a, b)| self.at(a, b)).sum();
        // Data leaves after the dwell at one stop and arrives when the next dwell has ended.
        let spared_s = match delivery {
            Delivery::Everywhere => legs
                .map(|(a, b)| self.at(a, b))
                .fold(f64::INFINITY, f64::min),
            Delivery::ToFirst => self.at(round[0], round[1 % round.len()]),
        };
        (round_s, spared_s)
    }

    /// Greatest age of data on a round, s.
    fn age_s(&self, round: &[usize], delivery: Delivery) -> f64 {
        let (round_s, spared_s) = self.judge(round, delivery);
        2.0 * round_s - spared_s
    }

    /// The shortest round by dynamic programming over subsets of stops (Held and Karp 1962), ways
    /// shorter than `shortest_s` forbidden and the first way counted `first_share` times; `None` if
    /// there is none. Stop 0 begins it, at contact `begin`.
    fn shortest(&self, begin: usize, shortest_s: f64, first_share: f64) -> Option<Vec<usize>> {
        let count = self.points.len();
        let full = (1_usize << self.stops.len()) - 1;
        let mut cost = vec![f64::INFINITY; (full + 1) * count];
        let mut pred = vec![usize::MAX; (full + 1) * count];
        cost[count + begin] = 0.0;
        for subset in 1..=full {
            for from in 0..count {
                let so_far = cost[subset * count + from];
                if so_far.is_infinite() {
                    continue;
                }
                let share = if subset == 1 { first_share } else { 1.0 };
                for to in 0..count {
                    let bit = 1 << self.points[to].0;
                    let way = self.at(from, to);
                    if subset & bit != 0 || way < shortest_s {
                        continue;
                    }
                    let entry = (subset | bit) * count + to;
                    if so_far + share * way < cost[entry] {
                        (cost[entry], pred[entry]) = (so_far + share * way, from);
                    }
                }
            }
        }
        let closes = |&last: &usize| self.at(last, begin) >= shortest_s;
        let total = |last: usize| cost[full * count + last] + self.at(last, begin);
        let last = (0..count)
            .filter(closes)
            .min_by(|&a, &b| total(a).total_cmp(&total(b)))
            .filter(|&last| total(last).is_finite())?;
        let (mut subset, mut at, mut round) = (full, last, vec![last]);
        while pred[subset * count + at] != usize::MAX {
            let before = pred[subset * count + at];
            subset &= !(1 << self.points[at].0);
            at = before;
            round.push(at);
        }
        round.reverse();
        Some(round)
    }

    /// The shortest round over all contacts of the first stop; `Err` once out of budget.
    fn shortest_of_all(
        &self,
        shortest_s: f64,
        first_share: f64,
        budget: &mut dyn Budget,
    ) -> Result<Option<Vec<usize>>, FerryError> {
        let points = u64::try_from(self.points.len()).unwrap_or(u64::MAX);
        let mut best: Option<(f64, Vec<usize>)> = None;
        for begin in (0..self.points.len()).take_while(|&at| self.points[at].0 == 0) {
            if !budget.spend((points * points) << self.stops.len()) {
                return Err(FerryError::OutOfBudget);
            }
            let Some(round) = self.shortest(begin, shortest_s, first_share) else {
                continue;
            };
            let spared = (1.0 - first_share) * self.at(round[0], round[1]);
            let length = self.judge(&round, Delivery::ToFirst).0 - spared;
            if best.as_ref().is_none_or(|(least, _)| length < *least) {
                best = Some((length, round));
            }
        }
        Ok(best.map(|(_, round)| round))
    }

    /// The best round, exactly; `None` once out of budget.
    fn exact(&self, delivery: Delivery, budget: &mut dyn Budget) -> Option<Vec<usize>> {
        if delivery == Delivery::ToFirst {
            // 2 T less the first way is least where the first way counts half.
            return self.shortest_of_all(0.0, 0.5, budget).ok()?;
        }
        // The shortest round without ways under a limit is the best of all rounds whose shortest
        // way is between the limit and its own; so the limit rises from one such way to the next.
        let stops = f64::from(u32::try_from(self.stops.len()).unwrap_or(u32::MAX));
        let mut best: (f64, Option<Vec<usize>>) = (f64::INFINITY, None);
        let mut limit = 0.0;
        while let Some(round) = self.shortest_of_all(limit, 1.0, budget).ok()? {
            let (round_s, spared_s) = self.judge(&round, delivery);
            let age = 2.0 * round_s - spared_s;
            limit = spared_s.next_up();
            if age < best.0 {
                best = (age, Some(round));
            }
            // No way is longer than a round's mean at its shortest.
            if (2.0 - 1.0 / stops) * round_s >= best.0 {
                break;
            }
        }
        best.1
    }

    /// Nearest insertion at first contacts, then moves of stops, reversals and other contacts as
    /// long as they lower the greatest age and the budget lasts.
    fn heuristic(&self, delivery: Delivery, budget: &mut dyn Budget) -> Vec<usize> {
        let first_of = |stop: usize| self.points.partition_point(|p| p.0 < stop);
        let mut round: Vec<usize> = vec![first_of(0)];
        for stop in 1..self.stops.len() {
            let point = first_of(stop);
            let longer = |at: &usize| {
                let (a, b) = (round[at - 1], round[at % round.len()]);
                self.at(a, point) + self.at(point, b) - self.at(a, b)
            };
            let at = (1..=round.len()).min_by(|a, b| longer(a).total_cmp(&longer(b)));
            round.insert(at.unwrap_or(1), point);
        }
        let mut age = self.age_s(&round, delivery);
        let steps = u64::try_from(round.len()).unwrap_or(u64::MAX);
        loop {
            let before = age;
            for i in 1..round.len() {
                for j in i + 1..=round.len() {
                    if !budget.spend(3 * steps) {
                        return round;
                    }
                    let mut turned = round.clone();
                    turned[i..j].reverse();
                    let (mut on, mut back) = (round.clone(), round.clone());
                    on[i..j].rotate_left(1);
                    back[i..j].rotate_right(1);
                    for next in [turned, on, back] {
                        let other = self.age_s(&next, delivery);
                        if other < age * (1.0 - 1e-12) {
                            (round, age) = (next, other);
                        }
                    }
                }
            }
            for i in 0..round.len() {
                let stop = self.points[round[i]].0;
                for contact in 0..self.stops[stop].contacts.len() {
                    if !budget.spend(steps) {
                        return round;
                    }
                    let mut next = round.clone();
                    next[i] = first_of(stop) + contact;
                    let other = self.age_s(&next, delivery);
                    if other < age * (1.0 - 1e-12) {
                        (round, age) = (next, other);
                    }
                }
            }
            if age >= before {
                return round;
            }
        }
    }
}

/// The round of a ferry of this speed that serves every stop once and keeps the greatest age of
/// data least; exact up to eleven stops, by local search beyond or where the budget (steps of the
/// dynamic programme) ends. One ferry; a stop is not served twice in a round.
///
/// # Errors
/// [`FerryError`] for unusable numbers, no or too many contacts.
pub fn ferry_route(
    stops: &[FerryStop],
    speed_m_s: f64,
    delivery: Delivery,
    budget: &mut dyn Budget,
) -> Result<FerryRoute, FerryError> {
    let contacts: usize = stops
        .iter()
        .map(|s| s.contacts.len().min(MOST_STOPS + 1))
        .sum();
    if stops.len() > MOST_STOPS || contacts > 4 * MOST_STOPS {
        return Err(FerryError::Stop(stops.len().saturating_sub(1)));
    }
    for (at, stop) in stops.iter().enumerate() {
        let usable = stop.dwell_s >= 0.0 && stop.dwell_s <= 1e12;
        if stop.contacts.is_empty() || stop.contacts.len() > MOST_STOPS {
            return Err(FerryError::Stop(at));
        }
        let near = |p: &DVec2| p.abs().max_element() <= 1e12;
        if !usable || !stop.contacts.iter().all(near) || !(1e-6..=1e12).contains(&speed_m_s) {
            return Err(FerryError::Number(at));
        }
    }
    if stops.len() < 2 {
        return Ok(FerryRoute {
            order: stops.iter().map(|_| (0, 0)).collect(),
            is_proven: true,
            ..FerryRoute::default()
        });
    }
    let points: Vec<(usize, usize)> = stops
        .iter()
        .enumerate()
        .flat_map(|(stop, s)| (0..s.contacts.len()).map(move |contact| (stop, contact)))
        .collect();
    let place = |&(stop, contact): &(usize, usize)| stops[stop].contacts[contact];
    let mut way_s = Vec::with_capacity(points.len() * points.len());
    for from in &points {
        let ways = points
            .iter()
            .map(|to| place(from).distance(place(to)) / speed_m_s + stops[to.0].dwell_s);
        way_s.extend(ways);
    }
    let ways = Ways {
        stops,
        points,
        way_s,
    };
    let exact = match stops.len() <= MOST_EXACT {
        true => ways.exact(delivery, budget),
        false => None,
    };
    let is_proven = exact.is_some();
    let round = exact.unwrap_or_else(|| ways.heuristic(delivery, budget));
    let (round_s, spared_s) = ways.judge(&round, delivery);
    let greatest_age_s = 2.0 * round_s - spared_s;
    Ok(FerryRoute {
        order: round.iter().map(|&at| ways.points[at]).collect(),
        round_s,
        greatest_age_s,
        is_proven,
    })
}
