//! Following redirects, as browsers do (RFC 9110, section 15.4).

use super::error::Cause;
use super::upload::Upload;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION};
use http::{Method, StatusCode};
use url::Url;

/// Most redirects of one request.
pub(super) const MOST_REDIRECTS: usize = 30;

/// Where a redirect leads; none if the answer is not one.
pub(super) fn location(
    status: StatusCode,
    headers: &HeaderMap,
    from: impl FnOnce() -> Result<Url, Cause>,
) -> Result<Option<Url>, Cause> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    // Without a location there is nowhere to go: the answer stands as it is.
    let Some(location) = headers.get(LOCATION) else { return Ok(None) };
    let bad = || Cause::Redirect("redirected to what is no URL".to_owned());
    let to = from()?.join(location.to_str().map_err(|_| bad())?).map_err(|_| bad())?;
    match to.scheme() {
        "http" | "https" => Ok(Some(to)),
        scheme => Err(Cause::Redirect(format!("redirected to the scheme `{scheme}`"))),
    }
}

/// Changes a request as its redirect demands: 301, 302 and 303 turn it into a GET without body, 307 and 308 keep it.
pub(super) fn change(
    status: StatusCode,
    method: &mut Method,
    headers: &mut HeaderMap,
    body: &mut Upload,
) -> Result<(), Cause> {
    let keeps =
        matches!(status.as_u16(), 307 | 308) || [Method::GET, Method::HEAD].contains(method);
    if keeps {
        return match body {
            Upload::Gone => {
                let why =
                    "redirected to where the body has to be sent again, and a stream can't be";
                Err(Cause::Redirect(why.to_owned()))
            }
            Upload::Whole(_) | Upload::Stream(_) => Ok(()),
        };
    }
    *method = Method::GET;
    *body = Upload::NONE;
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
    Ok(())
}
