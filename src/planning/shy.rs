//! Ways over the ground and the water that weigh time against being seen. See [`shy_way`].

use glam::{DVec2, DVec3};

use super::{
    algo::{
        passage::{Exposed, Lattice, Prices, Toll, leg_toll, passage},
        route::Neighbours,
        route_field::CostField,
    },
    watch::Watch,
};
use crate::geo::Extent;

/// Height above the surface at which who passes is seen, m.
const SEEN_M: f64 = 2.0;

/// Exposure of a way that is as good as none.
const UNSEEN: f64 = 1e-3;

/// A way from a point that costs less, time and exposure together, than the plain one does over the
/// same field; none where there is no such way. Speeds may be in any unit: exposure is reckoned by the
/// same time.
pub(super) fn shy_way<F: CostField>(
    speeds: F,
    (from, plain): (DVec2, &[DVec2]),
    (bounds, step_m, fastest_m_s): (Extent, f64, f64),
    watch: &Watch<'_>,
) -> Option<Vec<DVec2>> {
    let lattice = Lattice::new((bounds.min, bounds.max), step_m, 1, Neighbours::Eight)?;
    let sees = |number, at| watch.sees(number, at);
    let field = Exposed {
        speeds,
        fastest_m_s,
        height_m: |at: DVec2| Some(watch.surface_m(at) + SEEN_M),
        power_w: 0.0,
        threats: watch.threats(&sees),
    };
    let prices = Prices {
        exposure_s: watch.exposure_s,
        energy_s_per_j: 0.0,
    };
    let flat = |at: &DVec2| at.extend(0.0);
    let points: Vec<DVec3> = core::iter::once(&from).chain(plain).map(flat).collect();
    let toll = points.windows(2).try_fold(Toll::default(), |sum, leg| {
        Some(sum + leg_toll(&field, leg[0], leg[1], lattice.sample_m())?)
    });
    if toll.is_some_and(|toll| toll.exposure <= UNSEEN) {
        return None;
    }
    let ends = (from.extend(0.0), plain.last()?.extend(0.0));
    let way = passage(&field, &lattice, ends, prices).ok()?;
    let is_better = toll.is_none_or(|toll| prices.cost_s(way.toll) < prices.cost_s(toll));
    is_better.then(|| way.points[1..].iter().map(|at| at.truncate()).collect())
}
