//! Rules about networks and sharing.

use std::collections::{BTreeMap, BTreeSet};

use super::check::Check;
use crate::platform::class::Access;
use crate::scenario::schema::{ServiceLaw, ServiceTime};
use crate::scenario::tree::Step;

/// All rules of this file.
pub(super) fn check(check: &mut Check<'_>) {
    check_s1145_radio(check);
    check_s1146_members(check);
    check_s1158_channel(check);
    check_s1159_traffic(check);
    check_s1150_sharing(check);
    check_s1151_releases(check);
}

/// S1145: a network's radio is in the catalogue.
fn check_s1145_radio(check: &mut Check<'_>) {
    let catalogue = check.catalogue;
    for (at, network) in check.scenario.networks.iter().enumerate() {
        let path = ["networks".into(), at.into(), "radio".into()];
        let known = catalogue.radios.keys().map(String::as_str);
        check.known("S1145", &path, "radio", &network.radio, known);
    }
}

/// S1146: members of a network are of one side. S1147: it has at least two (a warning).
fn check_s1146_members(check: &mut Check<'_>) {
    let scenario = check.scenario;
    let mut members: BTreeMap<&str, (BTreeSet<String>, u64)> = BTreeMap::new();
    for unit in &scenario.units {
        for network in &unit.networks {
            let (sides, count) = members.entry(network).or_default();
            sides.extend(check.side_of(unit).map(str::to_owned));
            *count += u64::from(unit.count);
        }
    }
    for (at, network) in scenario.networks.iter().enumerate() {
        let (sides, count) = members.remove(network.id.as_str()).unwrap_or_default();
        let path = ["networks".into(), at.into()];
        if sides.len() > 1 {
            let names: Vec<_> = sides.into_iter().collect();
            let cause = format!("`{}` has members of {}", network.id, names.join(" and "));
            check.error("S1146", &path, cause, "give each side its own network");
        }
        if count < 2 {
            let cause = format!("`{}` has {count} members", network.id);
            let cure = "name it under `networks` of two units, or remove it";
            check.warning("S1147", &path, cause, cure);
        }
    }
}

/// S1158: channels and buffers of networks are sound.
fn check_s1158_channel(check: &mut Check<'_>) {
    for (at, network) in check.scenario.networks.iter().enumerate() {
        let path = |key: &'static str| ["networks".into(), at.into(), Step::Key(key)];
        if let Some(frequency_mhz) = network.frequency_mhz {
            let key = "frequency_mhz";
            check.range("S1158", &path(key), key, frequency_mhz, (1.0, 100_000.0));
        }
        if let Some(bytes) = network.buffer_bytes {
            let key = "buffer_bytes";
            check.range("S1158", &path(key), key, f64::from(bytes), (64.0, 1e9));
        }
        let radio = check.catalogue.radio(&network.radio);
        let is_cellular = radio.is_some_and(|radio| radio.access == Access::Cellular);
        match &network.hub {
            Some(hub) if check.known_unit("S1158", &path("hub"), hub) => {
                let unit = check.unit(hub);
                if !unit.is_some_and(|unit| unit.networks.contains(&network.id)) {
                    let cause = format!("the hub `{hub}` is no member of `{}`", network.id);
                    let cure = format!("name `{}` under the unit's `networks`", network.id);
                    check.error("S1158", &path("hub"), cause, cure);
                }
            }
            None if is_cellular => {
                let cause = format!("`{}` is cellular and has no hub", network.id);
                let cure = "name its base station under `hub`";
                check.error("S1158", &path("radio"), cause, cure);
            }
            _ => {}
        }
    }
}

/// S1159: flows of traffic have senders, readers and sound numbers.
fn check_s1159_traffic(check: &mut Check<'_>) {
    let scenario = check.scenario;
    for (at, flow) in scenario.traffic.iter().enumerate() {
        let path = |key: &'static str| ["traffic".into(), at.into(), Step::Key(key)];
        for (key, names) in [("from", &flow.from), ("to", &flow.to)] {
            if names.is_empty() {
                let cause = format!("flow `{}` names nobody under `{key}`", flow.id);
                check.error(
                    "S1159",
                    &path(key),
                    cause,
                    "name units, or entries of several",
                );
            }
            for name in names {
                if check.entry(name).is_none() {
                    check.known_unit("S1159", &path(key), name);
                }
            }
        }
        let numbers = [
            ("size_bytes", f64::from(flow.size_bytes), (1.0, 1e7)),
            ("interval_s", flow.interval_s, (0.001, 1e6)),
            ("start_s", flow.start_s, (0.0, 1e7)),
            ("end_s", flow.end_s.unwrap_or(1e7), (0.0, 1e7)),
            ("valid_s", flow.valid_s, (0.1, 1e6)),
        ];
        for (key, value, bounds) in numbers {
            check.range("S1159", &path(key), key, value, bounds);
        }
    }
}

/// S1150: handling, intervals and sizes are sound.
fn check_s1150_sharing(check: &mut Check<'_>) {
    let sharing = &check.scenario.sharing;
    for (key, handling) in [("gateway", &sharing.gateway), ("liaison", &sharing.liaison)] {
        let path = ["sharing".into(), key.into()];
        check.range(
            "S1150",
            &path,
            "servers",
            f64::from(handling.servers),
            (1.0, 1000.0),
        );
        check_service("S1150", check, &path, handling.service);
    }
    let intervals = [
        ("track_report_interval_s", sharing.track_report_interval_s),
        (
            "position_report_interval_s",
            sharing.position_report_interval_s,
        ),
        ("status_report_interval_s", sharing.status_report_interval_s),
    ];
    for (key, value) in intervals {
        check.range(
            "S1150",
            &["sharing".into(), key.into()],
            key,
            value,
            (0.1, 86_400.0),
        );
    }
    if let Some(value) = sharing.image_interval_s {
        let key = "image_interval_s";
        let path = ["sharing".into(), key.into()];
        check.range("S1150", &path, key, value, (1.0, 86_400.0));
    }
    let path = ["sharing".into(), "video_bit_s".into()];
    let range = (0.0, 100_000_000.0);
    check.range("S1150", &path, "video_bit_s", sharing.video_bit_s, range);
    check_sizes(check);
}

/// S1150: sizes of messages are sound.
fn check_sizes(check: &mut Check<'_>) {
    let sharing = &check.scenario.sharing;
    let sizes = [
        ("track_bytes", sharing.sizes.track_bytes),
        ("position_bytes", sharing.sizes.position_bytes),
        ("status_bytes", sharing.sizes.status_bytes),
        ("tasking_bytes", sharing.sizes.tasking_bytes),
        ("fires_bytes", sharing.sizes.fires_bytes),
        ("detection_bytes", sharing.sizes.detection_bytes),
        ("image_bytes", sharing.sizes.image_bytes),
        ("authorisation_bytes", sharing.sizes.authorisation_bytes),
        ("plan_bytes", sharing.sizes.plan_bytes),
        ("logistics_bytes", sharing.sizes.logistics_bytes),
        ("health_bytes", sharing.sizes.health_bytes),
    ];
    for (key, value) in sizes {
        let path = ["sharing".into(), "sizes".into(), key.into()];
        check.range("S1150", &path, key, f64::from(value), (1.0, 10_000_000.0));
    }
}

/// A time of service within its ranges, reported under the caller's code.
pub(super) fn check_service(
    code: &str,
    check: &mut Check<'_>,
    path: &[Step<'_>],
    service: ServiceTime,
) {
    let numbers = [
        ("median_s", service.median_s, (0.0, 86_400.0)),
        ("sigma_log", service.sigma_log, (0.0, 3.0)),
        ("floor_s", service.floor_s, (0.0, 86_400.0)),
    ];
    for (key, value, range) in numbers {
        let path = [path, &["service".into(), key.into()]].concat();
        check.range(code, &path, key, value, range);
    }
    if service.law == ServiceLaw::Exponential && service.sigma_log > 0.0 {
        let path = [path, &["service".into(), "sigma_log".into()]].concat();
        let cause = "an exponential time of service has no `sigma_log`";
        check.error(code, &path, cause, "remove it, or the law");
    }
}

/// S1151: releases are from one nation of the scenario to another.
fn check_s1151_releases(check: &mut Check<'_>) {
    let nations: BTreeSet<String> = check
        .forces
        .rows
        .iter()
        .map(|row| row.nation.clone())
        .collect();
    let releases = &check.scenario.sharing.releases;
    for (at, release) in releases.iter().enumerate() {
        let path = |key: &'static str| {
            [
                Step::Key("sharing"),
                Step::Key("releases"),
                at.into(),
                Step::Key(key),
            ]
        };
        for (key, nation) in [("from", &release.from), ("to", &release.to)] {
            let known = nations.iter().map(String::as_str);
            check.known("S1151", &path(key), "nation", nation, known);
        }
        if release.from == release.to {
            let cause = format!("`{}` releases to itself", release.from);
            check.error(
                "S1151",
                &path("to"),
                cause,
                "inside a nation everything is released",
            );
        }
    }
}
