//! What a block of tasks says: its methods that are tasks, sets, `on_start` or `on_stop`.

use super::transitions::{self, Node, Transition};
use crate::arguments::{Arguments, Known, weight};
use crate::attributes;
use crate::errors::Errors;
use crate::user::name_of;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, FnArg, ImplItem, ImplItemFn, ItemImpl, Lit, ReceiverKind, ReturnType};

const OPTIONS: [Known; 3] = [
    Known { name: "weight", formerly: &[] },
    Known { name: "name", formerly: &[] },
    Known { name: "tags", formerly: &[("tag", "it is `tags = [\"…\"]`")] },
];
const OURS: [&str; 4] = ["task", "task_set", "on_start", "on_stop"];

/// The methods of a block that are ours.
#[derive(Default)]
pub(super) struct Block {
    pub(super) tasks: Vec<Task>,
    pub(super) on_start: Option<Method>,
    pub(super) on_stop: Option<Method>,
}

/// A method that is a task, or enters a task set.
pub(super) struct Task {
    pub(super) method: Method,
    pub(super) name: String,
    pub(super) weight: TokenStream,
    pub(super) tags: TokenStream,
    pub(super) doc: String,
    pub(super) transitions: Vec<Transition>,
    /// The type of the set that it enters.
    pub(super) set: Option<TokenStream>,
}

/// How a method is called.
pub(super) struct Method {
    pub(super) name: Ident,
    pub(super) is_async: bool,
    pub(super) returns: Span,
    pub(super) cfgs: TokenStream,
}

impl Block {
    /// Reads a block, and takes our attributes off its methods.
    pub(super) fn parse(item: &mut ItemImpl, errors: &mut Errors) -> Self {
        let mut block = Self::default();
        for part in &mut item.items {
            let ImplItem::Fn(method) = part else { continue };
            let ours = attributes::take(&mut method.attrs, &OURS);
            let transitions = attributes::take(&mut method.attrs, &["transition"]);
            match &*ours {
                [] => {
                    for transition in &transitions {
                        errors.on(transition, "only a task has transitions: add `#[task]`");
                    }
                }
                [one] => block.add(one, &transitions, method, errors),
                [_, second, ..] => {
                    let message =
                        "one method is one thing: a task, a task set, `on_start` or `on_stop`";
                    errors.on(second, message);
                }
            }
        }
        if block.tasks.is_empty() && errors.is_empty() {
            let message = "no tasks: put `#[task]` on at least one method of this block";
            errors.on(&item.self_ty, message);
        }
        let nodes = block.tasks.iter().map(|task| Node {
            name: &task.method.name,
            transitions: &task.transitions,
            may_vanish: !task.method.cfgs.is_empty(),
        });
        transitions::check(&nodes.collect::<Vec<_>>(), errors);
        block
    }

    fn add(
        &mut self,
        attribute: &Attribute,
        transitions: &[Attribute],
        method: &ImplItemFn,
        errors: &mut Errors,
    ) {
        let kind = attributes::name(attribute);
        check_signature(&kind, method, errors);
        let called = Method {
            name: method.sig.ident.clone(),
            is_async: method.sig.asyncness.is_some(),
            returns: match &method.sig.output {
                ReturnType::Default => method.sig.ident.span(),
                ReturnType::Type(_, kind) => kind.span(),
            },
            cfgs: attributes::cfgs(&method.attrs),
        };
        if kind == "task" || kind == "task_set" {
            let transitions = transitions::parse(transitions, errors);
            let mut task = parse_task(attribute, transitions, method, called, errors);
            task.set = (kind == "task_set").then(|| set_of(method, errors));
            self.tasks.push(task);
            return;
        }
        if let Some(transition) = transitions.first() {
            errors.on(transition, format!("`{kind}` has no transitions: only tasks have"));
        }
        let arguments = attributes::arguments(attribute);
        if !arguments.is_empty() {
            errors.on(&arguments, format!("`#[{kind}]` takes no arguments"));
        }
        let slot = if kind == "on_start" { &mut self.on_start } else { &mut self.on_stop };
        if slot.replace(called).is_some() {
            errors
                .on(&method.sig.ident, format!("a class has one `#[{kind}]`; this is the second"));
        }
    }
}

fn check_signature(kind: &str, method: &ImplItemFn, errors: &mut Errors) {
    let signature = &method.sig;
    let (what, usage) = match kind {
        "task" => ("a task".to_owned(), "#[task(weight)] async fn name(&mut self) -> TaskResult"),
        "task_set" => (
            "what enters a task set".to_owned(),
            "#[task_set(weight)] fn name(&mut self) -> MySet<'_>",
        ),
        "on_start" => {
            ("`on_start`".to_owned(), "#[on_start] async fn name(&mut self) -> TaskResult")
        }
        _ => ("`on_stop`".to_owned(), "#[on_stop] async fn name(&mut self) -> TaskResult"),
    };
    match signature.receiver() {
        Some(receiver) if matches!(receiver.kind, ReceiverKind::Reference(..)) => {}
        Some(receiver) => errors.on(receiver, format!("{what} takes `&mut self`: `{usage}`")),
        None => errors.on(&signature.ident, format!("{what} takes `&mut self`: `{usage}`")),
    }
    let extra = signature.inputs.iter().find(|input| matches!(input, FnArg::Typed(_)));
    if let Some(extra) = extra {
        let message =
            format!("{what} takes nothing but `&mut self`, state lives in the struct: `{usage}`");
        errors.on(extra, message);
    }
    if !signature.generics.params.is_empty() {
        errors.on(&signature.generics, format!("{what} can't be generic: `{usage}`"));
    }
}

/// The set that a method returns.
fn set_of(method: &ImplItemFn, errors: &mut Errors) -> TokenStream {
    if let Some(keyword) = &method.sig.asyncness {
        let message = "a task set is entered at once: what takes time goes into its `#[on_start]`";
        errors.on(keyword, message);
    }
    match &method.sig.output {
        ReturnType::Type(_, set) => set.to_token_stream(),
        ReturnType::Default => {
            let message = "it returns the task set that is entered: `#[task_set] fn name(&mut self) -> MySet<'_>`";
            errors.on(&method.sig.ident, message);
            TokenStream::new()
        }
    }
}

fn parse_task(
    attribute: &Attribute,
    transitions: Vec<Transition>,
    method: &ImplItemFn,
    called: Method,
    errors: &mut Errors,
) -> Task {
    let arguments = Arguments::parse(attributes::arguments(attribute), &OPTIONS, errors);
    let named = arguments.value("weight", errors);
    if let (Some(value), Some(_)) = (named, &arguments.positional) {
        errors.on(value, "the weight is given twice");
    }
    let given = arguments.positional.as_ref().or(named);
    if let Some(given) = given.filter(|_| !transitions.is_empty()) {
        let message =
            "where transitions say what follows, weights stand on them: `#[transition(search, 3)]`";
        errors.on(given, message);
    }
    Task {
        name: arguments
            .text("name", errors)
            .map_or_else(|| name_of(&called.name), |name| name.value()),
        weight: given.map_or_else(|| quote!(1), |value| weight(value, "a weight", errors)),
        tags: arguments
            .value("tags", errors)
            .map_or_else(|| quote!([]), |tags| check_tags(tags, errors)),
        doc: attributes::doc(&method.attrs),
        method: called,
        transitions,
        set: None,
    }
}

fn check_tags(tags: &Expr, errors: &mut Errors) -> TokenStream {
    let texts = match tags {
        Expr::Array(list) => list
            .elems
            .iter()
            .all(|tag| matches!(tag, Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)))),
        _ => false,
    };
    if !texts {
        errors.on(tags, "tags are a list of texts: `tags = [\"checkout\"]`");
    }
    tags.to_token_stream()
}
