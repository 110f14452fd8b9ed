//! What a generator may run out of.

use serde::{Deserialize, Serialize};
use std::error::Error;
use std::io;

/// Connections that could not be made because the generator had run out of something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Scarce {
    /// File descriptors, of the process or of the machine.
    pub descriptors: u64,
    /// Local ports.
    pub ports: u64,
}

impl Scarce {
    /// What an error, or a source of it, says was lacking.
    #[must_use]
    pub fn by(error: &(dyn Error + 'static)) -> Self {
        let mut next = Some(error);
        while let Some(error) = next {
            let io_error = error.downcast_ref::<io::Error>();
            match io_error {
                Some(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                    return Self { descriptors: 0, ports: 1 };
                }
                // EMFILE and ENFILE, on all systems with descriptors; the standard library has no name for them.
                Some(error) if cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24)) => {
                    return Self { descriptors: 1, ports: 0 };
                }
                // The source of an I/O error is that of the error in it.
                _ => {
                    let inside = io_error.and_then(io::Error::get_ref);
                    next = inside.map(|inside| inside as _).or_else(|| error.source());
                }
            }
        }
        Self::default()
    }

    /// Adds another count.
    pub fn merge(&mut self, other: Self) {
        self.descriptors += other.descriptors;
        self.ports += other.ports;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_what_was_lacking() {
        let ports = io::Error::from(io::ErrorKind::AddrNotAvailable);
        let inside = io::Error::other(io::Error::from_raw_os_error(24));
        let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
        let found = [ports, inside, refused].map(|error| Scarce::by(&error));
        assert_eq!(found.map(|it| (it.descriptors, it.ports)), [(0, 1), (1, 0), (0, 0)]);
    }
}
