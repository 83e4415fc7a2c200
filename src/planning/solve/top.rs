//! Team orienteering: files of Chao, Golden and Wasil, and the same with time windows.
//!
//! Three lines `n N`, `m P`, `tmax T`: places, tours, and the time that each tour has; then a line
//! `x y value` for each place, the first of which is the start and the last the end. Lines may go
//! on with `service opens closes`, then all of them do: how long a visit takes and when it may
//! begin. Travel takes as long as the straight way. Values are maximised. A solution is a list of
//! tours, each the list of its visits in order, places counted from 0, start and end left out.

use super::words::{Words, refusal};
use super::{Answer, Checked, Options, Sense, SolveError};
use crate::kernel::budget::Budget;
use crate::planning::algo::top::{self, LARGEST, MOST_PLACES, Place, SLACK, TopProblem};
use serde_json::{Value, json};

/// Most places or tours.
const MOST: i64 = MOST_PLACES as i64;

/// An instance as it was read.
struct Instance {
    tours: usize,
    limit: f64,
    /// East and north.
    at: Vec<(f64, f64)>,
    places: Vec<Place>,
}

/// Reads an instance.
fn read(text: &str) -> Result<Instance, SolveError> {
    let mut words = Words::new(text);
    words.keyword("n")?;
    let count = words.count("the number of places", 2..=MOST)?;
    words.keyword("m")?;
    let tours = words.count("the number of tours", 1..=MOST)?;
    words.keyword("tmax")?;
    let limit = words.number("the time of a tour", 0.0..=LARGEST)?;
    let mut instance = Instance {
        tours,
        limit,
        at: Vec::with_capacity(count),
        places: Vec::with_capacity(count),
    };
    let mut windows = None;
    for _ in 0..count {
        let x = words.number("a coordinate x", -LARGEST / 4.0..=LARGEST / 4.0)?;
        let y = words.number("a coordinate y", -LARGEST / 4.0..=LARGEST / 4.0)?;
        let mut place = Place::free(words.number("a value", 0.0..=LARGEST)?);
        let windowed = words.line_goes_on();
        if *windows.get_or_insert(windowed) != windowed {
            let cause = "some places have a window and some have none".to_owned();
            let cure = "give `service opens closes` for all places or for none";
            return Err(refusal(words.line(), cause, cure));
        }
        if windowed {
            place.service_s = words.number("a service time", 0.0..=LARGEST)?;
            place.opens_s = words.number("an opening time", 0.0..=LARGEST)?;
            place.closes_s = words.number("a closing time", 0.0..=LARGEST)?;
            if words.line_goes_on() {
                let cause = "a place has more than six numbers".to_owned();
                return Err(refusal(words.line(), cause, "remove the others"));
            }
        }
        instance.at.push((x, y));
        instance.places.push(place);
    }
    words.end()?;
    Ok(instance)
}

impl Instance {
    /// Straight way between two places.
    fn way(&self, from: usize, to: usize) -> f64 {
        let (dx, dy) = (
            self.at[from].0 - self.at[to].0,
            self.at[from].1 - self.at[to].1,
        );
        (dx * dx + dy * dy).sqrt()
    }
}

/// Solves an instance.
///
/// # Errors
/// [`SolveError::Instance`] for a text that is none.
pub fn solve(text: &str, options: &Options, budget: &mut dyn Budget) -> Result<Answer, SolveError> {
    let instance = read(text)?;
    let count = instance.places.len();
    let travel = (0..count * count)
        .map(|at| instance.way(at / count, at % count))
        .collect();
    let problem = TopProblem::new(instance.places, travel, instance.tours, instance.limit)
        .map_err(|error| refusal(1, error.to_string(), "mend the numbers"))?;
    let found = top::solve(&problem, options.seed, budget);
    Ok(Answer {
        sense: Sense::Max,
        objective: found.value,
        bound: Some(found.bound),
        proven: found.proven,
        method: "adaptive search, tour memory and priced packing",
        solution: json!(found.tours),
        certificate: None,
        notes: Vec::new(),
    })
}

/// Checks a solution and works out its value.
///
/// # Errors
/// [`SolveError::Instance`] for a text that is no instance, [`SolveError::Solution`] for a solution
/// that breaks a rule.
pub fn check(text: &str, _options: &Options, solution: &Value) -> Result<Checked, SolveError> {
    let instance = read(text)?;
    let wrong = |cause: String| Err(SolveError::Solution(cause));
    let Some(tours) = solution.as_array() else {
        return wrong("it is not a list of tours".to_owned());
    };
    if tours.len() > instance.tours {
        return wrong(format!(
            "{} tours are more than {}",
            tours.len(),
            instance.tours
        ));
    }
    let end = instance.places.len() - 1;
    let slack = instance.limit * SLACK;
    let mut seen = vec![false; instance.places.len()];
    let mut value = 0.0;
    for (number, tour) in tours.iter().enumerate() {
        let Some(visits) = tour.as_array() else {
            return wrong(format!("tour {number} is not a list"));
        };
        let (mut from, mut time) = (0, 0.0);
        for visit in visits {
            let index = visit.as_u64().and_then(|at| usize::try_from(at).ok());
            let Some(at) = index.filter(|at| (1..end).contains(at)) else {
                return wrong(format!("tour {number}: there is no place {visit} to visit"));
            };
            if core::mem::replace(&mut seen[at], true) {
                return wrong(format!("place {at} is visited twice"));
            }
            let place = &instance.places[at];
            time = (time + instance.way(from, at)).max(place.opens_s);
            if time > place.closes_s + slack {
                return wrong(format!(
                    "tour {number} comes to place {at} at {time}: too late"
                ));
            }
            time += place.service_s;
            value += place.value;
            from = at;
        }
        time += instance.way(from, end);
        if time > instance.limit + slack && !visits.is_empty() {
            return wrong(format!("tour {number} takes {time} of {}", instance.limit));
        }
    }
    Ok(Checked {
        sense: Sense::Max,
        objective: value,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::budget::WorkBudget;

    const TINY: &str = "n 5\nm 1\ntmax 4.0\n0 0 0\n1 0 5\n2 0 7\n9 9 50\n3 0 0\n";

    fn run(text: &str) -> Result<Answer, SolveError> {
        solve(text, &Options::default(), &mut WorkBudget::new(50_000))
    }

    #[test]
    fn a_tiny_instance_is_solved_and_its_solution_holds() {
        let answer = run(TINY).unwrap();
        assert_eq!(answer.solution, json!([[1, 2]]));
        assert!(answer.proven && (answer.objective - 12.0).abs() < 1e-9);
        let checked = check(TINY, &Options::default(), &answer.solution).unwrap();
        assert!((checked.objective - 12.0).abs() < 1e-9);
    }

    #[test]
    fn windows_are_read_and_kept() {
        let text = "n 4\nm 1\ntmax 9\n0 0 0 0 0 9\n1 0 5 1 4 6\n2 0 7 1 0 3\n3 0 0 0 0 9\n";
        let answer = run(text).unwrap();
        assert_eq!(answer.solution, json!([[2, 1]]));
        let late = check(text, &Options::default(), &json!([[1, 2]]));
        assert!(matches!(late, Err(SolveError::Solution(_))));
    }

    #[test]
    fn broken_texts_are_refused_with_their_line() {
        let cases = [
            ("", 1),
            ("n 1", 1),
            ("n 99999999", 1),
            ("n 3\nm 0", 2),
            ("n 3\nm 1\ntmax NaN", 3),
            ("n 3\nm 1\ntmax -1", 3),
            ("n 2\nm 1\ntmax 1\n0 0 0\n", 4),
            ("n 2\nm 1\ntmax 1\n0 0 0\n0 0 -2\n", 5),
            ("n 2\nm 1\ntmax 1\n0 0 0\n0 0 0\n7", 6),
            ("n 2\nm 1\ntmax 1\n0 0 0\n0 0 0 1 2 3", 5),
            ("n 2\nm 1\ntmax 1\n0 0 0 1\n0 0 0 1", 5),
        ];
        for (text, wanted) in cases {
            match run(text) {
                Err(SolveError::Instance { line, .. }) => assert_eq!(line, wanted, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn broken_solutions_are_refused() {
        for solution in [
            json!(1),
            json!([1]),
            json!([[1], [2]]),
            json!([[0, 1]]),
            json!([[1, 4]]),
            json!([[1, 1]]),
            json!([[3]]),
            json!([[-1]]),
        ] {
            let result = check(TINY, &Options::default(), &solution);
            assert!(matches!(result, Err(SolveError::Solution(_))), "{solution}");
        }
    }

    #[test]
    fn nothing_within_reach_is_an_answer() {
        let answer = run("n 3\nm 2\ntmax 1\n0 0 0\n5 5 9\n0 0 0\n").unwrap();
        assert_eq!((answer.solution, answer.proven), (json!([[], []]), true));
    }
}
