//! Switches off, one at a time, the experts that the top layer chose for the last token. Prints the loss that each
//! change adds.
//!
//! ```text
//! cargo run --release -p moescope --example what_if -- MODEL_DIR "Once upon a time"
//! ```

use moescope::{Comparison, ExpertPlace, Model, Session, Tokenizer, WhatIf};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("usage: what_if MODEL_DIR [TEXT]")?;
    let text = arguments.next().unwrap_or_else(|| "Once upon a time there was a little girl".into());

    let tokenizer = Tokenizer::open(&folder)?;
    let mut plain = Session::new(Model::open(&folder)?.into());
    plain.set_tokens(&tokenizer.encode_with_special_tokens(&text))?;
    let last = plain.tokens().len() - 1;
    let route = plain.seek(last)?.routes.last().ok_or("this model has no routed experts")?.clone();

    let mut comparison = Comparison::new(&plain, &WhatIf::default())?;
    for &expert in &route.experts {
        let mut what_if = WhatIf::default();
        what_if.experts_off.push(ExpertPlace { layer: route.layer, expert });
        comparison.set(&what_if)?;

        let kl_bits = comparison.seek(&mut plain, last)?.kl_bits;
        let loss = comparison.loss();
        println!("without expert {expert:>2} of layer {}: {:+.3} bits per token", route.layer, loss.cost);
        println!("    the last next-token distribution moved by {kl_bits:.3} bits");
    }
    Ok(())
}
