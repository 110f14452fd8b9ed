//! Figures (stub until the real ones land).
use std::time::Duration;
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Http,
    Auth,
}
#[derive(Debug)]
pub struct Sample<'a> {
    pub kind: Kind,
    pub method: &'a str,
    pub name: &'a str,
    pub response_time: Duration,
    pub from_schedule: Option<Duration>,
    pub bytes: u64,
    pub status: Option<u16>,
    pub result: SampleResult<'a>,
}
#[derive(Clone, Copy, Debug)]
pub enum SampleResult<'a> {
    Ok,
    Failed(&'a str),
    Interrupted,
}
#[derive(Clone, Copy, Debug)]
pub enum Attempt {
    Answered,
    NotSent,
    PartlySent,
    SentUnanswered,
}
#[derive(Default, Debug)]
pub struct Recorder;
impl Recorder {
    pub fn record(&mut self, _: &Sample<'_>) {}
    pub fn attempt(&mut self, _: Attempt) {}
    pub fn retry(&mut self) {}
}
