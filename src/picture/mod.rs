//! F7: what each node knows: its tracks on others, its picture of the own side.
//!
//! [`track`] is one track, [`store`] a node's tracks, [`tracker`] turns detections into tracks,
//! [`report`] tells others and takes what they tell, [`blue`] is the picture of the own side,
//! fed by reports of [`position`], [`status`] and [`health`] and notices of [`supply`]; [`contact`] is
//! what is told of what is no track yet, [`image`] and [`video`] are pictures,
//! [`alarm`] is what reports of being fired upon say of tracks, [`overheard`] what nodes in an
//! adversary's hands tell him and claim to see. Formulas stand in [`model`].
//!
//! **Architecture invariant:** nothing here reads where units really are.

pub mod alarm;
pub mod blue;
pub mod contact;
pub mod health;
pub mod image;
pub mod model;
pub mod overheard;
pub mod position;
pub mod report;
pub mod status;
pub mod store;
pub mod supply;
pub mod track;
pub mod tracker;
pub mod video;

use bevy::prelude::{App, Plugin};

pub use blue::{BlueEntry, BluePicture, Place, Status};
pub use report::{TrackBatch, TrackReport};
pub use store::TrackStore;
pub use track::{Reading, Source, Track, TrackKey};

/// Tracks and pictures of every node.
#[derive(Debug)]
pub struct PicturePlugin;

impl Plugin for PicturePlugin {
    fn build(&self, app: &mut App) {
        app.add_plugins((
            tracker::TrackerPlugin,
            report::ReportPlugin,
            position::PositionPlugin,
            status::StatusPlugin,
            health::HealthPlugin,
            supply::SupplyPlugin,
            alarm::AlarmPlugin,
            contact::ContactPlugin,
            image::ImagePlugin,
            video::VideoPlugin,
            overheard::OverheardPlugin,
        ));
    }
}
