//! Multipoint relays: the fewest neighbours that reach all neighbours' neighbours well.

use std::collections::BTreeSet;

use super::tree::AreaLink;

/// How much worse a way of two hops may be than the best one to count as good, as a factor: few
/// relays are worth a little way.
const GOOD: f64 = 1.25;

/// Places that are reached through neighbours better than without them, with the neighbours that
/// reach them well: sorted pairs. `own` are the links of a place `root`; `beyond` gives those of a
/// neighbour that forwards (RFC 7181, §18: relays keep the ways of two hops that are best).
pub(super) fn providers<'a>(
    root: u16,
    own: &[AreaLink],
    beyond: impl Fn(u16) -> Option<&'a [AreaLink]>,
) -> Vec<(u16, u16)> {
    let links = |neighbour: &u16| beyond(*neighbour).unwrap_or(&[]);
    let ways = own.iter().flat_map(|(neighbour, first_s)| {
        let onward = links(neighbour).iter();
        let elsewhere = onward.filter(move |(far, _)| *far != root && far != neighbour);
        elsewhere.map(move |(far, second_s)| (*far, *neighbour, first_s + second_s))
    });
    let farthest = own
        .iter()
        .filter_map(|(neighbour, _)| links(neighbour).iter().map(|it| it.0).max());
    let places = farthest.max().map_or(0, |far| usize::from(far) + 1);
    let mut best_s = vec![f64::INFINITY; places];
    for (far, _, cost_s) in ways.clone() {
        best_s[usize::from(far)] = best_s[usize::from(far)].min(cost_s);
    }
    // Whoever is reached as well without them needs nobody.
    for (place, direct_s) in own {
        if let Some(best_s) = best_s.get_mut(usize::from(*place))
            && *direct_s <= GOOD * *best_s
        {
            *best_s = f64::NEG_INFINITY;
        }
    }
    let good = ways.filter(|(far, _, cost_s)| *cost_s <= GOOD * best_s[usize::from(*far)]);
    let mut found: Vec<(u16, u16)> = good.map(|(far, neighbour, _)| (far, neighbour)).collect();
    found.sort_unstable();
    found
}

/// Chooses relays so that everybody is reached by one of its providers (RFC 3626, §8.3.1): those of
/// `before` that still reach somebody, then those who alone reach somebody, then always the one who
/// reaches most that are left; ties go to the lower place. `providers` are pairs (reached, neighbour),
/// sorted.
pub(super) fn choose(providers: &[(u16, u16)], before: &[u16]) -> Vec<u16> {
    let reaches = |relay: &u16| providers.iter().any(|(_, by)| by == relay);
    let mut chosen: BTreeSet<u16> = before.iter().copied().filter(reaches).collect();
    for of_far in providers.chunk_by(|a, b| a.0 == b.0) {
        if let [(_, only)] = of_far {
            chosen.insert(*only);
        }
    }
    loop {
        let mut gains: Vec<(u16, usize)> = Vec::new();
        for of_far in providers.chunk_by(|a, b| a.0 == b.0) {
            if of_far.iter().any(|(_, by)| chosen.contains(by)) {
                continue;
            }
            for (_, by) in of_far {
                match gains.binary_search_by_key(by, |gain| gain.0) {
                    Ok(at) => gains[at].1 += 1,
                    Err(at) => gains.insert(at, (*by, 1)),
                }
            }
        }
        let best = gains
            .iter()
            .max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)));
        let Some((best, _)) = best else {
            return chosen.into_iter().collect();
        };
        chosen.insert(*best);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Links of cost one to these places.
    fn links<const N: usize>(places: [u16; N]) -> Vec<AreaLink> {
        places.map(|place| (place, 1.0)).to_vec()
    }

    #[test]
    fn all_two_hops_away_are_covered_by_few() {
        // 1 alone reaches 10; 2 reaches 11, 12, 13; 3 reaches 11, 12; 4 reaches 13.
        let beyond = [
            links([]),
            links([0, 10]),
            links([0, 11, 12, 13]),
            links([0, 11, 12]),
            links([0, 13]),
        ];
        let own = links([1, 2, 3, 4]);
        let pairs = providers(0, &own, |place| Some(&beyond[usize::from(place)]));
        assert_eq!(choose(&pairs, &[]), [1, 2]);
        // Who serves goes on serving; who reaches nobody does not.
        assert_eq!(choose(&pairs, &[3, 9]), [1, 2, 3]);
    }

    #[test]
    fn nobody_relays_where_all_hear_each_other() {
        let all = links([0, 1, 2, 3, 4, 5]);
        let pairs = providers(0, &links([1, 2, 3, 4, 5]), |_| Some(&all));
        assert!(choose(&pairs, &[]).is_empty());
    }

    #[test]
    fn a_bad_direct_link_is_replaced_by_a_good_way() {
        let own = vec![(1, 1.0), (2, 9.0)];
        let of_1 = [(0, 1.0), (2, 1.0)];
        let pairs = providers(0, &own, |place| (place == 1).then_some(&of_1[..]));
        assert_eq!(choose(&pairs, &[]), [1]);
    }
}
