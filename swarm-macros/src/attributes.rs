//! The attributes that stand on an item: ours are taken off, documentation and `cfg` are read.

use proc_macro2::TokenStream;
use quote::ToTokens as _;
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// Takes the attributes of these names off a list.
pub(crate) fn take(attributes: &mut Vec<Attribute>, names: &[&str]) -> Vec<Attribute> {
    let ours = |attribute: &Attribute| {
        // The last segment, so that `#[swarm_core::task]` works too.
        attribute
            .path()
            .segments
            .last()
            .is_some_and(|last| names.iter().any(|name| last.ident == name))
    };
    let (taken, left) = std::mem::take(attributes).into_iter().partition(ours);
    *attributes = left;
    taken
}

/// What stands in the parentheses of an attribute; nothing if it has none.
pub(crate) fn arguments(attribute: &Attribute) -> TokenStream {
    match &attribute.meta {
        Meta::List(list) => list.tokens.clone(),
        Meta::NameValue(pair) => pair.value.to_token_stream(),
        Meta::Path(_) => TokenStream::new(),
    }
}

/// Name of an attribute: its last segment.
pub(crate) fn name(attribute: &Attribute) -> String {
    attribute.path().segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
}

/// The `#[cfg(…)]`s, to be repeated on all that is generated for the item.
pub(crate) fn cfgs(attributes: &[Attribute]) -> TokenStream {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .map(|cfg| cfg.to_token_stream())
        .collect()
}

/// The first paragraph of the documentation, in one line.
pub(crate) fn doc(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let text = lines.collect::<Vec<_>>().join("\n");
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    let first: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    first.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}
