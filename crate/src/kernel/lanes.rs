//! Sixteen partial sums in SIMD registers, and the order in which they are added to one sum.

pub(super) use registers::Lanes;

/// Number of partial sums (lanes) of every sum over a vector.
pub const LANES: usize = 16;

/// Adds the lanes to one sum: adds the upper half of the lanes to the lower half, from 16 lanes to 8, 4, 2 and 1.
#[inline(always)]
pub(super) fn fold(lanes: [f32; LANES]) -> f32 {
    let mut eight = [0.0; 8];
    for (i, y) in eight.iter_mut().enumerate() {
        *y = lanes[i] + lanes[i + 8];
    }
    let mut four = [0.0; 4];
    for (i, y) in four.iter_mut().enumerate() {
        *y = eight[i] + eight[i + 4];
    }
    (four[0] + four[2]) + (four[1] + four[3])
}

/// Sixteen partial sums in an array, which the compiler puts into SIMD registers.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod registers {
    use super::{LANES, fold};

    #[derive(Clone, Copy)]
    pub(in crate::kernel) struct Lanes([f32; LANES]);

    impl Lanes {
        pub(in crate::kernel) const ZERO: Self = Self([0.0; LANES]);

        /// Adds `w * x` lane by lane.
        #[inline(always)]
        pub(in crate::kernel) fn add_products(&mut self, w: &[f32; LANES], x: &[f32; LANES]) {
            for i in 0..LANES {
                self.0[i] += w[i] * x[i];
            }
        }

        /// Adds `x` lane by lane.
        #[inline(always)]
        pub(in crate::kernel) fn add(&mut self, x: &[f32; LANES]) {
            self.0.iter_mut().zip(x).for_each(|(lane, x)| *lane += x);
        }

        #[inline(always)]
        pub(in crate::kernel) fn fold(self) -> f32 {
            fold(self.0)
        }

        #[inline(always)]
        pub(in crate::kernel) fn to_array(self) -> [f32; LANES] {
            self.0
        }
    }
}

/// Sixteen partial sums in four simd128 registers of wasm. The instructions are explicit, because the compiler would
/// fill only half of each register if two rows are computed at once (tests/bench). The operations and their order are
/// the same as in the module above.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod registers {
    use super::LANES;
    use core::arch::wasm32::{f32x4, f32x4_add, f32x4_extract_lane, f32x4_mul, v128};

    #[derive(Clone, Copy)]
    pub(in crate::kernel) struct Lanes([v128; 4]);

    #[inline(always)]
    fn quarter(x: &[f32; LANES], q: usize) -> v128 {
        f32x4(x[4 * q], x[4 * q + 1], x[4 * q + 2], x[4 * q + 3])
    }

    impl Lanes {
        pub(in crate::kernel) const ZERO: Self = Self([f32x4(0.0, 0.0, 0.0, 0.0); 4]);

        /// Adds `w * x` lane by lane.
        #[inline(always)]
        pub(in crate::kernel) fn add_products(&mut self, w: &[f32; LANES], x: &[f32; LANES]) {
            for q in 0..4 {
                self.0[q] = f32x4_add(self.0[q], f32x4_mul(quarter(w, q), quarter(x, q)));
            }
        }

        /// Adds `x` lane by lane.
        #[inline(always)]
        pub(in crate::kernel) fn add(&mut self, x: &[f32; LANES]) {
            for q in 0..4 {
                self.0[q] = f32x4_add(self.0[q], quarter(x, q));
            }
        }

        #[inline(always)]
        pub(in crate::kernel) fn fold(self) -> f32 {
            let [a, b, c, d] = self.0;
            let four = f32x4_add(f32x4_add(a, c), f32x4_add(b, d));
            let lane = (f32x4_extract_lane::<0>(four), f32x4_extract_lane::<1>(four));
            let upper = (f32x4_extract_lane::<2>(four), f32x4_extract_lane::<3>(four));
            (lane.0 + upper.0) + (lane.1 + upper.1)
        }

        #[inline(always)]
        pub(in crate::kernel) fn to_array(self) -> [f32; LANES] {
            let mut array = [0.0; LANES];
            for (out, q) in array.as_chunks_mut::<4>().0.iter_mut().zip(self.0) {
                *out = [
                    f32x4_extract_lane::<0>(q),
                    f32x4_extract_lane::<1>(q),
                    f32x4_extract_lane::<2>(q),
                    f32x4_extract_lane::<3>(q),
                ];
            }
            array
        }
    }
}
