//! Runs a text with smaller latent caches. Prints, for each cache, the bytes per token and the loss that this cache
//! adds.
//!
//! ```text
//! cargo run --release -p moescope --example cache -- MODEL_DIR "Once upon a time"
//! ```

use moescope::{CacheFormat, Comparison, Model, ModelInfo, Session, Tokenizer, WhatIf};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("usage: cache MODEL_DIR [TEXT]")?;
    let text = arguments.next().unwrap_or_else(|| "Once upon a time there was a little girl".into());

    let tokenizer = Tokenizer::open(&folder)?;
    let mut plain = Session::new(Model::open(&folder)?.into());
    plain.set_tokens(&tokenizer.encode_with_special_tokens(&text))?;
    let last = plain.tokens().len() - 1;
    let cache = plain.seek(last)?.cache;
    println!("{} tokens: {} bytes stored, {} if expanded", last + 1, cache.latent, cache.expanded);

    // First three number formats with fewer bits, then only half of the latent's principal directions.
    let rank = ModelInfo::of(plain.model().config()).kv_lora_rank;
    let mut comparison = Comparison::new(&plain, &WhatIf::default())?;
    for (latent_rank, cache_format) in [
        (rank, CacheFormat::F16),
        (rank, CacheFormat::Int8),
        (rank, CacheFormat::Int4),
        (rank.div_ceil(2), CacheFormat::F32),
    ] {
        let mut what_if = WhatIf::default();
        (what_if.latent_rank, what_if.cache_format) = (Some(latent_rank), cache_format);
        let bytes = comparison.set(&what_if)?.latent_bytes;
        comparison.seek(&mut plain, last)?;
        let cost = comparison.loss().cost;
        println!("rank {latent_rank:>3}, {cache_format:?}: {bytes} bytes per token, {cost:+.3} bits of loss per token");
    }
    Ok(())
}
