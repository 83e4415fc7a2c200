//! The state registry: whatever influences the future is registered here, and hashing, saving and
//! restoring walk it. See [`StateRegistry`] and [`StateAppExt`].
//!
//! Components are walked in unit-id order, resources in the order of their names. A value's form of
//! record is its postcard encoding; its hash is the XXH3 of those bytes. An unregistered component
//! would make a restored run diverge, which the determinism tests find and name. A kind that nobody
//! has leaves no trace in the hash, so that what a scenario does not use does not change its hashes.

use bevy::ecs::component::Mutable;
use bevy::prelude::{App, Component, Resource, World};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use thiserror::Error;
use xxhash_rust::xxh3::Xxh3;

use super::ids::UnitIndex;

/// Why a snapshot cannot be restored.
#[derive(Debug, Error)]
pub enum RestoreError {
    /// The snapshot names other state than this world registers.
    #[error(
        "the snapshot holds {found} kinds of state, this world registers {expected}; was it made by another version?"
    )]
    KindsDiffer {
        /// Kinds in the snapshot.
        found: usize,
        /// Kinds in this world.
        expected: usize,
    },
    /// The snapshot was made for another set of units.
    #[error(
        "the snapshot holds {found} units, this world {expected}; was it made from another scenario?"
    )]
    UnitsDiffer {
        /// Units in the snapshot.
        found: usize,
        /// Units in this world.
        expected: usize,
    },
    /// A value cannot be read back.
    #[error("cannot read {what} back: {cause}")]
    Value {
        /// Name of the component or resource.
        what: &'static str,
        /// What the decoder said.
        cause: postcard::Error,
    },
}

/// A saved world: everything registered, at a tick boundary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    units: usize,
    kinds: Vec<Vec<u8>>,
}

/// Hash of one registered kind of state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KindHash {
    /// Name of the component or resource.
    pub name: &'static str,
    /// XXH3 of its values.
    pub hash: u64,
    /// Whether anybody has it.
    pub is_had: bool,
}

/// How to walk one kind of state.
#[derive(Debug, Clone, Copy)]
struct Kind {
    name: &'static str,
    encode: fn(&World, &mut Vec<u8>),
    decode: fn(&mut World, &[u8]) -> Result<(), postcard::Error>,
}

/// All registered kinds, sorted by name.
#[derive(Debug, Default, Resource)]
pub struct StateRegistry {
    kinds: Vec<Kind>,
}

impl StateRegistry {
    /// Adds a kind once.
    fn add(&mut self, kind: Kind) {
        if let Err(at) = self.kinds.binary_search_by_key(&kind.name, |k| k.name) {
            self.kinds.insert(at, kind);
        }
    }

    /// Names of all registered kinds.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.kinds.iter().map(|kind| kind.name)
    }
}

/// Registers state.
pub trait StateAppExt {
    /// Registers a component that units carry. It is never inserted or removed after the start.
    fn register_state<T>(&mut self) -> &mut Self
    where
        T: Component<Mutability = Mutable> + Serialize + DeserializeOwned;

    /// Registers a resource.
    fn register_state_resource<T>(&mut self) -> &mut Self
    where
        T: Resource<Mutability = Mutable> + Serialize + DeserializeOwned;

    /// Registers a resource that most scenarios do not use: at its default it counts as absent.
    fn register_state_resource_if_used<T>(&mut self) -> &mut Self
    where
        T: Resource<Mutability = Mutable> + Default + PartialEq + Serialize + DeserializeOwned;
}

impl StateAppExt for App {
    fn register_state<T>(&mut self) -> &mut Self
    where
        T: Component<Mutability = Mutable> + Serialize + DeserializeOwned,
    {
        let kind = Kind {
            name: core::any::type_name::<T>(),
            encode: encode_component::<T>,
            decode: decode_component::<T>,
        };
        self.init_resource::<StateRegistry>();
        self.world_mut().resource_mut::<StateRegistry>().add(kind);
        self
    }

    fn register_state_resource<T>(&mut self) -> &mut Self
    where
        T: Resource<Mutability = Mutable> + Serialize + DeserializeOwned,
    {
        let kind = Kind {
            name: core::any::type_name::<T>(),
            encode: encode_resource::<T>,
            decode: decode_resource::<T>,
        };
        self.init_resource::<StateRegistry>();
        self.world_mut().resource_mut::<StateRegistry>().add(kind);
        self
    }

    fn register_state_resource_if_used<T>(&mut self) -> &mut Self
    where
        T: Resource<Mutability = Mutable> + Default + PartialEq + Serialize + DeserializeOwned,
    {
        let kind = Kind {
            name: core::any::type_name::<T>(),
            encode: encode_used_resource::<T>,
            decode: decode_used_resource::<T>,
        };
        self.init_resource::<StateRegistry>();
        self.world_mut().resource_mut::<StateRegistry>().add(kind);
        self
    }
}

/// Appends the encoding of a value.
fn append<T: Serialize>(value: &T, out: &mut Vec<u8>) {
    postcard::to_io(value, out).expect("writing to memory succeeds, and state has known lengths");
}

/// Encodes a component of every unit in id order; a unit without it leaves a zero byte.
fn encode_component<T: Component + Serialize>(world: &World, out: &mut Vec<u8>) {
    for (_, row) in world.resource::<UnitIndex>().iter() {
        append(&world.get::<T>(row.entity), out);
    }
}

/// Reads a component back for every unit in id order.
fn decode_component<T>(world: &mut World, bytes: &[u8]) -> Result<(), postcard::Error>
where
    T: Component<Mutability = Mutable> + DeserializeOwned,
{
    let entities: Vec<_> = world
        .resource::<UnitIndex>()
        .iter()
        .map(|(_, row)| row.entity)
        .collect();
    let mut rest = bytes;
    for entity in entities {
        let (value, after) = postcard::take_from_bytes::<Option<T>>(rest)?;
        rest = after;
        if let (Some(value), Some(mut place)) = (value, world.get_mut::<T>(entity)) {
            *place = value;
        }
    }
    Ok(())
}

/// Encodes a resource; an absent one leaves a zero byte.
fn encode_resource<T: Resource + Serialize>(world: &World, out: &mut Vec<u8>) {
    append(&world.get_resource::<T>(), out);
}

/// Reads a resource back.
fn decode_resource<T>(world: &mut World, bytes: &[u8]) -> Result<(), postcard::Error>
where
    T: Resource<Mutability = Mutable> + DeserializeOwned,
{
    if let Some(value) = postcard::from_bytes::<Option<T>>(bytes)? {
        world.insert_resource(value);
    }
    Ok(())
}

/// Encodes a resource; at its default it leaves a zero byte, as an absent one does.
fn encode_used_resource<T>(world: &World, out: &mut Vec<u8>)
where
    T: Resource + Default + PartialEq + Serialize,
{
    let value = world.get_resource::<T>();
    append(&value.filter(|value| **value != T::default()), out);
}

/// Reads a resource back, at its default where it left no trace.
fn decode_used_resource<T>(world: &mut World, bytes: &[u8]) -> Result<(), postcard::Error>
where
    T: Resource<Mutability = Mutable> + Default + DeserializeOwned,
{
    let value = postcard::from_bytes::<Option<T>>(bytes)?;
    world.insert_resource(value.unwrap_or_default());
    Ok(())
}

/// The hash of each registered kind, in name order: where two runs differ, the first that differs
/// names the culprit.
#[must_use]
pub fn kind_hashes(world: &World) -> Vec<KindHash> {
    let mut bytes = Vec::new();
    let hash = |kind: &Kind| {
        bytes.clear();
        (kind.encode)(world, &mut bytes);
        KindHash {
            name: kind.name,
            hash: xxhash_rust::xxh3::xxh3_64(&bytes),
            is_had: bytes.iter().any(|byte| *byte != 0),
        }
    };
    world
        .resource::<StateRegistry>()
        .kinds
        .iter()
        .map(hash)
        .collect()
}

/// One hash over all registered state that anybody has.
#[must_use]
pub fn state_hash(world: &World) -> u64 {
    let mut hasher = Xxh3::new();
    for kind in kind_hashes(world).iter().filter(|kind| kind.is_had) {
        hasher.update(kind.name.as_bytes());
        hasher.update(&kind.hash.to_le_bytes());
    }
    hasher.digest()
}

/// Saves everything registered. Call between ticks.
#[must_use]
pub fn snapshot(world: &World) -> Snapshot {
    let encode = |kind: &Kind| {
        let mut bytes = Vec::new();
        (kind.encode)(world, &mut bytes);
        bytes
    };
    let kinds = world
        .resource::<StateRegistry>()
        .kinds
        .iter()
        .map(encode)
        .collect();
    Snapshot {
        units: world.resource::<UnitIndex>().len(),
        kinds,
    }
}

/// Puts a saved state into a world that was built from the same scenario.
///
/// # Errors
/// Where the snapshot was made by another version or from another scenario, or is damaged.
pub fn restore(world: &mut World, snapshot: &Snapshot) -> Result<(), RestoreError> {
    let kinds = world.resource::<StateRegistry>().kinds.clone();
    let expected = world.resource::<UnitIndex>().len();
    if snapshot.kinds.len() != kinds.len() {
        return Err(RestoreError::KindsDiffer {
            found: snapshot.kinds.len(),
            expected: kinds.len(),
        });
    }
    if snapshot.units != expected {
        return Err(RestoreError::UnitsDiffer {
            found: snapshot.units,
            expected,
        });
    }
    for (kind, bytes) in kinds.iter().zip(&snapshot.kinds) {
        (kind.decode)(world, bytes).map_err(|cause| RestoreError::Value {
            what: kind.name,
            cause,
        })?;
    }
    Ok(())
}
