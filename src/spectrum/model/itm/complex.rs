//! As much of complex numbers as the ground's impedance needs.

use core::ops::{Add, Div, Mul, Sub};

/// A complex number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Complex {
    pub(super) re: f64,
    pub(super) im: f64,
}

impl Complex {
    /// Square of the modulus.
    pub(super) fn norm2(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    /// Principal square root; the imaginary part is not negative here.
    pub(super) fn sqrt(self) -> Self {
        let modulus = self.norm2().sqrt();
        let re = (0.5 * (modulus + self.re)).max(0.0).sqrt();
        let im = (0.5 * (modulus - self.re)).max(0.0).sqrt();
        Self {
            re,
            im: im.copysign(self.im),
        }
    }
}

impl Add for Complex {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            re: self.re + other.re,
            im: self.im + other.im,
        }
    }
}

impl Sub for Complex {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            re: self.re - other.re,
            im: self.im - other.im,
        }
    }
}

impl Mul<f64> for Complex {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self {
            re: self.re * factor,
            im: self.im * factor,
        }
    }
}

impl Div for Complex {
    type Output = Self;

    fn div(self, other: Self) -> Self {
        let norm2 = other.norm2();
        Self {
            re: (self.re * other.re + self.im * other.im) / norm2,
            im: (self.im * other.re - self.re * other.im) / norm2,
        }
    }
}
