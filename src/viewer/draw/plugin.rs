//! All that draws. See [`DrawPlugin`].

use bevy::prelude::{App, Plugin};

use super::{
    coverage::CoveragePlugin, ellipses::EllipsesPlugin, lines::LinesPlugin, network::NetworkPlugin,
    terrain::TerrainPlugin, units::UnitsPlugin,
};

/// Draws everything in three dimensions, a plugin for each kind of thing.
#[derive(Debug)]
pub(crate) struct DrawPlugin;

impl Plugin for DrawPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            TerrainPlugin,
            UnitsPlugin,
            LinesPlugin,
            NetworkPlugin,
            EllipsesPlugin,
            CoveragePlugin,
        ));
    }
}
