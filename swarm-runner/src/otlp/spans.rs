//! A request that was traced, as a span of OpenTelemetry's: its semantic conventions for HTTP clients, and what is ours under `swarm.`.

use super::wire::{
    ExportTraceServiceRequest, InstrumentationScope, KeyValue, Resource, ResourceSpans, ScopeSpans,
    Span, SpanKind, Status, StatusCode,
};
use reqwest::Url;
use swarm_core::stats::Kind;
use swarm_core::trace::{self, SpanResult, TraceParent};

/// That the trace is sampled, in the flags of a trace context.
const SAMPLED: u32 = 1;

/// A message with these spans.
pub(super) fn message(resource: &Resource, spans: Vec<trace::Span>) -> ExportTraceServiceRequest {
    let spans = spans.into_iter().map(span).collect();
    let scope = Some(InstrumentationScope::swarm());
    ExportTraceServiceRequest {
        resource_spans: vec![ResourceSpans {
            resource: Some(resource.clone()),
            scope_spans: vec![ScopeSpans { scope, spans }],
        }],
    }
}

fn span(span: trace::Span) -> Span {
    let TraceParent { trace_id, span_id } = span.traceparent;
    let mut attributes = vec![
        KeyValue::text("swarm.class", span.class),
        KeyValue::int("swarm.user", span.user),
        KeyValue::int("swarm.iteration", span.iteration),
        KeyValue::text("swarm.kind", word(span.kind)),
        KeyValue::text("swarm.name", &span.name),
    ];
    if span.kind != Kind::Probe {
        attributes.push(KeyValue::text("http.request.method", &span.method));
        attributes.push(KeyValue::int("swarm.response_bytes", span.bytes));
    }
    if let Some(url) = span.url {
        attributes.extend(server(&url));
        attributes.push(KeyValue::text("url.full", url));
    }
    if let Some(status) = span.status {
        attributes.push(KeyValue::int("http.response.status_code", status));
    }
    let failed = match span.result {
        SpanResult::Ok => None,
        SpanResult::Failed { cause, sort } => {
            let status = span.status.filter(|status| *status >= 400);
            let sort = sort.or(status.map(|status| status.to_string()));
            Some((cause, sort.unwrap_or_else(|| "_OTHER".to_owned())))
        }
        SpanResult::Interrupted => Some(("interrupted".to_owned(), "interrupted".to_owned())),
    };
    let status = failed.map(|(message, sort)| {
        attributes.push(KeyValue::text("error.type", sort));
        Status { message, code: StatusCode::Error.into() }
    });
    Span {
        trace_id: trace_id.to_be_bytes().to_vec(),
        span_id: span_id.to_be_bytes().to_vec(),
        name: format!("{} {}", span.method, span.name),
        kind: SpanKind::Client.into(),
        start_time_unix_nano: span.begin_ns,
        end_time_unix_nano: span.end_ns,
        attributes,
        status,
        flags: SAMPLED,
    }
}

/// Address and port of the server; an address that something secret was taken out of may have none.
fn server(url: &str) -> Vec<KeyValue> {
    let Ok(url) = Url::parse(url) else { return Vec::new() };
    let host = url.host_str().map(|host| KeyValue::text("server.address", host));
    let port = url.port_or_known_default().map(|port| KeyValue::int("server.port", port));
    host.into_iter().chain(port).collect()
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Http => "http",
        Kind::Probe => "probe",
        Kind::Auth => "auth",
        Kind::Step => "step",
    }
}
