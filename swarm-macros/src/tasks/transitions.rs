//! `#[transition(search, 3)]`: which tasks may follow a task, and what is wrong with that as a whole.

use crate::arguments::weight;
use crate::errors::Errors;
use crate::names::nearest;
use crate::{attributes, durations};
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::BTreeSet;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Expr, LitStr, Token};

const USAGE: &str = "write the method that may follow, and how often: `#[transition(search, 3)]`";

/// A task that may follow.
pub(super) struct Transition {
    pub(super) target: Ident,
    pub(super) weight: TokenStream,
}

/// What stands in the parentheses.
struct Arguments {
    target: Ident,
    weight: Option<Expr>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            let message = format!("it is the method itself, without quotes: `{}`", name.value());
            return Err(syn::Error::new(name.span(), message));
        }
        let usage = |error: syn::Error| syn::Error::new(error.span(), USAGE);
        let target = input.parse().map_err(usage)?;
        if input.is_empty() {
            return Ok(Self { target, weight: None });
        }
        input.parse::<Token![,]>().map_err(usage)?;
        if input.peek(syn::Ident) && input.peek2(Token![=]) {
            let name: Ident = input.parse()?;
            if name != "weight" {
                return Err(syn::Error::new(name.span(), USAGE));
            }
            input.parse::<Token![=]>()?;
        }
        let weight = input.parse().map_err(usage)?;
        if input.is_empty() {
            Ok(Self { target, weight: Some(weight) })
        } else {
            Err(input.error(USAGE))
        }
    }
}

/// The transitions that stand on one method.
pub(super) fn parse(attributes: &[Attribute], errors: &mut Errors) -> Vec<Transition> {
    let mut found: Vec<Transition> = Vec::new();
    for attribute in attributes {
        let arguments = attributes::arguments(attribute);
        if arguments.is_empty() {
            errors.on(attribute, USAGE);
            continue;
        }
        let arguments = durations::replace(arguments, errors);
        let Some(Arguments { target, weight: given }) = errors.take(syn::parse2(arguments)) else {
            continue;
        };
        if found.iter().any(|known| known.target == target) {
            errors.on(&target, format!("there is a transition to `{target}` already"));
            continue;
        }
        let weight = given.map_or_else(|| quote!(1), |given| weight(&given, "a weight", errors));
        found.push(Transition { target, weight });
    }
    found
}

/// One task, as far as transitions go.
pub(super) struct Node<'a> {
    pub(super) name: &'a Ident,
    pub(super) transitions: &'a [Transition],
    /// Whether a `#[cfg]` may take it away.
    pub(super) may_vanish: bool,
}

/// Checks the transitions of a block: where there are any, each leads to a task, each task leads on, and each is reached.
pub(super) fn check(nodes: &[Node<'_>], errors: &mut Errors) {
    if nodes.iter().all(|node| node.transitions.is_empty()) {
        return;
    }
    let names: Vec<String> = nodes.iter().map(|node| node.name.to_string()).collect();
    let known: Vec<&str> = names.iter().map(String::as_str).collect();
    for node in nodes {
        for Transition { target, .. } in node.transitions {
            if known.iter().any(|name| target == name) {
                continue;
            }
            let message = match nearest(&target.to_string(), &known) {
                Some(near) => format!("no task `{target}` in this block: did you mean `{near}`?"),
                None => {
                    format!("no task `{target}` in this block; there are `{}`", known.join("`, `"))
                }
            };
            errors.on(target, message);
        }
        if node.transitions.is_empty() {
            let message = format!(
                "a dead end: other tasks of this block have transitions, so say what may follow `{0}`: `#[transition({1})]`",
                node.name, known[0],
            );
            errors.on(node.name, message);
        }
    }
    if errors.is_empty() && !nodes.iter().any(|node| node.may_vanish) {
        check_reached(nodes, errors);
    }
}

fn check_reached(nodes: &[Node<'_>], errors: &mut Errors) {
    let mut reached = BTreeSet::new();
    let mut open = vec![0];
    while let Some(index) = open.pop() {
        if reached.insert(index) {
            let follows = |node: &Node<'_>| {
                nodes[index].transitions.iter().any(|transition| transition.target == *node.name)
            };
            open.extend((0..nodes.len()).filter(|other| follows(&nodes[*other])));
        }
    }
    let first = nodes[0].name;
    for node in nodes.iter().enumerate().filter(|(index, _)| !reached.contains(index)) {
        let name = node.1.name;
        let message = format!(
            "no transition leads from the first task, `{first}`, to `{name}`: it would never run"
        );
        errors.on(name, message);
    }
}
