//! The simulator's own desks against the formulas of queues.

use std::sync::Arc;

use bevy::prelude::{App, IntoScheduleConfigs};
use glam::DVec2;

use super::*;
use crate::{
    command::{Ledger, desk::DeskPlugin},
    comms::model::queueing::servers::{abandonment, mm1_wait, mmc_wait},
    engagement::{FireOrder, Recall, Renewal, TrackRef},
    kernel::{
        dist::exponential,
        ids::{UnitId, UnitRow},
        random::{DrawKey, RunSeed, Stream},
        schedule::{Phase, SchedulePlugin, SimTick, run_tick},
        scoring::ScoringTag,
        time::Clock,
    },
    org::{
        DeskRules, ForceIx, NationIx, Patience, ServiceIx, ServiceLaw, ServiceTime, Side, SideIx,
        UnitOrg,
    },
    picture::{BluePicture, TrackStore},
    planning::{fire_control::FireControl, oracle::OracleViews, proposal::Decision},
    platform::{
        class::{Catalogue, Domain, TargetClass},
        damage::Damage,
        stores::EffectorIx,
        vehicle::Fleet,
    },
    wire::{Audience, Delivery, Header, MessageClass, MessageId, MessageSizes, Outbox, Precedence},
};

/// Desks of a kind, which differ in their draws only.
const DESKS: u32 = 40;

/// Length of a tick, s.
const TICK_S: f64 = 2.0;

/// Simulated time, h.
const HOURS: f64 = 100.0;

/// Seconds of an hour.
const H: f64 = 3600.0;

/// A kind of desk: operators, arrivals an hour, proposals that perish an hour, as it were (0 for none).
#[derive(Debug, Clone, Copy)]
struct Kind {
    operators: u32,
    arrivals_h: f64,
    perish_h: f64,
}

/// Every kind that is looked at, each with six services an hour and operator.
const KINDS: [Kind; 5] = [
    Kind {
        operators: 1,
        arrivals_h: 4.0,
        perish_h: 3.0,
    },
    Kind {
        operators: 2,
        arrivals_h: 4.0,
        perish_h: 3.0,
    },
    Kind {
        operators: 2,
        arrivals_h: 12.0,
        perish_h: 3.0,
    },
    Kind {
        operators: 1,
        arrivals_h: 4.0,
        perish_h: 0.0,
    },
    Kind {
        operators: 3,
        arrivals_h: 12.0,
        perish_h: 0.0,
    },
];

/// The rules of a desk of a kind.
fn rules(kind: Kind) -> DeskRules {
    let (proposal_valid_s, patience) = if kind.perish_h > 0.0 {
        (H / kind.perish_h, Patience::Exponential)
    } else {
        (1e9, Patience::Fixed)
    };
    DeskRules {
        at: "desk".to_owned(),
        operators: kind.operators,
        service: ServiceTime {
            median_s: H / 6.0 * core::f64::consts::LN_2,
            sigma_log: 0.0,
            floor_s: 0.0,
            law: ServiceLaw::Exponential,
        },
        accept_confidence: 1.0,
        authorisation_valid_s: 60.0,
        proposal_valid_s,
        patience,
        lost_link_s: 60.0,
    }
}

/// A proposal of which nobody can be sure, so that nothing follows from it.
fn proposal(id: u64, desk: UnitIx, at: SimTime) -> Proposal {
    Proposal {
        id,
        post: desk,
        track: TrackRef {
            node: desk,
            number: 1,
        },
        confidence: 0.5,
        position: DVec2::ZERO,
        velocity: DVec2::ZERO,
        sigma_m: 5.0,
        as_of: at,
        target: TargetClass::Light,
        domain: Domain::Land,
        shooter: desk,
        effector: EffectorIx(0),
        shots: 1,
        proposed: at,
        tag: ScoringTag::default(),
    }
}

/// A world of desks and nothing else.
fn world(rules: Vec<DeskRules>) -> World {
    let catalogue = Arc::new(Catalogue::shipped());
    let count = u32::try_from(rules.len()).unwrap();
    let desks = (0..count).map(UnitIx).zip(rules);
    let unit = UnitOrg {
        side: SideIx(0),
        nation: NationIx(0),
        service: ServiceIx(0),
        force: ForceIx(0),
        roles: [].into(),
        releasable_to: None,
        stem: String::new(),
    };
    let order = OrderOfBattle {
        sides: vec![Side {
            id: "blue".into(),
            hostile_to: [].into(),
            course: None,
            planner: crate::org::Planner::default(),
        }],
        units: vec![unit; count as usize],
        desks: desks.collect(),
        ..OrderOfBattle::default()
    };
    let mut app = App::new();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few thousand"
    )]
    let dt_ms = (1000.0 * TICK_S) as u32;
    app.add_plugins((SchedulePlugin { dt_ms }, DeskPlugin))
        .add_systems(SimTick, follow.in_set(Phase::Account))
        .init_resource::<DeskAccounts>();
    let rows = (0..count).map(|at| {
        let parts = (
            DeskState::default(),
            TrackStore::default(),
            BluePicture::default(),
            Damage::default(),
        );
        UnitRow {
            id: UnitId(u64::from(at) + 1000),
            entity: app.world_mut().spawn(parts).id(),
            name: format!("desk-{at}"),
        }
    });
    let index = UnitIndex::new(rows.collect());
    let gun = Arc::new(catalogue.effector("machine-gun").unwrap().clone());
    app.insert_resource(order)
        .insert_resource(index)
        .insert_resource(RunSeed(7))
        .insert_resource(Fleet::new(Vec::new(), vec![gun], catalogue))
        .init_resource::<FireControl>()
        .init_resource::<MessageSizes>()
        .init_resource::<OracleViews>()
        .init_resource::<Ledger>()
        .init_resource::<Delivered<Proposal>>()
        .init_resource::<Outbox<FireOrder>>()
        .init_resource::<Outbox<Decision>>()
        .init_resource::<Outbox<Recall>>()
        .init_resource::<Outbox<Renewal>>();
    core::mem::take(app.world_mut())
}

/// The outside of a proposal that arrives.
fn header(number: u64, desk: UnitIx, at: SimTime) -> Header {
    Header {
        id: MessageId::of(UnitId(0), MessageClass::Fires, number),
        author: desk,
        about: desk,
        class: MessageClass::Fires,
        precedence: Precedence::Flash,
        audience: Audience::Unit(desk),
        size_bytes: 1,
        created: at,
        expires: SimTime::NEVER,
        is_latest: false,
    }
}

/// Lets proposals arrive at every desk for the whole time; gives what the result says of each.
fn sit() -> Vec<DeskRow> {
    let of_kind = |kind: &Kind| vec![rules(*kind); DESKS as usize];
    let mut world = world(KINDS.iter().flat_map(of_kind).collect());
    let desks: Vec<(UnitIx, f64)> = (0..DESKS)
        .flat_map(|at| (0..KINDS.len()).map(move |kind| (at, kind)))
        .map(|(at, kind)| {
            let first = DESKS * u32::try_from(kind).unwrap();
            (UnitIx(first + at), H / KINDS[kind].arrivals_h)
        })
        .collect();
    let mut streams: Vec<_> = desks
        .iter()
        .map(|(desk, gap_s)| {
            let key = DrawKey::new(Stream::Placement, u64::from(desk.0), 1, 1);
            let mut draws = key.draws(3);
            let first = SimTime::from_s(exponential(&mut draws, *gap_s));
            (*desk, *gap_s, draws, first)
        })
        .collect();
    let (mut number, end) = (0, SimTime::from_s(HOURS * H));
    while world.resource::<Clock>().now() < end {
        let until = world.resource::<Clock>().next();
        let mut arrived = Vec::new();
        for (desk, gap_s, draws, next) in &mut streams {
            while *next < until {
                number += 1;
                arrived.push(Delivery {
                    to: *desk,
                    at: *next,
                    header: header(number, *desk, *next),
                    body: proposal(number, *desk, *next),
                });
                *next = next.plus_s(exponential(draws, *gap_s));
            }
        }
        world
            .resource_mut::<Delivered<Proposal>>()
            .hand_out(arrived);
        run_tick(&mut world);
        world.resource_mut::<Outbox<Decision>>().take();
    }
    assert!(
        world.resource_mut::<Outbox<FireOrder>>().take().is_empty(),
        "nobody was sure enough"
    );
    rows(&world, end)
}

/// Mean of a figure over the desks of a kind, and its standard error by the spread between them.
fn of_kind(rows: &[DeskRow], kind: usize, figure: impl Fn(&DeskRow) -> f64) -> (f64, f64) {
    let count = f64::from(DESKS);
    let own = || {
        rows.iter()
            .skip(kind * DESKS as usize)
            .take(DESKS as usize)
            .map(&figure)
    };
    let mean = own().sum::<f64>() / count;
    let squares: f64 = own().map(|it| (it - mean) * (it - mean)).sum();
    (mean, (squares / (count - 1.0) / count).sqrt())
}

/// Share of the arrivals that lapsed.
#[expect(clippy::cast_precision_loss, reason = "a few thousand")]
fn lapsed(row: &DeskRow) -> f64 {
    row.lapsed as f64 / row.arrivals as f64
}

/// MODELS §3 no. 23 and 24, at four standard errors. A desk takes the next case at the next tick only,
/// which makes service longer by at most one tick in 300.
#[test]
fn desks_wait_and_lose_as_erlang_says() {
    let rows = sit();
    let check = |what: &str, (found, error): (f64, f64), want: f64| {
        println!("{what}: {found:.4} +- {error:.4}, formula {want:.4}");
        assert!(
            (found - want).abs() < 4.0 * error,
            "{what}: {found}, not {want}"
        );
        assert!(error < 0.1 * want, "{what}: {error} tells nothing");
    };
    for (at, kind) in KINDS.iter().enumerate().take(3) {
        let want = abandonment(kind.operators, kind.arrivals_h, 6.0, kind.perish_h);
        check("lapsed", of_kind(&rows, at, lapsed), want);
    }
    let wait_min = |row: &DeskRow| row.wait_mean_s.unwrap() / 60.0;
    let [apart, pooled] = [3, 4].map(|kind| of_kind(&rows, kind, wait_min));
    check("apart, min", apart, 60.0 * mm1_wait(4.0, 6.0));
    check("pooled, min", pooled, 60.0 * mmc_wait(3, 12.0, 6.0));
    assert!(pooled.0 < 0.5 * apart.0, "pooling helps");
    // Load 4 / 6, and 12 / 18; nobody lapses who waits for ever.
    for kind in [3, 4] {
        let load = of_kind(&rows, kind, |row| row.utilisation.unwrap());
        check("load", load, 2.0 / 3.0);
        assert!(of_kind(&rows, kind, lapsed).0 <= 0.0);
    }
    let books_balance = |row: &DeskRow| {
        let open = row.arrivals - row.served - row.lapsed;
        row.served == row.refused && open <= u64::from(row.operators) + row.queue_max
    };
    assert!(rows.iter().all(books_balance), "{rows:?}");
}

/// Load over a day of one operator with so many vehicles, each of which can be left alone for a while,
/// then needs him for a while, and so on.
fn attended(vehicles: usize) -> f64 {
    let interaction = ServiceTime {
        median_s: INTERACTION_S,
        sigma_log: 0.0,
        floor_s: 0.0,
        law: ServiceLaw::LogNormal,
    };
    let desk = DeskRules {
        service: interaction,
        ..rules(KINDS[3])
    };
    let mut world = world(vec![desk]);
    // When each vehicle needs somebody next; never while it waits for him.
    let mut calls: Vec<SimTime> = (0_u32..)
        .take(vehicles)
        .map(|at| SimTime::from_s(INTERACTION_S * f64::from(at)))
        .collect();
    let mut asked: Vec<usize> = Vec::new();
    let end = SimTime::from_s(24.0 * H);
    while world.resource::<Clock>().now() < end {
        let until = world.resource::<Clock>().next();
        let mut arrived = Vec::new();
        for (vehicle, call) in calls
            .iter_mut()
            .enumerate()
            .filter(|(_, call)| **call < until)
        {
            let number = asked.len() as u64;
            arrived.push(Delivery {
                to: UnitIx(0),
                at: *call,
                header: header(number, UnitIx(0), *call),
                body: proposal(number, UnitIx(0), *call),
            });
            asked.push(vehicle);
            *call = SimTime::NEVER;
        }
        world
            .resource_mut::<Delivered<Proposal>>()
            .hand_out(arrived);
        run_tick(&mut world);
        for (header, decision) in world.resource_mut::<Outbox<Decision>>().take() {
            let vehicle = asked[usize::try_from(decision.proposal).unwrap()];
            calls[vehicle] = header.created.plus_s(NEGLECT_S);
        }
    }
    rows(&world, end)[0].utilisation.unwrap()
}

/// How long a vehicle can be left alone, s.
const NEGLECT_S: f64 = 600.0;

/// How long it then needs its operator, s.
const INTERACTION_S: f64 = 200.0;

/// MODELS §3 no. 25: one operator attends to NT / IT + 1 vehicles (Olsen and Goodrich 2003), here to four:
/// with fewer he has time left, with more they wait for him. A tick is one part in a hundred of his time.
#[test]
fn a_desk_is_full_with_as_many_vehicles_as_the_fan_out_says() {
    let fan_out = NEGLECT_S / INTERACTION_S + 1.0;
    for vehicles in [1_u32, 2, 3, 4, 5, 7] {
        let load = attended(vehicles as usize);
        let want = (f64::from(vehicles) / fan_out).min(1.0);
        assert!((load - want).abs() < 0.02, "{vehicles}: {load}, not {want}");
    }
}
