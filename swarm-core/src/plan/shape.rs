//! Load shapes in code: functions of time, found where they were compiled, sampled ahead.

use super::load::Load;
use super::stages::{Rate, Stage, Stages, Unit};
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// How often a shape is asked.
const EVERY: Duration = Duration::from_secs(1);
/// How long a shape may be.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);

/// A function that `#[shape]` stands on.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Its module.
    pub module: &'static str,
    /// Its name.
    pub name: &'static str,
    /// First paragraph of its documentation.
    pub doc: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// The number of users, or the rate, at a time since the start; none when it is over.
    pub at: fn(Duration) -> Option<f64>,
}

inventory::collect!(Shape);

impl Shape {
    /// All shapes that were compiled into this program, by their names.
    #[must_use]
    pub fn all() -> Vec<&'static Self> {
        let mut all: Vec<&Self> = inventory::iter::<Self>.into_iter().collect();
        all.sort_by_key(|shape| (shape.name, shape.module));
        all
    }

    /// The shape of this name.
    ///
    /// # Errors
    ///
    /// There is none, or more than one.
    pub fn find(name: &str) -> Result<&'static Self, NoShape> {
        let all = Self::all();
        let these: Vec<&Self> = all.iter().copied().filter(|shape| shape.name == name).collect();
        match these[..] {
            [one] => Ok(one),
            _ => {
                let name = name.to_owned();
                let modules = these.iter().map(|shape| shape.module).collect();
                Err(NoShape { name, modules, known: all.iter().map(|it| it.name).collect() })
            }
        }
    }

    /// The load that it says: asked once a second until it is over, or until the end of the run, with even ramps in between.
    ///
    /// # Errors
    ///
    /// It is over at once; it has not ended after a day, and no run time was given; what it says is no load.
    pub fn load(&self, run_time: Option<Duration>) -> Result<Load, String> {
        let bad = |why: &str| format!("the shape `{}` {why}", self.name);
        let first = (self.at)(Duration::ZERO).ok_or_else(|| bad("is over before it begins"))?;
        let mut stages = vec![Stage { to: first, over: Duration::ZERO }];
        let (mut last, mut rise, mut at) = (first, None, Duration::ZERO);
        let end = run_time.unwrap_or(LONGEST);
        let mut over = false;
        while !over && at < end {
            let next = (self.at)(at + EVERY);
            over = next.is_none();
            // What it was holds until it is over.
            let to = next.unwrap_or(last);
            match stages.last_mut().filter(|_| rise == Some(to - last)) {
                Some(stage) => *stage = Stage { to, over: stage.over + EVERY },
                None => stages.push(Stage { to, over: EVERY }),
            }
            (last, rise, at) = (to, Some(to - last), at + EVERY);
        }
        if !over && run_time.is_none() {
            return Err(bad("has not ended after a day: give it an end, or the run (--run-time)"));
        }
        let stages =
            Stages::new(self.unit, stages).map_err(|why| bad(&format!("is wrong: {why}")))?;
        Ok(Load::Stages { stages })
    }
}

/// What a shape may return: users or a rate, for ever or until there is none.
#[diagnostic::on_unimplemented(
    message = "a shape can't return `{Self}`",
    label = "neither users nor a rate",
    note = "shapes return `Option<u32>` for users or `Option<Rate>` for a rate; `None` ends the run"
)]
pub trait Level {
    /// What it counts.
    const UNIT: Unit;

    /// The number; none when the shape is over.
    fn level(self) -> Option<f64>;
}

impl Level for u32 {
    const UNIT: Unit = Unit::Users;

    fn level(self) -> Option<f64> {
        Some(self.into())
    }
}

impl Level for Rate {
    const UNIT: Unit = Unit::Rate;

    fn level(self) -> Option<f64> {
        Some(self.0)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Level> Level for Option<T> {
    const UNIT: Unit = T::UNIT;

    fn level(self) -> Option<f64> {
        self?.level()
    }
}

/// A shape that was asked for and is not one.
#[derive(Debug)]
pub struct NoShape {
    /// What was asked for.
    pub name: String,
    /// Where shapes of this name are, if there are several.
    pub modules: Vec<&'static str>,
    /// The shapes there are.
    pub known: Vec<&'static str>,
}

impl fmt::Display for NoShape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, modules, known } = self;
        if !modules.is_empty() {
            let places = modules.join(", ");
            return write!(out, "{} shapes are named `{name}`: in {places}", modules.len());
        }
        write!(out, "no shape `{name}`; ")?;
        if known.is_empty() {
            return out.write_str("there is none: put `#[shape]` on a function");
        }
        write!(out, "there are: {}", known.join(", "))
    }
}

impl Error for NoShape {}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape<T: Level>(unit: Unit, at: fn(Duration) -> Option<f64>) -> Shape {
        assert_eq!(T::UNIT, unit);
        Shape { module: "here", name: "it", doc: "", unit, at }
    }

    fn stages(shape: Shape, run_time: Option<u64>) -> Result<String, String> {
        shape.load(run_time.map(Duration::from_secs)).map(|load| load.to_string())
    }

    #[test]
    fn a_shape_becomes_stages_with_what_is_straight_in_one() {
        let peak = shape::<Option<u32>>(Unit::Users, |time| {
            match time.as_secs() {
                second @ 0..4 => Some((second as u32) * 10),
                4..9 => Some(40),
                9..11 => Some(7),
                _ => None::<u32>,
            }
            .level()
        });
        assert_eq!(stages(peak, None).as_deref(), Ok("0@0s, 40@4s, 40@4s, 7@1s, 7@2s"));
        assert_eq!(stages(peak, Some(3)).as_deref(), Ok("0@0s, 30@3s"));
        let rate = shape::<Rate>(Unit::Rate, |time| Rate(2.0 + time.as_secs_f64()).level());
        assert_eq!(stages(rate, Some(5)).as_deref(), Ok("2/s@0s, 7/s@5s"));
    }

    #[test]
    fn a_shape_without_end_or_beginning_is_told() {
        let endless = shape::<u32>(Unit::Users, |_| 3_u32.level());
        assert!(stages(endless, None).is_err_and(|why| why.contains("has not ended after a day")));
        let nothing = shape::<Option<u32>>(Unit::Users, |_| None::<u32>.level());
        assert!(stages(nothing, None).is_err_and(|why| why.contains("over before it begins")));
        let wrong = shape::<Rate>(Unit::Rate, |_| Rate(f64::NAN).level());
        assert!(stages(wrong, Some(2)).is_err_and(|why| why.contains("can't go to NaN")));
    }

    #[test]
    fn a_shape_that_is_not_there_is_told_with_those_that_are() {
        let error = Shape::find("wave").expect_err("there is none").to_string();
        assert_eq!(error, "no shape `wave`; there is none: put `#[shape]` on a function");
        let known = NoShape { name: "wave".to_owned(), modules: vec![], known: vec!["a", "b"] };
        assert_eq!(known.to_string(), "no shape `wave`; there are: a, b");
        let two = NoShape { modules: vec!["x", "y::z"], ..known };
        assert_eq!(two.to_string(), "2 shapes are named `wave`: in x, y::z");
    }
}
