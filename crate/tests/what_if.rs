//! What-ifs on the shipped model. Settings with the model's own values change no bit, each setting has its documented
//! effect, extreme values give finite numbers, and impossible values are refused with one sentence.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use moescope::record::{Compared, Record, Route};
use moescope::{CacheKind, Comparison, Config, EngineError, ExpertPlace, Model, Sampling, Session, Tokenizer, WhatIf};
use serde_json::{Value, json};
use std::sync::Arc;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const TEXT: &str = "Once upon a time there was a dark wood. def f(x): return 6 * 7";

fn model() -> Arc<Model> {
    let config = Config::from_json(include_bytes!("../../www/public/model/config.json")).unwrap();
    Arc::new(Model::new(config, include_bytes!("../../www/public/model/model.safetensors")).unwrap())
}

fn ids(text: &str) -> Vec<u32> {
    let tokenizer = Tokenizer::from_json(include_bytes!("../../www/public/model/tokenizer.json")).unwrap();
    tokenizer.encode_with_special_tokens(text)
}

fn plain() -> Session {
    let mut session = Session::new(model());
    session.set_tokens(&ids(TEXT)).unwrap();
    session
}

fn settings(settings: Value) -> WhatIf {
    WhatIf::from_json(&settings.to_string()).unwrap()
}

/// A comparison of the plain run with a what-if, at all positions of the text.
fn compared(plain: &mut Session, what_if: Value) -> Comparison {
    let mut comparison = Comparison::new(plain, &settings(what_if)).unwrap();
    comparison.seek(plain, plain.tokens().len() - 1).unwrap();
    comparison
}

fn routes(comparison: &Comparison) -> impl Iterator<Item = &Route> {
    comparison.compared().iter().flat_map(|compared| &compared.record.routes)
}

fn all_off(layer: usize) -> Vec<Value> {
    (0..16).map(|expert| json!({"layer": layer, "expert": expert})).collect()
}

/// The bits of a record's numbers. Comparing bits tells 0.0 from -0.0; `==` does not.
fn bits(record: &Record) -> Vec<u32> {
    let of_route = |route: &Route| {
        let arrays = [&route.scores, &route.choice_scores, &route.group_scores, &route.weights, &route.shares];
        arrays.into_iter().flat_map(|array| array.iter().map(|x| x.to_bits()).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let next = record.next.probabilities.iter().chain([&record.next.rest]).map(|x| x.to_bits());
    record.routes.iter().flat_map(of_route).chain(next).collect()
}

fn check_finite(comparison: &mut Comparison) {
    for compared in comparison.compared() {
        let Compared { record, kl_bits, moves, loss, .. } = compared;
        assert!(kl_bits.is_finite() && *kl_bits >= 0.0, "{kl_bits}");
        assert!(moves.iter().all(|m| m.plain.is_finite() && m.changed.is_finite()));
        assert!(loss.is_none_or(|loss| loss.plain.is_finite() && loss.changed.is_finite()));
        assert!(record.next.probabilities.iter().all(|p| p.is_finite()) && record.next.rest.is_finite());
        for route in &record.routes {
            assert!(route.weights.iter().chain(&route.shares).chain(&route.scores).all(|x| x.is_finite()));
            assert!(route.choice_scores.iter().chain(&route.group_scores).all(|x| !x.is_nan()));
        }
    }
    let loss = comparison.loss();
    assert!([loss.plain, loss.changed, loss.cost, loss.plain_error, loss.cost_error].iter().all(|x| x.is_finite()));
    let last = comparison.compared().len() - 1;
    for (name, array) in comparison.intervened().detail(last).unwrap().into_arrays() {
        assert!(array.values.iter().all(|x| x.is_finite()), "{name}");
    }
}

#[test]
fn settings_with_the_model_s_own_values_change_no_bit() {
    let mut plain = plain();
    for neutral in [
        json!({}),
        json!({"experts_off": [], "experts_forced": [], "bias_shifts": [], "num_experts_per_tok": null}),
        json!({"mixture": "all", "num_experts_per_tok": 4, "topk_group": 2, "selection_bias": true,
            "bias_shifts": [{"layer": 1, "expert": 3, "by": 0}], "latent_rank": 32, "cache_format": "f32"}),
    ] {
        let mut comparison = compared(&mut plain, neutral);
        let resolved = serde_json::to_value(comparison.resolved()).unwrap();
        let expected = json!({"neutral": true, "num_experts_per_tok": 4, "topk_group": 2, "group_limit_lifted": false,
            "latent_bytes": 960, "selection_biases": plain.model().selection_biases()});
        assert_eq!(resolved, expected);
        assert_eq!(comparison.compared().len(), plain.records().len());
        for (compared, record) in comparison.compared().iter().zip(plain.records()) {
            assert_eq!(&compared.record, record);
            assert_eq!(bits(&compared.record), bits(record));
            assert_eq!((compared.kl_bits, &compared.moves, &compared.route_changes), (0.0, &vec![], &vec![]));
            assert!(compared.loss.is_none_or(|loss| loss.plain == loss.changed));
        }
        assert_eq!((comparison.loss().cost, comparison.loss().cost_error), (0.0, 0.0));
        for position in [0, 9] {
            assert_eq!(comparison.intervened().detail(position).unwrap(), plain.detail(position).unwrap());
            let [one, other] = [comparison.intervened(), &mut plain].map(|s| s.distribution(position, 0.7).unwrap());
            assert_eq!(one, other);
        }
    }
}

#[test]
fn a_changed_run_that_copies_layers_from_the_plain_run_has_the_bits_of_a_run_that_copies_none() {
    let mut plain = plain();
    for what_if in [
        json!({}),
        json!({"experts_off": [{"layer": 1, "expert": 7}]}),
        json!({"experts_off": [{"layer": 4, "expert": 2}], "num_experts_per_tok": null}),
        json!({"experts_forced": [{"layer": 3, "expert": 0}], "bias_shifts": [{"layer": 2, "expert": 5, "by": -0.5}]}),
        json!({"num_experts_per_tok": 2}),
        json!({"mixture": "without_shared"}),
        json!({"cache_format": "int8"}),
    ] {
        let mut comparison = compared(&mut plain, what_if.clone());
        let model = model();
        let intervention = settings(what_if).resolve(model.config(), &model.gate_settings()).unwrap();
        let mut alone = Session::with_change(model, CacheKind::Latent, intervention);
        alone.set_tokens(plain.tokens()).unwrap();
        let last = plain.tokens().len() - 1;
        alone.seek(last).unwrap();
        for (compared, record) in comparison.compared().iter().zip(alone.records()) {
            assert_eq!(&compared.record, record);
            assert_eq!(bits(&compared.record), bits(record));
        }
        for position in [0, 5, last] {
            assert_eq!(comparison.intervened().detail(position).unwrap(), alone.detail(position).unwrap());
        }
    }
}

#[test]
fn an_expert_that_is_off_is_never_chosen() {
    let mut plain = plain();
    plain.seek(plain.tokens().len() - 1).unwrap();
    let first = plain.records()[3].routes[1].clone();
    let (layer, expert) = (first.layer, first.experts[0]);
    let comparison = compared(&mut plain, json!({"experts_off": [{"layer": layer, "expert": expert}]}));
    for (compared, plain) in comparison.compared().iter().zip(plain.records()) {
        let (route, before) = (&compared.record.routes[1], &plain.routes[1]);
        assert!(!route.experts.contains(&expert) && route.experts.len() == 4);
        assert_eq!(route.choice_scores[expert], f32::NEG_INFINITY);
        assert!(route.scores[expert].is_finite());
        assert_eq!(compared.record.routes[0], plain.routes[0], "lower layers do not change");
        if before.experts.contains(&expert) {
            let change = compared.route_changes.iter().find(|change| change.layer == layer).unwrap();
            assert!(change.left.contains(&expert) && change.left.len() == change.entered.len());
        }
    }
    let changed = &comparison.compared()[3];
    assert!(changed.kl_bits > 0.0 && !changed.moves.is_empty());
    let sizes: Vec<f64> = changed.moves.iter().map(|m| (m.changed - m.plain).abs()).collect();
    assert!(sizes.iter().map(|&size| size as f32).is_sorted_by(|one, other| one >= other));
}

#[test]
fn forced_experts_are_always_chosen() {
    let mut plain = plain();
    let forced = [0, 5, 15];
    let places: Vec<Value> = forced.iter().map(|expert| json!({"layer": 2, "expert": expert})).collect();
    let comparison = compared(&mut plain, json!({"experts_forced": places}));
    for (compared, plain) in comparison.compared().iter().zip(plain.records()) {
        let route = &compared.record.routes[1];
        assert!(forced.iter().all(|expert| route.experts.contains(expert)) && route.experts.len() == 4);
        assert_eq!(route.kept_groups, plain.routes[1].kept_groups, "forced experts do not change the kept groups");
        let rest = route.experts.iter().find(|expert| !forced.contains(expert)).unwrap();
        assert!(route.kept_groups.contains(&(rest / 4)));
        assert!((route.shares.sum() - 1.0).abs() < 1e-5);
        assert!(route.weights.as_slice().unwrap().is_sorted_by(|one, other| one >= other));
    }
}

#[test]
fn a_layer_with_all_routed_experts_off_runs_only_its_shared_expert() {
    let mut plain = plain();
    let off: Vec<Value> = (1..5).flat_map(all_off).collect();
    let mut comparison = compared(&mut plain, json!({"experts_off": off}));
    for route in routes(&comparison) {
        assert!(route.experts.is_empty() && route.weights.is_empty() && route.shares.is_empty());
        assert!(route.kept_groups.is_empty());
        assert!(route.group_scores.iter().all(|&score| score == f32::NEG_INFINITY));
    }
    check_finite(&mut comparison);
    let shared = compared(&mut plain, json!({"mixture": "only_shared"}));
    for (one, other) in comparison.compared().iter().zip(shared.compared()) {
        assert_eq!(one.record.next, other.record.next, "both settings give the same run");
        assert_eq!((one.kl_bits, &one.moves, one.loss), (other.kl_bits, &other.moves, other.loss));
        assert!(other.record.routes.iter().all(|route| route.experts.is_empty() && route.kept_groups.len() == 2));
    }
    assert!(shared.loss().cost > 0.0);
}

#[test]
fn a_group_with_one_selectable_expert_has_that_expert_s_choice_score_as_its_score() {
    let mut plain = plain();
    // In layer 1 all experts are off except expert 0 of group 0 and expert 12 of group 3.
    let off: Vec<Value> = all_off(1).into_iter().filter(|p| p["expert"] != 0 && p["expert"] != 12).collect();
    let mut comparison = compared(&mut plain, json!({"experts_off": off}));
    for compared in comparison.compared() {
        let route = &compared.record.routes[0];
        assert_eq!(route.kept_groups, [0, 3]);
        assert_eq!(route.group_scores[0], route.choice_scores[0]);
        assert_eq!(route.group_scores[3], route.choice_scores[12]);
        let mut chosen = route.experts.clone();
        chosen.sort_unstable();
        assert_eq!(chosen, [0, 12]);
        assert!((route.shares.sum() - 1.0).abs() < 1e-5);
    }
    check_finite(&mut comparison);
}

#[test]
fn a_what_if_can_change_the_number_of_chosen_experts_and_the_number_of_kept_groups() {
    let mut plain = plain();
    for (what_if, chosen, kept, lifted) in [
        (json!({"num_experts_per_tok": 1}), 1, 2, false),
        (json!({"num_experts_per_tok": 8}), 8, 2, false),
        (json!({"num_experts_per_tok": 9}), 9, 4, true),
        (json!({"num_experts_per_tok": 16}), 16, 4, true),
        (json!({"topk_group": 1}), 4, 1, false),
        (json!({"topk_group": 4}), 4, 4, false),
        (json!({"topk_group": 1, "num_experts_per_tok": 5}), 5, 4, true),
    ] {
        let mut comparison = compared(&mut plain, what_if.clone());
        assert_eq!(comparison.resolved().group_limit_lifted, lifted, "{what_if}");
        assert_eq!((comparison.resolved().num_experts_per_tok, comparison.resolved().topk_group), (chosen, kept));
        assert!(routes(&comparison).all(|route| route.experts.len() == chosen && route.kept_groups.len() == kept));
        let detail = comparison.intervened().detail(2).unwrap();
        assert_eq!(detail.expert_outputs.dim(), (4, chosen, 128));
        check_finite(&mut comparison);
    }
    let all = compared(&mut plain, json!({"topk_group": 4}));
    for route in routes(&all) {
        let best = moescope::router::best(4, route.choice_scores.iter().copied().enumerate());
        assert!(best.iter().all(|expert| route.experts.contains(expert)), "the best experts of all groups are chosen");
    }
}

#[test]
fn the_selection_bias_affects_the_choice_of_experts_and_not_their_weights() {
    let mut plain = plain();
    plain.seek(plain.tokens().len() - 1).unwrap();
    let biases = plain.model().selection_biases();
    let without = compared(&mut plain, json!({"selection_bias": false}));
    assert!(routes(&without).all(|route| route.choice_scores == route.scores));
    assert!(without.resolved().selection_biases.iter().flatten().all(|&bias| bias == 0.0));
    assert!(without.compared().iter().any(|compared| !compared.route_changes.is_empty()));

    let shifted = compared(&mut plain, json!({"bias_shifts": [{"layer": 1, "expert": 7, "by": 10}]}));
    let mut expected = biases.clone();
    expected[0][7] += 10.0;
    assert_eq!(shifted.resolved().selection_biases, expected);
    for (compared, plain) in shifted.compared().iter().zip(plain.records()) {
        let (route, before) = (&compared.record.routes[0], &plain.routes[0]);
        assert!(route.experts.contains(&7));
        assert_eq!(route.choice_scores[7], route.scores[7] + (biases[0][7] + 10.0));
        let place = route.experts.iter().position(|&expert| expert == 7).unwrap();
        let total: f32 = route.experts.iter().map(|&expert| route.scores[expert]).sum();
        assert!((route.shares[place] - route.scores[7] / total).abs() < 1e-6, "its weight comes from its score");
        if compared.record.position == 0 {
            assert_eq!(route.scores, before.scores);
        }
    }
}

#[test]
fn without_the_shared_expert_its_output_is_zero_and_the_loss_is_higher() {
    let mut plain = plain();
    let mut comparison = compared(&mut plain, json!({"mixture": "without_shared"}));
    assert!(routes(&comparison).all(|route| route.experts.len() == 4));
    let detail = comparison.intervened().detail(5).unwrap();
    assert!(detail.shared_outputs.iter().all(|&x| x == 0.0));
    assert!(detail.parts.rows().into_iter().all(|parts| (parts.sum() - 1.0).abs() < 1e-4));
    assert!(comparison.loss().cost > 0.0);
}

#[test]
fn the_smaller_the_cache_the_more_predictions_change_and_each_cache_s_bytes_are_counted() {
    let mut plain = plain();
    let mut costs = Vec::new();
    for (what_if, bytes) in [
        (json!({"cache_format": "f16"}), 480),
        (json!({"cache_format": "int8"}), 340),
        (json!({"cache_format": "int4"}), 260),
        (json!({"latent_rank": 24}), 800),
        (json!({"latent_rank": 4}), 400),
        (json!({"latent_rank": 1, "cache_format": "int4"}), 185),
    ] {
        let mut comparison = compared(&mut plain, what_if);
        assert_eq!(comparison.resolved().latent_bytes, bytes);
        for (compared, plain) in comparison.compared().iter().zip(plain.records()) {
            assert_eq!(compared.record.cache.latent, bytes * (compared.record.position + 1));
            assert_eq!(compared.record.cache.expanded, plain.cache.expanded);
        }
        check_finite(&mut comparison);
        // Both caches contain values that were decoded from the smaller cache, so attention over both gives the same
        // output up to rounding.
        let detail = comparison.intervened().detail(6).unwrap();
        assert!(detail.attention_differences.iter().all(|&difference| difference < 1e-4));
        let mean = comparison.compared().iter().map(|compared| compared.kl_bits).sum::<f64>();
        costs.push(mean);
    }
    assert!(costs[0] < costs[1] && costs[1] < costs[2], "{costs:?}");
    assert!(costs[3] < costs[4] && costs[4] < costs[5], "{costs:?}");
}

#[test]
fn combined_and_extreme_settings_give_finite_numbers() {
    let mut plain = plain();
    for what_if in [
        json!({"num_experts_per_tok": 1, "latent_rank": 1, "cache_format": "int4", "mixture": "without_shared"}),
        json!({"experts_off": all_off(3), "mixture": "without_shared", "cache_format": "int8", "topk_group": 1}),
        json!({"experts_off": all_off(1)[..14], "experts_forced": [{"layer": 1, "expert": 15}],
            "bias_shifts": [{"layer": 1, "expert": 14, "by": -1000}], "selection_bias": false}),
    ] {
        check_finite(&mut compared(&mut plain, what_if));
    }
}

#[test]
fn a_token_s_loss_is_minus_the_logarithm_of_its_probability() {
    let mut plain = plain();
    let comparison = compared(&mut plain, json!({"num_experts_per_tok": 2}));
    let tokens = plain.tokens().to_vec();
    let loss = comparison.loss();
    assert_eq!((loss.tokens, loss.losses.len()), (tokens.len() - 1, tokens.len() - 1));
    for (position, token_loss) in loss.losses.iter().enumerate() {
        let probability = plain.distribution(position, 1.0).unwrap().actual.unwrap().probability;
        assert!((token_loss.plain + libm::log2(f64::from(probability))).abs() < 1e-4);
        assert_eq!(comparison.compared()[position].loss.unwrap(), *token_loss);
    }
    let mean = loss.losses.iter().map(|loss| loss.plain).sum::<f64>() / loss.tokens as f64;
    assert!((loss.plain - mean).abs() < 1e-12 && (loss.cost - (loss.changed - loss.plain)).abs() < 1e-12);
    assert!(comparison.compared().last().unwrap().loss.is_none());
}

#[test]
fn a_comparison_whose_text_was_changed_equals_a_new_comparison_on_the_changed_text() {
    let what_ifs =
        [json!({"experts_off": [{"layer": 2, "expert": 1}], "cache_format": "int8"}), json!({"latent_rank": 6})];
    for what_if in what_ifs {
        let mut plain = plain();
        let tokens = plain.tokens().to_vec();
        let mut moved = compared(&mut plain, json!({"num_experts_per_tok": 1}));
        moved.set(&settings(what_if.clone())).unwrap();
        for text in [&tokens[..7], &tokens[..9], &[&tokens[..4], &[99, 98]].concat(), &tokens[..3], &tokens[..]] {
            plain.set_tokens(text).unwrap();
            for position in 0..text.len() {
                moved.seek(&mut plain, position).unwrap();
            }
            let mut fresh = Session::new(model());
            fresh.set_tokens(text).unwrap();
            let expected = compared(&mut fresh, what_if.clone());
            assert_eq!(moved.compared(), expected.compared());
            assert_eq!(moved.loss(), expected.loss());
            assert_eq!(plain.records(), fresh.records(), "the plain run does not change");
            assert_eq!(plain.position(), None, "its current position does not change");
        }
        plain.append(7).unwrap();
        moved.seek(&mut plain, tokens.len()).unwrap();
        assert_eq!(moved.loss().tokens, tokens.len(), "the token that was the last now has a loss");
    }
}

#[test]
fn each_run_continues_the_text_with_its_own_tokens() {
    let sampling = Sampling { temperature: 0.8, seed: 3 };
    for what_if in [json!({"num_experts_per_tok": 1, "mixture": "without_shared"}), json!({"latent_rank": 2})] {
        let mut plain = plain();
        let tokens = plain.tokens().to_vec();
        let mut comparison = compared(&mut plain, what_if.clone());
        let continuations = comparison.continuations(&mut plain, sampling, 6).unwrap();
        assert_eq!(plain.tokens(), tokens, "the text stays");
        assert_eq!(comparison.compared().len(), tokens.len());

        let mut fresh = Session::new(model());
        fresh.set_tokens(&tokens).unwrap();
        let alone: Vec<u32> = (0..6).map(|_| fresh.generate(sampling).unwrap()).collect();
        assert_eq!(continuations.plain, alone);
        assert_ne!(continuations.changed, alone);

        assert_eq!(plain.choose_next(sampling).unwrap(), continuations.plain[0]);
        assert_eq!(comparison.choose_next(&mut plain, sampling).unwrap(), continuations.changed[0]);
        assert_eq!(comparison.intervened().tokens(), tokens, "the changed run has the same text");
        if what_if["latent_rank"].is_null() {
            // When the first of these tokens is appended, the changed run chooses the second. A what-if with a
            // truncated latent is not compared, because its directions change with the text.
            plain.append(continuations.changed[0]).unwrap();
            assert_eq!(comparison.choose_next(&mut plain, sampling).unwrap(), continuations.changed[1]);
        }
    }
}

#[test]
fn continuations_end_where_the_context_ends_and_an_empty_text_has_none() {
    let mut plain = plain();
    plain.set_tokens(&[3; 510]).unwrap();
    let mut comparison = Comparison::new(&plain, &settings(json!({"num_experts_per_tok": 1}))).unwrap();
    let continuations = comparison.continuations(&mut plain, Sampling::GREEDY, 6).unwrap();
    assert_eq!((continuations.plain.len(), continuations.changed.len()), (2, 2));
    plain.set_tokens(&[]).unwrap();
    assert!(comparison.continuations(&mut plain, Sampling::GREEDY, 6).is_err());
    assert!(comparison.choose_next(&mut plain, Sampling::GREEDY).is_err());
}

#[test]
fn comparing_an_earlier_position_keeps_the_later_comparisons() {
    for what_if in [json!({"num_experts_per_tok": 1}), json!({"latent_rank": 6})] {
        let mut plain = plain();
        let mut comparison = compared(&mut plain, what_if);
        let all = comparison.compared().len();
        assert!(all > 3);
        comparison.seek(&mut plain, 2).unwrap();
        assert_eq!(comparison.compared().len(), all);
    }
}

#[test]
fn comparing_a_position_beyond_the_text_or_the_context_is_refused() {
    let mut plain = plain();
    let len = plain.tokens().len();
    let mut comparison = Comparison::new(&plain, &settings(json!({"latent_rank": 2}))).unwrap();
    assert!(comparison.seek(&mut plain, len).is_err());
    assert_eq!(comparison.loss().tokens, 0);
    plain.set_tokens(&[3; 600]).unwrap();
    assert!(comparison.seek(&mut plain, 512).is_err(), "beyond the context");
    assert!(comparison.seek(&mut plain, 20).is_ok(), "a text may be longer than the context");
}

#[test]
fn a_comparison_refuses_a_plain_session_of_another_model() {
    let comparison = Comparison::new(&plain(), &WhatIf::default());
    let refusal = comparison.unwrap().seek(&mut plain(), 0).unwrap_err().to_string();
    assert_eq!(refusal, "the plain session runs a different model, expected the model of the comparison");
}

#[test]
fn an_impossible_what_if_is_refused_with_one_sentence_and_the_old_what_if_remains() {
    let plain = plain();
    let at = |layer: usize, expert: usize| json!([{"layer": layer, "expert": expert}]);
    for (what_if, sentence) in [
        (json!([]), "the what-if's JSON is [], expected an object with its settings"),
        (
            json!({"expert_off": []}),
            "the what-if has a setting \"expert_off\", expected experts_off, experts_forced, mixture, num_experts_per_tok, topk_group, selection_bias, bias_shifts, latent_rank, cache_format",
        ),
        (json!({"experts_off": 3}), "the what-if's experts_off is 3, expected an array"),
        (
            json!({"experts_off": [{"layer": 1}]}),
            "the what-if's experts_off[0].expert is missing, expected a whole number",
        ),
        (
            json!({"experts_off": at(0, 1)}),
            "the what-if's experts_off[0].layer is 0, expected a whole number from 1 to 4",
        ),
        (
            json!({"experts_off": at(5, 1)}),
            "the what-if's experts_off[0].layer is 5, expected a whole number from 1 to 4",
        ),
        (
            json!({"experts_forced": at(1, 16)}),
            "the what-if's experts_forced[0].expert is 16, expected a whole number from 0 to 15",
        ),
        (
            json!({"experts_forced": at(1, 2), "experts_off": at(1, 2)}),
            "the what-if's experts_forced is expert 2 of layer 1, which is off too, expected experts that are not in experts_off",
        ),
        (
            json!({"experts_forced": all_off(2)[..5]}),
            "the what-if's experts_forced is 5 experts of layer 2, expected at most num_experts_per_tok, 4",
        ),
        (
            json!({"num_experts_per_tok": 0}),
            "the what-if's num_experts_per_tok is 0, expected a whole number from 1 to 16",
        ),
        (
            json!({"num_experts_per_tok": 17}),
            "the what-if's num_experts_per_tok is 17, expected a whole number from 1 to 16",
        ),
        (json!({"num_experts_per_tok": 1.5}), "the what-if's num_experts_per_tok is 1.5, expected a whole number"),
        (json!({"topk_group": 5}), "the what-if's topk_group is 5, expected a whole number from 1 to 4"),
        (json!({"latent_rank": 33}), "the what-if's latent_rank is 33, expected a whole number from 1 to 32"),
        (json!({"latent_rank": -1}), "the what-if's latent_rank is -1, expected a whole number"),
        (json!({"selection_bias": 0}), "the what-if's selection_bias is 0, expected true or false"),
        (
            json!({"bias_shifts": [{"layer": 1, "expert": 0, "by": "1"}]}),
            "the what-if's bias_shifts[0].by is \"1\", expected a number from -1000 to 1000",
        ),
        (
            json!({"bias_shifts": [{"layer": 1, "expert": 0, "by": 1e39}]}),
            "the what-if's bias_shifts[0].by is 1e+39, expected a number from -1000 to 1000",
        ),
        (
            json!({"bias_shifts": [{"layer": 1, "expert": 0, "by": -1001}]}),
            "the what-if's bias_shifts[0].by is -1001.0, expected a number from -1000 to 1000",
        ),
        (
            json!({"mixture": "none"}),
            "the what-if's mixture is \"none\", expected \"all\", \"only_shared\" or \"without_shared\"",
        ),
        (
            json!({"cache_format": "fp8"}),
            "the what-if's cache_format is \"fp8\", expected \"f32\", \"f16\", \"int8\" or \"int4\"",
        ),
    ] {
        let refused = WhatIf::from_json(&what_if.to_string());
        let refused = refused.and_then(|what_if| Comparison::new(&plain, &what_if)).map(|_| ()).unwrap_err();
        assert_eq!(refused.to_string(), sentence);
        assert_eq!(EngineError::from(refused).kind(), "what-if");
    }
    let cut_off = WhatIf::from_json("{").unwrap_err().to_string();
    assert!(cut_off.starts_with("the what-if is not JSON: "), "{cut_off}");

    let mut comparison = Comparison::new(&plain, &settings(json!({"num_experts_per_tok": 2}))).unwrap();
    let plan = comparison.resolved();
    let mut refused = WhatIf::default();
    refused.experts_off.push(ExpertPlace { layer: 9, expert: 9 });
    assert!(comparison.set(&refused).is_err());
    assert_eq!(comparison.resolved(), plan, "the old one stays");
}

#[test]
fn a_setting_for_a_bias_or_for_experts_that_the_model_does_not_have_is_refused() {
    let refusal = |config: &[u8], checkpoint: &[u8], what_if: Value| {
        let model = Model::new(Config::from_json(config).unwrap(), checkpoint).unwrap();
        let plain = Session::new(model.into());
        Comparison::new(&plain, &settings(what_if)).map(|_| ()).unwrap_err().to_string()
    };
    let v2 = |what_if| {
        let model = include_bytes!("../../tests/parity/v2-defaults/model.safetensors");
        refusal(include_bytes!("../../tests/parity/v2-defaults/config.json"), model, what_if)
    };
    let expected = "expected nothing: this model's router has no selection bias";
    assert_eq!(v2(json!({"selection_bias": false})), format!("the what-if's selection_bias is set, {expected}"));
    let shift = json!({"bias_shifts": [{"layer": 1, "expert": 0, "by": 1}]});
    assert_eq!(v2(shift), format!("the what-if's bias_shifts is set, {expected}"));
    let no_shared = |what_if| {
        let model = include_bytes!("../../tests/parity/v3-no-shared/model.safetensors");
        refusal(include_bytes!("../../tests/parity/v3-no-shared/config.json"), model, what_if)
    };
    let sentence = "the what-if's mixture is only_shared, expected all: this model has no shared expert";
    assert_eq!(no_shared(json!({"mixture": "only_shared"})), sentence);
    let all_dense = |what_if| {
        let model = include_bytes!("../../tests/parity/v3-all-dense/model.safetensors");
        refusal(include_bytes!("../../tests/parity/v3-all-dense/config.json"), model, what_if)
    };
    let sentence = "the what-if's experts_off is not empty, expected no expert: this model has no routed experts";
    assert_eq!(all_dense(json!({"experts_off": [{"layer": 1, "expert": 0}]})), sentence);
}
