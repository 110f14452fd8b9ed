//! Searches in virtual time, against simulated services whose limits are known.

mod counts;
mod services;
mod truth;
mod steps;
