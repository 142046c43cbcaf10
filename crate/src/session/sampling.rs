//! Pure functions that turn logits into probabilities, and that choose a token.

use crate::kernel;
use crate::model::router::best;
use crate::record::{NEXT_TOKENS, NextTokens};
use ndarray::{Array1, ArrayView1};

/// How the next token is chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling {
    /// Divisor of the logits, from 0 to 100. At 0 the most probable token is always chosen.
    pub temperature: f32,
    /// Seed of the random choice. The same text, temperature and seed give the same token.
    pub seed: u64,
}

impl Sampling {
    /// Always chooses the most probable token.
    pub const GREEDY: Self = Self { temperature: 0.0, seed: 0 };
}

/// The most probable next tokens. They are ordered by logit, because rounded probabilities can be equal. Logits and
/// probabilities are (vocab_size).
pub(super) fn next_tokens(logits: ArrayView1<'_, f32>, mut probabilities: Array1<f32>) -> NextTokens {
    let tokens = best(NEXT_TOKENS, logits.iter().copied().enumerate());
    let named = tokens.iter().map(|&token| probabilities.get_mut(token).map_or(0.0, std::mem::take)).collect();
    let rest = kernel::sum(probabilities.view());
    NextTokens { tokens: tokens.into_iter().map(|token| token as u32).collect(), probabilities: named, rest }
}

/// Every token's probability at a temperature; at 0 the most probable token has probability 1. (vocab_size)
pub(super) fn at_temperature(logits: ArrayView1<'_, f32>, temperature: f32) -> Array1<f32> {
    let mut probabilities = logits.to_owned();
    if temperature == 0.0 {
        probabilities.fill(0.0);
        if let Some(probability) = probabilities.get_mut(most_probable(logits)) {
            *probability = 1.0;
        }
        return probabilities;
    }
    // The largest logit is subtracted first, so that no quotient becomes +infinity at a small temperature. At
    // temperature 1 the subtraction would change no bit, because softmax subtracts the largest logit as well.
    if temperature != 1.0 {
        let largest = logits.get(most_probable(logits)).copied().unwrap_or_default();
        probabilities.mapv_inplace(|logit| (logit - largest) / temperature);
    }
    kernel::softmax(probabilities.view_mut());
    probabilities
}

/// The id of the token with the largest logit. Logits are (vocab_size).
fn most_probable(logits: ArrayView1<'_, f32>) -> usize {
    best(1, logits.iter().copied().enumerate()).first().copied().unwrap_or_default()
}

/// Draws the next token from its distribution; at temperature 0, returns the most probable token. Logits are
/// (vocab_size).
pub(super) fn choose(logits: ArrayView1<'_, f32>, Sampling { temperature, seed }: Sampling, position: usize) -> u32 {
    let most_probable = most_probable(logits) as u32;
    if temperature == 0.0 {
        return most_probable;
    }
    let mut left = uniform(seed, position);
    for (token, probability) in at_temperature(logits, temperature).iter().enumerate() {
        left -= probability;
        if left < 0.0 {
            return token as u32;
        }
    }
    // No token was drawn: rounded probabilities can add up to less than 1.
    most_probable
}

/// A number, at least 0 and below 1, that depends only on the seed and the position: the upper 24 bits of [`mix`],
/// divided by 2^24.
fn uniform(seed: u64, position: usize) -> f32 {
    (mix(seed, position as u64) >> 40) as f32 / (1u32 << 24) as f32
}

/// The random number at an index in the sequence of a seed: the output of the generator `splitmix64` (Steele, Lea and
/// Flood 2014).
pub(super) fn mix(seed: u64, index: u64) -> u64 {
    let mut z = seed.wrapping_add((index + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn tokens_with_equal_rounded_probabilities_are_ordered_by_logit() {
        let logits = array![0.0, 5.0, 1e-9, 0.0];
        for (temperature, ratio) in [(0.5, 2e4), (1.0, 100.0), (2.0, 10.0)] {
            let next = next_tokens(logits.view(), at_temperature(logits.view(), temperature));
            assert_eq!(next.tokens, [1, 2, 0, 3]);
            let probabilities = next.probabilities.to_vec();
            let [first, second, third, last] = probabilities.as_slice() else { panic!("four tokens") };
            assert!(second == third && third == last && first > &(ratio * second), "{first} {second} at {temperature}");
        }
        let next = next_tokens(logits.view(), at_temperature(logits.view(), 0.0));
        assert_eq!((next.probabilities, next.rest), (array![1.0, 0.0, 0.0, 0.0], 0.0));
    }

    #[test]
    fn at_temperature_1_subtracting_the_largest_logit_first_would_change_no_bit() {
        let logits = array![1.3, -7.25, 12.7, 12.699, 0.001, -88.0, -0.0, 0.0, 3.1];
        let mut shifted = logits.mapv(|logit: f32| logit - 12.7);
        kernel::softmax(shifted.view_mut());
        assert_eq!(at_temperature(logits.view(), 1.0), shifted);
    }
}
