//! What one system tells others within a tick. See [`Buffer`].
//!
//! Bevy's own message readers keep their place in system-local state, which no snapshot holds. A
//! [`Buffer`] lives from the phase that writes it to [`Phase::Advance`], which empties it: at a tick
//! boundary it is empty, so there is nothing to save. What must outlive the tick goes into a
//! resource that is registered as state.

use bevy::prelude::{App, IntoScheduleConfigs, ResMut, Resource};

use super::schedule::{Phase, SimTick};

/// The messages of one kind in this tick, in the order in which they were written.
#[derive(Debug, Resource)]
pub struct Buffer<T: Send + Sync + 'static> {
    items: Vec<T>,
}

impl<T: Send + Sync + 'static> Default for Buffer<T> {
    fn default() -> Self {
        Self { items: Vec::new() }
    }
}

impl<T: Send + Sync + 'static> Buffer<T> {
    /// Adds a message.
    pub fn write(&mut self, message: T) {
        self.items.push(message);
    }

    /// All messages of this tick so far.
    #[must_use]
    pub fn read(&self) -> &[T] {
        &self.items
    }
}

/// Adds buffers to an app.
pub trait BufferAppExt {
    /// Adds the buffer for `T`, emptied at the end of every tick.
    fn add_buffer<T: Send + Sync + 'static>(&mut self) -> &mut Self;
}

impl BufferAppExt for App {
    fn add_buffer<T: Send + Sync + 'static>(&mut self) -> &mut Self {
        if self.world().contains_resource::<Buffer<T>>() {
            return self;
        }
        self.init_resource::<Buffer<T>>()
            .add_systems(SimTick, empty::<T>.in_set(Phase::Advance))
    }
}

/// Empties a buffer but keeps its memory.
fn empty<T: Send + Sync + 'static>(mut buffer: ResMut<'_, Buffer<T>>) {
    buffer.items.clear();
}
