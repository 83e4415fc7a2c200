//! Meshes with a colour at every corner.

use bevy::{
    asset::RenderAssetUsages,
    math::Vec3,
    mesh::{Indices, Mesh, PrimitiveTopology},
};

use super::super::narrow::{f32_of, u32_of};

/// A colour: red, green, blue (sRGB) and alpha, 0 to 1.
pub(crate) type Rgba = [f32; 4];

/// A colour of bytes with an opacity.
#[must_use]
pub(crate) fn rgba([r, g, b]: [u8; 3], alpha: f32) -> Rgba {
    [
        f32::from(r) / 255.0,
        f32::from(g) / 255.0,
        f32::from(b) / 255.0,
        alpha,
    ]
}

/// Linear light of an sRGB value, as vertex colours have it (IEC 61966-2-1).
fn linear(value: f32) -> f32 {
    if value <= 0.040_45 {
        value / 12.92
    } else {
        f32_of(crate::kernel::math::pow(
            (f64::from(value) + 0.055) / 1.055,
            2.4,
        ))
    }
}

/// Triangles being gathered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Triangles {
    positions: Vec<[f32; 3]>,
    colors: Vec<Rgba>,
    uvs: Vec<[f32; 2]>,
    indices: Vec<u32>,
}

impl Triangles {
    /// Whether there are none.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// Adds a corner and gives its number.
    pub(crate) fn corner(&mut self, at: Vec3, [r, g, b, a]: Rgba) -> u32 {
        self.textured(at, [r, g, b, a], [0.0, 0.0])
    }

    /// Adds a corner with its place on a texture.
    pub(crate) fn textured(&mut self, at: Vec3, [r, g, b, a]: Rgba, uv: [f32; 2]) -> u32 {
        self.positions.push(at.to_array());
        self.colors.push([linear(r), linear(g), linear(b), a]);
        self.uvs.push(uv);
        u32_of(self.positions.len() - 1)
    }

    /// Adds a triangle between corners, counter-clockwise.
    pub(crate) fn triangle(&mut self, corners: [u32; 3]) {
        self.indices.extend(corners);
    }

    /// Adds a quad between corners, counter-clockwise.
    pub(crate) fn quad(&mut self, [a, b, c, d]: [u32; 4]) {
        self.indices.extend([a, b, c, a, c, d]);
    }

    /// Adds a quad of one colour.
    pub(crate) fn face(&mut self, corners: [Vec3; 4], color: Rgba) {
        let corners = corners.map(|at| self.corner(at, color));
        self.quad(corners);
    }

    /// The mesh, with smooth normals or with one per face.
    #[must_use]
    pub(crate) fn mesh(self, is_flat: bool) -> Mesh {
        let usage = RenderAssetUsages::RENDER_WORLD | RenderAssetUsages::MAIN_WORLD;
        let mut mesh = Mesh::new(PrimitiveTopology::TriangleList, usage)
            .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, self.positions)
            .with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, self.colors)
            .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, self.uvs)
            .with_inserted_indices(Indices::U32(self.indices));
        if is_flat {
            mesh.duplicate_vertices();
            mesh.compute_flat_normals();
        } else {
            mesh.compute_smooth_normals();
        }
        mesh
    }
}
