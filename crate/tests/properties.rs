//! Properties that hold for every model and text, checked on random shapes, weights and tokens (proptest). Native only.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use moescope::record::Route;
use moescope::storage::CacheFormat;
use moescope::what_if::{ExpertPlace, Mixture, WhatIf};
use moescope::{CacheKind, Comparison, Config, Model, Session};
use proptest::prelude::*;
use safetensors::{Dtype, serialize, tensor::TensorView};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A valid config with random dimensions.
fn configs() -> impl Strategy<Value = Value> {
    let attention = (1..5usize, 1..9usize, 1..5usize, 1..9usize, 1..20usize, prop::option::of(1..12usize));
    let experts = (1..4usize, 2..5usize, 0..3usize, any::<bool>());
    let layers = (1..4usize, 0..2usize, 1..40usize, 1..40usize);
    let kind = (0..3usize, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (attention, experts, layers, kind).prop_flat_map(|(attention, experts, layers, kind)| {
        let (heads, nope, rope_pairs, v, rank, q_rank) = attention;
        let (n_group, per_group, shared, normalise) = experts;
        let (num_layers, dense, hidden, width) = layers;
        let (gate, interleave, bias, tied, yarn) = kind;
        (1..=n_group).prop_flat_map(move |topk_group| {
            (1..=topk_group * per_group).prop_map(move |k| {
                let (model_type, scoring, method) = [
                    ("deepseek_v3", "sigmoid", "noaux_tc"),
                    ("deepseek_v2", "softmax", "greedy"),
                    ("deepseek_v2", "softmax", "group_limited_greedy"),
                ][gate];
                let rope = if yarn {
                    json!({"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 8})
                } else {
                    json!({"rope_type": "default"})
                };
                json!({
                    "model_type": model_type, "scoring_func": scoring, "topk_method": method, "vocab_size": 17,
                    "hidden_size": hidden, "intermediate_size": width, "moe_intermediate_size": width,
                    "num_hidden_layers": num_layers, "first_k_dense_replace": dense, "num_attention_heads": heads,
                    "n_routed_experts": n_group * per_group, "n_shared_experts": shared, "n_group": n_group,
                    "topk_group": topk_group, "num_experts_per_tok": k, "norm_topk_prob": normalise,
                    "routed_scaling_factor": 2.5, "kv_lora_rank": rank, "q_lora_rank": q_rank,
                    "qk_rope_head_dim": 2 * rope_pairs, "qk_nope_head_dim": nope, "v_head_dim": v,
                    "attention_bias": bias, "tie_word_embeddings": tied, "rope_interleave": interleave,
                    "rope_parameters": rope, "max_position_embeddings": 32,
                })
            })
        })
    })
}

/// A checkpoint with the tensors that a config needs, filled with random values.
fn checkpoint(config: &Config, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    let mut put = |name: String, shape: &[usize]| {
        let scale = 1.5 / (*shape.last().unwrap() as f32).sqrt();
        let values = (0..shape.iter().product())
            .flat_map(|_| (if shape.len() == 1 { 1.0 + 0.5 * random() } else { scale * random() }).to_le_bytes());
        tensors.push((name, shape.to_vec(), values.collect()));
    };
    let (hidden, heads) = (config.hidden_size, config.num_attention_heads);
    let kv_a = config.kv_lora_rank + config.qk_rope_head_dim;
    put("model.embed_tokens.weight".into(), &[config.vocab_size, hidden]);
    put("model.norm.weight".into(), &[hidden]);
    if !config.tie_word_embeddings {
        put("lm_head.weight".into(), &[config.vocab_size, hidden]);
    }
    for layer in 0..config.num_hidden_layers {
        let layer_name = format!("model.layers.{layer}");
        put(format!("{layer_name}.input_layernorm.weight"), &[hidden]);
        put(format!("{layer_name}.post_attention_layernorm.weight"), &[hidden]);
        let attention = format!("{layer_name}.self_attn");
        let query = heads * config.qk_head_dim();
        if let Some(rank) = config.q_lora_rank {
            put(format!("{attention}.q_a_proj.weight"), &[rank, hidden]);
            put(format!("{attention}.q_a_layernorm.weight"), &[rank]);
            put(format!("{attention}.q_b_proj.weight"), &[query, rank]);
        } else {
            put(format!("{attention}.q_proj.weight"), &[query, hidden]);
        }
        put(format!("{attention}.kv_a_proj_with_mqa.weight"), &[kv_a, hidden]);
        put(format!("{attention}.kv_a_layernorm.weight"), &[config.kv_lora_rank]);
        let kv_b = heads * (config.qk_nope_head_dim + config.v_head_dim);
        put(format!("{attention}.kv_b_proj.weight"), &[kv_b, config.kv_lora_rank]);
        put(format!("{attention}.o_proj.weight"), &[hidden, heads * config.v_head_dim]);
        if config.attention_bias {
            if let Some(rank) = config.q_lora_rank {
                put(format!("{attention}.q_a_proj.bias"), &[rank]);
            }
            put(format!("{attention}.kv_a_proj_with_mqa.bias"), &[kv_a]);
            put(format!("{attention}.o_proj.bias"), &[hidden]);
        }
        let mut network = |name: String, width: usize| {
            put(format!("{name}.gate_proj.weight"), &[width, hidden]);
            put(format!("{name}.up_proj.weight"), &[width, hidden]);
            put(format!("{name}.down_proj.weight"), &[hidden, width]);
        };
        if config.is_dense(layer) {
            network(format!("{layer_name}.mlp"), config.intermediate_size);
            continue;
        }
        for expert in 0..config.n_routed_experts {
            network(format!("{layer_name}.mlp.experts.{expert}"), config.moe_intermediate_size);
        }
        if config.n_shared_experts > 0 {
            let width = config.n_shared_experts * config.moe_intermediate_size;
            network(format!("{layer_name}.mlp.shared_experts"), width);
        }
        put(format!("{layer_name}.mlp.gate.weight"), &[config.n_routed_experts, hidden]);
        if config.has_selection_bias() {
            put(format!("{layer_name}.mlp.gate.e_score_correction_bias"), &[config.n_routed_experts]);
        }
    }
    let views = tensors
        .iter()
        .map(|(name, shape, bytes)| (name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    serialize(views, None).unwrap()
}

fn model(config: &Value, seed: u64) -> Arc<Model> {
    let config = Config::from_json(config.to_string().as_bytes()).unwrap();
    let bytes = checkpoint(&config, seed);
    Arc::new(Model::new(config, &bytes).unwrap())
}

fn run(model: &Arc<Model>, kind: CacheKind, tokens: &[u32]) -> Session {
    let mut session = Session::with_cache(model.clone(), kind);
    session.set_tokens(tokens).unwrap();
    while session.step().unwrap().is_some() {}
    session
}

/// Checks that a route's choices follow the rules of routing for the scores in the route.
fn check_route(config: &Config, route: &Route) -> Result<(), TestCaseError> {
    let chosen: BTreeSet<usize> = route.experts.iter().copied().collect();
    prop_assert_eq!(chosen.len(), config.num_experts_per_tok, "exactly k different experts are chosen");
    prop_assert_eq!(route.experts.len(), config.num_experts_per_tok);
    prop_assert_eq!(route.kept_groups.len(), config.topk_group);

    let group_of = |expert: usize| expert / config.experts_per_group();
    prop_assert!(
        chosen.iter().all(|&expert| route.kept_groups.contains(&group_of(expert))),
        "chosen experts are in kept groups"
    );
    let cut = (0..config.n_group).filter(|group| !route.kept_groups.contains(group));
    for (cut, kept) in cut.flat_map(|cut| route.kept_groups.iter().map(move |&kept| (cut, kept))) {
        prop_assert!(route.group_scores[kept] >= route.group_scores[cut]);
    }
    let passed_over = (0..config.n_routed_experts)
        .filter(|expert| route.kept_groups.contains(&group_of(*expert)) && !chosen.contains(expert));
    for (over, expert) in passed_over.flat_map(|over| chosen.iter().map(move |&expert| (over, expert))) {
        prop_assert!(route.choice_scores[expert] >= route.choice_scores[over]);
    }

    prop_assert!(route.weights.windows(2).into_iter().all(|pair| pair[0] >= pair[1]), "the largest weight comes first");
    if config.norm_topk_prob {
        prop_assert!((route.weights.sum() - config.routed_scaling_factor).abs() < 1e-5);
        prop_assert!((route.shares.sum() - 1.0).abs() < 1e-5);
    } else {
        for (&expert, &weight) in route.experts.iter().zip(&route.weights) {
            prop_assert_eq!(weight, route.scores[expert] * config.routed_scaling_factor);
        }
    }
    Ok(())
}

/// Number of random models per property: 200, or the number in PROPTEST_CASES.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_route_follows_the_rules_of_routing(
        config in configs(),
        seed: u64,
        tokens in prop::collection::vec(0..17u32, 1..12),
    ) {
        let model = model(&config, seed);
        for record in run(&model, CacheKind::Latent, &tokens).records() {
            prop_assert_eq!(record.routes.len(), model.config().moe_layers());
            for route in &record.routes {
                check_route(model.config(), route)?;
            }
        }
    }

    #[test]
    fn both_caches_give_the_same_attention_and_logits_up_to_rounding(
        config in configs(),
        seed: u64,
        tokens in prop::collection::vec(0..17u32, 1..12),
    ) {
        let model = model(&config, seed);
        let mut latent = run(&model, CacheKind::Latent, &tokens);
        let expanded = run(&model, CacheKind::Expanded, &tokens);
        let last = tokens.len() - 1;
        let differences = latent.detail(last).unwrap().attention_differences;
        prop_assert!(differences.iter().all(|&difference| difference < 1e-4), "{}", differences);
        // Near a tie, a difference in the last bit can change a route, so logits are compared only if all routes choose
        // the same experts.
        let same_experts = latent.records().iter().zip(expanded.records()).all(|(a, b)| {
            a.routes.iter().zip(&b.routes).all(|(a, b)| a.experts == b.experts)
        });
        if same_experts {
            let largest = latent.logits().fold(1.0, |m: f32, x| m.max(x.abs()));
            let off = (&latent.logits() - &expanded.logits()).fold(0.0, |m: f32, x| m.max(x.abs()));
            prop_assert!(off < 1e-4 * largest, "off by {}", off);
        }
    }

    #[test]
    fn a_text_shortened_and_run_to_its_end_again_has_the_same_bits(
        config in configs(),
        seed: u64,
        tokens in prop::collection::vec(0..17u32, 2..12),
        cut in 0..12usize,
        kind in prop::sample::select(vec![CacheKind::Latent, CacheKind::Expanded]),
    ) {
        let model = model(&config, seed);
        let fresh = run(&model, kind, &tokens);
        let mut session = run(&model, kind, &tokens);
        session.set_tokens(&tokens[..cut % tokens.len()]).unwrap();
        session.set_tokens(&tokens).unwrap();
        prop_assert_eq!(session.records().len(), cut % tokens.len());
        while session.step().unwrap().is_some() {}
        prop_assert_eq!(session.records(), fresh.records());
        prop_assert_eq!(session.logits(), fresh.logits());
    }

    #[test]
    fn what_ifs_with_the_model_s_own_values_change_no_bit(
        config in configs(),
        seed: u64,
        tokens in prop::collection::vec(0..17u32, 1..12),
    ) {
        let model = model(&config, seed);
        let config = model.config().clone();
        let mut plain = Session::new(model);
        plain.set_tokens(&tokens).unwrap();
        let mut neutral = WhatIf::default();
        neutral.num_experts_per_tok = Some(config.num_experts_per_tok);
        neutral.topk_group = Some(config.topk_group);
        neutral.latent_rank = Some(config.kv_lora_rank);
        let mut comparison = Comparison::new(&plain, &neutral).unwrap();
        prop_assert!(comparison.resolved().neutral);
        for position in 0..tokens.len() {
            let compared = comparison.seek(&mut plain, position).unwrap().clone();
            prop_assert_eq!(&compared.record, &plain.records()[position]);
            prop_assert_eq!(compared.kl_bits, 0.0);
            prop_assert_eq!(comparison.intervened().logits(), plain.logits_at(position).unwrap());
        }
    }

    #[test]
    fn any_what_if_gives_finite_numbers_and_follows_its_settings(
        config in configs(),
        seed: u64,
        tokens in prop::collection::vec(0..17u32, 1..12),
        off in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        forced in prop::option::of(any::<prop::sample::Index>()),
        k in any::<prop::sample::Index>(),
        groups in any::<prop::sample::Index>(),
        rank in any::<prop::sample::Index>(),
        (mixture, cache_format) in (
            prop::sample::select(vec![Mixture::All, Mixture::OnlyShared, Mixture::WithoutShared]),
            prop::sample::select(vec![CacheFormat::F32, CacheFormat::F16, CacheFormat::Int8, CacheFormat::Int4]),
        ),
    ) {
        let model = model(&config, seed);
        let config = model.config().clone();
        let last = config.num_hidden_layers - 1;
        let mut experts_forced = Vec::new();
        let mut experts_off: Vec<ExpertPlace> = Vec::new();
        if config.moe_layers() > 0 {
            let place = |index: prop::sample::Index| ExpertPlace { layer: last, expert: index.index(config.n_routed_experts) };
            experts_forced.extend(forced.map(place));
            experts_off.extend(off.into_iter().map(place).filter(|place| !experts_forced.contains(place)));
        }
        let mut what_if = WhatIf::default();
        what_if.experts_off.clone_from(&experts_off);
        what_if.experts_forced.clone_from(&experts_forced);
        what_if.mixture = if config.n_shared_experts == 0 { Mixture::All } else { mixture };
        what_if.num_experts_per_tok = Some(1 + k.index(config.n_routed_experts));
        what_if.topk_group = Some(1 + groups.index(config.n_group));
        what_if.latent_rank = Some(1 + rank.index(config.kv_lora_rank));
        what_if.cache_format = cache_format;
        let mut plain = Session::new(model);
        plain.set_tokens(&tokens).unwrap();
        let mut comparison = Comparison::new(&plain, &what_if).unwrap();
        let plan = comparison.resolved();
        for position in 0..tokens.len() {
            let compared = comparison.seek(&mut plain, position).unwrap().clone();
            prop_assert!(compared.kl_bits.is_finite() && compared.kl_bits >= 0.0);
            prop_assert!(compared.record.next.probabilities.iter().all(|p| p.is_finite()));
            prop_assert_eq!(compared.record.cache.latent, plan.latent_bytes * (position + 1));
            for route in &compared.record.routes {
                let here = |places: &[ExpertPlace]| -> Vec<usize> {
                    places.iter().filter(|place| place.layer == route.layer).map(|place| place.expert).collect()
                };
                let (off, forced) = (here(&experts_off), here(&experts_forced));
                prop_assert!(off.iter().all(|expert| !route.experts.contains(expert)));
                prop_assert!(what_if.mixture == Mixture::OnlyShared || forced.iter().all(|expert| route.experts.contains(expert)));
                prop_assert!(route.experts.len() <= plan.num_experts_per_tok && route.kept_groups.len() <= plan.topk_group);
                prop_assert!(route.weights.iter().all(|weight| weight.is_finite()));
            }
        }
        for (name, array) in comparison.intervened().detail(tokens.len() - 1).unwrap().into_arrays() {
            prop_assert!(array.values.iter().all(|x| x.is_finite()), "{}", name);
        }
    }
}
