//! One server and several: waits, losses, and the probability of waiting at all.
//!
//! Queues that cannot keep up (ρ ≥ 1 per server) wait for ever: infinite, never negative. Kleinrock
//! 1975, "Queueing Systems" volume I, unless another source stands there.

use crate::kernel::math::exp;

/// Mean time in the system of an M/M/1 queue, waiting and service: 1/(μ − λ).
#[must_use]
pub fn mm1_time(arrival_rate: f64, service_rate: f64) -> f64 {
    if arrival_rate >= service_rate {
        return f64::INFINITY;
    }
    1.0 / (service_rate - arrival_rate)
}

/// Mean wait before service of an M/M/1 queue, ρ/(μ − λ).
#[must_use]
pub fn mm1_wait(arrival_rate: f64, service_rate: f64) -> f64 {
    (arrival_rate / service_rate) * mm1_time(arrival_rate, service_rate)
}

/// Mean number in an M/M/1 system, ρ/(1 − ρ).
#[must_use]
pub fn mm1_number(arrival_rate: f64, service_rate: f64) -> f64 {
    arrival_rate * mm1_time(arrival_rate, service_rate)
}

/// Probability that the time in an M/M/1 system exceeds `time`, exp(−(μ − λ)t); 1 if it cannot keep up.
#[must_use]
pub fn mm1_time_exceeds(arrival_rate: f64, service_rate: f64, time: f64) -> f64 {
    exp(-(service_rate - arrival_rate).max(0.0) * time.max(0.0))
}

/// Mean wait before service of an M/G/1 queue whose service takes a mean of `mean` with a mean square
/// of `mean_square`: λ·E(S²)/(2(1 − ρ)) (Pollaczek 1930, Khinchine 1932).
#[must_use]
pub fn mg1_wait(arrival_rate: f64, mean: f64, mean_square: f64) -> f64 {
    let load = arrival_rate * mean;
    if load >= 1.0 {
        return f64::INFINITY;
    }
    arrival_rate * mean_square / (2.0 * (1.0 - load))
}

/// Mean time in the system of an M/D/1 queue, in which every service takes 1/μ: 1/μ + ρ/(2μ(1 − ρ)).
#[must_use]
pub fn md1_time(arrival_rate: f64, service_rate: f64) -> f64 {
    let service = 1.0 / service_rate;
    service + mg1_wait(arrival_rate, service, service * service)
}

/// Probability that an M/M/1/K system with room for `places`, the one in service included, is full and
/// loses an arrival: (1 − ρ)ρ^K/(1 − ρ^{K+1}), and 1/(K + 1) at ρ = 1.
#[must_use]
pub fn mm1k_loss(arrival_rate: f64, service_rate: f64, places: u32) -> f64 {
    // The ratio of the heaviest state to all, by recursion: no difference of near numbers.
    let load = arrival_rate / service_rate;
    (0..places).fold(1.0, |loss, _| load * loss / (1.0 + load * loss))
}

/// Erlang's loss formula B: probability that all of `servers` are busy when λ/μ = `offered` erlang
/// arrive and nobody waits (Erlang 1917).
#[must_use]
pub fn erlang_b(servers: u32, offered: f64) -> f64 {
    (1..=servers).fold(1.0, |loss, server| {
        offered * loss / (f64::from(server) + offered * loss)
    })
}

/// Erlang's delay formula C: probability that an arrival waits for one of `servers` when λ/μ =
/// `offered` erlang arrive and all wait (Erlang 1917). 1 if the servers cannot keep up.
#[must_use]
pub fn erlang_c(servers: u32, offered: f64) -> f64 {
    let count = f64::from(servers);
    if offered >= count {
        return 1.0;
    }
    let loss = erlang_b(servers, offered);
    loss / (1.0 - offered / count * (1.0 - loss))
}

/// Mean wait before service of an M/M/c queue: C/(cμ − λ).
#[must_use]
pub fn mmc_wait(servers: u32, arrival_rate: f64, service_rate: f64) -> f64 {
    let spare = f64::from(servers) * service_rate - arrival_rate;
    if spare <= 0.0 {
        return f64::INFINITY;
    }
    erlang_c(servers, arrival_rate / service_rate) / spare
}

/// Share of arrivals that give up before one of `servers` takes them, where each waits for an
/// exponential time of rate `patience_rate` at most: Erlang's formula A, by the birth and death of the
/// number in the system (Palm 1957; Garnett, Mandelbaum, Reiman 2002, eq. 2). Below a rate of zero
/// nobody gives up.
#[must_use]
pub fn abandonment(servers: u32, arrival_rate: f64, service_rate: f64, patience_rate: f64) -> f64 {
    if patience_rate <= 0.0 || arrival_rate <= 0.0 {
        return 0.0;
    }
    let (mut weight, mut sum, mut waiting) = (1.0, 1.0, 0.0);
    for number in 1..=STATES_MAX {
        let busy = f64::from(number.min(servers));
        let queue = f64::from(number.saturating_sub(servers));
        weight *= arrival_rate / (busy * service_rate + queue * patience_rate);
        sum += weight;
        waiting += queue * weight;
        // Beyond the servers each weight is less than the one before it, at last by any factor.
        if weight * f64::from(number) < 1e-16 * sum && queue > 0.0 {
            break;
        }
    }
    patience_rate * waiting / (sum * arrival_rate)
}

/// Most states of a queue that are added up.
const STATES_MAX: u32 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::math::pow;

    /// Fails unless two numbers agree to a tolerance.
    fn agree(got: f64, want: f64, tolerance: f64) {
        assert!((got - want).abs() < tolerance, "{got}, not {want}");
    }

    #[test]
    fn single_servers_agree_with_the_reference() {
        agree(mm1_time(8.0, 10.0), 0.5, 1e-12);
        agree(mm1_wait(8.0, 10.0), 0.4, 1e-12);
        agree(mm1_number(8.0, 10.0), 4.0, 1e-12);
        agree(
            mm1_time_exceeds(8.0, 10.0, 1.0),
            0.135_335_283_236_612_7,
            1e-12,
        );
        agree(md1_time(8.0, 10.0), 0.3, 1e-12);
        agree(mm1k_loss(8.0, 10.0, 10), 0.023_492_857_579_905_6, 1e-14);
        // Exponential service has twice the square of its mean as mean square.
        agree(mg1_wait(8.0, 0.1, 0.02), mm1_wait(8.0, 10.0), 1e-12);
    }

    #[test]
    fn full_systems_lose_what_the_formula_says() {
        for (load, places) in [(0.3, 1), (0.8, 4), (0.99, 20), (1.5, 7), (20.0, 50)] {
            let k = f64::from(places);
            let want = (1.0 - load) * pow(load, k) / (1.0 - pow(load, k + 1.0));
            agree(mm1k_loss(load, 1.0, places), want, 1e-12);
        }
        agree(mm1k_loss(2.0, 2.0, 9), 0.1, 1e-12);
        agree(mm1k_loss(2.0, 2.0, 0), 1.0, 1e-12);
    }

    #[test]
    fn several_servers_agree_with_the_reference() {
        agree(erlang_c(3, 2.0), 0.444_444_444_444, 1e-9);
        agree(erlang_b(3, 2.0), 0.210_526_315_789, 1e-9);
        agree(mmc_wait(3, 2.0, 1.0), 0.444_444_444_444, 1e-9);
        // Three desks of 6 an hour: apart 20 minutes, pooled 4.44 (both in hours here).
        agree(60.0 * mm1_wait(4.0, 6.0), 20.0, 1e-9);
        agree(60.0 * mmc_wait(3, 12.0, 6.0), 4.444_444, 1e-5);
        // One server: M/M/1.
        agree(erlang_c(1, 0.8), 0.8, 1e-12);
        agree(mmc_wait(1, 8.0, 10.0), mm1_wait(8.0, 10.0), 1e-12);
        agree(erlang_b(0, 2.0), 1.0, 1e-12);
    }

    /// MODELS §3, no. 23: a desk with proposals that perish, per hour.
    #[test]
    fn proposals_that_perish_are_lost_as_erlang_a_says() {
        agree(abandonment(1, 4.0, 6.0, 3.0), 0.2159, 5e-5);
        agree(abandonment(2, 4.0, 6.0, 3.0), 0.0363, 5e-5);
        agree(abandonment(2, 12.0, 6.0, 3.0), 0.2273, 5e-5);
        // Whoever gives up as fast as others are served leaves a system without limit of servers.
        let none_waits = exp(-2.0);
        let lost = (2.0 - 1.0 + none_waits) / 2.0;
        agree(abandonment(1, 2.0, 1.0, 1.0), lost, 1e-12);
        agree(abandonment(1, 2.0, 1.0, 0.0), 0.0, 1e-12);
    }

    #[test]
    fn queues_that_cannot_keep_up_wait_for_ever() {
        assert!(mm1_time(10.0, 10.0).is_infinite() && mm1_wait(11.0, 10.0).is_infinite());
        assert!(md1_time(10.0, 10.0).is_infinite() && mmc_wait(3, 30.0, 10.0).is_infinite());
        agree(erlang_c(2, 5.0), 1.0, 1e-12);
        agree(mm1_time_exceeds(11.0, 10.0, 5.0), 1.0, 1e-12);
    }
}
