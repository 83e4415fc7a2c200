//! Units obey orders about what they radiate. See [`ObeyPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut, Resource};
use serde::{Deserialize, Serialize};

use super::{decision::Act, staff::Order};
use crate::{
    cyber_ew::Jammers,
    kernel::{
        delay::DelayQueue,
        ids::UnitIx,
        registry::StateAppExt,
        schedule::{FuseSystems, Phase, SimTick},
        time::Clock,
    },
    org::{Emcon, OrderOfBattle, Role},
    platform::emission::Emissions,
    wire::Delivered,
};

/// Time that a command post goes on radiating after an order to fall silent, so that the order gets
/// out, s (notional, 30 to 120).
const POST_LINGERS_S: f64 = 60.0;

/// What units will radiate later. State.
#[derive(Debug, Clone, Default, Resource, Serialize, Deserialize)]
pub(super) struct Later(DelayQueue<(UnitIx, Emcon)>);

/// Units take orders about what they radiate.
fn obey(
    order: Res<'_, OrderOfBattle>,
    delivered: Res<'_, Delivered<Order>>,
    (mut emissions, mut jammers, mut later): (
        ResMut<'_, Emissions>,
        ResMut<'_, Jammers>,
        ResMut<'_, Later>,
    ),
) {
    for delivery in delivered.read() {
        let unit = delivery.to;
        match delivery.body.act {
            Act::Jam(who, on) if who == unit => jammers.switch(unit, on),
            Act::Obey(level, for_s) => {
                let before = emissions.of(unit);
                let lingers = level > before && order.has_role(unit, Role::Command);
                let begin = if lingers {
                    let begin = delivery.at.plus_s(POST_LINGERS_S);
                    later.0.post(begin, (unit, level));
                    begin
                } else {
                    emissions.set(unit, level);
                    delivery.at
                };
                if let Some(for_s) = for_s {
                    later.0.post(begin.plus_s(f64::from(for_s)), (unit, before));
                }
            }
            _ => {}
        }
    }
}

/// What was put off happens.
fn catch_up(
    clock: Res<'_, Clock>,
    mut later: ResMut<'_, Later>,
    mut emissions: ResMut<'_, Emissions>,
) {
    while let Some((_, (unit, level))) = later.0.pop_before(clock.next()) {
        emissions.set(unit, level);
    }
}

/// Obeys in the phase `Fuse`, when orders have come in.
#[derive(Debug)]
pub(super) struct ObeyPlugin;

impl Plugin for ObeyPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Later>()
            .init_resource::<Emissions>()
            .register_state_resource::<Later>()
            .add_systems(
                SimTick,
                (
                    catch_up.in_set(Phase::Command).before(super::staff::look),
                    obey.in_set(FuseSystems::Receive),
                ),
            );
    }
}
