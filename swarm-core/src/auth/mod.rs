//! Logging in: an [`Authenticator`] gets a [`Credential`], the client sends it and keeps it good.
//!
//! | mechanism | how it logs in |
//! |---|---|
//! | [`BasicAuth`] | name and password with every request |
//! | [`TokenAuth`] | a login endpoint that answers with a token |
//! | [`FormAuth`] | a login form of a web page, and cookies |
//! | [`OAuth2`] | client credentials, password, authorization code with PKCE; refresh tokens (feature `oauth2`, on by default) |
//! | [`Shared`] | any of these, once for all users of a class |
//!
//! What a login asks for is of kind `auth` in the statistics, and left out of the totals.

mod authenticator;
mod basic;
mod token;
mod html_form;
mod form;
mod shared;
#[cfg(feature = "oauth2")]
mod provider;
#[cfg(feature = "oauth2")]
mod provider_client;
#[cfg(feature = "oauth2")]
mod provider_pages;
#[cfg(feature = "oauth2")]
mod oauth2;

pub use self::authenticator::{AuthError, Authenticator};
pub use self::basic::BasicAuth;
pub use self::form::{FormAuth, FormFields};
#[cfg(feature = "oauth2")]
pub use self::oauth2::OAuth2;
#[cfg(feature = "oauth2")]
pub use self::provider::Provider;
pub use self::shared::Shared;
pub(crate) use self::shared::SharedCredentials;
pub use self::token::TokenAuth;
pub use crate::http::Credential;
