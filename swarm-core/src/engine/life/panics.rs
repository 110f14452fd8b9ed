//! Panics of user code: contained, with their place.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Once;

thread_local! {
    /// Whether user code runs on this thread now.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
    /// The last panic of user code on this thread.
    static CAUGHT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Makes panics of user code quiet and remembers their place; all other panics go to the hook that was there.
///
/// A panic's place is known to the hook alone, so a hook is needed.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !INSIDE.get() {
                return previous(info);
            }
            let message = info.payload_as_str().unwrap_or("(no message)");
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            CAUGHT.set(Some(format!("panicked at {place}: {message}")));
        }));
    });
}

/// Runs user code; a panic is its error.
pub(crate) fn catch<T>(code: impl FnOnce() -> T) -> Result<T, String> {
    let outside = INSIDE.replace(true);
    // What is called while a panic unwinds (a listener, by a request that is dropped) must not take the place of that panic.
    let under_way = std::thread::panicking().then(|| CAUGHT.take()).flatten();
    let result = catch_unwind(AssertUnwindSafe(code));
    INSIDE.set(outside);
    let result = result.map_err(|_| CAUGHT.take().unwrap_or_else(|| "panicked".to_owned()));
    if under_way.is_some() {
        CAUGHT.set(under_way);
    }
    result
}

/// As [`catch`], for a future.
pub(crate) async fn catch_async<F: Future>(future: F) -> Result<F::Output, String> {
    let mut future = pin!(future);
    poll_fn(|cx| match catch(|| future.as_mut().poll(cx)) {
        Ok(poll) => poll.map(Ok),
        Err(panic) => std::task::Poll::Ready(Err(panic)),
    })
    .await
}
