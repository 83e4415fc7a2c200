//! Who gets what under which rules and labels.

use std::collections::BTreeSet;

use super::{
    matrix::{Direction, ExchangeKind, Matrix, Passage, Relation, Rule, rules_of},
    network::Networks,
    sharing::{Handling, Recipients, Release, Sharing},
};
use crate::{
    kernel::{
        ids::{UnitId, UnitIx},
        time::SimTime,
    },
    org::{
        Doctrine, Echelon, Force, ForceIx, NationIx, OrderOfBattle, Regime, Role, ServiceIx,
        ServiceLaw, ServiceTime, Side, SideIx, UnitOrg,
    },
    wire::{Audience, Detail, Header, MessageClass, MessageId, Precedence},
};

/// The brigade's post, a gateway.
const BRIGADE: UnitIx = UnitIx(0);

/// A company's post of the same service, gateway and liaison.
const COMPANY: UnitIx = UnitIx(1);

/// The air force's post.
const AIR: UnitIx = UnitIx(2);

/// The partner's post.
const PARTNER: UnitIx = UnitIx(3);

/// A scout of the company.
const SCOUT: UnitIx = UnitIx(4);

/// Five units of one side, in four forces.
fn order() -> OrderOfBattle {
    let force = |id: &str, echelon, superior: Option<u16>, command| Force {
        id: id.into(),
        side: SideIx(0),
        echelon,
        superior: superior.map(ForceIx),
        command: Some(command),
        has_own_command: true,
        doctrine: Doctrine::default(),
    };
    let unit = |nation, service, force, roles: &[Role]| UnitOrg {
        side: SideIx(0),
        nation: NationIx(nation),
        service: ServiceIx(service),
        force: ForceIx(force),
        roles: roles.iter().copied().collect(),
        releasable_to: None,
        stem: String::new(),
    };
    OrderOfBattle {
        sides: vec![Side {
            id: "blue".into(),
            hostile_to: BTreeSet::new(),
            course: None,
            planner: crate::org::Planner::default(),
        }],
        forces: vec![
            force("brigade", Echelon::Brigade, None, BRIGADE),
            force("company", Echelon::Company, Some(0), COMPANY),
            force("wing", Echelon::Company, Some(0), AIR),
            force("partner", Echelon::Company, Some(0), PARTNER),
        ],
        units: vec![
            unit(0, 0, 0, &[Role::Command, Role::Gateway]),
            unit(0, 0, 1, &[Role::Command, Role::Gateway, Role::Liaison]),
            unit(0, 1, 2, &[Role::Command]),
            unit(1, 2, 3, &[Role::Command]),
            unit(0, 0, 1, &[]),
        ],
        ..OrderOfBattle::default()
    }
}

/// Sharing by rules, with everything released to the partner.
fn sharing(rules: &[Rule]) -> Sharing {
    let handling = |detail| Handling {
        servers: 1,
        service: ServiceTime {
            median_s: 0.0,
            sigma_log: 0.0,
            floor_s: 0.0,
            law: ServiceLaw::LogNormal,
        },
        echelons: Echelon::ALL.into(),
        detail,
    };
    Sharing {
        matrix: Matrix::new(rules),
        gateway: handling(Detail::Rounded),
        liaison: handling(Detail::Spoken),
        releases: vec![Release {
            from: NationIx(0),
            to: NationIx(1),
            classes: MessageClass::ALL.to_vec(),
        }],
    }
}

/// A message of the scout to all posts.
fn header(class: MessageClass) -> Header {
    Header {
        id: MessageId::of(UnitId(4), class, 0),
        author: SCOUT,
        about: SCOUT,
        class,
        precedence: Precedence::Routine,
        audience: Audience::Posts,
        size_bytes: 32,
        created: SimTime::ZERO,
        expires: SimTime::from_s(60.0),
        is_latest: false,
    }
}

/// Who gets a message of a class of the scout.
fn recipients(sharing: &Sharing, class: MessageClass, order: &OrderOfBattle) -> Recipients {
    sharing.from_author(&header(class), order, &Networks::default())
}

#[test]
fn each_regime_sends_a_track_its_own_way() {
    let order = order();
    let of = |regime| recipients(&sharing(&rules_of(regime)), MessageClass::Track, &order);
    let own = vec![BRIGADE, COMPANY];
    let stovepiped = of(Regime::Stovepiped);
    assert_eq!(stovepiped.readers, own);
    assert_eq!(stovepiped.exchanges, [(COMPANY, ExchangeKind::Liaison)]);
    let joint = of(Regime::Joint);
    assert_eq!(joint.readers, own);
    let gateways = [BRIGADE, COMPANY].map(|unit| (unit, ExchangeKind::Gateway));
    assert_eq!(joint.exchanges, gateways);
    let meshed = of(Regime::Meshed);
    assert_eq!(meshed.readers, [BRIGADE, COMPANY, AIR, PARTNER]);
    assert_eq!(meshed.exchanges, []);
}

#[test]
fn what_an_exchange_hands_over_goes_to_those_whom_its_way_leads_to() {
    let order = order();
    let joint = sharing(&rules_of(Regime::Joint));
    let handed = |kind| {
        let header = header(MessageClass::Track);
        joint.from_exchange(&header, (COMPANY, kind), &order, &Networks::default())
    };
    assert_eq!(handed(ExchangeKind::Gateway), [AIR, PARTNER]);
    assert_eq!(handed(ExchangeKind::Liaison), []);
}

#[test]
fn gateways_count_at_the_echelons_that_are_named() {
    let order = order();
    let mut joint = sharing(&rules_of(Regime::Joint));
    joint.gateway.echelons = [Echelon::Battalion, Echelon::Brigade].into();
    let found = recipients(&joint, MessageClass::Track, &order);
    assert_eq!(found.exchanges, [(BRIGADE, ExchangeKind::Gateway)]);
    joint.gateway.echelons = [Echelon::Division].into();
    let found = recipients(&joint, MessageClass::Track, &order);
    assert_eq!(found.exchanges, []);
}

#[test]
fn a_custom_matrix_tells_classes_relations_and_directions_apart() {
    let order = order();
    let rule = |classes: &[MessageClass], between: &[Relation], direction: &[Direction], by| Rule {
        classes: classes.to_vec(),
        between: between.to_vec(),
        direction: direction.to_vec(),
        by,
    };
    let (all, track) = (&MessageClass::ALL, &[MessageClass::Track]);
    let rules = [
        rule(
            all,
            &[Relation::OwnService],
            &[Direction::Up],
            Passage::Direct,
        ),
        rule(
            track,
            &[Relation::OtherService],
            &Direction::ALL,
            Passage::Direct,
        ),
        rule(
            track,
            &[Relation::OtherNation],
            &Direction::ALL,
            Passage::Liaison,
        ),
    ];
    let custom = sharing(&rules);
    let found = recipients(&custom, MessageClass::Track, &order);
    assert_eq!(found.readers, [BRIGADE, COMPANY, AIR]);
    assert_eq!(found.exchanges, [(COMPANY, ExchangeKind::Liaison)]);
    let found = recipients(&custom, MessageClass::Image, &order);
    assert_eq!(found.readers, [BRIGADE, COMPANY]);
    assert_eq!(found.exchanges, []);
    assert!(!custom.stays_inside(MessageClass::Track));
    assert!(custom.stays_inside(MessageClass::Image));
    // Sideways inside the service nothing passes, but to itself a unit may say everything.
    let own = Header {
        author: BRIGADE,
        about: BRIGADE,
        audience: Audience::Unit(BRIGADE),
        ..header(MessageClass::Fires)
    };
    let found = custom.from_author(&own, &order, &Networks::default());
    assert_eq!(found.readers, [BRIGADE]);
    let down = Header {
        audience: Audience::Unit(SCOUT),
        ..own
    };
    let found = custom.from_author(&down, &order, &Networks::default());
    assert_eq!(found.readers, []);
}

#[test]
fn a_label_keeps_what_a_national_sensor_reports_from_partners() {
    let mut order = order();
    let meshed = sharing(&rules_of(Regime::Meshed));
    let readers = |order: &OrderOfBattle, about| {
        let header = Header {
            about,
            ..header(MessageClass::Track)
        };
        let found = meshed.from_author(&header, order, &Networks::default());
        found.readers
    };
    let nation = vec![BRIGADE, COMPANY, AIR];
    let everybody = [&nation[..], &[PARTNER]].concat();
    assert_eq!(readers(&order, SCOUT), everybody);
    order.units[SCOUT.at()].releasable_to = Some(BTreeSet::new());
    assert_eq!(readers(&order, SCOUT), nation);
    order.units[SCOUT.at()].releasable_to = Some([NationIx(1)].into());
    assert_eq!(readers(&order, SCOUT), everybody);
    // The label is that of the unit whose information it is, whoever passes it on.
    order.units[AIR.at()].releasable_to = Some(BTreeSet::new());
    assert_eq!(readers(&order, AIR), nation);
    // What a nation does not release no label releases.
    let mut closed = sharing(&rules_of(Regime::Meshed));
    closed.releases.clear();
    let found = recipients(&closed, MessageClass::Track, &order);
    assert_eq!(found.readers, nation);
}
