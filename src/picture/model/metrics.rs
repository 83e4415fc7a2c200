//! How good a picture is: the distance between the set of tracks and the set of true things.

use glam::DVec2;
use serde::{Deserialize, Serialize};

use crate::kernel::{
    assignment::{Assigner, AssignmentError, Costs},
    math::pow,
};

/// Order and cut-off of the set distances.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SetDistance {
    /// Order p, at least 1; 2 is usual.
    pub order: f64,
    /// Distance c in metres beyond which a track has nothing to do with a thing.
    pub cutoff_m: f64,
}

/// The generalised optimal sub-pattern assignment distance and what it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gospa {
    /// The distance in m.
    pub distance_m: f64,
    /// Sum of dᵖ over the pairs, in mᵖ.
    pub localisation: f64,
    /// cᵖ/2 for each true thing without a track, in mᵖ.
    pub missed: f64,
    /// cᵖ/2 for each track without a true thing, in mᵖ.
    pub false_tracks: f64,
    /// Number of pairs closer than the cut-off.
    pub pairs: usize,
}

/// A count as a number; exact below 2⁵³.
fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

impl SetDistance {
    /// GOSPA with α = 2 (Rahmathullah, García-Fernández & Svensson 2017, definition 1 and
    /// proposition 1).
    ///
    /// # Errors
    /// [`AssignmentError`] when a position is not finite.
    pub fn gospa(
        &self,
        assigner: &mut Assigner,
        truth: &[DVec2],
        tracks: &[DVec2],
    ) -> Result<Gospa, AssignmentError> {
        let cap = pow(self.cutoff_m, self.order);
        let costs = self.costs(truth, tracks);
        let mut localisation = 0.0;
        let mut pairs = 0;
        let solution = assigner.solve(&Costs::new(truth.len(), tracks.len(), &costs)?, None)?;
        for (row, col) in solution.row_to_col.iter().enumerate() {
            // A pair at the cut-off costs as much as one missed thing and one false track.
            let cost = col.map_or(cap, |col| costs[row * tracks.len() + col]);
            if cost < cap {
                localisation += cost;
                pairs += 1;
            }
        }
        let missed = 0.5 * cap * number(truth.len() - pairs);
        let false_tracks = 0.5 * cap * number(tracks.len() - pairs);
        let distance_m = pow(localisation + missed + false_tracks, 1.0 / self.order);
        Ok(Gospa {
            distance_m,
            localisation,
            missed,
            false_tracks,
            pairs,
        })
    }

    /// OSPA in metres (Schuhmacher, Vo & Vo 2008, eq. 3); 0 between two empty sets.
    ///
    /// # Errors
    /// [`AssignmentError`] when a position is not finite.
    pub fn ospa_m(
        &self,
        assigner: &mut Assigner,
        truth: &[DVec2],
        tracks: &[DVec2],
    ) -> Result<f64, AssignmentError> {
        let larger = truth.len().max(tracks.len());
        if larger == 0 {
            return Ok(0.0);
        }
        let cap = pow(self.cutoff_m, self.order);
        let costs = self.costs(truth, tracks);
        let solution = assigner.solve(&Costs::new(truth.len(), tracks.len(), &costs)?, None)?;
        let paired: f64 = solution
            .row_to_col
            .iter()
            .enumerate()
            .filter_map(|(row, col)| col.map(|col| costs[row * tracks.len() + col]))
            .sum();
        let lonely = cap * number(larger - truth.len().min(tracks.len()));
        Ok(pow((paired + lonely) / number(larger), 1.0 / self.order))
    }

    /// min(d, c)ᵖ for each true thing (row) and track (column).
    fn costs(&self, truth: &[DVec2], tracks: &[DVec2]) -> Vec<f64> {
        truth
            .iter()
            .flat_map(|thing| tracks.iter().map(|track| thing.distance(*track)))
            // A distance that is no number stays one, for the solver to refuse.
            .map(|d| {
                pow(
                    if d > self.cutoff_m { self.cutoff_m } else { d },
                    self.order,
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// p = 2, c = 10 m, as in the hand cases.
    const METRIC: SetDistance = SetDistance {
        order: 2.0,
        cutoff_m: 10.0,
    };

    /// Points from coordinates.
    fn points(coordinates: &[(f64, f64)]) -> Vec<DVec2> {
        coordinates.iter().map(|&(x, y)| DVec2::new(x, y)).collect()
    }

    /// GOSPA and OSPA of a case.
    fn both(truth: &[(f64, f64)], tracks: &[(f64, f64)]) -> (Gospa, f64) {
        let (truth, tracks) = (points(truth), points(tracks));
        let mut assigner = Assigner::default();
        (
            METRIC.gospa(&mut assigner, &truth, &tracks).unwrap(),
            METRIC.ospa_m(&mut assigner, &truth, &tracks).unwrap(),
        )
    }

    #[test]
    fn hand_cases_agree() {
        let (gospa, ospa_m) = both(&[(0.0, 0.0), (10.0, 0.0)], &[(3.0, 4.0), (10.0, 5.0)]);
        assert!((gospa.distance_m - 7.0711).abs() < 1e-4, "{gospa:?}");
        assert!((ospa_m - 5.0).abs() < 1e-9, "{ospa_m}");
        let (gospa, ospa_m) = both(
            &[(0.0, 0.0), (10.0, 0.0), (50.0, 50.0)],
            &[(3.0, 4.0), (10.0, 5.0)],
        );
        assert!((gospa.distance_m - 10.0).abs() < 1e-9, "{gospa:?}");
        assert!((gospa.localisation - 50.0).abs() < 1e-9 && (gospa.missed - 50.0).abs() < 1e-9);
        assert!((ospa_m - 7.0711).abs() < 1e-4, "{ospa_m}");
        let (gospa, ospa_m) = both(&[(0.0, 0.0)], &[(3.0, 4.0), (30.0, 0.0), (60.0, 0.0)]);
        assert!((gospa.distance_m - 11.1803).abs() < 1e-4, "{gospa:?}");
        assert!((gospa.false_tracks - 100.0).abs() < 1e-9 && gospa.pairs == 1);
        assert!((ospa_m - 8.6603).abs() < 1e-4, "{ospa_m}");
        let (gospa, ospa_m) = both(&[(0.0, 0.0)], &[(500.0, 0.0)]);
        assert!(
            (gospa.distance_m - 10.0).abs() < 1e-9 && gospa.pairs == 0,
            "{gospa:?}"
        );
        assert!((ospa_m - 10.0).abs() < 1e-9, "{ospa_m}");
    }

    #[test]
    fn empty_sets_and_bad_positions_are_answered() {
        let (gospa, ospa_m) = both(&[], &[]);
        assert!(gospa.distance_m.abs() < 1e-12 && ospa_m.abs() < 1e-12);
        let (gospa, ospa_m) = both(&[(1.0, 1.0), (2.0, 2.0)], &[]);
        assert!((gospa.missed - 100.0).abs() < 1e-9 && (ospa_m - 10.0).abs() < 1e-9);
        let bad = points(&[(f64::NAN, 0.0)]);
        assert!(METRIC.gospa(&mut Assigner::default(), &bad, &bad).is_err());
    }
}
