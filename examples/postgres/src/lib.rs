//! A database under load: a client of one's own for a protocol that swarm does not speak, measured by a `Probe`; figures of one's own.
//!
//! It wants a PostgreSQL server, and a table there:
//!
//! ```sh
//! psql -c 'create table orders (item int not null, pieces int not null)' postgres://me@localhost/shop
//! cargo swarm -p postgres --headless -u 5 -r 5 -t 5s --database-url postgres://me@localhost/shop
//! ```

mod database;
mod users;
