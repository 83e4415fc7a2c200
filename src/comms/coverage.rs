//! Where a node can be heard: link margins to a controlling node over whoever passes messages on.
//! See [`Coverage`].
//!
//! The margin of a way is that of its worst hop, and the best way is the one whose worst hop is best
//! (the widest path: Pollack 1960, "The maximum capacity through a network", Operations Research 8).

use glam::DVec3;

use super::{
    network::{Network, Networks},
    reach::{PERFECT_DB, snr_and_delay},
    survey::lifted,
};
use crate::{
    environment::{Landscape, Weather},
    kernel::ids::UnitIx,
};

/// The world as far as links go.
#[derive(Debug, Clone, Copy)]
pub struct Ether<'a> {
    /// Networks.
    pub networks: &'a Networks,
    /// The ground.
    pub landscape: &'a Landscape,
    /// The weather.
    pub weather: &'a Weather,
    /// Where everybody is, by rank, m.
    pub places: &'a [DVec3],
    /// Who passes messages on from there, by rank.
    pub relays: &'a [bool],
}

/// Margins of all ways to one controlling node.
#[derive(Debug, Clone)]
pub struct Coverage {
    /// Margin of the best way from each node to the controlling one, dB, by rank.
    margins_db: Vec<f64>,
}

impl Ether<'_> {
    /// Margin over what a receiver needs, dB, between two members of a network; minus infinity where
    /// nothing arrives.
    fn margin_db(&self, network: &Network, (a, a_m): (DVec3, f64), (b, b_m): (DVec3, f64)) -> f64 {
        if self.networks.ideal {
            return PERFECT_DB;
        }
        let end = |at: DVec3, antenna_m: f64| {
            lifted(at + DVec3::Z * antenna_m, antenna_m, self.landscape)
        };
        let ends = (end(a, a_m), end(b, b_m));
        let heard = snr_and_delay(network, ends, self.landscape, self.weather);
        heard.map_or(f64::NEG_INFINITY, |(snr_db, _)| {
            snr_db - network.required_db
        })
    }

    /// Margin, dB, of the best direct link between two units at two places; minus infinity where they
    /// share no network or hear nothing.
    #[must_use]
    pub fn hop_db(&self, a: (UnitIx, DVec3), b: (UnitIx, DVec3)) -> f64 {
        let on_both = self.networks.of_unit[a.0.at()]
            .iter()
            .filter_map(|network| {
                let network = self.networks.get(*network);
                let seats = (network.seat(a.0)?, network.seat(b.0)?);
                let ends = [
                    (a.1, network.members[seats.0].1),
                    (b.1, network.members[seats.1].1),
                ];
                let is_joined = network.joins(seats.0, seats.1);
                is_joined.then(|| self.margin_db(network, ends[0], ends[1]))
            });
        on_both.fold(f64::NEG_INFINITY, f64::max)
    }

    /// The margins of all ways to a node.
    #[must_use]
    pub fn coverage(&self, controller: UnitIx) -> Coverage {
        let mut margins_db = vec![f64::NEG_INFINITY; self.places.len()];
        let mut settled = vec![false; self.places.len()];
        margins_db[controller.at()] = f64::INFINITY;
        let next = |margins_db: &[f64], settled: &[bool]| {
            let open = (0..margins_db.len()).filter(|at| !settled[*at]);
            open.filter(|at| margins_db[*at] > f64::NEG_INFINITY)
                .max_by(|a, b| margins_db[*a].total_cmp(&margins_db[*b]))
        };
        while let Some(at) = next(&margins_db, &settled) {
            settled[at] = true;
            if at != controller.at() && !self.relays[at] {
                continue;
            }
            for network in &self.networks.of_unit[at] {
                let network = self.networks.get(*network);
                let Some(seat) = network.seat(UnitIx::from_at(at)) else {
                    continue;
                };
                let own_m = network.members[seat].1;
                for (other, (member, antenna_m)) in network.members.iter().enumerate() {
                    if settled[member.at()] || !network.joins(seat, other) {
                        continue;
                    }
                    let hop_db = self.margin_db(
                        network,
                        (self.places[at], own_m),
                        (self.places[member.at()], *antenna_m),
                    );
                    let way_db = hop_db.min(margins_db[at]);
                    margins_db[member.at()] = margins_db[member.at()].max(way_db);
                }
            }
        }
        Coverage { margins_db }
    }

    /// Margin, dB, of the best way from a unit at a place to the controlling node: over the worst hop
    /// of that way.
    #[must_use]
    pub fn margin_from_db(&self, coverage: &Coverage, unit: UnitIx, at: DVec3) -> f64 {
        let mut best_db = f64::NEG_INFINITY;
        for network in &self.networks.of_unit[unit.at()] {
            let network = self.networks.get(*network);
            let Some(seat) = network.seat(unit) else {
                continue;
            };
            let own_m = network.members[seat].1;
            for (other, (member, antenna_m)) in network.members.iter().enumerate() {
                let onward_db = coverage.margins_db[member.at()];
                let passes_on = self.relays[member.at()] || onward_db == f64::INFINITY;
                if *member == unit || !passes_on || onward_db <= best_db {
                    continue;
                }
                if !network.joins(seat, other) {
                    continue;
                }
                let there = (self.places[member.at()], *antenna_m);
                let hop_db = self.margin_db(network, (at, own_m), there);
                best_db = best_db.max(hop_db.min(onward_db));
            }
        }
        best_db
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use glam::DVec2;

    use super::*;
    use crate::{
        geo::{Extent, LocalFrame, Terrain},
        platform::class::Catalogue,
    };

    /// A plain with a ridge of this height across it at x = 3 km, m.
    fn landscape(ridge_m: f64) -> Landscape {
        let height = move |at: DVec2| {
            if (at.x - 3000.0).abs() < 150.0 {
                100.0 + ridge_m
            } else {
                100.0
            }
        };
        let terrain = Terrain::from_fn(Extent::about(DVec2::ZERO, 12_000.0), 50.0, true, height);
        Landscape {
            cover: Arc::default(),
            terrain: Arc::new(terrain.unwrap()),
            frame: LocalFrame::new(48.5, 11.0).unwrap(),
            undulation_m: 0.0,
        }
    }

    /// One network of three with antennas of 3 m.
    fn networks() -> Networks {
        let catalogue = Catalogue::shipped();
        let radio = catalogue.radio("uhf-handheld").unwrap();
        let members = (0..3).map(|at| (UnitIx(at), 3.0)).collect();
        Networks::new(
            vec![Network::new("net".into(), radio, None, members)],
            3,
            false,
        )
    }

    #[test]
    fn a_relay_on_the_ridge_makes_up_for_it() {
        let (networks, weather) = (networks(), Weather::default());
        let landscape = landscape(200.0);
        let at = |x: f64, y: f64| DVec3::new(x, y, landscape.terrain.height_m(x, y));
        let places = [at(0.0, 0.0), at(3000.0, 0.0), at(6000.0, 0.0)];
        let margin_db = |relays: [bool; 3], place: DVec3| {
            let ether = Ether {
                networks: &networks,
                landscape: &landscape,
                weather: &weather,
                places: &places,
                relays: &relays,
            };
            ether.margin_from_db(&ether.coverage(UnitIx(0)), UnitIx(2), place)
        };
        let (alone, helped) = ([true, false, false], [true, true, false]);
        let behind = at(6000.0, 0.0);
        assert!(margin_db(alone, behind) < margin_db(helped, behind) - 10.0);
        // Before the ridge nobody needs the relay, and near is better than far.
        let near = margin_db(alone, at(500.0, 0.0));
        assert!((near - margin_db(helped, at(500.0, 0.0))).abs() < 1e-9);
        assert!(near > margin_db(alone, at(2500.0, 0.0)));
        // The way over the relay is as good as its worse hop.
        let ether = Ether {
            networks: &networks,
            landscape: &landscape,
            weather: &weather,
            places: &places,
            relays: &[false; 3],
        };
        let hop_db = |from, to, place| {
            ether.margin_from_db(&ether.coverage(UnitIx(from)), UnitIx(to), place)
        };
        let worse_db = f64::min(hop_db(0, 1, places[1]), hop_db(1, 2, behind));
        assert!((margin_db(helped, behind) - worse_db).abs() < 1e-9);
    }

    #[test]
    fn who_is_in_no_network_is_never_heard() {
        let networks = Networks::new(Vec::new(), 2, false);
        let (landscape, weather) = (landscape(0.0), Weather::default());
        let ether = Ether {
            networks: &networks,
            landscape: &landscape,
            weather: &weather,
            places: &[DVec3::ZERO; 2],
            relays: &[true; 2],
        };
        let coverage = ether.coverage(UnitIx(0));
        let margin_db = ether.margin_from_db(&coverage, UnitIx(1), DVec3::ZERO);
        assert!(margin_db.is_infinite() && margin_db < 0.0);
    }
}
