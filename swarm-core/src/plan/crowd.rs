//! Crowds: the classes that share a load.

use super::load::{Load, Plan};
use super::spec::{ClassSpec, RunSpec};
use super::stages::Unit;
use std::time::Duration;

/// Classes that share a load: all those without one of their own, or one that has.
#[derive(Debug, Clone, PartialEq)]
pub struct Crowd {
    /// Its load.
    pub load: Load,
    /// All classes of the run, so that their places stay; those that are not of this crowd have no weight and no count.
    pub classes: Vec<ClassSpec>,
}

impl Crowd {
    /// The crowds of a run. The first is that of the run's own load; it may be empty.
    ///
    /// A fixed count is one of users: where the run's load is a rate, it is a load of its own.
    #[must_use]
    pub fn of(spec: &RunSpec) -> Vec<Self> {
        let own = |class: &ClassSpec| match (&class.load, spec.load.unit()) {
            (Some(load), _) => Some(load.clone()),
            (None, Unit::Rate) if class.fixed_count > 0 => {
                Some(Load::users(class.fixed_count, class.fixed_count.into()))
            }
            (None, _) => None,
        };
        let only = |is_one: &dyn Fn(usize) -> bool| -> Vec<ClassSpec> {
            let classes = spec.classes.iter().enumerate();
            let part = |(index, class): (usize, &ClassSpec)| match (is_one(index), own(class)) {
                (true, None) => class.clone(),
                (true, Some(_)) => ClassSpec { weight: 1, fixed_count: 0, ..class.clone() },
                (false, _) => ClassSpec { weight: 0, fixed_count: 0, ..class.clone() },
            };
            classes.map(part).collect()
        };
        let shared = only(&|index| own(&spec.classes[index]).is_none());
        let mut crowds = vec![Self { load: spec.load.clone(), classes: shared }];
        for (index, class) in spec.classes.iter().enumerate() {
            if let Some(load) = own(class) {
                crowds.push(Self { load, classes: only(&|other| other == index) });
            }
        }
        crowds
    }

    /// Whether nobody is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.classes.iter().all(|class| class.weight == 0 && class.fixed_count == 0)
    }

    /// The numbers of its users in the run, from the numbers in their crowd: those of so many crowds take turns.
    #[must_use]
    pub fn number(crowd: usize, crowds: usize, index: u64) -> u32 {
        u32::try_from(index * crowds as u64 + crowd as u64).unwrap_or(u32::MAX)
    }
}

impl RunSpec {
    /// How long it takes; none if it goes on until it is stopped.
    #[must_use]
    pub fn length(&self) -> Option<Duration> {
        let crowds = Crowd::of(self).into_iter().filter(|crowd| !crowd.is_empty());
        let plans: Vec<Plan> = crowds.map(|crowd| Plan::new(&crowd.load)).collect();
        self.run_time.or_else(|| end(&plans))
    }
}

/// When a run ends by itself: with the last stage of the crowd whose stages are longest, if all have stages.
pub(crate) fn end<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> Option<Duration> {
    plans.into_iter().map(Plan::end).collect::<Option<Vec<_>>>()?.into_iter().max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str) -> Load {
        match text.parse() {
            Ok(rate) => Load::Rate { rate },
            Err(_) => Load::Stages { stages: text.parse().expect("stages") },
        }
    }

    fn spec(run: &str, fixed_count: u32, own: Option<&str>) -> RunSpec {
        let mut classes = ["A", "B", "C"].map(|name| ClassSpec::new(name, 3));
        classes[1].fixed_count = fixed_count;
        classes[2].load = own.map(load);
        RunSpec { load: load(run), ..RunSpec::new(classes.into()) }
    }

    /// Loads, with weights and fixed counts.
    fn crowds(spec: &RunSpec) -> Vec<String> {
        let classes = |crowd: &Crowd| -> Vec<String> {
            let shares = crowd.classes.iter();
            shares.map(|it| format!("{}+{}", it.weight, it.fixed_count)).collect()
        };
        Crowd::of(spec).iter().map(|it| format!("{}: {}", it.load, classes(it).join(" "))).collect()
    }

    #[test]
    fn a_class_with_a_load_of_its_own_is_a_crowd_of_its_own() {
        let one = spec("9@1m", 2, None);
        assert_eq!(crowds(&one), ["9@1m: 3+0 3+2 3+0"], "fixed counts are part of the users");
        let two = spec("9@1m", 2, Some("5/s"));
        assert_eq!(crowds(&two), ["9@1m: 3+0 3+2 0+0", "5/s: 0+0 0+0 1+0"]);
        let three = spec("9/s", 2, Some("5@1s"));
        let expected = ["9/s: 3+0 0+0 0+0", "2 users: 0+0 1+0 0+0", "5@1s: 0+0 0+0 1+0"];
        assert_eq!(crowds(&three), expected, "but not of a rate");
        assert_eq!([0, 1, 2].map(|crowd| Crowd::number(crowd, 3, 7)), [21, 22, 23]);
    }

    #[test]
    fn a_run_ends_with_the_last_stage_of_all() {
        let seconds = |spec: &RunSpec| spec.length().map(|length| length.as_secs());
        assert_eq!(seconds(&spec("9@1m", 0, Some("5@2m"))), Some(120));
        assert_eq!(seconds(&spec("9@1m", 0, Some("5/s"))), None, "a class goes on");
        let mut given = spec("9@1m", 0, None);
        given.run_time = Some(Duration::from_secs(7));
        assert_eq!(seconds(&given), Some(7));
        // Nobody is left for the run's own load.
        let mut own = spec("9/s", 0, Some("5@2m"));
        (own.classes[0].weight, own.classes[1].weight) = (0, 0);
        assert_eq!(seconds(&own), Some(120));
        assert!(Crowd::of(&own)[0].is_empty());
    }
}
