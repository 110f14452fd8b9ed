//! `#[task_set]`: a struct becomes a set of tasks that users enter and leave.

use crate::arguments::{Arguments, Known};
use crate::errors::Errors;
use crate::names::private;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Item};

/// The pause between tasks, of a class or of a set.
pub(crate) const WAIT: Known = Known {
    name: "wait",
    formerly: &[
        ("min_wait", "write `wait = between(1s, 5s)`"),
        ("max_wait", "write `wait = between(1s, 5s)`"),
        ("wait_time", "it is `wait = between(1s, 5s)`"),
        ("wait_function", "it is `wait = custom(my_function)`"),
    ],
};
const OPTIONS: [Known; 2] = [Known { name: "sequential", formerly: &[] }, WAIT];

pub(crate) fn expand(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let parsed = match syn::parse2(item.clone()) {
        Ok(Item::Struct(parsed)) => parsed,
        Ok(Item::Fn(method)) => {
            let message = "`#[task_set]` on a method belongs inside a `#[tasks]` block: `#[tasks] impl MyUser { #[task_set] fn name(&mut self) -> MySet<'_> … }`";
            errors.on(&method.sig.ident, message);
            return errors.beside(item);
        }
        Ok(other) => {
            errors.on(
                &other,
                "`#[task_set]` stands on a struct; its tasks go into a `#[tasks]` block",
            );
            return errors.beside(item);
        }
        Err(error) => return Errors::from(error).beside(item),
    };
    // A set may borrow the user that is in it.
    let borrows = |parameter: &GenericParam| matches!(parameter, GenericParam::Lifetime(_));
    if !parsed.generics.params.iter().all(borrows) {
        errors.on(&parsed.generics, "a task set can't be generic; it may borrow: `struct MySet<'u> { user: &'u mut MyUser }`");
        return errors.beside(item);
    }
    let arguments = Arguments::parse(arguments, &OPTIONS, &mut errors);
    arguments.no_positional(&mut errors, "`sequential`");
    let sequential = arguments.switch("sequential", &mut errors);
    let private = private(parsed.ident.span());
    let wait = match arguments.value("wait", &mut errors) {
        Some(wait) => quote!(#private::Option::Some(#wait)),
        None => quote!(#private::Option::None),
    };
    let errors = errors.into_tokens();
    let name = &parsed.ident;
    let (generics, lifetimes, _) = parsed.generics.split_for_impl();
    quote! {
        #item
        #errors
        #[automatically_derived]
        impl #generics #private::TaskSet for #name #lifetimes {
            const SEQUENTIAL: bool = #sequential;
            const WAIT: #private::Option<#private::Wait> = #wait;
        }
    }
}
