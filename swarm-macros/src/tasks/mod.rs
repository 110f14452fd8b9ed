//! `#[tasks]`: the methods of an `impl` block become tasks.

mod transitions;
mod block;
mod generate;

use crate::errors::Errors;
use block::Block;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, Item, ItemImpl};

pub(crate) fn expand(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut item = match syn::parse2(item.clone()) {
        Ok(Item::Impl(item)) => item,
        Ok(other) => {
            errors.on(
                &other,
                "`#[tasks]` stands on an `impl` block; a struct takes `#[user]` or `#[task_set]`",
            );
            return errors.beside(&quote!(#other));
        }
        Err(error) => return Errors::from(error).beside(item),
    };
    if !arguments.is_empty() {
        let message = "`#[tasks]` takes no arguments; weights stand on each `#[task(3)]`, `sequential` on the struct";
        errors.on(arguments, message);
    }
    check(&item, &mut errors);
    let block = Block::parse(&mut item, &mut errors);
    if errors.is_empty() {
        let generated = generate::implementations(&item, &block);
        return quote!(#item #generated);
    }
    generate::fallback(&item, errors)
}

fn check(item: &ItemImpl, errors: &mut Errors) {
    if let Some((of, _)) = &item.trait_ {
        errors.on(of, "`#[tasks]` stands on an inherent block: `impl MyUser { … }`");
    }
    // A task set may borrow the user that is in it.
    let borrows = |parameter: &GenericParam| matches!(parameter, GenericParam::Lifetime(_));
    if !item.generics.params.iter().all(borrows) {
        errors.on(&item.generics, "a user class or task set can't be generic");
    }
}
