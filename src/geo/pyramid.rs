//! Block maxima of a height grid: how high the ground can be in a stretch of cells, by a few
//! look-ups.

/// Cells along the side of the smallest block.
const BLOCK: usize = 8;

/// Heights of the highest post of blocks of cells, each level's blocks twice as wide as the last's.
#[derive(Clone, Debug)]
pub(super) struct MaxPyramid {
    /// From blocks of `BLOCK` cells to a level of one block.
    levels: Vec<Level>,
}

/// Block maxima of one size of block.
#[derive(Clone, Debug)]
struct Level {
    /// Number of blocks east–west.
    cols: usize,
    /// Maxima in metres, row by row from the south-west.
    highest_m: Vec<f32>,
}

impl MaxPyramid {
    /// The pyramid of posts given row by row.
    pub(super) fn new(heights_m: &[f32], cols: usize, rows: usize) -> Self {
        let (wide, long) = ((cols - 1).div_ceil(BLOCK), (rows - 1).div_ceil(BLOCK));
        let mut highest_m = vec![f32::NEG_INFINITY; wide * long];
        for row in 0..long {
            for col in 0..wide {
                // A cell's far posts belong to it, so blocks share the posts of their border.
                let last_post = ((col + 1) * BLOCK).min(cols - 1);
                let block = &mut highest_m[row * wide + col];
                for post_row in row * BLOCK..=((row + 1) * BLOCK).min(rows - 1) {
                    let first = post_row * cols;
                    let posts = &heights_m[first + col * BLOCK..=first + last_post];
                    *block = posts.iter().copied().fold(*block, f32::max);
                }
            }
        }
        let mut levels = vec![Level {
            cols: wide,
            highest_m,
        }];
        while levels.last().is_some_and(|level| level.highest_m.len() > 1) {
            let above = levels.last().map(Level::halved);
            levels.extend(above);
        }
        Self { levels }
    }

    /// Height in metres of the highest post.
    pub(super) fn highest_m(&self) -> f64 {
        let top = self.levels.last().and_then(|level| level.highest_m.first());
        top.map_or(f64::NEG_INFINITY, |&height| f64::from(height))
    }

    /// An upper bound in metres of the ground in the cells from `a` to `b`, both included.
    pub(super) fn bound_m(&self, a: (usize, usize), b: (usize, usize)) -> f64 {
        let (west, east) = (a.0.min(b.0), a.0.max(b.0));
        let (south, north) = (a.1.min(b.1), a.1.max(b.1));
        let span = (east - west).max(north - south);
        // The first level on which the cells touch at most two blocks to each side.
        let mut level = 0;
        while level + 1 < self.levels.len() && (BLOCK << level) <= span {
            level += 1;
        }
        let block = BLOCK << level;
        let Level { cols, highest_m } = &self.levels[level];
        let (west, east) = (west / block, east / block);
        let mut bound = f32::NEG_INFINITY;
        for row in south / block..=north / block {
            for &highest in &highest_m[row * cols + west..=row * cols + east] {
                bound = bound.max(highest);
            }
        }
        f64::from(bound)
    }
}

impl Level {
    /// The level above: maxima of two by two blocks.
    fn halved(&self) -> Self {
        let rows = self.highest_m.len() / self.cols;
        let cols = self.cols.div_ceil(2);
        let mut highest_m = vec![f32::NEG_INFINITY; cols * rows.div_ceil(2)];
        for row in 0..rows {
            for col in 0..self.cols {
                let block = &mut highest_m[row / 2 * cols + col / 2];
                *block = block.max(self.highest_m[row * self.cols + col]);
            }
        }
        Self { cols, highest_m }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid with odd sides and no symmetry.
    fn heights() -> Vec<f32> {
        (0..37_u16 * 53)
            .map(|at| f32::from(at.wrapping_mul(40_503) >> 7))
            .collect()
    }

    #[test]
    fn a_bound_is_never_below_the_posts_and_exact_for_the_whole() {
        let (cols, rows, heights) = (53, 37, heights());
        let pyramid = MaxPyramid::new(&heights, cols, rows);
        let highest = heights.iter().copied().fold(0.0, f32::max);
        assert!((pyramid.highest_m() - f64::from(highest)).abs() < 1e-9);
        for first in 0..(cols - 1) * (rows - 1) {
            let (a, step) = ((first % (cols - 1), first / (cols - 1)), first * 7 + 3);
            let b = (step % (cols - 1), step / 5 % (rows - 1));
            let bound = pyramid.bound_m(a, b);
            for row in a.1.min(b.1)..=a.1.max(b.1) + 1 {
                for col in a.0.min(b.0)..=a.0.max(b.0) + 1 {
                    assert!(f64::from(heights[row * cols + col]) <= bound, "{a:?} {b:?}");
                }
            }
            if a == b {
                assert!(bound <= f64::from(highest));
            }
        }
    }

    #[test]
    fn a_bound_is_local() {
        let (cols, rows) = (200, 200);
        let mut heights = vec![0.0_f32; cols * rows];
        heights[100 * cols + 100] = 500.0;
        let pyramid = MaxPyramid::new(&heights, cols, rows);
        assert!(pyramid.bound_m((10, 10), (50, 60)) < 1.0);
        assert!(pyramid.bound_m((99, 99), (99, 99)) > 499.0);
        assert!(pyramid.bound_m((0, 0), (198, 198)) > 499.0);
    }
}
