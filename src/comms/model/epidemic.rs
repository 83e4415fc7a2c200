//! How long news takes through nodes that meet at random: closed forms of delay-tolerant networks.
//!
//! Every pair of N nodes meets as a Poisson process of rate β, and a meeting hands over all there is:
//! no limits of bandwidth, memory or lifetime. Groenevelt, Nain, Koole 2005, "The message delay in
//! mobile ad hoc networks", Performance Evaluation 62; Zhang, Neglia, Kurose, Towsley 2007,
//! "Performance modeling of epidemic routing", Computer Networks 51. Rates are per unit of time of
//! the caller's choice, times in that unit.

use crate::kernel::math::{exp, log, log2};

/// Largest number of nodes whose harmonic number is summed term by term.
const HARMONIC_TERMS_MAX: u32 = 100_000;

/// The Euler-Mascheroni constant.
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

/// Harmonic number Hₙ = 1 + 1/2 + … + 1/n; 0 for n = 0. Beyond 100 000 by ln n + γ + 1/(2n).
#[must_use]
pub fn harmonic(n: u32) -> f64 {
    if n > HARMONIC_TERMS_MAX {
        let n = f64::from(n);
        return log(n) + EULER_GAMMA + 0.5 / n;
    }
    // Smallest terms first: the sum errs least.
    (1..=n).rev().map(|k| 1.0 / f64::from(k)).sum()
}

/// Mean delay until a source meets the destination itself, 1/β.
#[must_use]
pub fn direct_delay(meeting_rate: f64) -> f64 {
    1.0 / meeting_rate
}

/// Mean delay from one node to another by epidemic routing, where every node that has the message
/// gives it to all it meets: H/(β(N − 1)), H the [`harmonic`] number of N − 1. Infinite below two
/// nodes.
#[must_use]
pub fn epidemic_delay(nodes: u32, meeting_rate: f64) -> f64 {
    if nodes < 2 {
        return f64::INFINITY;
    }
    harmonic(nodes - 1) / (meeting_rate * f64::from(nodes - 1))
}

/// Mean time until all nodes have the message by epidemic routing, 2H/(βN), H the
/// [`harmonic`] number of N − 1; 0 below two nodes.
#[must_use]
pub fn epidemic_spread(nodes: u32, meeting_rate: f64) -> f64 {
    if nodes < 2 {
        return 0.0;
    }
    2.0 * harmonic(nodes - 1) / (meeting_rate * f64::from(nodes))
}

/// Mean number of nodes with the message after a time, by epidemic routing from one of N, for many
/// nodes: the logistic curve N/(1 + (N − 1)·exp(−βNt)).
#[must_use]
pub fn epidemic_count(nodes: u32, meeting_rate: f64, time: f64) -> f64 {
    let nodes = f64::from(nodes.max(1));
    nodes / (1.0 + (nodes - 1.0) * exp(-meeting_rate * nodes * time))
}

/// Mean delay by two-hop relaying, where the source gives a copy to each relay it meets, and source
/// and relays to the destination alone: ∫ exp(−βt)·((1 + βt)·exp(−βt))^(N−2) dt over all t ≥ 0.
/// Infinite below two nodes.
///
/// With x = βt the integral is (1/β)·Σ C(N−2, k)·k!/(N−1)^{k+1} over k from 0 to N − 2, summed exactly.
#[must_use]
pub fn two_hop_delay(nodes: u32, meeting_rate: f64) -> f64 {
    if nodes < 2 {
        return f64::INFINITY;
    }
    let (relays, rate) = (nodes - 2, f64::from(nodes - 1));
    let mut term = 1.0 / rate;
    let mut sum = 0.0;
    for k in 0..=relays {
        sum += term;
        term *= f64::from(relays - k) / rate;
    }
    sum / meeting_rate
}

/// Rounds in which news of one of `nodes` reaches all, when each that has it tells one other at
/// random a round: log₂ n + ln n, within a few rounds (Pittel 1987, "On spreading a rumor", SIAM
/// Journal on Applied Mathematics 47(1)). 0 for one node.
#[must_use]
pub fn push_gossip_rounds(nodes: u32) -> f64 {
    let nodes = f64::from(nodes.max(1));
    log2(nodes) + log(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_agree_with_the_reference() {
        // 50 nodes, a meeting of each pair every 500 units.
        assert!((epidemic_delay(50, 0.002) - 45.706_176_921_728_81).abs() < 1e-9);
        assert!((two_hop_delay(50, 0.002) - 86.267_296_186_254_57).abs() < 1e-9);
        assert!((direct_delay(0.002) - 500.0).abs() < 1e-12);
        assert!((epidemic_spread(50, 0.002) - 89.584_106_766_588_46).abs() < 1e-9);
        assert!((epidemic_count(50, 0.002, 60.0) - 44.584_783_207_350_55).abs() < 1e-9);
        assert!((push_gossip_rounds(1024) - 16.931_471_805_599_454).abs() < 1e-12);
    }

    #[test]
    fn the_sum_for_two_hops_is_the_integral() {
        for nodes in [2, 3, 7, 50] {
            let relays = nodes - 2;
            let height = |t: f64| {
                let one = (1.0 + t) * exp(-t);
                exp(-t) * (0..relays).fold(1.0, |product, _| product * one)
            };
            // Simpson's rule over 40 units of 1/β.
            let step = 1e-3;
            let inner: f64 = (1..40_000_u32)
                .map(|k| if k % 2 == 1 { 4.0 } else { 2.0 } * height(f64::from(k) * step))
                .sum();
            let integral = (height(0.0) + inner + height(40.0)) * step / 3.0;
            assert!(
                (two_hop_delay(nodes, 1.0) - integral).abs() < 1e-9,
                "{nodes}"
            );
        }
    }

    #[test]
    fn more_copies_are_faster_and_two_nodes_meet_directly() {
        assert!((epidemic_delay(2, 0.1) - 10.0).abs() < 1e-12);
        assert!((two_hop_delay(2, 0.1) - 10.0).abs() < 1e-12);
        for nodes in 3..60 {
            let (epidemic, two_hop) = (epidemic_delay(nodes, 0.1), two_hop_delay(nodes, 0.1));
            assert!(
                epidemic <= two_hop && two_hop < 10.0,
                "{nodes}: {epidemic} {two_hop}"
            );
            assert!(epidemic_spread(nodes, 0.1) > epidemic);
        }
        assert!(epidemic_delay(1, 0.1).is_infinite() && two_hop_delay(0, 0.1).is_infinite());
        assert!(epidemic_spread(1, 0.1).abs() < 1e-15);
    }

    #[test]
    fn harmonic_numbers_meet_where_the_rule_changes() {
        assert!(harmonic(0).abs() < 1e-15 && (harmonic(4) - 25.0 / 12.0).abs() < 1e-15);
        let gap = harmonic(HARMONIC_TERMS_MAX + 1) - harmonic(HARMONIC_TERMS_MAX);
        assert!((gap - 1e-5).abs() < 1e-9, "{gap}");
    }
}
