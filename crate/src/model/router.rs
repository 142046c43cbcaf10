//! The router: scores every routed expert for a token, keeps the best groups, chooses experts and computes weights.
//!
//! It has three variants, each as in transformers (`DeepseekV3TopkRouter`, `DeepseekV2TopkRouter`; DeepSeek-V3 report,
//! equations 12 to 16). Ties go to the lower index.

use crate::files::checkpoint::{Checkpoint, CheckpointError};
use crate::files::config::{Config, GateKind};
use crate::kernel;
use crate::record::Route;
use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1, s};

/// Added to the sum of the chosen scores, so that no score is divided by zero (transformers; DeepSeek's own code does
/// not add it).
const SUM_EPS: f32 = 1e-20;

/// A layer's router.
#[derive(Debug, Clone)]
pub struct Router {
    /// (n_routed_experts, hidden_size)
    weight: Array2<f32>,
    kind: GateKind,
    n_group: usize,
    norm_topk_prob: bool,
    routed_scaling_factor: f32,
    settings: GateSettings,
}

/// The settings that decide which experts a router chooses; an intervention can replace them.
#[derive(Debug, Clone, PartialEq)]
pub struct GateSettings {
    /// `e_score_correction_bias`: added to the scores when choosing, never used for weights. V2 has none.
    /// (n_routed_experts)
    pub bias: Option<Array1<f32>>,
    /// Maximum number of groups kept per token; a group with no selectable expert is never kept.
    pub topk_group: usize,
    /// Maximum number of experts chosen per token; fewer if the kept groups have fewer selectable experts.
    pub num_experts_per_tok: usize,
    /// Experts that are never chosen: their choice score is set to minus infinity before the groups are scored.
    /// Ascending.
    pub off: Vec<usize>,
    /// Experts that are always chosen, even outside the kept groups. They are among the `num_experts_per_tok` chosen
    /// experts. None of them is in `off`. Ascending.
    pub forced: Vec<usize>,
}

/// The earlier name of [`GateSettings`].
#[doc(hidden)]
pub type Rule = GateSettings;

impl Router {
    /// Reads `{prefix}.weight` and, for V3, `{prefix}.e_score_correction_bias`.
    ///
    /// # Errors
    /// [`CheckpointError`] if a tensor is missing or does not match the config.
    pub fn read(checkpoint: &mut Checkpoint<'_>, prefix: &str, config: &Config) -> Result<Self, CheckpointError> {
        let experts = config.n_routed_experts;
        let weight = checkpoint.matrix(&format!("{prefix}.weight"), (experts, config.hidden_size))?;
        let bias = if config.has_selection_bias() {
            Some(checkpoint.vector(&format!("{prefix}.e_score_correction_bias"), experts)?)
        } else {
            None
        };
        Ok(Self::new(config, weight, bias))
    }

    /// A router with the settings of a config.
    fn new(config: &Config, weight: Array2<f32>, bias: Option<Array1<f32>>) -> Self {
        Self {
            weight,
            kind: config.gate,
            n_group: config.n_group,
            norm_topk_prob: config.norm_topk_prob,
            routed_scaling_factor: config.routed_scaling_factor,
            settings: GateSettings {
                bias,
                topk_group: config.topk_group,
                num_experts_per_tok: config.num_experts_per_tok,
                off: Vec::new(),
                forced: Vec::new(),
            },
        }
    }

    /// The router's own settings.
    pub fn settings(&self) -> &GateSettings {
        &self.settings
    }

    /// Routes a token with `settings`, or with the router's own settings for `None`. x is (hidden_size); the router
    /// logits are written to `logits` (n_routed_experts).
    pub fn run(
        &self,
        layer: usize,
        x: ArrayView1<'_, f32>,
        mut logits: ArrayViewMut1<'_, f32>,
        settings: Option<&GateSettings>,
    ) -> Route {
        kernel::matvec(self.weight.view(), x, logits.view_mut());
        self.choose(layer, logits.view(), settings.unwrap_or(&self.settings))
    }

    /// Chooses experts from router logits. (n_routed_experts)
    fn choose(&self, layer: usize, logits: ArrayView1<'_, f32>, settings: &GateSettings) -> Route {
        let scores = self.score(logits);
        let mut choice_scores = match &settings.bias {
            Some(bias) => &scores + bias,
            None => scores.clone(),
        };
        for &expert in &settings.off {
            choice_scores[expert] = f32::NEG_INFINITY;
        }
        let group_scores = self.score_groups(choice_scores.view());
        let possible = |&(_, score): &(usize, f32)| score != f32::NEG_INFINITY;
        let kept = best(settings.topk_group, group_scores.iter().copied().enumerate().filter(possible));
        let kept_groups: Vec<usize> = (0..self.n_group).filter(|group| kept.contains(group)).collect();

        let group_len = scores.len() / self.n_group;
        let eligible = kept_groups.iter().flat_map(|group| group * group_len..(group + 1) * group_len);
        let eligible = eligible.filter(|expert| !settings.forced.contains(expert));
        let eligible = eligible.map(|expert| (expert, choice_scores[expert])).filter(possible);
        let mut chosen = best(settings.num_experts_per_tok.saturating_sub(settings.forced.len()), eligible);
        chosen.extend(&settings.forced);
        // Order the experts by score and not by choice score, because the weights are computed from scores.
        let experts =
            best(chosen.len(), scores.iter().copied().enumerate().filter(|(expert, _)| chosen.contains(expert)));

        let weights = self.weights_of(experts.iter().map(|&expert| scores[expert]).collect());
        let shares = weights.mapv(|weight| weight / self.routed_scaling_factor);
        Route { layer, scores, choice_scores, group_scores, kept_groups, experts, weights, shares }
    }

    /// The score of each expert. (n_routed_experts)
    fn score(&self, logits: ArrayView1<'_, f32>) -> Array1<f32> {
        match self.kind {
            GateKind::V3 => logits.mapv(kernel::sigmoid),
            GateKind::V2Greedy | GateKind::V2Grouped => {
                let mut scores = logits.to_owned();
                kernel::softmax(scores.view_mut());
                scores
            }
        }
    }

    /// Score of each group: the sum of its two best choice scores (V2: its best choice score). A group with one
    /// selectable expert has that expert's choice score; a group without a selectable expert has minus
    /// infinity. (n_group)
    fn score_groups(&self, choice_scores: ArrayView1<'_, f32>) -> Array1<f32> {
        let group_len = choice_scores.len() / self.n_group;
        Array1::from_shape_fn(self.n_group, |group| {
            let (mut first, mut second) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
            for &score in choice_scores.slice(s![group * group_len..(group + 1) * group_len]) {
                if score > first {
                    (first, second) = (score, first);
                } else if score > second {
                    second = score;
                }
            }
            match self.kind {
                GateKind::V3 if second == f32::NEG_INFINITY => first,
                GateKind::V3 => first + second,
                GateKind::V2Greedy | GateKind::V2Grouped => first,
            }
        })
    }

    /// Computes the chosen experts' weights from their scores. (num_experts_per_tok)
    fn weights_of(&self, mut weights: Array1<f32>) -> Array1<f32> {
        if self.norm_topk_prob {
            let total = kernel::sum(weights.view()) + SUM_EPS;
            weights.mapv_inplace(|weight| weight / total);
        }
        weights.mapv_inplace(|weight| weight * self.routed_scaling_factor);
        weights
    }
}

/// The indices of the `count` largest values, largest first; of equal values, the lower index first.
pub fn best(count: usize, values: impl Iterator<Item = (usize, f32)>) -> Vec<usize> {
    let mut found: Vec<(usize, f32)> = Vec::with_capacity(count + 1);
    for (index, value) in values {
        if found.len() < count || found.last().is_some_and(|&(_, last)| value > last) {
            rank_in(&mut found, count, (index, value));
        }
    }
    found.into_iter().map(|(index, _)| index).collect()
}

/// Inserts a value into the `count` largest found so far. Not inlined, to save code size: `best` is compiled once per
/// iterator type.
#[inline(never)]
fn rank_in(found: &mut Vec<(usize, f32)>, count: usize, (index, value): (usize, f32)) {
    let place = found.partition_point(|&(_, better)| better >= value);
    found.insert(place, (index, value));
    found.truncate(count);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::config::tests::shipped_with;
    use ndarray::array;
    use serde_json::json;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// A router of 8 experts in 4 groups that keeps 2 groups and chooses 2 experts; `changes` replaces config fields.
    fn gate(bias: Array1<f32>, changes: serde_json::Value) -> Router {
        let mut fields = json!({"n_routed_experts": 8, "n_group": 4, "topk_group": 2, "num_experts_per_tok": 2});
        fields.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let config = shipped_with(fields).unwrap();
        let bias = config.has_selection_bias().then_some(bias);
        Router::new(&config, Array2::zeros((8, 1)), bias)
    }

    impl Router {
        /// Chooses with the router's own settings.
        fn plain(&self, logits: ArrayView1<'_, f32>) -> Route {
            self.choose(1, logits, &self.settings)
        }
    }

    fn logit(score: f32) -> f32 {
        -libm::logf(1.0 / score - 1.0)
    }

    #[test]
    fn v3_scores_a_group_by_its_two_best_experts() {
        // The best expert, 0, is in group 0, which is not kept because its second-best score is low.
        let scores = array![0.9, 0.1, 0.6, 0.55, 0.2, 0.2, 0.6, 0.5];
        let route = gate(Array1::zeros(8), json!({})).plain(scores.mapv(logit).view());
        assert_eq!(route.kept_groups, [1, 3]);
        assert_eq!(route.experts, [2, 6]);
    }

    #[test]
    fn the_bias_affects_the_choice_and_not_the_weights() {
        let scores = array![0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1];
        let bias = array![0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 0.0];
        let route = gate(bias, json!({})).plain(scores.mapv(logit).view());
        assert_eq!(route.kept_groups, [0, 2]);
        let mut experts = route.experts.clone();
        experts.sort_unstable();
        assert_eq!(experts, [4, 5]);
        // Experts 4 and 5 both have score 0.1, so their weights are equal and add up to the scaling factor, 2.5.
        assert!((route.weights[0] - 1.25).abs() < 1e-6 && (route.weights[1] - 1.25).abs() < 1e-6);
        assert!((route.choice_scores[5] - 2.1).abs() < 1e-6);
    }

    #[test]
    fn groups_are_ruled_out_even_if_all_choice_scores_are_negative() {
        // transformers once set the choice scores of ruled-out experts to 0, which is above every negative choice score
        // (transformers, pull request 45441).
        let scores = array![0.5, 0.4, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1];
        let route = gate(Array1::from_elem(8, -3.0), json!({})).plain(scores.mapv(logit).view());
        assert_eq!(route.kept_groups, [0, 1]);
        assert_eq!(route.experts, [0, 1]);
    }

    #[test]
    fn a_large_bias_does_not_change_the_weights_of_tiny_scores() {
        // With these numbers (score + bias) - bias is 0 in 32 bits, so the weights must be computed from the scores.
        let mut bias = Array1::zeros(8);
        bias[0] = 12.0;
        bias[1] = 12.0;
        let mut logits = Array1::from_elem(8, -18.0);
        logits[0] = -17.0;
        let route = gate(bias, json!({})).plain(logits.view());
        assert_eq!(route.experts, [0, 1]);
        assert!((route.shares[0] / route.shares[1] - core::f32::consts::E).abs() < 1e-4, "{}", route.shares);
    }

    #[test]
    fn without_norm_topk_prob_a_weight_is_the_score_times_the_scaling_factor() {
        let scores = array![0.9, 0.8, 0.3, 0.2, 0.1, 0.1, 0.1, 0.1];
        let route = gate(Array1::zeros(8), json!({"norm_topk_prob": false})).plain(scores.mapv(logit).view());
        assert_eq!(route.experts, [0, 1]);
        assert_eq!(route.weights, array![route.scores[0] * 2.5, route.scores[1] * 2.5]);
    }

    #[test]
    fn v2_grouped_scores_a_group_by_its_best_expert_and_v2_greedy_uses_no_groups() {
        let v2 = |method: &str| {
            let fields = json!({"model_type": "deepseek_v2", "scoring_func": "softmax", "topk_method": method,
                "norm_topk_prob": false, "topk_group": 1});
            gate(Array1::zeros(8), fields)
        };
        let logits = array![3.0, -5.0, 2.5, 2.4, 0.0, 0.0, 0.0, 0.0];
        let grouped = v2("group_limited_greedy").plain(logits.view());
        assert_eq!((grouped.kept_groups.as_slice(), grouped.experts.as_slice()), ([0].as_slice(), [0, 1].as_slice()));
        assert_eq!(grouped.weights[0], grouped.scores[0] * 2.5, "softmax scores, not normalised again");
        let greedy = v2("greedy").plain(logits.view());
        assert_eq!(greedy.experts, [0, 2]);
        assert!((kernel::sum(greedy.scores.view()) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn best_puts_the_lower_index_first_among_equal_values() {
        let values = [1.0, 2.0, 2.0, 2.0, 0.0];
        assert_eq!(best(2, values.into_iter().enumerate()), [1, 2]);
        assert_eq!(best(9, values.into_iter().enumerate()), [1, 2, 3, 0, 4]);
        assert_eq!(best(0, values.into_iter().enumerate()), [0; 0]);
    }
}
