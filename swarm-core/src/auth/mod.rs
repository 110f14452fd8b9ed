//! Logging in: an [`Authenticator`] gets a [`Credential`], the client sends it.

mod authenticator;
mod token;

pub use authenticator::{AuthError, Authenticator, Credential};
pub use token::TokenAuth;
