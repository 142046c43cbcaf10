//! Expert load, counted from records: how often each expert is chosen, how unequal these counts are, and which experts
//! are chosen together.

use crate::record::{ChanceLoad, ExpertLoad, LayerLoad, Record};
use ndarray::Array1;

/// Counts how often each expert was chosen in `records`, which are those of positions 0, 1, 2 and so on. `chance` is
/// the load by chance for the same number of tokens.
pub fn load(records: &[Record], n_routed_experts: usize, chance: Option<ChanceLoad>) -> ExpertLoad {
    let routes = records.first().map_or(&[][..], |record| &record.routes);
    let layers = routes.iter().enumerate().map(|(index, route)| {
        let choices = records.iter().filter_map(|record| record.routes.get(index));
        layer_load(route.layer, n_routed_experts, choices.map(|route| route.experts.as_slice()))
    });
    ExpertLoad { position: records.len().saturating_sub(1), tokens: records.len(), layers: layers.collect(), chance }
}

fn layer_load<'a>(layer: usize, experts: usize, choices: impl Iterator<Item = &'a [usize]>) -> LayerLoad {
    let mut together = vec![vec![0; experts]; experts];
    for chosen in choices {
        for &one in chosen {
            for &other in chosen {
                if let Some(count) = together.get_mut(one).and_then(|row| row.get_mut(other)) {
                    *count += 1;
                }
            }
        }
    }
    let counts: Vec<u32> =
        together.iter().zip(0..).filter_map(|(row, expert): (_, usize)| row.get(expert).copied()).collect();
    let uniform = counts.iter().sum::<u32>() as f32 / experts as f32;
    let relative: Array1<f32> = counts.iter().map(|&count| count as f32 / uniform).collect();
    let max_violation = relative.fold(0.0, |most, &each| f32::max(most, each)) - 1.0;
    LayerLoad { layer, counts, uniform, relative, max_violation, together }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn the_load_of_three_tokens_equals_a_count_by_hand() {
        let choices: [&[usize]; 3] = [&[2, 0], &[2, 1], &[2, 0]];
        let load = layer_load(1, 4, choices.into_iter());
        assert_eq!(load.counts, [2, 1, 3, 0]);
        assert_eq!(load.uniform, 1.5);
        assert_eq!(load.relative.to_vec(), [2.0 / 1.5, 1.0 / 1.5, 2.0, 0.0]);
        assert_eq!(load.max_violation, 1.0);
        assert_eq!(load.together, [[2, 0, 2, 0], [0, 1, 1, 0], [2, 1, 3, 0], [0, 0, 0, 0]]);
    }
}
