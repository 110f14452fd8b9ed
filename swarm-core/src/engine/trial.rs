//! One user alone, with somebody who looks on: it lives by the same loop as the users of a run.

use super::deadline::reached;
use super::life::panics;
use super::life::user_events;
use super::preparation::{check, for_run};
use crate::context::{Class, Context, Resources, Shared};
use crate::event::Listeners;
use crate::judge::Ending;
use crate::plan::RunSpec;
use crate::stats::{Ledger, MetricEntry};
use crate::user::{Registry, Selection, UserClass};
use crate::wait::Wait;
use crate::watch::{Moment, Onlooker};
use std::io;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, LocalOptions};
use tokio::time::Instant;

/// A user that can be tried.
pub(crate) struct Trying {
    class: &'static UserClass,
    spec: RunSpec,
    resources: Resources,
    selection: Selection,
}

/// When a trial ends, if not by itself.
pub(crate) struct Until {
    /// What still runs then is cut off.
    pub(crate) limit: Option<Duration>,
    /// When this resolves the user is told to stop, as at the end of a run.
    pub(crate) asked: Pin<Box<dyn Future<Output = ()> + Send>>,
}

/// What is told of it.
pub(crate) enum Told {
    Moment(Moment),
    /// The last.
    Ended(Ending, Vec<MetricEntry>),
}

impl Trying {
    /// One user of a class, which does what is selected of its tasks; so many runs, or as many as the selection has. The spec says all else.
    ///
    /// # Errors
    ///
    /// What the class needs and is not there, in words.
    pub(crate) fn new(
        class: &'static UserClass,
        registry: &Registry,
        mut spec: RunSpec,
        resources: &Resources,
        (selection, iterations): (Selection, Option<u64>),
    ) -> Result<Self, String> {
        spec.classes = vec![class.spec()];
        (spec.iterations, spec.user_iterations) = (iterations, None);
        let resources = for_run(resources, &spec);
        check(&spec, registry, &resources)?;
        Ok(Self { class, spec, resources, selection })
    }

    /// Lives on this thread, from the first request to the last. The last that is told is how it ended.
    ///
    /// # Errors
    ///
    /// A runtime that the operating system refuses.
    pub(crate) fn live(self, until: Until, tell: impl Fn(Told) + 'static) -> io::Result<()> {
        panics::install();
        let runtime =
            Builder::new_current_thread().enable_all().build_local(LocalOptions::default())?;
        runtime.block_on(self.work(until, Rc::new(tell)));
        Ok(())
    }

    async fn work(self, until: Until, tell: Rc<impl Fn(Told) + 'static>) {
        let Self { class, spec, resources, selection } = self;
        let (origin, selection) = (Instant::now(), Rc::new(selection));
        let listeners = Arc::new(Listeners::find());
        let shared = Shared::new(Arc::new(spec), resources, origin);
        let told = Rc::clone(&tell);
        let tell_moment = move |moment| told(Told::Moment(moment));
        let onlooker = Rc::new(Onlooker::new(shared.secrets.clone(), tell_moment));
        let stop_request = Rc::clone(&shared.stop_request);
        let shared = Shared {
            observer: user_events::observer(&listeners),
            onlooker: Some(Rc::clone(&onlooker)),
            ..shared
        };
        let known = Class {
            place: 0,
            name: class.name,
            host: class.host,
            wait: Wait::NONE,
            iterations: None,
        };
        let context = Context::new(known, 0, shared);
        let life = (class.run)(context.clone(), Rc::clone(&selection));
        let mut life = pin!(user_events::around(&listeners, &context, life));
        let deadline = until.limit.map(|limit| origin + limit);
        let early = tokio::select! {
            biased;
            () = &mut life => None,
            () = until.asked => Some((Ending::Asked, context.spec().stop_timeout)),
            () = reached(deadline) => Some((Ending::TimeUp, Duration::ZERO)),
        };
        if let Some((_, after)) = early {
            context.signal().stop(Instant::now() + after);
            life.await;
        }
        let is_done = selection.is_over() || context.are_iterations_used_up();
        let ending = if let Some(why) = onlooker.start_error() {
            Ending::CouldNotStart { class: class.name.to_owned(), why }
        } else if let Some((class, reason)) = stop_request.take() {
            Ending::StopTest { class: class.to_owned(), reason }
        } else if let Some((why, _)) = early {
            why
        } else if is_done {
            Ending::IterationsDone
        } else {
            Ending::UsersEnded
        };
        let mut ledger = Ledger::default();
        ledger.add(&context.recorder(crate::stats::Recorder::drain));
        tell(Told::Ended(ending, ledger.summary(origin.elapsed(), false).metrics));
    }
}
