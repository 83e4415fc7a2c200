//! Which of many extents on the map may overlap. See [`PairFinder`].

use glam::{DVec2, Vec2Swizzles};

/// How far extents may have changed places since the last time, each on average, before sorting
/// anew is cheaper.
const MOVES_EACH: usize = 8;

/// A box on the map about a body's way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    /// South-western corner, m.
    pub(super) low_m: DVec2,
    /// North-eastern corner, m.
    pub(super) high_m: DVec2,
    /// Whether it moved since pairs were last listed. Two that did not need no second look.
    pub(super) fresh: bool,
}

/// Lists overlapping pairs by sorting extents along the axis on which they spread more (Baraff
/// 1992, "sweep and prune"). Nearly linear in their number while few overlap. The order of the last
/// call is kept because it is nearly right for the next; ties go by place in the list, so it never
/// shows in the answer.
#[derive(Debug, Default)]
pub(super) struct PairFinder {
    extents: Vec<Extent>,
    order: Vec<usize>,
}

impl PairFinder {
    /// Replaces `pairs` by all pairs of overlapping extents of which one is fresh, sorted, each as
    /// places in the list, the smaller first.
    pub(super) fn find(
        &mut self,
        extents: impl Iterator<Item = Extent>,
        pairs: &mut Vec<(usize, usize)>,
    ) {
        pairs.clear();
        self.extents.clear();
        self.extents.extend(extents);
        if spread(&self.extents, |p| p.y) > spread(&self.extents, |p| p.x) {
            for extent in &mut self.extents {
                *extent = Extent {
                    low_m: extent.low_m.yx(),
                    high_m: extent.high_m.yx(),
                    ..*extent
                };
            }
        }
        self.sort();
        for (i, &one) in self.order.iter().enumerate() {
            let extent = &self.extents[one];
            for &other in &self.order[i + 1..] {
                let next = &self.extents[other];
                if next.low_m.x > extent.high_m.x {
                    break;
                }
                let meet = next.low_m.y <= extent.high_m.y && extent.low_m.y <= next.high_m.y;
                if meet && (extent.fresh || next.fresh) {
                    pairs.push((one.min(other), one.max(other)));
                }
            }
        }
        pairs.sort_unstable();
    }

    /// Sorts the order by where extents begin: by insertion, or from scratch where that is long.
    fn sort(&mut self) {
        let Self { extents, order } = self;
        if order.len() != extents.len() {
            order.clear();
            order.extend(0..extents.len());
        }
        let compare = |a: &usize, b: &usize| {
            extents[*a]
                .low_m
                .x
                .total_cmp(&extents[*b].low_m.x)
                .then(a.cmp(b))
        };
        let mut moves_left = MOVES_EACH * order.len();
        for i in 1..order.len() {
            let one = order[i];
            let mut to = i;
            while to > 0 && compare(&order[to - 1], &one).is_gt() {
                order[to] = order[to - 1];
                to -= 1;
            }
            order[to] = one;
            let Some(left) = moves_left.checked_sub(i - to) else {
                order.sort_unstable_by(compare);
                return;
            };
            moves_left = left;
        }
    }
}

/// How far extents spread along an axis: their variance times their number squared, m².
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^53 bodies")]
fn spread(extents: &[Extent], axis: impl Fn(DVec2) -> f64) -> f64 {
    let Some(first) = extents.first().map(|e| axis(e.low_m)) else {
        return 0.0;
    };
    // Taken about the first one: far from the origin the squares would swallow the difference.
    let add = |(sum, squares): (f64, f64), extent: &Extent| {
        let x = axis(extent.low_m) - first;
        (sum + x, squares + x * x)
    };
    let (sum, squares) = extents.iter().fold((0.0, 0.0), add);
    extents.len() as f64 * squares - sum * sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::{DrawKey, Stream};
    use rand::RngExt;

    /// Random extents in a strip, some of them at rest.
    fn strip(n: u64, count: usize, size_m: DVec2) -> Vec<Extent> {
        let mut draws = DrawKey::new(Stream::Placement, 0, 0, n).draws(1);
        let mut one = || {
            let mut next = || draws.random::<f64>();
            let low_m = DVec2::new(next(), next()) * size_m;
            let high_m = low_m + DVec2::new(next(), next()) * 8.0;
            Extent {
                low_m,
                high_m,
                fresh: next() < 0.7,
            }
        };
        (0..count).map(|_| one()).collect()
    }

    #[test]
    fn pairs_are_those_of_all_against_all_whatever_was_asked_before() {
        let mut finder = PairFinder::default();
        let mut total = 0;
        for n in 0..40 {
            let size_m = if n % 2 == 0 {
                DVec2::new(400.0, 20.0)
            } else {
                DVec2::new(9.0, 300.0)
            };
            let count = if n < 20 { 60 } else { 40 };
            let extents = strip(n, count, size_m);
            let mut expected = Vec::new();
            for (i, a) in extents.iter().enumerate() {
                for (j, b) in extents.iter().enumerate().skip(i + 1) {
                    let apart = a.low_m.cmpgt(b.high_m) | b.low_m.cmpgt(a.high_m);
                    if !apart.any() && (a.fresh || b.fresh) {
                        expected.push((i, j));
                    }
                }
            }
            let mut pairs = Vec::new();
            finder.find(extents.into_iter(), &mut pairs);
            assert_eq!(pairs, expected);
            total += pairs.len();
        }
        assert!(total > 400, "{total}");
    }
}
