//! A suite for a whole service: a kind of user for each way to log in, and one interface for all of them.
//!
//! Each class names its mechanism in `on_start`, and does not care any more: the client sends the credential, renews it before it expires, and once after it was
//! refused. The same suite runs against any service that logs in by these ways; what differs is settings.
//!
//! ```sh
//! cargo swarm -p logins --demo --headless -u 14 -r 14 -t 5s
//! cargo swarm -p logins --demo --headless -u 5 -r 5 -t 5s --class ServiceAccount,CodeMember
//! cargo swarm -p logins --help
//! ```

mod settings;
mod page;
mod users;
