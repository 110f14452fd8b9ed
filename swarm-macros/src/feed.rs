//! `#[feed]`: a type of rows, with where they come from and in which order they are given out.

use crate::arguments::{Arguments, Known};
use crate::errors::Errors;
use crate::names::{nearest, private};
use crate::user::name_of;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, Generics, Ident, Item, LitStr};

const OPTIONS: [Known; 3] = [
    Known {
        name: "file",
        formerly: &[
            ("path", "it is `file = \"rows.csv\"`"),
            ("csv", "it is `file = \"rows.csv\"`"),
            ("json", "it is `file = \"rows.jsonl\"`"),
        ],
    },
    Known { name: "rows", formerly: &[("code", "it is `rows = my_function`")] },
    Known {
        name: "order",
        formerly: &[
            ("strategy", "it is `order = …`"),
            ("unique", "it is `order = unique`"),
            ("then", "it belongs to `order = once(then = …)`"),
        ],
    },
];

const ORDERS: [&str; 5] = ["circular", "random", "shuffled", "unique", "once"];

pub(crate) fn expand(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let (name, generics) = match syn::parse2(item.clone()) {
        Ok(Item::Struct(item)) => (item.ident, item.generics),
        Ok(Item::Enum(item)) => (item.ident, item.generics),
        Ok(other) => {
            errors.on(&other, "`#[feed]` stands on the struct that a row becomes");
            return errors.beside(item);
        }
        Err(error) => return Errors::from(error).beside(item),
    };
    if !generics.params.is_empty() {
        errors.on(&generics, "rows can't be generic: each feed is one type");
    }
    let arguments = Arguments::parse(arguments, &OPTIONS, &mut errors);
    arguments.no_positional(&mut errors, "`file = \"rows.csv\"`");
    let source = source(&arguments, &name, &mut errors);
    let order = order(&arguments, &name, &mut errors);
    if errors.is_empty() {
        let generated = generate(&name, &source, &order);
        return quote!(#item #generated);
    }
    fallback(item, &name, &generics, errors)
}

/// Where the rows come from.
fn source(arguments: &Arguments, name: &Ident, errors: &mut Errors) -> TokenStream {
    let file = arguments.text("file", errors);
    let rows = arguments.value("rows", errors).cloned();
    match (file, rows) {
        (Some(file), None) => {
            check_file(&file, errors);
            let private = private(name.span());
            // The item's span, because what may be missing is its `Deserialize`.
            quote_spanned!(name.span()=> #private::Source::file(#file))
        }
        (None, Some(rows)) => {
            let private = private(rows.span());
            quote_spanned! {rows.span()=>
                #private::Source::code(|| #private::IntoRows::<#name>::into_rows((#rows)()))
            }
        }
        (Some(_), Some(rows)) => {
            errors.on(&rows, "rows come from a file or from code, not from both");
            TokenStream::new()
        }
        (None, None) => {
            // What is given and wrong has been told.
            if errors.is_empty() {
                errors.on(name, "where do its rows come from? Write `#[feed(file = \"rows.csv\")]`, or `#[feed(rows = my_function)]`");
            }
            TokenStream::new()
        }
    }
}

fn check_file(file: &LitStr, errors: &mut Errors) {
    let path = file.value().to_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| path.ends_with(end));
    if ends(&[".json"]) {
        errors.on(file, "a file of JSON has one object a line, and a name that ends in `.jsonl`");
    } else if !ends(&[".csv", ".tsv", ".jsonl", ".ndjson"]) {
        errors.on(file, "the name of the file ends in `.csv`, `.tsv`, `.jsonl` or `.ndjson`");
    }
}

/// In which order rows are given out.
fn order(arguments: &Arguments, name: &Ident, errors: &mut Errors) -> TokenStream {
    let private = private(name.span());
    let Some(value) = arguments.value("order", errors) else {
        return quote!(#private::Order::Circular);
    };
    match value {
        Expr::Path(path) if path.path.get_ident().is_some() => {
            match path.path.get_ident().map(ToString::to_string).unwrap_or_default().as_str() {
                "circular" => return quote!(#private::Order::Circular),
                "random" => return quote!(#private::Order::Random),
                "shuffled" => return quote!(#private::Order::Shuffled),
                "unique" => return quote!(#private::Order::Unique),
                "once" => {
                    return quote!(#private::Order::Once { then: #private::AtEnd::Stop });
                }
                other => errors.on(value, unknown(other)),
            }
        }
        Expr::Call(call) if is_word(&call.func, "once") => match then(call) {
            Some("stop") => return quote!(#private::Order::Once { then: #private::AtEnd::Stop }),
            Some("fail") => return quote!(#private::Order::Once { then: #private::AtEnd::Fail }),
            Some("wrap") => return quote!(#private::Order::Once { then: #private::AtEnd::Wrap }),
            _ => errors.on(
                &call.args,
                "when all rows are used: `once(then = stop)` ends the user, `once(then = fail)` fails its task, `once(then = wrap)` begins again",
            ),
        },
        _ => errors.on(value, unknown("")),
    }
    TokenStream::new()
}

fn unknown(order: &str) -> String {
    let known = ORDERS.join("`, `");
    match nearest(order, &ORDERS) {
        Some(near) => format!("unknown order `{order}`: did you mean `{near}`?"),
        None => format!("an order is one of `{known}`"),
    }
}

fn is_word(value: &Expr, word: &str) -> bool {
    matches!(value, Expr::Path(path) if path.path.is_ident(word))
}

/// What `once(then = …)` says.
fn then(call: &syn::ExprCall) -> Option<&'static str> {
    let mut arguments = call.args.iter();
    let (Some(Expr::Assign(assign)), None) = (arguments.next(), arguments.next()) else {
        return None;
    };
    let known = ["stop", "fail", "wrap"].into_iter().find(|word| is_word(&assign.right, word));
    known.filter(|_| is_word(&assign.left, "then"))
}

fn generate(name: &Ident, source: &TokenStream, order: &TokenStream) -> TokenStream {
    let (private, shown) = (private(name.span()), name_of(name));
    quote! {
        #[automatically_derived]
        impl #private::FeedRow for #name {
            const FEED: &'static #private::FeedDeclaration<Self> = &#private::FeedDeclaration {
                name: #shown,
                order: #order,
                source: #source,
            };
        }
    }
}

/// The item as it was, with an implementation that keeps the compiler from complaining about the same mistake again.
fn fallback(item: &TokenStream, name: &Ident, generics: &Generics, errors: Errors) -> TokenStream {
    let private = private(name.span());
    let tokens = errors.beside(item);
    if !generics.params.is_empty() {
        return tokens;
    }
    let none = quote!(#private::Source::code(|| loop {}));
    let generated = generate(name, &none, &quote!(#private::Order::Circular));
    quote!(#tokens #generated)
}
