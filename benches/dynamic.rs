//! Regret and latency of the policies for targets that come and go.
//!
//! `cargo bench --bench dynamic` prints, per law of arrivals, the mean regret of both policies
//! against the clairvoyant bound over 100 seeds (each the mean of four draws of luck), on how many
//! seeds ours is better, and quantiles of the CPU time of our decisions.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use cpu_time::ThreadTime;
use tercio::planning::algo::dynamic::{
    Arrivals, Myopic, Policy, Priced, Situation, clairvoyant_bound, run,
};

/// Shooters, mean number of targets, rounds per target.
const LAWS: [(u32, u32, f64); 5] = [
    (10, 150, 0.6),
    (10, 150, 0.8),
    (10, 150, 1.0),
    (30, 150, 0.8),
    (2, 150, 5.0),
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
fn mean(mut value: impl FnMut(u64) -> f64) -> f64 {
    (0..4).map(|luck| value(luck) / 4.0).sum()
}

/// Prints the regrets under one law.
fn regret((shooters, targets, rounds): (u32, u32, f64)) {
    let law = Arrivals::sample(shooters, targets, rounds);
    let (mut myopic, mut priced, mut wins) = (0.0, 0.0, 0);
    for seed in 0..100 {
        let course = law.draw(seed);
        let bound = clairvoyant_bound(&course);
        let first = mean(|luck| run(&course, &mut Myopic::default(), luck).value);
        let second = mean(|luck| run(&course, &mut Priced::new(&law, 1), luck).value);
        myopic += 1.0 - first / bound;
        priced += 1.0 - second / bound;
        wins += u32::from(second > first);
    }
    println!(
        "{shooters} shooters, {targets} targets, {rounds} rounds per target: \
         regret myopic {myopic:.2} %, priced {priced:.2} %, better on {wins} of 100"
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
