//! The gated feed-forward network of a dense layer, a routed expert or the shared expert.

use crate::files::checkpoint::{Checkpoint, CheckpointError};
use crate::kernel;
use ndarray::{Array1, Array2, ArrayView1, ArrayViewMut1};

/// Computes `down(silu(gate x) * up x)`.
#[derive(Debug, Clone)]
pub struct FeedForward {
    /// (width, hidden_size)
    gate: Array2<f32>,
    /// (width, hidden_size)
    up: Array2<f32>,
    /// (hidden_size, width)
    down: Array2<f32>,
}

/// Buffers for running one network at a time. Each is (inner width of the widest network).
#[derive(Debug, Clone)]
pub struct FeedForwardBuffers {
    gate: Array1<f32>,
    up: Array1<f32>,
}

impl FeedForwardBuffers {
    /// Buffers for networks with an inner width of at most `width`.
    pub fn new(width: usize) -> Self {
        Self { gate: Array1::zeros(width), up: Array1::zeros(width) }
    }
}

impl FeedForward {
    /// Reads the weights of `{prefix}.gate_proj`, `{prefix}.up_proj` and `{prefix}.down_proj`.
    ///
    /// # Errors
    /// [`CheckpointError`] if a tensor is missing or does not match the config.
    pub fn read(
        checkpoint: &mut Checkpoint<'_>,
        prefix: &str,
        hidden_size: usize,
        width: usize,
    ) -> Result<Self, CheckpointError> {
        Ok(Self {
            gate: checkpoint.matrix(&format!("{prefix}.gate_proj.weight"), (width, hidden_size))?,
            up: checkpoint.matrix(&format!("{prefix}.up_proj.weight"), (width, hidden_size))?,
            down: checkpoint.matrix(&format!("{prefix}.down_proj.weight"), (hidden_size, width))?,
        })
    }

    /// Runs the network. x and out are (hidden_size).
    pub fn run(&self, x: ArrayView1<'_, f32>, buffers: &mut FeedForwardBuffers, out: ArrayViewMut1<'_, f32>) {
        let width = self.gate.nrows();
        let mut gate = buffers.gate.slice_mut(ndarray::s![..width]);
        let mut up = buffers.up.slice_mut(ndarray::s![..width]);
        kernel::matvec(self.gate.view(), x, gate.view_mut());
        kernel::matvec(self.up.view(), x, up.view_mut());
        kernel::silu_gate(gate.view_mut(), up.view());
        kernel::matvec(self.down.view(), gate.view(), out);
    }
}
