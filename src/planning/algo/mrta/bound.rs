//! Bounds below every makespan. See [`bound`].

use super::problem::Problem;

/// Most robots for which all groups of them are looked at.
const MOST_GROUPED: usize = 12;
/// Groups that a search keeps.
const GROUPS_KEPT: usize = 24;

/// What a bound needs at every node of a search.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    /// For each task the least time from its end to that of all, by whoever.
    pub(super) tails: Vec<f64>,
    /// Groups of robots, with the least that each task takes from all of them together.
    groups: Vec<(u64, Vec<f64>)>,
    /// The least way from any task to the end.
    least_return: f64,
}

/// No schedule is shorter.
///
/// Two kinds: the longest chain of tasks by precedence, with ways from the start and to the end; and,
/// for a group of robots, what they all must do together, shared evenly: each task takes, from as
/// many of the group as every coalition for it has, its duration and the shortest way to it.
pub fn bound(problem: &Problem) -> f64 {
    let bounds = Bounds::new(problem);
    let places = problem.tasks() + 2;
    let robots = vec![(0, 0.0); problem.robots()];
    bounds.at(problem, &vec![false; places], &vec![0.0; places], &robots)
}

impl Bounds {
    /// Tails, and the groups whose work is most.
    pub(super) fn new(problem: &Problem) -> Self {
        let end = problem.end();
        let mut tails: Vec<f64> = (0..=end).map(|task| problem.least_way(task, end)).collect();
        for &task in problem.order.iter().rev() {
            for &first in &problem.before[task] {
                tails[first] = tails[first].max(problem.durations[task] + tails[task]);
            }
        }
        let least_in = |to: usize| {
            let from = (0..end).filter(|&from| from != to);
            from.map(|from| problem.way(from, to))
                .fold(f64::INFINITY, f64::min)
        };
        let takes: Vec<f64> = (0..=end)
            .map(|task| least_in(task) + problem.durations[task])
            .collect();
        let work = |group: u64| -> Vec<f64> {
            let of = |task: usize| problem.least_of(group, task) * takes[task];
            (0..=end)
                .map(|task| {
                    if task == 0 || task == end {
                        0.0
                    } else {
                        of(task)
                    }
                })
                .collect()
        };
        let mut groups: Vec<(u64, Vec<f64>)> = candidates(problem)
            .into_iter()
            .map(|group| (group, work(group)))
            .collect();
        let share =
            |group: &(u64, Vec<f64>)| group.1.iter().sum::<f64>() / f64::from(group.0.count_ones());
        groups.sort_by(|a, b| share(b).total_cmp(&share(a)).then(a.0.cmp(&b.0)));
        groups.truncate(GROUPS_KEPT);
        let returns = (1..end).map(|task| problem.way(task, end));
        Self {
            tails,
            groups,
            least_return: returns.fold(f64::INFINITY, f64::min),
        }
    }

    /// No schedule is shorter that goes on from here: tasks done, their ends, and where each robot
    /// is and since when.
    pub(super) fn at(
        &self,
        problem: &Problem,
        done: &[bool],
        ends: &[f64],
        robots: &[(usize, f64)],
    ) -> f64 {
        let end = problem.end();
        let back = |&(at, since): &(usize, f64)| {
            if at == 0 {
                0.0
            } else {
                since + problem.least_way(at, end)
            }
        };
        let mut least = robots.iter().map(back).fold(0.0, f64::max);
        let mut starts = vec![0.0_f64; problem.tasks() + 2];
        for &task in problem.order.iter().filter(|&&task| !done[task]) {
            let arrival = |robot: usize| {
                let (at, since) = robots[robot];
                since + problem.least_way(at, task)
            };
            let together = |coalition: &u64| {
                let each = (0..robots.len()).filter(|robot| coalition >> robot & 1 == 1);
                each.map(arrival).fold(0.0, f64::max)
            };
            // Any coalition, kept or not, has at least one robot.
            let soonest = if problem.has_all_coalitions {
                problem.coalitions[task]
                    .iter()
                    .map(together)
                    .fold(f64::INFINITY, f64::min)
            } else {
                (0..robots.len()).map(arrival).fold(f64::INFINITY, f64::min)
            };
            let after = problem.before[task].iter().map(|&first| match done[first] {
                true => ends[first],
                false => starts[first] + problem.durations[first],
            });
            starts[task] = after.fold(soonest, f64::max);
            least = least.max(starts[task] + problem.durations[task] + self.tails[task]);
        }
        for (group, work) in &self.groups {
            let left: f64 = (1..end)
                .filter(|&task| !done[task])
                .map(|task| work[task])
                .sum();
            if left > 0.0 {
                let members = (0..robots.len()).filter(|robot| group >> robot & 1 == 1);
                let spent: f64 = members.map(|robot| robots[robot].1).sum();
                let share = (left + spent + self.least_return) / f64::from(group.count_ones());
                least = least.max(share);
            }
        }
        least
    }
}

impl Problem {
    /// How many of a group every coalition for a task has at least.
    fn least_of(&self, group: u64, task: usize) -> f64 {
        let shared = |coalition: &u64| (coalition & group).count_ones();
        let least = self.coalitions[task].iter().map(shared).min().unwrap_or(0);
        if self.has_all_coalitions {
            return f64::from(least);
        }
        // Of those not kept it is only known whether the others suffice.
        let others = self
            .skills
            .iter()
            .enumerate()
            .filter(|(robot, _)| group >> robot & 1 == 0);
        let skills = others.fold(0, |skills, (_, own)| skills | own);
        f64::from(u32::from(self.needs[task] & !skills != 0))
    }
}

/// Groups of robots to look at: all, if there are few robots, otherwise those that share a skill.
fn candidates(problem: &Problem) -> Vec<u64> {
    let robots = problem.robots();
    if robots <= MOST_GROUPED {
        return (1..1 << robots).collect();
    }
    let with = |skill: usize| {
        let able = problem
            .skills
            .iter()
            .enumerate()
            .filter(|(_, own)| *own >> skill & 1 == 1);
        able.fold(0_u64, |group, (robot, _)| group | 1 << robot)
    };
    let all = if robots == 64 {
        u64::MAX
    } else {
        (1 << robots) - 1
    };
    let mut groups: Vec<u64> = (0..64).map(with).filter(|&group| group != 0).collect();
    groups.push(all);
    groups.sort_unstable();
    groups.dedup();
    groups
}
