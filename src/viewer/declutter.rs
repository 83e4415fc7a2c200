//! Who gets room on the picture: greedy placing of rectangles, the weightiest first.

/// A rectangle in pixels: left, top, width, height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x: f32,
    /// Upper edge.
    pub y: f32,
    /// Width.
    pub w: f32,
    /// Height.
    pub h: f32,
}

impl Area {
    /// The rectangle about a centre.
    #[must_use]
    pub fn about([x, y]: [f32; 2], [w, h]: [f32; 2]) -> Self {
        Self {
            x: x - 0.5 * w,
            y: y - 0.5 * h,
            w,
            h,
        }
    }

    /// Whether two rectangles share a point inside.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }

    /// Whether it lies inside another.
    #[must_use]
    pub fn is_within(&self, other: &Self) -> bool {
        self.x >= other.x
            && self.y >= other.y
            && self.x + self.w <= other.x + other.w
            && self.y + self.h <= other.y + other.h
    }
}

/// What is taken so far.
#[derive(Debug, Clone)]
pub struct Room {
    screen: Area,
    taken: Vec<Area>,
}

impl Room {
    /// An empty screen.
    #[must_use]
    pub fn new(screen: Area) -> Self {
        Self {
            screen,
            taken: Vec::new(),
        }
    }

    /// Keeps an area free of everything that comes later.
    pub fn block(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// Takes an area, if it is free.
    pub fn take(&mut self, area: Area) -> bool {
        let is_free =
            area.is_within(&self.screen) && !self.taken.iter().any(|taken| taken.overlaps(&area));
        if is_free {
            self.taken.push(area);
        }
        is_free
    }

    /// Takes the first free place for a label beside a symbol: right, left, below, above.
    pub fn beside(&mut self, symbol: &Area, [w, h]: [f32; 2]) -> Option<Area> {
        const GAP: f32 = 3.0;
        let middle_y = symbol.y + 0.5 * (symbol.h - h);
        let middle_x = symbol.x + 0.5 * (symbol.w - w);
        let places = [
            [symbol.x + symbol.w + GAP, middle_y],
            [symbol.x - w - GAP, middle_y],
            [middle_x, symbol.y + symbol.h + GAP],
            [middle_x, symbol.y - h - GAP],
        ];
        places
            .into_iter()
            .map(|[x, y]| Area { x, y, w, h })
            .find(|area| self.take(*area))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_never_overlap() {
        let screen = Area::about([200.0, 200.0], [400.0, 400.0]);
        let mut room = Room::new(screen);
        let mut labels = Vec::new();
        for n in 0..200_u16 {
            let at = [f32::from(n * 37 % 400), f32::from(n * 91 % 400)];
            let symbol = Area::about(at, [30.0, 20.0]);
            if room.take(symbol) {
                labels.push(symbol);
                labels.extend(room.beside(&symbol, [50.0, 12.0]));
            }
        }
        assert!(labels.len() > 40, "{}", labels.len());
        for (n, a) in labels.iter().enumerate() {
            assert!(a.is_within(&screen));
            assert!(labels[n + 1..].iter().all(|b| !a.overlaps(b)), "{a:?}");
        }
    }
}
