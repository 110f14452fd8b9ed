//! Where an OAuth2 provider is.

use super::authenticator::AuthError;
use crate::error::OrFail as _;
use crate::http::HttpClient;
use serde::Deserialize;
use std::cell::OnceCell;
use url::Url;

/// An OAuth2 provider: its endpoints, or the issuer whose metadata names them. Addresses are absolute, or paths of the user's host.
///
/// ```
/// use swarm_core::auth::Provider;
///
/// let found = Provider::issuer("https://id.example/realms/shop");
/// let given = Provider::at("/oauth/token").authorization("/oauth/authorize");
/// ```
#[derive(Debug, Clone)]
#[must_use = "a provider does nothing by itself"]
pub struct Provider {
    issuer: Option<String>,
    token: Option<String>,
    authorization: Option<String>,
    /// What the issuer's metadata said; asked for once.
    found: OnceCell<Endpoints>,
}

/// The endpoints of a provider.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Endpoints {
    #[serde(rename = "token_endpoint")]
    pub(super) token: Url,
    #[serde(rename = "authorization_endpoint")]
    pub(super) authorization: Option<Url>,
}

impl Provider {
    /// The provider with this token endpoint.
    pub fn at(token_endpoint: impl Into<String>) -> Self {
        let token = Some(token_endpoint.into());
        Self { issuer: None, token, authorization: None, found: OnceCell::new() }
    }

    /// Its authorization endpoint, which the authorization code needs.
    pub fn authorization(mut self, endpoint: impl Into<String>) -> Self {
        self.authorization = Some(endpoint.into());
        self
    }

    /// The provider that says itself where its endpoints are: at `/.well-known/openid-configuration` below the issuer (OpenID Connect Discovery 1.0), or
    /// at `/.well-known/oauth-authorization-server` (RFC 8414).
    pub fn issuer(url: impl Into<String>) -> Self {
        let issuer = Some(url.into());
        Self { issuer, token: None, authorization: None, found: OnceCell::new() }
    }

    /// Its endpoints.
    pub(super) async fn endpoints(&self, client: &HttpClient) -> Result<Endpoints, AuthError> {
        if let Some(token) = &self.token {
            let authorization = self.authorization.as_ref();
            return Ok(Endpoints {
                token: client.absolute(token)?,
                authorization: authorization.map(|it| client.absolute(it)).transpose()?,
            });
        }
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let found = self.discover(client).await?;
        Ok(self.found.get_or_init(|| found).clone())
    }

    async fn discover(&self, client: &HttpClient) -> Result<Endpoints, AuthError> {
        let issuer = client.absolute(self.issuer.as_deref().unwrap_or("/"))?;
        let path = issuer.path().trim_end_matches('/');
        for place in [
            format!("{path}/.well-known/openid-configuration"),
            format!("/.well-known/oauth-authorization-server{path}"),
        ] {
            let mut url = issuer.clone();
            url.set_path(&place);
            let there = |status: u16| status == 200 || status == 404;
            let request = client.get(url).name(place).check(move |answer| {
                there(answer.status()).or_fail(format!("no metadata: {}", answer.status()))
            });
            let answer = request.await?;
            if answer.status() == 200 {
                return Ok(answer.json()?);
            }
        }
        Err(AuthError::new(format!(
            "login failed: {issuer} has no metadata that names its endpoints"
        )))
    }
}
