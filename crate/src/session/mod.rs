//! A session: one text that runs on a model, with the text's tokens, caches and records.
//!
//! A step forward runs the model on the next token and stores its record, unless the record is stored already. A step
//! back returns a stored record and runs nothing. The same tokens always give the same bits; the order in which
//! positions are visited does not matter.

#![warn(clippy::indexing_slicing)]

mod chance;
mod sampling;

use crate::model::cache::CacheKind;
use crate::model::intervention::Intervention;
use crate::model::moe::MixtureChange;
use crate::model::{Model, State, StepOptions};
use crate::record::expert_load::load;
use crate::record::{ActualToken, Detail, Distribution, ExpertLoad, Record, Route};
use chance::{RouterShape, chance_load};
use ndarray::{Array1, Array2, ArrayView1, ArrayView2};
use sampling::{at_temperature, choose, next_tokens};
use std::sync::Arc;

pub use sampling::Sampling;

/// Why a session refuses a request. Each message names what was found and what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// A token id outside the vocabulary.
    #[error("token {token} at position {position} is not in the vocabulary, expected an id below {vocab_size}")]
    UnknownToken {
        /// The token's id.
        token: u32,
        /// The token's position in the text.
        position: usize,
        /// `vocab_size` of the model.
        vocab_size: usize,
    },
    /// A position beyond the model's context.
    #[error("position {position} is beyond the model's context, expected a position below {context}")]
    ContextFull {
        /// The requested position.
        position: usize,
        /// `max_position_embeddings`.
        context: usize,
    },
    /// A position beyond the text.
    #[error("position {position} is beyond the text, expected a position below {len}, its number of tokens")]
    NoSuchPosition {
        /// The requested position.
        position: usize,
        /// Number of tokens in the text.
        len: usize,
    },
    /// A layer that the model does not have.
    #[error("layer {layer} is not in the model, expected a layer below {layers}")]
    NoSuchLayer {
        /// The requested layer.
        layer: usize,
        /// `num_hidden_layers`.
        layers: usize,
    },
    /// A position that has no record yet.
    #[error("position {position} has no record yet, expected one of the first {recorded} positions")]
    NotRecorded {
        /// The requested position.
        position: usize,
        /// Number of positions with a record.
        recorded: usize,
    },
    /// The text is empty, so there is no token to continue from.
    #[error("the text has no token, expected at least one to continue from")]
    EmptyText,
    /// A comparison was given a session of a different model.
    #[error("the plain session runs a different model, expected the model of the comparison")]
    OtherModel,
    /// A temperature out of range.
    #[error("temperature is {found}, expected a number from 0 to 100")]
    Temperature {
        /// What the value is: "below 0", "above 100" or "not a number".
        found: &'static str,
    },
}

/// Maximum number of values of the residual stream that a plain run stores for comparisons: 16 MiB as `f32`.
const STORED_STREAM: usize = 1 << 22;

/// One text, run token by token through a model. Each step fills both caches; attention reads the cache that was chosen
/// when the session was created.
#[derive(Debug, Clone)]
pub struct Session {
    model: Arc<Model>,
    kind: CacheKind,
    /// `None` in a plain run.
    intervention: Option<Intervention>,
    state: State,
    tokens: Vec<u32>,
    /// The records of the positions that the model has run, from 0.
    records: Vec<Record>,
    /// Input of the head at each recorded position, from which the position's logits can be computed again.
    /// (hidden_size) each
    final_inputs: Vec<Array1<f32>>,
    /// In a plain run: the stream after each layer's attention, for the first positions, as many as [`STORED_STREAM`]
    /// allows. (num_hidden_layers, hidden_size) each
    attended: Vec<Array2<f32>>,
    /// The position whose logits are in `state`; `None` if these logits do not belong to the current text.
    logits_of: Option<usize>,
    /// The current position; `None` before the first step on a text.
    position: Option<usize>,
}

impl Session {
    /// A session with an empty text. Attention reads the latent cache.
    pub fn new(model: Arc<Model>) -> Self {
        Self::with_cache(model, CacheKind::Latent)
    }

    /// A session with an empty text. Attention reads the given cache; each step fills both caches.
    pub fn with_cache(model: Arc<Model>, kind: CacheKind) -> Self {
        Self::build(model, kind, None)
    }

    /// A session with an empty text that runs with an intervention. The intervention must have been resolved for this
    /// model.
    #[doc(hidden)]
    pub fn with_change(model: Arc<Model>, kind: CacheKind, intervention: Intervention) -> Self {
        Self::build(model, kind, Some(intervention))
    }

    /// The earlier name of [`Session::with_change`].
    #[doc(hidden)]
    pub fn with_changes(model: Arc<Model>, kind: CacheKind, intervention: Intervention) -> Self {
        Self::with_change(model, kind, intervention)
    }

    fn build(model: Arc<Model>, kind: CacheKind, intervention: Option<Intervention>) -> Self {
        let state = State::new(model.config());
        let (tokens, records, final_inputs) = (Vec::new(), Vec::new(), Vec::new());
        Self {
            model,
            kind,
            intervention,
            state,
            tokens,
            records,
            final_inputs,
            attended: Vec::new(),
            logits_of: None,
            position: None,
        }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The model, and the cache that attention reads.
    pub(crate) fn runs(&self) -> (Arc<Model>, CacheKind) {
        (self.model.clone(), self.kind)
    }

    /// The text's token ids.
    pub fn tokens(&self) -> &[u32] {
        &self.tokens
    }

    /// The records of the positions that the model has run, from 0.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The current position; `None` before the first step on a text.
    pub fn position(&self) -> Option<usize> {
        self.position
    }

    /// The logits that were computed last: by a step, [`Session::detail`], [`Session::logits_at`] or
    /// [`Session::distribution`]. (vocab_size)
    pub fn logits(&self) -> ArrayView1<'_, f32> {
        self.state.logits.view()
    }

    /// Replaces the text; the session is then before the first token. Tokens at the start that are the same in the old
    /// and the new text keep their records and cache rows.
    ///
    /// # Errors
    /// [`SessionError::UnknownToken`]; the old text then remains.
    pub fn set_tokens(&mut self, tokens: &[u32]) -> Result<(), SessionError> {
        for (position, &token) in tokens.iter().enumerate() {
            self.check_token(token, position)?;
        }
        let shared = self.tokens.iter().zip(tokens).take_while(|(old, new)| old == new).count();
        self.records.truncate(shared);
        self.final_inputs.truncate(shared);
        self.attended.truncate(shared);
        self.state.caches.truncate(shared);
        self.logits_of = self.logits_of.filter(|&last| last < shared);
        self.tokens = tokens.to_vec();
        self.position = None;
        Ok(())
    }

    /// Appends a token to the end of the text.
    ///
    /// # Errors
    /// [`SessionError::UnknownToken`].
    pub fn append(&mut self, token: u32) -> Result<(), SessionError> {
        self.check_token(token, self.tokens.len())?;
        self.tokens.push(token);
        Ok(())
    }

    /// Goes to the next token and returns its record; `None` at the end of the text.
    ///
    /// # Errors
    /// [`SessionError::ContextFull`].
    pub fn step(&mut self) -> Result<Option<&Record>, SessionError> {
        let next = self.position.map_or(0, |position| position + 1);
        if next < self.tokens.len() { self.seek(next).map(Some) } else { Ok(None) }
    }

    /// Goes to the previous token and returns its record; `None` at the start of the text.
    pub fn step_back(&mut self) -> Option<&Record> {
        let previous = self.position?.checked_sub(1)?;
        self.position = Some(previous);
        self.records.get(previous)
    }

    /// Goes to a position and returns its record. Tokens up to this position that have no record yet run first.
    ///
    /// # Errors
    /// [`SessionError::NoSuchPosition`], [`SessionError::ContextFull`]; the current position then remains.
    pub fn seek(&mut self, position: usize) -> Result<&Record, SessionError> {
        self.run_to(position)?;
        self.position = Some(position);
        let recorded = self.records.len();
        self.records.get(position).ok_or(SessionError::NotRecorded { position, recorded })
    }

    /// Runs all tokens up to a position, except those that have a record. The current position does not change.
    ///
    /// # Errors
    /// The errors of [`Session::seek`].
    pub fn run_to(&mut self, position: usize) -> Result<(), SessionError> {
        let beyond_text = SessionError::NoSuchPosition { position, len: self.tokens.len() };
        if position >= self.tokens.len() {
            return Err(beyond_text);
        }
        let context = self.model.config().max_position_embeddings;
        if position >= context {
            return Err(SessionError::ContextFull { position, context });
        }
        self.state.reserve(position + 1);
        for at in self.records.len()..=position {
            self.run(at);
        }
        Ok(())
    }

    /// Like [`Session::run_to`], but copies the results of the layers below the intervention from the plain run of the
    /// same tokens, for each position that the plain run has stored. Same bits, less work.
    ///
    /// # Errors
    /// The errors of [`Session::seek`].
    pub(crate) fn run_beside(&mut self, plain: &Session, position: usize) -> Result<(), SessionError> {
        if let Some(first) = self.intervention.as_ref().and_then(|intervention| intervention.first_layer) {
            self.state.reserve(position + 1);
            for at in self.records.len()..=position {
                let same = self.tokens.get(at) == plain.tokens.get(at);
                let (Some(attended), Some(record)) = (plain.attended.get(at).filter(|_| same), plain.records.get(at))
                else {
                    break;
                };
                for layer in 0..=first {
                    self.state.caches.layer_mut(layer).take_row(at, plain.state.caches.layer(layer));
                }
                let below = record.routes.iter().filter(|route| route.layer < first).cloned().collect();
                let options = StepOptions { cache: self.kind, intervention: self.intervention.as_ref() };
                let routes = self.model.resume(&mut self.state, at, first, attended.row(first), below, options);
                self.logits_of = Some(at);
                self.store(at, record.token, routes);
            }
        }
        self.run_to(position)
    }

    /// The logits after a recorded position, with the same bits as in its step. (vocab_size)
    ///
    /// # Errors
    /// [`SessionError::NotRecorded`].
    pub fn logits_at(&mut self, position: usize) -> Result<ArrayView1<'_, f32>, SessionError> {
        let recorded = self.records.len();
        let final_input = self.final_inputs.get(position).ok_or(SessionError::NotRecorded { position, recorded })?;
        if self.logits_of != Some(position) {
            self.state.final_input.assign(final_input);
            self.model.unembed(&mut self.state);
            self.logits_of = Some(position);
        }
        Ok(self.state.logits.view())
    }

    /// c_KV of all recorded tokens, as the latent cache stores it in one layer. (recorded tokens, kv_lora_rank)
    ///
    /// # Errors
    /// [`SessionError::NoSuchLayer`].
    pub fn latents(&self, layer: usize) -> Result<ArrayView2<'_, f32>, SessionError> {
        let layers = self.model.config().num_hidden_layers;
        if layer >= layers {
            return Err(SessionError::NoSuchLayer { layer, layers });
        }
        Ok(self.state.caches.layer(layer).c_kv(self.records.len()))
    }

    /// Removes all tokens, records and cache rows.
    pub fn reset(&mut self) {
        self.tokens.clear();
        self.records.clear();
        self.final_inputs.clear();
        self.attended.clear();
        self.state.caches.truncate(0);
        self.logits_of = None;
        self.position = None;
    }

    /// Goes to the end of the text, chooses a next token, appends it and returns its id. The new token has no record
    /// yet.
    ///
    /// # Errors
    /// [`SessionError::EmptyText`], [`SessionError::Temperature`], and [`SessionError::ContextFull`] if the context has
    /// no room for the new token.
    pub fn generate(&mut self, sampling: Sampling) -> Result<u32, SessionError> {
        let token = self.choose_next(sampling)?;
        self.tokens.push(token);
        Ok(token)
    }

    /// Goes to the end of the text and returns the token that [`Session::generate`] would append. The text does not
    /// change.
    ///
    /// # Errors
    /// As [`Session::generate`].
    pub fn choose_next(&mut self, sampling: Sampling) -> Result<u32, SessionError> {
        check_temperature(sampling.temperature)?;
        let last = self.tokens.len().checked_sub(1).ok_or(SessionError::EmptyText)?;
        let context = self.model.config().max_position_embeddings;
        if last + 1 >= context {
            return Err(SessionError::ContextFull { position: last + 1, context });
        }
        self.seek(last)?;
        Ok(choose(self.logits_at(last)?, sampling, last))
    }

    /// The intermediate results of a recorded step. The step runs again to compute them, with the same bits.
    ///
    /// # Errors
    /// [`SessionError::NotRecorded`].
    pub fn detail(&mut self, position: usize) -> Result<Detail, SessionError> {
        let token = self.recorded_token(position)?;
        let own = self.model.config().num_experts_per_tok;
        let chosen = self.intervention.as_ref().map_or(own, |intervention| intervention.resolved.num_experts_per_tok);
        let mut detail = self.model.blank_detail(position, chosen);
        self.step_model(token, position, Some(&mut detail));
        Ok(detail)
    }

    /// The next-token distribution after a recorded position; [`Session::generate`] chooses from this distribution. At
    /// temperature 1, [`Distribution::next`] equals [`Record::next`].
    ///
    /// # Errors
    /// [`SessionError::NotRecorded`], [`SessionError::Temperature`].
    pub fn distribution(&mut self, position: usize, temperature: f32) -> Result<Distribution, SessionError> {
        check_temperature(temperature)?;
        let logits = self.logits_at(position)?.to_owned();
        let probabilities = at_temperature(logits.view(), temperature);
        let actual = self.tokens.get(position + 1).map(|&token| {
            let own = logits.get(token as usize).copied().unwrap_or(f32::NEG_INFINITY);
            let before = |&(id, &logit): &(usize, &f32)| logit > own || (logit == own && id < token as usize);
            let probability = probabilities.get(token as usize).copied().unwrap_or_default();
            ActualToken { token, probability, rank: logits.iter().enumerate().filter(before).count() }
        });
        Ok(Distribution { position, temperature, next: next_tokens(logits.view(), probabilities), actual })
    }

    /// How often each expert was chosen at the positions from 0 to this one, which must have a record.
    ///
    /// # Errors
    /// [`SessionError::NotRecorded`].
    pub fn load(&self, position: usize) -> Result<ExpertLoad, SessionError> {
        let recorded = self.records.len();
        let counted = position.checked_add(1).and_then(|tokens| self.records.get(..tokens));
        let counted = counted.ok_or(SessionError::NotRecorded { position, recorded })?;
        let is_routed = counted.first().is_some_and(|record| !record.routes.is_empty());
        let chance = if is_routed { chance_load(self.router_shape(), counted.len()) } else { None };
        Ok(load(counted, self.model.config().n_routed_experts, chance))
    }

    /// The dimensions of the routers, as the intervention sets them: the same in all layers.
    fn router_shape(&self) -> RouterShape {
        let config = self.model.config();
        let gate = self.intervention.as_ref().and_then(|all| all.layers.first()).map(|MixtureChange { gate, .. }| gate);
        RouterShape {
            n_routed_experts: config.n_routed_experts,
            n_group: config.n_group,
            topk_group: gate.map_or(config.topk_group, |gate| gate.topk_group),
            num_experts_per_tok: gate.map_or(config.num_experts_per_tok, |gate| gate.num_experts_per_tok),
        }
    }

    /// Runs the model on the token at `position`, which must be the first position without a record.
    fn run(&mut self, position: usize) {
        let Some(&token) = self.tokens.get(position) else { return };
        let routes = self.step_model(token, position, None);
        let values = (position + 1) * self.state.attended.len();
        if self.intervention.is_none() && self.attended.len() == position && values <= STORED_STREAM {
            self.attended.push(self.state.attended.clone());
        }
        self.store(position, token, routes);
    }

    /// Stores the record of the token that just ran.
    fn store(&mut self, position: usize, token: u32, routes: Vec<Route>) {
        self.state.caches.push();
        let logits = self.state.logits.view();
        let next = next_tokens(logits, at_temperature(logits, 1.0));
        let mut cache = self.state.caches.bytes();
        if let Some(intervention) = &self.intervention {
            cache.latent = intervention.resolved.latent_bytes * self.state.caches.len();
        }
        self.final_inputs.push(self.state.final_input.clone());
        self.records.push(Record { position, token, routes, cache, next });
    }

    /// Runs the model on a token. At a position that has a record, this writes the same cache rows again, because the
    /// rows before it have not changed.
    fn step_model(&mut self, token: u32, position: usize, detail: Option<&mut Detail>) -> Vec<Route> {
        self.logits_of = Some(position);
        let options = StepOptions { cache: self.kind, intervention: self.intervention.as_ref() };
        self.model.step(&mut self.state, token, position, options, detail)
    }

    fn recorded_token(&self, position: usize) -> Result<u32, SessionError> {
        let recorded = self.records.len();
        let token = self.tokens.get(position).copied().filter(|_| position < recorded);
        token.ok_or(SessionError::NotRecorded { position, recorded })
    }

    fn check_token(&self, token: u32, position: usize) -> Result<(), SessionError> {
        let vocab_size = self.model.config().vocab_size;
        if (token as usize) < vocab_size {
            return Ok(());
        }
        Err(SessionError::UnknownToken { token, position, vocab_size })
    }
}

/// Refuses a temperature that is not a number from 0 to 100.
fn check_temperature(temperature: f32) -> Result<(), SessionError> {
    let found = match temperature {
        0.0..=100.0 => return Ok(()),
        t if t < 0.0 => "below 0",
        t if t > 100.0 => "above 100",
        _ => "not a number",
    };
    Err(SessionError::Temperature { found })
}
