//! What is broken stays broken, and who is pinned down lies low: partial damage and suppression in
//! whole runs and among a few units.

use bevy::prelude::Component;
use glam::DVec2;
use serde::Serialize;
use tercio::app::Simulation;
use tercio::kernel::ids::{UnitIndex, UnitIx};
use tercio::kernel::registry::Snapshot;
use tercio::kernel::time::SimTime;
use tercio::org::OrderOfBattle;
use tercio::platform::class::{Domain, Fire, TargetClass};
use tercio::platform::damage::{Damage, Harm};
use tercio::platform::stores::Magazine;
use tercio::platform::suppression::Suppression;
use tercio::platform::truth::Truth;
use tercio::platform::vehicle::Fleet;

use super::micro::{Field, PLENTY, exact, gun};
use super::support::{catalogue, events_of, start, tutorial};

/// Length of the runs, s.
const UNTIL_S: f64 = 1800.0;

/// The tutorial, in which a component of each unit begins as `value` says.
fn beginning<T: Component + Serialize + Clone>(value: &dyn Fn(UnitIx, &T) -> T) -> Simulation {
    let mut simulation = start(tutorial(), 1, UNTIL_S);
    let wanted = format!(
        "::{}",
        core::any::type_name::<T>().rsplit("::").next().unwrap()
    );
    let kinds = simulation.kind_hashes();
    let kind = kinds.iter().position(|kind| kind.name.ends_with(&wanted));
    let kind = kind.expect("it is registered");
    let mut bytes = Vec::new();
    let world = simulation.world();
    for (ix, row) in world.resource::<UnitIndex>().iter() {
        let now = world.get::<T>(row.entity).expect("every unit has it");
        bytes.extend(postcard::to_stdvec(&Some(value(ix, now))).unwrap());
    }
    let (snapshot, chain) = simulation.snapshot();
    let mut tree = serde_json::to_value(snapshot).unwrap();
    tree["kinds"][kind] = serde_json::to_value(bytes).unwrap();
    let snapshot: Snapshot = serde_json::from_value(tree).unwrap();
    simulation.restore(&(snapshot, chain)).unwrap();
    simulation
}

/// The tutorial in which every unit of the first side has suffered this.
fn harmed(harm: Option<Harm>) -> Simulation {
    let start = start(tutorial(), 1, 1.0);
    let order = start.world().resource::<OrderOfBattle>().clone();
    beginning(&|ix, damage: &Damage| {
        let mut damage = *damage;
        if let Some(harm) = harm.filter(|_| order.unit(ix).side.at() == 0) {
            damage.add(harm, SimTime::ZERO);
        }
        damage
    })
}

/// Detections and first tracks of the first side until the end.
fn found(mut simulation: Simulation) -> (usize, usize) {
    simulation.run().expect("no invariant is broken");
    let order = simulation.world().resource::<OrderOfBattle>().clone();
    let index = simulation.world().resource::<UnitIndex>().clone();
    let output = simulation.finish();
    let side = |name: &str| {
        let mut rows = index.iter();
        let (ix, _) = rows.find(|(_, row)| row.name == name).unwrap();
        order.unit(ix).side.at()
    };
    let count = |kind: &str| {
        let rows = events_of(&output, kind);
        rows.iter().filter(|row| side(&row.subject) == 0).count()
    };
    (count("detection"), count("shared"))
}

#[test]
fn the_blind_find_nothing_and_the_mute_tell_nobody() {
    let (seen, shared) = found(harmed(None));
    assert!(seen > 0 && shared > 0, "{seen} seen, {shared} shared");
    assert_eq!(found(harmed(Some(Harm::Sensor))), (0, 0));
    let (_, shared_by_mute) = found(harmed(Some(Harm::Radio)));
    assert!(
        shared_by_mute < shared,
        "{shared_by_mute} of {shared} shared"
    );
}

/// Distance that units of a domain go in a minute, m, where all are pinned down for so long, s.
fn gone_m(domain: Domain, pinned_s: f64) -> f64 {
    let rules = catalogue()
        .vulnerability
        .as_ref()
        .unwrap()
        .suppression
        .clone();
    let mut simulation = beginning(&|_, _: &Suppression| {
        let mut pinned = Suppression::default();
        pinned.pin(pinned_s, SimTime::ZERO, &rules);
        pinned
    });
    let places = |simulation: &Simulation| -> Vec<DVec2> {
        let world = simulation.world();
        let fleet = world.resource::<Fleet>();
        let rows = world.resource::<UnitIndex>().iter();
        rows.filter(|(ix, _)| fleet.vehicle(*ix).class.domain == domain)
            .map(|(_, row)| world.get::<Truth>(row.entity).unwrap().0.horizontal())
            .collect()
    };
    let before = places(&simulation);
    for _ in 0..600 {
        simulation.step().unwrap();
    }
    let after = places(&simulation);
    before.iter().zip(&after).map(|(a, b)| a.distance(*b)).sum()
}

#[test]
fn who_is_pinned_down_on_land_hardly_moves() {
    let (free_m, pinned_m) = (gone_m(Domain::Land, 0.0), gone_m(Domain::Land, 100.0));
    assert!(
        free_m > 10.0,
        "nobody moves, so nothing was tested: {free_m} m"
    );
    assert!(pinned_m < 0.5 * free_m, "{pinned_m} m against {free_m} m");
}

/// Rounds that a tank fires in two minutes while another shells its surroundings, or not.
fn rounds_fired(is_shelled: bool) -> u32 {
    let mut weapon = gun(Fire::Direct, 0.0, 2.0);
    weapon.suppression = catalogue()
        .effector("howitzer")
        .unwrap()
        .suppression
        .clone();
    let mut own = (**catalogue()).clone();
    let rules = own.vulnerability.as_mut().unwrap();
    rules
        .suppression
        .shares
        .insert(TargetClass::Heavy, exact(1.0));
    let places = [DVec2::ZERO, DVec2::Y * 3000.0, DVec2::X * 3000.0];
    let places = vec![(0, places[0]), (1, places[1]), (1, places[2])];
    let mut field = Field::with(own, vec![(weapon, PLENTY)], places, |_| ());
    let rounds = |field: &Field| field.part::<Magazine>(0).tubes[0].rounds;
    let full = rounds(&field);
    // The first tank fires where nobody is; the second fires beside the first.
    let mut orders = vec![field.allow(0, DVec2::new(0.0, -3000.0), u32::MAX)];
    if is_shelled {
        orders.push(field.allow(1, DVec2::new(60.0, 0.0), u32::MAX));
    }
    field.tick(&orders);
    for _ in 0..120 {
        field.tick(&[]);
    }
    let now = SimTime::from_s(121.0);
    assert_eq!(field.part::<Suppression>(0).is_pinned(now), is_shelled);
    assert!(
        !field.part::<Suppression>(2).is_pinned(now),
        "nothing fell there"
    );
    full - rounds(&field)
}

#[test]
fn who_is_shelled_fires_less() {
    let (calm, shelled) = (rounds_fired(false), rounds_fired(true));
    assert!(shelled * 2 < calm, "{shelled} rounds against {calm}");
    assert!(shelled > 0, "suppression delays and does not stop");
}

#[test]
fn a_unit_without_its_gun_fires_nothing() {
    let places = vec![(0, DVec2::ZERO), (1, DVec2::Y * 1000.0)];
    let mut field = Field::new(gun(Fire::Direct, 1.0, 1.0), places);
    field.change(0, |damage: &mut Damage| {
        damage.add(Harm::Firepower, SimTime::ZERO);
    });
    let leave = field.allow(0, DVec2::Y * 1000.0, 1);
    field.tick(&[leave]);
    assert_eq!(field.living(1).len(), 1);
}
