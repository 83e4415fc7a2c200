//! What a person asks to see, by name, before there is a world. See [`Request`].

use glam::DVec2;

use super::{
    camera::Aim,
    error::ViewError,
    frame::Setting,
    ground::Ground,
    marks::Mark,
    view::{Layers, View, Viewpoint},
};

/// Where to look.
#[derive(Debug, Clone, PartialEq)]
pub enum LookAt {
    /// East and north of the origin, m.
    Place(DVec2),
    /// A unit.
    Unit(String),
}

/// What to show, and from where.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Whose picture: `truth`, a side or a unit.
    pub viewpoint: String,
    /// Which layers.
    pub layers: Layers,
    /// Unit that is looked at closely.
    pub select: Option<String>,
    /// The middle of the picture; by default that of all units.
    pub look_at: Option<LookAt>,
    /// Distance of the eye, m.
    pub distance_m: Option<f64>,
    /// Direction of view, degrees clockwise from north.
    pub bearing_deg: Option<f64>,
    /// Angle of view below the horizon, degrees.
    pub tilt_deg: Option<f64>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            viewpoint: "truth".to_owned(),
            layers: Layers::usual(),
            select: None,
            look_at: None,
            distance_m: None,
            bearing_deg: None,
            tilt_deg: None,
        }
    }
}

/// The rank of a unit by its name.
fn unit(name: &str, setting: &Setting) -> Result<usize, ViewError> {
    setting
        .unit_named(name)
        .ok_or_else(|| unknown(name, setting))
}

/// The error for a name that nothing has.
fn unknown(name: &str, setting: &Setting) -> ViewError {
    let sides: Vec<&str> = setting.sides.iter().map(|side| side.id.as_str()).collect();
    ViewError::Unknown {
        name: name.to_owned(),
        cure: format!(
            "name a unit of the scenario, truth, or a side: {}",
            sides.join(", ")
        ),
    }
}

impl Request {
    /// The choices that it stands for.
    ///
    /// # Errors
    /// If a name is not one of the scenario's.
    pub fn view(&self, setting: &Setting) -> Result<View, ViewError> {
        let viewpoint = Viewpoint::named(&self.viewpoint, setting)
            .ok_or_else(|| unknown(&self.viewpoint, setting))?;
        let selected = self.select.as_deref().map(|name| unit(name, setting));
        Ok(View {
            viewpoint,
            layers: self.layers,
            selected: selected.transpose()?,
            follows: false,
        })
    }

    /// Where the camera looks.
    ///
    /// # Errors
    /// If a name is not one of the scenario's.
    pub(super) fn aim(
        &self,
        setting: &Setting,
        marks: &[Mark],
        ground: &Ground,
        place_of: impl Fn(usize) -> DVec2,
    ) -> Result<Aim, ViewError> {
        let mut aim = Aim::at_marks(marks, ground);
        let focus = match &self.look_at {
            None => None,
            Some(LookAt::Place(place)) => Some(*place),
            Some(LookAt::Unit(name)) => Some(place_of(unit(name, setting)?)),
        };
        if let Some(focus) = focus {
            aim.focus = focus.extend(ground.surface_m(focus));
        }
        aim.distance_m = self.distance_m.unwrap_or(aim.distance_m);
        let radians = |degrees: Option<f64>, usual: f64| degrees.map_or(usual, f64::to_radians);
        aim.bearing_rad = radians(self.bearing_deg, aim.bearing_rad);
        aim.tilt_rad = radians(self.tilt_deg, aim.tilt_rad);
        Ok(aim)
    }
}
