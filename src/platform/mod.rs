//! F3: vehicles, people, sensors' carriers and fixed things: what a class is, how it moves, what it
//! uses up, what it carries, how it breaks.
//!
//! The catalogue ([`class`]) says what there is; [`vehicle`] is one unit of a class in the world;
//! [`course`] executes its plan; [`mover`] moves it through what is about it ([`ambient`]), and
//! weather beyond its limits takes it ([`exposure`]); [`truth`] is where it really is, [`navigation`]
//! where it believes it is, [`aiding`] what satellites do for that. [`damage`], [`suppression`] and
//! [`stance`] say what became of it.

pub mod aiding;
pub mod airborne;
pub mod ambient;
pub mod catalogue;
mod catalogue_audit;
mod catalogue_check;
mod catalogue_check_effector;
mod catalogue_check_sensor;
pub mod class;
mod class_cover;
mod class_effector;
mod class_jammer;
mod class_motion;
mod class_radio;
mod class_sensor;
mod class_vulnerability;
pub mod course;
pub mod damage;
pub mod emission;
pub mod energy;
pub mod exposure;
mod figure;
pub mod group;
pub mod kinematics;
pub mod leg;
pub mod mover;
pub mod navigation;
pub mod shells;
pub mod stance;
pub mod stores;
pub mod suppression;
pub mod together;
pub mod truth;
pub mod vehicle;

use bevy::prelude::{App, Plugin};

/// Everything about units as things that move, use energy and break.
#[derive(Debug)]
pub struct PlatformPlugin;

impl Plugin for PlatformPlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            truth::BoardPlugin,
            damage::DamagePlugin,
            emission::EmissionPlugin,
            stores::StoresPlugin,
            stance::StancePlugin,
            suppression::SuppressionPlugin,
            course::CoursePlugin,
            aiding::AidingPlugin,
            mover::MoverPlugin,
        ));
    }
}
