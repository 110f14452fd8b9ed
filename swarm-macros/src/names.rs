//! Names: the one path that generated code uses, and the nearest of several names.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

/// `::swarm_core::__private`: all that generated code names of the runtime.
///
/// A crate may know swarm-core by another name (`load = { package = "swarm-core", … }`); its manifest says so.
pub(crate) fn private(span: Span) -> TokenStream {
    let name = match crate_name("swarm-core") {
        Ok(FoundCrate::Name(name)) => name,
        // Its own tests name it as everyone does; without a manifest there is no other name.
        Ok(FoundCrate::Itself) | Err(_) => "swarm_core".to_owned(),
    };
    let name = Ident::new(&name, span);
    quote_spanned!(span=> ::#name::__private)
}

/// The known name that is nearest to a misspelt one, if any is near.
pub(crate) fn nearest<'a>(written: &str, known: &[&'a str]) -> Option<&'a str> {
    let near = known.iter().map(|name| (distance(written, name), *name)).min()?;
    (near.0 <= written.len().max(3) / 3).then_some(near.1)
}

/// Levenshtein's edit distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, a) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let known = ["weight", "fixed_count", "wait", "host", "name"];
        for (written, expected) in [
            ("weigth", Some("weight")),
            ("fixed", None),
            ("fixed_cuont", Some("fixed_count")),
            ("hots", None),
            ("nme", Some("name")),
            ("colour", None),
        ] {
            assert_eq!(nearest(written, &known), expected, "{written}");
        }
    }
}
