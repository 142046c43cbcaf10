//! Mixture of experts: the weighted outputs of the chosen routed experts, plus the shared expert's output.
//!
//! A weight multiplies an expert's output, never its input. The shared expert has the same input as the routed experts,
//! and no weight (DeepSeek-V3 report, equation 12).

use crate::files::checkpoint::{Checkpoint, CheckpointError};
use crate::files::config::Config;
use crate::kernel;
use crate::model::feed_forward::{FeedForward, FeedForwardBuffers};
use crate::model::router::{GateSettings, Router};
use crate::record::Route;
use ndarray::{Array1, ArrayView1, ArrayViewMut1, ArrayViewMut2};

/// A layer's router and experts.
#[derive(Debug, Clone)]
pub struct Moe {
    router: Router,
    /// (n_routed_experts)
    experts: Vec<FeedForward>,
    shared: Option<FeedForward>,
}

/// The part of an intervention that changes one layer's mixture.
#[derive(Debug, Clone, PartialEq)]
pub struct MixtureChange {
    /// Settings of the router's choice.
    pub gate: GateSettings,
    /// True if the shared expert runs.
    pub shared: bool,
}

/// Buffers for the feed-forward half of a layer, used by each layer in turn.
#[derive(Debug, Clone)]
pub struct MoeBuffers {
    /// Buffers for the networks of experts and of dense layers.
    pub feed_forward: FeedForwardBuffers,
    /// One expert's output. (hidden_size)
    expert: Array1<f32>,
    /// The logits of the router that ran last. (n_routed_experts)
    pub router_logits: Array1<f32>,
}

/// The part of a detail that one layer's mixture fills.
#[derive(Debug)]
pub struct MixtureDetail<'a> {
    /// The chosen experts' outputs before weighting. The caller passes zeros, which remain in the rows without a chosen
    /// expert. (num_experts_per_tok, hidden_size)
    pub experts: ArrayViewMut2<'a, f32>,
    /// The shared expert's output. (hidden_size)
    pub shared: ArrayViewMut1<'a, f32>,
    /// Euclidean norms of the chosen experts' outputs, then of the shared expert's. (num_experts_per_tok + 1)
    pub norms: ArrayViewMut1<'a, f32>,
    /// Part of each of these outputs in the layer's mixture, as in `Detail::parts`. (num_experts_per_tok + 1)
    pub parts: ArrayViewMut1<'a, f32>,
}

/// The earlier name of [`MixtureDetail`].
#[doc(hidden)]
pub type Ingredients<'a> = MixtureDetail<'a>;

impl MixtureDetail<'_> {
    /// Computes each output's norm, and its part of `sum`, which is the layer's mixture (hidden_size).
    fn measure(self, weights: &Array1<f32>, sum: ArrayView1<'_, f32>) {
        let MixtureDetail { experts, shared, mut norms, mut parts } = self;
        let whole = kernel::dot(sum, sum);
        // If the mixture is zero, dividing by 1 makes all parts zero and not NaN.
        let whole = if whole == 0.0 { 1.0 } else { whole };
        // Rows without a chosen expert are zeros and get weight 0. The shared expert comes last, with weight 1.
        let weights = weights.iter().copied().chain(std::iter::repeat(0.0)).take(experts.nrows()).chain([1.0]);
        let outputs = experts.rows().into_iter().chain([shared.view()]);
        for (place, (output, weight)) in outputs.zip(weights).enumerate() {
            norms[place] = kernel::norm(output);
            parts[place] = weight * kernel::dot(output, sum) / whole;
        }
    }
}

impl MoeBuffers {
    /// Buffers for any layer of a model.
    pub fn new(config: &Config) -> Self {
        let shared = config.moe_intermediate_size * config.n_shared_experts;
        let widest = config.intermediate_size.max(config.moe_intermediate_size).max(shared);
        Self {
            feed_forward: FeedForwardBuffers::new(widest),
            expert: Array1::zeros(config.hidden_size),
            router_logits: Array1::zeros(config.n_routed_experts),
        }
    }
}

impl Moe {
    /// Reads `{prefix}.gate`, `{prefix}.experts` and `{prefix}.shared_experts`.
    ///
    /// # Errors
    /// [`CheckpointError`] if a tensor is missing or does not match the config.
    pub fn read(checkpoint: &mut Checkpoint<'_>, prefix: &str, config: &Config) -> Result<Self, CheckpointError> {
        let (hidden, width) = (config.hidden_size, config.moe_intermediate_size);
        let router = Router::read(checkpoint, &format!("{prefix}.gate"), config)?;
        let experts = (0..config.n_routed_experts)
            .map(|expert| FeedForward::read(checkpoint, &format!("{prefix}.experts.{expert}"), hidden, width))
            .collect::<Result<_, _>>()?;
        let shared = match config.n_shared_experts {
            0 => None,
            n => Some(FeedForward::read(checkpoint, &format!("{prefix}.shared_experts"), hidden, n * width)?),
        };
        Ok(Self { router, experts, shared })
    }

    /// The layer's router.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// Routes a token and writes the mixture to `out`. x and out are (hidden_size). `detail`, if given, is filled in;
    /// `change`, if given, replaces the router's settings and can switch off the shared expert.
    pub fn run(
        &self,
        layer: usize,
        x: ArrayView1<'_, f32>,
        buffers: &mut MoeBuffers,
        mut out: ArrayViewMut1<'_, f32>,
        mut detail: Option<MixtureDetail<'_>>,
        change: Option<&MixtureChange>,
    ) -> Route {
        let MoeBuffers { feed_forward, expert, router_logits } = buffers;
        let route = self.router.run(layer, x, router_logits.view_mut(), change.map(|change| &change.gate));
        out.fill(0.0);
        for (rank, (&chosen, &weight)) in route.experts.iter().zip(&route.weights).enumerate() {
            self.experts[chosen].run(x, feed_forward, expert.view_mut());
            kernel::add_scaled(weight, expert.view(), out.view_mut());
            if let Some(detail) = &mut detail {
                detail.experts.row_mut(rank).assign(expert);
            }
        }
        if let Some(shared) = self.shared.as_ref().filter(|_| change.is_none_or(|change| change.shared)) {
            shared.run(x, feed_forward, expert.view_mut());
            out += &*expert;
            if let Some(detail) = &mut detail {
                detail.shared.assign(expert);
            }
        }
        if let Some(detail) = detail {
            detail.measure(&route.weights, out.view());
        }
        route
    }
}
