//! What the options say of who is asked and what, checked.

use crate::error::UsageError;
use crate::observe_options::{ObserveOptions, Query};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::HashSet;
use swarm_core::secrets::Secrets;

/// Most queries: each is a request every few seconds.
const MOST_QUERIES: usize = 20;

/// Who is asked, and what.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// With the credentials that are in it.
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) queries: Vec<Query>,
    pub(super) secrets: Secrets,
}

impl Wanted {
    /// What the options ask for, if they do.
    pub(crate) fn of(options: &ObserveOptions) -> Result<Option<Self>, UsageError> {
        let queries = options.observe_query.concat();
        let Some(address) = &options.observe else {
            let needless = !queries.is_empty() || !options.observe_header.is_empty();
            let error = UsageError::new("nobody is there to be asked what --observe-query says");
            let error = error.help("add --observe URL, the address of a Prometheus");
            return if needless { Err(error) } else { Ok(None) };
        };
        let url = Url::parse(address.expose()).ok().filter(|url| {
            ["http", "https"].contains(&url.scheme()) && url.has_host() && url.query().is_none()
        });
        let url = url.ok_or_else(|| {
            let error = UsageError::new("--observe is no address of a Prometheus");
            error.help("write it as http://localhost:9090, as far as its /api/v1")
        })?;
        if queries.is_empty() {
            let error = UsageError::new("--observe needs something to ask");
            return Err(error.help("add --observe-query 'NAME=PROMQL'"));
        }
        if queries.len() > MOST_QUERIES {
            let error = format!("there are {} of --observe-query", queries.len());
            return Err(UsageError::new(error).help(format!("ask for {MOST_QUERIES} at most")));
        }
        let mut names = HashSet::new();
        if let Some(twice) = queries.iter().find(|query| !names.insert(&query.name)) {
            let error = format!("two of --observe-query are called `{}`", twice.name);
            return Err(UsageError::new(error).help("give each a name of its own"));
        }
        let lines = options.observe_header.iter().flat_map(|header| header.expose().lines());
        let lines = lines.map(str::trim).filter(|line| !line.is_empty());
        let headers: HeaderMap = lines.map(header).collect::<Result<_, _>>()?;
        let values = headers.values().filter_map(|value| value.to_str().ok());
        // A word like `Bearer` before it is no secret.
        let words = values.flat_map(str::split_whitespace).filter(|word| word.len() > 8);
        let secrets = Secrets::new(words.chain(url.password()));
        Ok(Some(Self { url, headers, queries, secrets }))
    }

    /// The address, as it may be shown.
    pub(super) fn shown(&self) -> String {
        let mut url = self.url.clone();
        // They fail only where there can be no credentials.
        let _ = url.set_username("").and_then(|()| url.set_password(None));
        url.as_str().trim_end_matches('/').to_owned()
    }
}

/// Without its text in the message: that is a secret.
fn header(line: &str) -> Result<(HeaderName, HeaderValue), UsageError> {
    let read = || {
        let (name, value) = line.split_once(':')?;
        let mut value = HeaderValue::from_str(value.trim()).ok()?;
        value.set_sensitive(true);
        Some((name.trim().parse().ok()?, value))
    };
    read().ok_or_else(|| {
        let error = UsageError::new("a text of --observe-header is no header");
        error.help("write it as 'Authorization: Bearer TOKEN'")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use clap::Parser as _;

    fn wanted(words: &[&str]) -> Result<Option<Wanted>, UsageError> {
        Wanted::of(&Options::parse_from([&["swarm"], words].concat()).observe)
    }

    #[test]
    fn an_address_with_queries_is_wanted_and_keeps_its_secrets() {
        assert!(wanted(&[]).expect("valid").is_none());
        let words = [
            "--observe",
            "https://eve:hunter22@prom/base/",
            "--observe-query",
            "a=up",
            "--observe-query",
            "b=sum(x)\nc=y",
            "--observe-header",
            "X-Scope-OrgID: team\nAuthorization: Bearer abcdef123456",
        ];
        let wanted = wanted(&words).expect("valid").expect("wanted");
        assert_eq!(wanted.shown(), "https://prom/base");
        let names: Vec<&str> = wanted.queries.iter().map(|query| query.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "c"]);
        assert_eq!(wanted.headers["x-scope-orgid"], "team");
        let hidden = wanted.secrets.redact("Bearer abcdef123456 and hunter22");
        assert_eq!(hidden, "Bearer *** and ***");
        assert!(!format!("{:?}", wanted.headers).contains("abcdef"));
    }

    #[test]
    fn what_can_not_be_asked_is_told_without_secrets() {
        let one = ["--observe", "http://p", "--observe-query", "a=up"];
        let many: Vec<String> = (0..21).map(|number| format!("q{number}=up")).collect();
        let many = many.join("\n");
        for (words, part) in [
            (&["--observe-query", "a=up"][..], "add --observe URL"),
            (&["--observe-header", "A: hunter22"], "add --observe URL"),
            (&["--observe", "http://p"], "add --observe-query"),
            (&["--observe", "hunter22", "--observe-query", "a=up"], "no address"),
            (&["--observe", "file:///hunter22", "--observe-query", "a=up"], "no address"),
            (&["--observe", "http://p", "--observe-query", &*many], "20 at most"),
            (&[&one[..], &["--observe-query", "a=down"]].concat(), "are called `a`"),
            (&[&one[..], &["--observe-header", "hunter22"]].concat(), "is no header"),
        ] {
            let error = wanted(words).expect_err(part).to_string();
            assert!(error.contains(part) && !error.contains("hunter22"), "{error}");
        }
    }
}
