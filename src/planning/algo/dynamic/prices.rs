//! Prices of rounds: what one more would bring.
//!
//! On average a round of shooter `i` at a living target `j` brings `V_j p_ij`, and a target dies at
//! most once, so no policy gets more than the linear programme
//! `max sum V_j p_ij y_ij, sum_j y_ij <= m_i, sum_i p_ij y_ij <= P_j` over expected numbers of
//! rounds `y`. With prices `l_i` of rounds its dual is `sum_i m_i l_i + sum_j P_j max_i (V_j - l_i
//! / p_ij)` (terms below zero being zero): every target takes the shooter that is cheapest per
//! chance. The prices that make it least come from a subgradient walk; any prices at all give a
//! valid bound.

/// What a target may take of whom, on average.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Demand {
    /// How many such targets there are.
    pub(super) weight: f64,
    /// Value, in points.
    pub(super) value: f64,
    /// Most chance of destruction, all rounds together.
    pub(super) most: f64,
    /// Chance of each shooter; zero where it cannot fire in time.
    pub(super) p: Vec<f64>,
}

/// Value of the dual at these prices; `used` becomes the rounds that it takes of each shooter.
pub(super) fn dual(demands: &[Demand], rounds: &[f64], prices: &[f64], used: &mut [f64]) -> f64 {
    used.fill(0.0);
    let mut total: f64 = rounds.iter().zip(prices).map(|(m, l)| m * l).sum();
    for demand in demands {
        let Some((shooter, cost)) = cheapest(&demand.p, prices) else {
            continue;
        };
        if cost < demand.value {
            let kills = demand.weight * demand.most;
            total += kills * (demand.value - cost);
            used[shooter] += kills / demand.p[shooter];
        }
    }
    total
}

/// The shooter that is cheapest per chance, and that cost.
fn cheapest(p: &[f64], prices: &[f64]) -> Option<(usize, f64)> {
    let able = p
        .iter()
        .zip(prices)
        .enumerate()
        .filter(|(_, (p, _))| **p > 0.0);
    let costs = able.map(|(shooter, (p, price))| (shooter, price / p));
    costs.min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The same price for all shooters at which the dual is least, among 64 up to `largest`.
pub(super) fn common(demands: &[Demand], rounds: &[f64], largest: f64) -> Vec<f64> {
    let mut used = vec![0.0; rounds.len()];
    let prices = |level: u32| vec![largest * f64::from(level) / 64.0; rounds.len()];
    let mut value = |level: u32| dual(demands, rounds, &prices(level), &mut used);
    let values: Vec<f64> = (0..=64).map(&mut value).collect();
    let best = (0..=64_u32).min_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
    prices(best.unwrap_or(0))
}

/// Walks from `prices` towards the least dual value in `steps` steps, the first of which changes a
/// price by at most `first`; the best prices met stay, with their value.
pub(super) fn walk(
    demands: &[Demand],
    rounds: &[f64],
    prices: &mut Vec<f64>,
    (steps, first): (u32, f64),
) -> f64 {
    let mut used = vec![0.0; rounds.len()];
    let mut at = prices.clone();
    let mut best = f64::INFINITY;
    for step in 0..=steps {
        let value = dual(demands, rounds, &at, &mut used);
        if value < best {
            best = value;
            prices.clone_from(&at);
        }
        let length = first / (1.0 + f64::from(step) / 20.0);
        for ((price, used), rounds) in at.iter_mut().zip(&used).zip(rounds) {
            let short = (used - rounds) / (used + rounds).max(1e-9);
            *price = (*price + length * short).max(0.0);
        }
    }
    best
}
