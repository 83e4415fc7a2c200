//! How well knit a network is: the second least eigenvalue of its Laplacian. See
//! [`algebraic_connectivity`].

use nalgebra::{DMatrix, DVector};

use super::{connectivity::Components, topology::Topology};
use crate::kernel::math::GOLDEN_SHARE;

/// Most nodes of which all eigenvalues are computed.
const DENSE_NODES_MAX: usize = 300;

/// Most vectors of the iteration for larger networks.
const VECTORS_MAX: usize = 40;

/// Relative change of the eigenvalue at which the iteration stops.
const TOLERANCE: f64 = 1e-12;

/// Residual, relative to the right side, at which a system of equations counts as solved.
const RESIDUAL: f64 = 1e-11;

/// Algebraic connectivity λ₂: the second least eigenvalue of the Laplacian D − A (Fiedler 1973,
/// "Algebraic connectivity of graphs", Czechoslovak Mathematical Journal 23(2)). 0 for a network that
/// is not connected or has fewer than two nodes; never above the vertex connectivity of a network
/// that is not complete. Averaging with the neighbours converges like exp(−λ₂t).
///
/// Up to 300 nodes all eigenvalues are computed: O(n³), 25 ms at 300. Above, the least one on the
/// vectors that sum to zero comes from a Krylov space of the inverse, built by conjugate gradients
/// from a fixed start (Golub, Van Loan 2013, "Matrix Computations", chapters 10 and 11): O(m·√κ) for
/// m links and condition κ = λₙ/λ₂, 0.1 s for 2000 nodes with twelve links each, and exact to about nine
/// digits.
#[must_use]
pub fn algebraic_connectivity(topology: &Topology) -> f64 {
    if topology.nodes() < 2 || !Components::new(topology).is_connected() {
        0.0
    } else if topology.nodes() <= DENSE_NODES_MAX {
        dense(topology)
    } else {
        sparse(topology)
    }
}

/// λ₂ from all eigenvalues.
fn dense(topology: &Topology) -> f64 {
    let nodes = topology.nodes();
    let mut laplacian = DMatrix::<f64>::zeros(nodes, nodes);
    for &(a, b) in topology.links() {
        laplacian[(a, b)] = -1.0;
        laplacian[(b, a)] = -1.0;
        laplacian[(a, a)] += 1.0;
        laplacian[(b, b)] += 1.0;
    }
    let mut values: Vec<f64> = laplacian.symmetric_eigenvalues().iter().copied().collect();
    values.sort_by(f64::total_cmp);
    values[1].max(0.0)
}

/// λ₂ as the least Ritz value of the Laplacian on a Krylov space of its inverse.
fn sparse(topology: &Topology) -> f64 {
    let nodes = topology.nodes();
    let start = (1..=nodes).map(|k| (k as f64 * GOLDEN_SHARE).fract());
    let mut candidate = DVector::from_iterator(nodes, start);
    let (mut basis, mut images) = (Vec::<DVector<f64>>::new(), Vec::<DVector<f64>>::new());
    let mut lambda = f64::INFINITY;
    while basis.len() < VECTORS_MAX.min(nodes - 1) {
        let length = candidate.norm();
        // Twice is enough (Kahan, in Parlett 1980).
        for _ in 0..2 {
            centre(&mut candidate);
            for vector in &basis {
                candidate.axpy(-vector.dot(&candidate), vector, 1.0);
            }
        }
        let left = candidate.norm();
        if left <= RESIDUAL * length {
            break;
        }
        candidate /= left;
        images.push(laplacian_times(topology, &candidate));
        basis.push(candidate);
        let size = basis.len();
        let projected = DMatrix::from_fn(size, size, |a, b| basis[a.max(b)].dot(&images[a.min(b)]));
        let value = projected.symmetric_eigenvalues().min();
        let is_settled = lambda - value <= TOLERANCE * value;
        lambda = value;
        if is_settled {
            break;
        }
        candidate = solve(topology, &basis[size - 1]);
    }
    lambda
}

/// Takes the mean off a vector.
fn centre(vector: &mut DVector<f64>) {
    let mean = vector.sum() / vector.len() as f64;
    vector.add_scalar_mut(-mean);
}

/// The Laplacian times a vector: each node's degree times its value, less its neighbours' values.
fn laplacian_times(topology: &Topology, vector: &DVector<f64>) -> DVector<f64> {
    DVector::from_fn(topology.nodes(), |node, _| {
        let neighbours = topology.neighbours(node);
        neighbours
            .iter()
            .map(|other| vector[node] - vector[*other])
            .sum()
    })
}

/// The vector without mean that the Laplacian of a connected network takes to `right`, which has
/// none, by conjugate gradients (Hestenes, Stiefel 1952).
fn solve(topology: &Topology, right: &DVector<f64>) -> DVector<f64> {
    let mut solution = DVector::zeros(right.len());
    let mut residual = right.clone();
    let mut direction = residual.clone();
    let mut square = residual.norm_squared();
    let goal = square * RESIDUAL * RESIDUAL;
    // Exact arithmetic needs one step less than there are nodes.
    for _ in 0..4 * right.len() {
        if square <= goal {
            break;
        }
        let image = laplacian_times(topology, &direction);
        let step = square / direction.dot(&image);
        solution.axpy(step, &direction, 1.0);
        residual.axpy(-step, &image, 1.0);
        centre(&mut residual);
        let next = residual.norm_squared();
        direction.axpy(1.0, &residual, next / square);
        square = next;
    }
    solution
}

#[cfg(test)]
mod tests {
    use super::{super::topology::shapes::*, *};
    use crate::kernel::math::{PI, sin};

    /// λ₂ of a path: 4·sin²(π/2n).
    fn of_path(nodes: u32) -> f64 {
        let s = sin(PI / (2.0 * f64::from(nodes)));
        4.0 * s * s
    }

    /// λ₂ of a ring: 4·sin²(π/n).
    fn of_ring(nodes: u32) -> f64 {
        let s = sin(PI / f64::from(nodes));
        4.0 * s * s
    }

    #[test]
    fn known_shapes_have_known_eigenvalues() {
        let cases = [
            (ring(10), 0.381_966_011_250_105),
            (path(10), 0.097_886_967_409_693),
            (star(10), 1.0),
            (complete(10), 10.0),
            (complete(2), 2.0),
            (topology(4, [(0, 1), (2, 3)]), 0.0),
            (topology(1, []), 0.0),
            (topology(0, []), 0.0),
        ];
        for (graph, want) in cases {
            let got = algebraic_connectivity(&graph);
            assert!((got - want).abs() < 1e-12, "{want}: {got}");
        }
    }

    #[test]
    fn both_ways_agree() {
        let graphs = [
            path(60),
            ring(61),
            star(40),
            complete(30),
            geometric(200, 0.16),
            geometric(280, 0.3),
        ];
        for graph in graphs {
            let (all, one) = (dense(&graph), sparse(&graph));
            assert!(all > 1e-4 && (all - one).abs() < 1e-9 * all, "{all} {one}");
        }
    }

    #[test]
    fn large_shapes_agree_with_closed_forms() {
        for nodes in [301, 500, 1200] {
            let size = usize::try_from(nodes).unwrap();
            for (graph, want) in [(path(size), of_path(nodes)), (ring(size), of_ring(nodes))] {
                let got = algebraic_connectivity(&graph);
                assert!((got - want).abs() < 1e-8 * want, "{nodes}: {got} {want}");
            }
        }
        assert!((algebraic_connectivity(&star(400)) - 1.0).abs() < 1e-10);
        assert!((algebraic_connectivity(&complete(310)) - 310.0).abs() < 1e-8);
    }

    #[test]
    fn fiedlers_bound_holds() {
        for graph in all(5).chain([geometric(100, 0.2)]) {
            let nodes = graph.nodes();
            let kappa = super::super::separation::vertex_connectivity(&graph, usize::MAX);
            let lambda = algebraic_connectivity(&graph);
            assert_eq!(lambda > 1e-9, kappa > 0, "{graph:?}");
            assert!(
                kappa == nodes - 1 || lambda <= kappa as f64 + 1e-9,
                "{graph:?}"
            );
        }
    }
}
