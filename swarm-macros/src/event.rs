//! `#[event(…)]`: a function becomes a listener.

use crate::errors::Errors;
use crate::names::{nearest, private};
use crate::{attributes, user};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{FnArg, Ident, Item, ItemFn, PatType, ReturnType, Type};

/// An event, as the attribute names it.
struct Event {
    name: &'static str,
    /// Its variant of `Call`.
    variant: &'static str,
    /// The parameter of its listeners, for messages.
    parameter: &'static str,
    /// The type of what is told.
    told: fn(&TokenStream) -> TokenStream,
    /// What it is called elsewhere, in Locust above all.
    formerly: &'static [&'static str],
}

const EVENTS: [Event; 9] = [
    Event {
        name: "init",
        variant: "Init",
        parameter: "run: &RunSpec",
        told: |private| quote!(&#private::RunSpec),
        formerly: &["init_command_line_parser", "locust_init"],
    },
    Event {
        name: "test_start",
        variant: "TestStart",
        parameter: "run: &RunSpec",
        told: |private| quote!(&#private::RunSpec),
        formerly: &["test_started", "master_start_hatching", "before_test", "setup"],
    },
    Event {
        name: "user_start",
        variant: "UserStart",
        parameter: "context: &Context",
        told: |private| quote!(&#private::Context),
        formerly: &["locust_start_hatching", "on_start"],
    },
    Event {
        name: "request",
        variant: "Request",
        parameter: "event: &RequestEvent<'_>",
        told: |private| quote!(&#private::RequestEvent<'_>),
        formerly: &["request_success", "request_failure"],
    },
    Event {
        name: "user_stop",
        variant: "UserStop",
        parameter: "context: &Context",
        told: |private| quote!(&#private::Context),
        formerly: &["locust_stop_hatching", "on_stop"],
    },
    Event {
        name: "spawning_complete",
        variant: "SpawningComplete",
        parameter: "users: u32",
        told: |_| quote!(u32),
        formerly: &["hatch_complete"],
    },
    Event {
        name: "stopping",
        variant: "Stopping",
        parameter: "why: &Ending",
        told: |private| quote!(&#private::Ending),
        formerly: &["test_stopping", "master_stop_hatching"],
    },
    Event {
        name: "test_stop",
        variant: "TestStop",
        parameter: "report: &Report",
        told: |private| quote!(&#private::Report),
        formerly: &["test_stopped", "after_test", "teardown"],
    },
    Event {
        name: "quitting",
        variant: "Quitting",
        parameter: "event: &mut Quitting",
        told: |private| quote!(&mut #private::Quitting),
        formerly: &["quit"],
    },
];

pub(crate) fn expand(arguments: &TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let function = match syn::parse2(item.clone()) {
        Ok(Item::Fn(function)) => function,
        Ok(other) => {
            errors.on(&other, "`#[event(…)]` stands on a free function");
            return errors.beside(item);
        }
        Err(error) => return Errors::from(error).beside(item),
    };
    let event = event(arguments, &mut errors);
    let parameter = event.and_then(|event| parameter(event, &function, &mut errors));
    match (event, parameter) {
        (Some(event), Some(parameter)) if errors.is_empty() => {
            let generated = generate(event, &function, parameter);
            quote!(#item #generated)
        }
        _ => errors.beside(item),
    }
}

/// The event that the attribute names.
fn event(arguments: &TokenStream, errors: &mut Errors) -> Option<&'static Event> {
    let names = EVENTS.map(|event| event.name);
    let all = names.join("`, `");
    if arguments.is_empty() {
        let message = format!("which event? write `#[event({})]`, or one of `{all}`", names[1]);
        *errors = syn::Error::new(Span::call_site(), message).into();
        return None;
    }
    let Ok(written) = syn::parse2::<Ident>(arguments.clone()) else {
        errors.on(arguments, format!("`#[event(…)]` takes the name of one event: `{all}`"));
        return None;
    };
    let name = user::name_of(&written);
    if let Some(known) = EVENTS.iter().find(|event| event.name == name) {
        return Some(known);
    }
    let formerly = EVENTS.iter().find(|event| event.formerly.contains(&name.as_str()));
    let hint = match (formerly, nearest(&name, &names)) {
        (Some(now), _) => format!(": it is `#[event({})]` with `{}`", now.name, now.parameter),
        (None, Some(near)) => format!(": did you mean `{near}`?"),
        (None, None) => format!("; there are `{all}`"),
    };
    errors.on(&written, format!("unknown event `{name}`{hint}"));
    None
}

/// The one parameter of a function that can listen.
fn parameter<'a>(event: &Event, function: &'a ItemFn, errors: &mut Errors) -> Option<&'a PatType> {
    let signature = &function.sig;
    let Event { name, parameter, .. } = event;
    if !signature.generics.params.is_empty() {
        errors.on(&signature.generics, "a listener can't be generic: nobody says what for");
    }
    if let (Some(word), "request") = (&signature.asyncness, *name) {
        let message = "a listener of `request` can't be `async`: the user's next step would wait for it; send what it hears to a task or thread of your own";
        errors.on(word, message);
    }
    let mut inputs = signature.inputs.iter();
    match (inputs.next(), inputs.next()) {
        (Some(FnArg::Receiver(receiver)), _) => {
            errors.on(receiver, "a listener is a free function: take it out of its `impl` block");
            None
        }
        (Some(FnArg::Typed(one)), None) => {
            if let Type::ImplTrait(kind) = &*one.ty {
                errors.on(kind, format!("a listener of `{name}` takes `{parameter}`"));
            }
            Some(one)
        }
        (Some(_), Some(second)) => {
            let message =
                format!("one parameter too many: a listener of `{name}` takes `{parameter}`");
            errors.on(second, message);
            None
        }
        (None, _) => {
            let message = format!("a listener of `{name}` takes one parameter: `{parameter}`");
            errors.on(&signature.ident, message);
            None
        }
    }
}

fn generate(event: &Event, function: &ItemFn, parameter: &PatType) -> TokenStream {
    let (name, kind) = (&function.sig.ident, &parameter.ty);
    let private = private(Span::call_site());
    let cfgs = attributes::cfgs(&function.attrs);
    let shown = user::name_of(name);
    let variant = Ident::new(event.variant, Span::call_site());
    // Of the macro, so that a function of this name is another.
    let told = Ident::new("told", Span::mixed_site());
    let heard = heard(event, kind, &told);
    let returns = match &function.sig.output {
        ReturnType::Default => name.span(),
        ReturnType::Type(_, kind) => kind.span(),
    };
    let wait = function.sig.asyncness.map(|_| quote_spanned!(returns=> .await));
    let result = {
        let private = crate::names::private(returns);
        quote_spanned!(returns=> #private::TaskOutput::flow(#name(#heard)#wait).map(|_| ()))
    };
    let call = match event.name {
        "request" => quote!(|#told| #result),
        _ => quote!(|#told| #private::Box::pin(async move { #result })),
    };
    quote! {
        #cfgs
        #private::inventory::submit! {
            #private::Listener {
                module: #private::module_path!(),
                name: #shown,
                call: #private::Call::#variant(#call),
            }
        }
    }
}

/// What is told, as the type of the parameter; a wrong one is told on the type.
fn heard(event: &Event, kind: &Type, told: &Ident) -> TokenStream {
    let private = private(kind.span());
    let right = (event.told)(&private);
    quote_spanned!(kind.span()=> <#kind as #private::Told<#right>>::told(#told))
}
