//! Who receives, and as what we come: from the options and from OpenTelemetry's own variables.

use crate::error::UsageError;
use crate::hidden::Hidden;
use crate::otlp_options::OtlpOptions;
use crate::outward::is_near;
use percent_encoding::percent_decode_str;
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::BuildHasher as _;
use std::sync::LazyLock;
use std::time::{Duration, Instant};
use swarm_core::secrets::Secrets;

/// Where OTLP/HTTP is received if nothing is said, as the protocol has it.
const DEFAULT: &str = "http://localhost:4318";
/// How often metrics are sent, in milliseconds.
const EVERY_MS: u64 = 5_000;

/// Who receives what.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(super) metrics: Url,
    pub(super) traces: Url,
    /// Sent with each request, and never shown.
    pub(super) headers: HeaderMap,
    /// What is taken out of texts that came from there.
    pub(super) secrets: Secrets,
    /// Who sends: attributes of the resource.
    pub(super) resource: Vec<(String, String)>,
    pub(super) every: Duration,
    /// Which part of the iterations is traced.
    pub(super) share: Option<f64>,
}

impl Receiver {
    /// The receiver that the options name; none if they name none. What they say wins over the variables.
    ///
    /// # Errors
    ///
    /// What can't be an address or a header; it is not quoted.
    pub(crate) fn of(
        options: &OtlpOptions,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Option<Self>, UsageError> {
        if !options.is_wanted() {
            return Ok(None);
        }
        let variable = |name| variable(name).filter(|value| !value.trim().is_empty());
        let (endpoint, source) = match (&options.otlp, variable("OTEL_EXPORTER_OTLP_ENDPOINT")) {
            (Some(url), _) => (url.expose().to_owned(), "--otlp"),
            (None, Some(url)) => (url, "OTEL_EXPORTER_OTLP_ENDPOINT"),
            (None, None) => (DEFAULT.to_owned(), "--otlp"),
        };
        let base = Url::parse(&endpoint)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let base = base.ok_or_else(|| {
            UsageError::new(format!("{source} is no address"))
                .help("write where OTLP/HTTP is received, as http://localhost:4318")
        })?;
        let mut headers = HeaderMap::new();
        let mut values = base.password().map(str::to_owned).into_iter().collect::<Vec<_>>();
        let of_variable = variable("OTEL_EXPORTER_OTLP_HEADERS");
        let of_variable = of_variable.iter().flat_map(|list| list.split(','));
        let of_variable = of_variable.map(|pair| ("OTEL_EXPORTER_OTLP_HEADERS", pair));
        let of_options = options.otlp_header.iter().map(Hidden::expose);
        for (source, pair) in of_variable.chain(of_options.map(|pair| ("--otlp-header", pair))) {
            if !pair.trim().is_empty() {
                let (name, value) = header(pair, source)?;
                values.extend(value.to_str().map(str::to_owned));
                headers.insert(name, value);
            }
        }
        let every = variable("OTEL_METRIC_EXPORT_INTERVAL");
        let every = every.and_then(|millis| millis.trim().parse().ok()).unwrap_or(EVERY_MS);
        Ok(Some(Self {
            metrics: below(&base, "v1/metrics"),
            traces: below(&base, "v1/traces"),
            headers,
            secrets: Secrets::new(values),
            resource: resource(variable),
            every: Duration::from_millis(every.max(100)),
            share: options.otlp_traces,
        }))
    }

    /// What one should know before anything is sent.
    pub(super) fn warning(&self) -> Option<String> {
        let is_secret = !self.headers.is_empty() || self.metrics.password().is_some();
        let is_open = self.metrics.scheme() == "http" && !is_near(&self.metrics);
        (is_secret && is_open)
            .then(|| format!("the headers for {self} are sent without encryption: use https"))
    }
}

impl fmt::Display for Receiver {
    /// Without what may be secret in it.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.metrics.origin().ascii_serialization())
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Receiver({self})")
    }
}

/// A path below the address that was given.
fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// `api-key=s%20cret`, as W3C's Baggage writes it.
fn header(pair: &str, source: &str) -> Result<(HeaderName, HeaderValue), UsageError> {
    let bad = || {
        UsageError::new(format!("{source} is no header"))
            .help("write name and value, as api-key=…; what can't stand in it as %20")
    };
    let (name, value) = pair.split_once('=').ok_or_else(bad)?;
    let value = percent_decode_str(value.trim()).decode_utf8().map_err(|_| bad())?;
    let name = HeaderName::try_from(name.trim()).map_err(|_| bad())?;
    let mut value = HeaderValue::try_from(&*value).map_err(|_| bad())?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// What is sent about this program: our own attributes, those of the variable, and the name that has a variable of its own.
fn resource(variable: impl Fn(&'static str) -> Option<String>) -> Vec<(String, String)> {
    let mut attributes = vec![
        ("service.name".to_owned(), "swarm".to_owned()),
        ("service.version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("service.instance.id".to_owned(), INSTANCE.clone()),
    ];
    let more = variable("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    let more = more.split(',').filter_map(|pair| pair.split_once('='));
    let more = more.map(|(key, value)| {
        let value = percent_decode_str(value.trim()).decode_utf8_lossy().into_owned();
        (key.trim().to_owned(), value)
    });
    let name = variable("OTEL_SERVICE_NAME").map(|name| ("service.name".to_owned(), name));
    for (key, value) in more.chain(name) {
        match attributes.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => attributes.push((key, value)),
        }
    }
    attributes
}

/// This program while it runs.
static INSTANCE: LazyLock<String> = LazyLock::new(instance);

/// By chance, in the form of a UUID of version 4.
fn instance() -> String {
    let half = || u128::from(RandomState::new().hash_one(Instant::now()));
    let id = (half() << 64 | half()) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let hex = format!("{id:032x}");
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    parts.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use clap::Parser as _;

    fn receiver(words: &str, variables: &[(&str, &str)]) -> Result<Option<Receiver>, UsageError> {
        let options = Options::parse_from(["swarm"].into_iter().chain(words.split_whitespace()));
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        Receiver::of(&options.otlp, |name| find(name).map(|(_, value)| (*value).to_owned()))
    }

    fn known(words: &str, variables: &[(&str, &str)]) -> Receiver {
        receiver(words, variables).expect("valid").expect("wanted")
    }

    #[test]
    fn nothing_is_sent_that_nobody_asked_for() {
        let variables = [("OTEL_EXPORTER_OTLP_ENDPOINT", "http://a:1")];
        assert!(receiver("", &variables).expect("valid").is_none());
        let receiver = known("--otlp http://b:2/x/", &variables);
        assert_eq!(receiver.metrics.as_str(), "http://b:2/x/v1/metrics");
        assert_eq!(receiver.traces.as_str(), "http://b:2/x/v1/traces");
        assert_eq!((receiver.share, receiver.every), (None, Duration::from_secs(5)));
        let interval = [variables[0], ("OTEL_METRIC_EXPORT_INTERVAL", "1500")];
        let receiver = known("--otlp-traces 1%", &interval);
        assert_eq!(receiver.traces.as_str(), "http://a:1/v1/traces");
        assert_eq!((receiver.share, receiver.every), (Some(0.01), Duration::from_millis(1_500)));
        assert_eq!(known("--otlp-traces 100%", &[]).to_string(), DEFAULT);
    }

    #[test]
    fn options_win_over_variables_and_the_name_over_the_attributes() {
        let variables = [
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=of%20all,tenant=a"),
            ("OTEL_RESOURCE_ATTRIBUTES", "service.name=x,deployment.environment.name=ci%2C1,,bad"),
            ("OTEL_SERVICE_NAME", "checkout-load"),
        ];
        let Receiver { headers, resource, .. } =
            known("--otlp http://a --otlp-header tenant=b,x-more=1", &variables);
        let sent = ["api-key", "tenant", "x-more"].map(|name| headers[name].to_str().ok());
        assert_eq!(sent, [Some("of all"), Some("b"), Some("1")]);
        assert_eq!(headers.len(), 3);
        let value = |key: &str| &resource.iter().find(|(known, _)| known == key).expect(key).1;
        assert_eq!(value("service.name"), "checkout-load");
        assert_eq!(value("deployment.environment.name"), "ci,1");
        assert_eq!(value("service.version"), env!("CARGO_PKG_VERSION"));
        assert_eq!(resource.len(), 4);
        let id = value("service.instance.id");
        assert_eq!((id.len(), &id[14..15]), (36, "4"), "{id}");
        assert_ne!(*id, instance());
    }

    #[test]
    fn what_is_wrong_is_told_without_a_secret() {
        for words in [
            "--otlp s3cret",
            "--otlp ftp://s3cret@a",
            "--otlp http://a --otlp-header s3cret",
            "--otlp http://a --otlp-header =s3cret",
            "--otlp http://a --otlp-header k=s3cret%0A",
        ] {
            let error = receiver(words, &[]).expect_err(words).to_string();
            assert!(!error.contains("s3cret") && error.contains("--otlp"), "{error}");
        }
        let receiver = known("--otlp http://u:s3cret@a/s3cret?k=s3cret", &[]);
        let shown = format!("{receiver} {receiver:?} {:?}", receiver.warning());
        assert!(!shown.contains("s3cret") && shown.contains("use https"), "{shown}");
        for (words, warns) in [
            ("--otlp http://a:4318", false),
            ("--otlp http://a:4318 --otlp-header k=v", true),
            ("--otlp https://a:4318 --otlp-header k=v", false),
            ("--otlp http://127.0.0.7:4318 --otlp-header k=v", false),
            ("--otlp http://[::1]:4318 --otlp-header k=v", false),
            ("--otlp-traces 1% --otlp-header k=v", false),
        ] {
            assert_eq!(known(words, &[]).warning().is_some(), warns, "{words}");
        }
    }
}
