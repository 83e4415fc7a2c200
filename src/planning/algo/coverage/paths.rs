//! From trees to ways: there and back along the links, or around the tree.

use std::collections::BTreeMap;

/// The closed walk from `root` over a tree (links as in [`super::Cover`]) that passes each link
/// once in each direction: what a vehicle does that sees a whole cell from its middle.
#[must_use]
pub fn round_trip(root: usize, tree: &[(usize, usize)]) -> Vec<usize> {
    let mut behind: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for &(before, cell) in tree {
        behind.entry(before).or_default().push(cell);
    }
    let mut walk = vec![root];
    let mut way = vec![root];
    while let Some(&at) = way.last() {
        match behind.get_mut(&at).and_then(Vec::pop) {
            Some(next) => {
                way.push(next);
                walk.push(next);
            }
            None => {
                way.pop();
                walk.extend(way.last());
            }
        }
    }
    walk
}

/// The closed way around a tree of square grid cells, counter-clockwise, as sub-cells: each cell is
/// quartered, and the way passes every quarter of every cell once without crossing the tree.
///
/// This is spanning-tree coverage (Gabriely and Rimon 2001, Annals of Mathematics and Artificial
/// Intelligence 31, 77-98): a quarter is as wide as the vehicle's swath, a cell twice that. `cells`
/// are column and row, east and north, of each cell; the way starts in the south-western quarter of
/// `root`. Its length is four quarters per cell. `None` if a link joins no neighbours of the grid.
#[must_use]
pub fn around_tree(
    root: usize,
    tree: &[(usize, usize)],
    cells: &[(i32, i32)],
) -> Option<Vec<(i64, i64)>> {
    let place = |cell: usize| cells.get(cell).map(|&(c, r)| (i64::from(c), i64::from(r)));
    // Sides of each cell with a link: south, east, north, west.
    let mut linked: BTreeMap<(i64, i64), [bool; 4]> = BTreeMap::new();
    linked.insert(place(root)?, [false; 4]);
    for &(a, b) in tree {
        let (a, b) = (place(a)?, place(b)?);
        let side = match (b.0 - a.0, b.1 - a.1) {
            (0, -1) => 0,
            (1, 0) => 1,
            (0, 1) => 2,
            (-1, 0) => 3,
            _ => return None,
        };
        linked.entry(a).or_default()[side] = true;
        linked.entry(b).or_default()[(side + 2) % 4] = true;
    }
    let steps = [(0, -1), (1, 0), (0, 1), (-1, 0)];
    // Quarters by the side that comes next: south-west, south-east, north-east, north-west.
    let quarters = [(0, 0), (1, 0), (1, 1), (0, 1)];
    let (mut cell, mut quarter) = (place(root)?, 0);
    let mut way = Vec::with_capacity(4 * linked.len());
    while way.len() < 4 * linked.len() {
        way.push((
            2 * cell.0 + quarters[quarter].0,
            2 * cell.1 + quarters[quarter].1,
        ));
        if linked.get(&cell)?[quarter] {
            // Over the link into the neighbour's quarter on the same side of it.
            cell = (cell.0 + steps[quarter].0, cell.1 + steps[quarter].1);
            quarter = (quarter + 3) % 4;
        } else {
            quarter = (quarter + 1) % 4;
        }
    }
    Some(way)
}
