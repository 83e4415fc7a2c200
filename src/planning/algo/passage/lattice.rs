//! Points in layers of height over a box of the map, and the moves between them. See [`Lattice`].

use glam::{DVec2, DVec3};

use super::field::{PassageField, Toll, leg_toll};
use crate::planning::algo::route::{MOST_POINTS, Neighbours};

/// A move of the lattice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Link {
    /// Number of the point it leads from.
    pub from: u32,
    /// Number of the point it leads to.
    pub to: u32,
    /// What it costs.
    pub toll: Toll,
}

/// Points every `step_m` in each of some layers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lattice {
    /// South-west point, m.
    low: DVec2,
    /// Distance between points, m.
    step_m: f64,
    /// Points east, points north, layers.
    size: (i32, i32, i32),
    /// Moves within a layer.
    neighbours: Neighbours,
    /// Steps over which a gentle change of layer goes.
    climb: i32,
}

impl Lattice {
    /// Points over the box from `low` to `high`; `None` for an empty or not finite box, for no layer, or
    /// for more than [`MOST_POINTS`] points.
    #[must_use]
    pub fn new(
        (low, high): (DVec2, DVec2),
        step_m: f64,
        layers: usize,
        neighbours: Neighbours,
    ) -> Option<Self> {
        let cells = ((high - low) / step_m).floor();
        let fits = |cells: f64| (1.0..=f64::from(i32::MAX / 4)).contains(&cells);
        if !(low.is_finite() && step_m > 0.0 && fits(cells.x) && fits(cells.y)) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and in range by `fits`"
        )]
        let (east, north) = (cells.x as i32 + 1, cells.y as i32 + 1);
        let layers = i32::try_from(layers).ok().filter(|layers| *layers > 0)?;
        let points = i64::from(east)
            .checked_mul(i64::from(north))?
            .checked_mul(i64::from(layers))?;
        let is_small = usize::try_from(points).is_ok_and(|points| points <= MOST_POINTS);
        is_small.then_some(Self {
            low,
            step_m,
            size: (east, north, layers),
            neighbours,
            climb: 1,
        })
    }

    /// With changes of layer that go over so many steps, beside those over one and straight up or down:
    /// as many as the vehicle needs to climb from a layer to the next at its full speed.
    #[must_use]
    pub fn with_climb_over(self, steps: u8) -> Self {
        Self {
            climb: i32::from(steps.max(1)),
            ..self
        }
    }

    /// Number of points.
    #[must_use]
    pub fn points(&self) -> usize {
        let of = |axis: i32| usize::try_from(axis).unwrap_or_default();
        of(self.size.0) * of(self.size.1) * of(self.size.2)
    }

    /// Distance between points, m.
    #[must_use]
    pub fn step_m(&self) -> f64 {
        self.step_m
    }

    /// Longest part of a leg for which one sample stands, m.
    #[must_use]
    pub fn sample_m(&self) -> f64 {
        0.5 * self.step_m
    }

    /// Number of a point by its steps east and north and its layer; `None` off the lattice.
    fn number(&self, (east, north, layer): (i32, i32, i32)) -> Option<u32> {
        let is_inside = (0..self.size.0).contains(&east)
            && (0..self.size.1).contains(&north)
            && (0..self.size.2).contains(&layer);
        is_inside.then(|| {
            let row = i64::from(layer) * i64::from(self.size.1) + i64::from(north);
            u32::try_from(row * i64::from(self.size.0) + i64::from(east)).ok()
        })?
    }

    /// Steps east and north and the layer of a point.
    fn steps(&self, number: u32) -> (i32, i32, i32) {
        let number = i32::try_from(number).unwrap_or_default();
        let (row, east) = (number / self.size.0, number % self.size.0);
        (east, row % self.size.1, row / self.size.1)
    }

    /// Place of the point with these steps, m; `None` where its layer has none.
    fn place(
        &self,
        field: &impl PassageField,
        (east, north, layer): (i32, i32, i32),
    ) -> Option<DVec3> {
        let at = self.low + DVec2::new(f64::from(east), f64::from(north)) * self.step_m;
        let layer = usize::try_from(layer).ok()?;
        Some(at.extend(field.height_m(layer, at)?))
    }

    /// Place of a point, m; `None` where its layer has none.
    #[must_use]
    pub fn at(&self, field: &impl PassageField, number: u32) -> Option<DVec3> {
        self.place(field, self.steps(number))
    }

    /// The open moves from a point to points that are not done.
    pub(super) fn links(
        &self,
        field: &impl PassageField,
        (number, done): (u32, &[bool]),
        mut take: impl FnMut(Link),
    ) {
        let (east, north, layer) = self.steps(number);
        let Some(place) = self.place(field, (east, north, layer)) else {
            return;
        };
        for up in -1..=1 {
            let level = (up == 0).then(|| self.neighbours.moves());
            let slanted = (up != 0).then(|| self.slants());
            let moves = level
                .into_iter()
                .flatten()
                .chain(slanted.into_iter().flatten());
            for (de, dn) in moves {
                let steps = (east + de, north + dn, layer + up);
                let to = self.number(steps);
                let Some(to) = to.filter(|to| !done.get(*to as usize).is_some_and(|it| *it)) else {
                    continue;
                };
                let target = self.place(field, steps);
                let toll = target.and_then(|at| leg_toll(field, place, at, self.sample_m()));
                if let Some(toll) = toll {
                    take(Link {
                        from: number,
                        to,
                        toll,
                    });
                }
            }
        }
    }

    /// Moves that change the layer: straight up or down, king's moves, and longer ones.
    fn slants(&self) -> impl Iterator<Item = (i32, i32)> {
        let climb = self.climb;
        let kings = Neighbours::Eight.moves();
        let long = kings.map(move |(east, north)| (climb * east, climb * north));
        let near = core::iter::once((0, 0)).chain(Neighbours::Eight.moves());
        near.chain(long.filter(move |_| climb > 1))
    }

    /// All open moves, by rising number of the point they lead from.
    #[must_use]
    pub fn all_links(&self, field: &impl PassageField) -> Vec<Link> {
        let mut all = Vec::new();
        for number in 0..u32::try_from(self.points()).unwrap_or_default() {
            self.links(field, (number, &[]), |link| all.push(link));
        }
        all
    }

    /// Points within a step or so of a free point, over all layers.
    pub(super) fn around(&self, at: DVec2) -> Vec<u32> {
        let steps = ((at - self.low) / self.step_m).round();
        let far = f64::from(i32::MAX / 4);
        if !steps.is_finite() || steps.abs().max_element() >= far {
            return Vec::new();
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "whole and in range as just checked"
        )]
        let (east, north) = (steps.x as i32, steps.y as i32);
        let near = (0..self.size.2).flat_map(|layer| {
            (-1..=1).flat_map(move |dn| (-1..=1).map(move |de| (east + de, north + dn, layer)))
        });
        near.filter_map(|steps| self.number(steps)).collect()
    }
}
