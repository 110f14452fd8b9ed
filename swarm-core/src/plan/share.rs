//! Which shard each user lives on.

/// The shards of users 0, 1, 2, …, dealt so that at every number of users the shards differ by at most one user, per class and in total.
///
/// Dealing round robin cannot do that: per class it unbalances the total, in total it unbalances the classes. But take every run of as many users as
/// there are shards, in the whole sequence and in each class's own: a user is an edge between its run in the one and its run in the other, no run has more
/// users than there are shards, and such a graph's edges can be coloured with that many colours (Kőnig, 1916). The colour is the shard.
///
/// A user keeps its shard, whatever is added later, except for the few along the path that one addition recolours (see [`Share::extend`]).
#[derive(Debug, Clone)]
pub struct Share {
    shards: usize,
    /// Per user: its run in the whole sequence, its run in its class, its shard.
    users: Vec<Place>,
    /// Per run, in the whole and then per class: which user has which shard.
    whole: Vec<Run>,
    classes: Vec<Vec<Run>>,
    counts: Vec<usize>,
}

/// The users of one run by shard.
type Run = Vec<Option<usize>>;

#[derive(Debug, Clone, Copy)]
struct Place {
    class: usize,
    in_class: usize,
    shard: usize,
}

impl Share {
    /// A share with no users yet, among this many shards (at least one).
    #[must_use]
    pub fn new(shards: usize) -> Self {
        Self {
            shards: shards.max(1),
            users: Vec::new(),
            whole: Vec::new(),
            classes: Vec::new(),
            counts: Vec::new(),
        }
    }

    /// Adds users of these classes. Returns the earlier users that changed their shard, lowest first.
    ///
    /// All users of one call are dealt before any of them runs, so a run that knows its target at the start moves nobody.
    pub fn extend(&mut self, classes: impl IntoIterator<Item = usize>) -> Vec<usize> {
        let before: Vec<usize> = self.users.iter().map(|place| place.shard).collect();
        for class in classes {
            self.add(class);
        }
        (0..before.len()).filter(|user| self.users[*user].shard != before[*user]).collect()
    }

    /// The number of users dealt.
    #[must_use]
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Whether nobody was dealt yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.users.is_empty()
    }

    /// The users of a shard as (index, class), lowest first.
    pub fn of(&self, shard: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
        let users = self.users.iter().enumerate();
        users
            .filter(move |(_, place)| place.shard == shard)
            .map(|(user, place)| (user, place.class))
    }

    fn add(&mut self, class: usize) {
        let user = self.users.len();
        if self.classes.len() <= class {
            self.classes.resize(class + 1, Vec::new());
            self.counts.resize(class + 1, 0);
        }
        let in_class = self.counts[class] / self.shards;
        self.counts[class] += 1;
        let empty = vec![None; self.shards];
        if self.whole.len() <= user / self.shards {
            self.whole.push(empty.clone());
        }
        if self.classes[class].len() <= in_class {
            self.classes[class].push(empty);
        }
        let (Some(in_whole), Some(other)) =
            (free(&self.whole[user / self.shards]), free(&self.classes[class][in_class]))
        else {
            // Can't be: neither run is full before its last user.
            return;
        };
        if self.classes[class][in_class][in_whole].is_some() {
            self.swap_along((class, in_class), in_whole, other);
        }
        self.users.push(Place { class, in_class, shard: in_whole });
        self.put(user, in_whole);
    }

    /// Makes shard `a` free in this run of a class, by swapping `a` and `b` along the path of users that alternate between them.
    fn swap_along(&mut self, (class, in_class): (usize, usize), a: usize, b: usize) {
        let mut path = Vec::new();
        let (mut shard, mut other) = (a, b);
        let mut next = self.classes[class][in_class][a];
        let mut by_class = true;
        while let Some(user) = next {
            path.push(user);
            (shard, other) = (other, shard);
            by_class = !by_class;
            let place = self.users[user];
            next = if by_class {
                self.classes[place.class][place.in_class][shard]
            } else {
                self.whole[user / self.shards][shard]
            };
        }
        let _ = other;
        for user in &path {
            let place = self.users[*user];
            self.whole[user / self.shards][place.shard] = None;
            self.classes[place.class][place.in_class][place.shard] = None;
        }
        for user in path {
            let shard = if self.users[user].shard == a { b } else { a };
            self.users[user].shard = shard;
            self.put(user, shard);
        }
    }

    fn put(&mut self, user: usize, shard: usize) {
        let place = self.users[user];
        self.whole[user / self.shards][shard] = Some(user);
        self.classes[place.class][place.in_class][shard] = Some(user);
    }
}

fn free(run: &Run) -> Option<usize> {
    run.iter().position(Option::is_none)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{ClassSpec, Mix};
    use proptest::prelude::*;

    fn spread(counts: &[usize]) -> usize {
        counts.iter().max().unwrap_or(&0) - counts.iter().min().unwrap_or(&0)
    }

    /// Panics unless at every number of users the shards differ by at most one, per class and in total.
    fn check(share: &Share, shards: usize, classes: usize) {
        let mut total = vec![0; shards];
        let mut per_class = vec![vec![0; shards]; classes];
        for place in &share.users {
            total[place.shard] += 1;
            per_class[place.class][place.shard] += 1;
            assert!(spread(&total) <= 1, "in total: {total:?}");
            assert!(spread(&per_class[place.class]) <= 1, "in a class: {per_class:?}");
        }
    }

    proptest! {
        #[test]
        fn shards_differ_by_one_user_at_most(
            shards in 1_usize..9,
            weights in prop::collection::vec(1_u32..50, 1..7),
            steps in prop::collection::vec(0_usize..150, 1..5),
        ) {
            let classes: Vec<ClassSpec> =
                weights.iter().map(|weight| ClassSpec::new("class", *weight)).collect();
            let mut mix = Mix::new(&classes);
            let mut share = Share::new(shards);
            for step in steps {
                let before: Vec<usize> = share.users.iter().map(|place| place.shard).collect();
                let moved = share.extend(mix.by_ref().take(step));
                check(&share, shards, classes.len());
                let after: Vec<usize> = share.users.iter().map(|place| place.shard).collect();
                for user in 0..before.len() {
                    prop_assert_eq!(before[user] != after[user], moved.contains(&user));
                }
            }
        }
    }

    #[test]
    fn what_greedy_dealing_gets_wrong_is_dealt_right() {
        let mut share = Share::new(3);
        share.extend([0, 1, 2, 0, 1, 2]);
        check(&share, 3, 3);
        assert_eq!((share.len(), share.of(0).count()), (6, 2));
    }

    #[test]
    fn a_hundred_thousand_users_are_dealt_once_and_then_kept() {
        let classes = [ClassSpec::new("A", 3), ClassSpec::new("B", 1), ClassSpec::new("C", 7)];
        let mut mix = Mix::new(&classes);
        let mut share = Share::new(8);
        share.extend(mix.by_ref().take(100_000));
        let moved = share.extend(mix.take(1_000));
        assert!(moved.len() <= 100, "{} moved", moved.len());
    }
}
