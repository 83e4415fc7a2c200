//! Random instances of the public kind. See [`generate`].

use super::problem::Instance;
use crate::kernel::random::{DrawKey, Stream};

/// An instance as in the public data set: each robot has, and each task needs, each skill with
/// probability one half, and at least one; every skill is some robot's; durations are whole numbers
/// from 50 to 99; places lie on a grid of 100 by 100, ways are straight. Of `precedence` pairs each is
/// drawn with the smaller index first, so that there are no circles; a pair may be drawn twice.
#[must_use]
pub fn generate(
    tasks: usize,
    robots: usize,
    skills: usize,
    precedence: usize,
    seed: u64,
) -> Instance {
    let mut draws = DrawKey::new(Stream::Placement, 21, 0, 0).draws(seed);
    let mut below = |limit: usize| {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below a u32"
        )]
        let drawn = (draws.uniform() * f64::from(limit)) as usize;
        drawn
    };
    let mut flags = |rows: usize| -> Vec<Vec<bool>> {
        let mut row = || -> Vec<bool> {
            let mut row: Vec<bool> = (0..skills).map(|_| below(2) == 1).collect();
            if !row.contains(&true) {
                row[below(skills)] = true;
            }
            row
        };
        (0..rows).map(|_| row()).collect()
    };
    let (mut robots, mut needs) = (flags(robots), flags(tasks));
    for skill in 0..skills {
        if robots.iter().all(|robot| !robot[skill]) {
            let chosen = below(robots.len());
            robots[chosen][skill] = true;
        }
    }
    needs.insert(0, vec![false; skills]);
    needs.push(vec![false; skills]);
    let whole = |at: usize| f64::from(u32::try_from(at).unwrap_or(u32::MAX));
    let mut durations: Vec<f64> = (0..tasks).map(|_| whole(50 + below(50))).collect();
    durations.insert(0, 0.0);
    durations.push(0.0);
    let places: Vec<[f64; 2]> = (0..tasks + 2)
        .map(|_| [whole(below(100)), whole(below(100))])
        .collect();
    let way = |a: &[f64; 2], b: &[f64; 2]| {
        ((a[0] - b[0]) * (a[0] - b[0]) + (a[1] - b[1]) * (a[1] - b[1])).sqrt()
    };
    let row = |from: &[f64; 2]| places.iter().map(|to| way(from, to)).collect();
    let ways = places.iter().map(row).collect();
    let pairs = if tasks < 2 { 0 } else { precedence };
    let mut pair = || {
        let (a, b) = (below(tasks), below(tasks - 1));
        let b = if b >= a { b + 1 } else { b };
        (1 + a.min(b), 1 + a.max(b))
    };
    let precedence = (0..pairs).map(|_| pair()).collect();
    Instance {
        robots,
        needs,
        durations,
        ways,
        precedence,
    }
}
