//! Multipoint relays: the fewest neighbours that reach all neighbours' neighbours.

use std::collections::BTreeSet;

use crate::kernel::ids::UnitIx;

/// Chooses relays among neighbours so that everybody two hops away hears one of them (RFC 3626,
/// §8.3.1): first those who alone reach somebody, then always the one who reaches most that are left;
/// ties go to the lower rank.
///
/// `neighbours` holds each neighbour that forwards, sorted, with whom it reaches; whom the node
/// itself reaches is `near`.
pub(super) fn choose(
    neighbours: &[(UnitIx, &[UnitIx])],
    near: &BTreeSet<UnitIx>,
) -> Vec<UnitIx> {
    let mut providers: Vec<(UnitIx, UnitIx)> = neighbours
        .iter()
        .flat_map(|(neighbour, reached)| reached.iter().map(|far| (*far, *neighbour)))
        .filter(|(far, _)| !near.contains(far))
        .collect();
    providers.sort_unstable();
    let mut chosen = BTreeSet::new();
    for of_far in providers.chunk_by(|a, b| a.0 == b.0) {
        if let [(_, only)] = of_far {
            chosen.insert(*only);
        }
    }
    let reached = |chosen: &BTreeSet<UnitIx>, far: UnitIx| {
        let first = providers.partition_point(|(unit, _)| *unit < far);
        providers[first..]
            .iter()
            .take_while(|(unit, _)| *unit == far)
            .any(|(_, by)| chosen.contains(by))
    };
    let mut left: Vec<UnitIx> = providers
        .chunk_by(|a, b| a.0 == b.0)
        .map(|of_far| of_far[0].0)
        .filter(|far| !reached(&chosen, *far))
        .collect();
    while !left.is_empty() {
        let gain = |reaches: &[UnitIx]| {
            reaches.iter().filter(|far| left.binary_search(far).is_ok()).count()
        };
        let best = neighbours
            .iter()
            .filter(|(unit, _)| !chosen.contains(unit))
            .max_by(|a, b| gain(a.1).cmp(&gain(b.1)).then(b.0.cmp(&a.0)));
        let Some((best, _)) = best.filter(|(_, reaches)| gain(reaches) > 0) else {
            break;
        };
        chosen.insert(*best);
        left.retain(|far| !reached(&chosen, *far));
    }
    chosen.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units of these ranks.
    fn units<const N: usize>(ranks: [u32; N]) -> [UnitIx; N] {
        ranks.map(UnitIx)
    }

    #[test]
    fn all_two_hops_away_are_covered_by_few() {
        // 1 alone reaches 10; 2 reaches 11, 12, 13; 3 reaches 11, 12; 4 reaches 13.
        let reach = [
            (UnitIx(1), units([10]).to_vec()),
            (UnitIx(2), units([11, 12, 13]).to_vec()),
            (UnitIx(3), units([11, 12]).to_vec()),
            (UnitIx(4), units([13]).to_vec()),
        ];
        let view: Vec<_> = reach.iter().map(|(u, r)| (*u, r.as_slice())).collect();
        let near = units([0, 1, 2, 3, 4]).into_iter().collect();
        assert_eq!(choose(&view, &near), units([1, 2]));
    }

    #[test]
    fn nobody_relays_where_all_hear_each_other() {
        let reach: Vec<(UnitIx, Vec<UnitIx>)> = (1..6)
            .map(|n| (UnitIx(n), units([0, 1, 2, 3, 4, 5]).to_vec()))
            .collect();
        let view: Vec<_> = reach.iter().map(|(u, r)| (*u, r.as_slice())).collect();
        let near = units([0, 1, 2, 3, 4, 5]).into_iter().collect();
        assert!(choose(&view, &near).is_empty());
    }
}
