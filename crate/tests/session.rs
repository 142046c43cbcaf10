//! Sessions on the shipped model: every way to a position gives the same bits; impossible requests are refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use moescope::kernel::dot;
use moescope::record::Record;
use moescope::session::SessionError;
use moescope::{CacheKind, Config, Detail, ExpertLoad, Model, ModelInfo, Sampling, Session, Tokenizer};
use ndarray::{Array1, Axis, s};
use safetensors::{Dtype, SafeTensors};
use std::collections::BTreeMap;
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

/// A session that has run a text to the end.
fn run(model: &Arc<Model>, tokens: &[u32]) -> Session {
    let mut session = Session::new(model.clone());
    session.set_tokens(tokens).unwrap();
    while session.step().unwrap().is_some() {}
    session
}

#[test]
fn stepping_back_and_forward_again_returns_the_stored_records() {
    let tokens = ids(TEXT);
    let mut session = run(&model(), &tokens);
    let records = session.records().to_vec();
    assert_eq!(records.len(), tokens.len());
    for expected in records.iter().rev().skip(1) {
        assert_eq!(session.step_back(), Some(expected));
        assert_eq!(session.position(), Some(expected.position));
    }
    assert_eq!(session.step_back(), None);
    assert_eq!(session.position(), Some(0));
    for expected in &records[1..] {
        assert_eq!(session.step().unwrap(), Some(expected));
    }
    assert_eq!(session.step().unwrap(), None);
    assert_eq!(session.records(), records);
}

#[test]
fn seeking_gives_the_same_records_as_stepping() {
    let (model, tokens) = (model(), ids(TEXT));
    let stepped = run(&model, &tokens);
    let mut session = Session::new(model);
    session.set_tokens(&tokens).unwrap();
    for position in [7, 2, tokens.len() - 1, 0] {
        assert_eq!(session.seek(position).unwrap(), &stepped.records()[position]);
    }
    assert_eq!(session.records(), stepped.records());
}

#[test]
fn a_new_text_keeps_the_records_of_the_shared_start_and_has_the_bits_of_a_fresh_run() {
    let (model, tokens) = (model(), ids(TEXT));
    for cut in [0, 1, 9, tokens.len()] {
        let mut other: Vec<u32> = tokens[..cut].to_vec();
        other.extend(ids(" She said no").iter().skip(1));
        let mut session = run(&model, &tokens);
        session.set_tokens(&other).unwrap();
        assert_eq!(session.records().len(), cut, "records of shared tokens stay");
        while session.step().unwrap().is_some() {}
        let fresh = run(&model, &other);
        assert_eq!(session.records(), fresh.records(), "cut at {cut}");
        assert_eq!(session.logits(), fresh.logits(), "cut at {cut}");
    }
}

#[test]
fn a_detail_has_the_same_bits_right_after_its_step_and_later_and_changes_no_later_record() {
    let (model, tokens) = (model(), ids(TEXT));
    let mut stepped = Session::new(model.clone());
    stepped.set_tokens(&tokens).unwrap();
    let mut at_once: Vec<Detail> = Vec::new();
    for position in 0..tokens.len() {
        let record = stepped.seek(position).unwrap().clone();
        let logits = stepped.logits().to_owned();
        let detail = stepped.detail(position).unwrap();
        assert_eq!(detail.logits, logits);
        for (route, router_logits) in record.routes.iter().zip(detail.router_logits.rows()) {
            let scores = router_logits.mapv(moescope::kernel::sigmoid);
            assert_eq!(route.scores, scores, "position {position}, layer {}", route.layer);
        }
        at_once.push(detail);
    }
    let mut session = run(&model, &tokens);
    for position in (0..tokens.len()).rev() {
        assert_eq!(session.detail(position).unwrap(), at_once[position]);
    }
    let longer = [tokens.as_slice(), &[5, 6, 7]].concat();
    session.set_tokens(&longer).unwrap();
    while session.step().unwrap().is_some() {}
    assert_eq!(session.records(), run(&model, &longer).records());
}

#[test]
fn attention_weights_sum_to_one_over_the_tokens_so_far() {
    let tokens = ids(TEXT);
    let mut session = run(&model(), &tokens);
    let detail = session.detail(5).unwrap();
    assert_eq!(detail.attention.dim(), (5, 8, 6));
    for row in detail.attention.rows() {
        assert!((row.sum() - 1.0).abs() < 1e-5 && row.iter().all(|&p| p >= 0.0), "{row}");
    }
    assert!(detail.attention_differences.iter().all(|&d| d < 1e-4));
    assert!(
        detail.attention_differences.iter().any(|&d| d > 0.0),
        "the two ways of attending differ in some last bits"
    );
}

#[test]
fn the_arrays_of_a_detail_are_consistent_with_each_other() {
    let tokens = ids(TEXT);
    let mut session = run(&model(), &tokens);
    for position in [0, 5] {
        let routes = session.records()[position].routes.clone();
        let detail = session.detail(position).unwrap();
        let near = |a: f32, b: f32| assert!((a - b).abs() <= 1e-4 * b.abs().max(1.0), "{a} is not near {b}");
        for layer in 0..5 {
            // After each half of a layer, the stream is exactly the stream before that half plus the half's output.
            let attended = &detail.stream.row(layer) + &detail.attention_outputs.row(layer);
            assert_eq!(detail.attended.row(layer), attended);
            assert_eq!(detail.stream.row(layer + 1), &attended + &detail.ffn_outputs.row(layer));
            let norms = [
                detail.stream.row(layer),
                detail.attention_outputs.row(layer),
                detail.attended.row(layer),
                detail.ffn_outputs.row(layer),
                detail.stream.row(layer + 1),
            ];
            for (measured, vector) in detail.stream_norms.row(layer).iter().zip(norms) {
                near(*measured, dot(vector, vector).sqrt());
            }
            for head in 0..8 {
                let (query, key) = (detail.queries.slice(s![layer, head, ..]), detail.keys.slice(s![layer, head, ..]));
                // Every head's key ends with the shared RoPE key.
                assert_eq!(key.slice(s![32..]), detail.rope_keys.row(layer));
                // Folding: the absorbed query's product with the latent, plus the RoPE part, equals the query's product
                // with the key.
                let absorbed = dot(detail.absorbed_queries.slice(s![layer, head, ..]), detail.latents.row(layer));
                near(absorbed + dot(query.slice(s![32..]), key.slice(s![32..])), dot(query, key));
                if position == 0 {
                    // The first token can read only itself, so each head's output is the token's value.
                    let value = detail.values.slice(s![layer, head, ..]);
                    let output = detail.head_outputs.slice(s![layer, head, ..]);
                    output.iter().zip(value).for_each(|(&output, &value)| near(output, value));
                }
            }
            let differences =
                &detail.attention.slice(s![layer, .., ..]) - &detail.other_attention.slice(s![layer, .., ..]);
            let largest = differences.fold(0.0, |most: f32, each| most.max(each.abs()));
            assert_eq!(detail.weight_differences[layer], largest);
            assert!(largest < 1e-5);
        }
        for (route, index) in routes.iter().zip(0..) {
            let mut sum = Array1::<f32>::zeros(128);
            for (&weight, output) in route.weights.iter().zip(detail.expert_outputs.index_axis(Axis(0), index).rows()) {
                moescope::kernel::add_scaled(weight, output, sum.view_mut());
            }
            sum += &detail.shared_outputs.row(index);
            assert_eq!(detail.ffn_outputs.row(route.layer), sum);
            near(detail.parts.row(index).sum(), 1.0);
            let shared = detail.shared_outputs.row(index);
            near(detail.expert_norms[[index, 4]], dot(shared, shared).sqrt());
            near(detail.parts[[index, 4]], dot(shared, sum.view()) / dot(sum.view(), sum.view()));
        }
    }
}

#[test]
fn an_expert_load_counts_how_often_the_records_chose_each_expert() {
    let tokens = ids(TEXT);
    let session = run(&model(), &tokens);
    let last = tokens.len() - 1;
    let load = session.load(last).unwrap();
    assert_eq!((load.position, load.tokens, load.layers.len()), (last, tokens.len(), 4));
    for (index, layer) in load.layers.iter().enumerate() {
        assert_eq!(layer.layer, index + 1);
        for expert in 0..16 {
            let chose = |record: &&Record| record.routes[index].experts.contains(&expert);
            assert_eq!(layer.counts[expert] as usize, session.records().iter().filter(chose).count());
        }
        assert_eq!(layer.counts.iter().sum::<u32>() as usize, tokens.len() * 4);
        assert!((layer.relative.sum() - 16.0).abs() < 1e-4);
    }
    let first = session.load(0).unwrap();
    assert!(
        first.layers.iter().all(|layer| layer.max_violation == 3.0),
        "four of sixteen experts have all tokens: 4 times the mean"
    );
    assert!(session.load(last + 1).is_err() && session.load(usize::MAX).is_err());
    // By chance, the load of one token is as uneven, and that of more tokens is less uneven.
    let chance = |load: &ExpertLoad| load.chance.map(|chance| (chance.max_violation, chance.max_violation_deviation));
    assert_eq!(chance(&first), Some((3.0, 0.0)));
    let (mean, deviation) = chance(&load).unwrap();
    assert!((0.0..1.5).contains(&mean) && deviation > 0.0, "{mean} {deviation}");
}

#[test]
fn each_cache_grows_by_a_fixed_number_of_bytes_per_step() {
    let tokens = ids(TEXT);
    for (steps, record) in (1..).zip(run(&model(), &tokens).records()) {
        assert_eq!((record.cache.latent, record.cache.expanded), (steps * 960, steps * 12_800));
    }
}

#[test]
fn the_probabilities_of_the_listed_next_tokens_and_of_all_other_tokens_sum_to_one() {
    for Record { next, .. } in run(&model(), &ids(TEXT)).records() {
        assert_eq!(next.tokens.len(), 10);
        assert!((next.probabilities.sum() + next.rest - 1.0).abs() < 1e-5);
        assert!(next.probabilities.windows(2).into_iter().all(|pair| pair[0] >= pair[1]));
        assert!(next.rest >= 0.0);
    }
}

#[test]
fn generation_depends_only_on_the_text_and_the_temperature_and_the_seed() {
    let (model, tokens) = (model(), ids("The little girl"));
    let generate = |sampling, warm: bool| {
        let mut session = if warm { run(&model, &tokens) } else { Session::new(model.clone()) };
        session.set_tokens(&tokens).unwrap();
        if warm {
            // Visit other positions first; this must not change the generated tokens.
            session.seek(0).unwrap();
            session.detail(1).unwrap();
        }
        (0..20).map(|_| session.generate(sampling).unwrap()).collect::<Vec<_>>()
    };
    let warm = Sampling { temperature: 0.7, seed: 1 };
    assert_eq!(generate(warm, false), generate(warm, true));
    assert_eq!(generate(Sampling::GREEDY, false), generate(Sampling::GREEDY, true));
    assert_ne!(generate(warm, false), generate(Sampling { seed: 2, ..warm }, false));
    assert_ne!(generate(warm, false), generate(Sampling::GREEDY, false));
    let cold = Sampling { temperature: 1e-30, seed: 3 };
    assert_eq!(
        generate(cold, false),
        generate(Sampling::GREEDY, false),
        "a temperature of almost 0 takes the most probable token"
    );
}

#[test]
fn at_temperature_1_a_distribution_lists_the_next_tokens_of_the_record() {
    let tokens = ids(TEXT);
    let mut session = run(&model(), &tokens);
    for record in session.records().to_vec() {
        let distribution = session.distribution(record.position, 1.0).unwrap();
        assert_eq!(distribution.next, record.next);
        assert_eq!((distribution.position, distribution.temperature), (record.position, 1.0));
        let actual = distribution.actual.map(|actual| actual.token);
        assert_eq!(actual, tokens.get(record.position + 1).copied());
    }
}

#[test]
fn a_temperature_changes_probabilities_and_not_their_order() {
    let tokens = ids(TEXT);
    let mut session = run(&model(), &tokens);
    for (position, record) in session.records().to_vec().into_iter().enumerate() {
        let [cold, sharp, plain, flat] = [0.0, 0.7, 1.0, 1.6].map(|t| session.distribution(position, t).unwrap());
        let next = [&cold, &sharp, &plain, &flat].map(|distribution| &distribution.next);
        assert!(next.iter().all(|next| next.tokens == record.next.tokens));
        let [first, rest] = [cold.next.probabilities[0], cold.next.rest];
        assert_eq!((first, rest, cold.next.probabilities.sum()), (1.0, 0.0, 1.0));
        for next in next {
            let total = next.probabilities.sum() + next.rest;
            assert!((total - 1.0).abs() < 1e-5, "{total}");
            assert!(next.probabilities.as_slice().unwrap().is_sorted_by(|one, other| one >= other));
        }
        let top = next.map(|next| next.probabilities[0]);
        assert!(top[0] >= top[1] && top[1] > top[2] && top[2] > top[3], "{top:?}");
    }
}

#[test]
fn a_distribution_has_the_rank_and_probability_of_the_text_s_next_token() {
    let tokens = ids(TEXT);
    let mut session = run(&model(), &tokens);
    for position in 0..tokens.len() - 1 {
        let Some(actual) = session.distribution(position, 1.0).unwrap().actual else {
            panic!("the text has a next token")
        };
        let next = session.records()[position].next.clone();
        match next.tokens.iter().position(|&token| token == actual.token) {
            Some(place) => {
                assert_eq!((actual.rank, actual.probability), (place, next.probabilities[place]));
            }
            None => assert!(actual.rank >= next.tokens.len() && actual.probability <= next.probabilities[9]),
        }
    }
    assert_eq!(session.distribution(tokens.len() - 1, 1.0).unwrap().actual, None);
}

#[test]
fn tokens_are_chosen_as_often_as_they_are_probable() {
    const DRAWS: u64 = 2000;
    let tokens = [1, 2, 3];
    let config = Config::from_json(include_bytes!("../../tests/parity/v3-groups-4/config.json")).unwrap();
    let model = Model::new(config, include_bytes!("../../tests/parity/v3-groups-4/model.safetensors")).unwrap();
    let mut session = run(&Arc::new(model), &tokens);
    for temperature in [0.7, 1.0] {
        let next = session.distribution(tokens.len() - 1, temperature).unwrap().next;
        let mut chosen: BTreeMap<u32, u64> = BTreeMap::new();
        for seed in 0..DRAWS {
            *chosen.entry(session.generate(Sampling { temperature, seed }).unwrap()).or_default() += 1;
            session.set_tokens(&tokens).unwrap();
        }
        for (token, probability) in next.tokens.iter().zip(&next.probabilities).take(3) {
            let often = chosen.get(token).copied().unwrap_or_default() as f32 / DRAWS as f32;
            assert!((often - probability).abs() < 0.05, "token {token}: {often} of {probability}");
        }
    }
}

#[test]
fn a_distribution_without_a_record_or_with_an_invalid_temperature_is_refused() {
    let tokens = ids(TEXT);
    let mut session = Session::new(model());
    session.set_tokens(&tokens).unwrap();
    session.seek(2).unwrap();
    assert_eq!(session.distribution(3, 1.0), Err(SessionError::NotRecorded { position: 3, recorded: 3 }));
    assert_eq!(session.distribution(2, -1.0), Err(SessionError::Temperature { found: "below 0" }));
    assert_eq!(session.distribution(2, f32::NAN), Err(SessionError::Temperature { found: "not a number" }));
    assert!(session.distribution(2, 0.5).is_ok());
}

#[test]
fn the_selection_biases_equal_the_checkpoint_s_and_choice_scores_are_scores_plus_biases() {
    let checkpoint = SafeTensors::deserialize(include_bytes!("../../www/public/model/model.safetensors")).unwrap();
    let in_file = |layer: &usize| -> Vec<f32> {
        let tensor = checkpoint.tensor(&format!("model.layers.{layer}.mlp.gate.e_score_correction_bias")).unwrap();
        assert_eq!((tensor.dtype(), tensor.shape()), (Dtype::F32, [16].as_slice()));
        let (values, _) = tensor.data().as_chunks::<4>();
        values.iter().map(|&value| f32::from_le_bytes(value)).collect()
    };
    let mut session = run(&model(), &ids(TEXT));
    let biases = session.model().selection_biases();
    let routes = session.seek(0).unwrap().routes.clone();
    assert_eq!(biases, routes.iter().map(|route| in_file(&route.layer)).collect::<Vec<_>>());
    for (bias, route) in biases.into_iter().zip(routes) {
        assert_eq!(route.scores + Array1::from(bias), route.choice_scores);
    }
}

#[test]
fn a_v2_model_has_no_selection_biases() {
    let config = Config::from_json(include_bytes!("../../tests/parity/v2-greedy/config.json")).unwrap();
    let model = Model::new(config, include_bytes!("../../tests/parity/v2-greedy/model.safetensors")).unwrap();
    assert_eq!(model.selection_biases(), Vec::<Vec<f32>>::new());
}

#[test]
fn a_model_with_more_dense_layers_than_layers_runs_as_if_all_its_layers_were_dense() {
    let config = include_str!("../../tests/parity/v3-all-dense/config.json");
    let more = config.replace(r#""first_k_dense_replace": 2"#, r#""first_k_dense_replace": 3"#);
    assert_ne!(config, more);
    let tokens = [1, 2, 3];
    let mut sessions = [config, &more].map(|config| {
        let config = Config::from_json(config.as_bytes()).unwrap();
        let model = Model::new(config, include_bytes!("../../tests/parity/v3-all-dense/model.safetensors")).unwrap();
        run(&Arc::new(model), &tokens)
    });
    let [two, three] = sessions.each_mut().map(|session| session.detail(2).unwrap());
    assert_eq!(two, three);
    assert_eq!((three.router_logits.dim(), three.expert_outputs.dim()), ((0, 8), (0, 3, 28)));
    let [two, three] = sessions;
    assert_eq!(two.records(), three.records());
    assert_eq!(ModelInfo::of(two.model().config()), ModelInfo::of(three.model().config()));
}

#[test]
fn reset_removes_the_text_and_its_records_and_caches() {
    let (model, tokens) = (model(), ids(TEXT));
    let mut session = run(&model, &tokens);
    session.reset();
    assert_eq!((session.tokens().len(), session.records().len(), session.position()), (0, 0, None));
    assert_eq!(session.step().unwrap(), None);
    session.set_tokens(&tokens).unwrap();
    while session.step().unwrap().is_some() {}
    assert_eq!(session.records(), run(&model, &tokens).records());
}

#[test]
fn running_and_generating_beyond_the_context_are_refused() {
    let mut session = Session::with_cache(model(), CacheKind::Latent);
    session.set_tokens(&vec![5; 600]).unwrap();
    session.seek(511).unwrap();
    assert_eq!(session.step().unwrap_err(), SessionError::ContextFull { position: 512, context: 512 });
    assert_eq!(session.position(), Some(511), "the current position stays");
    session.set_tokens(&vec![5; 511]).unwrap();
    assert!(session.generate(Sampling::GREEDY).is_ok());
    assert_eq!(
        session.generate(Sampling::GREEDY).unwrap_err().to_string(),
        "position 512 is beyond the model's context, expected a position below 512"
    );
}

#[test]
fn impossible_requests_are_refused_with_one_sentence_and_change_neither_tokens_nor_records() {
    let tokens = ids(TEXT);
    let mut session = run(&model(), &tokens);
    let records = session.records().to_vec();
    let refused = |result: Result<(), SessionError>, sentence: &str| {
        assert_eq!(result.unwrap_err().to_string(), sentence);
    };
    refused(
        session.set_tokens(&[0, 1, 2048]),
        "token 2048 at position 2 is not in the vocabulary, expected an id below 2048",
    );
    refused(
        session.append(u32::MAX),
        &format!("token 4294967295 at position {} is not in the vocabulary, expected an id below 2048", tokens.len()),
    );
    refused(
        session.seek(1000).map(drop),
        &format!("position 1000 is beyond the text, expected a position below {}, its number of tokens", tokens.len()),
    );
    refused(
        session.detail(usize::MAX).map(drop),
        &format!("position {} has no record yet, expected one of the first {} positions", usize::MAX, tokens.len()),
    );
    refused(session.latents(5).map(drop), "layer 5 is not in the model, expected a layer below 5");
    for (temperature, found) in [(-1.0, "below 0"), (f32::NAN, "not a number"), (f32::INFINITY, "above 100")] {
        let sentence = format!("temperature is {found}, expected a number from 0 to 100");
        refused(session.generate(Sampling { temperature, seed: 0 }).map(drop), &sentence);
    }
    assert_eq!((session.tokens(), session.records()), (tokens.as_slice(), records.as_slice()));
    session.set_tokens(&[]).unwrap();
    refused(
        session.generate(Sampling::GREEDY).map(drop),
        "the text has no token, expected at least one to continue from",
    );
}
