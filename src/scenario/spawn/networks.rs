//! Networks and sharing rules.

use std::sync::Arc;

use bevy::prelude::World;

use super::{Names, SpawnError};
use crate::{
    comms::{
        Matrix, Network, Networks, Release, Sharing,
        matrix::rules_of,
        routing::LinkFeedback,
        sharing::Handling,
        traffic::{Background, Flow},
    },
    org::Regime,
    picture::{image::ImageRules, report::ReportRules},
    platform::class::{Bearer, Catalogue, RadioSpec},
    scenario::{
        load::LoadedScenario,
        schema::{self, Scenario},
    },
    wire::Detail,
};

/// Height of an antenna that the class says nothing of, m.
const ANTENNA_M: f64 = 2.0;

/// The channel of a network that says none, MHz: one width beside that of the network before it on the
/// same radio.
fn beside(scenario: &Scenario, at: usize, radio: &RadioSpec) -> Option<f64> {
    let Bearer::Air {
        frequency_mhz,
        bandwidth_hz,
        ..
    } = &radio.bearer
    else {
        return None;
    };
    let before = scenario.networks[..at].iter();
    let same = before.filter(|other| other.radio == radio.name).count();
    Some(frequency_mhz.value() + same as f64 * bandwidth_hz.value() / 1e6)
}

/// The networks of a scenario.
fn networks(
    loaded: &LoadedScenario,
    names: &Names,
    catalogue: &Catalogue,
) -> Result<Vec<Network>, SpawnError> {
    let scenario = &loaded.read.scenario;
    let mut list = Vec::with_capacity(scenario.networks.len());
    for (at, network) in scenario.networks.iter().enumerate() {
        let radio = catalogue
            .radio(&network.radio)
            .ok_or_else(|| SpawnError::Unknown {
                kind: "radio",
                name: network.radio.clone(),
            })?;
        let mut members = Vec::new();
        for (at, unit) in names.units.iter().enumerate() {
            let entry = &scenario.units[unit.entry];
            if entry.networks.contains(&network.id) {
                let class = catalogue.class(&entry.class);
                let mount = class.and_then(|class| {
                    class
                        .radios
                        .iter()
                        .find(|mount| mount.radio == network.radio)
                });
                let antenna_m = mount.map_or(ANTENNA_M, |mount| mount.antenna_height_m.value());
                members.push((crate::kernel::ids::UnitIx::from_at(at), antenna_m));
            }
        }
        let frequency_mhz = network
            .frequency_mhz
            .or_else(|| beside(scenario, at, radio));
        let mut made = Network::new(network.id.clone(), radio, frequency_mhz, members);
        made.buffer.bytes = network.buffer_bytes.unwrap_or(made.buffer.bytes);
        if let Some(rates) = &loaded.rates[at] {
            made = made.with_rates(rates.clone());
        }
        if let Some(hub) = &network.hub {
            made = made.about(names.unit(hub)?);
        }
        list.push(made);
    }
    Ok(list)
}

/// The flows of traffic of a scenario.
fn flows(scenario: &Scenario, names: &Names) -> Result<Vec<Flow>, SpawnError> {
    let flow = |flow: &schema::TrafficFlow| {
        let units = |given: &[String]| -> Result<Vec<_>, SpawnError> {
            let found = given.iter().map(|name| names.units_of(name, scenario));
            let mut units = found.collect::<Result<Vec<_>, _>>()?.concat();
            units.sort_unstable();
            units.dedup();
            Ok(units)
        };
        Ok(Flow {
            from: units(&flow.from)?,
            to: units(&flow.to)?,
            size_bytes: flow.size_bytes,
            interval_s: flow.interval_s,
            rhythm: flow.rhythm,
            span_s: (flow.start_s, flow.end_s.unwrap_or(f64::INFINITY)),
            precedence: flow.precedence,
            valid_s: flow.valid_s,
        })
    };
    scenario.traffic.iter().map(flow).collect()
}

/// Puts networks and sharing rules into a world.
pub(super) fn insert(
    world: &mut World,
    loaded: &LoadedScenario,
    names: &Names,
    catalogue: &Arc<Catalogue>,
) -> Result<(), SpawnError> {
    let scenario = &loaded.read.scenario;
    let list = networks(loaded, names, catalogue)?;
    let rules = &scenario.sharing;
    world.insert_resource(Networks::new(list, names.units.len(), rules.ideal_links));
    let handling = |handling: &schema::Handling, detail: Detail| Handling {
        servers: handling.servers,
        service: handling.service,
        echelons: handling.echelons.iter().copied().collect(),
        detail: handling.detail.unwrap_or(detail),
    };
    let matrix = match rules.regime {
        Regime::Custom => Matrix::new(&rules.rules),
        regime => Matrix::new(&rules_of(regime)),
    };
    let release = |release: &schema::Release| {
        Ok(Release {
            from: names.nation(&release.from)?,
            to: names.nation(&release.to)?,
            classes: release.classes.clone(),
        })
    };
    world.insert_resource(Sharing {
        matrix,
        gateway: handling(&rules.gateway, Detail::Rounded),
        liaison: handling(&rules.liaison, Detail::Spoken),
        releases: rules
            .releases
            .iter()
            .map(release)
            .collect::<Result<_, SpawnError>>()?,
    });
    world.insert_resource(Background(flows(scenario, names)?));
    world.insert_resource(rules.sizes);
    world.insert_resource(rules.routing);
    world.insert_resource(LinkFeedback(rules.link_feedback));
    world.insert_resource(ImageRules {
        chip_interval_s: rules.image_interval_s,
        video_bit_s: rules.video_bit_s,
    });
    world.insert_resource(ReportRules {
        track_interval_s: rules.track_report_interval_s,
        position_interval_s: rules.position_report_interval_s,
        fusion: rules.fusion,
    });
    Ok(())
}
