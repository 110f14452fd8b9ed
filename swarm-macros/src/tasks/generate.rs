//! The implementations that a block of tasks becomes.

use super::block::{Block, Method, Task};
use crate::errors::Errors;
use crate::names::private;
use crate::user::number;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{GenericArgument, ItemImpl, PathArguments, Type};

pub(super) fn implementations(item: &ItemImpl, block: &Block) -> TokenStream {
    let (class, private) = (&item.self_ty, private(item.self_ty.span()));
    let generics = &item.generics;
    let tasks = declared(&block.tasks);
    let start = block.on_start.as_ref().map(|method| hook("on_start", method));
    let stop = block.on_stop.as_ref().map(|method| hook("on_stop", method));
    let is_set = |task: &&Task| task.set.is_some();
    let (sets, plain): (Vec<&Task>, Vec<&Task>) = block.tasks.iter().partition(is_set);
    let go_on = quote!(#private::Result::Ok(#private::ControlFlow::Continue(())));
    let run = arms(&block.tasks, &plain, call, &go_on);
    let none = quote!(#private::Option::None);
    let enter = (!sets.is_empty()).then(|| {
        let arms = arms(&block.tasks, &sets, enter, &none);
        quote! {
            fn enter(&mut self, task: usize) -> #private::Option<#private::Entered<'_>> {
                #arms
            }
        }
    });
    let has_struct = check_struct(class);
    quote! {
        #[automatically_derived]
        impl #generics #private::Tasks for #class {
            const TASKS: &'static [#private::Task] = #tasks;

            #start
            #stop
            async fn run(
                &mut self,
                task: usize,
            ) -> #private::TaskResult<#private::ControlFlow<()>> {
                #run
            }
            #enter
        }

        #has_struct
    }
}

/// The tasks as constants.
fn declared(tasks: &[Task]) -> TokenStream {
    let private = private(Span::call_site());
    let list = tasks.iter().map(|task| {
        let Task { method, name, weight, tags, doc, transitions, set } = task;
        let (cfgs, line) = (&method.cfgs, number(method.name.span().start().line));
        let transitions = transitions.iter().map(|transition| {
            let (to, weight) = (index_of(tasks, &transition.target), &transition.weight);
            quote!((#to, #weight))
        });
        let set = match set {
            None => quote!(#private::Option::None),
            Some(set) => quote_spanned! {method.returns=>
                #private::Option::Some(&<#set as #private::TaskSet>::LIST)
            },
        };
        quote! {
            #cfgs
            #private::Task {
                name: #name,
                weight: #weight,
                tags: &#tags,
                doc: #doc,
                line: #line,
                transitions: &[#(#transitions),*],
                set: #set,
            }
        }
    });
    let list = quote!(&[#(#list),*]);
    if may_vanish(tasks) && tasks.iter().any(|task| !task.transitions.is_empty()) {
        let indices = indices(tasks);
        return quote!({ #indices #list });
    }
    list
}

/// Whether a `#[cfg]` may take tasks away: then the compiler counts them.
fn may_vanish(tasks: &[Task]) -> bool {
    tasks.iter().any(|task| !task.method.cfgs.is_empty())
}

/// The tasks that are left, as the compiler counts them.
fn indices(tasks: &[Task]) -> TokenStream {
    let names = tasks.iter().map(|task| {
        let (cfgs, name) = (&task.method.cfgs, &task.method.name);
        quote!(#cfgs #name)
    });
    quote! {
        #[allow(non_camel_case_types, dead_code)]
        enum Index { #(#names),* }
    }
}

/// The index of a task.
fn index_of(tasks: &[Task], name: &Ident) -> TokenStream {
    if may_vanish(tasks) {
        return quote!(Index::#name as usize);
    }
    let index = tasks.iter().position(|task| task.method.name == *name).unwrap_or_default();
    let index = number(index);
    quote!(#index)
}

/// Picks the method of a task's index.
fn arms(
    tasks: &[Task],
    these: &[&Task],
    call: fn(&Method) -> TokenStream,
    otherwise: &TokenStream,
) -> TokenStream {
    let counted = may_vanish(tasks);
    let arms = these.iter().map(|task| {
        let method = &task.method;
        let (cfgs, index, call) = (&method.cfgs, index_of(tasks, &method.name), call(method));
        if counted { quote!(#cfgs _ if task == #index => #call,) } else { quote!(#index => #call,) }
    });
    let indices = counted.then(|| indices(tasks));
    quote! {
        #indices
        match task {
            #(#arms)*
            _ => #otherwise,
        }
    }
}

/// `on_start` or `on_stop`; the method of that name in the user's block keeps its own name.
fn hook(name: &str, method: &Method) -> TokenStream {
    let private = private(method.returns);
    let (ident, cfgs, call) = (Ident::new(name, Span::call_site()), &method.cfgs, call(method));
    let (flow, done) = match name {
        "on_start" => (quote!(<#private::ControlFlow<()>>), quote!()),
        // Where it flows to is settled.
        _ => (quote!(), quote!(.map(|_| ()))),
    };
    quote! {
        #cfgs
        async fn #ident(&mut self) -> #private::TaskResult #flow {
            #call #done
        }
    }
}

/// Calls a method; a wrong return type is told on the type.
fn call(method: &Method) -> TokenStream {
    let private = private(method.returns);
    let name = &method.name;
    let wait = method.is_async.then(|| quote_spanned!(method.returns=> .await));
    quote_spanned!(method.returns=> #private::TaskOutput::flow(Self::#name(self)#wait))
}

/// Calls a method that enters a task set.
fn enter(method: &Method) -> TokenStream {
    let private = private(method.returns);
    let name = &method.name;
    quote!(#private::Option::Some(#private::Entered::new(Self::#name(self))))
}

/// Says so where a block belongs to no class and no set.
fn check_struct(class: &Type) -> TokenStream {
    let private = private(class.span());
    let mut class = class.clone();
    if let Type::Path(path) = &mut class
        && let Some(last) = path.path.segments.last_mut()
        && let PathArguments::AngleBracketed(list) = &mut last.arguments
    {
        for argument in &mut list.args {
            // A generic class is `#[user]`'s to complain of.
            let GenericArgument::Lifetime(lifetime) = argument else { return TokenStream::new() };
            lifetime.ident = Ident::new("_", lifetime.ident.span());
        }
    }
    quote! {
        const _: fn() = || {
            fn task_set<T: #private::TaskSet>() {}
            task_set::<#class>();
        };
    }
}

/// The block as it was, with implementations that keep the compiler from complaining about the same mistake again.
pub(super) fn fallback(item: &ItemImpl, errors: Errors) -> TokenStream {
    let (class, private) = (&item.self_ty, private(item.self_ty.span()));
    let (generics, _, bounds) = item.generics.split_for_impl();
    let errors = errors.into_tokens();
    quote! {
        #item
        #errors
        #[automatically_derived]
        impl #generics #private::Tasks for #class #bounds {
            const TASKS: &'static [#private::Task] = &[];

            async fn run(&mut self, _: usize) -> #private::TaskResult<#private::ControlFlow<()>> {
                #private::Result::Ok(#private::ControlFlow::Continue(()))
            }
        }
    }
}
