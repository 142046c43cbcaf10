//! The output of the commands: printed at once, or collected and printed later as a whole, so that the outputs of two
//! parallel tasks do not mix.

use std::io::{self, Write as _};
use std::sync::{Mutex, PoisonError};

/// Where output goes.
#[derive(Debug)]
pub(crate) enum Output {
    /// To standard output.
    Shown,
    /// Into memory.
    Kept(Mutex<Vec<u8>>),
}

impl Output {
    /// Output that is collected in memory.
    pub(crate) fn kept() -> Output {
        Output::Kept(Mutex::default())
    }

    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Output::Shown => io::stdout().lock().write_all(bytes),
            Output::Kept(kept) => {
                kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// Takes the collected output; empty for `Shown`.
    pub(crate) fn take(&self) -> Vec<u8> {
        match self {
            Output::Shown => Vec::new(),
            Output::Kept(kept) => std::mem::take(&mut kept.lock().unwrap_or_else(PoisonError::into_inner)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn take_returns_the_collected_output_and_empties_it() {
        let output = Output::kept();
        output.write(b"one\n").unwrap();
        output.write(b"two\n").unwrap();
        assert_eq!(output.take(), b"one\ntwo\n");
        assert_eq!(output.take(), b"");
    }
}
