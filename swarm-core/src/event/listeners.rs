//! Every listener that was compiled.

use super::listener::{Call, Hears, HearsNumber, HearsQuitting, HearsRequest, Listener};
use crate::context::Context;
use crate::judge::Ending;
use crate::plan::RunSpec;
use crate::report::Report;

/// The class that errors of listeners are reported under.
pub(crate) const CLASS: &str = "(events)";

/// A listener, with what its errors are reported as.
#[derive(Debug, Clone)]
pub(crate) struct On<C> {
    /// `test_start: my_load_test::seed`.
    pub(crate) label: String,
    pub(crate) call: C,
}

/// The listeners of this program by event, each list sorted by module and name, because linking promises no order.
#[derive(Debug, Default)]
pub(crate) struct Listeners {
    pub(crate) init: Vec<On<Hears<RunSpec>>>,
    pub(crate) test_start: Vec<On<Hears<RunSpec>>>,
    pub(crate) user_start: Vec<On<Hears<Context>>>,
    pub(crate) request: Vec<On<HearsRequest>>,
    pub(crate) user_stop: Vec<On<Hears<Context>>>,
    pub(crate) spawning_complete: Vec<On<HearsNumber>>,
    pub(crate) stopping: Vec<On<Hears<Ending>>>,
    pub(crate) test_stop: Vec<On<Hears<Report>>>,
    pub(crate) quitting: Vec<On<HearsQuitting>>,
}

impl Listeners {
    /// Finds the listeners that were compiled into this program.
    pub(crate) fn find() -> Self {
        let mut all: Vec<&Listener> = inventory::iter::<Listener>.into_iter().collect();
        all.sort_by_key(|listener| (listener.module, listener.name));
        let mut found = Self::default();
        for listener in all {
            found.add(listener);
        }
        found
    }

    fn add(&mut self, listener: &Listener) {
        let label = |event: &str| format!("{event}: {}::{}", listener.module, listener.name);
        match listener.call {
            Call::Init(call) => self.init.push(On { label: label("init"), call }),
            Call::TestStart(call) => self.test_start.push(On { label: label("test_start"), call }),
            Call::UserStart(call) => self.user_start.push(On { label: label("user_start"), call }),
            Call::Request(call) => self.request.push(On { label: label("request"), call }),
            Call::UserStop(call) => self.user_stop.push(On { label: label("user_stop"), call }),
            Call::SpawningComplete(call) => {
                self.spawning_complete.push(On { label: label("spawning_complete"), call });
            }
            Call::Stopping(call) => self.stopping.push(On { label: label("stopping"), call }),
            Call::TestStop(call) => self.test_stop.push(On { label: label("test_stop"), call }),
            Call::Quitting(call) => self.quitting.push(On { label: label("quitting"), call }),
        }
    }
}
