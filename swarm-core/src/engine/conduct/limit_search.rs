//! A run that searches for the limit of a service: its load follows the search.

use crate::engine::seconds::Second;
use crate::judge::search::{Capacity, Goal, Search, SearchSecond, Step};
use crate::plan::{Load, Rate, RunSpec, Unit};

/// The search of a run.
pub(crate) struct LimitSearch {
    goal: Goal,
    search: Search,
    expected: Option<f64>,
    is_confirming: bool,
}

/// What a run has to do next.
pub(crate) enum Next {
    GoOn,
    /// Change the load.
    Load(Load),
    /// Forget the figures so far: those of the level that is to be the answer begin.
    Confirm,
    /// The search is over.
    End,
}

impl LimitSearch {
    /// That of a run, if it has one.
    ///
    /// # Errors
    ///
    /// Criteria that a limit can't be searched by; an expectation in another unit.
    pub(crate) fn of(spec: &RunSpec) -> Result<Option<Self>, String> {
        let Some(find) = &spec.find_limit else { return Ok(None) };
        let goal = Goal::of(find, spec.max_users)?;
        let expected = find.expected;
        if let Some(other) = expected.filter(|expected| expected.unit != find.unit) {
            return Err(format!(
                "the limit is searched in {}, and `{other}` is expected",
                find.unit
            ));
        }
        let search = Search::new(goal.clone());
        let expected = expected.map(|expected| expected.at_least);
        Ok(Some(Self { goal, search, expected, is_confirming: false }))
    }

    /// The load to begin with.
    pub(crate) fn start(&self) -> Load {
        self.load(self.search.start())
    }

    fn load(&self, level: f64) -> Load {
        match self.goal.unit {
            Unit::Rate => Load::Rate { rate: Rate(level) },
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "whole, from 1"
            )]
            Unit::Users => Load::users(level as u32, level),
        }
    }

    /// Takes in a second; whether the load was what it should be, and why the generator can't be trusted, if so.
    pub(crate) fn close(
        &mut self,
        second: &Second,
        reached: bool,
        generator: Option<String>,
    ) -> Next {
        let step = self.search.add(&SearchSecond {
            reached,
            in_flight: second.in_flight().into(),
            dropped: second.delta.dropped,
            generator,
            ..self.goal.second(&second.delta)
        });
        let was_confirming =
            std::mem::replace(&mut self.is_confirming, self.search.is_confirming());
        match step {
            Step::Done => Next::End,
            Step::Set(level) => Next::Load(self.load(level)),
            Step::Hold if self.is_confirming && !was_confirming => Next::Confirm,
            Step::Hold => Next::GoOn,
        }
    }

    /// What is known so far.
    pub(crate) fn capacity(&self) -> Capacity {
        self.search.capacity()
    }

    /// The exit code of the search, and the answer in words.
    pub(crate) fn answer(&self) -> (u8, String) {
        let capacity = self.capacity();
        let code = capacity.exit_code(self.expected);
        let expected = self.expected.filter(|expected| capacity.limit() < Some(*expected));
        let expected =
            expected.map(|it| format!("; at least {it} {} were expected", capacity.unit));
        (code, capacity.to_string() + &expected.unwrap_or_default())
    }
}
