//! OAuth2 (RFC 6749): its grants, and refresh tokens.

use super::authenticator::{AuthError, Authenticator};
use super::form::FormFields;
use super::provider::{Endpoints, Provider};
use super::provider_client::Sender;
use super::provider_pages::walk;
use crate::http::{Credential, HttpClient};
use crate::settings::Secret;
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, AuthUrl, ClientId, ClientSecret, CsrfToken, EndpointNotSet, EndpointSet,
    PkceCodeChallenge, RedirectUrl, RefreshToken, RequestTokenError, ResourceOwnerPassword,
    ResourceOwnerUsername, Scope, TokenResponse as _, TokenUrl,
};
use url::Url;

/// Logs in at an OAuth2 provider, and renews by the refresh token where it gives one; when that is refused, it logs in anew.
///
/// ```
/// use swarm_core::prelude::*;
///
/// async fn login(client: &HttpClient, secret: &Secret, password: &Secret) -> TaskResult {
///     let provider = || Provider::issuer("https://id.example");
///
///     // A service.
///     let login = OAuth2::client_credentials(provider(), "client-id", secret).scope("orders:read");
///     client.authenticate(Shared::new("orders", login)).await?;
///
///     // A person in a browser: the provider's login page is filled in, and its consent page, if there is one, with the button `allow`.
///     let typed = FormFields::new().field("username", "ann").secret("password", password).field("allow", "yes");
///     let login = OAuth2::authorization_code(provider(), "client-id", "https://app.example/callback", typed);
///     client.authenticate(login.scope("openid profile")).await?;
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a mechanism does nothing by itself"]
pub struct OAuth2 {
    provider: Provider,
    client_id: String,
    client_secret: Option<Secret>,
    auth_type: AuthType,
    scopes: Vec<String>,
    parameters: Vec<(String, String)>,
    grant: Grant,
}

#[derive(Debug, Clone)]
enum Grant {
    ClientCredentials,
    Password { username: String, password: Secret },
    Code { redirect_uri: String, typed: FormFields },
}

/// A client of the `oauth2` crate that knows both endpoints.
type Client = BasicClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointSet>;

impl OAuth2 {
    /// The grant of services: by the client's own secret (RFC 6749, section 4.4).
    pub fn client_credentials(
        provider: Provider,
        client_id: impl Into<String>,
        client_secret: &Secret,
    ) -> Self {
        Self::by(provider, client_id.into(), Grant::ClientCredentials).client_secret(client_secret)
    }

    /// The grant by a user's name and password (RFC 6749, section 4.3).
    pub fn password(
        provider: Provider,
        client_id: impl Into<String>,
        username: impl Into<String>,
        password: &Secret,
    ) -> Self {
        let grant = Grant::Password { username: username.into(), password: password.clone() };
        Self::by(provider, client_id.into(), grant)
    }

    /// The grant of people in browsers (RFC 6749, section 4.1), with PKCE (RFC 7636): the provider's pages are walked through, each form is filled in with what
    /// of `typed` it has fields or buttons for, and the code is taken from the redirect to `redirect_uri`, which is not followed.
    pub fn authorization_code(
        provider: Provider,
        client_id: impl Into<String>,
        redirect_uri: impl Into<String>,
        typed: FormFields,
    ) -> Self {
        let grant = Grant::Code { redirect_uri: redirect_uri.into(), typed };
        Self::by(provider, client_id.into(), grant)
    }

    fn by(provider: Provider, client_id: String, grant: Grant) -> Self {
        Self {
            provider,
            client_id,
            client_secret: None,
            auth_type: AuthType::BasicAuth,
            scopes: Vec::new(),
            parameters: Vec::new(),
            grant,
        }
    }

    /// The client's secret, which a public client has not. It is sent as basic credentials.
    pub fn client_secret(mut self, secret: &Secret) -> Self {
        self.client_secret = Some(secret.clone());
        self
    }

    /// Sends the client's secret in the body, for providers that want it there.
    pub fn secret_in_body(mut self) -> Self {
        self.auth_type = AuthType::RequestBody;
        self
    }

    /// Asks for scopes: one, or several with spaces between.
    pub fn scope(mut self, scopes: &str) -> Self {
        self.scopes.extend(scopes.split_whitespace().map(str::to_owned));
        self
    }

    /// Says who the token is for.
    pub fn audience(self, audience: impl Into<String>) -> Self {
        self.parameter("audience", audience)
    }

    /// Sends one more parameter when it asks for a token, and for the code.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    fn client(&self, endpoints: &Endpoints) -> Result<Client, AuthError> {
        let url = |url: &Url| url.to_string();
        let authorization = endpoints.authorization.as_ref().unwrap_or(&endpoints.token);
        let client = BasicClient::new(ClientId::new(self.client_id.clone()))
            .set_auth_uri(AuthUrl::new(url(authorization))?)
            .set_token_uri(TokenUrl::new(url(&endpoints.token))?)
            .set_auth_type(self.auth_type.clone());
        Ok(match &self.client_secret {
            Some(secret) => client.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => client,
        })
    }

    fn scopes(&self) -> impl Iterator<Item = Scope> {
        self.scopes.iter().cloned().map(Scope::new)
    }
}

/// A builder of the `oauth2` crate with what every request of this mechanism has.
macro_rules! with_parameters {
    ($mechanism:expr, $request:expr) => {{
        let mut request = $request;
        for (name, value) in &$mechanism.parameters {
            request = request.add_extra_param(name, value);
        }
        request
    }};
}

impl Authenticator for OAuth2 {
    async fn login(&self, http: &HttpClient) -> Result<Credential, AuthError> {
        let endpoints = self.provider.endpoints(http).await?;
        let client = self.client(&endpoints)?;
        let sender = Sender::new(http);
        let send = |request| sender.send(request);
        let answer = match &self.grant {
            Grant::ClientCredentials => {
                let request = client.exchange_client_credentials().add_scopes(self.scopes());
                with_parameters!(self, request).request_async(&send).await
            }
            Grant::Password { username, password } => {
                let username = ResourceOwnerUsername::new(username.clone());
                let password = ResourceOwnerPassword::new(password.expose().to_owned());
                let request = client.exchange_password(&username, &password);
                let request = request.add_scopes(self.scopes());
                with_parameters!(self, request).request_async(&send).await
            }
            Grant::Code { redirect_uri, typed } => {
                if endpoints.authorization.is_none() {
                    let why = "the provider has no authorization endpoint: give it by `Provider::authorization`";
                    return Err(AuthError::new(why));
                }
                let redirect = RedirectUrl::new(redirect_uri.clone())?;
                let client = client.set_redirect_uri(redirect.clone());
                let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
                let request = client.authorize_url(CsrfToken::new_random);
                let request = request.add_scopes(self.scopes()).set_pkce_challenge(challenge);
                let (url, state) = with_parameters!(self, request).url();
                let code = walk(http, url, redirect.url(), typed, &state).await?;
                let request = client.exchange_code(code).set_pkce_verifier(verifier);
                with_parameters!(self, request).request_async(&send).await
            }
        };
        answer.map(|answer| credential(&answer)).map_err(|error| sender.explain(error))
    }

    async fn renew(&self, http: &HttpClient, old: &Credential) -> Result<Credential, AuthError> {
        let Some(token) = old.refresh_token() else { return self.login(http).await };
        let client = self.client(&self.provider.endpoints(http).await?)?;
        let refresh = RefreshToken::new(token.expose().to_owned());
        let sender = Sender::new(http);
        let send = |request| sender.send(request);
        let request = client.exchange_refresh_token(&refresh).add_scopes(self.scopes());
        match with_parameters!(self, request).request_async(&send).await {
            Ok(answer) => {
                let credential = credential(&answer);
                // A provider that gives no new refresh token means the old one to stay.
                let keeps = credential.refresh_token().is_none();
                Ok(if keeps { credential.refreshed_by(token) } else { credential })
            }
            // Revoked or too old.
            Err(RequestTokenError::ServerResponse(_)) => self.login(http).await,
            Err(error) => Err(sender.explain(error)),
        }
    }
}

fn credential(answer: &BasicTokenResponse) -> Credential {
    let mut credential = Credential::bearer(&Secret::new(answer.access_token().secret().as_str()));
    if let Some(lifetime) = answer.expires_in() {
        credential = credential.expires_in(lifetime);
    }
    match answer.refresh_token() {
        Some(token) => credential.refreshed_by(&Secret::new(token.secret().as_str())),
        None => credential,
    }
}
