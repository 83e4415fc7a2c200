//! Which properties of the catalogue's classes have a public source. See [`Catalogue::citations`].
//!
//! `docs/catalogue-sources.md` says for every source what was read there.

use serde::Serialize;

use super::catalogue::Catalogue;
use super::class::{ClassSpec, Figure, Motion};

/// A property whose sources [`Catalogue::citations`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Property {
    /// Greatest speed; on foot, the factor on the speed of an unladen walker. Speeds at which a
    /// model works (least, cruise, cross-country) are not counted.
    Speed,
    /// Published endurance, range or hours of march, of what can run out.
    Endurance,
    /// Mass ready for use, of what moves (no model asks for the mass of a building).
    Mass,
    /// Transmitter power of every radio that it carries.
    RadioPower,
    /// Every physical figure of every sensor that it carries: see
    /// [`SensorKind::physical_figures`](super::class::SensorKind::physical_figures).
    Sensors,
}

impl Property {
    /// All properties.
    pub const ALL: [Self; 5] = [
        Self::Speed,
        Self::Endurance,
        Self::Mass,
        Self::RadioPower,
        Self::Sensors,
    ];
}

/// Whether a property of a class has a public source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Citation {
    /// Class name.
    pub class: String,
    /// The property.
    pub property: Property,
    /// Whether every figure behind it names a source.
    pub sourced: bool,
}

impl Catalogue {
    /// For each class and each property that it has, whether a public source stands behind every
    /// figure.
    #[must_use]
    pub fn citations(&self) -> Vec<Citation> {
        let mut citations = Vec::new();
        for class in self.classes.values() {
            for property in Property::ALL {
                let figures = self.figures_behind(class, property);
                if !figures.is_empty() {
                    citations.push(Citation {
                        class: class.name.clone(),
                        property,
                        sourced: figures.iter().all(|figure| figure.is_sourced()),
                    });
                }
            }
        }
        citations
    }

    /// The figures that say a property of a class; empty when it has none.
    #[must_use]
    pub fn figures_behind<'a>(
        &'a self,
        class: &'a ClassSpec,
        property: Property,
    ) -> Vec<&'a Figure> {
        match property {
            Property::Speed => class.motion.published_speed().into_iter().collect(),
            Property::Endurance => class.energy.endurance().into_iter().collect(),
            Property::Mass if class.motion == Motion::Fixed => Vec::new(),
            Property::Mass => vec![&class.mass_kg],
            Property::RadioPower => class
                .radios
                .iter()
                .filter_map(|mount| self.radio(&mount.radio))
                .filter_map(|radio| radio.bearer.power())
                .collect(),
            Property::Sensors => class
                .sensors
                .iter()
                .filter_map(|mount| self.sensor(&mount.sensor))
                .flat_map(|sensor| sensor.kind.physical_figures())
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many classes have the property, and which of them lack a source.
    fn audit(catalogue: &Catalogue, property: Property) -> (usize, Vec<String>) {
        let of: Vec<Citation> = catalogue
            .citations()
            .into_iter()
            .filter(|citation| citation.property == property)
            .collect();
        let missing = of.iter().filter(|citation| !citation.sourced);
        (
            of.len(),
            missing.map(|citation| citation.class.clone()).collect(),
        )
    }

    #[test]
    fn four_in_five_classes_cite_every_figure_of_each_property() {
        let catalogue = Catalogue::shipped();
        for property in Property::ALL {
            let (of, missing) = audit(&catalogue, property);
            println!(
                "{property:?}: {} of {of} cite a source, not {missing:?}",
                of - missing.len()
            );
            assert!(of >= 30, "{property:?}: {of} classes");
            assert!(5 * missing.len() <= of, "{property:?}: {missing:?}");
        }
    }

    #[test]
    fn one_notional_figure_of_one_sensor_leaves_its_bearers_without_a_source() {
        let mut catalogue = Catalogue::shipped();
        let before = audit(&catalogue, Property::Sensors).1.len();
        let sensor = catalogue.sensors.get_mut("eye").unwrap();
        let crate::platform::class::SensorKind::ElectroOptical { pixels, .. } = &mut sensor.kind
        else {
            panic!("the eye is an imaging sensor");
        };
        *pixels = Figure::Notional(1.0, 1.0, 1.0);
        let dismounts = 4;
        assert_eq!(
            audit(&catalogue, Property::Sensors).1.len(),
            before + dismounts
        );
    }
}
