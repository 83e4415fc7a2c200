//! Shapes by which kinds of units can be told apart: one metre long, bow to the north (-z), their
//! lowest point at the origin, in greys that a material colours.

use bevy::{math::Vec3, mesh::Mesh};

use super::mesh::{Rgba, Triangles};
use crate::platform::class::Family;

/// Greys from light to dark.
const GREYS: [Rgba; 3] = [
    [1.0, 1.0, 1.0, 1.0],
    [0.78, 0.78, 0.78, 1.0],
    [0.45, 0.45, 0.45, 1.0],
];

/// A shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Hull, turret and gun.
    Vehicle,
    /// Low hull with a mast.
    Robot,
    /// Body, wings and tail.
    Aircraft,
    /// A cross of arms with rotors.
    Copter,
    /// A person.
    Person,
    /// Hull and bridge.
    Ship,
    /// Low hull.
    Boat,
    /// A body with fins.
    Submarine,
    /// A mast on a shelter.
    Site,
}

impl Shape {
    /// All shapes.
    pub(crate) const ALL: [Self; 9] = [
        Self::Vehicle,
        Self::Robot,
        Self::Aircraft,
        Self::Copter,
        Self::Person,
        Self::Ship,
        Self::Boat,
        Self::Submarine,
        Self::Site,
    ];

    /// The shape of a group of the catalogue; civil things are ships at sea and vehicles ashore.
    #[must_use]
    pub(crate) fn of(family: Family, length_m: f64, is_at_sea: bool) -> Self {
        match family {
            Family::Ugv | Family::RemoteWeaponStation => Self::Robot,
            Family::Uav if length_m < 2.0 => Self::Copter,
            Family::MannedAir | Family::Uav | Family::Munition => Self::Aircraft,
            Family::Dismount => Self::Person,
            Family::MannedSea => Self::Ship,
            Family::Usv => Self::Boat,
            Family::Uuv => Self::Submarine,
            Family::FixedSite => Self::Site,
            Family::Civil if is_at_sea => Self::Ship,
            Family::MannedGround | Family::Civil => Self::Vehicle,
        }
    }

    /// Its mesh.
    #[must_use]
    pub(crate) fn mesh(self) -> Mesh {
        let mut it = Solid::default();
        match self {
            Self::Vehicle => {
                it.block([0.0, 0.14, 0.0], [0.46, 0.2, 1.0], 1);
                it.block([0.0, 0.31, 0.05], [0.34, 0.16, 0.42], 0);
                it.block([0.0, 0.33, -0.45], [0.06, 0.06, 0.6], 2);
            }
            Self::Robot => {
                it.block([0.0, 0.16, 0.0], [0.6, 0.2, 1.0], 1);
                it.block([-0.33, 0.1, 0.0], [0.1, 0.2, 0.9], 2);
                it.block([0.33, 0.1, 0.0], [0.1, 0.2, 0.9], 2);
                it.block([0.0, 0.45, -0.2], [0.08, 0.4, 0.08], 0);
                it.block([0.0, 0.68, -0.2], [0.26, 0.12, 0.12], 0);
            }
            Self::Aircraft => {
                it.hull([0.0, 0.06, 0.0], [0.12, 0.12, 1.0], 0);
                it.block([0.0, 0.09, -0.05], [1.3, 0.03, 0.2], 1);
                it.block([0.0, 0.10, 0.42], [0.46, 0.03, 0.12], 1);
                it.block([0.0, 0.2, 0.43], [0.03, 0.2, 0.12], 2);
            }
            Self::Copter => {
                it.block([0.0, 0.1, 0.0], [0.3, 0.16, 0.4], 0);
                it.block([0.0, 0.14, 0.0], [1.0, 0.04, 0.08], 2);
                it.block([0.0, 0.14, 0.0], [0.08, 0.04, 1.0], 2);
                for (x, z) in [(0.5, 0.0), (-0.5, 0.0), (0.0, 0.5), (0.0, -0.5)] {
                    it.block([x, 0.19, z], [0.42, 0.02, 0.42], 1);
                }
            }
            Self::Person => {
                it.hull([0.0, 0.35, 0.0], [0.3, 0.7, 0.22], 1);
                it.hull([0.0, 0.85, 0.0], [0.22, 0.24, 0.22], 0);
            }
            Self::Ship => {
                it.hull([0.0, 0.05, 0.0], [0.2, 0.14, 1.0], 1);
                it.block([0.0, 0.18, 0.08], [0.13, 0.14, 0.3], 0);
                it.block([0.0, 0.33, 0.05], [0.04, 0.2, 0.04], 2);
            }
            Self::Boat => {
                it.hull([0.0, 0.07, 0.0], [0.34, 0.16, 1.0], 1);
                it.block([0.0, 0.2, 0.1], [0.16, 0.14, 0.26], 0);
            }
            Self::Submarine => {
                it.hull([0.0, 0.0, 0.0], [0.22, 0.22, 1.0], 0);
                it.block([0.0, 0.0, 0.42], [0.5, 0.04, 0.12], 2);
                it.block([0.0, 0.0, 0.42], [0.04, 0.5, 0.12], 2);
            }
            Self::Site => {
                it.block([0.0, 0.16, 0.0], [0.7, 0.32, 0.7], 1);
                it.block([0.0, 0.6, 0.0], [0.07, 0.9, 0.07], 2);
                it.block([0.0, 0.95, 0.0], [0.4, 0.06, 0.06], 0);
            }
        }
        it.0.mesh(true)
    }
}

/// Blocks being put together.
#[derive(Debug, Default)]
struct Solid(Triangles);

impl Solid {
    /// A box about a centre.
    fn block(&mut self, centre: [f32; 3], size: [f32; 3], grey: usize) {
        let (at, half) = (Vec3::from(centre), Vec3::from(size) * 0.5);
        let corner = |x: f32, y: f32, z: f32| at + half * Vec3::new(x, y, z);
        let ring = |y: f32| {
            [
                corner(-1.0, y, 1.0),
                corner(1.0, y, 1.0),
                corner(1.0, y, -1.0),
                corner(-1.0, y, -1.0),
            ]
        };
        let (low, high) = (ring(-1.0), ring(1.0));
        self.close(low, high, grey);
    }

    /// A box whose bow and stern are pointed.
    fn hull(&mut self, centre: [f32; 3], size: [f32; 3], grey: usize) {
        let (at, half) = (Vec3::from(centre), Vec3::from(size) * 0.5);
        let corner = |x: f32, y: f32, z: f32| at + half * Vec3::new(x, y, z);
        let color = GREYS[grey];
        let (bow, stern) = (corner(0.0, 0.6, -1.0), corner(0.0, 0.3, 1.0));
        let ring = [
            corner(1.0, 1.0, 0.0),
            corner(-1.0, 1.0, 0.0),
            corner(-1.0, -1.0, 0.0),
            corner(1.0, -1.0, 0.0),
        ];
        for n in 0..4 {
            let (a, b) = (ring[n], ring[(n + 1) % 4]);
            for corners in [[b, a, bow], [a, b, stern]] {
                let corners = corners.map(|at| self.0.corner(at, color));
                self.0.triangle(corners);
            }
        }
    }

    /// The faces between two rings, and the rings.
    fn close(&mut self, low: [Vec3; 4], high: [Vec3; 4], grey: usize) {
        let color = GREYS[grey];
        for n in 0..4 {
            let next = (n + 1) % 4;
            self.0.face([low[n], low[next], high[next], high[n]], color);
        }
        self.0.face(high, color);
        self.0.face([low[3], low[2], low[1], low[0]], color);
    }
}
