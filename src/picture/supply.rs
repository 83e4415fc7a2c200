//! What nodes make of notices of replenishment: who goes to a depot is not free, who leaves it is.
//! See [`SupplyPlugin`].

use bevy::prelude::{App, IntoScheduleConfigs, Plugin, Query, Res};

use super::{blue::BluePicture, status::StatesToPass};
use crate::{
    kernel::{
        ids::UnitIndex,
        schedule::{FuseSystems, SimTick},
    },
    logistics::{NoticeKind, SupplyNotice},
    org::OrderOfBattle,
    wire::Delivered,
};

impl BluePicture {
    /// Takes a notice; says whether it was news.
    pub fn learn_supply(&mut self, notice: &SupplyNotice) -> bool {
        self.learn_part(notice.unit, notice.at, |status| {
            status.energy_share = notice.energy_share;
            status.rounds.clone_from(&notice.rounds);
            status.is_idle = notice.kind == NoticeKind::Served;
        })
    }
}

/// Nodes take notices.
fn hear(
    (index, order): (Res<'_, UnitIndex>, Res<'_, OrderOfBattle>),
    delivered: Res<'_, Delivered<SupplyNotice>>,
    mut nodes: Query<'_, '_, (&mut BluePicture, &mut StatesToPass)>,
) {
    for delivery in delivered.read() {
        let unit = delivery.body.unit;
        let Ok((mut picture, mut to_pass)) = nodes.get_mut(index.entity(delivery.to)) else {
            continue;
        };
        if picture.learn_supply(&delivery.body) && order.is_passed_on(delivery.to, unit) {
            to_pass.note(unit);
        }
    }
}

/// Takes notices in the phase `Fuse`, after the reports of wounds.
#[derive(Debug)]
pub struct SupplyPlugin;

impl Plugin for SupplyPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(
            SimTick,
            hear.in_set(FuseSystems::Receive).after(super::health::hear),
        );
    }
}

#[cfg(test)]
mod tests {
    use glam::DVec3;

    use super::*;
    use crate::{
        kernel::{ids::UnitIx, time::SimTime},
        picture::{Place, Status, health::HealthReport},
        platform::stores::EffectorIx,
    };

    #[test]
    fn who_goes_to_a_depot_is_not_free_until_it_is_served() {
        let (unit, depot) = (UnitIx(3), UnitIx(4));
        let mut picture = BluePicture::default();
        let place = Place {
            at: SimTime::ZERO,
            position: DVec3::ZERO,
            velocity: DVec3::ZERO,
        };
        picture.learn_place(unit, &place);
        let status = Status {
            at: SimTime::from_s(5.0),
            energy_share: 0.3,
            rounds: vec![(EffectorIx(0), 2)],
            can_move: true,
            is_idle: true,
        };
        picture.learn_status(unit, &status);
        let notice = |at_s: f64, kind, energy_share| SupplyNotice {
            unit,
            depot,
            kind,
            at: SimTime::from_s(at_s),
            energy_share,
            rounds: vec![(EffectorIx(0), 9)],
        };
        assert!(
            !picture.learn_supply(&notice(4.0, NoticeKind::Going, 0.1)),
            "too old"
        );
        assert!(picture.learn_supply(&notice(6.0, NoticeKind::Going, 0.2)));
        let known = |picture: &BluePicture| picture.get(unit).unwrap().status.clone().unwrap();
        assert!(!known(&picture).is_idle && known(&picture).can_move);
        assert!(picture.learn_supply(&notice(60.0, NoticeKind::Served, 1.0)));
        let served = known(&picture);
        assert!(served.is_idle && (served.energy_share - 1.0).abs() < 1e-12);
        assert_eq!(served.rounds, [(EffectorIx(0), 9)]);
        let wound = HealthReport {
            unit,
            at: SimTime::from_s(70.0),
            can_move: false,
            can_fire: false,
        };
        assert!(picture.learn_health(&wound));
        assert!(!known(&picture).can_move && known(&picture).rounds.is_empty());
    }
}
