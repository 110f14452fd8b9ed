//! A listener on a thread of its own, so that whatever it does holds up nobody.

use crate::clock::Timestamp;
use crate::engine::life::panics::catch_async;
use crate::error::{TaskError, in_full};
use crate::event::CLASS;
use crate::stats::{ExceptionExample, Recorder};
use std::pin::Pin;
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Longest time for a listener.
pub(crate) const LIMIT: Duration = Duration::from_secs(60);

/// What is to be run: it makes, on its thread, the future that is run there.
pub(crate) type Job<T> = Box<dyn FnOnce() -> Pin<Box<dyn Future<Output = T>>> + Send>;

/// What went wrong with a listener: in a line, and in full.
pub(crate) struct Failed {
    message: String,
    full: String,
}

impl From<String> for Failed {
    fn from(message: String) -> Self {
        Self { full: message.clone(), message }
    }
}

impl From<TaskError> for Failed {
    fn from(error: TaskError) -> Self {
        Self { message: error.to_string(), full: in_full(error.as_error()) }
    }
}

impl Failed {
    /// Counts it as an exception of the listener.
    pub(crate) fn record(self, recorder: &mut Recorder, listener: &str) {
        if recorder.exception(CLASS, listener, &self.message) {
            let example = ExceptionExample { at: Timestamp::now(), user: None, text: self.full };
            recorder.keep_exception([CLASS, listener, &self.message], example);
        }
    }
}

/// Runs user code on a thread of its own, for at most this long.
///
/// When the time is over, or when this future is dropped, what waits is dropped; a thread that is blocked is left behind.
///
/// # Errors
///
/// Its panic, the end of its time, or a thread that the operating system refuses.
pub(crate) async fn apart<T: Send + 'static>(job: Job<T>, limit: Duration) -> Result<T, String> {
    let (mut done, result) = oneshot::channel();
    let work = move || {
        let runtime =
            Builder::new_current_thread().enable_all().build_local(LocalOptions::default());
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => return drop(done.send(Err(error.to_string()))),
        };
        runtime.block_on(async move {
            let ran = tokio::select! {
                ran = catch_async(async { job().await }) => ran,
                () = done.closed() => return,
            };
            let _ = done.send(ran);
        });
    };
    let started = thread::Builder::new().name("swarm-listener".to_owned()).spawn(work);
    started.map_err(|error| format!("can't start a thread: {error}"))?;
    match timeout(limit, result).await {
        Ok(ran) => ran.unwrap_or_else(|_| Err("its thread ended".to_owned())),
        Err(_) => Err(format!("cut off after {}", crate::duration::text(limit))),
    }
}
