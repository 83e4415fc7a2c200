//! Paints the overlay in its order. See [`OverlayPlugin`].

use bevy::{camera::CameraUpdateSystems, prelude::*};
use bevy_egui::{EguiContexts, EguiPostUpdateSet, EguiPrimaryContextPass, egui};
use glam::DVec2;

use super::{
    super::{
        camera::Aim,
        chains::Step,
        declutter::{Area, Room},
        draw::network::recent_hops,
        ground::Ground,
        panels::{Free, PanelsPlugin},
        state::{Chosen, Live, Now, Scene},
        view::{Layer, Viewpoint},
    },
    atlas::Atlas,
    legend,
    project::Eye,
    symbols::{self, Layout},
};

/// Where the last picture had its symbols, for clicks and tests.
#[derive(Debug, Default, Resource)]
pub(crate) struct Painted(pub(crate) Layout);

/// Paints symbols, labels and legend.
#[derive(Debug)]
pub(crate) struct OverlayPlugin;

impl Plugin for OverlayPlugin {
    fn build(&self, app: &mut App) {
        app.init_resource::<Painted>()
            .add_plugins(PanelsPlugin)
            .add_systems(Startup, load_atlas)
            // Symbols stand where the camera of this very picture sees their units.
            .configure_sets(
                PostUpdate,
                EguiPostUpdateSet::EndPass
                    .after(TransformSystems::Propagate)
                    .after(CameraUpdateSystems),
            )
            .add_systems(
                EguiPrimaryContextPass,
                paint.after(super::super::panels::show),
            );
    }
}

/// Reads the atlas.
fn load_atlas(mut commands: Commands<'_, '_>, mut images: ResMut<'_, Assets<Image>>) {
    let atlas = Atlas::load(&mut images).expect("a test reads the shipped picture");
    commands.insert_resource(atlas);
}

/// Paints everything.
fn paint(
    mut contexts: EguiContexts<'_, '_>,
    (atlas, ground, scene): (Res<'_, Atlas>, Res<'_, Ground>, Res<'_, Scene>),
    (now, chosen, free, aim): (Res<'_, Now>, Res<'_, Chosen>, Res<'_, Free>, Res<'_, Aim>),
    live: Res<'_, Live>,
    mut painted: ResMut<'_, Painted>,
    camera: Query<'_, '_, (&Camera, &GlobalTransform), With<Camera3d>>,
) -> Result {
    let texture = atlas.texture(&mut contexts);
    let ctx = contexts.ctx_mut()?;
    let Ok((camera, transform)) = camera.single() else {
        return Ok(());
    };
    let eye = Eye { camera, transform };
    let screen = free.0;
    let painter = ctx
        .layer_painter(egui::LayerId::background())
        .with_clip_rect(screen);
    let focus: DVec2 = aim.focus.truncate();
    let has_chains = chosen.0.layers.has(Layer::Chains) && chosen.0.viewpoint == Viewpoint::Truth;
    let steps: Vec<Step> = recent_hops(&live, &now)
        .iter()
        .filter(|_| has_chains)
        .map(|hop| hop.step)
        .collect();
    let taken = legend::paint(
        &painter,
        screen,
        (&scene.0, &now.frame, &now.marks),
        (&eye, &ground, focus),
        (&chosen.0, &steps),
    );
    let mut room = Room::new(Area {
        x: screen.min.x,
        y: screen.min.y,
        w: screen.width(),
        h: screen.height(),
    });
    for rect in taken {
        room.block(Area {
            x: rect.min.x,
            y: rect.min.y,
            w: rect.width(),
            h: rect.height(),
        });
    }
    painted.0 = Layout::default();
    if chosen.0.layers.has(Layer::Symbols) {
        let at = (&eye, &*ground, &*atlas);
        let layout = symbols::lay_out(&now.marks, at, chosen.0.selected, &mut room);
        symbols::paint(&painter, &now.marks, &layout, (&eye, &ground), texture);
        symbols::labels(&painter, &now.marks, &layout, &chosen.0, &mut room);
        painted.0 = layout;
    }
    Ok(())
}
