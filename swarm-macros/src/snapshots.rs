//! Expansions, as code that one can read.
