//! What networks of nodes scattered at random do: closed forms to judge a network by, and to test
//! against.

use crate::kernel::math::{PI, exp, pow};

/// Mean number of neighbours at which a giant component appears among nodes scattered evenly over a
/// large area, each linked to all within one range (critical filling 1.128 087 37 times four: Mertens,
/// Moore 2012, "Continuum percolation thresholds in two dimensions", Physical Review E 86).
pub const CRITICAL_DEGREE: f64 = 4.512_349_48;

/// Error above which [`relay_chain_connected`] gives no answer.
const CHAIN_ERROR_MAX: f64 = 1e-9;

/// Mean number of neighbours of `nodes` scattered evenly over `area_m2`, linked within `range_m`,
/// borders left out: (n − 1)·πr²/A.
#[must_use]
pub fn mean_degree(nodes: u32, range_m: f64, area_m2: f64) -> f64 {
    f64::from(nodes.saturating_sub(1)) * PI * range_m * range_m / area_m2
}

/// Probability that `nodes` scattered evenly over `area_m2`, linked within `range_m`, are connected:
/// exp(−n·exp(−nπr²/A)), as if isolated nodes alone kept a network apart (Penrose 1997, "The longest
/// edge of the random minimal spanning tree", Annals of Applied Probability 7(2)). Without borders,
/// for many nodes and a probability near 1; it is far too high where it says one half.
#[must_use]
pub fn all_connected(nodes: u32, range_m: f64, area_m2: f64) -> f64 {
    let nodes = f64::from(nodes);
    exp(-nodes * exp(-nodes * PI * range_m * range_m / area_m2))
}

/// Probability that `nodes` scattered evenly along a line form a chain with no gap above
/// `range_share` of the length of the line: Σ (−1)^j·C(n − 1, j)·(1 − jr)₊^n, exact (spacings of
/// uniform points; David, Nagaraja 2003, "Order Statistics", section 6.4).
///
/// `None` where the terms of the sum are so large that their difference would err by more than 1e-9:
/// many nodes and a short range, where the probability is next to nothing.
#[must_use]
pub fn relay_chain_connected(nodes: u32, range_share: f64) -> Option<f64> {
    let exponent = f64::from(nodes);
    let (mut sum, mut largest, mut binomial, mut sign) = (0.0, 0.0_f64, 1.0, 1.0);
    for j in 0..nodes.max(1) {
        let rest = 1.0 - f64::from(j) * range_share;
        if rest <= 0.0 {
            break;
        }
        let term = binomial * pow(rest, exponent);
        sum += sign * term;
        largest = largest.max(term);
        sign = -sign;
        binomial *= f64::from(nodes.max(1) - 1 - j) / f64::from(j + 1);
    }
    // Each term is rounded to a few units in its last place.
    (largest * exponent * f64::EPSILON <= CHAIN_ERROR_MAX).then_some(sum.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::{
        super::{connectivity::Components, topology::shapes::topology},
        *,
    };

    /// Numbers from 0 to 1 that look random (Steele et al. 2014, "Fast splittable
    /// pseudorandom number generators").
    fn draws(seed: u64) -> impl Iterator<Item = f64> {
        (1_u64..).map(move |k| {
            let mut z = seed.wrapping_add(k.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        })
    }

    /// Components of nodes scattered over a unit square without borders.
    fn scattered(nodes: usize, range: f64, seed: u64) -> Components {
        let mut numbers = draws(seed);
        let mut next = || numbers.next().unwrap();
        let places: Vec<(f64, f64)> = (0..nodes).map(|_| (next(), next())).collect();
        let gap = |x: f64, y: f64| (x - y).abs().min(1.0 - (x - y).abs());
        let near = |&(a, b): &(usize, usize)| {
            let (dx, dy) = (gap(places[a].0, places[b].0), gap(places[a].1, places[b].1));
            dx * dx + dy * dy < range * range
        };
        let pairs = (0..nodes).flat_map(|b| (0..b).map(move |a| (a, b)));
        Components::new(&topology(nodes, pairs.filter(near)))
    }

    #[test]
    fn relay_chains_agree_with_the_reference() {
        let table = [
            (10, 0.3, 0.74955),
            (10, 0.2, 0.24252),
            (20, 0.2, 0.78719),
            (20, 0.15, 0.39384),
            (1, 0.1, 1.0),
            (5, 1.0, 1.0),
        ];
        for (nodes, range, want) in table {
            let got = relay_chain_connected(nodes, range).unwrap();
            assert!((got - want).abs() < 5e-6, "{nodes} {range}: {got}");
        }
        // Two points: 1 − (1 − r)².
        assert!((relay_chain_connected(2, 0.25).unwrap() - 0.4375).abs() < 1e-12);
        assert_eq!(relay_chain_connected(300, 0.002), None);
    }

    #[test]
    fn connectivity_agrees_with_counting_in_the_tail() {
        let expected = all_connected(200, 0.125_514_536_503_052_36, 1.0);
        assert!((expected - 0.99).abs() < 1e-6, "{expected}");
        let runs = 400_u32;
        let connected = (0..runs)
            .filter(|run| scattered(200, 0.125_514_536_5, 1000 + u64::from(*run)).is_connected())
            .count();
        let share = connected as f64 / f64::from(runs);
        // Four standard errors of a share of 0.985 (measured) in 400 runs are 0.024.
        assert!((share - 0.985).abs() < 0.024, "{share}");
    }

    #[test]
    fn a_giant_component_appears_at_the_critical_degree() {
        // (mean degree, share of nodes in the giant component), measured with 2000 nodes.
        for (degree, low, high) in [(3.0, 0.0, 0.15), (6.0, 0.95, 1.0), (8.0, 0.99, 1.0)] {
            let range = (degree / (1999.0 * PI)).sqrt();
            assert!((mean_degree(2000, range, 1.0) - degree).abs() < 1e-12);
            let share = (0..3)
                .map(|seed| scattered(2000, range, seed).giant_fraction())
                .sum::<f64>()
                / 3.0;
            assert!((low..=high).contains(&share), "{degree}: {share}");
        }
        assert!((CRITICAL_DEGREE - 4.512).abs() < 1e-3);
    }
}
