//! The way of a person in a browser through an OAuth2 provider's pages, to an authorization code.

use super::authenticator::AuthError;
use super::form::FormFields;
use super::html_form::HtmlForm;
use super::provider_client::name;
use crate::http::HttpClient;
use oauth2::{AuthorizationCode, CsrfToken};
use url::Url;

/// Most pages and redirects on the way.
const MOST_STEPS: usize = 20;

/// Walks through the provider's pages until it leads back with a code.
pub(super) async fn walk(
    client: &HttpClient,
    start: Url,
    redirect_uri: &Url,
    typed: &FormFields,
    state: &CsrfToken,
) -> Result<AuthorizationCode, AuthError> {
    let failed = |why: &str| AuthError::new(format!("login failed: {why}"));
    let mut at = start;
    let mut request = client.get(at.clone());
    let mut asked = false;
    for _ in 0..MOST_STEPS {
        let page = request.name(name(client, at.as_str())).redirects(0).await?;
        if (300..400).contains(&page.status()) {
            let location = page.header("location").unwrap_or_default();
            at = at.join(location)?;
            if at[..url::Position::AfterPath] == redirect_uri[..url::Position::AfterPath] {
                return code(&at, state);
            }
            request = client.get(at.clone());
            continue;
        }
        let Some(form) = HtmlForm::of_login(page.text()?) else {
            return Err(failed("the provider shows a page without form"));
        };
        if form.asks_for_password && asked {
            return Err(failed("the provider shows its form again"));
        }
        asked |= form.asks_for_password;
        let typed = typed.for_form(&form);
        if form.asks_for_password && typed.is_empty() {
            return Err(failed("the provider's form has none of the fields that are typed"));
        }
        let action = form.action.clone();
        request = typed.submit(client, form, &at)?;
        at = at.join(&action)?;
    }
    Err(failed("the provider leads in circles"))
}

/// The code that the provider leads back with.
fn code(back: &Url, state: &CsrfToken) -> Result<AuthorizationCode, AuthError> {
    let value = |name: &str| {
        back.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
    };
    let failed = |why: String| AuthError::new(format!("login failed: {why}"));
    if let Some(error) = value("error") {
        let description = value("error_description").map(|text| format!(" ({text})"));
        return Err(failed(format!("{error}{}", description.unwrap_or_default())));
    }
    if value("state").as_deref() != Some(state.secret()) {
        return Err(failed("the provider leads back with another state".to_owned()));
    }
    let code =
        value("code").ok_or_else(|| failed("the provider leads back without a code".to_owned()))?;
    Ok(AuthorizationCode::new(code))
}
