//! The orders in which rows are given out.

/// In which order a feed gives out its rows. The users of all threads share one order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// As they stand; after the last one comes the first one again.
    Circular,
    /// Each row equally likely, by the user's own chance: the same seed gives a user the same rows.
    Random,
    /// All rows in an order that the run's seed decides, then all again in another one.
    Shuffled,
    /// Each row belongs to one user at a time: it is lent, and given back when its [`Row`](super::Row) is dropped.
    Unique,
    /// Each row once in the whole run.
    Once {
        /// What happens when all are used.
        then: AtEnd,
    },
}

/// What happens to a user for whom no row is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtEnd {
    /// It ends, and counts as no exception.
    Stop,
    /// Its task fails.
    Fail,
    /// It begins with the first row again.
    Wrap,
}
