//! A login form of a web page.

use super::authenticator::{AuthError, Authenticator};
use super::html_form::HtmlForm;
use crate::error::{TaskError, TaskResult};
use crate::http::{Credential, HttpClient, Request, Response};
use crate::settings::Secret;
use std::fmt;
use std::rc::Rc;
use std::time::Duration;
use url::Url;

/// What is typed into a login form. All of it is kept secret.
///
/// ```
/// use swarm_core::prelude::*;
///
/// let typed = FormFields::new().field("username", "demo").secret("password", &Secret::new("…"));
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "fields do nothing by themselves"]
pub struct FormFields(Vec<(String, Secret)>);

impl FormFields {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// A text for the field of this name.
    pub fn field(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.secret(name, &Secret::new(value))
    }

    /// A secret for the field of this name.
    pub fn secret(mut self, name: impl Into<String>, value: &Secret) -> Self {
        self.0.push((name.into(), value.clone()));
        self
    }

    /// What is sent for a form: its own inputs with these values, and those of these that it does not have.
    fn fill(&self, form: HtmlForm) -> Vec<(String, String)> {
        let typed = |name: &str| self.0.iter().find(|(known, _)| known == name);
        let mut sent = form.inputs;
        sent.retain(|(name, _)| typed(name).is_none());
        sent.extend(self.0.iter().map(|(name, value)| (name.clone(), value.expose().to_owned())));
        sent
    }

    /// These, as far as the form has such inputs and buttons.
    #[cfg(feature = "oauth2")]
    pub(super) fn for_form(&self, form: &HtmlForm) -> Self {
        let has =
            |name: &str| form.inputs.iter().chain(&form.buttons).any(|(known, _)| known == name);
        Self(self.0.iter().filter(|(name, _)| has(name)).cloned().collect())
    }

    /// Whether there are none.
    #[cfg(feature = "oauth2")]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The request that sends a form which stands at this address, as a browser would: with where it stood.
    pub(super) fn submit(
        &self,
        client: &HttpClient,
        form: HtmlForm,
        page: &Url,
    ) -> Result<Request, AuthError> {
        let bad = || AuthError::new("login failed: the form leads to what is no address");
        let action = match form.action.as_str() {
            "" => page.clone(),
            action => page.join(action).map_err(|_| bad())?,
        };
        let by_post = form.by_post;
        let fields = self.fill(form);
        let request = match by_post {
            true => client.post(action).form(&fields),
            false => client.get(action).query(&fields),
        };
        let request = request.header("referer", page.as_str());
        Ok(if by_post {
            request.header("origin", page.origin().ascii_serialization())
        } else {
            request
        })
    }
}

/// What decides whether a login worked.
type Check = Rc<dyn Fn(&Response) -> TaskResult>;

/// Logs in as people do: opens the page with the form, fills it in with all that it hides (the token against forged requests), sends it, and keeps the cookies.
///
/// The login failed if the page that comes in the end asks for a password again, or has a status of 400 or more; [`check`](Self::check) decides otherwise.
///
/// ```
/// use swarm_core::prelude::*;
///
/// async fn login(client: &HttpClient, password: &Secret) -> TaskResult {
///     let login = FormAuth::new("/login").field("username", "demo").secret("password", password);
///     client.authenticate(login).await?;
///     Ok(())
/// }
/// ```
#[derive(Clone)]
#[must_use = "a mechanism does nothing by itself"]
pub struct FormAuth {
    page: String,
    fields: FormFields,
    lifetime: Option<Duration>,
    check: Option<Check>,
}

impl FormAuth {
    /// The form of this page.
    pub fn new(page: impl Into<String>) -> Self {
        Self { page: page.into(), fields: FormFields::new(), lifetime: None, check: None }
    }

    /// Types a text into the field of this name.
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields = self.fields.field(name, value);
        self
    }

    /// Types a secret into the field of this name.
    pub fn secret(mut self, name: impl Into<String>, value: &Secret) -> Self {
        self.fields = self.fields.secret(name, value);
        self
    }

    /// How long the session is valid; for ever if not given. Before it is over, the user logs in again.
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Decides by the last answer whether the login worked.
    pub fn check(mut self, check: impl Fn(&Response) -> TaskResult + 'static) -> Self {
        self.check = Some(Rc::new(check));
        self
    }
}

impl fmt::Debug for FormAuth {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("FormAuth").field("page", &self.page).finish_non_exhaustive()
    }
}

impl Authenticator for FormAuth {
    async fn login(&self, client: &HttpClient) -> Result<Credential, AuthError> {
        let page = client.get(&self.page).name(self.page.clone()).await?;
        let form = HtmlForm::of_login(page.text()?).ok_or_else(|| {
            AuthError::new(format!("login failed: there is no form at {}", self.page))
        })?;
        let at = client.absolute(page.url())?;
        let check = self.check.clone().unwrap_or_else(|| Rc::new(asks_no_more));
        let sent = self.fields.submit(client, form, &at)?.name(self.page.clone());
        sent.check(move |answer| check(answer)).await?;
        let credential = Credential::cookies();
        Ok(self.lifetime.map_or(credential.clone(), |lifetime| credential.expires_in(lifetime)))
    }
}

fn asks_no_more(answer: &Response) -> TaskResult {
    let failed = |why: &str| Err(TaskError::new(why));
    match HtmlForm::of_login(answer.text().unwrap_or_default()) {
        Some(form) if form.asks_for_password => failed("the form is shown again"),
        _ if answer.status() >= 400 => failed("refused"),
        _ => Ok(()),
    }
}
