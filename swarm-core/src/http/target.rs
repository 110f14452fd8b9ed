//! Where a request goes: a path of the host, or any URL.

use super::error::Cause;
use super::path::Path;
use crate::plan::ClientOptions;
use http::{HeaderValue, Uri};
use std::borrow::Cow;
use url::Url;

/// What a request is made for: `"/path"`, `path!("/item/{id}", id = 42)`, `"https://other.example/path"`.
#[derive(Debug, Clone)]
pub struct Target {
    text: String,
    name: Option<&'static str>,
}

impl From<&str> for Target {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), name: None }
    }
}

impl From<String> for Target {
    fn from(text: String) -> Self {
        Self { text, name: None }
    }
}

impl From<&String> for Target {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<Url> for Target {
    fn from(url: Url) -> Self {
        Self { text: url.into(), name: None }
    }
}

impl From<Path> for Target {
    fn from(path: Path) -> Self {
        Self { text: path.path, name: Some(path.name) }
    }
}

/// A server: scheme, host and port.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub(super) tls: bool,
    pub(super) host: String,
    pub(super) port: u16,
    /// As it stands in the header `Host`.
    pub(super) header: HeaderValue,
}

/// The base URL: what paths are appended to.
#[derive(Debug)]
pub(super) struct Base {
    pub(super) url: Url,
    /// Its path without a final `/`; empty for most.
    prefix: String,
}

/// A target as it is sent and reported.
#[derive(Debug)]
pub(super) struct Resolved {
    /// The absolute URL, where the base's own origin is not it.
    pub(super) elsewhere: Option<Url>,
    /// Path and query, as they are sent.
    pub(super) uri: Uri,
    /// What it is reported as; the URI itself if absent.
    pub(super) name: Option<Cow<'static, str>>,
}

impl Origin {
    pub(super) fn of(url: &Url) -> Result<Self, Cause> {
        let bad = || Cause::Invalid(format!("`{url}` has no host that can be reached by HTTP"));
        let host = url.host_str().ok_or_else(bad)?;
        let header = match url.port() {
            Some(port) => HeaderValue::from_str(&format!("{host}:{port}")),
            None => HeaderValue::from_str(host),
        };
        Ok(Self {
            tls: url.scheme() == "https",
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: url.port_or_known_default().ok_or_else(bad)?,
            header: header.map_err(|_| bad())?,
        })
    }
}

impl Origin {
    /// A path and query there, as a whole URI.
    pub(super) fn absolute(&self, path: &Uri) -> Result<Uri, Cause> {
        let path = path.path_and_query().map_or("/", |path| path.as_str());
        Uri::builder()
            .scheme(if self.tls { "https" } else { "http" })
            .authority(self.header.as_bytes())
            .path_and_query(path)
            .build()
            .map_err(|error| Cause::Invalid(error.to_string()))
    }

    /// Whether requests may go there.
    pub(super) fn allowed(&self, options: &ClientOptions) -> Result<(), Cause> {
        if options.allows(&self.host) {
            return Ok(());
        }
        Err(Cause::Invalid(format!(
            "`{}` is not among the allowed hosts (--allow-host)",
            self.host
        )))
    }
}

/// Reads an absolute `http` or `https` URL.
pub(super) fn absolute(text: &str) -> Result<Url, Cause> {
    let url =
        Url::parse(text).map_err(|error| Cause::Invalid(format!("`{text}` is no URL: {error}")))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        scheme => Err(Cause::Invalid(format!(
            "`{text}`: the scheme is `{scheme}`; write `http://…` or `https://…`"
        ))),
    }
}

impl Base {
    pub(super) fn parse(text: &str) -> Result<Self, Cause> {
        let url = absolute(text)?;
        let prefix = url.path().trim_end_matches('/').to_owned();
        Ok(Self { url, prefix })
    }
}

/// Whether a path can be sent as it is. Everything else goes through the URL parser, which encodes and normalises.
fn is_plain(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@%?".contains(&byte);
    path.starts_with('/') && !path.contains("/.") && path.bytes().all(plain)
}

impl Target {
    /// As it was given.
    pub(super) fn text(&self) -> &str {
        self.name.unwrap_or(&self.text)
    }

    /// Where it leads; what leads nowhere is given back with the reason.
    pub(super) fn resolve(
        mut self,
        base: Option<&Base>,
        query: Option<&str>,
    ) -> Result<Resolved, (Cause, String)> {
        if query.is_none()
            && let Some(resolved) = self.as_plain(base)
        {
            return Ok(resolved);
        }
        let shown = self.text().to_owned();
        self.lead(base, query).map_err(|cause| (cause, shown))
    }

    /// The quick way, for a path that can be sent as it is; none for all other targets.
    fn as_plain(&mut self, base: Option<&Base>) -> Option<Resolved> {
        if !base?.prefix.is_empty() || !is_plain(&self.text) {
            return None;
        }
        // Without a name of its own it is reported as the URI, which is not copied.
        let uri =
            Uri::from_maybe_shared(bytes::Bytes::from(std::mem::take(&mut self.text))).ok()?;
        Some(Resolved { elsewhere: None, uri, name: self.name.map(Cow::Borrowed) })
    }

    fn lead(self, base: Option<&Base>, query: Option<&str>) -> Result<Resolved, Cause> {
        let Self { text, name } = self;
        let mut name: Option<Cow<'static, str>> = name.map(Cow::Borrowed);
        if !text.starts_with('/') {
            let mut url = absolute(&text)?;
            add_query(&mut url, query);
            if name.is_none() {
                let mut shown = url.clone();
                shown.set_fragment(None);
                let _ = shown.set_password(None);
                let _ = shown.set_username("");
                name = Some(String::from(shown).into());
            }
            let uri = path_of(&url)?;
            return Ok(Resolved { elsewhere: Some(url), uri, name });
        }
        let no_host = "no host: give one by `--host`, or by `host = \"…\"` in `#[user]`";
        let base = base.ok_or_else(|| Cause::Invalid(no_host.to_owned()))?;
        let whole = format!("{}{text}", base.prefix);
        let mut url = base
            .url
            .join(&whole)
            .map_err(|error| Cause::Invalid(format!("`{text}` is no path: {error}")))?;
        add_query(&mut url, query);
        let uri = path_of(&url)?;
        // Two slashes lead to another host.
        let elsewhere = (url.origin() != base.url.origin()).then_some(url);
        Ok(Resolved { elsewhere, uri, name: name.or(Some(text.into())) })
    }
}

fn add_query(url: &mut Url, query: Option<&str>) {
    if let Some(query) = query.filter(|query| !query.is_empty()) {
        let joined = url.query().map_or_else(|| query.to_owned(), |own| format!("{own}&{query}"));
        url.set_query(Some(&joined));
    }
}

/// Path and query of a URL.
pub(super) fn path_of(url: &Url) -> Result<Uri, Cause> {
    let text = &url[url::Position::BeforePath..url::Position::AfterQuery];
    Uri::try_from(text).map_err(|error| Cause::Invalid(format!("`{text}` can't be sent: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_appended_to_the_host_and_urls_go_anywhere() {
        for (base, target, sent, name) in [
            ("http://a", "/", "/", None),
            ("http://a", "/x?y=1", "/x?y=1", None),
            ("http://a/", "/x", "/x", None),
            ("http://a/api", "/users", "/api/users", Some("/users")),
            ("http://a/api/", "/users", "/api/users", Some("/users")),
            ("http://a", "/a b/ü", "/a%20b/%C3%BC", Some("/a b/ü")),
            ("http://a", "/x/../y", "/y", Some("/x/../y")),
            ("http://a", "https://b/x?y#z", "/x?y", Some("https://b/x?y")),
            ("http://a", "http://u:p@b/", "/", Some("http://b/")),
        ] {
            let base = Base::parse(base).expect("a base");
            let resolved = Target::from(target).resolve(Some(&base), None).expect(target);
            assert_eq!(resolved.uri.to_string(), sent, "{target}");
            assert_eq!(resolved.name.as_deref(), name, "{target}");
        }
    }

    #[test]
    fn a_query_is_added_and_the_name_stays() {
        let base = Base::parse("http://a").expect("a base");
        let resolved = Target::from("/x?a=1").resolve(Some(&base), Some("b=2")).expect("resolves");
        assert_eq!(resolved.uri.to_string(), "/x?a=1&b=2");
        assert_eq!(resolved.name.as_deref(), Some("/x?a=1"));
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_hint() {
        for (text, hint) in [
            ("localhost:8080", "http://"),
            ("ftp://a", "http://"),
            ("example.com", "no URL"),
            ("http://", "no URL"),
        ] {
            let error = Base::parse(text).expect_err(text).to_string();
            assert!(error.contains(hint), "{text}: {error}");
        }
    }
}
