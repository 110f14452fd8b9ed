//! What somebody else measured while a run went on: series of values, on the run's own timeline, in bounded memory.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// Most series of one query, and of all.
const MOST_OF_QUERY: usize = 10;
const MOST_SERIES: usize = 200;
/// Most points of a series, and of all together. Beyond, those that lie next to each other are joined.
const MOST_POINTS: usize = 3_600;
const MOST_OF_ALL: usize = 40_000;
/// How much of the time two points stand for when points are joined for the first time, in seconds.
const FIRST_SLOT_S: f64 = 4.0;
/// Characters of a label's name and value.
const LONGEST_LABEL: usize = 200;
const MOST_LABELS: usize = 30;

/// A series that was observed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedSeries {
    /// What its query is called.
    pub name: String,
    /// What was asked for, in the language of who was asked.
    pub query: String,
    /// What tells it from the other series of its query.
    pub labels: BTreeMap<String, String>,
    /// The last value in the measured time: from the end of the warm-up, or the last reset, until users were told to stop. Null if there is none in it.
    pub last: Option<f64>,
    /// The mean of its values in that time.
    pub mean: Option<f64>,
    /// The lowest.
    pub min: Option<f64>,
    /// The highest.
    pub max: Option<f64>,
    /// The values, with the time of the warm-up and that of the end. Of a long run some are left out: from parts of the time of equal length the lowest and
    /// the highest are kept.
    pub points: Vec<ObservedPoint>,
}

/// A value that was observed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ObservedPoint {
    /// When, in seconds since the start of the run, by the clock of who measured it.
    pub t_s: f64,
    /// The value; never infinite.
    pub value: f64,
}

/// New values of a series, as they come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ObservedValues {
    /// What its query is called.
    pub name: String,
    /// What was asked for.
    pub query: String,
    /// What tells it from the other series of its query.
    pub labels: BTreeMap<String, String>,
    /// When, in seconds since the Unix epoch, and what, in the order of time.
    pub values: Vec<(f64, f64)>,
}

impl ObservedSeries {
    /// The same with about this many points at most; four or more.
    #[must_use]
    pub fn thinned(&self, most: usize) -> Self {
        let slots = self.points.chunks(self.points.len().div_ceil(most / 2).max(2));
        match self.points.len() > most {
            true => self.with(slots.flat_map(extremes).collect()),
            false => self.clone(),
        }
    }

    /// The same with the points behind this time only, in seconds since the start.
    #[must_use]
    pub fn since(&self, t_s: f64) -> Self {
        let first = self.points.partition_point(|point| point.t_s <= t_s);
        self.with(self.points[first..].to_vec())
    }

    fn with(&self, points: Vec<ObservedPoint>) -> Self {
        Self {
            name: self.name.clone(),
            query: self.query.clone(),
            labels: self.labels.clone(),
            points,
            ..*self
        }
    }
}

/// All series of a run.
#[derive(Debug, Default)]
pub struct Observed {
    lines: Vec<Line>,
    /// How long the slots are whose points were joined; 0 while all are kept.
    slot_s: f64,
    /// Before this nothing counts any more.
    from_s: f64,
}

#[derive(Debug)]
struct Line {
    /// What is known of it.
    series: ObservedSeries,
    /// How many values are in the mean.
    count: u64,
    /// Points of a slot that is not full.
    open: Vec<ObservedPoint>,
}

impl Observed {
    /// Adds values to their series. Times are counted from `start_s`, in seconds since the Unix epoch; those within `measured`, in seconds since the
    /// start, are in the figures. Values that are no numbers, and what is older than what is known, are left out.
    pub fn add(&mut self, new: ObservedValues, start_s: f64, measured: &Range<f64>) {
        if !new.values.iter().any(|(_, value)| value.is_finite()) {
            return;
        }
        let (from_s, slot_s) = (self.from_s, self.slot_s);
        let Some(line) = self.line(&new) else { return };
        for (at, value) in new.values {
            // To the millisecond: more the clocks don't tell.
            let t_s = ((at - start_s) * 1_000.0).round() / 1_000.0;
            let is_new = t_s >= from_s && line.last_s().is_none_or(|last| last < t_s);
            if is_new && value.is_finite() {
                line.push(ObservedPoint { t_s, value }, slot_s, measured.contains(&t_s));
            }
        }
        let most = self.lines.iter().map(|line| line.series.points.len()).max().unwrap_or(0);
        let all: usize = self.lines.iter().map(|line| line.series.points.len()).sum();
        if most > MOST_POINTS || all > MOST_OF_ALL {
            self.slot_s = if self.slot_s == 0.0 { FIRST_SLOT_S } else { self.slot_s * 2.0 };
            self.lines.iter_mut().for_each(|line| line.join(self.slot_s));
        }
    }

    /// The series so far.
    #[must_use]
    pub fn series(&self) -> Vec<ObservedSeries> {
        self.lines.iter().map(|line| line.series.clone()).collect()
    }

    /// No more values come: the last ones are shown too.
    pub fn end(&mut self) {
        self.lines.iter_mut().for_each(Line::close);
    }

    /// Forgets everything up to this time, in seconds since the start.
    pub fn reset(&mut self, now_s: f64) {
        *self = Self { from_s: now_s, ..Self::default() };
    }

    /// The series of these values, which may be new; none if there are too many.
    fn line(&mut self, new: &ObservedValues) -> Option<&mut Line> {
        let short = |text: &String| text.chars().take(LONGEST_LABEL).collect::<String>();
        let labels = new.labels.iter().take(MOST_LABELS);
        let labels: BTreeMap<_, _> =
            labels.map(|(name, value)| (short(name), short(value))).collect();
        let known = self.lines.iter().position(|line| {
            let ObservedSeries { name, labels: known, .. } = &line.series;
            (name, known) == (&new.name, &labels)
        });
        if let Some(known) = known {
            return self.lines.get_mut(known);
        }
        let mut of_query = self.lines.iter().filter(|line| line.series.name == new.name);
        if of_query.nth(MOST_OF_QUERY - 1).is_some() || self.lines.len() >= MOST_SERIES {
            return None;
        }
        let series = ObservedSeries {
            name: new.name.clone(),
            query: new.query.clone(),
            labels,
            last: None,
            mean: None,
            min: None,
            max: None,
            points: Vec::new(),
        };
        self.lines.push(Line { series, count: 0, open: Vec::new() });
        self.lines.last_mut()
    }
}

impl Line {
    fn last_s(&self) -> Option<f64> {
        self.open.last().or(self.series.points.last()).map(|point| point.t_s)
    }

    fn push(&mut self, point: ObservedPoint, slot_s: f64, is_measured: bool) {
        if is_measured {
            self.count += 1;
            let ObservedSeries { last, mean, min, max, .. } = &mut self.series;
            let value = point.value;
            *last = Some(value);
            *mean = Some(mean.map_or(value, |mean| mean + (value - mean) / self.count as f64));
            *min = Some(min.map_or(value, |min| min.min(value)));
            *max = Some(max.map_or(value, |max| max.max(value)));
        }
        if slot_s == 0.0 {
            self.series.points.push(point);
            return;
        }
        if self.open.last().is_some_and(|last| slot(last, slot_s) != slot(&point, slot_s)) {
            self.close();
        }
        self.open.push(point);
    }

    /// Ends the slot that is open.
    fn close(&mut self) {
        self.series.points.extend(extremes(&self.open));
        self.open.clear();
    }

    /// Joins the points in slots of this length; the last of them stays open.
    fn join(&mut self, slot_s: f64) {
        let mut points = std::mem::take(&mut self.series.points);
        points.append(&mut self.open);
        let last = points.last().map(|last| slot(last, slot_s));
        let first = points.partition_point(|point| Some(slot(point, slot_s)) < last);
        self.open = points.split_off(first);
        let slots = points.chunk_by(|a, b| slot(a, slot_s) == slot(b, slot_s));
        self.series.points = slots.flat_map(extremes).collect();
    }
}

/// The number of the slot that a point lies in.
fn slot(point: &ObservedPoint, slot_s: f64) -> f64 {
    (point.t_s / slot_s).floor()
}

/// The lowest and the highest of these, in the order in which they came, at the first and the last of their times: so series that were measured at the same
/// times stay so.
fn extremes(points: &[ObservedPoint]) -> Vec<ObservedPoint> {
    let ([first, .., last], places) = (points, 0..points.len()) else { return points.to_vec() };
    let by_value = |a: &usize, b: &usize| points[*a].value.total_cmp(&points[*b].value);
    let low = places.clone().min_by(by_value).unwrap_or(0);
    let high = places.max_by(by_value).unwrap_or(0);
    let [before, after] = [points[low.min(high)].value, points[low.max(high)].value];
    vec![
        ObservedPoint { t_s: first.t_s, value: before },
        ObservedPoint { t_s: last.t_s, value: after },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALWAYS: Range<f64> = 0.0..f64::INFINITY;

    fn values(name: &str, instance: &str, values: &[(f64, f64)]) -> ObservedValues {
        let labels = BTreeMap::from([("instance".to_owned(), instance.to_owned())]);
        let (name, query) = (name.to_owned(), format!("{name}_total"));
        ObservedValues { name, query, labels, values: values.to_vec() }
    }

    fn points(series: &ObservedSeries) -> Vec<(f64, f64)> {
        series.points.iter().map(|point| (point.t_s, point.value)).collect()
    }

    #[test]
    fn values_stand_on_the_timeline_of_the_run_and_figures_are_of_the_measured_time() {
        let mut observed = Observed::default();
        let first = [(999.5, 9.0), (1_000.5, 1.0), (1_001.5, 5.0), (1_002.5, f64::NAN)];
        observed.add(values("cpu", "a", &first), 1_000.0, &(1.0..3.6));
        let second = [(1_001.5, 7.0), (1_003.5, 3.0), (1_004.5, 99.0), (1_005.5, f64::INFINITY)];
        observed.add(values("cpu", "a", &second), 1_000.0, &(1.0..3.6));
        observed.add(values("cpu", "b", &[(1_001.0, f64::NAN)]), 1_000.0, &ALWAYS);
        observed.add(values("cpu", "c", &[(1_001.0, 1.0)]), 1_000.0, &(2.0..3.0));
        let [a, c] = &observed.series()[..] else { panic!("{observed:?}") };
        assert_eq!(points(&a.since(1.5)), [(3.5, 3.0), (4.5, 99.0)]);
        assert_eq!(points(a), [(0.5, 1.0), (1.5, 5.0), (3.5, 3.0), (4.5, 99.0)]);
        let figures = [a.last, a.mean, a.min, a.max];
        assert_eq!(figures, [3.0, 4.0, 3.0, 5.0].map(Some));
        assert_eq!((c.last, c.mean, c.points.len()), (None, None, 1), "out of the measured time");
        let json = serde_json::to_string(a).expect("serializes");
        assert_eq!(serde_json::from_str::<ObservedSeries>(&json).expect("reads"), *a);
        observed.reset(4.0);
        observed.add(values("cpu", "a", &[(1_003.9, 1.0), (1_004.1, 2.0)]), 1_000.0, &ALWAYS);
        assert_eq!(points(&observed.series()[0]), [(4.1, 2.0)], "what was before is forgotten");
    }

    #[test]
    fn what_comes_is_a_serde_value() {
        let new = values("cpu", "a", &[(1.5, 2.0)]);
        let json = serde_json::to_string(&new).expect("serializes");
        assert_eq!(serde_json::from_str::<ObservedValues>(&json).expect("reads"), new);
    }

    #[test]
    fn series_labels_and_points_are_bounded() {
        let mut observed = Observed::default();
        for query in 0..30 {
            for instance in 0..20 {
                let new = values(&format!("q{query}"), &instance.to_string(), &[(1.0, 1.0)]);
                observed.add(new, 0.0, &ALWAYS);
            }
        }
        assert_eq!(observed.lines.len(), MOST_SERIES);
        let of_query = observed.lines.iter().filter(|line| line.series.name == "q3");
        assert_eq!(of_query.count(), MOST_OF_QUERY);
        observed.add(values("q3", &"x".repeat(999), &[(2.0, 1.0)]), 0.0, &ALWAYS);
        assert_eq!(observed.lines.len(), MOST_SERIES);
        for second in 2..400 {
            for query in 0..20 {
                for instance in 0..10 {
                    let at = f64::from(second);
                    let new = values(&format!("q{query}"), &instance.to_string(), &[(at, 1.0)]);
                    observed.add(new, 0.0, &ALWAYS);
                }
            }
        }
        let all: usize = observed.series().iter().map(|series| series.points.len()).sum();
        assert!((MOST_OF_ALL / 3..=MOST_OF_ALL).contains(&all), "{all} points");
        let mut long = Observed::default();
        long.add(values("q", &"x".repeat(999), &[(2.0, 1.0)]), 0.0, &ALWAYS);
        assert_eq!(long.series()[0].labels["instance"].len(), LONGEST_LABEL);
    }

    #[test]
    fn no_peak_and_no_dip_is_lost_and_times_stay_in_order() {
        let mut observed = Observed::default();
        let value = |second: u32| match second {
            1_234 => 1e6,
            14_000 => -1e6,
            second => f64::from(second % 60),
        };
        for second in 0..20_000 {
            for instance in ["a", "b"] {
                let new = values("cpu", instance, &[(f64::from(second) + 0.25, value(second))]);
                observed.add(new, 0.0, &ALWAYS);
            }
        }
        observed.end();
        let series = observed.series();
        let check = |series: &ObservedSeries, most: usize| {
            let points = points(series);
            assert!(points.len() > most / 3 && points.len() <= most, "{} points", points.len());
            assert!(points.is_sorted_by(|a, b| a.0 < b.0));
            let near = |at: f64, value: f64| {
                points.iter().any(|point| point.1 == value && (point.0 - at).abs() < 300.0)
            };
            assert!(near(1_234.0, 1e6) && near(14_000.0, -1e6), "{points:?}");
            assert_eq!((points[0].0, points[points.len() - 1].0), (0.25, 19_999.25));
        };
        check(&series[0], MOST_POINTS);
        check(&series[0].thinned(600), 600);
        let times = |series: &ObservedSeries| -> Vec<f64> {
            series.points.iter().map(|point| point.t_s).collect()
        };
        assert!(times(&series[0]) == times(&series[1]), "they are drawn together");
        assert_eq!(series[0].thinned(9_999), series[0]);
        assert_eq!((series[0].max, series[0].min), (Some(1e6), Some(-1e6)));
    }
}
