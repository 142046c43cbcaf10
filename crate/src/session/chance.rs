//! MaxVio by chance. After a few tokens, a router that chooses at random has an uneven load too; a measured MaxVio says
//! something about the router only beside the MaxVio by chance.

use crate::record::ChanceLoad;
use crate::session::sampling::mix;

/// What a router that chooses at random needs to know of a model.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct RouterShape {
    /// Number of routed experts; a multiple of `n_group`.
    pub(super) n_routed_experts: usize,
    /// Groups of equal size.
    pub(super) n_group: usize,
    /// Groups kept per token.
    pub(super) topk_group: usize,
    /// Experts chosen per token from the kept groups.
    pub(super) num_experts_per_tok: usize,
}

/// Simulated tokens in all texts together. With fewer texts for more tokens, the standard error of the mean is always
/// about 0.002 (16 experts, 4 per token).
const SIMULATED: usize = 1 << 18;
/// At least and at most this number of texts.
const TEXTS: (usize, usize) = (256, 4096);

/// Simulates a router that chooses at random: for each token every set of kept groups is equally likely, then every set
/// of their experts. Tokens are independent. `None` if there is no token, or no expert is chosen.
pub(super) fn chance_load(shape: RouterShape, tokens: usize) -> Option<ChanceLoad> {
    let RouterShape { n_routed_experts, n_group, topk_group, num_experts_per_tok } = shape;
    let group_len = n_routed_experts.checked_div(n_group)?;
    let chosen = num_experts_per_tok.min(topk_group * group_len);
    if tokens == 0 || chosen == 0 {
        return None;
    }
    let texts = (SIMULATED / tokens).clamp(TEXTS.0, TEXTS.1);
    let mut random = Random { drawn: 0 };
    let mut groups: Vec<usize> = (0..n_group).collect();
    // Slots number the experts of the kept groups.
    let mut slots: Vec<usize> = (0..topk_group * group_len).collect();
    let mut counts = vec![0u64; n_routed_experts];
    // The largest counts are summed as whole numbers, so the order of the sum does not matter.
    let (mut sum, mut squares) = (0u64, 0u64);
    for _ in 0..texts {
        counts.fill(0);
        for _ in 0..tokens {
            let kept = random.choose(topk_group, &mut groups);
            for &slot in random.choose(chosen, &mut slots) {
                let group = kept.get(slot / group_len).copied().unwrap_or_default();
                if let Some(count) = counts.get_mut(group * group_len + slot % group_len) {
                    *count += 1;
                }
            }
        }
        let most = counts.iter().copied().max().unwrap_or_default();
        sum += most;
        squares += most * most;
    }
    let mean = sum as f64 / texts as f64;
    let variance = (squares as f64 / texts as f64 - mean * mean).max(0.0);
    let uniform = (tokens * chosen) as f64 / n_routed_experts as f64;
    Some(ChanceLoad {
        max_violation: (mean / uniform - 1.0) as f32,
        max_violation_deviation: (variance.sqrt() / uniform) as f32,
    })
}

/// Random numbers from one fixed seed, so that the same question always has the same answer.
struct Random {
    drawn: u64,
}

impl Random {
    /// A whole number under `end`, which is at least 1 and under 2^32.
    fn under(&mut self, end: usize) -> usize {
        let number = mix(0, self.drawn);
        self.drawn += 1;
        // Larger numbers are not exactly equally likely; the difference is below `end` / 2^32.
        (((number >> 32) * end as u64) >> 32) as usize
    }

    /// Moves `count` of the items, chosen at random, to the front (Fisher and Yates), and returns them.
    fn choose<'a>(&mut self, count: usize, items: &'a mut [usize]) -> &'a [usize] {
        for index in 0..count.min(items.len()) {
            items.swap(index, index + self.under(items.len() - index));
        }
        items.get(..count).unwrap_or(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const fn shape(n_routed_experts: usize, n_group: usize, topk_group: usize, chosen: usize) -> RouterShape {
        RouterShape { n_routed_experts, n_group, topk_group, num_experts_per_tok: chosen }
    }

    /// Mean and standard deviation.
    fn by_chance(shape: RouterShape, tokens: usize) -> (f32, f32) {
        let ChanceLoad { max_violation, max_violation_deviation } = chance_load(shape, tokens).unwrap();
        (max_violation, max_violation_deviation)
    }

    fn near(found: f32, expected: f64, error: f64) -> bool {
        (f64::from(found) - expected).abs() < error
    }

    #[test]
    fn one_token_has_the_only_possible_violation() {
        assert_eq!(by_chance(shape(16, 4, 2, 4), 1), (3.0, 0.0));
        assert_eq!(by_chance(shape(256, 8, 4, 8), 1), (31.0, 0.0));
    }

    #[test]
    fn a_router_that_always_chooses_all_experts_is_balanced() {
        assert_eq!(by_chance(shape(4, 1, 1, 4), 7), (0.0, 0.0));
    }

    #[test]
    fn without_tokens_or_chosen_experts_there_is_no_chance_load() {
        assert_eq!(chance_load(shape(16, 4, 2, 4), 0), None);
        assert_eq!(chance_load(shape(16, 4, 2, 0), 5), None);
        assert_eq!(chance_load(shape(0, 0, 0, 0), 5), None);
    }

    #[test]
    fn fewer_experts_are_chosen_if_the_kept_groups_have_no_more() {
        assert_eq!(chance_load(shape(8, 4, 1, 4), 9), chance_load(shape(8, 4, 1, 2), 9));
    }

    #[test]
    fn small_cases_equal_their_exact_distribution() {
        // Two tokens, one of two experts each: the largest count is 1 or 2, each in half of the cases.
        let (mean, deviation) = by_chance(shape(2, 1, 1, 1), 2);
        assert!(near(mean, 0.5, 0.03) && near(deviation, 0.5, 0.01), "{mean} {deviation}");
        // Two tokens, two of four experts each: no common expert in 1 of 6 cases.
        let (mean, deviation) = by_chance(shape(4, 1, 1, 2), 2);
        assert!(near(mean, 5.0 / 6.0, 0.03) && near(deviation, (5.0f64 / 36.0).sqrt(), 0.02), "{mean} {deviation}");
        // The same with groups of two, of which one is kept: a common expert in half of the cases.
        let (mean, deviation) = by_chance(shape(4, 2, 1, 2), 2);
        assert!(near(mean, 0.5, 0.03) && near(deviation, 0.5, 0.01), "{mean} {deviation}");
    }

    /// An independent simulation: each token gives every group and every expert a random key, keeps the groups and then
    /// chooses the experts with the smallest keys. Returns the mean, the standard deviation, and the mean's standard
    /// error.
    fn simulated(shape: RouterShape, tokens: usize, texts: usize) -> (f64, f64, f64) {
        // xorshift64* (Marsaglia 2003, Vigna 2016), another generator than the function's.
        let mut state = 0x1234_5678_9abc_def1u64;
        let mut key = move || {
            state ^= state >> 12;
            state ^= state << 25;
            state ^= state >> 27;
            state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
        };
        let len = shape.n_routed_experts / shape.n_group;
        let violations: Vec<f64> = (0..texts)
            .map(|_| {
                let mut counts = vec![0.0; shape.n_routed_experts];
                for _ in 0..tokens {
                    let mut groups: Vec<(u64, usize)> = (0..shape.n_group).map(|group| (key(), group)).collect();
                    groups.sort_unstable();
                    let kept = groups.iter().take(shape.topk_group);
                    let experts = kept.flat_map(|&(_, group)| group * len..(group + 1) * len);
                    let mut experts: Vec<(u64, usize)> = experts.map(|expert| (key(), expert)).collect();
                    experts.sort_unstable();
                    for &(_, expert) in experts.iter().take(shape.num_experts_per_tok) {
                        counts[expert] += 1.0;
                    }
                }
                let mean = counts.iter().sum::<f64>() / counts.len() as f64;
                counts.iter().fold(0.0, |most, &count| f64::max(most, count)) / mean - 1.0
            })
            .collect();
        let mean = violations.iter().sum::<f64>() / texts as f64;
        let squares = violations.iter().map(|each| (each - mean) * (each - mean)).sum::<f64>();
        let deviation = (squares / (texts - 1) as f64).sqrt();
        (mean, deviation, deviation / (texts as f64).sqrt())
    }

    #[test]
    fn mean_and_deviation_equal_those_of_an_independent_simulation_within_its_standard_error() {
        for (shape, tokens) in [
            (shape(16, 4, 2, 4), 2),
            (shape(16, 4, 2, 4), 8),
            (shape(16, 1, 1, 4), 8),
            (shape(16, 4, 2, 4), 64),
            (shape(16, 1, 1, 4), 300),
            (shape(64, 1, 1, 6), 20),
            (shape(256, 8, 4, 8), 10),
        ] {
            let texts = 1000;
            let (mean, deviation, error) = simulated(shape, tokens, texts);
            let (found, spread) = by_chance(shape, tokens);
            // Both means have an error; the function's is at most as large. Three standard errors of the difference.
            let most = 3.0 * error * std::f64::consts::SQRT_2;
            assert!(near(found, mean, most), "{shape:?}, {tokens} tokens: {found}, expected {mean} ± {most}");
            assert!(near(spread, deviation, 0.12 * deviation), "{shape:?}, {tokens} tokens: {spread}, {deviation}");
        }
    }
}
