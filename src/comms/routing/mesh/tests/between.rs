//! Ways between areas, against the graph as it is.

use super::*;
use crate::kernel::delay::DelayQueue;

/// Nodes of a mesh of several areas.
const NODES: usize = 300;

/// Range at which a node has about nine neighbours.
const RANGE: f64 = 0.1;

/// Share of the pairs that are walked.
const WALKED: f64 = 0.05;

/// Areas with these members.
fn areas_of(members: Vec<Vec<UnitIx>>) -> Areas {
    let mut areas = areas(members.iter().map(Vec::len).sum());
    for (area, members) in (0_u16..).zip(&members) {
        for (place, unit) in (0_u16..).zip(members) {
            areas.of[unit.at()] = (area, place);
        }
    }
    areas.members = members;
    areas
}

/// Areas that hang together: grown from seeds over links, the smallest first, until nothing is left
/// that fits; what hangs together with none of them begins another.
fn grown(probes: &[(usize, usize, f64)], draws: &mut Draws) -> Areas {
    let mut near = vec![Vec::new(); NODES];
    for (a, b, _) in probes.iter().copied() {
        near[a].push(b);
        near[b].push(a);
    }
    let mut area: Vec<Option<usize>> = vec![None; NODES];
    let mut members: Vec<Vec<UnitIx>> = Vec::new();
    while area.iter().any(Option::is_none) {
        let seed = pick(draws, NODES);
        if area[seed].is_some() {
            continue;
        }
        let limit = 20 + pick(draws, 45);
        let mut own = vec![seed];
        area[seed] = Some(members.len());
        let mut next = 0;
        while next < own.len() {
            for to in near[own[next]].iter().copied() {
                if area[to].is_none() && own.len() < limit {
                    area[to] = Some(members.len());
                    own.push(to);
                }
            }
            next += 1;
        }
        own.sort_unstable();
        members.push(own.into_iter().map(UnitIx::from_at).collect());
    }
    areas_of(members)
}

/// Areas of forces that each hold a cell of a grid of five by five, taken up to 64 nodes as an order of
/// battle is: row by row and back, or in an order drawn by lot.
fn of_forces(places: &[(f64, f64)], lot: Option<&mut Draws>) -> Areas {
    let mut forces: Vec<usize> = (0..25).collect();
    for row in [1, 3] {
        forces[5 * row..5 * row + 5].reverse();
    }
    if let Some(draws) = lot {
        for at in (1..25).rev() {
            forces.swap(at, pick(draws, at + 1));
        }
    }
    let cell = |(x, y): (f64, f64)| {
        let of = |z: f64| (0..4).filter(|line| z > 0.2 * f64::from(line + 1)).count();
        5 * of(y) + of(x)
    };
    let mut members = vec![Vec::new()];
    for force in forces {
        let units = (0..NODES).filter(|at| cell(places[*at]) == force);
        let units: Vec<UnitIx> = units.map(UnitIx::from_at).collect();
        if members
            .last()
            .is_some_and(|area| area.len() + units.len() > 64)
        {
            members.push(Vec::new());
        }
        members.last_mut().unwrap().extend(units);
    }
    areas_of(members)
}

/// A number below another.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share of a small number"
)]
fn pick(draws: &mut Draws, count: usize) -> usize {
    (draws.uniform() * count as f64) as usize
}

/// What walks between many pairs came to.
#[derive(Debug, Default)]
struct Found {
    /// Pairs between which there is a way, and those of them that found one.
    joined: u32,
    found: u32,
    /// Walks that came to a node twice.
    circles: u32,
    /// Walks that arrived where there is no way.
    miracles: u32,
    /// Ratios of what the ways cost to the best ways.
    stretches: Vec<f64>,
}

impl Found {
    /// Mean of the ratios.
    fn stretch(&self) -> f64 {
        self.stretches.iter().sum::<f64>() / self.stretches.len() as f64
    }

    /// The ratio that one in twenty exceeds.
    fn bad_stretch(&self) -> f64 {
        let mut sorted = self.stretches.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() * 19 / 20]
    }
}

/// Walks between many pairs of a mesh.
fn survey(bed: &mut Bed, probes: &[(usize, usize, f64)], draws: &mut Draws) -> Found {
    let (graph, ends) = bed.graph(probes);
    let mut result = Found::default();
    for from in 0..NODES {
        let best = dijkstra(&graph, ends[from], None, |edge| *edge.weight());
        for (to, end) in ends.iter().enumerate() {
            if to == from || draws.uniform() > WALKED {
                continue;
            }
            let best_s = best.get(end);
            result.joined += u32::from(best_s.is_some());
            match (best_s, bed.walk(from, to)) {
                (Some(best_s), Walk::There(way_s)) => {
                    result.found += 1;
                    result.stretches.push(way_s / best_s);
                }
                (None, Walk::There(_)) => result.miracles += 1,
                (_, Walk::NoWay) => {}
                (_, Walk::Circle) => result.circles += 1,
            }
        }
    }
    result
}

/// Draws for a graph.
fn draws_of(seed: u64) -> Draws {
    DrawKey::new(Stream::Placement, 5, 6, 7).draws(seed)
}

#[test]
fn ways_between_areas_are_found_exactly_where_there_are_any() {
    for seed in 0..6 {
        let mut draws = draws_of(seed);
        // Half of the graphs fall into parts.
        let range = if seed % 2 == 0 { RANGE } else { 0.75 * RANGE };
        let probes = geometric(NODES, range, seed, 0.5);
        let areas = grown(&probes, &mut draws);
        let count = areas.members.len();
        assert!(areas.members.iter().all(|it| it.len() <= 64));
        let mut bed = Bed::new(areas, &probes);
        let found = survey(&mut bed, &probes, &mut draws);
        let seen = format!(
            "seed {seed}: {count} areas, {} of {} joined pairs, stretch {:.3}, of one in twenty \
             {:.2}",
            found.found,
            found.joined,
            found.stretch(),
            found.bad_stretch(),
        );
        assert_eq!([found.circles, found.miracles], [0, 0], "{seen}");
        assert_eq!(found.found, found.joined, "{seen}");
        assert!(found.joined > 500, "{seen}");
        assert!(found.stretch() < 1.4 && found.bad_stretch() < 2.5, "{seen}");
    }
}

#[test]
fn areas_in_parts_find_the_ways_over_others() {
    for seed in 0..4 {
        let mut draws = draws_of(seed);
        let (places, _) = places(NODES, seed);
        let probes = geometric(NODES, RANGE, seed, 0.5);
        for areas in [
            of_forces(&places, None),
            of_forces(&places, Some(&mut draws)),
        ] {
            let mut bed = Bed::new(areas, &probes);
            let found = survey(&mut bed, &probes, &mut draws);
            assert_eq!([found.circles, found.miracles], [0, 0], "seed {seed}");
            assert_eq!(found.found, found.joined, "seed {seed}");
            assert!(found.joined > 4000, "seed {seed}: {}", found.joined);
            let stretches = [found.stretch(), found.bad_stretch()];
            assert!(stretches[0] < 1.3, "seed {seed}: {stretches:?}");
            assert!(stretches[1] < 2.0, "seed {seed}: {stretches:?}");
        }
    }
}

#[test]
fn who_has_nobody_of_its_area_near_is_found_over_others() {
    // Two areas take turns on a line, and its last node does not forward.
    let line: Vec<_> = (0..4).map(|at| (at, at + 1, 1.0)).collect();
    let mut areas = areas_of(vec![
        [0, 2, 4].map(UnitIx).to_vec(),
        [1, 3].map(UnitIx).to_vec(),
    ]);
    areas.forwards[4] = false;
    let mut bed = Bed::new(areas, &line);
    for from in 0..5 {
        for to in 0..5 {
            assert!(matches!(bed.walk(from, to), Walk::There(_)), "{from} {to}");
        }
    }
}

impl Bed {
    /// Lets nodes say hello and tell of their links for some seconds.
    fn run(&mut self, seconds: u64) {
        let mut relays: DelayQueue<Relay> = DelayQueue::default();
        for _ in 0..10 * seconds {
            let clock = self.clock;
            for unit in (0..NODES).map(UnitIx::from_at) {
                let phase = u64::from(unit.0);
                if clock.is_due(HELLO_S, phase) {
                    self.with_air(|mesh, air| mesh.hello(unit, &clock, air));
                } else if !clock.is_due(TOPOLOGY_S, phase) {
                    continue;
                }
                if let Some(relay) = self.mesh.advertise(unit, &clock) {
                    relays.post(clock.now(), relay);
                }
            }
            while let Some((at, relay)) = relays.pop_before(clock.next()) {
                let next = self.with_air(|mesh, air| mesh.relay(relay, at, air));
                for (at, relay) in next {
                    relays.post(at, relay);
                }
            }
            self.clock.tick += 1;
        }
    }
}

/// Loses a third of the links between areas, so that areas hang together as before, and holds what
/// nodes know some time later against what is left.
fn lose_between(areas: Areas, probes: &[(usize, usize, f64)], draws: &mut Draws) {
    let area_of = |at: usize| areas.of[at].0;
    let is_between = |link: &(usize, usize, f64)| area_of(link.0) != area_of(link.1);
    let mut left = probes.to_vec();
    left.retain(|link| !is_between(link) || draws.uniform() > 0.33);
    let mut bed = Bed::new(areas, probes);
    bed.run(10);
    bed.links = Links::of_probes(NODES, &left);
    bed.run(90);
    let found = survey(&mut bed, &left, draws);
    let seen = format!(
        "{} links lost; {} of {} joined pairs, {} circles, stretch {:.3}",
        probes.len() - left.len(),
        found.found,
        found.joined,
        found.circles,
        found.stretch(),
    );
    assert_eq!([found.circles, found.miracles], [0, 0], "{seen}");
    assert_eq!(found.found, found.joined, "{seen}");
    assert!(found.stretch() < 1.4, "{seen}");
}

#[test]
fn lost_links_are_gone_around_from_area_to_area() {
    let mut draws = draws_of(4);
    let probes = geometric(NODES, RANGE, 4, 1.0);
    let areas = grown(&probes, &mut draws);
    lose_between(areas, &probes, &mut draws);
}

#[test]
fn lost_links_are_gone_around_from_part_to_part() {
    let mut draws = draws_of(4);
    let (places, _) = places(NODES, 4);
    let probes = geometric(NODES, RANGE, 4, 1.0);
    let areas = of_forces(&places, Some(&mut draws));
    lose_between(areas, &probes, &mut draws);
}
