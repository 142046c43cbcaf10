//! Compares a run with a what-if to the plain run of the same tokens.
//!
//! The plain run is a [`Session`] of the caller; the changed run is a second session on the same token ids. Comparisons
//! are computed in `f64` with `libm`'s `exp` and `log`, so that they have the same bits natively and in WebAssembly.

#![warn(clippy::indexing_slicing)]

use crate::model::Model;
use crate::model::cache::CacheKind;
use crate::model::intervention::{Intervention, ResolvedWhatIf};
use crate::model::router::best;
use crate::record::{Compared, Continuations, Loss, Move, NEXT_TOKENS, Record, Route, RouteChange, TokenLoss};
use crate::session::{Sampling, Session, SessionError};
use crate::what_if::principal_directions;
use crate::what_if::{WhatIf, WhatIfError};
use ndarray::ArrayView1;
use std::sync::Arc;

/// Maximum number of probabilities of the plain run that are stored, so that the next what-if can reuse them: 64 MiB
/// with the logits, both as `f64`.
const STORED_PROBABILITIES: usize = 1 << 22;

/// A what-if, compared position by position with the plain run. Pass the same plain session to every call. The text of
/// the session may change between calls.
#[derive(Debug, Clone)]
pub struct Comparison {
    model: Arc<Model>,
    /// The cache that both runs read.
    kind: CacheKind,
    /// The checked what-if, without principal directions, because these depend on the text.
    intervention: Intervention,
    /// The changed run. Its tokens are those that the plain session had at the last [`Comparison::seek`].
    changed: Session,
    /// True if `changed` has the current what-if and, with a truncated latent, the directions computed from its own
    /// tokens.
    ready: bool,
    /// The next-token distributions of the plain run, for the first positions, as many as [`STORED_PROBABILITIES`]
    /// allows.
    plain_next: Vec<NextDistribution>,
    /// The comparisons at the positions from 0 up to the last compared position.
    compared: Vec<Compared>,
}

impl Comparison {
    /// A comparison of a plain session with a what-if on the same model. Runs nothing yet.
    ///
    /// # Errors
    /// [`WhatIfError`] if the model does not support the what-if.
    pub fn new(plain: &Session, what_if: &WhatIf) -> Result<Self, WhatIfError> {
        let (model, kind) = plain.runs();
        let intervention = what_if.resolve(model.config(), &model.gate_settings())?;
        let changed = Session::with_change(model.clone(), kind, intervention.clone());
        Ok(Self { model, kind, intervention, changed, ready: false, plain_next: Vec::new(), compared: Vec::new() })
    }

    /// Replaces the what-if. Results of the plain run are reused.
    ///
    /// # Errors
    /// [`WhatIfError`] if the model does not support the new what-if; the old what-if then remains.
    pub fn set(&mut self, what_if: &WhatIf) -> Result<ResolvedWhatIf, WhatIfError> {
        self.intervention = what_if.resolve(self.model.config(), &self.model.gate_settings())?;
        self.restart(self.intervention.clone());
        Ok(self.resolved())
    }

    /// The settings of the what-if, resolved for this model.
    pub fn resolved(&self) -> ResolvedWhatIf {
        self.intervention.resolved.clone()
    }

    /// The earlier name of [`Comparison::resolved`].
    #[doc(hidden)]
    pub fn plan(&self) -> ResolvedWhatIf {
        self.resolved()
    }

    /// The session of the changed run, for details, distributions and loads up to the last compared position.
    pub fn intervened(&mut self) -> &mut Session {
        &mut self.changed
    }

    /// The earlier name of [`Comparison::intervened`].
    #[doc(hidden)]
    pub fn changed(&mut self) -> &mut Session {
        self.intervened()
    }

    /// Compares both runs at every position up to `position`. Tokens that have no record yet run first; with a
    /// truncated latent, the plain session first runs its whole text, because the directions depend on all tokens. The
    /// plain session's current position does not change.
    ///
    /// # Errors
    /// [`SessionError::NoSuchPosition`], [`SessionError::ContextFull`], [`SessionError::OtherModel`].
    pub fn seek(&mut self, plain: &mut Session, position: usize) -> Result<&Compared, SessionError> {
        if !Arc::ptr_eq(&self.model, &plain.runs().0) {
            return Err(SessionError::OtherModel);
        }
        plain.run_to(position)?;
        self.take_text(plain)?;
        for at in self.compared.len()..=position {
            let compared = self.compare(plain, at)?;
            self.compared.push(compared);
        }
        let recorded = self.compared.len();
        self.compared.get(position).ok_or(SessionError::NotRecorded { position, recorded })
    }

    /// Compares both runs up to the end of the text and returns the token that the changed run chooses next. The texts
    /// of both sessions stay as they are.
    ///
    /// # Errors
    /// As [`Comparison::seek`] and [`Session::choose_next`].
    pub fn choose_next(&mut self, plain: &mut Session, sampling: Sampling) -> Result<u32, SessionError> {
        let last = plain.tokens().len().checked_sub(1).ok_or(SessionError::EmptyText)?;
        self.seek(plain, last)?;
        self.changed.choose_next(sampling)
    }

    /// The tokens with which each run continues the text: `count` tokens per run, or fewer if the context ends. The
    /// texts of both sessions stay as they are. The principal directions stay those of the text without the new tokens.
    ///
    /// # Errors
    /// As [`Comparison::choose_next`].
    pub fn continuations(
        &mut self,
        plain: &mut Session,
        sampling: Sampling,
        count: usize,
    ) -> Result<Continuations, SessionError> {
        let last = plain.tokens().len().checked_sub(1).ok_or(SessionError::EmptyText)?;
        self.seek(plain, last)?;
        let room = self.model.config().max_position_embeddings.saturating_sub(last + 1);
        let continued = |session: &Session| -> Result<Vec<u32>, SessionError> {
            let mut session = session.clone();
            (0..count.min(room)).map(|_| session.generate(sampling)).collect()
        };
        Ok(Continuations { plain: continued(plain)?, changed: continued(&self.changed)? })
    }

    /// The comparisons at the positions from 0 up to the last compared position.
    pub fn compared(&self) -> &[Compared] {
        &self.compared
    }

    /// The loss of the plain and of the changed run over the compared positions.
    pub fn loss(&self) -> Loss {
        let losses: Vec<TokenLoss> = self.compared.iter().filter_map(|compared| compared.loss).collect();
        let (plain, plain_error) = mean_and_error(losses.iter().map(|loss| loss.plain));
        let (changed, _) = mean_and_error(losses.iter().map(|loss| loss.changed));
        let (_, cost_error) = mean_and_error(losses.iter().map(|loss| loss.changed - loss.plain));
        Loss { tokens: losses.len(), plain, changed, cost: changed - plain, plain_error, cost_error, losses }
    }

    /// Gives the plain run's text to the changed run. The comparison at a position is reused if no token up to the next
    /// position has changed. With a truncated latent no comparison is reused, because the directions depend on all
    /// tokens.
    fn take_text(&mut self, plain: &mut Session) -> Result<(), SessionError> {
        let tokens = plain.tokens().to_vec();
        if self.ready && self.changed.tokens() == tokens {
            return Ok(());
        }
        let old = self.changed.tokens();
        let shared = old.iter().zip(&tokens).take_while(|(old, new)| old == new).count();
        // The last shared token can now be followed by a different token, which gives a different loss at its position.
        let compared = if *old == tokens { shared } else { shared.saturating_sub(1) };
        self.plain_next.truncate(shared);
        if let Some(rank) = self.intervention.latent_rank {
            let context = self.model.config().max_position_embeddings;
            plain.run_to(tokens.len().min(context).saturating_sub(1))?;
            let mut intervention = self.intervention.clone();
            let layers = 0..self.model.config().num_hidden_layers;
            intervention.storage.directions = layers
                .map(|layer| Ok(principal_directions::directions(plain.latents(layer)?, rank)))
                .collect::<Result<_, SessionError>>()?;
            self.restart(intervention);
        }
        self.compared.truncate(compared);
        self.changed.set_tokens(&tokens)?;
        self.ready = true;
        Ok(())
    }

    /// Replaces the changed run by a new session with the same tokens and another intervention, and removes all
    /// comparisons.
    fn restart(&mut self, intervention: Intervention) {
        let tokens = self.changed.tokens().to_vec();
        self.changed = Session::with_change(self.model.clone(), self.kind, intervention);
        // `set_tokens` cannot fail, because a session with the same vocabulary accepted these tokens before.
        let _ = self.changed.set_tokens(&tokens);
        self.compared.clear();
        self.ready = false;
    }

    fn compare(&mut self, plain: &mut Session, position: usize) -> Result<Compared, SessionError> {
        self.changed.run_beside(plain, position)?;
        if self.plain_next.len() == position && (position + 1) * self.model.config().vocab_size <= STORED_PROBABILITIES
        {
            self.plain_next.push(NextDistribution::from_logits(plain.logits_at(position)?));
        }
        let next = plain.tokens().get(position + 1).copied();
        let plain_record = record(plain, position)?.clone();
        let record = record(&self.changed, position)?.clone();
        let route_changes = route_changes(&plain_record, &record);
        let changed = NextDistribution::from_logits(self.changed.logits_at(position)?);
        let computed;
        let plain = match self.plain_next.get(position) {
            Some(kept) => kept,
            None => {
                computed = NextDistribution::from_logits(plain.logits_at(position)?);
                &computed
            }
        };
        let loss = next.map(|token| TokenLoss { plain: plain.bits(token), changed: changed.bits(token) });
        let kl_bits = plain.divergence_bits(&changed);
        Ok(Compared { record, route_changes, kl_bits, moves: moves(plain, &changed), loss })
    }
}

fn record(session: &Session, position: usize) -> Result<&Record, SessionError> {
    let recorded = session.records().len();
    session.records().get(position).ok_or(SessionError::NotRecorded { position, recorded })
}

/// The layers whose routers chose different experts in the two runs.
fn route_changes(plain: &Record, changed: &Record) -> Vec<RouteChange> {
    let experts = |route: &Route| 0..route.scores.len();
    let without = |these: &Route, those: &Route| -> Vec<usize> {
        let only_these = |expert: &usize| these.experts.contains(expert) && !those.experts.contains(expert);
        experts(these).filter(only_these).collect()
    };
    let change = |(plain, changed): (&Route, &Route)| RouteChange {
        layer: changed.layer,
        left: without(plain, changed),
        entered: without(changed, plain),
    };
    let changes = plain.routes.iter().zip(&changed.routes).map(change);
    changes.filter(|change| !change.left.is_empty() || !change.entered.is_empty()).collect()
}

/// A next-token distribution at temperature 1, in `f64`.
#[derive(Debug, Clone)]
struct NextDistribution {
    /// Each token's logit minus the largest logit. (vocab_size)
    below: Vec<f64>,
    /// Each token's probability. (vocab_size)
    probabilities: Vec<f64>,
    /// Natural logarithm of the sum of all `exp(below)`.
    log_total: f64,
}

impl NextDistribution {
    /// Computes the distribution from logits. (vocab_size)
    fn from_logits(logits: ArrayView1<'_, f32>) -> Self {
        let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let below: Vec<f64> = logits.iter().map(|&logit| f64::from(logit) - f64::from(largest)).collect();
        let mut probabilities: Vec<f64> = below.iter().map(|&below| libm::exp(below)).collect();
        let total: f64 = probabilities.iter().sum();
        probabilities.iter_mut().for_each(|probability| *probability /= total);
        Self { below, probabilities, log_total: libm::log(total) }
    }

    /// The loss of `token`, in bits: minus the binary logarithm of its probability.
    fn bits(&self, token: u32) -> f64 {
        let below = self.below.get(token as usize).copied().unwrap_or(f64::NEG_INFINITY);
        (self.log_total - below) * core::f64::consts::LOG2_E
    }

    /// Kullback-Leibler divergence in bits: the sum of p log2(p / q), with p from this distribution and q from `other`.
    /// If rounding makes the sum negative, the result is 0.
    fn divergence_bits(&self, other: &Self) -> f64 {
        let terms = self.probabilities.iter().zip(self.below.iter().zip(&other.below));
        let apart: f64 = terms.map(|(p, (this, that))| p * (this - that)).sum();
        ((apart + (other.log_total - self.log_total)) * core::f64::consts::LOG2_E).max(0.0)
    }
}

/// The tokens whose probability differs most between the two runs, largest difference first. If two differences are
/// equal, the lower id comes first.
fn moves(plain: &NextDistribution, changed: &NextDistribution) -> Vec<Move> {
    let pairs = plain.probabilities.iter().zip(&changed.probabilities);
    let sizes = pairs.map(|(plain, changed)| (changed - plain).abs() as f32).enumerate();
    let probability = |of: &NextDistribution, token: usize| of.probabilities.get(token).copied().unwrap_or_default();
    let at =
        |token| Move { token: token as u32, plain: probability(plain, token), changed: probability(changed, token) };
    best(NEXT_TOKENS, sizes.filter(|&(_, size)| size > 0.0)).into_iter().map(at).collect()
}

/// The mean of the numbers, and the standard error of the mean. Both are 0 for no numbers; the error is 0 for one
/// number.
fn mean_and_error(numbers: impl ExactSizeIterator<Item = f64> + Clone) -> (f64, f64) {
    let n = numbers.len() as f64;
    if n == 0.0 {
        return (0.0, 0.0);
    }
    let mean = numbers.clone().sum::<f64>() / n;
    if n < 2.0 {
        return (mean, 0.0);
    }
    let squares: f64 = numbers.map(|x| (x - mean) * (x - mean)).sum();
    (mean, (squares / (n - 1.0) / n).sqrt())
}
