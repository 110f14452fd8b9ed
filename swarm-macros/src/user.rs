//! `#[user]`: a struct becomes a user class.

use crate::arguments::{Arguments, Known, weight};
use crate::errors::Errors;
use crate::names::private;
use crate::task_set::WAIT;
use crate::{attributes, durations, rates};
use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, Field, Fields, GenericArgument, Ident, Item, ItemStruct, PathArguments, Type};

const OPTIONS: [Known; 8] = [
    Known { name: "weight", formerly: &[] },
    Known { name: "fixed_count", formerly: &[] },
    Known { name: "visits", formerly: &[("arrivals", "it is `visits = 2/s`")] },
    Known { name: "iterations", formerly: &[] },
    Known { name: "sequential", formerly: &[] },
    WAIT,
    Known { name: "host", formerly: &[("base_url", "it is `host = \"https://…\"`")] },
    Known {
        name: "name",
        formerly: &[
            ("tasks", "tasks are the `#[task]` methods of a `#[tasks]` block"),
            ("task_set", "tasks are the `#[task]` methods of a `#[tasks]` block"),
        ],
    },
];

/// What the attribute says, as expressions.
struct Class {
    weight: TokenStream,
    fixed_count: TokenStream,
    visits: TokenStream,
    iterations: TokenStream,
    wait: TokenStream,
    host: TokenStream,
    sequential: bool,
    name: String,
    doc: String,
    fields: Vec<BuiltField>,
}

/// How a field is built.
struct BuiltField {
    cfgs: TokenStream,
    name: Ident,
    need: Option<TokenStream>,
    value: TokenStream,
}

pub(crate) fn expand(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut item = match syn::parse2(item.clone()) {
        Ok(Item::Struct(item)) => item,
        Ok(other) => {
            errors.on(&other, "`#[user]` stands on a struct; tasks go into a `#[tasks]` block");
            return errors.beside(item);
        }
        Err(error) => return Errors::from(error).beside(item),
    };
    check(&item, &mut errors);
    let class = parse(arguments, &mut item, &mut errors);
    if errors.is_empty() {
        let generated = generate(&item, &class);
        return quote!(#item #generated);
    }
    fallback(&item, errors)
}

fn check(item: &ItemStruct, errors: &mut Errors) {
    if !item.generics.params.is_empty() {
        let message =
            "a user class can't be generic: each class is one type that is found by itself";
        errors.on(&item.generics, message);
    }
    if let Fields::Unnamed(fields) = &item.fields {
        errors.on(fields, "a user class has named fields: `struct MyUser { client: HttpClient }`");
    }
}

fn parse(arguments: TokenStream, item: &mut ItemStruct, errors: &mut Errors) -> Class {
    let private = private(item.ident.span());
    let arguments = Arguments::parse(arguments, &OPTIONS, errors);
    arguments.no_positional(errors, "`weight = 3`");
    let number = |name: &str, missing: TokenStream, errors: &mut Errors| {
        let value = arguments.value(name, errors).cloned();
        value.map_or(missing, |value| weight(&value, &format!("`{name}`"), errors))
    };
    Class {
        weight: number("weight", quote!(1), errors),
        fixed_count: number("fixed_count", quote!(0), errors),
        visits: match arguments.value("visits", errors) {
            Some(value) => {
                let rate = rates::rate(value, "visits", errors);
                quote!(#private::Option::Some(#rate))
            }
            None => quote!(#private::Option::None),
        },
        iterations: match arguments.value("iterations", errors) {
            Some(value) => {
                let number = weight(value, "`iterations`", errors);
                quote!(#private::Option::Some(#number))
            }
            None => quote!(#private::Option::None),
        },
        wait: arguments
            .value("wait", errors)
            .map_or_else(|| quote!(#private::Wait::NONE), |value| quote!(#value)),
        host: arguments.text("host", errors).map_or_else(
            || quote!(#private::Option::None),
            |host| quote!(#private::Option::Some(#host)),
        ),
        sequential: arguments.switch("sequential", errors),
        name: arguments
            .text("name", errors)
            .map_or_else(|| name_of(&item.ident), |name| name.value()),
        doc: attributes::doc(&item.attrs),
        fields: item.fields.iter_mut().filter_map(|field| parse_field(field, errors)).collect(),
    }
}

/// A name as it is spoken: without the `r#` of a raw identifier.
pub(crate) fn name_of(name: &Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}

fn parse_field(field: &mut Field, errors: &mut Errors) -> Option<BuiltField> {
    let init = attributes::take(&mut field.attrs, &["init"]);
    let (name, kind) = (field.ident.clone()?, &field.ty);
    let private = private(kind.span());
    let cfgs = attributes::cfgs(&field.attrs);
    if let Some(second) = init.get(1) {
        errors.on(second, "`#[init]` is given twice");
    }
    let Some(init) = init.first() else {
        // Settings and rows are seen from what they are of, because what may be missing is its attribute.
        let settings = argument_of(kind, "Settings");
        let row = argument_of(kind, "Feed").or_else(|| argument_of(kind, "Row"));
        let field = match settings.or(row) {
            Some(of) if settings.is_some() => {
                quote_spanned!(of.span()=> <#of as #private::SettingsField>)
            }
            Some(of) => quote_spanned!(of.span()=> <#of as #private::FeedField<#kind>>),
            None => quote_spanned!(kind.span()=> <#kind as #private::FromContext>),
        };
        let need = Some(quote!(#field::NEEDS));
        return Some(BuiltField {
            cfgs,
            name,
            need,
            value: quote!(#field::from_context(context)?),
        });
    };
    let expression = durations::replace(attributes::arguments(init), errors);
    match syn::parse2::<Expr>(expression) {
        Ok(value) => Some(BuiltField { cfgs, name, need: None, value: quote!(#value) }),
        Err(_) => {
            errors.on(
                init,
                "`#[init(…)]` takes the expression that builds the field; it may use `context`",
            );
            None
        }
    }
}

/// `T`, if the type is written `Name<T>`, with any path before it.
pub(crate) fn argument_of<'a>(kind: &'a Type, name: &str) -> Option<&'a Type> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == name)?;
    match &last.arguments {
        PathArguments::AngleBracketed(list) if list.args.len() == 1 => match &list.args[0] {
            GenericArgument::Type(inner) => Some(inner),
            _ => None,
        },
        _ => None,
    }
}

fn generate(item: &ItemStruct, class: &Class) -> TokenStream {
    let name = &item.ident;
    let private = private(name.span());
    let context = Ident::new("context", proc_macro2::Span::call_site());
    let Class { weight, fixed_count, visits, iterations, wait, host, sequential, .. } = class;
    let Class { name: shown, doc, fields, .. } = class;
    let needs = fields.iter().filter_map(|field| {
        let (cfgs, need) = (&field.cfgs, field.need.as_ref()?);
        Some(quote!(#cfgs #need))
    });
    let values =
        fields.iter().map(|BuiltField { cfgs, name, value, .. }| quote!(#cfgs #name: #value));
    let place = name.span().start();
    let (line, column) = (number(place.line), number(place.column + 1));
    quote! {
        #[automatically_derived]
        impl #private::User for #name {
            const SEQUENTIAL: bool = #sequential;
            const NEEDS: &'static [#private::Needs] = &[#(#needs),*];

            fn build(#context: &#private::Context) -> #private::Result<Self, #private::SetupError> {
                let _ = #context;
                #private::Result::Ok(Self { #(#values),* })
            }
        }

        #private::inventory::submit! {
            #private::class::<#name>(#private::ClassArgs {
                name: #shown,
                module: #private::module_path!(),
                file: #private::file!(),
                line: #line,
                column: #column,
                doc: #doc,
                weight: #weight,
                fixed_count: #fixed_count,
                    visits: #visits,
                    iterations: #iterations,
                wait: #wait,
                host: #host,
            })
        }
    }
}

/// The struct as it was, with an implementation that keeps the compiler from complaining about the same mistake again.
fn fallback(item: &ItemStruct, errors: Errors) -> TokenStream {
    let (name, private) = (&item.ident, private(item.ident.span()));
    let errors = errors.into_tokens();
    if !item.generics.params.is_empty() {
        // Its tasks belong to one of its types, and it is that one that would need the implementation.
        return quote!(#item #errors);
    }
    quote! {
        #item
        #errors
        #[automatically_derived]
        impl #private::User for #name {
            const SEQUENTIAL: bool = false;
            const NEEDS: &'static [#private::Needs] = &[];

            fn build(_: &#private::Context) -> #private::Result<Self, #private::SetupError> {
                #private::Result::Err(#private::SetupError::new(""))
            }
        }
    }
}

/// A line or column.
pub(crate) fn number(number: usize) -> Literal {
    Literal::u32_unsuffixed(u32::try_from(number).unwrap_or(u32::MAX))
}
