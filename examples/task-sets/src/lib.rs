//! What a user does next: a set of tasks that it enters and leaves, tasks in order, tasks that lead to each other.
//!
//! Often a function with pauses is enough: see the example `journey`.
//!
//! ```sh
//! cargo swarm -p task-sets --demo --headless -u 6 -r 6 -t 5s
//! ```

mod in_order;
mod sets;
mod transitions;
