//! `#[shape]`: a function of time becomes a load.

use crate::errors::Errors;
use crate::names::private;
use crate::{attributes, user};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{FnArg, Item, ItemFn, ReturnType, Type};

/// How one is written, for messages.
const EXAMPLE: &str = "`fn evening(time: Duration) -> Option<u32>`";

pub(crate) fn expand(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let function = match syn::parse2(item.clone()) {
        Ok(Item::Fn(function)) => function,
        Ok(other) => {
            errors.on(&other, "`#[shape]` stands on a free function");
            return errors.beside(item);
        }
        Err(error) => return Errors::from(error).beside(item),
    };
    if !arguments.is_empty() {
        errors.on(arguments, "`#[shape]` takes nothing: its name is the function's");
    }
    let returned = check(&function, &mut errors);
    match returned {
        Some(returned) if errors.is_empty() => {
            let generated = generate(&function, returned);
            quote!(#item #generated)
        }
        _ => errors.beside(item),
    }
}

/// What the function returns, if it can be a shape.
fn check<'a>(function: &'a ItemFn, errors: &mut Errors) -> Option<&'a Type> {
    let signature = &function.sig;
    if !signature.generics.params.is_empty() {
        errors.on(&signature.generics, "a shape can't be generic: nobody says what for");
    }
    if let Some(word) = &signature.asyncness {
        errors.on(word, "a shape can't be `async`: it is a function of time alone, asked ahead");
    }
    let mut inputs = signature.inputs.iter();
    match (inputs.next(), inputs.next()) {
        (Some(FnArg::Receiver(receiver)), _) => {
            errors.on(receiver, "a shape is a free function: take it out of its `impl` block");
        }
        (Some(FnArg::Typed(_)), None) => {}
        (Some(_), Some(second)) => {
            errors.on(second, format!("one parameter too many: a shape is {EXAMPLE}"));
        }
        (None, _) => {
            let message = format!("a shape takes the time since the start: {EXAMPLE}");
            errors.on(&signature.ident, message);
        }
    }
    match &signature.output {
        ReturnType::Type(_, kind) => Some(kind),
        ReturnType::Default => {
            errors
                .on(&signature.ident, format!("a shape says how many users there are: {EXAMPLE}"));
            None
        }
    }
}

fn generate(function: &ItemFn, returned: &Type) -> TokenStream {
    let name = &function.sig.ident;
    let private = private(Span::call_site());
    let cfgs = attributes::cfgs(&function.attrs);
    let (shown, doc) = (user::name_of(name), attributes::doc(&function.attrs));
    // Of the macro, so that a function of this name is another; a wrong type is told on the parameter.
    let parameter = function.sig.inputs.first().map_or_else(Span::call_site, |it| it.span());
    let time = Ident::new("time", Span::mixed_site().located_at(parameter));
    let level = {
        let private = crate::names::private(returned.span());
        quote_spanned!(returned.span()=> <#returned as #private::Level>)
    };
    let call = quote_spanned!(parameter=> #name(#time));
    quote! {
        #cfgs
        #private::inventory::submit! {
            #private::Shape {
                module: #private::module_path!(),
                name: #shown,
                doc: #doc,
                unit: #level::UNIT,
                at: |#time| #level::level(#call),
            }
        }
    }
}
