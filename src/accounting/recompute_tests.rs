//! Tests of deciding again.

use std::sync::OnceLock;

use super::*;
use crate::{
    accounting::adjudication::{Hex, MetLine, PinLine, ProposalLine},
    command::{Appraisal, OwnBelief},
    engagement::{Arrival, Fall},
    kernel::random::DrawKey,
    org::{ServiceLaw, ServiceTime},
    platform::class::Fire,
};

/// Seed of the run of these tests.
const SEED: u64 = 7;
/// Ids and classes of the gun, the desk and the tank.
const UNITS_OF_TESTS: [(&str, u64, &str); 3] = [
    ("gun", 11, "truck"),
    ("desk", 12, "command-vehicle"),
    ("tank", 13, "main-battle-tank"),
];

/// The catalogue, read once.
fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(Catalogue::shipped)
}

/// The units of these tests.
fn units() -> &'static [UnitLine] {
    static UNITS: OnceLock<Vec<UnitLine>> = OnceLock::new();
    UNITS.get_or_init(|| {
        let unit = |(unit, id, class): (&str, u64, &str)| UnitLine {
            unit: unit.to_owned(),
            id: Hex(id),
            side: "blue".to_owned(),
            class: class.to_owned(),
        };
        UNITS_OF_TESTS.map(unit).to_vec()
    })
}

/// The run of these tests.
fn reference() -> Reference<'static> {
    Reference::new(SEED, units().iter(), catalogue())
}

/// A draw under a name.
fn draw(stream: Stream, subject: u64, object: u64) -> DrawLine {
    let key = DrawKey::new(stream, subject, object, 0);
    DrawLine::new(key, key.uniform(SEED))
}

/// The gun's shot at the tank, as it was decided.
fn impact() -> ImpactLine {
    let weapon = catalogue().effector("howitzer").unwrap();
    let arrival = Arrival {
        from_rad: -1.0,
        dive_rad: 0.0,
        heading_rad: 0.0,
        halted_s: None,
        is_on_land: true,
    };
    let effect = Effect {
        range_m: 5000.0,
        curve: curve_of(weapon, TargetClass::Heavy),
        shares: DamageShares::of(&weapon.damage),
        exposure: arrival.exposure(
            (TargetClass::Heavy, Fire::Indirect),
            catalogue().vulnerability.as_ref(),
        ),
        arrival,
    };
    assert!(effect.probability() > 0.0, "the weapon reaches");
    let draw = draw(Stream::Shot, 11, 13);
    let harm = effect.harm(draw.uniform);
    ImpactLine {
        time_us: 60_000_000,
        proposal: Hex(77),
        ordinal: 1,
        shooter: "gun".to_owned(),
        effector: "howitzer".to_owned(),
        target: "tank".to_owned(),
        fall: Fall {
            fire: Fire::Indirect,
            sigma_m: 10.0,
            cep_m: 50.0,
            basket_m: None,
        },
        met: vec![MetLine {
            unit: "tank".to_owned(),
            distance_m: 20.0,
        }],
        victim: "tank".to_owned(),
        protection: Some(TargetClass::Heavy),
        factors: effect.factors(),
        probability: effect.probability(),
        effect: Some(effect),
        draw: Some(draw),
        result: result_of(harm),
        before: Some(StateLine {
            can_move: true,
            can_fire: true,
            can_see: true,
            can_talk: true,
        }),
        is_destroyed: harm == Some(Harm::Catastrophic),
        pinned: vec![PinLine {
            unit: "tank".to_owned(),
            distance_m: 20.0,
            adds_s: reference().pins_s("howitzer", "tank", 20.0).unwrap(),
        }],
        flight: None,
    }
}

/// The ruling that allowed it.
fn ruling() -> RulingLine {
    let service = ServiceTime {
        median_s: 20.0,
        sigma_log: 0.5,
        floor_s: 5.0,
        law: ServiceLaw::LogNormal,
    };
    RulingLine {
        time_us: 20_000_000,
        proposal: Hex(77),
        desk: "desk".to_owned(),
        by: RuledBy::Operator,
        leave: Some(LeaveLine {
            from_us: 20_000_000,
            until_us: 200_000_000,
            centre_m: [5000.0, 0.0],
            drift_m_s: [0.0, 0.0],
            radius_m: 150.0,
            lost_link_s: 60.0,
        }),
        waited_s: 22.0,
        operator: Some(OperatorLine {
            appraisal: Appraisal {
                confidence: 0.95,
                accept_confidence: 0.8,
                own: Some(OwnBelief {
                    confidence: 0.95,
                    is_wreck: false,
                }),
                protected_m: None,
                clear_m: 400.0,
                is_forbidden: false,
                caution: 0.0,
            },
            draw: draw(Stream::Decision, 12, 77),
            service,
            takes_s: service.draw_s(SEED, 12, 77),
            service_draw: draw(Stream::Handling, 12, 77),
        }),
    }
}

/// The whole engagement.
fn engagement() -> Vec<Line> {
    let proposal = ProposalLine {
        time_us: 1_000_000,
        proposal: Hex(77),
        post: "desk".to_owned(),
        track: 1,
        target: "tank".to_owned(),
        believed: TargetClass::Heavy,
        shooter: "gun".to_owned(),
        effector: "howitzer".to_owned(),
        shots: 1,
        confidence: 0.95,
        position_m: [5000.0, 0.0],
        sigma_m: 10.0,
        evidence: None,
    };
    let shot = ShotLine {
        time_us: 40_000_000,
        proposal: Hex(77),
        ordinal: 1,
        shooter: "gun".to_owned(),
        effector: "howitzer".to_owned(),
        rounds: 1,
        from_m: [0.0, 0.0, 2.0],
        aim_m: [5000.0, 0.0],
        impact_us: 60_000_000,
        munition: None,
    };
    vec![
        Line::Proposal(proposal),
        Line::Ruling(Box::new(ruling())),
        Line::Shot(shot),
        Line::Impact(Box::new(impact())),
    ]
}

/// What differs in a shot that was changed.
fn impact_differs(change: impl FnOnce(&mut ImpactLine)) -> String {
    let mut line = impact();
    change(&mut line);
    check(&Line::Impact(Box::new(line)), &reference())
        .differences
        .join("; ")
}

/// What differs in an engagement that was changed.
fn leave_differs(change: impl FnOnce(&mut Vec<Line>)) -> String {
    let mut lines = engagement();
    change(&mut lines);
    check_leave(&lines).differences.join("; ")
}

#[test]
fn what_was_decided_is_decided_again() {
    let lines = engagement();
    let mut all = check_leave(&lines);
    for line in &lines {
        all.add(check(line, &reference()));
    }
    assert_eq!(all.differences, Vec::<String>::new());
    assert_eq!((all.draws, all.values), (3, 3));
    let other = Reference {
        seed: SEED + 1,
        ..reference()
    };
    let found = check(&Line::Impact(Box::new(impact())), &other);
    assert_eq!(found.draws, 0, "another seed gives another draw");
}

#[test]
fn every_input_of_a_shot_counts() {
    let shares = impact_differs(|it| it.probability = 0.1);
    assert!(shares.contains("the probability is 0.1"), "{shares}");
    for (what, change) in [
        (
            "the factors",
            (|it| it.effect.as_mut().unwrap().range_m = 4000.0) as fn(&mut ImpactLine),
        ),
        ("the factors", |it| it.effect.as_mut().unwrap().curve = None),
        ("the catalogue's", |it| {
            it.effect.as_mut().unwrap().shares.mobility += 0.1;
        }),
        ("the catalogue's", |it| {
            it.effect.as_mut().unwrap().arrival.halted_s = Some(1e6);
        }),
        ("the catalogue's", |it| {
            it.effect.as_mut().unwrap().exposure.by_stance = 0.9;
        }),
        ("the suppression", |it| it.pinned[0].distance_m = 10.0),
        ("the protection", |it| it.protection = None),
        ("the draw of the shot is", |it| {
            it.draw.as_mut().unwrap().uniform = 0.5;
        }),
        ("name of another draw", |it| {
            it.draw.as_mut().unwrap().object = Hex(14);
        }),
        ("name of another draw", |it| it.shooter = "desk".to_owned()),
        ("the result is", |it| it.result = ShotResult::NobodyThere),
        ("who was met", |it| it.victim = "gun".to_owned()),
        ("in reach", |it| it.met[0].distance_m = 151.0),
        ("nobody was met", |it| it.effect = None),
    ] {
        let found = impact_differs(change);
        assert!(found.contains(what), "`{what}` is not in: {found}");
    }
}

#[test]
fn an_answer_and_its_time_are_computed_again() {
    let differs = |change: fn(&mut RulingLine)| {
        let mut line = ruling();
        change(&mut line);
        let found = check(&Line::Ruling(Box::new(line)), &reference());
        found.differences.join("; ")
    };
    for (what, change) in [
        (
            "whether leave is given",
            (|it| it.leave = None) as fn(&mut RulingLine),
        ),
        ("whether leave is given", |it| {
            it.operator.as_mut().unwrap().appraisal.own = None;
        }),
        ("the operator's time is 3", |it| {
            it.operator.as_mut().unwrap().takes_s = 3.0;
        }),
        ("name of another draw", |it| it.proposal = Hex(78)),
        ("whether an operator ruled", |it| it.by = RuledBy::Nobody),
        ("whether an operator ruled", |it| it.operator = None),
    ] {
        let found = differs(change);
        assert!(found.contains(what), "`{what}` is not in: {found}");
    }
}

#[test]
fn a_shot_needs_a_proposal_and_leave_in_time_and_area() {
    assert_eq!(leave_differs(|_| ()), "");
    /// The shot of an engagement.
    fn shot(lines: &mut [Line]) -> &mut ShotLine {
        match &mut lines[2] {
            Line::Shot(shot) => shot,
            _ => unreachable!("the third line is the shot"),
        }
    }
    for (what, change) in [
        (
            "never proposed",
            (|it| drop(it.remove(0))) as fn(&mut Vec<Line>),
        ),
        ("no leave", |it| drop(it.remove(1))),
        ("never fired", |it| drop(it.remove(2))),
        ("not the one proposed", |it| shot(it).ordinal = 2),
        ("outside the time", |it| shot(it).time_us = 201_000_000),
        ("outside the area", |it| shot(it).aim_m[1] = 151.0),
        ("not what was fired", |it| shot(it).impact_us += 1),
        ("the range of gun", |it| shot(it).from_m[0] = 1.0),
    ] {
        let found = leave_differs(change);
        assert!(found.contains(what), "`{what}` is not in: {found}");
    }
}
