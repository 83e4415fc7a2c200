//! Stations against the closed forms of queues.

use super::*;
use crate::{
    comms::{
        model::{
            link::Reception,
            queueing::{
                priority::{PriorityClass, priority_waits},
                servers::{md1_time, mm1_wait, mm1k_loss},
            },
            rates::Rates,
        },
        network::Carrier,
    },
    kernel::{
        delay::DelayQueue,
        dist::exponential,
        ids::{UnitId, UnitIx},
        random::{DrawKey, Stream},
    },
    platform::class::Access,
    wire::{Audience, Header, MessageClass, MessageId},
};

/// Bytes that take a millisecond.
const MS_BYTES: f64 = 100.0;

/// A wire on which 100 bytes take a millisecond.
fn wire(messages: usize) -> Network {
    let always = Reception::Logistic {
        midpoint_db: 0.0,
        scale_db: 1.0,
        packet_bytes: 100.0,
    };
    Network {
        id: "wire".to_owned(),
        members: vec![(UnitIx(0), 0.0), (UnitIx(1), 0.0)],
        carrier: Carrier::Wire { range_m: 1e6 },
        rates: Rates::new(vec![(800_000.0, always)]).unwrap(),
        floor_db: -10.0,
        required_db: 0.0,
        latency_s: 0.0,
        overhead_bytes: 0,
        fragment_bytes: 1400,
        buffer: Buffer {
            bytes: u32::MAX / 2,
            messages,
        },
        access: Access::PointToPoint,
        slot_s: 1.0,
        hello_s: 2.0,
        hub: None,
        forwards: true,
    }
}

/// A packet of some bytes.
fn packet(number: u64, precedence: Precedence, bytes: u32) -> Packet {
    let id = MessageId::of(UnitId(0), MessageClass::Track, number);
    Packet {
        header: Header {
            id,
            author: UnitIx(0),
            about: UnitIx(0),
            class: MessageClass::Track,
            precedence,
            audience: Audience::Posts,
            size_bytes: bytes,
            created: SimTime::ZERO,
            expires: SimTime::NEVER,
            is_latest: false,
        },
        load: Load {
            id,
            leg: 0,
            readers: vec![UnitIx(1)],
            hops: 0,
            copies: 1,
        },
        cast: Cast::All,
        left_bytes: bytes,
        tries: 0,
        rate: 0,
    }
}

/// What a station did with a stream of messages: mean waits by class, ms, and the share lost.
struct Outcome {
    waits_ms: Vec<f64>,
    lost: f64,
}

/// Sends `count` messages of classes (rate per ms, precedence) over a wire; sizes in ms are drawn.
fn serve(
    classes: &[(f64, Precedence)],
    mut size_ms: impl FnMut(&mut crate::kernel::random::Draws) -> f64,
    (messages, count): (usize, u64),
) -> Outcome {
    let network = wire(messages);
    let networks = Networks::new(vec![network.clone()], 2, false);
    let ix = NetworkIx(0);
    let mut stations = Stations::default();
    stations.set_up(&networks);
    let links = NetworkLinks::default();
    let mut draws = DrawKey::new(Stream::Placement, 7, 8, 9).draws(1);
    let mut ends = DelayQueue::default();
    let mut came = std::collections::BTreeMap::new();
    let mut sums = vec![(0.0, 0.0_f64); classes.len()];
    let mut lost = 0_u32;
    let total: f64 = classes.iter().map(|class| class.0).sum();
    let mut now_ms = 0.0;
    let mut begin = |stations: &mut Stations,
                     now: SimTime,
                     came: &std::collections::BTreeMap<_, (SimTime, usize)>,
                     ends: &mut DelayQueue<()>| {
        let mut late = Vec::new();
        if let Some(end) = stations.begin(
            (ix, &network),
            0,
            (&links, Precedence::Routine),
            now,
            &mut late,
        ) {
            ends.post(end, ());
            let id = stations.list[0][0].sending.as_ref().unwrap().header.id;
            let (since, class): (SimTime, usize) = came[&id];
            sums[class].0 += 1000.0 * now.since_s(since);
            sums[class].1 += 1.0;
        }
    };
    for number in 0..count {
        now_ms += exponential(&mut draws, 1.0 / total);
        let now = SimTime::from_s(now_ms / 1000.0);
        while let Some((at, ())) = ends.pop_before(now) {
            stations.at_mut(ix, 0).take_sent();
            begin(&mut stations, at, &came, &mut ends);
        }
        let mut pick = draws.uniform() * total;
        let class = classes.iter().position(|class| {
            pick -= class.0;
            pick < 0.0
        });
        let class = class.unwrap_or(0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes are small and positive"
        )]
        let bytes = (MS_BYTES * size_ms(&mut draws)).round().max(1.0) as u32;
        let packet = packet(number, classes[class].1, bytes);
        came.insert(packet.header.id, (now, class));
        lost += u32::from(
            !stations
                .at_mut(ix, 0)
                .push(packet, network.buffer)
                .is_empty(),
        );
        begin(&mut stations, now, &came, &mut ends);
    }
    Outcome {
        waits_ms: sums.iter().map(|(sum, n)| sum / n.max(1.0)).collect(),
        lost: f64::from(lost) / count as f64,
    }
}

#[test]
fn waits_are_those_of_one_server() {
    let routine = [(0.8, Precedence::Routine)];
    let all = (usize::MAX, 400_000);
    let found = serve(&routine, |draws| exponential(draws, 1.0), all);
    let want = mm1_wait(0.8, 1.0);
    assert!(
        (found.waits_ms[0] / want - 1.0).abs() < 0.05,
        "{} {want}",
        found.waits_ms[0]
    );
    let found = serve(&routine, |_| 1.0, all);
    let want = md1_time(0.8, 1.0) - 1.0;
    assert!(
        (found.waits_ms[0] / want - 1.0).abs() < 0.04,
        "{} {want}",
        found.waits_ms[0]
    );
}

#[test]
fn a_full_buffer_loses_what_the_formula_says() {
    // MODELS §3 no. 20: load 0.8, ten places, one of them in service: 0.0235.
    let routine = [(0.8, Precedence::Routine)];
    let found = serve(&routine, |draws| exponential(draws, 1.0), (9, 400_000));
    let want = mm1k_loss(0.8, 1.0, 10);
    assert!(
        (found.lost / want - 1.0).abs() < 0.05,
        "{} {want}",
        found.lost
    );
}

#[test]
fn what_is_urgent_waits_as_cobham_says() {
    let classes = [(0.2, Precedence::Flash), (0.6, Precedence::Routine)];
    let found = serve(
        &classes,
        |draws| exponential(draws, 1.0),
        (usize::MAX, 400_000),
    );
    let class = |rate| PriorityClass::exponential(rate, 1.0);
    let want = priority_waits(&[class(0.2), class(0.6)]);
    for (found, want) in found.waits_ms.iter().zip(&want) {
        assert!((found / want - 1.0).abs() < 0.05, "{found} {want}");
    }
}
