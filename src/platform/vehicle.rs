//! One unit of a class: what does not change during a run. See [`Vehicle`] and [`Fleet`].

use std::sync::Arc;

use bevy::prelude::Resource;

use super::{
    class::{Catalogue, ClassSpec, Domain, EffectorSpec, gait},
    energy::{EnergyError, EnergyModel},
    kinematics::Kinematics,
    stores::EffectorIx,
};
use crate::{geo::cover::Gait, kernel::ids::UnitIx};

/// One unit of a class.
#[derive(Debug, Clone)]
pub struct Vehicle {
    /// Its class.
    pub class: Arc<ClassSpec>,
    /// How it moves.
    pub kinematics: Kinematics,
    /// What that costs.
    pub energy: EnergyModel,
    /// How it goes over the ground; none for what does not.
    pub gait: Option<Gait>,
    /// Radius of its circumscribed circle, m.
    pub radius_m: f64,
    /// Power of its sensors and receivers, W.
    pub equipment_w: f64,
    /// Least rest of energy, as a share, with which it goes to a depot.
    pub return_share: f64,
}

impl Vehicle {
    /// A unit of a class that draws so much power, W, for its sensors and receivers, and goes to a
    /// depot with this share of its energy.
    ///
    /// # Errors
    /// For a class whose energy and motion do not fit together.
    pub fn new(
        class: &ClassSpec,
        equipment_w: f64,
        return_share: f64,
    ) -> Result<Self, EnergyError> {
        let mass_kg = class.mass_kg.value();
        Ok(Self {
            kinematics: Kinematics::from_class(&class.motion, mass_kg),
            energy: EnergyModel::from_class(&class.energy, &class.motion, mass_kg)?,
            gait: gait(class),
            radius_m: class.radius_m(),
            equipment_w,
            return_share,
            class: Arc::new(class.clone()),
        })
    }

    /// Number of its domain, for bit sets.
    #[must_use]
    pub fn domain_bit(&self) -> u8 {
        self.class.domain as u8
    }

    /// Whether it flies.
    #[must_use]
    pub fn is_air(&self) -> bool {
        self.class.domain == Domain::Air
    }
}

/// All vehicles by rank, and the effectors that they carry. Static.
#[derive(Debug, Clone, Resource)]
pub struct Fleet {
    vehicles: Vec<Vehicle>,
    effectors: Vec<Arc<EffectorSpec>>,
    catalogue: Arc<Catalogue>,
}

impl Fleet {
    /// A fleet: vehicles by rank, effectors by index.
    #[must_use]
    pub fn new(
        vehicles: Vec<Vehicle>,
        effectors: Vec<Arc<EffectorSpec>>,
        catalogue: Arc<Catalogue>,
    ) -> Self {
        Self {
            vehicles,
            effectors,
            catalogue,
        }
    }

    /// Number of vehicles.
    #[must_use]
    pub fn len(&self) -> usize {
        self.vehicles.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.vehicles.is_empty()
    }

    /// The vehicle of a rank.
    #[must_use]
    pub fn vehicle(&self, ix: UnitIx) -> &Vehicle {
        &self.vehicles[ix.at()]
    }

    /// An effector.
    #[must_use]
    pub fn effector(&self, ix: EffectorIx) -> &EffectorSpec {
        &self.effectors[ix.at()]
    }

    /// The catalogue that they come from.
    #[must_use]
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }
}
