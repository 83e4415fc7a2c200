//! Heights along a straight line over a terrain.

use glam::DVec2;

use super::terrain::Terrain;

impl Terrain {
    /// Fills a slice of at least two with the heights of the ground, of the bottom where there is
    /// water, at equal steps from one local point to another, the ends included, in metres above
    /// mean sea level: those of [`Terrain::height_m`] but for the last bits of the places between.
    pub fn transect_m(&self, from: DVec2, to: DVec2, heights_m: &mut [f64]) {
        debug_assert!(heights_m.len() >= 2, "a line has two ends");
        let steps = heights_m.len() - 1;
        let start = self.to_grid(from);
        let end = self.to_grid(to);
        #[expect(
            clippy::cast_precision_loss,
            reason = "lines have far fewer than 2^53 points"
        )]
        let step = (end - start) / steps as f64;
        let mut number = 0.0;
        for height_m in heights_m.iter_mut() {
            *height_m = self.height_at(start + step * number);
            number += 1.0;
        }
        heights_m[steps] = self.height_at(end);
    }
}
