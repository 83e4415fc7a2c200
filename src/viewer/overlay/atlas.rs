//! The atlas of tactical symbols: `assets/symbols`, made by a script from milsymbol. See [`Atlas`].

use std::collections::BTreeMap;

use bevy::{
    asset::RenderAssetUsages,
    image::{CompressedImageFormats, Image, ImageSampler, ImageType, TextureError},
    prelude::{Assets, Handle, Resource},
};
use bevy_egui::{EguiContexts, EguiTextureHandle, egui};
use serde::Deserialize;

use super::super::marks::Affiliation;

/// The picture.
const PICTURE: &[u8] = include_bytes!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/assets/symbols/atlas.png"
));
/// Where on the picture each symbol is.
const INDEX: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/assets/symbols/atlas.ron"
));

/// Pixels of the screen per pixel of the atlas.
pub(crate) const SCALE: f32 = 0.40;

/// One symbol of the index.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Function identifier.
    function: String,
    /// Affiliation.
    affiliation: Affiliation,
    /// Left upper corner, pixels.
    at_px: (u16, u16),
    /// Width and height, pixels.
    size_px: (u16, u16),
}

/// The index as its file has it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Index {
    /// Width and height of the picture, pixels.
    size_px: (u16, u16),
    /// All symbols.
    symbols: Vec<Entry>,
}

/// A symbol on the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Symbol {
    /// Part of the picture, 0 to 1.
    pub(crate) uv: egui::Rect,
    /// Size on the screen, points.
    pub(crate) size: egui::Vec2,
}

/// All symbols.
#[derive(Debug, Clone, Resource)]
pub(crate) struct Atlas {
    /// By function identifier and affiliation.
    symbols: BTreeMap<(String, Affiliation), Symbol>,
    /// The picture.
    image: Handle<Image>,
}

/// The index, by function identifier and affiliation.
fn index() -> BTreeMap<(String, Affiliation), Symbol> {
    let index: Index = ron::from_str(INDEX).expect("the script writes what is read here");
    let (width, height) = (f32::from(index.size_px.0), f32::from(index.size_px.1));
    index
        .symbols
        .into_iter()
        .map(|entry| {
            let (x, y) = (f32::from(entry.at_px.0), f32::from(entry.at_px.1));
            let (w, h) = (f32::from(entry.size_px.0), f32::from(entry.size_px.1));
            let uv = egui::Rect::from_min_max(
                egui::pos2(x / width, y / height),
                egui::pos2((x + w) / width, (y + h) / height),
            );
            let size = egui::vec2(w, h) * SCALE;
            ((entry.function, entry.affiliation), Symbol { uv, size })
        })
        .collect()
}

impl Atlas {
    /// Reads the atlas.
    ///
    /// # Errors
    /// If the picture is not read.
    pub(crate) fn load(images: &mut Assets<Image>) -> Result<Self, TextureError> {
        let image = Image::from_buffer(
            PICTURE,
            ImageType::Extension("png"),
            CompressedImageFormats::NONE,
            true,
            ImageSampler::linear(),
            RenderAssetUsages::RENDER_WORLD,
        )?;
        Ok(Self {
            symbols: index(),
            image: images.add(image),
        })
    }

    /// The symbol of a function, or the bare frame of its domain where it has none.
    #[must_use]
    pub(crate) fn symbol(&self, function: &str, affiliation: Affiliation) -> Option<Symbol> {
        let find = |name: &str| self.symbols.get(&(name.to_owned(), affiliation)).copied();
        find(function).or_else(|| {
            let domain = function.get(..1).unwrap_or("G");
            find(&format!("{domain}-----"))
        })
    }

    /// The picture, for the painter.
    pub(crate) fn texture(&self, contexts: &mut EguiContexts<'_, '_>) -> egui::TextureId {
        contexts.add_image(EguiTextureHandle::Strong(self.image.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::class::Catalogue;

    #[test]
    fn every_class_has_a_symbol_in_every_affiliation() {
        let index = index();
        for class in Catalogue::shipped().classes.values() {
            for affiliation in Affiliation::ALL {
                let key = (class.symbol.clone(), affiliation);
                assert!(index.contains_key(&key), "{}: {key:?}", class.name);
            }
        }
    }
}
