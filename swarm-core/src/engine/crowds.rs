//! The crowds of a run: their plans, and which users of each live on which shard.

use super::shard::seat::Orders;
use crate::plan::{Crowd, Load, Mix, Plan, RunSpec, Share, Unit, end};
use std::time::Duration;

/// All crowds of a run; the first is that of the run's own load.
pub(super) struct Crowds(Vec<Dealt>);

/// One crowd, with the users dealt so far.
struct Dealt {
    plan: Plan,
    mix: Mix,
    /// What it is, as the run began.
    crowd: Crowd,
    /// The class of each user.
    classes: Vec<usize>,
    share: Share,
    /// Most users wanted at one time, up to the last change of the load.
    peak: u32,
}

impl Crowds {
    /// The crowds as the run begins, on so many shards.
    pub(super) fn new(spec: &RunSpec, shards: usize) -> Self {
        let dealt = |crowd: Crowd| Dealt {
            plan: Plan::new(&crowd.load),
            mix: Mix::new(&crowd.classes),
            classes: Vec::new(),
            share: Share::new(shards),
            peak: 0,
            crowd,
        };
        Self(Crowd::of(spec).into_iter().map(dealt).collect())
    }

    /// Goes on to another load of the run.
    pub(super) fn change(&mut self, load: &Load, now: Duration) -> Result<(), String> {
        let Some(first) = self.0.first_mut() else { return Ok(()) };
        let plan = first.plan.change(load, now)?;
        first.peak = first.most_until(now);
        first.plan = plan;
        Ok(())
    }

    /// Deals users up to the most that the plans want, before any of them is wanted.
    pub(super) fn deal(&mut self, now: Duration) {
        for crowd in &mut self.0 {
            let more = (crowd.plan.most(now) as usize).saturating_sub(crowd.classes.len());
            let new: Vec<usize> = crowd.mix.by_ref().take(more).collect();
            crowd.share.extend(new.iter().copied());
            crowd.classes.extend(new);
        }
    }

    /// What the crowds shall do on a shard. Crowds begin at different shards, so that small ones do not all come to the first.
    pub(super) fn orders(&self, shard: usize, shards: usize) -> Vec<Orders> {
        let orders = |(number, crowd): (usize, &Dealt)| Orders {
            plan: crowd.plan.clone(),
            mine: crowd.share.of((shard + number) % shards).collect(),
        };
        self.0.iter().enumerate().map(orders).collect()
    }

    /// Users that the plans go to or hold.
    pub(super) fn target(&self, now: Duration) -> u32 {
        self.0.iter().map(|crowd| crowd.at_most(crowd.plan.target(now))).sum()
    }

    /// Iterations that arrive per second.
    pub(super) fn rate(&self, now: Duration) -> f64 {
        self.not_empty().map(|crowd| crowd.plan.rate(now)).sum()
    }

    /// Whether nobody is left and nobody will come, if so many have ended.
    pub(super) fn are_over(&self, ended: u32, now: Duration) -> bool {
        let most = self.0.iter().map(|crowd| crowd.at_most(crowd.plan.most(now))).sum();
        let all_closed = self.not_empty().all(|crowd| crowd.plan.unit() == Unit::Users);
        all_closed && ended > 0 && ended >= most
    }

    /// How many users there are when all have started, once from now on never more are wanted.
    pub(super) fn full(&self, now: Duration) -> Option<u32> {
        let full = |crowd: &Dealt| crowd.plan.full(now).map(|users| crowd.at_most(users));
        self.not_empty().map(full).sum()
    }

    /// Whether all have what they go to.
    pub(super) fn is_level(&self, now: Duration) -> bool {
        self.not_empty().all(|crowd| crowd.plan.is_level(now))
    }

    /// Most users of each class that were wanted at one time.
    pub(super) fn peaks(&self, now: Duration, classes: usize) -> Vec<u32> {
        self.by_class(classes, |crowd| crowd.most_until(now))
    }

    /// Users of each class that the plans go to or hold.
    pub(super) fn wanted(&self, now: Duration, classes: usize) -> Vec<u32> {
        self.by_class(classes, |crowd| crowd.plan.target(now))
    }

    /// The classes of so many users of each crowd.
    fn by_class(&self, classes: usize, users: impl Fn(&Dealt) -> u32) -> Vec<u32> {
        let mut counts = vec![0; classes];
        for crowd in &self.0 {
            let first = crowd.classes.iter().take(users(crowd) as usize);
            first.for_each(|class| counts[*class] += 1);
        }
        counts
    }

    /// When the first user of a class is wanted.
    pub(super) fn first_of(&self, class: usize) -> Option<Duration> {
        self.0.iter().find_map(|crowd| {
            if crowd.plan.unit() == Unit::Rate && crowd.crowd.classes[class].weight > 0 {
                let first = crowd.mix.clone().position(|of| of == class)?;
                return crowd.plan.arrival_at(first as f64);
            }
            let first = crowd.classes.iter().position(|of| *of == class)?;
            crowd.plan.reached_at(u32::try_from(first).ok()? + 1)
        })
    }

    /// When the run ends by itself; none if it goes on until it is stopped.
    pub(super) fn end(&self) -> Option<Duration> {
        end(self.not_empty().map(|crowd| &crowd.plan))
    }

    fn not_empty(&self) -> impl Iterator<Item = &Dealt> {
        self.0.iter().filter(|crowd| !crowd.crowd.is_empty())
    }
}

impl Dealt {
    fn most_until(&self, now: Duration) -> u32 {
        self.peak.max(self.plan.most_until(now))
    }

    /// No more users than there are: fixed counts alone may be fewer than are wanted.
    fn at_most(&self, wanted: u32) -> u32 {
        wanted.min(u32::try_from(self.classes.len()).unwrap_or(u32::MAX))
    }
}
