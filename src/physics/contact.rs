//! Who runs into whom, and the push that parts them. See [`ContactSolver`].
//!
//! Pairs are parted one after the other in the order of their units, then who moved is looked at
//! again, until nothing touches (Gauss–Seidel on positions; Müller et al. 2007, "Position based
//! dynamics", §3.3).

use glam::{DVec2, DVec3};

use super::field::ObstacleField;
use super::pairs::{Extent, PairFinder};
use super::touch::{self, Cylinder, SKIN_M, Touch};
use crate::kernel::ids::UnitIx;

/// How often a crowd is looked at again before what is left waits for the next tick.
const PASSES: usize = 24;

/// A vehicle that can run into something. It stands on its position, as an upright cylinder as high
/// as it is wide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Body {
    /// Whose body it is.
    pub ix: UnitIx,
    /// East, north, height above mean sea level of its underside, after this tick's motion, m.
    pub position_m: DVec3,
    /// Velocity of this tick's motion, m/s: it came from `position_m` less this times the tick.
    pub velocity_m_s: DVec3,
    /// Radius of its outline from above, m. Positive.
    pub radius_m: f64,
    /// Mass, kg; infinite for what nothing moves.
    pub mass_kg: f64,
}

/// What a unit ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ContactWith {
    /// Another vehicle.
    Unit(UnitIx),
    /// An obstacle, by its place in [`Obstacles`](crate::environment::obstacles::Obstacles).
    Obstacle(u32),
}

/// One unit's side of a contact. Two vehicles that touch give two contacts, one for each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contact {
    /// Who is pushed.
    pub a: UnitIx,
    /// By whom or what.
    pub b: ContactWith,
    /// How this contact moves `a`, m. A unit's pushes add up to a place where it touches nothing.
    /// Horizontal, but on a roof or under a bridge, where it is vertical.
    pub push_m: DVec3,
    /// How far the two had run into each other, m.
    pub depth_m: f64,
    /// What a plastic impact takes from `a` along the normal, N·s; zero where they were parting.
    pub impulse_n_s: f64,
}

/// One body in the course of being parted from others.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Where it is.
    shape: Cylinder,
    /// Sum of the horizontal normals of the obstacles that it met in this tick.
    wall: DVec2,
    /// Whether it was pushed since all were last looked at: only who moved can touch anew.
    moved: bool,
}

/// Finds and resolves the contacts of one tick. It keeps memory between ticks but nothing else: the
/// answer depends on its arguments only.
#[derive(Debug, Default)]
pub struct ContactSolver {
    places: Vec<Place>,
    finder: PairFinder,
    pairs: Vec<(usize, usize)>,
    walls: Vec<(usize, u32)>,
    contacts: Vec<Contact>,
}

impl ContactSolver {
    /// All contacts among `bodies`, which are sorted by unit, and with obstacles, after a tick of
    /// `dt_s`. Sorted by unit, then by what it met: other units first.
    ///
    /// # Panics
    /// In debug builds, where bodies are unsorted or not finite.
    pub fn solve(&mut self, field: &ObstacleField, bodies: &[Body], dt_s: f64) -> &[Contact] {
        debug_assert!(
            bodies.windows(2).all(|w| w[0].ix < w[1].ix),
            "bodies are sorted by unit"
        );
        debug_assert!(
            bodies.iter().all(is_sound),
            "bodies are finite, their sizes positive"
        );
        self.contacts.clear();
        self.places.clear();
        self.places
            .extend(bodies.iter().map(|body| Place::new(body, dt_s)));
        for _ in 0..PASSES {
            self.finder
                .find(self.places.iter().map(Place::extent), &mut self.pairs);
            self.find_walls(field);
            if self.pairs.is_empty() && self.walls.is_empty() {
                break;
            }
            for place in &mut self.places {
                place.moved = false;
            }
            self.part(field, bodies);
            for place in &mut self.places {
                place.shape.from_m = place.shape.now_m;
            }
        }
        &self.contacts
    }

    /// Lists the bodies whose ways may have met an obstacle, in order.
    fn find_walls(&mut self, field: &ObstacleField) {
        self.walls.clear();
        if field.is_empty() {
            return;
        }
        for (at, place) in self
            .places
            .iter()
            .enumerate()
            .filter(|(_, place)| place.moved)
        {
            let (low_m, high_m) = place.bounds_m();
            field.each_near(low_m, high_m, |obstacle| self.walls.push((at, obstacle)));
        }
        self.walls.sort_unstable();
    }

    /// Parts all listed pairs once, obstacles last, so that nobody ends in a wall.
    fn part(&mut self, field: &ObstacleField, bodies: &[Body]) {
        for at in 0..self.pairs.len() {
            let (i, j) = self.pairs[at];
            if let Some(touch) = touch::between(&self.places[i].shape, &self.places[j].shape) {
                self.part_pair(bodies, (i, j), touch);
            }
        }
        for at in 0..self.walls.len() {
            let (i, obstacle) = self.walls[at];
            if let Some(touch) = field.wall(obstacle).touch(&self.places[i].shape) {
                self.part_wall(&bodies[i], i, obstacle, touch);
            }
        }
    }

    /// Moves two bodies apart, the lighter one further. Who stands with its back to a wall does not
    /// give way.
    fn part_pair(&mut self, bodies: &[Body], (i, j): (usize, usize), touch: Touch) {
        let (a, b) = (&bodies[i], &bodies[j]);
        let (mobile_a, mobile_b) = (a.mass_kg.recip(), b.mass_kg.recip());
        if mobile_a + mobile_b <= 0.0 {
            return;
        }
        let normal = touch.normal;
        let cornered_a = self.places[i].wall.dot(normal.truncate()) < 0.0;
        let cornered_b = self.places[j].wall.dot(normal.truncate()) > 0.0;
        let share_a = match (cornered_a, cornered_b) {
            (true, false) if mobile_b > 0.0 => 0.0,
            (false, true) if mobile_a > 0.0 => 1.0,
            _ => mobile_a / (mobile_a + mobile_b),
        };
        let closing_m_s = (b.velocity_m_s - a.velocity_m_s).dot(normal).max(0.0);
        let impulse_n_s = closing_m_s / (mobile_a + mobile_b);
        let push_a = normal * (touch.depth_m * share_a);
        let push_b = normal * (touch.depth_m * (share_a - 1.0));
        self.push(
            i,
            a.ix,
            ContactWith::Unit(b.ix),
            push_a,
            (touch.depth_m, impulse_n_s),
        );
        self.push(
            j,
            b.ix,
            ContactWith::Unit(a.ix),
            push_b,
            (touch.depth_m, impulse_n_s),
        );
    }

    /// Moves a body out of an obstacle.
    fn part_wall(&mut self, body: &Body, at: usize, obstacle: u32, touch: Touch) {
        if !body.mass_kg.is_finite() {
            return;
        }
        let closing_m_s = (-body.velocity_m_s.dot(touch.normal)).max(0.0);
        let push_m = touch.normal * touch.depth_m;
        let with = ContactWith::Obstacle(obstacle);
        self.places[at].wall += touch.normal.truncate();
        self.push(
            at,
            body.ix,
            with,
            push_m,
            (touch.depth_m, closing_m_s * body.mass_kg),
        );
    }

    /// Moves a body, and adds the move to the contact that caused it. Depth and impulse are those
    /// of the first time that the two met in this tick.
    fn push(
        &mut self,
        at: usize,
        a: UnitIx,
        b: ContactWith,
        push_m: DVec3,
        (depth_m, impulse_n_s): (f64, f64),
    ) {
        self.places[at].shape.now_m += push_m;
        self.places[at].moved |= push_m != DVec3::ZERO;
        match self
            .contacts
            .binary_search_by_key(&(a, b), |contact| (contact.a, contact.b))
        {
            Ok(known) => self.contacts[known].push_m += push_m,
            Err(place) => {
                let depth_m = (depth_m - SKIN_M).max(0.0);
                self.contacts.insert(
                    place,
                    Contact {
                        a,
                        b,
                        push_m,
                        depth_m,
                        impulse_n_s,
                    },
                );
            }
        }
    }
}

impl Place {
    /// A body at the end of its tick.
    fn new(body: &Body, dt_s: f64) -> Self {
        let from_m = body.position_m - body.velocity_m_s * dt_s;
        let shape = Cylinder {
            from_m,
            now_m: body.position_m,
            radius_m: body.radius_m,
        };
        Self {
            shape,
            wall: DVec2::ZERO,
            moved: true,
        }
    }

    /// Where the body's way lies on the map.
    fn extent(&self) -> Extent {
        let (low_m, high_m) = self.bounds_m();
        Extent {
            low_m: low_m.truncate(),
            high_m: high_m.truncate(),
            fresh: self.moved,
        }
    }

    /// Lowest and highest corner of the body's way, m.
    fn bounds_m(&self) -> (DVec3, DVec3) {
        let Cylinder {
            from_m,
            now_m,
            radius_m,
        } = self.shape;
        let low_m = from_m.min(now_m) - DVec3::new(radius_m, radius_m, 0.0);
        let high_m = from_m.max(now_m) + DVec3::new(radius_m, radius_m, self.shape.height_m());
        (low_m, high_m)
    }
}

/// Whether a body can be asked about.
fn is_sound(body: &Body) -> bool {
    body.position_m.is_finite()
        && body.velocity_m_s.is_finite()
        && body.radius_m > 0.0
        && body.mass_kg > 0.0
}

#[cfg(test)]
mod tests;
