//! Whether a radio somewhere is heard by members of its network. See [`Hearing`].

use glam::DVec3;

use super::{
    Links,
    links::reception,
    model::propagation::two_ray_ground_loss_db,
    network::{Carrier, Network, NetworkIx, Networks, PROBE_BYTES},
    reach::snr_and_delay,
    survey::lifted,
};
use crate::environment::{Landscape, Weather};

/// A member that hears.
#[derive(Debug, Clone, Copy)]
struct Ear {
    seat: usize,
    /// Its antenna, m.
    at: DVec3,
    /// Height of the antenna above the surface, m.
    above_m: f64,
}

/// Some members of a network and what they hear, the disturbances at them included.
#[derive(Debug)]
pub struct Hearing<'a> {
    ix: NetworkIx,
    networks: &'a Networks,
    links: &'a Links,
    landscape: &'a Landscape,
    weather: &'a Weather,
    ears: Vec<Ear>,
}

impl<'a> Hearing<'a> {
    /// Members of a network by seat, with their positions, m; about a hub it alone counts.
    #[must_use]
    pub fn new(
        (ix, networks): (NetworkIx, &'a Networks),
        links: &'a Links,
        (landscape, weather): (&'a Landscape, &'a Weather),
        members: impl Iterator<Item = (usize, DVec3)>,
    ) -> Self {
        let network = networks.get(ix);
        let ear = |(seat, position): (usize, DVec3)| {
            let antenna_m = network.members[seat].1;
            let at = lifted(position + DVec3::Z * antenna_m, antenna_m, landscape);
            let above_m = (at.z - landscape.terrain.surface_m(at.x, at.y)).max(0.5);
            Ear { seat, at, above_m }
        };
        Self {
            ears: members
                .filter(|(seat, _)| network.hub.is_none_or(|hub| hub == *seat))
                .map(ear)
                .collect(),
            ix,
            networks,
            links,
            landscape,
            weather,
        }
    }

    /// Probability that a probe arrives at an ear with a signal-to-noise ratio, dB.
    fn success(&self, network: &Network, ear: &Ear, snr_db: f64) -> f64 {
        let bytes = PROBE_BYTES + network.overhead_bytes;
        let disturbance = self.links.of(self.ix).disturbances.get(ear.seat);
        reception(network, snr_db, disturbance, (0, bytes))
    }

    /// Most that [`Self::success`] can be from a place at a height above the surface, m: that over
    /// smooth ground.
    fn success_at_best(&self, network: &Network, ear: &Ear, (at, above_m): (DVec3, f64)) -> f64 {
        let Carrier::Air {
            frequency_hz,
            eirp_dbm,
            gain_dbi,
            noise_dbm,
            ..
        } = network.carrier
        else {
            return 1.0;
        };
        let distance_m = at.distance(ear.at).max(1.0);
        let loss_db =
            two_ray_ground_loss_db(frequency_hz, distance_m, above_m.max(0.5), ear.above_m);
        self.success(network, ear, eirp_dbm + gain_dbi - noise_dbm - loss_db)
    }

    /// Whether a probe from a radio with its antenna at a place, so many metres above the surface,
    /// reaches any of the members with at least this probability. Those who hear best over smooth
    /// ground are asked first, those who would not hear even so not at all.
    #[must_use]
    pub fn is_heard(&self, place: (DVec3, f64), least: f64) -> bool {
        if self.networks.ideal {
            return !self.ears.is_empty();
        }
        let network = self.networks.get(self.ix);
        let mut ears: Vec<(f64, &Ear)> = self
            .ears
            .iter()
            .map(|ear| (self.success_at_best(network, ear, place), ear))
            .filter(|(best, _)| *best >= least)
            .collect();
        ears.sort_by(|a, b| {
            let distance = |ear: &Ear| ear.at.distance_squared(place.0);
            b.0.total_cmp(&a.0)
                .then_with(|| distance(a.1).total_cmp(&distance(b.1)))
        });
        ears.iter().any(|(_, ear)| {
            let ends = (place.0, ear.at);
            let heard = snr_and_delay(network, ends, self.landscape, self.weather);
            heard.is_some_and(|(snr_db, _)| self.success(network, ear, snr_db) >= least)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use glam::DVec2;

    use super::*;
    use crate::{
        geo::{Extent, LocalFrame, Terrain},
        kernel::ids::UnitIx,
        platform::class::Catalogue,
    };

    #[test]
    fn a_ridge_makes_a_dead_zone_that_a_second_member_fills() {
        let height = |at: DVec2| {
            if (at.x - 3000.0).abs() < 150.0 {
                400.0
            } else {
                100.0
            }
        };
        let extent = Extent::about(DVec2::ZERO, 12_000.0);
        let terrain = Terrain::from_fn(extent, 50.0, true, height).unwrap();
        let landscape = Landscape {
            cover: Arc::default(),
            terrain: Arc::new(terrain),
            frame: LocalFrame::new(48.5, 11.0).unwrap(),
            undulation_m: 0.0,
        };
        let catalogue = Catalogue::shipped();
        let radio = catalogue.radio("uhf-handheld").unwrap();
        let members = (0..2).map(|at| (UnitIx(at), 3.0)).collect();
        let list = vec![Network::new("net".into(), radio, None, members)];
        let mut links = Links::default();
        links.make_room(1);
        let (networks, weather) = (Networks::new(list, 2, false), Weather::default());
        let on_ground = |x: f64| DVec3::new(x, 0.0, landscape.terrain.surface_m(x, 0.0));
        let is_heard = |ears: &[f64], x: f64| {
            let members = ears.iter().map(|x| on_ground(*x)).enumerate();
            let world = (&landscape, &weather);
            let hearing = Hearing::new((NetworkIx(0), &networks), &links, world, members);
            hearing.is_heard((on_ground(x) + DVec3::Z * 2.0, 2.0), 0.5)
        };
        assert!(is_heard(&[0.0], 1000.0) && !is_heard(&[0.0], 4500.0));
        assert!(is_heard(&[0.0, 3000.0], 4500.0) && !is_heard(&[], 0.0));
    }
}
