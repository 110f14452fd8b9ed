//! Sending one message, and again where the protocol says so.

use super::receiver::Receiver;
use crate::outward;
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use std::error::Error;
use std::io::{self, Write as _};
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, sleep_until};

/// Longest time for one attempt.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Pauses between attempts: from the first, twice as long each time, up to the longest.
const PAUSES: [Duration; 2] = [Duration::from_millis(500), Duration::from_secs(5)];
/// Most that is read of an answer, in bytes.
const MOST: usize = 64 << 10;

/// Sends messages to one receiver.
pub(super) struct Post {
    client: Client,
}

/// Why an attempt failed, and whether and when another one may help.
struct Failed {
    why: String,
    again: Option<Option<Duration>>,
}

impl Post {
    /// # Errors
    ///
    /// Certificates of the platform that can't be used.
    pub(super) fn new(receiver: &Receiver) -> Result<Self, Box<dyn Error + Send + Sync>> {
        // Who leads elsewhere is not who was named, and would get the headers.
        let builder = outward::client(&receiver.metrics, &receiver.headers, TIMEOUT)?;
        Ok(Self { client: builder.redirect(Policy::none()).build()? })
    }

    /// Sends a message, again and again until this time where that may help; `trouble` is told why. Returns the answer.
    ///
    /// # Errors
    ///
    /// Why it could not be delivered.
    pub(super) async fn send(
        &self,
        url: &Url,
        message: &[u8],
        until: Instant,
        trouble: impl Fn(&str),
    ) -> Result<Vec<u8>, String> {
        let packed = pack(message).map_err(|error| error.to_string())?;
        let [mut pause, longest] = PAUSES;
        loop {
            let Failed { why, again } = match self.attempt(url, packed.clone()).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            trouble(&why);
            let Some(after) = again else { return Err(why) };
            // Not all who were refused at one time come back at one time.
            let after = after.unwrap_or_else(|| pause.mul_f64(0.5 + chance() / 2.0));
            let at = Instant::now().checked_add(after).filter(|at| *at < until);
            let Some(at) = at else { return Err(why) };
            sleep_until(at).await;
            pause = (pause * 2).min(longest);
        }
    }

    async fn attempt(&self, url: &Url, packed: Vec<u8>) -> Result<Vec<u8>, Failed> {
        let unreached = |error: reqwest::Error| Failed { why: words(error), again: Some(None) };
        let request = self.client.post(url.clone());
        let request =
            request.header(CONTENT_TYPE, "application/x-protobuf").header(CONTENT_ENCODING, "gzip");
        let mut answer = request.body(packed).send().await.map_err(unreached)?;
        let status = answer.status();
        if !status.is_success() {
            return Err(Failed { why: status.to_string(), again: again(&answer) });
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await.map_err(unreached)? {
            body.extend_from_slice(&piece[..piece.len().min(MOST - body.len())]);
        }
        Ok(body)
    }
}

/// Whether another attempt may help, and after which time if the receiver says that.
fn again(answer: &Response) -> Option<Option<Duration>> {
    const MAY_HELP: [StatusCode; 4] = [
        StatusCode::TOO_MANY_REQUESTS,
        StatusCode::BAD_GATEWAY,
        StatusCode::SERVICE_UNAVAILABLE,
        StatusCode::GATEWAY_TIMEOUT,
    ];
    let after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let after = after.and_then(|after| match after.trim().parse() {
        Ok(seconds) => Some(Duration::from_secs(seconds)),
        Err(_) => httpdate::parse_http_date(after).ok()?.duration_since(SystemTime::now()).ok(),
    });
    MAY_HELP.contains(&answer.status()).then_some(after)
}

fn pack(message: &[u8]) -> io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(message)?;
    packer.finish()
}

/// From 0 to 1.
fn chance() -> f64 {
    use std::hash::BuildHasher as _;
    let drawn = std::collections::hash_map::RandomState::new().hash_one(Instant::now());
    drawn as f64 / u64::MAX as f64
}

/// What an error of reqwest means: it hides the cause, and shows the address.
fn words(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let error = error.without_url();
    let mut deepest: &dyn Error = &error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}
