//! Networks and sharing rules.

use std::sync::Arc;

use bevy::prelude::World;

use super::{Names, SpawnError};
use crate::{
    comms::{Network, Networks, Release, Sharing, sharing::Handling},
    picture::report::ReportRules,
    platform::class::Catalogue,
    scenario::schema::{self, Scenario},
};

/// Height of an antenna that the class says nothing of, m.
const ANTENNA_M: f64 = 2.0;

/// Puts networks and sharing rules into a world.
pub(super) fn insert(
    world: &mut World,
    scenario: &Scenario,
    names: &Names,
    catalogue: &Arc<Catalogue>,
) -> Result<(), SpawnError> {
    let mut list = Vec::with_capacity(scenario.networks.len());
    for network in &scenario.networks {
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
        list.push(Network::new(network.id.clone(), radio, members));
    }
    let rules = &scenario.sharing;
    world.insert_resource(Networks::new(list, names.units.len(), rules.ideal_links));
    let handling = |handling: &schema::Handling| Handling {
        servers: handling.servers,
        service: handling.service,
    };
    let release = |release: &schema::Release| {
        Ok(Release {
            from: names.nation(&release.from)?,
            to: names.nation(&release.to)?,
            classes: release.classes.clone(),
        })
    };
    world.insert_resource(Sharing {
        regime: rules.regime,
        gateway: handling(&rules.gateway),
        liaison: handling(&rules.liaison),
        releases: rules
            .releases
            .iter()
            .map(release)
            .collect::<Result<_, SpawnError>>()?,
    });
    world.insert_resource(rules.sizes);
    world.insert_resource(ReportRules {
        track_interval_s: rules.track_report_interval_s,
        position_interval_s: rules.position_report_interval_s,
    });
    Ok(())
}
