//! `#[settings]`: a struct whose fields come from flags, environment and files.

use crate::arguments::{Arguments, Known};
use crate::attributes;
use crate::errors::Errors;
use crate::names::private;
use crate::user::{name_of, number};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, ExprUnary, Field, Fields, Item, ItemStruct, Lit, UnOp};

const OPTIONS: [Known; 1] = [Known { name: "prefix", formerly: &[] }];
const FIELD_OPTIONS: [Known; 2] = [
    Known { name: "default", formerly: &[("default_value", "it is `default = …`")] },
    Known { name: "secret", formerly: &[("is_secret", "it is `secret`")] },
];

struct Setting {
    /// Its entry in the schema.
    declared: TokenStream,
    /// How it is read.
    value: TokenStream,
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
    let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if let Some(prefix) = prefix.as_ref().filter(|prefix| !prefix.value().chars().all(upper)) {
        let example = prefix.value().to_uppercase();
        let message = format!("the prefix of environment variables is upper case: `\"{example}\"`");
        errors.on(prefix, message);
    }
    let prefix = prefix.map(|prefix| prefix.value()).unwrap_or_default();
    let fields: Vec<Setting> =
        item.fields.iter_mut().filter_map(|field| parse_field(field, &mut errors)).collect();
    if errors.is_empty() {
        let generated = generate(&item, &prefix, &fields);
        return quote!(#item #generated);
    }
    fallback(&item, errors)
}

fn parse_field(field: &mut Field, errors: &mut Errors) -> Option<Setting> {
    let taken = attributes::take(&mut field.attrs, &["setting"]);
    let (name, kind) = (field.ident.as_ref()?, &field.ty);
    let private = private(kind.span());
    if let Some(second) = taken.get(1) {
        errors.on(second, "`#[setting]` is given twice");
    }
    let arguments = taken.first().map(attributes::arguments).unwrap_or_default();
    let arguments = Arguments::parse(arguments, &FIELD_OPTIONS, errors);
    arguments.no_positional(errors, "`default = …` or `secret`");
    let default = arguments.value("default", errors).map(|value| default_text(value, errors));
    let default = match default.flatten() {
        Some(text) => quote!(#private::Option::Some(#text)),
        None => quote!(#private::Option::None),
    };
    let secret = arguments.switch("secret", errors);
    let (cfgs, doc) = (attributes::cfgs(&field.attrs), attributes::doc(&field.attrs));
    let text = name_of(name);
    let declared = quote! {
        #cfgs
        #private::SettingField { name: #text, doc: #doc, default: #default, secret: #secret }
    };
    let value = quote_spanned! {kind.span()=>
        #cfgs #name: values.field::<#kind>(Self::SCHEMA, #text)?
    };
    Some(Setting { declared, value })
}

/// A default as the text that would be given for it.
fn default_text(value: &Expr, errors: &mut Errors) -> Option<String> {
    let text = match value {
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

fn generate(item: &ItemStruct, prefix: &str, fields: &[Setting]) -> TokenStream {
    let (name, private) = (&item.ident, private(item.ident.span()));
    let (shown, doc) = (name_of(name), attributes::doc(&item.attrs));
    let line = number(name.span().start().line);
    let declared = fields.iter().map(|field| &field.declared);
    let values = fields.iter().map(|field| &field.value);
    quote! {
        #[automatically_derived]
        impl #private::SettingsGroup for #name {
            const SCHEMA: &'static #private::SettingsSchema = &#private::SettingsSchema {
                name: #shown,
                prefix: #prefix,
                doc: #doc,
                file: #private::file!(),
                line: #line,
                fields: &[#(#declared),*],
            };

            fn read(values: &#private::SettingValues) -> #private::Result<Self, #private::SettingError> {
                #private::Result::Ok(Self { #(#values),* })
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
                name: "", prefix: "", doc: "", file: "", line: 0, fields: &[],
            };

            fn read(_: &#private::SettingValues) -> #private::Result<Self, #private::SettingError> {
                loop {}
            }
        }
    }
}
