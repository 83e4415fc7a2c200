//! Munitions in flight as everybody's sensors may see them. See [`Airborne`].

use std::collections::BTreeMap;

use bevy::prelude::{App, Plugin, Resource};
use glam::DVec3;
use serde::{Deserialize, Serialize};

use super::stores::EffectorIx;
use crate::kernel::{ids::UnitIx, registry::StateAppExt};

/// A munition in flight as it really is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Munition {
    /// Who fired it.
    pub shooter: UnitIx,
    /// With what.
    pub effector: EffectorIx,
    /// East, north, height above mean sea level, m.
    pub position: DVec3,
    /// Velocity over ground, m/s.
    pub velocity: DVec3,
}

/// All guided munitions in flight by their number, which names their draws. Written by `engagement`
/// only, which flies them.
#[derive(Debug, Clone, Default, PartialEq, Resource, Serialize, Deserialize)]
pub struct Airborne(pub BTreeMap<u64, Munition>);

/// Registers what flies as state.
#[derive(Debug)]
pub struct AirbornePlugin;

impl Plugin for AirbornePlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Airborne>()
            .register_state_resource_if_used::<Airborne>();
    }
}
