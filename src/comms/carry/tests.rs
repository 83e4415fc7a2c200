//! Carriers against the closed forms of meetings at random, and what they do not know of each other.

use super::*;
use crate::{
    comms::{
        model::epidemic::{direct_delay, epidemic_delay, epidemic_spread, two_hop_delay},
        sandbox::Sandbox,
    },
    kernel::{
        dist::exponential,
        random::{DrawKey, Stream},
    },
    org::{
        Doctrine, Echelon, Force, ForceIx, NationIx, OrderOfBattle, Regime, Role, ServiceIx, Side,
        SideIx, UnitOrg,
    },
    wire::{Audience, MessageId},
};

/// Rate at which each pair meets, a unit of time (MODELS §3 no. 41).
const RATE: f64 = 0.002;

/// Nodes of one service, all of them posts that forward.
fn order(nodes: usize) -> OrderOfBattle {
    let unit = UnitOrg {
        side: SideIx(0),
        nation: NationIx(0),
        service: ServiceIx(0),
        force: ForceIx(0),
        roles: [Role::Command, Role::Relay].into(),
        releasable_to: None,
        stem: String::new(),
    };
    OrderOfBattle {
        sides: vec![Side {
            id: "blue".into(),
            hostile_to: [].into(),
            course: None,
            planner: crate::org::Planner::default(),
        }],
        forces: vec![Force {
            id: "nodes".into(),
            side: SideIx(0),
            echelon: Echelon::Company,
            superior: None,
            command: Some(UnitIx(0)),
            has_own_command: true,
            doctrine: Doctrine::default(),
        }],
        units: vec![unit; nodes],
        ..OrderOfBattle::default()
    }
}

/// Nodes that carry.
fn carriers(nodes: usize, protocol: RoutingProtocol) -> Sandbox {
    Sandbox::new(order(nodes), Regime::Meshed, protocol)
}

/// Two nodes hear each other perfectly for four hellos, and then long enough nobody.
fn meeting(sandbox: &mut Sandbox, a: usize, b: usize) {
    for (probes, hellos) in [(&[(a, b, 1.0)][..], 4), (&[], 1)] {
        sandbox.join(probes);
        for _ in 0..hellos {
            for node in [a, b].map(UnitIx::from_at) {
                let clock = sandbox.clock;
                sandbox.mover().hello(node, &clock);
            }
            sandbox.clock.tick += 2;
            sandbox.drain(sandbox.clock.now());
        }
        sandbox.clock.tick += 8;
    }
}

/// Mean and its standard error.
fn mean(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values.iter().map(|it| (it - mean) * (it - mean));
    (mean, (squares.sum::<f64>() / (count - 1.0) / count).sqrt())
}

/// Whether two nodes have had a message.
fn have(sandbox: &Sandbox, id: MessageId, nodes: [usize; 2]) -> [bool; 2] {
    let flight = sandbox.flight(id).unwrap();
    nodes.map(|node| flight.seen.contains(&(0, UnitIx::from_at(node))))
}

/// Time until node 1 has a message of node 0, and until all have it where all are to, over and over.
/// Each pair meets as a Poisson process; meetings at which neither has anything are left out.
fn delays(protocol: RoutingProtocol, nodes: usize, to_all: bool, runs: u64) -> [(f64, f64); 2] {
    let mut sandbox = carriers(nodes, protocol);
    let mut draws = DrawKey::new(Stream::Placement, 41, 42, 0).draws(1);
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let pairs = (nodes * (nodes - 1) / 2) as f64;
    for _ in 0..runs {
        sandbox.transit = Default::default();
        let audience = if to_all {
            Audience::Posts
        } else {
            Audience::Unit(UnitIx(1))
        };
        let id = sandbox.write(UnitIx(0), audience, 1e9);
        let (mut t, mut arrived, mut count) = (0.0, None, 1);
        while arrived.is_none() || to_all && count < nodes {
            t += exponential(&mut draws, 1.0 / (RATE * pairs));
            let mut pick = |count: usize| {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a share of a small number"
                )]
                let at = (draws.uniform() * count as f64) as usize;
                at
            };
            let a = pick(nodes);
            let other = pick(nodes - 1);
            let b = if other < a { other } else { other + 1 };
            if have(&sandbox, id, [a, b]).contains(&true) {
                meeting(&mut sandbox, a, b);
                count = sandbox.flight(id).unwrap().seen.len();
                let is_there = sandbox.flight(id).unwrap().served.contains(&UnitIx(1));
                arrived = arrived.or(is_there.then_some(t));
            }
        }
        first.extend(arrived);
        last.push(t);
    }
    [mean(&first), mean(&last)]
}

/// Holds a mean against what it should be: within three standard errors, which are a few per cent.
fn assert_near((mean, error): (f64, f64), want: f64) {
    assert!(error < 0.05 * want, "{mean} ± {error}, should be {want}");
    assert!(
        (mean - want).abs() < 3.0 * error,
        "{mean} ± {error}, should be {want}"
    );
}

#[test]
fn an_epidemic_is_as_fast_as_the_closed_form() {
    let [first, all] = delays(RoutingProtocol::Epidemic, 50, true, 800);
    assert_near(first, epidemic_delay(50, RATE));
    assert_near(all, epidemic_spread(50, RATE));
}

#[test]
fn two_hops_take_as_long_as_the_closed_form_says() {
    let [first, _] = delays(RoutingProtocol::TwoHop, 50, false, 2000);
    assert_near(first, two_hop_delay(50, RATE));
}

#[test]
fn a_single_copy_waits_for_its_addressee() {
    let [first, _] = delays(RoutingProtocol::SprayAndWait { copies: 1 }, 50, false, 2000);
    assert_near(first, direct_delay(RATE));
}

/// Binary spray of two and of four copies goes through fixed numbers of holders h, of which s have
/// copies to give: (1, 1), (2, 2), (3, 1), (4, 0), or (1, 1), (2, 0). Each is left at the rate
/// hβ + s(N − 1 − h)β, with the probability hβ of it because the addressee was met.
#[test]
fn sprayed_copies_wait_as_their_chain_does() {
    let nodes = 50;
    let want = |states: &[(f64, f64)]| {
        let (mut total, mut still) = (0.0, 1.0);
        for (holders, givers) in states {
            let others = f64::from(nodes) - 1.0 - holders;
            let rate = RATE * (holders + givers * others);
            total += still / rate;
            still *= 1.0 - RATE * holders / rate;
        }
        total
    };
    let of = |copies| delays(RoutingProtocol::SprayAndWait { copies }, 50, false, 2000)[0];
    assert_near(of(2), want(&[(1.0, 1.0), (2.0, 0.0)]));
    assert_near(
        of(4),
        want(&[(1.0, 1.0), (2.0, 2.0), (3.0, 1.0), (4.0, 0.0)]),
    );
}

/// Nodes on these links, after the mesh is up, with a message from the first to all after half a minute
/// more.
fn spread(nodes: usize, probes: &[(usize, usize, f64)]) -> (Sandbox, MessageId) {
    let mut sandbox = carriers(nodes, RoutingProtocol::Epidemic);
    sandbox.join(probes);
    for _ in 0..10 {
        sandbox.tick();
    }
    let id = sandbox.write(UnitIx(0), Audience::Posts, 1000.0);
    for _ in 0..30 {
        sandbox.tick();
    }
    let flight = sandbox.flight(id).unwrap();
    assert_eq!((flight.seen.len(), flight.served.len()), (nodes, nodes - 1));
    (sandbox, id)
}

/// All pairs of so many nodes with one probe success.
fn pairs(nodes: usize, probe: f64) -> Vec<(usize, usize, f64)> {
    let of = |a| (a + 1..nodes).map(move |b| (a, b, probe));
    (0..nodes).flat_map(of).collect()
}

#[test]
fn what_all_around_were_sent_nobody_sends_again() {
    let (sandbox, id) = spread(8, &pairs(8, 1.0));
    assert_eq!(sandbox.packets(id), 1);
}

#[test]
fn two_who_cannot_know_of_each_other_send_the_same_twice() {
    // Nodes 1 and 2 do not hear each other; both give node 3 what they have of node 0.
    let diamond = [(0, 1, 1.0), (0, 2, 1.0), (1, 3, 1.0), (2, 3, 1.0)];
    let (sandbox, id) = spread(4, &diamond);
    assert_eq!(sandbox.packets(id), 3);
}

#[test]
fn what_a_newcomer_has_it_says_and_is_not_sent() {
    let all = pairs(3, 1.0);
    let mut sandbox = carriers(3, RoutingProtocol::Epidemic);
    // Nodes 1 and 2 get it from node 0, one after the other, and then meet each other.
    let id = sandbox.write(UnitIx(0), Audience::Posts, 1000.0);
    meeting(&mut sandbox, 0, 1);
    meeting(&mut sandbox, 0, 2);
    assert_eq!(sandbox.packets(id), 2);
    let control = |sandbox: &Sandbox| {
        let stations = sandbox.stations.of(NetworkIx(0)).iter();
        stations.map(|it| it.traffic.control_bytes).sum::<u64>()
    };
    let before = control(&sandbox);
    meeting(&mut sandbox, 1, 2);
    assert_eq!(sandbox.packets(id), 2);
    let with_one = control(&sandbox) - before;
    let mut empty = carriers(3, RoutingProtocol::Epidemic);
    meeting(&mut empty, 1, 2);
    // A name of 4 bytes in the summary of each.
    assert_eq!(with_one, control(&empty) + 8);
    sandbox.join(&all);
    for _ in 0..20 {
        sandbox.tick();
    }
    assert_eq!(sandbox.packets(id), 2);
}

#[test]
fn lost_summaries_cost_copies_but_nobody_reads_twice() {
    let (sandbox, id) = spread(8, &pairs(8, 0.6));
    let packets = sandbox.packets(id);
    assert!((2..60).contains(&packets), "{packets}");
    let read = sandbox.carried.read();
    assert_eq!(read.iter().filter(|it| it.delay_s.is_some()).count(), 7);
}

#[test]
fn what_carriers_know_outlives_a_snapshot() {
    let mut sandbox = carriers(8, RoutingProtocol::Epidemic);
    sandbox.join(&pairs(8, 0.6));
    let encode = |sandbox: &Sandbox| postcard::to_io(&sandbox.transit, Vec::new()).unwrap();
    let mut run = |seconds: u32| {
        for _ in 0..seconds {
            sandbox.tick();
        }
        let before = encode(&sandbox);
        sandbox.transit = postcard::from_bytes(&before).unwrap();
        assert_eq!(encode(&sandbox), before);
        sandbox.write(UnitIx(0), Audience::Posts, 1000.0);
    };
    run(12);
    run(3);
    run(3);
    assert!(sandbox.transit.kept.len() == 8 && sandbox.transit.len() == 3);
}

#[test]
fn who_is_lost_loses_what_it_carried() {
    let mut sandbox = carriers(2, RoutingProtocol::Epidemic);
    let id = sandbox.write(UnitIx(0), Audience::Posts, 1000.0);
    sandbox.tick();
    assert!(sandbox.flight(id).is_some());
    sandbox.kill(UnitIx(0));
    sandbox.tick();
    assert!(sandbox.flight(id).is_none());
    assert_eq!(sandbox.carried.read().len(), 1);
}
