//! Colours of the ground and the sea: hill shade, tint by height and depth, contours. Pure, baked
//! into one picture, so that the slowest renderer shows them.

use glam::{DVec2, DVec3};

use super::super::{
    ground::Ground,
    narrow::{byte_of, f32_of, f64_of, index_of, u32_of},
};
use crate::{geo::Terrain, kernel::math::sincos};

/// Most texels along the longer side.
const TEXELS_MAX: f64 = 3072.0;
/// Number of contours over the whole relief that is aimed at.
const CONTOURS: f64 = 14.0;

/// Land by share of the relief above the lowest land, sRGB: meadow, straw, bare ground, rock. Muted,
/// so that symbols stand out.
const LAND: [[f32; 3]; 5] = [
    [0.58, 0.66, 0.50],
    [0.70, 0.72, 0.55],
    [0.77, 0.71, 0.57],
    [0.70, 0.62, 0.53],
    [0.88, 0.87, 0.86],
];
/// Sea bed by share of the greatest depth, sRGB.
const SEA: [[f32; 3]; 4] = [
    [0.74, 0.85, 0.88],
    [0.50, 0.70, 0.80],
    [0.32, 0.53, 0.69],
    [0.20, 0.37, 0.55],
];

/// A picture of the ground, row by row from the north-west corner, and its smaller copies.
#[derive(Debug, Clone)]
pub(crate) struct Tint {
    /// Width and height in texels.
    pub(crate) size: (u32, u32),
    /// Number of pictures, each half as large as the one before.
    pub(crate) levels: u32,
    /// Red, green, blue, alpha.
    pub(crate) rgba: Vec<u8>,
}

/// A number on the ladder 1, 2, 5, 10 … that is not below another.
#[must_use]
pub(crate) fn round_up(number: f64) -> f64 {
    let mut step = 1e-3;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if factor * step >= number {
                return factor * step;
            }
        }
        step *= 10.0;
    }
}

/// Height between two contours, m.
#[must_use]
pub(crate) fn contour_step_m(terrain: &Terrain) -> f64 {
    round_up((terrain.highest_m() - terrain.lowest_m()).max(10.0) / CONTOURS)
}

/// Between the colours of a ramp.
fn ramp(colors: &[[f32; 3]], share: f32) -> [f32; 3] {
    let at = share.clamp(0.0, 1.0) * f32_of(f64_of(colors.len() - 1));
    let low = index_of(f64::from(at)).min(colors.len() - 2);
    let part = at - f32_of(f64_of(low));
    core::array::from_fn(|n| colors[low][n] + (colors[low + 1][n] - colors[low][n]) * part)
}

/// What colours depend on besides the place.
struct Palette {
    low_m: f64,
    high_m: f64,
    deep_m: f64,
    contour_m: f64,
    sun: DVec3,
    exaggeration: f64,
}

impl Palette {
    /// The palette of a ground. The sun stands in the north-west, where map makers put it: from
    /// there relief is not taken for its opposite.
    fn of(ground: &Ground) -> Self {
        let terrain = &ground.terrain;
        let (azimuth, elevation) = (315.0_f64.to_radians(), 42.0_f64.to_radians());
        let ((east, north), (up, flat)) = (sincos(azimuth), sincos(elevation));
        Self {
            low_m: terrain.lowest_m().max(0.0),
            high_m: terrain.highest_m().max(terrain.lowest_m().max(0.0) + 50.0),
            deep_m: (-terrain.lowest_m()).max(20.0),
            contour_m: contour_step_m(terrain),
            sun: DVec3::new(east * flat, north * flat, up),
            exaggeration: ground.exaggeration,
        }
    }

    /// Colour of a place with a height and a slope; a texel is `texel_m` wide.
    fn color(&self, height_m: f64, slope: DVec2, texel_m: f64) -> [f32; 3] {
        let is_sea = height_m < 0.0;
        let base = if is_sea {
            ramp(&SEA, f32_of((-height_m / self.deep_m).sqrt()))
        } else {
            let share = (height_m - self.low_m) / (self.high_m - self.low_m);
            ramp(&LAND, f32_of(share))
        };
        let steep = slope * self.exaggeration.max(1.5);
        let normal = DVec3::new(-steep.x, -steep.y, 1.0).normalize();
        let direct = normal.dot(self.sun).max(0.0) / self.sun.z;
        let sky = 0.5 + 0.5 * normal.z;
        let strength = if is_sea { 0.35 } else { 0.62 };
        let light = (1.0 - strength) * sky + strength * direct;
        let line = self.contour(height_m, slope, texel_m, is_sea);
        let ink = if is_sea {
            [0.16, 0.30, 0.45]
        } else {
            [0.35, 0.24, 0.14]
        };
        // Light is a little warm, shade a little blue.
        let warm = [1.0, 0.99, 0.95];
        let cool = [0.93, 0.97, 1.08];
        let light = f32_of(light);
        core::array::from_fn(|n| {
            let hue = cool[n] + (warm[n] - cool[n]) * light.clamp(0.0, 1.0);
            let lit = base[n] * hue * (0.30 + 0.70 * light).min(1.12);
            lit + (ink[n] - lit) * line
        })
    }

    /// How dark a contour is at a place, 0 to 1. Every fifth is stronger; coasts have a line.
    fn contour(&self, height_m: f64, slope: DVec2, texel_m: f64, is_sea: bool) -> f32 {
        let per_texel = slope.length().max(1e-4) * texel_m;
        let distance = |step_m: f64| {
            let phase = height_m / step_m;
            (phase - phase.round()).abs() * step_m / per_texel
        };
        let stroke = |distance: f64, width: f64| f32_of((width - distance + 0.5).clamp(0.0, 1.0));
        // Where contours would touch, they are left out.
        let room = f32_of((self.contour_m / per_texel / 4.0 - 0.5).clamp(0.0, 1.0));
        let thin = 0.26 * stroke(distance(self.contour_m), 0.6) * room;
        let thick = 0.42 * stroke(distance(5.0 * self.contour_m), 0.9) * room;
        let coast = 0.7 * stroke((height_m / per_texel).abs(), 0.9);
        let has_coast = is_sea || height_m < 2.0 * per_texel;
        thin.max(thick).max(if has_coast { coast } else { 0.0 })
    }
}

/// Paints the ground.
#[must_use]
pub(crate) fn paint(ground: &Ground) -> Tint {
    let size_m = ground.bounds.size();
    let texel_m = size_m.max_element() / TEXELS_MAX;
    let texel_m = texel_m.max(ground.terrain.spacing_m() / 8.0);
    let texels = |length_m: f64| index_of((length_m / texel_m).round()).max(1);
    let (width, height) = (texels(size_m.x), texels(size_m.y));
    let palette = Palette::of(ground);
    let mut rgba = Vec::with_capacity(width * height * 6);
    // Slopes over three posts, so that the facets of the grid do not show.
    let reach_m = 0.75 * ground.terrain.spacing_m();
    for row in 0..height {
        let y = ground.bounds.max.y - (f64_of(row) + 0.5) * texel_m;
        for column in 0..width {
            let x = ground.bounds.min.x + (f64_of(column) + 0.5) * texel_m;
            let at = |dx: f64, dy: f64| ground.terrain.height_m(x + dx, y + dy);
            let slope = DVec2::new(
                at(reach_m, 0.0) - at(-reach_m, 0.0),
                at(0.0, reach_m) - at(0.0, -reach_m),
            ) / (2.0 * reach_m);
            let [r, g, b] = palette.color(at(0.0, 0.0), slope, texel_m);
            rgba.extend([byte_of(r), byte_of(g), byte_of(b), 255]);
        }
    }
    with_levels(rgba, width, height)
}

/// Adds smaller copies, so that distant ground does not flicker.
fn with_levels(mut rgba: Vec<u8>, width: usize, height: usize) -> Tint {
    let (mut from, mut w, mut h, mut levels) = (0, width, height, 1);
    while w > 1 || h > 1 {
        let (half_w, half_h) = ((w / 2).max(1), (h / 2).max(1));
        let mut level = Vec::with_capacity(half_w * half_h * 4);
        for row in 0..half_h {
            for column in 0..half_w {
                for channel in 0..4 {
                    let texel = |dx: usize, dy: usize| {
                        let x = (2 * column + dx).min(w - 1);
                        let y = (2 * row + dy).min(h - 1);
                        u16::from(rgba[from + 4 * (y * w + x) + channel])
                    };
                    let sum = texel(0, 0) + texel(1, 0) + texel(0, 1) + texel(1, 1);
                    level.push(u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX));
                }
            }
        }
        from = rgba.len();
        rgba.append(&mut level);
        (w, h, levels) = (half_w, half_h, levels + 1);
    }
    Tint {
        size: (u32_of(width), u32_of(height)),
        levels,
        rgba,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::geo::Extent;

    #[test]
    fn steps_are_round() {
        assert!((round_up(37.0) - 50.0).abs() < 1e-9);
        assert!((round_up(50.0) - 50.0).abs() < 1e-9);
        assert!((round_up(0.013) - 0.02).abs() < 1e-9);
    }

    #[test]
    fn sea_is_blue_land_is_not_and_slopes_to_the_sun_are_light() {
        let extent = Extent::about(DVec2::ZERO, 5000.0);
        let terrain = Terrain::from_fn(extent, 100.0, true, |at| 0.1 * at.x).expect("a plane");
        let ground = Ground::new(&Arc::new(terrain));
        let palette = Palette::of(&ground);
        let [red, _, blue] = palette.color(-300.0, DVec2::ZERO, 10.0);
        assert!(blue > red + 0.2, "{red} {blue}");
        let [red, _, blue] = palette.color(130.0, DVec2::ZERO, 10.0);
        assert!(red > blue, "{red} {blue}");
        let sunny = palette.color(130.0, DVec2::new(0.3, -0.3), 10.0);
        let shady = palette.color(130.0, DVec2::new(-0.3, 0.3), 10.0);
        assert!(sunny[0] > shady[0] + 0.2, "{sunny:?} {shady:?}");
    }

    #[test]
    fn all_levels_are_there() {
        let tint = with_levels(vec![7; 4 * 8 * 4], 8, 4);
        assert_eq!(tint.levels, 4);
        assert_eq!(tint.rgba.len(), 4 * (8 * 4 + 4 * 2 + 2 + 1));
    }
}
