//! Tests of relays over time and of the data ferry.

use super::*;
use crate::kernel::budget::WorkBudget;
use glam::DVec2;
use proptest::prelude::*;

/// Budget that never ends.
fn endless() -> WorkBudget {
    WorkBudget::new(u64::MAX)
}

/// A grid of places 10 m apart, from (0, 0) to (90, 20).
fn places() -> Vec<DVec2> {
    (0..30_u32)
        .map(|at| 10.0 * DVec2::new(f64::from(at % 10), f64::from(at / 10)))
        .collect()
}

/// Members at these places, the first one being the hub.
fn members(places: &[(f64, f64, f64)]) -> Vec<Member> {
    let member = |&(x, y, worth): &(f64, f64, f64)| Member {
        at: DVec2::new(x, y),
        worth,
    };
    places.iter().map(member).collect()
}

/// Links between places of these slots that are within 15 m of each other.
fn near(slots: &[SlotPlan]) -> impl Fn(usize, Place, Place) -> bool {
    let candidates = places();
    move |slot, a, b| {
        let at = |place| match place {
            Place::Member(member) => slots[slot].members[member].at,
            Place::Candidate(candidate) => candidates[candidate],
        };
        at(a).distance(at(b)) <= 15.0
    }
}

#[test]
fn a_chain_grows_with_its_member_and_ends_where_relays_do() {
    let vehicle = RelayVehicle {
        at: DVec2::ZERO,
        speed_m_s: 10.0,
    };
    let slot = |begins_s: f64, x: f64| SlotPlan {
        begins_s,
        members: members(&[(0.0, 0.0, 0.0), (x, 0.0, 5.0)]),
    };
    let slots = [
        slot(10.0, 12.0),
        slot(20.0, 38.0),
        slot(30.0, 55.0),
        slot(40.0, 90.0),
    ];
    let kept = keep_connected(
        &slots,
        &places(),
        &[vehicle; 4],
        &near(&slots),
        &mut endless(),
    )
    .unwrap();
    let crews: Vec<usize> = kept
        .iter()
        .map(|k| k.held.iter().flatten().count())
        .collect();
    assert_eq!(crews, [0, 3, 4, 0]);
    let given_up: Vec<f64> = kept.iter().map(|k| k.given_up).collect();
    assert_eq!(given_up, [0.0, 0.0, 0.0, 5.0]);
    assert_eq!(kept[3].joined, [true, false]);
}

#[test]
fn relays_that_are_too_slow_do_not_arrive() {
    let vehicle = RelayVehicle {
        at: DVec2::new(0.0, 200.0),
        speed_m_s: 10.0,
    };
    let slot = |begins_s: f64| SlotPlan {
        begins_s,
        members: members(&[(0.0, 0.0, 0.0), (22.0, 0.0, 2.0)]),
    };
    let slots = [slot(5.0), slot(30.0)];
    let kept =
        keep_connected(&slots, &places(), &[vehicle], &near(&slots), &mut endless()).unwrap();
    assert_eq!((kept[0].given_up, kept[1].given_up), (2.0, 0.0));
}

#[test]
fn many_members_are_taken_in_order_of_worth() {
    let vehicle = RelayVehicle {
        at: DVec2::ZERO,
        speed_m_s: 100.0,
    };
    let mut spots = vec![(0.0, 0.0, 0.0)];
    // Fourteen members on a far line; the two that are worth most are served by two relays.
    spots.extend((0..14_u32).map(|n| (36.0, 20.0 * f64::from(n), f64::from(20 - n))));
    let slots = [SlotPlan {
        begins_s: 10.0,
        members: members(&spots),
    }];
    let kept = keep_connected(
        &slots,
        &places(),
        &[vehicle; 3],
        &near(&slots),
        &mut endless(),
    )
    .unwrap();
    assert!(
        !kept[0].is_weighed && kept[0].joined[1] && kept[0].joined[2],
        "{kept:?}"
    );
    assert!(!kept[0].joined[9]);
}

#[test]
fn slots_out_of_order_and_bad_numbers_are_refused() {
    let hub = members(&[(0.0, 0.0, 0.0)]);
    let late = SlotPlan {
        begins_s: 5.0,
        members: hub.clone(),
    };
    let early = SlotPlan {
        begins_s: 1.0,
        members: hub,
    };
    let run = |slots: &[SlotPlan], vehicles: &[RelayVehicle]| {
        keep_connected(slots, &places(), vehicles, &near(slots), &mut endless())
    };
    assert_eq!(run(&[late.clone(), early], &[]), Err(KeepError::Slot(1)));
    assert_eq!(run(&[SlotPlan::default()], &[]), Err(KeepError::Slot(0)));
    let fast = RelayVehicle {
        at: DVec2::ZERO,
        speed_m_s: f64::NAN,
    };
    assert!(matches!(run(&[late], &[fast]), Err(KeepError::Number(_))));
}

/// Greatest age on a round from its definition: the ferry flies it three times.
fn age_by_flight(stops: &[FerryStop], order: &[(usize, usize)], delivery: Delivery) -> f64 {
    let place = |&(stop, contact): &(usize, usize)| stops[stop].contacts[contact];
    let mut time_s = 0.0;
    let mut served: Vec<(usize, f64)> = Vec::new();
    for lap in 0..3 {
        for at in 0..order.len() {
            if lap > 0 || at > 0 {
                let before = (at + order.len() - 1) % order.len();
                time_s += place(&order[before]).distance(place(&order[at]));
                time_s += stops[order[at].0].dwell_s;
            }
            served.push((order[at].0, time_s));
        }
    }
    let mut oldest = 0.0_f64;
    for (at, &(here, now_s)) in served.iter().enumerate().skip(2 * order.len()) {
        if delivery == Delivery::ToFirst && here != order[0].0 {
            continue;
        }
        // Just before this service `here` knows what the last service here brought.
        let last = served[..at].iter().rposition(|s| s.0 == here).unwrap();
        for stop in (0..stops.len()).filter(|&s| s != here) {
            let left = served[..last].iter().rfind(|s| s.0 == stop).unwrap();
            oldest = oldest.max(now_s - left.1);
        }
    }
    oldest
}

/// Least greatest age over all rounds and contacts.
fn brute(stops: &[FerryStop], order: &mut Vec<(usize, usize)>, delivery: Delivery) -> f64 {
    if order.len() == stops.len() {
        return age_by_flight(stops, order, delivery);
    }
    let mut best = f64::INFINITY;
    for stop in 0..stops.len() {
        if order.iter().any(|o| o.0 == stop) || (order.is_empty() && stop > 0) {
            continue;
        }
        for contact in 0..stops[stop].contacts.len() {
            order.push((stop, contact));
            best = best.min(brute(stops, order, delivery));
            order.pop();
        }
    }
    best
}

/// Up to five stops with one or two contacts.
fn ferries() -> impl Strategy<Value = Vec<FerryStop>> {
    let contact = (0_i32..100, 0_i32..100).prop_map(|(x, y)| DVec2::new(x.into(), y.into()));
    let stop = (prop::collection::vec(contact, 1..3), 0_i32..30);
    prop::collection::vec(stop, 2..6).prop_map(|stops| {
        let stop = |(contacts, dwell): (Vec<DVec2>, i32)| FerryStop {
            contacts,
            dwell_s: f64::from(dwell),
        };
        stops.into_iter().map(stop).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// The age is that of the flown round, and least among all rounds.
    #[test]
    fn ferries_equal_brute_force(stops in ferries(), everywhere in any::<bool>()) {
        let delivery = if everywhere { Delivery::Everywhere } else { Delivery::ToFirst };
        let found = ferry_route(&stops, 1.0, delivery, &mut endless()).unwrap();
        let flown = age_by_flight(&stops, &found.order, delivery);
        prop_assert!((flown - found.greatest_age_s).abs() < 1e-6, "{found:?} flown {flown}");
        let best = brute(&stops, &mut Vec::new(), delivery);
        prop_assert!((found.greatest_age_s - best).abs() < 1e-6, "{found:?} against {best}");
        prop_assert!(found.is_proven);
        let short = ferry_route(&stops, 1.0, delivery, &mut WorkBudget::new(0)).unwrap();
        prop_assert!(short.greatest_age_s >= best - 1e-6 && !short.is_proven);
    }
}

#[test]
fn many_stops_around_a_circle_are_served_in_its_order() {
    let stop = |n: u32| {
        let (sin, cos) = crate::kernel::math::sincos(f64::from(n * 7 % 40) * 0.157);
        FerryStop {
            contacts: vec![1000.0 * DVec2::new(cos, sin)],
            dwell_s: 1.0,
        }
    };
    let stops: Vec<FerryStop> = (0..40).map(stop).collect();
    let found = ferry_route(&stops, 10.0, Delivery::Everywhere, &mut endless()).unwrap();
    // The circle takes 628 s and 40 s of dwelling.
    assert!(
        found.round_s < 700.0 && !found.is_proven,
        "{}",
        found.round_s
    );
    assert!(
        ferry_route(
            &[FerryStop::default()],
            1.0,
            Delivery::ToFirst,
            &mut endless()
        )
        .is_err()
    );
    assert!(ferry_route(&stops, f64::NAN, Delivery::ToFirst, &mut endless()).is_err());
}
