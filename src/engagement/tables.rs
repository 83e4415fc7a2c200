//! Kill probabilities of the catalogue as curves over range. See [`KillTables`].

use std::collections::BTreeMap;

use bevy::prelude::Resource;

use super::model::KillCurve;
use crate::{
    kernel::curve::Curve,
    platform::{
        class::{EffectorSpec, KillPoint, TargetClass},
        stores::EffectorIx,
    },
};

/// Kill curve of an effector against a class of target; none if it is no weapon against it.
#[must_use]
pub fn curve_of(effector: &EffectorSpec, class: TargetClass) -> Option<KillCurve> {
    let far = effector.range_max_m.value();
    let points = effector.kill_probability.get(&class)?;
    let pairs = |point: &KillPoint| (point.0 * far, point.1.value());
    let probability = Curve::new(points.iter().map(pairs).collect()).ok()?;
    Some(KillCurve {
        range_min_m: effector.range_min_m.value(),
        range_max_m: far,
        probability,
    })
}

/// Kill curves of every effector by class of target, worked out once.
#[derive(Debug, Clone, Default, Resource)]
pub struct KillTables(Vec<BTreeMap<TargetClass, KillCurve>>);

impl KillTables {
    /// The tables of the effectors of a fleet, in the order of their indices.
    #[must_use]
    pub fn new<'a>(effectors: impl Iterator<Item = &'a EffectorSpec>) -> Self {
        let table = |effector: &EffectorSpec| {
            let classes = effector.kill_probability.keys();
            classes
                .filter_map(|class| Some((*class, curve_of(effector, *class)?)))
                .collect()
        };
        Self(effectors.map(table).collect())
    }

    /// Kill probability of one shot; none if the effector is no weapon against the class.
    #[must_use]
    pub fn probability(
        &self,
        effector: EffectorIx,
        class: TargetClass,
        range_m: f64,
    ) -> Option<f64> {
        self.curve(effector, class).map(|curve| curve.at(range_m))
    }

    /// Kill curve of one shot; none if the effector is no weapon against the class.
    pub(super) fn curve(&self, effector: EffectorIx, class: TargetClass) -> Option<&KillCurve> {
        self.0.get(effector.at())?.get(&class)
    }
}
