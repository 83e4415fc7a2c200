//! Places worth visiting, and what tours among them may take. See [`TopProblem`].

use thiserror::Error;

/// Most places, start and end included.
pub const MOST_PLACES: usize = 2000;

/// Largest time or value.
pub const LARGEST: f64 = 1e9;

/// A tour may exceed its limit, and a visit its window, by this share of the limit, which is
/// rounding.
pub const SLACK: f64 = 1e-9;

/// A place that may be visited once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// What visiting it is worth, at least zero.
    pub value: f64,
    /// How long a visit takes, s.
    pub service_s: f64,
    /// When visits may begin, s; who is early waits.
    pub opens_s: f64,
    /// When they may begin at the latest, s; `+inf` for no limit.
    pub closes_s: f64,
}

impl Place {
    /// A place without service time or window.
    #[must_use]
    pub fn free(value: f64) -> Self {
        Self {
            value,
            service_s: 0.0,
            opens_s: 0.0,
            closes_s: f64::INFINITY,
        }
    }
}

/// Why a problem was refused.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum TopError {
    /// Counts do not belong together or are beyond what is handled.
    #[error("{travel} travel times do not fill {places} places squared (2..={MOST_PLACES})")]
    Shape {
        /// Places.
        places: usize,
        /// Travel times.
        travel: usize,
    },
    /// There is no tour, or more than places.
    #[error("{0} tours are none or too many")]
    Tours(usize),
    /// A number of a place is NaN or out of range.
    #[error("place {0} has a value or time that is not a usable number")]
    Place(usize),
    /// A travel time or the limit is NaN, negative or out of range.
    #[error("the time {0} is not within 0..={LARGEST}")]
    Time(f64),
}

/// Team orienteering: at most so many tours from the first place to the last, each within a time
/// limit, that visit places of the greatest total value, none of them twice.
#[derive(Clone, Debug, PartialEq)]
pub struct TopProblem {
    places: Vec<Place>,
    travel: Vec<f64>,
    /// Travel times by destination.
    arriving: Vec<f64>,
    tours: usize,
    limit: f64,
    windows: bool,
}

impl TopProblem {
    /// Checks every number. `travel_s` holds the times from the first place to all, then from the
    /// second, and so on. The first place is where tours start, at time 0, and the last where they
    /// end, at `limit_s` or before; their values and windows are not used.
    ///
    /// # Errors
    /// [`TopError`].
    pub fn new(
        places: Vec<Place>,
        travel_s: Vec<f64>,
        tours: usize,
        limit_s: f64,
    ) -> Result<Self, TopError> {
        let count = places.len();
        if !(2..=MOST_PLACES).contains(&count) || travel_s.len() != count * count {
            return Err(TopError::Shape {
                places: count,
                travel: travel_s.len(),
            });
        }
        if tours == 0 || tours > MOST_PLACES {
            return Err(TopError::Tours(tours));
        }
        let range = 0.0..=LARGEST;
        let usable = |p: &Place| {
            let opens = range.contains(&p.opens_s) && p.closes_s >= 0.0;
            opens && range.contains(&p.value) && range.contains(&p.service_s)
        };
        if let Some(at) = places.iter().position(|place| !usable(place)) {
            return Err(TopError::Place(at));
        }
        let mut times = travel_s.iter().chain(core::iter::once(&limit_s));
        if let Some(time) = times.find(|time| !range.contains(time)) {
            return Err(TopError::Time(*time));
        }
        let windowed = |p: &Place| p.opens_s > 0.0 || p.closes_s <= LARGEST;
        Ok(Self {
            windows: places[1..count - 1].iter().any(windowed),
            arriving: (0..count * count)
                .map(|at| travel_s[at % count * count + at / count])
                .collect(),
            places,
            travel: travel_s,
            tours,
            limit: limit_s,
        })
    }

    /// Number of places, start and end included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is nothing to visit.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.len() <= 2
    }

    /// A place by its index.
    #[must_use]
    pub fn place(&self, at: usize) -> &Place {
        &self.places[at]
    }

    /// Time from one place to another, s.
    #[must_use]
    pub fn travel_s(&self, from: usize, to: usize) -> f64 {
        self.travel[from * self.places.len() + to]
    }

    /// Times from a place to all, s.
    pub(super) fn leaving_s(&self, from: usize) -> &[f64] {
        &self.travel[from * self.places.len()..][..self.places.len()]
    }

    /// Times from all to a place, s.
    pub(super) fn arriving_s(&self, to: usize) -> &[f64] {
        &self.arriving[to * self.places.len()..][..self.places.len()]
    }

    /// Most tours.
    #[must_use]
    pub fn tours(&self) -> usize {
        self.tours
    }

    /// When tours have to have ended, s, rounding allowed for.
    #[must_use]
    pub fn deadline_s(&self) -> f64 {
        self.limit * (1.0 + SLACK)
    }

    /// When a visit may begin at the latest, s, rounding allowed for.
    #[must_use]
    pub fn closes_s(&self, at: usize) -> f64 {
        self.places[at].closes_s + self.limit * SLACK
    }

    /// Whether any place has a window.
    #[must_use]
    pub fn has_windows(&self) -> bool {
        self.windows
    }

    /// When a tour through these places ends, s; `None` if it breaks a window or the limit.
    #[must_use]
    pub fn end_s(&self, visits: &[usize]) -> Option<f64> {
        let (mut at, mut time) = (0, 0.0);
        for &next in visits {
            time = (time + self.travel_s(at, next)).max(self.places[next].opens_s);
            if time > self.closes_s(next) {
                return None;
            }
            time += self.places[next].service_s;
            at = next;
        }
        time += self.travel_s(at, self.len() - 1);
        (time <= self.deadline_s()).then_some(time)
    }

    /// Places that a tour may be able to visit, through whatever other places.
    #[must_use]
    pub(super) fn reachable(&self) -> Vec<usize> {
        let end = self.len() - 1;
        let out = self.shortest_s(0, Self::leaving_s);
        let home = self.shortest_s(end, Self::arriving_s);
        let fits = |at: &usize| {
            let begins = out[*at].max(self.places[*at].opens_s);
            let ends = begins + self.places[*at].service_s + home[*at];
            begins <= self.closes_s(*at) && ends <= self.deadline_s()
        };
        (1..end).filter(fits).collect()
    }

    /// Times of the fastest ways from (or to) a place, detours included (Dijkstra 1959).
    fn shortest_s<'a>(&'a self, from: usize, ways: fn(&'a Self, usize) -> &'a [f64]) -> Vec<f64> {
        let mut times = ways(self, from).to_vec();
        times[from] = 0.0;
        let mut open: Vec<usize> = (0..self.len()).collect();
        while let Some(next) =
            (0..open.len()).min_by(|a, b| times[open[*a]].total_cmp(&times[open[*b]]))
        {
            let via = open.swap_remove(next);
            for (at, way) in ways(self, via).iter().enumerate() {
                times[at] = times[at].min(times[via] + way);
            }
        }
        times
    }

    /// Whether no way through one of these places is shorter than the direct way, so that a tour
    /// stays one when a visit is dropped.
    #[must_use]
    pub(super) fn is_metric(&self, places: &[usize]) -> bool {
        let mut all = places.to_vec();
        all.extend([0, self.len() - 1]);
        let slack = self.limit * SLACK;
        all.iter().all(|&a| {
            places.iter().all(|&via| {
                let (to, from) = (self.travel_s(a, via), self.leaving_s(via));
                all.iter().all(|&b| {
                    a == b || a == via || b == via || self.travel_s(a, b) <= to + from[b] + slack
                })
            })
        })
    }

    /// What these places are worth together.
    #[must_use]
    pub fn value(&self, visits: &[usize]) -> f64 {
        visits.iter().map(|&at| self.places[at].value).sum()
    }
}
