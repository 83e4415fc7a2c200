//! Regret and latency of the policies for targets that come and go.
//!
//! `cargo bench --bench dynamic` prints, per law of arrivals, the mean regret of both policies
//! against the clairvoyant bound over 100 seeds, on how many seeds ours is better, equal and worse, by how
//! much on average and at worst, and quantiles of the CPU time of our decisions. A seed is a course of
//! arrivals; what a policy gets on it is the mean over so many draws of luck as the law says: where
//! rounds are plentiful policies differ by less than luck does, so there are more.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use core::cmp::Ordering;

use cpu_time::ThreadTime;
use tercio::planning::algo::dynamic::{
    Arrivals, Myopic, Policy, Priced, Situation, clairvoyant_bound, run,
};

/// Shooters, mean number of targets, rounds per target, draws of luck.
const LAWS: [(u32, u32, f64, u32); 9] = [
    (10, 150, 0.6, 4),
    (10, 150, 0.8, 4),
    (10, 150, 1.0, 4),
    (30, 150, 0.8, 4),
    (2, 150, 5.0, 64),
    (3, 150, 5.0, 64),
    (4, 150, 5.0, 64),
    (10, 150, 1.5, 64),
    (10, 150, 5.0, 64),
];

/// A policy with a clock.
struct Timed {
    inner: Priced,
    /// CPU time of each decision with this many targets or more, s.
    times_s: Vec<f64>,
    /// Fewest targets there.
    least: usize,
    /// Most targets there at once.
    most: usize,
}

impl Policy for Timed {
    fn decide(&mut self, situation: &Situation<'_>) -> Vec<(usize, usize)> {
        let start = ThreadTime::now();
        let orders = self.inner.decide(situation);
        if situation.seen.len() >= self.least {
            self.times_s.push(start.elapsed().as_secs_f64());
        }
        self.most = self.most.max(situation.seen.len());
        orders
    }
}

/// Mean over draws of luck of what a policy gets.
fn mean(draws: u32, mut value: impl FnMut(u64) -> f64) -> f64 {
    let values = (0..draws).map(|luck| value(u64::from(luck)));
    values.sum::<f64>() / f64::from(draws)
}

/// Prints the regrets under one law.
fn regret((shooters, targets, rounds, draws): (u32, u32, f64, u32)) {
    let law = Arrivals::sample(shooters, targets, rounds);
    let (mut myopic, mut priced, mut worst) = (0.0, 0.0, 0.0_f64);
    let mut counts = [0_u32; 3];
    for seed in 0..100 {
        let course = law.draw(seed);
        let bound = clairvoyant_bound(&course);
        let first = mean(draws, |luck| {
            run(&course, &mut Myopic::default(), luck).value
        });
        let second = mean(draws, |luck| {
            run(&course, &mut Priced::new(&law, 1), luck).value
        });
        myopic += 1.0 - first / bound;
        priced += 1.0 - second / bound;
        worst = worst.min(100.0 * (second - first) / bound);
        counts[match second.total_cmp(&first) {
            Ordering::Greater => 0,
            Ordering::Equal => 1,
            Ordering::Less => 2,
        }] += 1;
    }
    let [better, equal, worse] = counts;
    println!(
        "{shooters} shooters, {targets} targets, {rounds} rounds per target, {draws} draws: \
         regret myopic {myopic:.2} %, priced {priced:.2} %, better {better}, equal {equal}, \
         worse {worse}, by {worst:.2} % of the bound at worst"
    );
}

/// Prints the latency with a hundred shooters and about a hundred targets at once.
fn latency() {
    let law = Arrivals::sample(100, 700, 0.6);
    let mut timed = Timed {
        inner: Priced::new(&law, 1),
        times_s: Vec::new(),
        least: 0,
        most: 0,
    };
    run(&law.draw(1), &mut timed, 1);
    let mut times = timed.times_s;
    times.sort_by(f64::total_cmp);
    let quantile = |share: usize| 1e3 * times[(times.len() - 1) * share / 100];
    println!(
        "100 shooters, up to {} targets: {} decisions, median {:.2} ms, p99 {:.2} ms, most {:.2} ms",
        timed.most,
        times.len(),
        quantile(50),
        quantile(99),
        quantile(100)
    );
}

/// All laws, then the latency.
fn main() {
    latency();
    for law in LAWS {
        regret(law);
    }
}
