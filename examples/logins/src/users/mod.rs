//! One class for each way to log in.

mod basic;
mod form;
mod oauth2;
mod outsider;
mod token;
