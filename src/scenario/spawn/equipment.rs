//! What units carry: sensors, reporters, transponders, effectors, jammers.

use bevy::prelude::World;
use glam::DVec2;

use super::Names;
use crate::{
    cyber_ew::{Fitted, Jammers, model::waveform::Band, model::waveform::Waveform},
    kernel::{ids::UnitIx, math, time::SimTime},
    org::OrderOfBattle,
    picture::{
        position::PositionReporters,
        status::{StatusRule, StatusRules},
    },
    platform::{
        class::{Catalogue, ClassSpec, Emission, Figure, JammerSpec, SensorKind},
        navigation::FIX_SIGMA_M,
        shells::Shells,
        stores::{EffectorIx, Magazine, Tube},
    },
    scenario::schema::{PositionReports, Scenario, Sharing, TransponderUse, UnitSpec},
    sensing::{
        Finder, Finders, Locator, Locators, SensorSuites, SensorUnit,
        model::reporter::ReportRule,
        transponder::{Transponder, Transponders},
    },
    spectrum::Airwaves,
};

/// Tells the world what each unit carries.
pub(super) fn equip(
    world: &mut World,
    (scenario, names): (&Scenario, &Names),
    catalogue: &Catalogue,
) {
    let sharing = &scenario.sharing;
    let entries = || names.units.iter().map(|unit| &scenario.units[unit.entry]);
    let suites = entries().map(|entry| suite(entry, catalogue));
    world.insert_resource(SensorSuites(suites.collect()));
    let finders = Finders(entries().map(|entry| finders(entry, catalogue)).collect());
    world.insert_resource(Airwaves::new(!finders.is_empty()));
    world.insert_resource(finders);
    let locators = Locators(entries().map(|entry| locators(entry, catalogue)).collect());
    world.insert_resource(Shells::new(!locators.is_empty()));
    world.insert_resource(locators);
    let rules = entries().map(|entry| report_rule(entry, catalogue, sharing));
    world.insert_resource(PositionReporters(rules.collect()));
    let rules = entries().map(|entry| status_rule(entry, catalogue, sharing));
    world.insert_resource(StatusRules {
        units: rules.collect(),
        pass_interval_s: sharing.status_report_interval_s,
    });
    let stations = entries().map(|entry| transponder(entry, catalogue));
    world.insert_resource(Transponders(stations.collect()));
}

/// Names of the sensors of an entry.
pub(super) fn sensor_names(entry: &UnitSpec, catalogue: &Catalogue) -> Vec<String> {
    entry.sensors.clone().unwrap_or_else(|| {
        let class = catalogue.class(&entry.class);
        class.map_or_else(Vec::new, |class| {
            class
                .sensors
                .iter()
                .map(|mount| mount.sensor.clone())
                .collect()
        })
    })
}

/// What the sensors of an entry are.
fn kinds<'a>(
    entry: &UnitSpec,
    catalogue: &'a Catalogue,
) -> impl Iterator<Item = &'a SensorKind> + use<'a> {
    let names = sensor_names(entry, catalogue);
    let kind = |name: String| Some(&catalogue.sensor(&name)?.kind);
    names.into_iter().filter_map(kind)
}

/// Height of a sensor above a class's reference point, m: 2 m for one that a scenario adds.
fn mount_height_m(name: &str, class: &ClassSpec) -> f64 {
    let mount = class.sensors.iter().find(|mount| mount.sensor == name);
    mount.map_or(2.0, |mount| mount.height_m.value())
}

/// The sensors of an entry, worked out.
pub(super) fn suite(entry: &UnitSpec, catalogue: &Catalogue) -> Vec<SensorUnit> {
    let Some(class) = catalogue.class(&entry.class) else {
        return Vec::new();
    };
    sensor_names(entry, catalogue)
        .iter()
        .filter_map(|name| {
            SensorUnit::from_spec(catalogue.sensor(name)?, mount_height_m(name, class))
        })
        .collect()
}

/// The direction finders of an entry, worked out.
fn finders(entry: &UnitSpec, catalogue: &Catalogue) -> Vec<Finder> {
    let names = sensor_names(entry, catalogue);
    let specs = names.iter().filter_map(|name| catalogue.sensor(name));
    specs.filter_map(Finder::from_spec).collect()
}

/// The weapon-locating radars of an entry, with their numbers in its suite.
fn locators(entry: &UnitSpec, catalogue: &Catalogue) -> Vec<Locator> {
    let names = sensor_names(entry, catalogue);
    let specs = names.iter().filter_map(|name| catalogue.sensor(name));
    let in_suite = specs.filter(|spec| SensorUnit::from_spec(spec, 0.0).is_some());
    let numbered = (0_u32..).zip(in_suite);
    numbered
        .filter_map(|(number, spec)| Locator::from_spec(spec, number))
        .collect()
}

/// The quickest blue-force reporter of an entry: its rule and the standard deviation of its
/// receiver's fix on each axis, m.
fn reporter(entry: &UnitSpec, catalogue: &Catalogue) -> Option<(ReportRule, f64)> {
    let reporters = kinds(entry, catalogue).filter_map(|kind| match kind {
        SensorKind::BlueForceReporter {
            interval_s,
            distance_m,
            interval_least_s,
            position_sigma_m,
        } => Some((
            ReportRule {
                interval_s: interval_s.value(),
                distance_m: distance_m.value(),
                interval_least_s: interval_least_s.value(),
            },
            position_sigma_m.value(),
        )),
        _ => None,
    });
    reporters.min_by(|(a, _), (b, _)| a.interval_s.total_cmp(&b.interval_s))
}

/// When an entry reports where it is.
fn report_rule(entry: &UnitSpec, catalogue: &Catalogue, sharing: &Sharing) -> ReportRule {
    let by_hand = ReportRule {
        interval_s: sharing.position_report_interval_s,
        distance_m: f64::INFINITY,
        interval_least_s: sharing.position_report_interval_s,
    };
    match sharing.position_reports {
        PositionReports::ByInterval => by_hand,
        PositionReports::ByReporter => reporter(entry, catalogue).map_or(by_hand, |(rule, _)| rule),
    }
}

/// Standard deviation of an entry's satellite fix on each axis, m: that of its blue-force reporter, or
/// of its station for the identification of ships.
pub(super) fn fix_sigma_m(entry: &UnitSpec, catalogue: &Catalogue) -> f64 {
    let of_station = || {
        kinds(entry, catalogue).find_map(|kind| match kind {
            SensorKind::Ais {
                position_sigma_m, ..
            } => Some(position_sigma_m.value()),
            _ => None,
        })
    };
    let of_reporter = reporter(entry, catalogue).map(|(_, sigma_m)| sigma_m);
    of_reporter.or_else(of_station).unwrap_or(FIX_SIGMA_M)
}

/// The station of an entry for the automatic identification of ships.
fn transponder(entry: &UnitSpec, catalogue: &Catalogue) -> Option<Transponder> {
    let class = catalogue.class(&entry.class)?;
    let mut stations =
        sensor_names(entry, catalogue)
            .into_iter()
            .filter_map(|name| match catalogue.sensor(&name)?.kind {
                SensorKind::Ais { class_a, .. } => Some((name, class_a)),
                _ => None,
            });
    let (name, class_a) = stations.next()?;
    let mut station = Transponder::on_board(class, class_a, mount_height_m(&name, class));
    match entry.transponder {
        TransponderUse::ByClass => {}
        TransponderUse::Off => station.reports = false,
        TransponderUse::On => station.reports = true,
        TransponderUse::Spoofed { offset_m } => {
            (station.reports, station.offset_m) = (true, offset_m);
        }
    }
    Some(station)
}

/// When an entry tells of its state.
fn status_rule(entry: &UnitSpec, catalogue: &Catalogue, sharing: &Sharing) -> StatusRule {
    let wearable_s = kinds(entry, catalogue).find_map(|kind| match kind {
        SensorKind::Wearable { interval_s } => Some(interval_s.value()),
        _ => None,
    });
    let by_hand_s = sharing.status_report_interval_s;
    StatusRule {
        interval_s: wearable_s.map_or(by_hand_s, |interval_s| interval_s.min(by_hand_s)),
        has_wearable: wearable_s.is_some(),
    }
}

/// The effectors of an entry with their rounds.
pub(super) fn magazine(entry: &UnitSpec, catalogue: &Catalogue) -> Magazine {
    let fits: Vec<(String, u32)> = match &entry.effectors {
        Some(fits) => fits
            .iter()
            .map(|fit| (fit.effector.clone(), fit.rounds))
            .collect(),
        None => catalogue
            .class(&entry.class)
            .map_or_else(Vec::new, |class| {
                class
                    .effectors
                    .iter()
                    .map(|fit| (fit.effector.clone(), fit.rounds))
                    .collect()
            }),
    };
    let tube = |(name, rounds): (String, u32)| {
        let at = catalogue
            .effectors
            .keys()
            .position(|known| *known == name)?;
        Some(Tube {
            effector: EffectorIx(u16::try_from(at).ok()?),
            rounds,
            capacity: rounds,
            ready: SimTime::ZERO,
        })
    };
    Magazine {
        tubes: fits.into_iter().filter_map(tube).collect(),
    }
}

/// The jammers of all units, in their order.
pub(super) fn jammers(
    (scenario, names): (&Scenario, &Names),
    (order, catalogue): (&OrderOfBattle, &Catalogue),
) -> Jammers {
    let by_course: Vec<&String> = scenario
        .sides
        .iter()
        .zip(&order.sides)
        .flat_map(|(file, side)| {
            let taken = file
                .courses
                .iter()
                .find(|it| Some(&it.id) == side.course.as_ref());
            taken.map_or(&[][..], |course| &course.jammers_on)
        })
        .collect();
    let of_unit = |(at, entry): (usize, &'_ UnitSpec)| {
        let asked = entry.jammers_on || by_course.contains(&&names.units[at].name);
        let unit = UnitIx::from_at(at);
        let fit = |spec: &JammerSpec| Fitted {
            unit,
            side: order.units[at].side,
            antenna_m: spec.antenna_height_m.value(),
            eirp_dbm: math::to_db(spec.power_w.value()) + 30.0 + spec.antenna_gain_dbi.value(),
            waveform: waveform(&spec.emission),
            is_on: asked && !spec.is_counterfeiter(),
        };
        let specs = entry
            .jammers
            .iter()
            .filter_map(|name| catalogue.jammer(name));
        specs.map(fit).collect::<Vec<_>>()
    };
    let entries = names.units.iter().map(|unit| &scenario.units[unit.entry]);
    Jammers::new(entries.enumerate().flat_map(of_unit).collect())
}

/// What a jammer of the catalogue does with its power.
fn waveform(emission: &Emission) -> Waveform {
    let band = |frequency_mhz: &Figure, width_hz: &Figure| Band {
        centre_hz: 1e6 * frequency_mhz.value(),
        width_hz: width_hz.value(),
    };
    match emission {
        Emission::Barrage {
            frequency_mhz,
            span_hz,
        } => Waveform::Barrage {
            band: band(frequency_mhz, span_hz),
        },
        Emission::Spot {
            frequency_mhz,
            bandwidth_hz,
        } => Waveform::Spot {
            band: band(frequency_mhz, bandwidth_hz),
        },
        Emission::Sweep {
            frequency_mhz,
            span_hz,
            window_hz,
        } => Waveform::Sweep {
            band: band(frequency_mhz, span_hz),
            window_hz: window_hz.value(),
        },
        Emission::Follower {
            frequency_mhz,
            span_hz,
            bandwidth_hz,
            reaction_s,
        } => Waveform::Follower {
            band: band(frequency_mhz, span_hz),
            width_hz: bandwidth_hz.value(),
            reaction_s: reaction_s.value(),
        },
        Emission::Counterfeit => Waveform::Counterfeit {
            pull_m_s: DVec2::ZERO,
        },
    }
}
