//! `#[tasks]`: the methods of an `impl` block become tasks.

use crate::arguments::{Arguments, Known, weight};
use crate::attributes;
use crate::errors::Errors;
use crate::names::private;
use crate::user::{name_of, number};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, ImplItem, ImplItemFn, Item, ItemImpl, ReturnType, Type};

const OPTIONS: [Known; 3] = [
    Known { name: "weight", formerly: &[] },
    Known { name: "name", formerly: &[] },
    Known { name: "tags", formerly: &[("tag", "it is `tags = [\"…\"]`")] },
];
const OURS: [&str; 3] = ["task", "on_start", "on_stop"];

/// The methods of a block that are ours.
#[derive(Default)]
struct Block {
    tasks: Vec<Task>,
    on_start: Option<Method>,
    on_stop: Option<Method>,
}

struct Task {
    method: Method,
    name: String,
    weight: TokenStream,
    tags: TokenStream,
    doc: String,
}

/// How a method is called.
struct Method {
    name: Ident,
    is_async: bool,
    returns: Span,
    cfgs: TokenStream,
}

pub(crate) fn expand(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut item = match syn::parse2(item.clone()) {
        Ok(Item::Impl(item)) => item,
        Ok(other) => {
            errors.on(&other, "`#[tasks]` stands on an `impl` block; a struct takes `#[user]`");
            return errors.beside(item);
        }
        Err(error) => return Errors::from(error).beside(item),
    };
    if !arguments.is_empty() {
        errors.on(arguments, "`#[tasks]` takes no arguments; weights stand on each `#[task(3)]`");
    }
    check(&item, &mut errors);
    let block = parse(&mut item, &mut errors);
    if errors.is_empty() {
        let generated = generate(&item.self_ty, &block);
        return quote!(#item #generated);
    }
    fallback(&item, errors)
}

fn check(item: &ItemImpl, errors: &mut Errors) {
    if let Some((of, _)) = &item.trait_ {
        errors.on(of, "`#[tasks]` stands on an inherent block: `impl MyUser { … }`");
    }
    if !item.generics.params.is_empty() {
        errors.on(&item.generics, "a user class can't be generic");
    }
}

fn parse(item: &mut ItemImpl, errors: &mut Errors) -> Block {
    let mut block = Block::default();
    for part in &mut item.items {
        let ImplItem::Fn(method) = part else { continue };
        let ours = attributes::take(&mut method.attrs, &OURS);
        let Some(first) = ours.first() else { continue };
        if let Some(second) = ours.get(1) {
            errors.on(second, "one method is one thing: a task, `on_start` or `on_stop`");
            continue;
        }
        add(&mut block, first, method, errors);
    }
    if block.tasks.is_empty() && errors.is_empty() {
        let message = "no tasks: put `#[task]` on at least one method of this block";
        errors.on(&item.self_ty, message);
    }
    block
}

fn add(block: &mut Block, attribute: &Attribute, method: &ImplItemFn, errors: &mut Errors) {
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
    if kind == "task" {
        block.tasks.push(parse_task(attribute, method, called, errors));
        return;
    }
    let arguments = attributes::arguments(attribute);
    if !arguments.is_empty() {
        errors.on(&arguments, format!("`#[{kind}]` takes no arguments"));
    }
    let slot = if kind == "on_start" { &mut block.on_start } else { &mut block.on_stop };
    if slot.replace(called).is_some() {
        errors.on(&method.sig.ident, format!("a class has one `#[{kind}]`; this is the second"));
    }
}

fn check_signature(kind: &str, method: &ImplItemFn, errors: &mut Errors) {
    let signature = &method.sig;
    let (what, usage) = if kind == "task" {
        ("a task".to_owned(), "`#[task(weight)] async fn name(&mut self) -> TaskResult`".to_owned())
    } else {
        (format!("`{kind}`"), format!("`#[{kind}] async fn name(&mut self) -> TaskResult`"))
    };
    match signature.receiver() {
        Some(receiver) if matches!(receiver.kind, syn::ReceiverKind::Reference(..)) => {}
        Some(receiver) => errors.on(receiver, format!("{what} takes `&mut self`: {usage}")),
        None => errors.on(&signature.ident, format!("{what} takes `&mut self`: {usage}")),
    }
    let extra = signature.inputs.iter().find(|input| matches!(input, syn::FnArg::Typed(_)));
    if let Some(extra) = extra {
        let message =
            format!("{what} takes nothing but `&mut self`, state lives in the struct: {usage}");
        errors.on(extra, message);
    }
    if !signature.generics.params.is_empty() {
        errors.on(&signature.generics, format!("{what} can't be generic: {usage}"));
    }
}

fn parse_task(
    attribute: &Attribute,
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
    }
}

fn check_tags(tags: &Expr, errors: &mut Errors) -> TokenStream {
    let texts = match tags {
        Expr::Array(list) => list.elems.iter().all(
            |tag| matches!(tag, Expr::Lit(literal) if matches!(literal.lit, syn::Lit::Str(_))),
        ),
        _ => false,
    };
    if !texts {
        errors.on(tags, "tags are a list of texts: `tags = [\"checkout\"]`");
    }
    tags.to_token_stream()
}

fn generate(class: &Type, block: &Block) -> TokenStream {
    let private = private(class.span());
    let tasks = block.tasks.iter().map(|task| {
        let Task { method, name, weight, tags, doc } = task;
        let (cfgs, line) = (&method.cfgs, number(method.name.span().start().line));
        quote! {
            #cfgs
            #private::Task { name: #name, weight: #weight, tags: &#tags, doc: #doc, line: #line }
        }
    });
    let start = block.on_start.as_ref().map(|method| hook("on_start", method));
    let stop = block.on_stop.as_ref().map(|method| hook("on_stop", method));
    let arms = arms(&block.tasks);
    // A generic class is `#[user]`'s to complain of.
    let has_user = (!is_generic(class)).then(|| {
        quote! {
            const _: fn() = || {
                fn user_class<T: #private::User>() {}
                user_class::<#class>();
            };
        }
    });
    quote! {
        #[automatically_derived]
        impl #private::Tasks for #class {
            const TASKS: &'static [#private::Task] = &[#(#tasks),*];

            #start
            #stop
            async fn run(&mut self, task: usize) -> #private::TaskResult {
                #arms
            }
        }

        #has_user
    }
}

fn is_generic(class: &Type) -> bool {
    let Type::Path(path) = class else { return false };
    path.path.segments.last().is_some_and(|last| !last.arguments.is_empty())
}

/// `on_start` or `on_stop`; the method of that name in the user's block keeps its own name.
fn hook(name: &str, method: &Method) -> TokenStream {
    let private = private(method.returns);
    let (name, cfgs, call) = (Ident::new(name, Span::call_site()), &method.cfgs, call(method));
    quote! {
        #cfgs
        async fn #name(&mut self) -> #private::TaskResult {
            #call
        }
    }
}

/// Calls a method; a wrong return type is told on the type.
fn call(method: &Method) -> TokenStream {
    let private = private(method.returns);
    let name = &method.name;
    let wait = method.is_async.then(|| quote_spanned!(method.returns=> .await));
    quote_spanned! {method.returns=>
        #private::IntoTaskResult::into_task_result(Self::#name(self)#wait)
    }
}

/// Picks the method of a task's index. Where a `#[cfg]` may take tasks away, the compiler counts them.
fn arms(tasks: &[Task]) -> TokenStream {
    let private = private(Span::call_site());
    if tasks.iter().all(|task| task.method.cfgs.is_empty()) {
        let arms = tasks.iter().enumerate().map(|(index, task)| {
            let (index, call) = (number(index), call(&task.method));
            quote!(#index => #call,)
        });
        return quote! {
            match task {
                #(#arms)*
                _ => #private::Result::Ok(()),
            }
        };
    }
    let indices = tasks.iter().map(|task| {
        let (cfgs, name) = (&task.method.cfgs, &task.method.name);
        quote!(#cfgs #name)
    });
    let arms = tasks.iter().map(|task| {
        let (cfgs, name, call) = (&task.method.cfgs, &task.method.name, call(&task.method));
        quote!(#cfgs _ if task == Index::#name as usize => #call,)
    });
    quote! {
        #[allow(non_camel_case_types)]
        enum Index { #(#indices),* }

        match task {
            #(#arms)*
            _ => #private::Result::Ok(()),
        }
    }
}

/// The block as it was, with an implementation that keeps the compiler from complaining about the same mistake again.
fn fallback(item: &ItemImpl, errors: Errors) -> TokenStream {
    let (class, private) = (&item.self_ty, private(item.self_ty.span()));
    let (generics, _, bounds) = item.generics.split_for_impl();
    let errors = errors.into_tokens();
    quote! {
        #item
        #errors
        #[automatically_derived]
        impl #generics #private::Tasks for #class #bounds {
            const TASKS: &'static [#private::Task] = &[];

            async fn run(&mut self, _: usize) -> #private::TaskResult {
                #private::Result::Ok(())
            }
        }
    }
}
