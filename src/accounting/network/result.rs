//! From the account of the network to its part of the result. See [`summary`] and [`report`].

use std::collections::BTreeMap;

use bevy::prelude::World;

use super::{
    AGED, Kind, NetworkAccount, Shape, air_s, channels,
    report::{
        AgeOfInformation, ClassTraffic, EchelonTraffic, NetworkLoad, NetworkReport, NetworkSummary,
        NetworkUse, PrecedenceTraffic, ResilienceSummary, ShapeSample, SideNetwork, SideShape,
        TrafficSummary,
    },
    traffic::Traffic,
};
use crate::{
    accounting::accounts::Accounts,
    comms::{
        NetworkIx, Networks, model::graph::resilience::Resilience, network::Network,
        stations::Stations,
    },
    kernel::{ids::UnitIx, time::SimTime},
    org::{OrderOfBattle, SideIx},
    wire::{MessageClass, Precedence},
};

/// Share of its value at the start below which reach counts as fallen (notional, 0.9 to 0.99).
const ENOUGH: f64 = 0.95;

/// Name of a class in results.
const fn class_key(class: MessageClass) -> &'static str {
    match class {
        MessageClass::Track => "track",
        MessageClass::Position => "position",
        MessageClass::Status => "status",
        MessageClass::Tasking => "tasking",
        MessageClass::Fires => "fires",
        MessageClass::Detection => "detection",
        MessageClass::Image => "image",
        MessageClass::Authorisation => "authorisation",
        MessageClass::Plan => "plan",
        MessageClass::Logistics => "logistics",
        MessageClass::Health => "health",
        MessageClass::Staff => "staff",
    }
}

/// Name of a precedence in results.
const fn precedence_key(precedence: Precedence) -> &'static str {
    match precedence {
        Precedence::Routine => "routine",
        Precedence::Priority => "priority",
        Precedence::Immediate => "immediate",
        Precedence::Flash => "flash",
    }
}

/// The figures of some messages.
fn figures(traffic: &Traffic) -> TrafficSummary {
    TrafficSummary {
        sent: traffic.sent,
        delivered: traffic.delivered(),
        delivery_ratio: traffic.ratio(),
        delay_median_s: traffic.quantile_s(1, 2),
        delay_p90_s: traffic.quantile_s(9, 10),
    }
}

/// Messages by something that their kinds have, rising.
fn by<K: Ord>(
    traffic: &BTreeMap<Kind, Traffic>,
    key: impl Fn(&Kind) -> K,
) -> Vec<(K, TrafficSummary)> {
    let mut sums: BTreeMap<K, Traffic> = BTreeMap::new();
    for (kind, part) in traffic {
        sums.entry(key(kind)).or_default().add(part);
    }
    let sums = sums.into_iter();
    sums.map(|(key, sum)| (key, figures(&sum))).collect()
}

/// Messages of a side's units that arrived over those sent; none if none was sent.
pub(in crate::accounting) fn delivery_ratio(world: &World, side: SideIx) -> Option<f64> {
    let account = world.get_resource::<NetworkAccount>()?;
    let mut sum = Traffic::default();
    let of_side = account.traffic.iter().filter(|(kind, _)| kind.0 == side);
    of_side.for_each(|(_, part)| sum.add(part));
    sum.ratio()
}

/// Mean over time of a number that holds from each point to the next and from the last to the end;
/// none without a point before the end.
fn mean(points: impl Iterator<Item = (f64, f64)>, end_s: f64) -> Option<f64> {
    let points: Vec<(f64, f64)> = points.collect();
    let course = Resilience::of_steps(&points, end_s, 0.0, 0.0);
    course.ok().map(|course| course.mean)
}

/// The network of one side, means over time.
pub(in crate::accounting) fn side(world: &World, ix: SideIx, end: SimTime) -> SideNetwork {
    let order = world.resource::<OrderOfBattle>();
    let account = world.get_resource::<NetworkAccount>();
    let none = Shape::default();
    let shape = account.and_then(|account| account.shapes.get(ix.at()));
    let samples = &shape.unwrap_or(&none).samples;
    let of = |value: &dyn Fn(&ShapeSample) -> Option<f64>| {
        let points = samples.iter().filter_map(|it| Some((it.t_s, value(it)?)));
        mean(points, end.as_s())
    };
    SideNetwork {
        side: order.sides[ix.at()].id.clone(),
        giant_component: of(&|it| it.giant_component),
        reach: of(&|it| it.reach),
        articulation_nodes: of(&|it| (it.units > 0).then_some(it.articulation_nodes as f64)),
        vertex_connectivity: of(&|it| it.vertex_connectivity.map(|k| k as f64)),
        algebraic_connectivity: of(&|it| it.algebraic_connectivity),
        dead_zone_share: None,
        resilience: resilience(samples, end),
    }
}

/// How reach held up, with reach at the start as one.
fn resilience(samples: &[ShapeSample], end: SimTime) -> Option<ResilienceSummary> {
    let reach = samples.iter().filter_map(|it| Some((it.t_s, it.reach?)));
    let reach: Vec<(f64, f64)> = reach.collect();
    let start = reach.first().map(|point| point.1).filter(|it| *it > 0.0)?;
    let course: Vec<(f64, f64)> = reach
        .into_iter()
        .map(|(t_s, value)| (t_s, (value / start).min(1.0)))
        .collect();
    let judged = Resilience::of_steps(&course, end.as_s(), 1.0, ENOUGH).ok()?;
    Some(ResilienceSummary {
        mean: judged.mean,
        depth: judged.depth,
        fell_s: judged.fell_s,
        recovery_s: judged.recovery_s,
    })
}

/// Share of control in bytes; none if there were none.
fn control_share(data_bytes: u64, control_bytes: u64) -> Option<f64> {
    let all = data_bytes + control_bytes;
    (all > 0).then(|| control_bytes as f64 / all as f64)
}

/// The use of one network.
fn used(stations: &Stations, (ix, network): (NetworkIx, &Network), end: SimTime) -> NetworkUse {
    let available_s = end.as_s() * channels(network);
    let mut used = NetworkUse {
        network: network.id.clone(),
        members: network.members.len() as u64,
        utilisation: if available_s > 0.0 {
            air_s(stations, ix) / available_s
        } else {
            0.0
        },
        ..NetworkUse::default()
    };
    for station in stations.of(ix) {
        let traffic = &station.traffic;
        used.data_bytes += traffic.data_bytes;
        used.control_bytes += traffic.control_bytes;
        used.overflowed += traffic.overflowed;
        used.expired += traffic.expired;
        used.failed += traffic.failed;
    }
    used.control_share = control_share(used.data_bytes, used.control_bytes);
    used
}

/// The age of information of one class.
fn age(
    account: &NetworkAccount,
    class: MessageClass,
    until: impl Fn(UnitIx) -> SimTime,
) -> AgeOfInformation {
    let ages = account.ages.of_class(class, until);
    AgeOfInformation {
        class: class_key(class).to_owned(),
        pairs: ages.pairs,
        updates: ages.falls,
        mean_s: ages.mean_s(),
        peak_s: ages.peak_s(),
        interval_s: ages.interval_s(),
    }
}

/// The network's part of the summary, with the sides' parts as they are.
pub(in crate::accounting) fn summary(
    world: &World,
    end: SimTime,
    sides: Vec<SideNetwork>,
) -> NetworkSummary {
    let none = NetworkAccount::default();
    let account = world.get_resource::<NetworkAccount>().unwrap_or(&none);
    let units = &world.resource::<Accounts>().units;
    let until = |unit: UnitIx| units[unit.at()].lost_at.unwrap_or(end).min(end);
    let mut all = Traffic::default();
    account.traffic.values().for_each(|part| all.add(part));
    let traffic = &account.traffic;
    let by_class = by(traffic, |kind| kind.1).into_iter();
    let by_precedence = by(traffic, |kind| kind.2).into_iter();
    let by_echelon = by(traffic, |kind| kind.3).into_iter();
    let networks: Vec<NetworkUse> = match world.get_resource::<Networks>() {
        Some(networks) => networks
            .iter()
            .map(|entry| used(world.resource::<Stations>(), entry, end))
            .collect(),
        None => Vec::new(),
    };
    let bytes = |of: fn(&NetworkUse) -> u64| networks.iter().map(of).sum::<u64>();
    let all = figures(&all);
    NetworkSummary {
        delivery_ratio: all.delivery_ratio,
        delay_median_s: all.delay_median_s,
        delay_p90_s: all.delay_p90_s,
        control_share: control_share(bytes(|it| it.data_bytes), bytes(|it| it.control_bytes)),
        by_class: by_class
            .map(|(class, traffic)| ClassTraffic {
                class: class_key(class).to_owned(),
                traffic,
            })
            .collect(),
        by_precedence: by_precedence
            .map(|(precedence, traffic)| PrecedenceTraffic {
                precedence: precedence_key(precedence).to_owned(),
                traffic,
            })
            .collect(),
        by_echelon: by_echelon
            .map(|(echelon, traffic)| EchelonTraffic {
                echelon: echelon.key().to_owned(),
                traffic,
            })
            .collect(),
        age_of_information: AGED.map(|class| age(account, class, until)).to_vec(),
        sides,
        networks,
    }
}

/// The network over time. Dead zones are left out: see [`dead_zones`](super::dead_zone::dead_zones).
pub(in crate::accounting) fn report(world: &World) -> NetworkReport {
    let none = NetworkAccount::default();
    let account = world.get_resource::<NetworkAccount>().unwrap_or(&none);
    let sides = world.resource::<OrderOfBattle>().sides.iter();
    let shapes = sides.zip(&account.shapes).map(|(side, shape)| SideShape {
        side: side.id.clone(),
        samples: shape.samples.clone(),
    });
    let networks = world.get_resource::<Networks>();
    let networks = networks.map_or(&[][..], |networks| networks.list.as_slice());
    let loads = networks.iter().zip(&account.loads);
    NetworkReport {
        sides: shapes.collect(),
        networks: loads
            .map(|(network, load)| NetworkLoad {
                network: network.id.clone(),
                points: load.points.clone(),
            })
            .collect(),
        dead_zones: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::org::Echelon;

    /// A sample with a reach.
    fn sample(t_s: f64, reach: f64) -> ShapeSample {
        ShapeSample {
            t_s,
            units: 10,
            reach: Some(reach),
            ..ShapeSample::default()
        }
    }

    #[test]
    fn reach_is_held_against_its_start() {
        let samples = [
            sample(0.0, 0.8),
            sample(10.0, 0.4),
            sample(20.0, 0.4),
            sample(30.0, 1.0),
        ];
        let judged = resilience(&samples, SimTime::from_s(40.0)).unwrap();
        assert!((judged.mean - 0.75).abs() < 1e-12, "{judged:?}");
        assert!((judged.depth - 0.5).abs() < 1e-12);
        let near = |value: Option<f64>, want: f64| value.is_some_and(|it| (it - want).abs() < 1e-9);
        assert!(near(judged.fell_s, 10.0) && near(judged.recovery_s, 20.0));
        assert_eq!(resilience(&[], SimTime::from_s(40.0)), None);
        assert_eq!(resilience(&[sample(0.0, 0.0)], SimTime::from_s(40.0)), None);
    }

    #[test]
    fn messages_are_summed_by_what_they_have_in_common() {
        let mut traffic: BTreeMap<Kind, Traffic> = BTreeMap::new();
        let mut count = |class, precedence, delays: &[Option<f64>]| {
            let kind = (SideIx(0), class, precedence, Echelon::Company);
            let part = traffic.entry(kind).or_default();
            delays.iter().for_each(|delay_s| part.count(*delay_s));
        };
        let tenths: Vec<Option<f64>> = (1..=10).map(|n| Some(f64::from(n))).collect();
        count(MessageClass::Track, Precedence::Routine, &tenths);
        count(MessageClass::Track, Precedence::Flash, &[None, Some(0.1)]);
        count(MessageClass::Fires, Precedence::Flash, &[Some(0.2)]);
        let classes = by(&traffic, |kind| kind.1);
        assert_eq!(classes.len(), 2);
        let tracks = &classes[0].1;
        assert_eq!((tracks.sent, tracks.delivered), (12, 11));
        // Of 0.1, 1, 2, .. 10 the sixth and the tenth.
        assert_eq!(
            tracks.delay_median_s.map(f64::to_bits),
            Some(5.0_f64.to_bits())
        );
        assert_eq!(
            tracks.delay_p90_s.map(f64::to_bits),
            Some(9.0_f64.to_bits())
        );
        let precedences = by(&traffic, |kind| kind.2);
        assert_eq!((precedences[1].1.sent, precedences[1].1.delivered), (3, 2));
    }
}
