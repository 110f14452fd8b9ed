//! The attributes that declare users, tasks, listeners, load shapes, settings and feeds.
//!
//! Each works in the same steps: parse, check, expand; and a fallback that gives the user's item back with stub implementations, so that one mistake
//! gives one message. Errors are collected and stand on the wrong token. Generated code names `::swarm_core::__private` and nothing else.
//!
//! The documentation stands on the re-exports in swarm-core, where its examples compile.

mod errors;
mod names;
mod durations;
mod rates;
mod arguments;
mod attributes;
mod task_set;
mod user;
mod tasks;
mod event;
mod shape;
mod settings;
mod feed;
mod path;
mod misplaced;

#[cfg(test)]
mod snapshots;

use proc_macro::TokenStream;

/// What it generates names nothing but `::swarm_core::__private`.
#[proc_macro_attribute]
pub fn user(arguments: TokenStream, item: TokenStream) -> TokenStream {
    user::expand(arguments.into(), &item.into()).into()
}

/// What it generates names nothing but `::swarm_core::__private`.
#[proc_macro_attribute]
pub fn tasks(arguments: TokenStream, item: TokenStream) -> TokenStream {
    tasks::expand(&arguments.into(), &item.into()).into()
}

/// What it generates names nothing but `::swarm_core::__private`.
#[proc_macro_attribute]
pub fn event(arguments: TokenStream, item: TokenStream) -> TokenStream {
    event::expand(&arguments.into(), &item.into()).into()
}

/// What it generates names nothing but `::swarm_core::__private`.
#[proc_macro_attribute]
pub fn shape(arguments: TokenStream, item: TokenStream) -> TokenStream {
    shape::expand(&arguments.into(), &item.into()).into()
}

/// What it generates names nothing but `::swarm_core::__private`.
#[proc_macro_attribute]
pub fn settings(arguments: TokenStream, item: TokenStream) -> TokenStream {
    settings::expand(arguments.into(), &item.into()).into()
}

/// What it generates names nothing but `::swarm_core::__private`.
#[proc_macro_attribute]
pub fn feed(arguments: TokenStream, item: TokenStream) -> TokenStream {
    feed::expand(arguments.into(), &item.into()).into()
}

/// What it generates names nothing but `::swarm_core::__private`.
#[proc_macro]
pub fn path(arguments: TokenStream) -> TokenStream {
    path::expand(arguments.into()).into()
}

/// What it generates names nothing but `::swarm_core::__private`.
#[proc_macro_attribute]
pub fn task_set(arguments: TokenStream, item: TokenStream) -> TokenStream {
    task_set::expand(arguments.into(), &item.into()).into()
}

/// Marks which task may follow.
#[proc_macro_attribute]
pub fn transition(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("transition", item.into()).into()
}

/// Marks a task.
#[proc_macro_attribute]
pub fn task(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("task", item.into()).into()
}

/// Marks what runs when a user starts.
#[proc_macro_attribute]
pub fn on_start(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("on_start", item.into()).into()
}

/// Marks what runs when a user stops.
#[proc_macro_attribute]
pub fn on_stop(_: TokenStream, item: TokenStream) -> TokenStream {
    misplaced::expand("on_stop", item.into()).into()
}
