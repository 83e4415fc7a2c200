//! Endurance identities of [`EnergyModel`].

use glam::DVec3;

use super::super::model::{best_range_speed_m_s, hover_power_w};
use super::*;
use crate::platform::class::{Catalogue, ClassSpec, Endurance, Figure};
use crate::platform::kinematics::AIR_DENSITY_KG_M3;

/// A notional figure without spread.
const fn fixed(value: f64) -> Figure {
    Figure::Notional(value, value, value)
}

fn battery(capacity_wh: f64, hotel_w: f64, endurance: Endurance) -> Energy {
    Energy::Battery {
        capacity_wh: fixed(capacity_wh),
        hotel_w: fixed(hotel_w),
        reserve_fraction: fixed(0.2),
        endurance,
    }
}

fn copter() -> Motion {
    Motion::Rotorcraft {
        speed_cruise_m_s: fixed(0.0),
        speed_max_m_s: fixed(16.0),
        accel_max_m_s2: fixed(4.0),
        climb_max_m_s: fixed(3.0),
        descent_max_m_s: fixed(2.0),
        ceiling_m: fixed(500.0),
        wind_max_m_s: fixed(10.0),
        rotor_count: 4,
        rotor_diameter_m: fixed(0.24),
        figure_of_merit: fixed(0.6),
    }
}

fn aircraft() -> Motion {
    Motion::FixedWing {
        speed_min_m_s: fixed(15.0),
        speed_cruise_m_s: fixed(25.0),
        speed_max_m_s: fixed(40.0),
        bank_max_deg: fixed(30.0),
        climb_max_m_s: fixed(4.0),
        descent_max_m_s: fixed(4.0),
        ceiling_m: fixed(4000.0),
        wind_max_m_s: fixed(15.0),
    }
}

/// Seconds until a full store is empty in an unchanging state.
fn drained_s(model: &EnergyModel, state: &MotionState) -> f64 {
    let mut store = EnergyStore::default();
    let mut seconds = 0.0;
    while model.drain(&mut store, state, &Ambient::default(), 0.0, 0.1) {
        seconds += 0.1;
    }
    seconds
}

#[test]
fn a_copter_hovers_for_capacity_over_hover_power() {
    let energy = battery(60.0, 5.0, Endurance::Hours(fixed(0.5)));
    let model = EnergyModel::from_class(&energy, &copter(), 1.4).unwrap();
    let state = MotionState::at_rest(DVec3::new(0.0, 0.0, 30.0), 0.0);
    let disc_m2 = 4.0 * core::f64::consts::PI * 0.12 * 0.12;
    let hover_w = hover_power_w(1.4, disc_m2, AIR_DENSITY_KG_M3, 0.6);
    let expected_s = 60.0 * 3600.0 / (hover_w + 5.0);
    assert!((drained_s(&model, &state) / expected_s - 1.0).abs() < 1e-3);
    let landed = MotionState::at_rest(DVec3::ZERO, 0.0);
    assert!((model.power_w(&landed, &Ambient::default(), 2.0) - 7.0).abs() < 1e-12);
}

#[test]
fn an_aircraft_lasts_as_published_at_cruise_and_shorter_in_turns() {
    let energy = Energy::Fuel {
        capacity_kg: fixed(20.0),
        idle_fraction: fixed(0.1),
        reserve_fraction: fixed(0.1),
        endurance: Endurance::Hours(fixed(2.0)),
    };
    let model = EnergyModel::from_class(&energy, &aircraft(), 90.0).unwrap();
    let cruise = MotionState {
        velocity: DVec3::new(0.0, 25.0, 0.0),
        speed_m_s: 25.0,
        ..MotionState::at_rest(DVec3::new(0.0, 0.0, 500.0), 0.0)
    };
    assert!((drained_s(&model, &cruise) / 7200.0 - 1.0).abs() < 1e-3);
    let turning = MotionState {
        turn_rate_rad_s: 0.2,
        ..cruise
    };
    assert!(drained_s(&model, &turning) < 7000.0);
    let parked = MotionState::at_rest(DVec3::ZERO, 0.0);
    assert!(model.draw_per_s(&parked, &Ambient::default(), 0.0) <= 0.0);
    // The reserve of a tenth stays: 0.9 · 7200 s · 25 m/s.
    let range_m = model.remaining_range_m(&EnergyStore::default(), 25.0, false, 0.0);
    assert!((range_m / 162_000.0 - 1.0).abs() < 1e-9);
}

#[test]
fn an_underwater_vehicle_reaches_farthest_at_its_best_speed() {
    let motion = Motion::Underwater {
        speed_cruise_m_s: fixed(1.5),
        speed_max_m_s: fixed(2.5),
        drag_w_s3_m3: fixed(25.0),
        depth_max_m: fixed(100.0),
        pitch_max_deg: fixed(20.0),
        turn_rate_max_deg_s: fixed(10.0),
    };
    let energy = battery(1000.0, 20.0, Endurance::Hours(fixed(10.0)));
    let model = EnergyModel::from_class(&energy, &motion, 37.0).unwrap();
    let best = best_range_speed_m_s(20.0, 25.0);
    let range = |speed| model.remaining_range_m(&EnergyStore::default(), speed, false, 0.0);
    // At the optimum propulsion takes half the hotel load: P = 30 W, 0.8 kWh, 0.737 m/s.
    assert!((range(best) - 0.8 * 3.6e6 / 30.0 * best).abs() < 1e-6);
    assert!(range(best) > range(best * 1.05) && range(best) > range(best * 0.95));
}

#[test]
fn a_range_without_a_speed_is_refused_and_filling_stops_at_full() {
    let energy = battery(60.0, 5.0, Endurance::RangeKm(fixed(10.0)));
    let refused = EnergyModel::from_class(&energy, &copter(), 1.4);
    assert_eq!(refused, Err(EnergyError::NoCruiseSpeed));
    let energy = battery(60.0, 5.0, Endurance::Hours(fixed(0.5)));
    let model = EnergyModel::from_class(&energy, &copter(), 1.4).unwrap();
    let mut store = EnergyStore { share: 0.15 };
    assert!(model.on_reserve(&store));
    assert!((model.fill(&mut store, 30.0) - 30.0).abs() < 1e-9);
    assert!((model.fill(&mut store, 90.0) - 21.0).abs() < 1e-9 && store.share >= 1.0 - 1e-12);
}

/// Kilometres on a full store without a reserve at a speed, m/s.
fn full_range_km(class: &ClassSpec, speed_m_s: f64, on_road: bool) -> f64 {
    let model = EnergyModel::from_class(&class.energy, &class.motion, class.mass_kg.value());
    let model = EnergyModel {
        reserve_fraction: 0.0,
        ..model.expect("shipped classes have energy models")
    };
    model.remaining_range_m(&EnergyStore::default(), speed_m_s, on_road, 0.0) / 1000.0
}

#[test]
fn fuelled_vehicles_reach_as_far_as_published_where_it_is_published() {
    let mut checked = 0;
    for class in Catalogue::shipped().classes.values() {
        let (Motion::Ground { .. }, Energy::Fuel { endurance, .. }) =
            (&class.motion, &class.energy)
        else {
            continue;
        };
        let cruise_m_s = class.motion.cruise().expect("vehicles cruise").value();
        let range_km = full_range_km(class, cruise_m_s, endurance.on_road());
        let published_km = endurance.figure().value();
        assert!(
            (range_km / published_km - 1.0).abs() < 1e-9,
            "{}",
            class.name
        );
        checked += 1;
    }
    assert!(checked >= 10, "{checked}");
}

#[test]
fn a_tank_reaches_less_than_half_as_far_across_country() {
    // Published for the M1: 150 to 200 km across country, 426 km on roads.
    let catalogue = Catalogue::shipped();
    let tank = catalogue.class("main-battle-tank").unwrap();
    for speed_m_s in [8.0, 10.0, 12.0] {
        let range_km = full_range_km(tank, speed_m_s, false);
        assert!(
            (150.0..200.0).contains(&range_km),
            "{speed_m_s}: {range_km}"
        );
    }
}

#[test]
fn a_mule_walks_with_the_squad_for_eighteen_hours() {
    let catalogue = Catalogue::shipped();
    let mule = catalogue.class("ugv-mule").unwrap();
    let hours = full_range_km(mule, 1.5, false) / (1.5 * 3.6);
    assert!((17.5..18.5).contains(&hours), "{hours}");
    assert!(full_range_km(mule, 1.5, true) > 97.0);
}
