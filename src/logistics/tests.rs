//! Depots at work in a small world: a flat square with one depot in its middle and armed ground
//! robots that come back to it.

use std::sync::{Arc, Mutex};

use bevy::prelude::{App, Component, IntoScheduleConfigs, Res, World};
use glam::{DVec2, DVec3};

use super::{
    Depot, DepotIx, Depots, LogisticsPlugin, Replenish, Replenished, ReturnRules, Stock, Stocks,
    return_plan::parking,
};
use crate::{
    environment::{Landscape, Weather},
    geo::{Extent, LocalFrame, Terrain},
    kernel::{
        ids::{UnitId, UnitIndex, UnitIx, UnitRow},
        messages::Buffer,
        random::{DrawKey, Stream},
        registry,
        schedule::{Phase, SchedulePlugin, SimTick, run_tick},
        time::{Clock, SimTime},
    },
    org::{ForceIx, NationIx, OrderOfBattle, ServiceIx, SideIx, UnitOrg},
    platform::{
        PlatformPlugin,
        class::Catalogue,
        course::{Course, PlanInbox, PlanOrder},
        damage::{Damage, Harm},
        energy::EnergyStore,
        kinematics::MotionState,
        mover::EnergyLeft,
        navigation::NavSolution,
        stores::{EffectorIx, Magazine, Tube},
        truth::Truth,
        vehicle::{Fleet, Vehicle},
    },
};

/// The machine gun of the armed robot.
const GUN: EffectorIx = EffectorIx(0);

/// Rank of the depot in every test.
const DEPOT: UnitIx = UnitIx(0);

/// A unit of a test: class, where it is, energy share, rounds.
type Placed = (&'static str, DVec2, f64, u32);

/// A depot that swaps batteries and reloads a round in 0.1 s, with one bay.
fn one_bay() -> Depot {
    Depot {
        unit: DEPOT,
        side: SideIx(0),
        radius_m: 60.0,
        bays: 1,
        turnaround_s: 30.0,
        charge_w: 0.0,
        refuel_kg_s: 0.0,
        reload_s: 0.1,
    }
}

/// A stock of energy and rounds for the gun.
fn stock(energy_kwh: f64, rounds: u32) -> Stock {
    Stock {
        energy_kwh,
        fuel_kg: 0.0,
        rounds: [(GUN, rounds)].into(),
    }
}

/// The vehicle of a class.
fn vehicle(class: &str, catalogue: &Catalogue) -> Vehicle {
    Vehicle::new(catalogue.class(class).unwrap(), 5.0, 0.2).unwrap()
}

/// Puts a unit into the world.
fn spawn(world: &mut World, ix: UnitIx, vehicle: &Vehicle, placed: Placed) -> UnitRow {
    let (_, at, share, rounds) = placed;
    let id = UnitId(u64::from(ix.0) + 10);
    let state = MotionState::at_rest(at.extend(100.0), 0.0);
    let mut draws = DrawKey::new(Stream::Navigation, id.0, 0, 0).draws(1);
    let mut magazine = Magazine::default();
    if let Some(mount) = vehicle.class.effectors.first() {
        let capacity = mount.rounds;
        magazine.tubes.push(Tube {
            effector: GUN,
            rounds,
            capacity,
            ready: SimTime::ZERO,
        });
    }
    let parts = (
        (
            ix,
            id,
            Truth(state),
            Course::default(),
            EnergyLeft(EnergyStore { share }),
        ),
        (
            NavSolution::new(&state, 3.3, &mut draws),
            Damage::default(),
            magazine,
            Replenish::Free,
        ),
    );
    UnitRow {
        id,
        entity: world.spawn(parts).id(),
        name: format!("unit-{}", ix.0),
    }
}

/// A world with the depot at rank 0, a plain with a height of 100 m, and the other units.
fn world(depot: Depot, stock: Stock, placed: &[Placed]) -> App {
    let catalogue = Arc::new(Catalogue::shipped());
    let terrain = Terrain::from_fn(Extent::about(DVec2::ZERO, 5000.0), 100.0, true, |_| 100.0);
    let mut app = App::new();
    app.add_plugins((
        SchedulePlugin { dt_ms: 100 },
        PlatformPlugin,
        LogisticsPlugin,
    ))
    .insert_resource(Landscape {
        cover: Arc::default(),
        terrain: Arc::new(terrain.unwrap()),
        frame: LocalFrame::new(48.5, 11.0).unwrap(),
        undulation_m: 0.0,
    })
    .insert_resource(Weather::default())
    .insert_resource(Depots(vec![depot]))
    .insert_resource(Stocks(vec![stock]));
    let placed: Vec<Placed> = [&[("depot", DVec2::ZERO, 1.0, 0)], placed]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    let vehicles: Vec<_> = placed
        .iter()
        .map(|unit| vehicle(unit.0, &catalogue))
        .collect();
    let rows = placed
        .iter()
        .zip(&vehicles)
        .enumerate()
        .map(|(at, (unit, vehicle))| spawn(app.world_mut(), UnitIx::from_at(at), vehicle, *unit));
    let index = UnitIndex::new(rows.collect());
    let org = |_| UnitOrg {
        side: SideIx(0),
        nation: NationIx(0),
        service: ServiceIx(0),
        force: ForceIx(0),
        roles: [].into(),
        releasable_to: None,
        stem: String::new(),
    };
    let units = placed.iter().map(org).collect();
    let gun = Arc::new(catalogue.effector("machine-gun").unwrap().clone());
    app.insert_resource(OrderOfBattle {
        units,
        ..OrderOfBattle::default()
    })
    .insert_resource(index)
    .insert_resource(Fleet::new(vehicles, vec![gun], catalogue));
    app
}

/// A part of a unit.
fn part<T: Component>(app: &App, ix: u32) -> &T {
    let entity = app.world().resource::<UnitIndex>().entity(UnitIx(ix));
    app.world().get::<T>(entity).unwrap()
}

/// Runs for some seconds and gathers the visits.
fn run(app: &mut App, seconds: u32, mut look: impl FnMut(&App)) -> Vec<Replenished> {
    let visits = Arc::new(Mutex::new(Vec::new()));
    let sink = visits.clone();
    let gather = move |done: Res<'_, Buffer<Replenished>>| {
        sink.lock().unwrap().extend(done.read().iter().cloned());
    };
    app.add_systems(SimTick, gather.in_set(Phase::Account));
    for _ in 0..10 * seconds {
        run_tick(app.world_mut());
        look(app);
        let stock = &app.world().resource::<Stocks>().0[0];
        assert!(stock.energy_kwh >= 0.0 && stock.fuel_kg >= 0.0, "{stock:?}");
    }
    let visits = visits.lock().unwrap();
    visits.clone()
}

/// What the depot holds now.
fn held(app: &App) -> &Stock {
    &app.world().resource::<Stocks>().0[0]
}

#[test]
fn a_low_unit_goes_back_and_is_filled() {
    let placed = [("ugv-armed", DVec2::new(200.0, 0.0), 0.205, 100)];
    let mut app = world(one_bay(), stock(10.0, 1000), &placed);
    let visits = run(&mut app, 400, |_| {});
    assert_eq!(visits.len(), 1, "{visits:?}");
    let visit = &visits[0];
    assert_eq!((visit.unit, visit.depot), (UnitIx(1), DEPOT));
    assert_eq!(visit.load.rounds, [(GUN, 300)]);
    // 200 m at 1.2 m/s or faster, and 30 s + 300 · 0.1 s in the bay.
    let at_s = visit.at.as_s();
    assert!((120.0..260.0).contains(&at_s), "{at_s}");
    let capacity_kwh = 3.5;
    let gone_kwh = 10.0 - held(&app).energy_kwh;
    assert!((gone_kwh - visit.load.energy_kwh).abs() < 1e-9);
    assert!(
        (0.79..0.85).contains(&(gone_kwh / capacity_kwh)),
        "{gone_kwh}"
    );
    assert_eq!(held(&app).rounds_of(GUN), 700);
    assert!(part::<EnergyLeft>(&app, 1).0.share > 0.95);
    assert!(part::<Replenish>(&app, 1).is_free());
    assert!(part::<Course>(&app, 1).is_idle());
}

#[test]
fn a_unit_far_away_leaves_earlier_and_a_full_one_stays() {
    let depot = one_bay();
    let far = DVec2::new(4500.0, 0.0);
    let placed = [
        ("ugv-armed", far, 0.3, 400),
        ("ugv-armed", DVec2::new(0.0, 100.0), 0.3, 400),
        ("ugv-armed", DVec2::new(0.0, 200.0), 0.9, 0),
    ];
    let mut app = world(depot, stock(10.0, 1000), &placed);
    run(&mut app, 2, |_| {});
    assert!(matches!(
        part::<Replenish>(&app, 1),
        Replenish::Going {
            depot: DepotIx(0),
            ..
        }
    ));
    assert!(part::<Replenish>(&app, 2).is_free());
    assert!(!part::<Replenish>(&app, 3).is_free(), "an empty magazine");
}

#[test]
fn one_bay_serves_one_after_the_other() {
    let placed = [
        ("ugv-armed", DVec2::new(80.0, 0.0), 0.2, 400),
        ("ugv-armed", DVec2::new(-80.0, 0.0), 0.2, 400),
        ("ugv-armed", DVec2::new(0.0, 80.0), 0.2, 400),
    ];
    let mut app = world(one_bay(), stock(50.0, 0), &placed);
    let mut has_queued = false;
    let visits = run(&mut app, 300, |app| {
        let states = (1..=3).map(|ix| part::<Replenish>(app, ix));
        let served = states
            .clone()
            .filter(|it| matches!(it, Replenish::Served { .. }))
            .count();
        assert!(served <= 1, "one bay");
        has_queued |= states
            .filter(|it| matches!(it, Replenish::Waiting { .. }))
            .count()
            == 2;
    });
    assert!(has_queued);
    assert_eq!(visits.len(), 3, "{visits:?}");
    for pair in visits.windows(2) {
        assert!(pair[1].at.since_s(pair[0].at) >= 30.0, "{pair:?}");
    }
}

#[test]
fn an_almost_empty_depot_gives_what_it_has() {
    let placed = [("ugv-armed", DVec2::new(50.0, 0.0), 0.2, 0)];
    let mut app = world(one_bay(), stock(0.35, 7), &placed);
    let visits = run(&mut app, 300, |_| {});
    assert_eq!(
        visits.len(),
        1,
        "nobody comes twice for nothing: {visits:?}"
    );
    assert!((visits[0].load.energy_kwh - 0.35).abs() < 1e-12);
    assert_eq!(visits[0].load.rounds, [(GUN, 7)]);
    assert_eq!(held(&app).rounds_of(GUN), 0);
    assert!(held(&app).energy_kwh.abs() < 1e-12);
    assert!(part::<EnergyLeft>(&app, 1).0.share < 0.32);
}

#[test]
fn a_charger_takes_its_time_and_who_leaves_early_leaves_the_load() {
    let depot = Depot {
        charge_w: 3500.0,
        ..one_bay()
    };
    let placed = [("ugv-armed", DVec2::new(40.0, 0.0), 0.1, 400)];
    let mut app = world(depot, stock(10.0, 0), &placed);
    run(&mut app, 200, |_| {});
    let Replenish::Served { until, load, .. } = part::<Replenish>(&app, 1).clone() else {
        panic!("not served");
    };
    // 0.9 of the capacity of 3.5 kWh at 3.5 kW: 54 minutes and the turnaround.
    let began_s = until.as_s() - 3600.0 * load.energy_kwh / 3.5 - 30.0;
    assert!((0.5..100.0).contains(&began_s), "{began_s}");
    assert!(load.energy_kwh > 3.0 && held(&app).energy_kwh < 7.0);
    let entity = app.world().resource::<UnitIndex>().entity(UnitIx(1));
    app.world_mut().get_mut::<Truth>(entity).unwrap().0.position = DVec3::new(900.0, 0.0, 100.0);
    run(&mut app, 2, |_| {});
    assert!((held(&app).energy_kwh - 10.0).abs() < 1e-9);
}

#[test]
fn nobody_goes_to_a_lost_depot() {
    let placed = [("ugv-armed", DVec2::new(300.0, 0.0), 0.2, 400)];
    let mut app = world(one_bay(), stock(10.0, 0), &placed);
    run(&mut app, 5, |_| {});
    assert!(!part::<Replenish>(&app, 1).is_free());
    let entity = app.world().resource::<UnitIndex>().entity(DEPOT);
    app.world_mut()
        .get_mut::<Damage>(entity)
        .unwrap()
        .add(Harm::Catastrophic, SimTime(1));
    run(&mut app, 5, |_| {});
    assert!(part::<Replenish>(&app, 1).is_free());
}

#[test]
fn aircraft_land_to_be_served() {
    for class in ["uav-multirotor", "uav-fixed-wing-small"] {
        let placed = [(class, DVec2::new(900.0, 300.0), 0.3, 0)];
        let mut app = world(one_bay(), stock(10.0, 0), &placed);
        let entity = app.world().resource::<UnitIndex>().entity(UnitIx(1));
        {
            let mut truth = app.world_mut().get_mut::<Truth>(entity).unwrap();
            truth.0.position.z = 220.0;
            truth.0.speed_m_s = 13.0;
            truth.0.velocity = DVec3::new(0.0, 13.0, 0.0);
        }
        app.insert_resource(ReturnRules {
            energy_fraction: 0.3,
            rounds_fraction: 0.0,
        });
        let visits = run(&mut app, 600, |_| {});
        assert_eq!(
            visits.len(),
            1,
            "{class}: {visits:?} {:?}",
            part::<Replenish>(&app, 1)
        );
        assert!(!part::<Damage>(&app, 1).is_destroyed(), "{class}");
        assert!(
            part::<Truth>(&app, 1).0.position.z < 105.0,
            "{class} is down"
        );
    }
}

#[test]
fn a_saved_visit_goes_on_the_same() {
    let placed = [("ugv-armed", DVec2::new(40.0, 0.0), 0.2, 12)];
    let mut first = world(one_bay(), stock(10.0, 1000), &placed);
    let mut second = world(one_bay(), stock(10.0, 1000), &placed);
    run(&mut first, 40, |_| {});
    assert!(!part::<Replenish>(&first, 1).is_free());
    let saved = registry::snapshot(first.world());
    registry::restore(second.world_mut(), &saved).unwrap();
    let tick = first.world().resource::<Clock>().tick;
    second.world_mut().resource_mut::<Clock>().tick = tick;
    run(&mut first, 120, |_| {});
    run(&mut second, 120, |_| {});
    let hashes = [&first, &second].map(|app| registry::state_hash(app.world()));
    assert_eq!(hashes[0], hashes[1]);
    assert_eq!(held(&first).rounds_of(GUN), 612);
}

#[test]
fn parking_places_keep_their_distance_from_the_depot() {
    let centre = DVec2::new(7.0, -3.0);
    let places: Vec<_> = (0..40)
        .map(|rank| parking(rank, centre, 100.0, 10.0))
        .collect();
    for (at, place) in places.iter().enumerate() {
        let out_m = place.distance(centre);
        assert!((10.0 - 1e-9..=80.0 + 1e-9).contains(&out_m), "{out_m}");
        let nearest = places[..at].iter().map(|other| other.distance(*place));
        assert!(nearest.fold(f64::INFINITY, f64::min) > 1.0, "{at}");
    }
}

#[test]
fn a_unit_that_is_sent_elsewhere_orders_itself_back() {
    let placed = [("ugv-armed", DVec2::new(400.0, 0.0), 0.15, 400)];
    let mut app = world(one_bay(), stock(10.0, 0), &placed);
    run(&mut app, 5, |_| {});
    let mut plan = part::<Course>(&app, 1).plan().unwrap().clone();
    let first = plan.launch;
    plan.launch.at_s += 1.0;
    let order = PlanOrder {
        to: UnitIx(1),
        plan,
        repeat: false,
    };
    app.world_mut().resource_mut::<PlanInbox>().0.push(order);
    run(&mut app, 3, |_| {});
    let Replenish::Going { launch, .. } = part::<Replenish>(&app, 1) else {
        panic!("not on its way");
    };
    assert!(launch.at_s >= 5.0 && *launch != first);
    assert_eq!(part::<Course>(&app, 1).plan().unwrap().launch, *launch);
}

#[test]
fn a_full_tank_has_no_room_for_more_fuel() {
    let tank = vehicle("main-battle-tank", &Catalogue::shipped());
    let model = &tank.energy;
    let capacity_kg = model.capacity();
    let depot = Depot {
        refuel_kg_s: 2.0,
        ..one_bay()
    };
    let mut stock = Stock {
        fuel_kg: capacity_kg,
        ..Stock::default()
    };
    let (mut energy, mut magazine) = (EnergyStore { share: 0.25 }, Magazine::default());
    let load = stock.set_aside(&depot, model, &energy, &magazine);
    assert!((load.fuel_kg - 0.75 * capacity_kg).abs() < 1e-9);
    assert!((load.service_s(&depot) - 30.0 - 0.375 * capacity_kg).abs() < 1e-9);
    energy.share = 0.75;
    let (aboard, left) = load.hand_over(model, &mut energy, &mut magazine);
    stock.take_back(&left);
    assert!((aboard.fuel_kg - 0.25 * capacity_kg).abs() < 1e-9);
    assert!((stock.fuel_kg - 0.75 * capacity_kg).abs() < 1e-9);
    assert!((energy.share - 1.0).abs() < 1e-12);
    let dry = Depot {
        refuel_kg_s: 0.0,
        ..depot
    };
    assert!(
        stock
            .set_aside(&dry, model, &EnergyStore { share: 0.1 }, &magazine)
            .is_empty()
    );
}
