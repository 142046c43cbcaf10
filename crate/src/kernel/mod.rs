//! The arithmetic of the engine: dot products, matrix-vector products, softmax, `exp`.
//!
//! Every sum has **one fixed order**. A sum over a vector adds element `i` to lane `i % 16` and folds the sixteen lanes
//! in halves (16, 8, 4, 2, 1); a weighted sum of rows adds row after row. Compilers turn the lanes into SIMD registers.
//! No operation depends on the width of a register, no operation is a fused multiply-add, and `exp` uses only IEEE
//! basic operations. So native code, wasm with simd128 and wasm without simd128 give the same bits. `reference` has
//! scalar versions of the sums and products; tests check that the fast and the scalar versions give the same bits.

mod lanes;
pub mod reference;

use lanes::Lanes;
use ndarray::{ArrayView1, ArrayView2, ArrayViewMut1};

pub use lanes::LANES;

/// The dot product of each of `R` rows with `x`, which is loaded once for all rows. Every row is as long as `x`.
///
/// The tail is padded to a whole chunk, so that only constants index the lanes and the lanes stay in registers. This is
/// eight times as fast as a loop over a tail of unknown length (tests/bench).
#[inline(always)]
fn dots<const R: usize>(rows: [&[f32]; R], x: &[f32]) -> [f32; R] {
    let (chunks, tail) = x.as_chunks::<LANES>();
    let rows = rows.map(|row| row.as_chunks::<LANES>());
    let row_chunks = rows.map(|(row, _)| &row[..chunks.len()]);
    let mut lanes = [Lanes::ZERO; R];
    for (c, x) in chunks.iter().enumerate() {
        for r in 0..R {
            lanes[r].add_products(&row_chunks[r][c], x);
        }
    }
    if !tail.is_empty() {
        let x = filled_up(tail);
        for r in 0..R {
            lanes[r].add_products(&filled_up(rows[r].1), &x);
        }
    }
    lanes.map(Lanes::fold)
}

/// A tail padded with zeros to a whole chunk. Adding these zeros changes no bit: a lane starts from +0 and is never -0.
#[inline(always)]
fn filled_up(tail: &[f32]) -> [f32; LANES] {
    let mut chunk = [0.0; LANES];
    chunk[..tail.len()].copy_from_slice(tail);
    chunk
}

/// The dot product of `a` and `b`, both (n).
pub fn dot(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f32 {
    match (a.to_slice(), b.to_slice()) {
        (Some(a), Some(b)) => {
            let [sum] = dots([a], b);
            sum
        }
        _ => reference::dot(a, b),
    }
}

/// The Euclidean norm.
pub fn norm(values: ArrayView1<'_, f32>) -> f32 {
    dot(values, values).sqrt()
}

/// `out = matrix * x`. `matrix` is (rows, n), `x` is (n), `out` is (rows).
pub fn matvec(matrix: ArrayView2<'_, f32>, x: ArrayView1<'_, f32>, mut out: ArrayViewMut1<'_, f32>) {
    debug_assert_eq!((matrix.nrows(), matrix.ncols()), (out.len(), x.len()), "matvec: shapes");
    let width = matrix.ncols();
    match (matrix.to_slice(), x.to_slice(), out.as_slice_mut()) {
        (Some(matrix), Some(x), Some(out)) if width > 0 => {
            let (pairs, last) = out.as_chunks_mut::<2>();
            let (paired_rows, last_row) = matrix.split_at(2 * pairs.len() * width);
            for (ys, rows) in pairs.iter_mut().zip(paired_rows.chunks_exact(2 * width)) {
                let (a, b) = rows.split_at(width);
                *ys = dots([a, b], x);
            }
            for y in last {
                [*y] = dots([last_row], x);
            }
        }
        _ => reference::matvec(matrix, x, out),
    }
}

/// Sums up the rows, each times its weight, in the order of the rows. `weights` is (n), `rows` is (n, width), `out` is
/// (width).
pub fn weighted_rows(weights: ArrayView1<'_, f32>, rows: ArrayView2<'_, f32>, mut out: ArrayViewMut1<'_, f32>) {
    debug_assert_eq!((weights.len(), out.len()), (rows.nrows(), rows.ncols()), "weighted_rows: shapes");
    let width = rows.ncols();
    match (weights.to_slice(), rows.to_slice(), out.as_slice_mut()) {
        (Some(weights), Some(rows), Some(out)) if width > 0 => {
            // The sums of sixteen columns stay in registers while all rows are added.
            let blocks = out.len() / LANES;
            let (chunks, tail) = out.as_chunks_mut::<LANES>();
            for (block, out) in chunks.iter_mut().enumerate() {
                let mut sums = Lanes::ZERO;
                for (weight, row) in weights.iter().zip(rows.chunks_exact(width)) {
                    if let Some(row) = row.as_chunks::<LANES>().0.get(block) {
                        sums.add_products(&[*weight; LANES], row);
                    }
                }
                *out = sums.to_array();
            }
            tail.fill(0.0);
            if !tail.is_empty() {
                for (weight, row) in weights.iter().zip(rows.chunks_exact(width)) {
                    for (y, x) in tail.iter_mut().zip(row.iter().skip(blocks * LANES)) {
                        *y += weight * x;
                    }
                }
            }
        }
        _ => reference::weighted_rows(weights, rows, out),
    }
}

/// The sum of all values.
pub fn sum(values: ArrayView1<'_, f32>) -> f32 {
    let Some(slice) = values.to_slice() else { return reference::sum(values) };
    let (chunks, tail) = slice.as_chunks::<LANES>();
    let mut lanes = Lanes::ZERO;
    for chunk in chunks {
        lanes.add(chunk);
    }
    lanes.add(&filled_up(tail));
    lanes.fold()
}

/// `out += weight * x`. `x` and `out` are (n).
pub fn add_scaled(weight: f32, x: ArrayView1<'_, f32>, mut out: ArrayViewMut1<'_, f32>) {
    match (x.to_slice(), out.as_slice_mut()) {
        (Some(x), Some(out)) => out.iter_mut().zip(x).for_each(|(y, x)| *y += weight * x),
        _ => out.scaled_add(weight, &x),
    }
}

/// Replaces each `gate` with `silu(gate) * up`. `gate` and `up` are (n).
pub fn silu_gate(mut gate: ArrayViewMut1<'_, f32>, up: ArrayView1<'_, f32>) {
    match (gate.as_slice_mut(), up.to_slice()) {
        (Some(gate), Some(up)) => {
            let (gates, gate_tail) = gate.as_chunks_mut::<LANES>();
            let (ups, up_tail) = up.as_chunks::<LANES>();
            for (gate, up) in gates.iter_mut().zip(ups) {
                for i in 0..LANES {
                    gate[i] = silu(gate[i]) * up[i];
                }
            }
            gate_tail.iter_mut().zip(up_tail).for_each(|(g, u)| *g = silu(*g) * u);
        }
        _ => gate.zip_mut_with(&up, |g, u| *g = silu(*g) * u),
    }
}

/// Replaces the values with their softmax. (n)
pub fn softmax(mut values: ArrayViewMut1<'_, f32>) {
    let Some(slice) = values.as_slice_mut() else {
        let mut copy = values.to_owned();
        softmax(copy.view_mut());
        return values.assign(&copy);
    };
    let largest = largest(slice);
    // One chunk per iteration, because browsers load the constants of `exp` again in each iteration (tests/bench).
    let (chunks, tail) = slice.as_chunks_mut::<LANES>();
    for chunk in chunks {
        *chunk = chunk.map(|x| exp(x - largest));
    }
    tail.iter_mut().for_each(|x| *x = exp(*x - largest));
    let total = sum(ArrayView1::from(&*slice));
    slice.iter_mut().for_each(|x| *x /= total);
}

/// The largest value. Comparing in another order could only change the sign of a zero, which does not affect softmax.
fn largest(values: &[f32]) -> f32 {
    let larger = |m: f32, x: f32| if x > m { x } else { m };
    let (chunks, tail) = values.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        for i in 0..LANES {
            lanes[i] = larger(lanes[i], chunk[i]);
        }
    }
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            lanes[i] = larger(lanes[i], lanes[i + half]);
        }
    }
    tail.iter().fold(lanes[0], |m, &x| larger(m, x))
}

/// `1 / (1 + exp(-x))`.
#[inline(never)]
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

/// `x * sigmoid(x)`.
#[inline(always)]
pub fn silu(x: f32) -> f32 {
    x / (1.0 + exp(-x))
}

/// `e` to the power of `x`, with only IEEE basic operations. The relative error is at most 1.5e-7 if the result is a
/// normal number (tested). The result overflows to infinity and underflows to zero.
///
/// With `x = n ln 2 + r`, whole `n` and |r| <= ln 2 / 2, the result is `2^n exp(r)`. `exp(r)` is a polynomial with the
/// coefficients of Cephes' `expf`. `2^n` is the product of two powers of 2, because one float cannot hold every `2^n`.
/// There are no branches, so loops become SIMD: faster than `libm::expf` natively and with simd128 (tests/bench).
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    const LN_2_HIGH: f32 = 0.693_359_4;
    const LN_2_LOW: f32 = -2.121_944_4e-4;
    /// Adding 1.5 * 2^23 to a number rounds the number to a whole one, which is then in the low bits of the sum.
    const ROUND: f32 = 12_582_912.0;
    let x = x.clamp(-104.0, 89.0);
    let shifted = x * core::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * LN_2_HIGH) - n * LN_2_LOW;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 0.5;
    let p = (p * (r * r) + r) + 1.0;
    let n = shifted.to_bits().wrapping_sub(ROUND.to_bits()) as i32;
    let half = n >> 1;
    p * power_of_two(half) * power_of_two(n - half)
}

/// `2^n` for n in -126..=127.
#[inline(always)]
fn power_of_two(n: i32) -> f32 {
    f32::from_bits(((n + 127) as u32) << 23)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, Array2, s};
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Pseudo-random numbers from -1 to 1, so that a sum in another order has different bits.
    fn numbers(seed: u32) -> impl FnMut() -> f32 {
        let mut state = seed;
        move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        }
    }

    #[test]
    fn fast_and_scalar_sums_and_products_have_the_same_bits() {
        let mut next = numbers(1);
        for width in [1, 2, 7, 15, 16, 17, 31, 32, 33, 48, 64, 100, 128, 129, 384] {
            for rows in [1, 2, 3, 4, 5, 16, 33] {
                let matrix = Array2::from_shape_simple_fn((rows, width), &mut next);
                let x = Array1::from_shape_simple_fn(width, &mut next);
                let (mut fast, mut slow) = (Array1::zeros(rows), Array1::zeros(rows));
                matvec(matrix.view(), x.view(), fast.view_mut());
                reference::matvec(matrix.view(), x.view(), slow.view_mut());
                assert_eq!(fast, slow, "matvec {rows} x {width}");
                assert_eq!(dot(matrix.row(0), x.view()), slow[0], "dot {width}");
                assert_eq!(sum(x.view()), reference::sum(x.view()), "sum {width}");

                let weights = Array1::from_shape_simple_fn(rows, &mut next);
                let (mut fast, mut slow) = (Array1::zeros(width), Array1::zeros(width));
                weighted_rows(weights.view(), matrix.view(), fast.view_mut());
                reference::weighted_rows(weights.view(), matrix.view(), slow.view_mut());
                assert_eq!(fast, slow, "weighted_rows {rows} x {width}");
            }
        }
    }

    #[test]
    fn matvec_gives_the_same_bits_for_strided_and_contiguous_arrays() {
        let mut next = numbers(2);
        let wide = Array2::from_shape_simple_fn((9, 80), &mut next);
        let x = Array1::from_shape_simple_fn(80, &mut next);
        let view = wide.slice(s![.., ..;2]);
        let (packed, xs) = (view.as_standard_layout().into_owned(), x.slice(s![..;2]).to_owned());
        let (mut strided, mut contiguous) = (Array1::zeros(9), Array1::zeros(9));
        matvec(view, x.slice(s![..;2]), strided.view_mut());
        matvec(packed.view(), xs.view(), contiguous.view_mut());
        assert_eq!(strided, contiguous);
    }

    #[test]
    fn silu_gate_softmax_and_add_scaled_equal_results_computed_element_by_element() {
        let mut next = numbers(3);
        for width in [1, 3, 15, 16, 17, 40, 64] {
            let x = Array1::from_shape_simple_fn(width, &mut next);
            let up = Array1::from_shape_simple_fn(width, &mut next);
            let wide = Array2::from_shape_fn((width, 2), |(i, j)| if j == 0 { x[i] } else { 9.0 });

            let one_by_one = Array1::from_shape_fn(width, |i| silu(x[i]) * up[i]);
            let (mut chunks, mut strided) = (x.clone(), wide.clone());
            silu_gate(chunks.view_mut(), up.view());
            silu_gate(strided.column_mut(0), up.view());
            assert_eq!((&chunks, strided.column(0)), (&one_by_one, one_by_one.view()), "silu_gate {width}");

            let largest = x.fold(f32::NEG_INFINITY, |m, &x| m.max(x));
            let powers = x.mapv(|x| exp(x - largest));
            let one_by_one = &powers / reference::sum(powers.view());
            let (mut chunks, mut strided) = (x.clone(), wide.clone());
            softmax(chunks.view_mut());
            softmax(strided.column_mut(0));
            assert_eq!((&chunks, strided.column(0)), (&one_by_one, one_by_one.view()), "softmax {width}");

            let one_by_one = Array1::from_shape_fn(width, |i| up[i] + 0.3 * x[i]);
            let (mut packed, mut strided) = (up.clone(), up.clone());
            add_scaled(0.3, x.view(), packed.view_mut());
            add_scaled(0.3, wide.column(0), strided.view_mut());
            assert_eq!((&packed, &strided), (&one_by_one, &one_by_one), "add_scaled {width}");
        }
    }

    #[test]
    fn the_relative_error_of_exp_is_below_the_documented_bound() {
        let mut worst = 0.0_f64;
        for i in -870_000..=887_000 {
            let x = i as f32 * 1e-4;
            let (found, truth) = (f64::from(exp(x)), libm::exp(f64::from(x)));
            worst = worst.max(((found - truth) / truth).abs());
        }
        assert!(worst < 1.5e-7, "largest relative error {worst:e}");
    }

    #[test]
    fn exp_sigmoid_and_silu_reach_their_limits_at_extreme_inputs() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
        assert_eq!(exp(-1000.0), 0.0);
        assert_eq!(exp(f32::INFINITY), f32::INFINITY);
        assert_eq!(exp(100.0), f32::INFINITY);
        assert!(exp(88.7).is_finite());
        assert!(exp(-100.0) > 0.0, "a subnormal number, not zero");
        assert!(exp(f32::NAN).is_nan());
        assert_eq!((sigmoid(-200.0), sigmoid(200.0), sigmoid(0.0)), (0.0, 1.0, 0.5));
        assert_eq!((silu(-200.0), silu(200.0), silu(0.0)), (0.0, 200.0, 0.0));
    }

    #[test]
    fn softmax_sums_to_one_and_turns_minus_infinity_into_zero() {
        let mut x = Array1::from_vec(vec![1.0, f32::NEG_INFINITY, 3.0, -2.0, 80.0]);
        softmax(x.view_mut());
        assert_eq!(x[1], 0.0);
        assert!((sum(x.view()) - 1.0).abs() < 1e-6);
    }
}
