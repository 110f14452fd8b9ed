//! What is traced, and what a span says.

use super::*;
use crate::stats::Phases;
use std::sync::Mutex;
use std::time::Duration;

/// A tracer, and what it hands over.
fn tracer(share: f64, seed: u64) -> (Tracer, Arc<Mutex<Vec<Span>>>) {
    let spans = Arc::<Mutex<Vec<Span>>>::default();
    let taken = Arc::clone(&spans);
    let sink = Arc::new(move |spans| taken.lock().expect("not poisoned").extend(spans));
    let tracer = Tracer::new(Tracing { share, sink }, seed, Secrets::new(["hunter22"]));
    (tracer, spans)
}

fn sample<'a>(kind: Kind, name: &'a str, result: SampleResult<'a>) -> Sample<'a> {
    Sample {
        kind,
        method: "GET",
        name,
        response_time: Duration::from_millis(30),
        from_schedule: None,
        phases: Phases::default(),
        bytes: 5,
        status: Some(200),
        result,
    }
}

fn at(begun: Instant, url: Option<&str>) -> Traits<'static> {
    let url = url.map(str::to_owned);
    Traits { class: "Shopper", user: 3, begun, url, sort: Some("check") }
}

#[test]
fn a_span_survives_json_and_has_no_secret() {
    let before = nanos(SystemTime::now().duration_since(UNIX_EPOCH).expect("after the epoch"));
    let (mut tracer, spans) = tracer(1.0, 7);
    let failed = SampleResult::Failed("no hunter22");
    for (kind, result) in [
        (Kind::Http, failed),
        (Kind::Auth, SampleResult::Ok),
        (Kind::Http, SampleResult::Interrupted),
    ] {
        let traced = tracer.begin(3, 9).expect("all are");
        let traits = at(Instant::now(), Some("http://a/x?code=hunter22&n=1"));
        tracer.end(traced, &sample(kind, "/x/hunter22", result), traits);
    }
    assert!(spans.lock().expect("not poisoned").is_empty(), "they are gathered");
    tracer.hand_over();
    let spans = spans.lock().expect("not poisoned");
    let json = serde_json::to_string(&*spans).expect("writes");
    assert!(!json.contains("hunter22"), "{json}");
    assert_eq!(serde_json::from_str::<Vec<Span>>(&json).expect("reads"), *spans);
    let urls: Vec<_> = spans.iter().map(|span| span.url.as_deref().expect("given")).collect();
    assert_eq!(urls, ["http://a/x?code=***&n=1", "http://a/x?***", "http://a/x?code=***&n=1"]);
    let cause = SpanResult::Failed { cause: "no ***".to_owned(), sort: Some("check".to_owned()) };
    let results: Vec<_> = spans.iter().map(|span| span.result.clone()).collect();
    assert_eq!(results, [cause, SpanResult::Ok, SpanResult::Interrupted]);
    let first = &spans[0];
    assert_eq!((first.user, first.iteration, first.name.as_str()), (3, 9, "/x/***"));
    assert_eq!(first.end_ns - first.begin_ns, 30_000_000);
    assert!(first.begin_ns >= before && first.begin_ns - before < 60_000_000_000);
}

#[test]
fn a_share_is_of_iterations_and_the_same_for_a_seed() {
    let picked = |share, seed| {
        let (mut tracer, _) = tracer(share, seed);
        let mut picked = Vec::new();
        for user in 0..100 {
            for iteration in 0..100 {
                let first = tracer.begin(user, iteration);
                assert_eq!(first.is_some(), tracer.begin(user, iteration).is_some(), "of one");
                picked.extend(first.map(|_| (user, iteration)));
            }
        }
        picked
    };
    assert_eq!(picked(1.0, 1).len(), 10_000);
    assert_eq!(picked(0.0, 1).len(), 0);
    let tenth = picked(0.1, 1);
    assert!((850..1_150).contains(&tenth.len()), "{}", tenth.len());
    assert_eq!(tenth, picked(0.1, 1));
    assert_ne!(tenth, picked(0.1, 2));
    let users = |picked: &[(u32, u64)]| picked.iter().map(|it| it.0).collect::<Vec<_>>();
    let mut some = users(&tenth);
    some.dedup();
    assert!(some.len() > 95, "of nearly all users: {}", some.len());
}

#[test]
fn they_are_handed_over_when_they_are_many_and_nothing_comes_after_the_end() {
    let (mut tracer, spans) = tracer(1.0, 7);
    let end = |tracer: &mut Tracer| {
        let traced = tracer.begin(0, 0).expect("all are");
        let long = "ü".repeat(LONGEST);
        tracer.end(traced, &sample(Kind::Probe, &long, SampleResult::Ok), at(Instant::now(), None));
    };
    (0..FULL).for_each(|_| end(&mut tracer));
    assert_eq!(spans.lock().expect("not poisoned").len(), FULL);
    tracer.close();
    (0..FULL).for_each(|_| end(&mut tracer));
    let spans = spans.lock().expect("not poisoned");
    assert_eq!(spans.len(), FULL);
    assert!(spans.iter().all(|span| span.name.len() <= LONGEST && span.url.is_none()));
    let mut ids: Vec<_> = spans.iter().map(|span| span.traceparent.trace_id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), FULL, "each has a trace of its own");
}

#[test]
fn what_is_no_traceparent_is_refused() {
    for text in [
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
        "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-+af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    ] {
        assert!(text.parse::<TraceParent>().is_err(), "{text}");
    }
}
