//! Relay placement with links of fixed range, grid candidates and dead discs. See [`discs()`].

use super::graph::{CandidateGraph, GraphError, MOST_NODES};
use crate::kernel::budget::Budget;
use glam::DVec2;

/// A square with terminals, in which relays may stand on grid points outside dead discs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiscArea {
    /// Side of the square, in the unit of length of all of it.
    pub side: f64,
    /// Distance of grid points, which begin at the origin.
    pub step: f64,
    /// Greatest distance of two points that hear each other.
    pub range: f64,
    /// What is to be joined.
    pub terminals: Vec<DVec2>,
    /// Centre and radius of discs in which no relay may stand, rim included.
    pub dead: Vec<(DVec2, f64)>,
}

impl DiscArea {
    /// Number of grid points of one side, if that many squared are within the limits.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "within 0 to MOST_NODES, as just checked"
    )]
    fn points_a_side(&self) -> Result<usize, GraphError> {
        let intervals = (self.side / self.step + 1e-9).floor();
        if !(0.0..1e6).contains(&intervals) {
            return Err(GraphError::TooManyNodes(usize::MAX));
        }
        let count = intervals as usize + 1;
        match count * count <= MOST_NODES {
            true => Ok(count),
            false => Err(GraphError::TooManyNodes(count * count)),
        }
    }

    /// Grid points on which a relay may stand, column by column.
    ///
    /// # Errors
    /// [`GraphError::TooManyNodes`].
    pub fn candidates(&self) -> Result<Vec<DVec2>, GraphError> {
        let count = self.points_a_side()?;
        let coordinate =
            |at: usize| f64::from(u32::try_from(at).expect("at most MOST_NODES")) * self.step;
        let points =
            (0..count * count).map(|at| DVec2::new(coordinate(at / count), coordinate(at % count)));
        let free = |p: &DVec2| {
            let inside = |&(centre, radius): &(DVec2, f64)| p.distance(centre) <= radius;
            !self.dead.iter().any(inside)
        };
        Ok(points.filter(free).collect())
    }
}

/// The candidate graph of such an area, every relay at price 1, and the place of each node.
///
/// # Errors
/// [`GraphError`] where the grid or the links are too many, or the budget ends.
pub fn discs(
    area: &DiscArea,
    budget: &mut dyn Budget,
) -> Result<(CandidateGraph, Vec<DVec2>), GraphError> {
    let candidates = area.candidates()?;
    let prices = vec![1.0; candidates.len()];
    let places: Vec<DVec2> = area.terminals.iter().copied().chain(candidates).collect();
    let hears = |a: usize, b: usize| {
        let squared = places[a].distance_squared(places[b]);
        (squared <= area.range * area.range * (1.0 + 1e-12)).then_some(0.0)
    };
    let graph = CandidateGraph::new(area.terminals.len(), &prices, hears, budget)?;
    Ok((graph, places))
}
