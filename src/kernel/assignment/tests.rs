//! Tests of the assignment solver: brute force, outside optima, certificates, ties, refusals.

use super::*;
use proptest::prelude::*;

/// Optima of generated square problems, found by the crate `lapjv` 0.3.0.
const OPTIMA: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/reference/assignment_optima.csv"
));

/// `SplitMix64` (Steele, Lea, Flood 2014), the generator behind the reference problems.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The square problem of this kind: costs 1..=span, or squared grid distances for span 0.
fn generated(n: usize, span: u64, seed: u64) -> Vec<f64> {
    let mut state = seed * 1000 + u64::try_from(n).unwrap();
    let mut draw = |below: u64| {
        u32::try_from(split_mix(&mut state) % below)
            .map(f64::from)
            .unwrap()
    };
    if span > 0 {
        return (0..n * n).map(|_| 1.0 + draw(span)).collect();
    }
    let points: Vec<(f64, f64)> = (0..2 * n).map(|_| (draw(1000), draw(1000))).collect();
    let squared =
        |a: (f64, f64), b: (f64, f64)| (a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1);
    (0..n * n)
        .map(|k| squared(points[k / n], points[n + k % n]))
        .collect()
}

/// Best (pairs, cost) by trying everything, row by row; `out` prices a row left out.
fn brute(costs: &Costs<'_>, row: usize, used: &mut Vec<bool>, out: Option<f64>) -> (usize, f64) {
    if row == costs.rows() {
        return (0, 0.0);
    }
    let left_out = brute(costs, row + 1, used, out);
    let mut best = (left_out.0, left_out.1 + out.unwrap_or(0.0));
    for col in 0..costs.cols() {
        if used[col] || costs.at(row, col).is_infinite() {
            continue;
        }
        used[col] = true;
        let rest = brute(costs, row + 1, used, out);
        used[col] = false;
        let with = (rest.0 + 1, rest.1 + costs.at(row, col));
        let better = match out {
            Some(_) => with.1 < best.1,
            None => with.0 > best.0 || (with.0 == best.0 && with.1 < best.1),
        };
        if better {
            best = with;
        }
    }
    best
}

/// Any small shape, small integers with many ties, some pairs forbidden.
fn problems() -> impl Strategy<Value = (usize, usize, Vec<f64>, Option<f64>)> {
    (0_usize..6, 0_usize..6).prop_flat_map(|(rows, cols)| {
        let cost = prop_oneof![
            3 => (-6_i32..7).prop_map(f64::from),
            1 => Just(f64::INFINITY),
        ];
        let out = prop_oneof![Just(None), (-4_i32..9).prop_map(|c| Some(f64::from(c)))];
        (
            Just(rows),
            Just(cols),
            prop::collection::vec(cost, rows * cols),
            out,
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Objective and number of pairs equal brute force, and the certificate holds.
    #[test]
    fn small_problems_equal_brute_force((rows, cols, values, out) in problems()) {
        let costs = Costs::new(rows, cols, &values).unwrap();
        let mut assigner = Assigner::default();
        let found = assigner.solve(&costs, out).unwrap();
        let best = brute(&costs, 0, &mut vec![false; cols], out);
        prop_assert!((found.objective - best.1).abs() < 1e-9, "{found:?} against {best:?}");
        if out.is_none() {
            prop_assert_eq!(found.pairs(), best.0);
        }
        prop_assert_eq!(found.certify(&costs, 1e-9), Ok(()));
    }

    /// A solver that has solved other problems answers as a new one does.
    #[test]
    fn buffers_carry_nothing_over(first in problems(), second in problems()) {
        let mut used = Assigner::default();
        used.solve(&Costs::new(first.0, first.1, &first.2).unwrap(), first.3).unwrap();
        let costs = Costs::new(second.0, second.1, &second.2).unwrap();
        let mut fresh = Assigner::default();
        prop_assert_eq!(used.solve(&costs, second.3), fresh.solve(&costs, second.3));
    }
}

#[test]
fn generated_problems_have_their_reference_optima() {
    let mut assigner = Assigner::default();
    let mut seen = 0;
    for line in OPTIMA.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let field: Vec<u64> = line.split(',').map(|f| f.parse().unwrap()).collect();
        let n = usize::try_from(field[0]).unwrap();
        let values = generated(n, field[1], field[2]);
        let costs = Costs::new(n, n, &values).unwrap();
        let found = assigner.solve(&costs, None).unwrap();
        let optimum = f64::from(u32::try_from(field[3]).unwrap());
        assert!(
            (found.objective - optimum).abs() < 1e-6,
            "{line}: {}",
            found.objective
        );
        found.certify(&costs, 1e-9).unwrap();
        seen += 1;
    }
    assert_eq!(seen, 18);
}

#[test]
fn large_rectangles_with_forbidden_pairs_are_certified() {
    let mut assigner = Assigner::default();
    for (rows, cols, out) in [
        (60, 90, None),
        (90, 60, None),
        (70, 70, Some(150.0)),
        (80, 50, Some(90.0)),
    ] {
        let mut values = generated(90, 1000, 7);
        values.truncate(rows * cols);
        // Rows 3 to 9 share two permitted columns, so five of them have to stay out.
        for row in 0..rows {
            for col in 0..cols {
                if (3..10).contains(&row) && col >= 2 || (row * 7 + col * 5) % 3 == 0 && row > 9 {
                    values[row * cols + col] = f64::INFINITY;
                }
            }
        }
        let costs = Costs::new(rows, cols, &values).unwrap();
        let found = assigner.solve(&costs, out).unwrap();
        found.certify(&costs, 1e-9).unwrap();
        let placed = found.row_to_col[3..10].iter().flatten().count();
        assert!(placed <= 2);
    }
}

#[test]
fn ties_are_broken_the_same_way_every_time() {
    let values = vec![1.0; 40 * 40];
    let costs = Costs::new(40, 40, &values).unwrap();
    let mut assigner = Assigner::default();
    let first = assigner.solve(&costs, None).unwrap().clone();
    assert_eq!(assigner.solve(&costs, None).unwrap(), &first);
    assert!((first.objective - 40.0).abs() < 1e-12);
}

#[test]
fn a_wrong_solution_does_not_pass_the_certificate() {
    let values = [1.0, 2.0, 2.0, 4.5];
    let costs = Costs::new(2, 2, &values).unwrap();
    let mut assigner = Assigner::default();
    let found = assigner.solve(&costs, None).unwrap();
    assert!((found.objective - 4.0).abs() < 1e-12);
    let mut swapped = found.clone();
    swapped.row_to_col = vec![Some(0), Some(1)];
    swapped.col_to_row = vec![Some(0), Some(1)];
    swapped.objective = 5.5;
    assert!(swapped.certify(&costs, 1e-9).is_err());
    let mut shorter = found.clone();
    shorter.row_to_col[0] = None;
    assert!(shorter.certify(&costs, 1e-9).is_err());
}

#[test]
fn numbers_that_are_no_costs_are_refused() {
    for bad in [f64::NAN, f64::NEG_INFINITY, 1e101] {
        let values = [0.0, 1.0, 2.0, bad];
        let error = Costs::new(2, 2, &values).unwrap_err();
        assert!(matches!(
            error,
            AssignmentError::Cost { row: 1, col: 1, .. }
        ));
        let values = [0.0];
        let costs = Costs::new(1, 1, &values).unwrap();
        assert!(Assigner::default().solve(&costs, Some(bad)).is_err());
    }
    assert!(matches!(
        Costs::new(2, 2, &[1.0]),
        Err(AssignmentError::Shape { .. })
    ));
    assert!(
        Assigner::default()
            .solve(&Costs::new(1, 1, &[0.0]).unwrap(), Some(f64::INFINITY))
            .is_err()
    );
}
