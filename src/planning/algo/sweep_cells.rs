//! Cells of a polygon that can be swept without lifting: boustrophedon decomposition.
//!
//! Choset and Pignon (1998), "Coverage path planning: the boustrophedon cellular decomposition".
//! The polygon is cut into strips of one swath; a strip's connected parts are its pieces; pieces
//! that continue each other without branching form a cell. Coordinates are turned, so that passes
//! run along x and strips follow each other along y.

use glam::DVec2;

/// One connected part of the polygon within one strip.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    /// Middle of the strip, m.
    pub(super) y: f64,
    /// Least and greatest x of the part, m.
    pub(super) span: (f64, f64),
    /// Where the part meets the strip below, as x intervals.
    bottom: Vec<(f64, f64)>,
    /// Where the part meets the strip above.
    top: Vec<(f64, f64)>,
}

/// A trapezoid between two neighbouring levels.
#[derive(Clone, Copy, Debug)]
struct Trapezoid {
    /// x interval at the lower level.
    low: (f64, f64),
    /// x interval at the upper level.
    high: (f64, f64),
}

/// Whether two x intervals share more than a point.
fn overlap(a: (f64, f64), b: (f64, f64)) -> bool {
    a.1.min(b.1) - a.0.max(b.0) > 1e-9
}

/// Trapezoids of the ring between two levels with no corner strictly between, from left to right.
fn trapezoids(ring: &[DVec2], below: f64, above: f64) -> Vec<Trapezoid> {
    let middle = 0.5 * (below + above);
    let at = |a: DVec2, b: DVec2, y: f64| a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x);
    let edges = ring
        .iter()
        .copied()
        .zip(ring.iter().copied().cycle().skip(1));
    let crossing = edges.filter(|(a, b)| (a.y > middle) != (b.y > middle));
    let mut sides: Vec<(f64, f64, f64)> = crossing
        .map(|(a, b)| (at(a, b, middle), at(a, b, below), at(a, b, above)))
        .collect();
    sides.sort_by(|a, b| a.0.total_cmp(&b.0));
    let pairs = sides.chunks_exact(2);
    pairs
        .map(|s| Trapezoid {
            low: (s[0].1, s[1].1),
            high: (s[0].2, s[1].2),
        })
        .collect()
}

/// Pieces of the strip between two levels; `levels` are its borders and the corners between them.
fn pieces_of_strip(ring: &[DVec2], levels: &[f64]) -> Vec<Piece> {
    let (first, last) = (levels[0], levels[levels.len() - 1]);
    let mut pieces: Vec<Piece> = Vec::new();
    // Pieces that reach the level just done, with the interval in which they do.
    let mut open: Vec<(usize, (f64, f64))> = Vec::new();
    for pair in levels.windows(2) {
        let mut reached: Vec<(usize, (f64, f64))> = Vec::new();
        for t in trapezoids(ring, pair[0], pair[1]) {
            let mut met: Vec<usize> = open
                .iter()
                .filter(|(_, at)| overlap(*at, t.low))
                .map(|(piece, _)| *piece)
                .collect();
            met.sort_unstable();
            met.dedup();
            let home = met.first().copied().unwrap_or_else(|| {
                let y = 0.5 * (first + last);
                let span = (f64::INFINITY, f64::NEG_INFINITY);
                pieces.push(Piece {
                    y,
                    span,
                    bottom: Vec::new(),
                    top: Vec::new(),
                });
                pieces.len() - 1
            });
            for &other in met.iter().skip(1) {
                let joined = std::mem::take(&mut pieces[other].bottom);
                let span = pieces[other].span;
                pieces[other].span = (f64::INFINITY, f64::NEG_INFINITY);
                let into = &mut pieces[home];
                into.bottom.extend(joined);
                into.span = (into.span.0.min(span.0), into.span.1.max(span.1));
                for (piece, _) in open.iter_mut().chain(&mut reached) {
                    if *piece == other {
                        *piece = home;
                    }
                }
            }
            let into = &mut pieces[home];
            into.span.0 = into.span.0.min(t.low.0).min(t.high.0);
            into.span.1 = into.span.1.max(t.low.1).max(t.high.1);
            if pair[0] <= first {
                into.bottom.push(t.low);
            }
            reached.push((home, t.high));
        }
        open = reached;
    }
    for (piece, at) in open {
        pieces[piece].top.push(at);
    }
    // Pieces that were joined to others are left with no span.
    pieces.retain(|piece| piece.span.0 <= piece.span.1);
    pieces
}

/// Cells of the ring for `strips` strips of equal width, each a list of pieces from bottom to top.
pub(super) fn cells(ring: &[DVec2], strips: u32) -> Vec<Vec<Piece>> {
    let low = ring.iter().map(|p| p.y).fold(f64::INFINITY, f64::min);
    let high = ring.iter().map(|p| p.y).fold(f64::NEG_INFINITY, f64::max);
    let border = |k: u32| low + (high - low) * (f64::from(k) / f64::from(strips));
    let mut corners: Vec<f64> = ring.iter().map(|p| p.y).collect();
    corners.sort_by(f64::total_cmp);
    let mut cells: Vec<Vec<Piece>> = Vec::new();
    // Cells whose last piece lies in the strip just done.
    let mut below: Vec<usize> = Vec::new();
    for strip in 0..strips {
        let (from, to) = (border(strip), border(strip + 1));
        let between = corners.iter().copied().filter(|&y| y > from && y < to);
        let mut levels: Vec<f64> = std::iter::once(from).chain(between).collect();
        levels.push(to);
        levels.dedup();
        let pieces = pieces_of_strip(ring, &levels);
        let joined = |under: &Piece, over: &Piece| {
            under
                .top
                .iter()
                .any(|a| over.bottom.iter().any(|b| overlap(*a, *b)))
        };
        let last = |cell: usize| &cells[cell][cells[cell].len() - 1];
        // A piece goes on with a cell if each is the other's only neighbour.
        let goes_on: Vec<Option<usize>> = pieces
            .iter()
            .map(|piece| {
                let under: Vec<usize> = below
                    .iter()
                    .copied()
                    .filter(|&cell| joined(last(cell), piece))
                    .collect();
                let &[only] = under.as_slice() else {
                    return None;
                };
                (pieces.iter().filter(|p| joined(last(only), p)).count() == 1).then_some(only)
            })
            .collect();
        below.clear();
        for (piece, cell) in pieces.into_iter().zip(goes_on) {
            let cell = cell.unwrap_or_else(|| {
                cells.push(Vec::new());
                cells.len() - 1
            });
            cells[cell].push(piece);
            below.push(cell);
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_u_has_three_cells_and_a_rectangle_one() {
        let ring = |points: &[(f64, f64)]| -> Vec<DVec2> {
            points.iter().map(|&(x, y)| DVec2::new(x, y)).collect()
        };
        let u = [
            (0.0, 0.0),
            (9.0, 0.0),
            (9.0, 8.0),
            (6.0, 8.0),
            (6.0, 4.0),
            (3.0, 4.0),
            (3.0, 8.0),
            (0.0, 8.0),
        ];
        let found = cells(&ring(&u), 8);
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 4]);
        assert_eq!(found[0][0].span, (0.0, 9.0));
        assert_eq!(found[2][0].span, (6.0, 9.0));
        let square = [(0.0, 0.0), (5.0, 0.0), (5.0, 5.0), (0.0, 5.0)];
        assert_eq!(cells(&ring(&square), 7).len(), 1);
    }
}
