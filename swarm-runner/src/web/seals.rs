//! Secrets that are drawn, and their comparison.

use crate::error::UsageError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac::{HMAC_SHA256, Key, sign};
use ring::rand::{SecureRandom as _, SystemRandom};

/// What stands for a secret in memory.
///
/// It is made with a key that only this process has. So how long a comparison takes, or a look into a map, tells nothing that helps to guess the secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Seal([u8; 32]);

/// Makes seals, and draws secrets.
pub(super) struct Seals {
    key: Key,
    random: SystemRandom,
}

impl Seals {
    pub(super) fn new() -> Result<Self, UsageError> {
        let random = SystemRandom::new();
        let key = Key::generate(HMAC_SHA256, &random).map_err(|_| no_chance())?;
        Ok(Self { key, random })
    }

    /// The seal of a secret.
    pub(super) fn seal(&self, secret: &str) -> Seal {
        let mut seal = [0; 32];
        seal.copy_from_slice(sign(&self.key, secret.as_bytes()).as_ref());
        Seal(seal)
    }

    /// A new secret of 256 bits, of letters that can stand in an address and in a cookie.
    pub(super) fn draw(&self) -> Result<String, UsageError> {
        let mut bytes = [0; 32];
        self.random.fill(&mut bytes).map_err(|_| no_chance())?;
        Ok(URL_SAFE_NO_PAD.encode(bytes))
    }
}

fn no_chance() -> UsageError {
    UsageError::new("the operating system gives no random numbers")
}
