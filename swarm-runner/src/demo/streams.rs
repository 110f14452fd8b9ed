//! Pages of the demo site whose answers come piece by piece.

use axum::extract::Query;
use axum::http::header::{CONTENT_TYPE, HeaderName};
use axum::response::sse::{Event, Sse};
use axum::{body::Body, response::IntoResponse};
use futures_util::stream::{self, Stream, StreamExt as _};
use serde::Deserialize;
use std::convert::Infallible;
use std::time::Duration;

/// How many pieces an answer has, and the pause before each.
#[derive(Clone, Copy, Deserialize)]
#[serde(default)]
pub(super) struct Pieces {
    count: u32,
    ms: u64,
}

impl Default for Pieces {
    fn default() -> Self {
        Self { count: 10, ms: 100 }
    }
}

impl Pieces {
    /// The numbers from 1, each after the pause.
    fn numbers(self) -> impl Stream<Item = u32> {
        // Bounded, so that no answer goes on for ever.
        let (count, pause) = (self.count.min(10_000), Duration::from_millis(self.ms.min(60_000)));
        stream::unfold(1, move |number| async move {
            if number > count {
                return None;
            }
            tokio::time::sleep(pause).await;
            Some((number, number + 1))
        })
    }
}

/// Lines of text.
pub(super) async fn lines(Query(pieces): Query<Pieces>) -> ([(HeaderName, &'static str); 1], Body) {
    let lines = pieces.numbers().map(|number| Ok::<_, Infallible>(format!("line {number}\n")));
    ([(CONTENT_TYPE, "text/plain")], Body::from_stream(lines))
}

/// Server-sent events: prices that go up and down.
pub(super) async fn prices(Query(pieces): Query<Pieces>) -> impl IntoResponse {
    Sse::new(pieces.numbers().map(|number| {
        let cents = 1_000 + number * 37 % 100;
        let price = format!("{}.{:02}", cents / 100, cents % 100);
        Ok::<_, Infallible>(Event::default().event("price").id(number.to_string()).data(price))
    }))
}
