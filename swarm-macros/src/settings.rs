//! `#[settings]`: a struct whose fields come from flags, environment and files.

use crate::arguments::{Arguments, Known};
use crate::attributes;
use crate::durations::is_duration;
use crate::errors::Errors;
use crate::names::private;
use crate::user::{argument_of, name_of, number};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, ExprUnary, Field, Fields, Item, ItemStruct, Lit, LitStr, Type, UnOp};

const OPTIONS: [Known; 2] =
    [Known { name: "prefix", formerly: &[] }, Known { name: "prefix_flags", formerly: &[] }];
const FIELD_OPTIONS: [Known; 2] = [
    Known { name: "default", formerly: &[("default_value", "it is `default = …`")] },
    Known { name: "secret", formerly: &[("is_secret", "it is `secret`")] },
];

/// What the attribute says.
struct Group {
    prefix: String,
    prefix_flags: bool,
    fields: Vec<Setting>,
}

struct Setting {
    cfgs: TokenStream,
    name: Ident,
    /// Its entry in the schema.
    declared: TokenStream,
    /// How it is read.
    read: TokenStream,
}

/// How many values a type has, and of which type one is: as clap's derive, by how the type is written.
enum Kind<'a> {
    One(&'a Type),
    Optional(&'a Type),
    List(&'a Type),
}

pub(crate) fn expand(arguments: TokenStream, item: &TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let mut item = match syn::parse2(item.clone()) {
        Ok(Item::Struct(item)) => item,
        Ok(other) => {
            errors.on(&other, "`#[settings]` stands on a struct");
            return errors.beside(item);
        }
        Err(error) => return Errors::from(error).beside(item),
    };
    if !matches!(item.fields, Fields::Named(_)) {
        errors
            .on(&item.ident, "settings are named fields: `struct MySettings { username: String }`");
    }
    if !item.generics.params.is_empty() {
        errors.on(&item.generics, "settings can't be generic");
    }
    let arguments = Arguments::parse(arguments, &OPTIONS, &mut errors);
    arguments.no_positional(&mut errors, "`prefix = \"SHOP\"`");
    let prefix = arguments.text("prefix", &mut errors);
    if let Some(prefix) = &prefix {
        check_prefix(prefix, &mut errors);
    }
    let prefix_flags = arguments.switch("prefix_flags", &mut errors);
    if prefix_flags && prefix.is_none() {
        errors.on(&item.ident, "`prefix_flags` needs a prefix: `prefix = \"SHOP\"`");
    }
    let prefix = prefix.map(|prefix| prefix.value()).unwrap_or_default();
    let fields =
        item.fields.iter_mut().filter_map(|field| parse_field(field, &mut errors)).collect();
    if errors.is_empty() {
        let generated = generate(&item, &Group { prefix, prefix_flags, fields });
        return quote!(#item #generated);
    }
    fallback(&item, errors)
}

fn check_prefix(prefix: &LitStr, errors: &mut Errors) {
    let text = prefix.value();
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if text == "SWARM" {
        errors.on(prefix, "`SWARM` is the prefix of swarm's own options; choose another");
    } else if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        errors.on(prefix, "the prefix of environment variables begins with a letter: `\"SHOP\"`");
    } else if !text.chars().all(allowed) {
        let example = text.to_uppercase().replace(|c| !allowed(c), "_");
        let message = format!("the prefix of environment variables is upper case: `\"{example}\"`");
        errors.on(prefix, message);
    }
}

fn parse_field(field: &mut Field, errors: &mut Errors) -> Option<Setting> {
    let taken = attributes::take(&mut field.attrs, &["setting"]);
    let name = field.ident.clone()?;
    if let Some(second) = taken.get(1) {
        errors.on(second, "`#[setting]` is given twice");
    }
    let arguments = taken.first().map(attributes::arguments).unwrap_or_default();
    let arguments = Arguments::parse_literally(arguments, &FIELD_OPTIONS, errors);
    arguments.no_positional(errors, "`default = …` or `secret`");
    let kind = kind_of(&field.ty, errors);
    let default = arguments.value("default", errors);
    let default = default.map(|value| defaults(value, &kind, errors)).unwrap_or_default();
    let (Kind::One(item) | Kind::Optional(item) | Kind::List(item)) = kind;
    let secret = arguments.switch("secret", errors) || is_named(item, "Secret");
    let private = private(field.ty.span());
    let (read, kind, default) = match kind {
        Kind::List(_) => (quote!(list), quote!(List), default),
        Kind::Optional(_) => (quote!(optional), quote!(Optional), default),
        Kind::One(_) if !is_named(item, "bool") => (quote!(one), quote!(One), default),
        Kind::One(_) if default.is_empty() => {
            (quote!(one), quote!(Switch), vec!["false".to_owned()])
        }
        Kind::One(_) => (quote!(one), quote!(Switch), default),
    };
    let (text, doc) = (name_of(&name), attributes::doc(&field.attrs));
    let line = number(name.span().start().line);
    let declared = quote! {
        #private::SettingField {
            name: #text,
            doc: #doc,
            line: #line,
            kind: #private::SettingKind::#kind,
            default: &[#(#default),*],
            secret: #secret,
        }
    };
    let parse = if is_named(item, "bool") {
        quote!(#private::switch)
    } else if is_std_duration(item) {
        quote!(#private::duration)
    } else {
        quote_spanned!(item.span()=> <#item as #private::SettingValue>::from_text)
    };
    let cfgs = attributes::cfgs(&field.attrs);
    Some(Setting { cfgs, name, declared, read: quote!(#read(#text, #parse)) })
}

fn kind_of<'a>(kind: &'a Type, errors: &mut Errors) -> Kind<'a> {
    let (optional, list) = (argument_of(kind, "Option"), argument_of(kind, "Vec"));
    let Some(item) = optional.or(list) else { return Kind::One(kind) };
    if argument_of(item, "Vec").is_some() {
        errors.on(
            kind,
            "a list that is not given is empty, and its items are single values: write `Vec<T>`",
        );
    } else if argument_of(item, "Option").is_some() {
        errors.on(kind, "write `Option<T>` or `Vec<T>` of a single value");
    }
    if optional.is_some() { Kind::Optional(item) } else { Kind::List(item) }
}

/// Whether a type is written with this name, with any path before it.
fn is_named(kind: &Type, name: &str) -> bool {
    matches!(kind, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == name))
}

/// Whether it is the `Duration` of the prelude; another one has a longer path of its own.
fn is_std_duration(kind: &Type) -> bool {
    let path = kind.to_token_stream().to_string().replace(' ', "");
    ["Duration", "time::Duration", "std::time::Duration", "core::time::Duration"]
        .contains(&path.trim_start_matches("::"))
}

/// A default as the texts that would be given for it.
fn defaults(value: &Expr, kind: &Kind<'_>, errors: &mut Errors) -> Vec<String> {
    match (kind, value) {
        (Kind::Optional(_), _) => {
            errors.on(value, "an `Option` has no default: without a value it is `None`");
            Vec::new()
        }
        (Kind::List(item), Expr::Array(array)) => {
            array.elems.iter().filter_map(|value| default_text(value, item, errors)).collect()
        }
        (Kind::List(_), _) => {
            errors.on(value, "the default of a list is a list: `default = [\"a\", \"b\"]`");
            Vec::new()
        }
        (Kind::One(item), _) => default_text(value, item, errors).into_iter().collect(),
    }
}

/// A default as the text that would be given for it.
fn default_text(value: &Expr, kind: &Type, errors: &mut Errors) -> Option<String> {
    let text = match value {
        Expr::Lit(ExprLit { lit, .. }) if is_duration(lit, errors) => {
            if !is_std_duration(kind) {
                errors.on(value, "a duration is the default of a `Duration`");
            }
            Some(lit.to_token_stream().to_string().replace('_', ""))
        }
        Expr::Lit(ExprLit { lit, .. }) => literal_text(lit),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => match &**expr {
            Expr::Lit(ExprLit { lit, .. }) => literal_text(lit).map(|text| format!("-{text}")),
            _ => None,
        },
        _ => None,
    };
    if text.is_none() {
        errors
            .on(value, "a default is a literal, as it would be given: `\"demo\"`, `8080`, `true`");
    }
    text
}

fn literal_text(literal: &Lit) -> Option<String> {
    match literal {
        Lit::Str(text) => Some(text.value()),
        Lit::Int(number) => Some(number.base10_digits().to_owned()),
        Lit::Float(number) => Some(number.base10_digits().to_owned()),
        Lit::Bool(truth) => Some(truth.value.to_string()),
        Lit::Char(letter) => Some(letter.value().to_string()),
        _ => None,
    }
}

fn generate(item: &ItemStruct, group: &Group) -> TokenStream {
    let (name, private) = (&item.ident, private(item.ident.span()));
    let (shown, doc) = (name_of(name), attributes::doc(&item.attrs));
    let line = number(name.span().start().line);
    let Group { prefix, prefix_flags, fields } = group;
    let declared = fields.iter().map(|Setting { cfgs, declared, .. }| quote!(#cfgs #declared));
    // A field may have this name too.
    let reader = Ident::new("reader", Span::mixed_site());
    let reads = fields.iter().map(|Setting { cfgs, name, read, .. }| {
        quote! {
            #cfgs
            let #name = #reader.#read;
        }
    });
    let values = fields.iter().map(|Setting { cfgs, name, .. }| quote!(#cfgs #name: #name?));
    quote! {
        #[automatically_derived]
        impl #private::SettingsGroup for #name {
            const SCHEMA: &'static #private::SettingsSchema = &#private::SettingsSchema {
                name: #shown,
                prefix: #prefix,
                prefix_flags: #prefix_flags,
                doc: #doc,
                file: #private::file!(),
                line: #line,
                fields: &[#(#declared),*],
            };

            fn read(#reader: &mut #private::SettingReader<'_>) -> #private::Option<Self> {
                let _ = &#reader;
                #(#reads)*
                #private::Option::Some(Self { #(#values),* })
            }
        }
    }
}

/// The struct as it was, with an implementation that keeps the compiler from complaining about the same mistake again.
fn fallback(item: &ItemStruct, errors: Errors) -> TokenStream {
    let (name, private) = (&item.ident, private(item.ident.span()));
    let errors = errors.into_tokens();
    if !item.generics.params.is_empty() {
        return quote!(#item #errors);
    }
    quote! {
        #item
        #errors
        #[automatically_derived]
        impl #private::SettingsGroup for #name {
            const SCHEMA: &'static #private::SettingsSchema = &#private::SettingsSchema {
                name: "", prefix: "", prefix_flags: false, doc: "", file: "", line: 0, fields: &[],
            };

            fn read(_: &mut #private::SettingReader<'_>) -> #private::Option<Self> {
                #private::Option::None
            }
        }
    }
}
