//! Gateways that fail and work again.

use crate::{
    comms::{routing::RoutingProtocol, sandbox::Sandbox},
    kernel::ids::UnitIx,
    org::{
        Doctrine, Echelon, Force, ForceIx, NationIx, OrderOfBattle, Regime, Role, ServiceIx, Side,
        SideIx, UnitOrg,
    },
    wire::{Audience, MessageId},
};

const SCOUT: UnitIx = UnitIx(0);
const GATEWAY: UnitIx = UnitIx(1);
const OTHER_GATEWAY: UnitIx = UnitIx(2);
const AIR: UnitIx = UnitIx(3);

/// A scout and gateways of the army and a post of the air force on ideal links; a gateway takes ten
/// seconds for a message.
fn sandbox(has_other: bool) -> Sandbox {
    let force = |id: &str, command| Force {
        id: id.into(),
        side: SideIx(0),
        echelon: Echelon::Company,
        superior: None,
        command: Some(command),
        has_own_command: true,
        doctrine: Doctrine::default(),
    };
    let unit = |service: u8, roles: &[Role]| UnitOrg {
        side: SideIx(0),
        nation: NationIx(0),
        service: ServiceIx(service),
        force: ForceIx(u16::from(service)),
        roles: roles.iter().copied().collect(),
        releasable_to: None,
        stem: String::new(),
    };
    let other = [Role::Gateway];
    let order = OrderOfBattle {
        sides: vec![Side {
            id: "blue".into(),
            hostile_to: [].into(),
            course: None,
            planner: crate::org::Planner::default(),
        }],
        forces: vec![force("army", GATEWAY), force("air", AIR)],
        units: vec![
            unit(0, &[]),
            unit(0, &[Role::Gateway]),
            unit(0, if has_other { &other } else { &[] }),
            unit(1, &[Role::Command]),
        ],
        ..OrderOfBattle::default()
    };
    let mut sandbox = Sandbox::new(order, Regime::Joint, RoutingProtocol::LinkState);
    sandbox.networks.ideal = true;
    sandbox
}

/// Ticks of a second until a time, s.
fn run_to(sandbox: &mut Sandbox, until_s: u64) {
    while sandbox.clock.tick < until_s {
        sandbox.tick();
    }
}

/// Delays of what the air force's post got, s.
fn delays_s(sandbox: &Sandbox) -> Vec<f64> {
    let read = sandbox.carried.read().iter();
    read.filter_map(|it| it.delay_s).collect()
}

/// The scout reports something for all posts.
fn report(sandbox: &mut Sandbox, valid_s: f64) -> MessageId {
    sandbox.write(SCOUT, Audience::Posts, valid_s)
}

/// Messages that the gateway has handled and turned away.
fn counts(sandbox: &Sandbox) -> (u64, u64) {
    let desk = sandbox.exchanges.iter().find(|it| it.0 == GATEWAY);
    desk.map_or((0, 0), |(_, _, desk)| (desk.handled, desk.turned_away))
}

#[test]
fn what_a_gateway_holds_waits_until_it_works_again() {
    let mut sandbox = sandbox(false);
    run_to(&mut sandbox, 1);
    for _ in 0..3 {
        report(&mut sandbox, 1000.0);
    }
    run_to(&mut sandbox, 6);
    sandbox.outages.exchanges.insert(GATEWAY);
    run_to(&mut sandbox, 61);
    assert!(delays_s(&sandbox).is_empty());
    sandbox.outages.exchanges.remove(&GATEWAY);
    run_to(&mut sandbox, 120);
    // What it had in hand is begun anew.
    assert_eq!(delays_s(&sandbox), [70.0, 80.0, 90.0]);
    assert_eq!(counts(&sandbox), (3, 0));
    assert!(sandbox.transit.is_empty());
}

#[test]
fn who_is_off_the_air_is_not_heard_and_hears_nothing_but_itself() {
    let mut sandbox = sandbox(true);
    run_to(&mut sandbox, 1);
    sandbox.mute(SCOUT);
    report(&mut sandbox, 1000.0);
    run_to(&mut sandbox, 30);
    assert!(delays_s(&sandbox).is_empty());
    sandbox.write(SCOUT, Audience::Unit(SCOUT), 1000.0);
    run_to(&mut sandbox, 31);
    assert_eq!(delays_s(&sandbox), [0.0]);
    sandbox.write(GATEWAY, Audience::Unit(SCOUT), 1000.0);
    run_to(&mut sandbox, 60);
    assert_eq!(delays_s(&sandbox), [0.0]);
}

#[test]
fn an_outage_that_is_over_before_it_is_noticed_delays_nothing() {
    let mut sandbox = sandbox(false);
    run_to(&mut sandbox, 1);
    report(&mut sandbox, 1000.0);
    run_to(&mut sandbox, 3);
    sandbox.outages.exchanges.insert(GATEWAY);
    run_to(&mut sandbox, 8);
    sandbox.outages.exchanges.remove(&GATEWAY);
    run_to(&mut sandbox, 20);
    assert_eq!(delays_s(&sandbox), [10.0]);
}

#[test]
fn in_an_outage_messages_expire_and_new_ones_are_refused() {
    let mut sandbox = sandbox(false);
    run_to(&mut sandbox, 1);
    let held = [30.0, 40.0].map(|valid_s| report(&mut sandbox, valid_s));
    run_to(&mut sandbox, 6);
    sandbox.outages.exchanges.insert(GATEWAY);
    run_to(&mut sandbox, 20);
    let refused = report(&mut sandbox, 1000.0);
    sandbox.tick();
    assert!(sandbox.flight(refused).is_none());
    assert!(held.iter().all(|id| sandbox.flight(*id).is_some()));
    run_to(&mut sandbox, 50);
    assert!(held.iter().all(|id| sandbox.flight(*id).is_none()));
    sandbox.outages.exchanges.remove(&GATEWAY);
    report(&mut sandbox, 1000.0);
    run_to(&mut sandbox, 70);
    assert_eq!(delays_s(&sandbox), [10.0]);
    assert_eq!(counts(&sandbox), (1, 3));
}

#[test]
fn another_gateway_does_what_one_does_not() {
    let mut sandbox = sandbox(true);
    run_to(&mut sandbox, 1);
    sandbox.outages.exchanges.insert(GATEWAY);
    report(&mut sandbox, 1000.0);
    run_to(&mut sandbox, 20);
    assert_eq!(delays_s(&sandbox), [10.0]);
    sandbox.outages.exchanges.insert(OTHER_GATEWAY);
    report(&mut sandbox, 1000.0);
    run_to(&mut sandbox, 40);
    assert_eq!(delays_s(&sandbox), [10.0]);
}
