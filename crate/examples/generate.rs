//! Continues a text, and prints the experts that the top layer chose for each new token.
//!
//! ```text
//! cargo run --release -p moescope --example generate -- MODEL_DIR "Once upon a time"
//! ```

use moescope::{Model, Sampling, Session, Tokenizer};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("usage: generate MODEL_DIR [TEXT]")?;
    let text = arguments.next().unwrap_or_else(|| "Once upon a time".into());

    let tokenizer = Tokenizer::open(&folder)?;
    let mut session = Session::new(Model::open(&folder)?.into());
    session.set_tokens(&tokenizer.encode_with_special_tokens(&text))?;

    let sampling = Sampling { temperature: 0.8, seed: 1 };
    for _ in 0..20 {
        // `generate` runs the text to its end and appends one token, which has no record yet.
        let token = session.generate(sampling)?;
        let record = session.seek(session.tokens().len() - 1)?;
        let probability = record.next.probabilities.first().copied().unwrap_or_default();
        print!("{:<12}", tokenizer.label(token));
        if let Some(route) = record.routes.last() {
            print!(" layer {} chose experts {:?}", route.layer, route.experts);
        }
        println!(", the most probable next token has {:.0}%", 100.0 * probability);
    }
    println!("\n{}", tokenizer.decode(session.tokens()));
    Ok(())
}
