//! Units obey orders about what they radiate. See [`ObeyPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Res, ResMut};

use super::{decision::Act, staff::Order};
use crate::{
    cyber_ew::Jammers,
    kernel::{
        schedule::{FuseSystems, Phase, SimTick},
        time::Clock,
    },
    org::{OrderOfBattle, Role},
    platform::emission::{EmissionPlan, Emissions},
    wire::Delivered,
};

/// Time that a command post goes on radiating after an order to fall silent, so that the order gets
/// out, s (notional, 30 to 120).
const POST_LINGERS_S: f64 = 60.0;

/// Units take orders about what they radiate.
fn obey(
    order: Res<'_, OrderOfBattle>,
    delivered: Res<'_, Delivered<Order>>,
    (mut emissions, mut plan): (ResMut<'_, Emissions>, ResMut<'_, EmissionPlan>),
    mut jammers: ResMut<'_, Jammers>,
) {
    for delivery in delivered.read() {
        let (unit, now) = (delivery.to, delivery.at);
        match delivery.body.act {
            Act::Jam(who, on) if who == unit => jammers.switch(unit, on),
            Act::Obey(force, level, for_s)
                if emissions.0.is_news(unit, delivery.header.created) =>
            {
                let is_post = order.has_role(unit, Role::Command);
                let lingers = is_post && level > emissions.0.of(unit);
                let begin = now.plus_s(if lingers { POST_LINGERS_S } else { 0.0 });
                let end = for_s.map(|for_s| begin.plus_s(f64::from(for_s)));
                emissions.0.order(unit, level, (now, begin, end));
                let end = for_s.map(|for_s| now.plus_s(f64::from(for_s)));
                plan.learn(unit, order.units_within(force), level, (now, end));
            }
            _ => {}
        }
    }
}

/// What was put off happens.
fn catch_up(
    clock: Res<'_, Clock>,
    mut emissions: ResMut<'_, Emissions>,
    mut plan: ResMut<'_, EmissionPlan>,
) {
    emissions.0.catch_up(clock.next());
    plan.catch_up(clock.next());
}

/// Obeys in the phase `Fuse`, when orders have come in.
#[derive(Debug)]
pub(super) struct ObeyPlugin;

impl Plugin for ObeyPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Emissions>()
            .init_resource::<EmissionPlan>()
            .add_systems(
                SimTick,
                (
                    catch_up.in_set(Phase::Command).before(super::staff::look),
                    obey.in_set(FuseSystems::Receive),
                ),
            );
    }
}
