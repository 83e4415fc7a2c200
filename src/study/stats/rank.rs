//! Correlation of ranks. See [`spearman`].

/// Ranks from 1; equal values share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut before = 0.0;
    for equal in order.chunk_by(|a, b| values[*a].total_cmp(&values[*b]).is_eq()) {
        let count = equal.len() as f64;
        for at in equal {
            ranks[*at] = before + 0.5 * (count + 1.0);
        }
        before += count;
    }
    ranks
}

/// Spearman's rank correlation of pairs, −1 to 1: Pearson's of their ranks, equal values sharing the
/// mean rank (Kendall and Gibbons, Rank Correlation Methods, 5th ed. 1990, § 3.8). None of fewer than
/// three pairs, or where one of the two never varies.
#[must_use]
pub fn spearman(pairs: &[(f64, f64)]) -> Option<f64> {
    if pairs.len() < 3 {
        return None;
    }
    let (first, second): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    let (first, second) = (ranks(&first), ranks(&second));
    let middle = 0.5 * (pairs.len() as f64 + 1.0);
    let sum = |a: &[f64], b: &[f64]| -> f64 {
        let products = a.iter().zip(b).map(|(a, b)| (a - middle) * (b - middle));
        products.sum()
    };
    let spread = (sum(&first, &first) * sum(&second, &second)).sqrt();
    (spread > 0.0).then(|| sum(&first, &second) / spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worked_example_comes_out() {
        // Intelligence and hours of television of ten people, a common example: 1 - 6·194/990.
        let pairs = [
            (106.0, 7.0),
            (86.0, 0.0),
            (100.0, 27.0),
            (101.0, 50.0),
            (99.0, 28.0),
            (103.0, 29.0),
            (97.0, 20.0),
            (113.0, 12.0),
            (112.0, 6.0),
            (110.0, 17.0),
        ];
        let want = 1.0 - 6.0 * 194.0 / 990.0;
        assert!((spearman(&pairs).unwrap() - want).abs() < 1e-12);
    }

    #[test]
    fn order_alone_counts_and_ties_share_their_rank() {
        let rising = [(1.0, 1.0), (2.0, 10.0), (3.0, 1000.0)];
        assert!((spearman(&rising).unwrap() - 1.0).abs() < 1e-12);
        let falling = rising.map(|(a, b)| (a, -b));
        assert!((spearman(&falling).unwrap() + 1.0).abs() < 1e-12);
        assert_eq!(ranks(&[5.0, 1.0, 5.0, 5.0]), [3.0, 1.0, 3.0, 3.0]);
        assert_eq!(spearman(&[(1.0, 2.0), (1.0, 3.0), (1.0, 4.0)]), None);
        assert_eq!(spearman(&rising[..2]), None);
    }
}
