//! The real server with a real engine and a real target, asked as any client asks.

mod client;
mod classes;
mod form;
mod page;
mod runs;
