//! Scalar versions of the sums and products. They define the bits that the fast versions must give, and they run if an
//! array is not contiguous.

use crate::kernel::lanes::{LANES, fold};
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1};

/// The dot product of `a` and `b`, both (n).
pub fn dot(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f32 {
    let mut lanes = [0.0; LANES];
    for ((lane, x), y) in (0..LANES).cycle().zip(a).zip(b) {
        lanes[lane] += x * y;
    }
    fold(lanes)
}

/// `out = matrix * x`. `matrix` is (rows, n), `x` is (n), `out` is (rows).
pub fn matvec(matrix: ArrayView2<'_, f32>, x: ArrayView1<'_, f32>, out: ArrayViewMut1<'_, f32>) {
    for (row, y) in matrix.rows().into_iter().zip(out) {
        *y = dot(row, x);
    }
}

/// Sums up the rows, each times its weight, in the order of the rows. `weights` is (n), `rows` is (n, width), `out` is
/// (width).
pub fn weighted_rows(weights: ArrayView1<'_, f32>, rows: ArrayView2<'_, f32>, mut out: ArrayViewMut1<'_, f32>) {
    out.fill(0.0);
    for (weight, row) in weights.iter().zip(rows.rows()) {
        for (y, x) in out.iter_mut().zip(row) {
            *y += weight * x;
        }
    }
}

/// The sum of all values.
pub fn sum(values: ArrayView1<'_, f32>) -> f32 {
    let mut lanes = [0.0; LANES];
    for (lane, x) in (0..LANES).cycle().zip(values) {
        lanes[lane] += x;
    }
    fold(lanes)
}
