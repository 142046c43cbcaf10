//! The principal directions of a set of vectors.
//!
//! They are taken around zero, not around the mean: a projection then needs no stored mean. The directions are the
//! eigenvectors of the sum of the vectors' outer products. They are found by Jacobi rotations (Golub and Van Loan,
//! Matrix Computations, 8.5) in `f64`, in one fixed order, with only IEEE basic operations and square roots, so that
//! the bits are the same natively and in WebAssembly.

#![allow(clippy::indexing_slicing, reason = "every index is below the width of the matrix")]

use ndarray::{Array2, ArrayView2};

/// Maximum width of the vectors. It limits the time, which grows with the third power of the width.
pub const WIDEST: usize = 1024;

/// Maximum number of sweeps over all pairs of axes. After about 12 sweeps only rounding errors are left.
const SWEEPS: usize = 64;

/// The `rank` principal directions of vectors, with the largest eigenvalue first. They are orthonormal, and the element
/// of largest magnitude in each direction is positive. `vectors` are (n, width), the directions (rank, width); `rank`
/// is at most `width`.
pub fn directions(vectors: ArrayView2<'_, f32>, rank: usize) -> Array2<f32> {
    let width = vectors.ncols();
    let mut moments = Array2::<f64>::zeros((width, width));
    for vector in vectors.rows() {
        for (&x, mut row) in vector.iter().zip(moments.rows_mut()) {
            for (&y, moment) in vector.iter().zip(&mut row) {
                *moment += f64::from(x) * f64::from(y);
            }
        }
    }
    // When rotations have made `moments` diagonal, the rows of `axes` are the eigenvectors of the original `moments`.
    let mut axes = Array2::<f64>::eye(width);
    let all: f64 = moments.iter().map(|x| x * x).sum();
    for _ in 0..SWEEPS {
        let mut off_diagonal = 0.0;
        for p in 0..width {
            for q in p + 1..width {
                off_diagonal += moments[[p, q]] * moments[[p, q]];
                rotate(&mut moments, &mut axes, p, q);
            }
        }
        if off_diagonal <= 1e-40 * all {
            break;
        }
    }
    let mut found = Array2::zeros((rank, width));
    let mut taken = vec![false; width];
    for mut direction in found.rows_mut() {
        // The axis with the largest moment, among the axes that are not taken yet; of equal moments, the first axis.
        let mut longest = None;
        for axis in 0..width {
            let longer = longest.is_none_or(|found| moments[[axis, axis]] > moments[[found, found]]);
            if !taken[axis] && longer {
                longest = Some(axis);
            }
        }
        let Some(longest) = longest else { break };
        taken[longest] = true;
        let axis = axes.row(longest);
        let largest = axis.fold(0.0, |most: f64, &x| if x.abs() > most.abs() { x } else { most });
        let sign = if largest < 0.0 { -1.0 } else { 1.0 };
        direction.iter_mut().zip(axis).for_each(|(x, &y)| *x = (sign * y) as f32);
    }
    found
}

/// Rotates axes `p` and `q` so that the moment between them becomes zero.
fn rotate(moments: &mut Array2<f64>, axes: &mut Array2<f64>, p: usize, q: usize) {
    let between = moments[[p, q]];
    if between == 0.0 {
        return;
    }
    let theta = (moments[[q, q]] - moments[[p, p]]) / (2.0 * between);
    let sign = if theta < 0.0 { -1.0 } else { 1.0 };
    let tangent = sign / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (tangent * tangent + 1.0).sqrt();
    let sine = tangent * cosine;
    let turn = |matrix: &mut Array2<f64>, one: [usize; 2], other: [usize; 2]| {
        let (x, y) = (matrix[one], matrix[other]);
        matrix[one] = cosine * x - sine * y;
        matrix[other] = sine * x + cosine * y;
    };
    let width = moments.ncols();
    for i in 0..width {
        turn(moments, [i, p], [i, q]);
    }
    for i in 0..width {
        turn(moments, [p, i], [q, i]);
        turn(axes, [p, i], [q, i]);
    }
    moments[[p, q]] = 0.0;
    moments[[q, p]] = 0.0;
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn numbers(seed: u32) -> impl FnMut() -> f32 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        }
    }

    #[test]
    fn the_direction_of_the_longest_vectors_comes_first() {
        let vectors = array![[3.0, 4.0, 0.0], [-6.0, -8.0, 0.0], [0.0, 0.0, 1.0]];
        let found = directions(vectors.view(), 2);
        for (x, expected) in found.iter().zip([0.6, 0.8, 0.0, 0.0, 0.0, 1.0]) {
            assert!((x - expected).abs() < 1e-6, "{found}");
        }
    }

    #[test]
    fn directions_are_orthonormal_eigenvectors_with_the_largest_eigenvalue_first() {
        let width = 12;
        let mut next = numbers(7);
        // The vectors are longer along some axes than along others.
        let vectors = Array2::from_shape_fn((40, width), |(_, i)| next() * (1.0 + i as f32));
        let found = directions(vectors.view(), width);
        for i in 0..width {
            for j in 0..width {
                let dot = crate::kernel::dot(found.row(i), found.row(j));
                assert!((dot - if i == j { 1.0 } else { 0.0 }).abs() < 1e-5, "{i} {j}: {dot}");
            }
        }
        let length_along = |direction: usize| -> f32 {
            let along = vectors.rows().into_iter().map(|vector| crate::kernel::dot(vector, found.row(direction)));
            along.map(|along| along * along).sum()
        };
        let lengths: Vec<f32> = (0..width).map(length_along).collect();
        assert!(lengths.is_sorted_by(|one, other| one >= other), "{lengths:?}");
        let all: f32 = vectors.iter().map(|x| x * x).sum();
        assert!((lengths.iter().sum::<f32>() / all - 1.0).abs() < 1e-5);
        // Multiplying an eigenvector by the matrix of moments changes its length and not its direction.
        for direction in found.rows() {
            let stretched: Array1<f32> = vectors.t().dot(&vectors.dot(&direction));
            let length = crate::kernel::norm(stretched.view());
            let along = crate::kernel::dot(stretched.view(), direction);
            assert!((along / length - 1.0).abs() < 1e-4, "{along} of {length}");
        }
    }

    #[test]
    fn few_or_no_vectors_still_give_all_directions_in_finite_numbers() {
        for vectors in [Array2::zeros((0, 5)), Array2::zeros((3, 5)), Array2::from_elem((1, 5), 2.0)] {
            let found = directions(vectors.view(), 5);
            assert_eq!(found.dim(), (5, 5));
            assert!(found.iter().all(|x| x.is_finite()));
            assert!((crate::kernel::norm(found.row(4)) - 1.0).abs() < 1e-6);
        }
    }
}
