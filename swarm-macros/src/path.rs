//! `path!`: a path that is requested with values and reported without.

use crate::errors::Errors;
use crate::names::private;
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Expr, Ident, LitStr, Token};

struct Call {
    template: LitStr,
    values: Vec<(Ident, Expr)>,
}

struct Value(Ident, Expr);

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let name = input.parse()?;
        input.parse::<Token![=]>()?;
        Ok(Self(name, input.parse()?))
    }
}

impl Parse for Call {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let template = input.parse()?;
        if !input.is_empty() {
            input.parse::<Token![,]>()?;
        }
        let values = Punctuated::<Value, Token![,]>::parse_terminated(input)?;
        Ok(Self {
            template,
            values: values.into_iter().map(|Value(name, value)| (name, value)).collect(),
        })
    }
}

pub(crate) fn expand(arguments: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let call: Call = match syn::parse2(arguments) {
        Ok(call) => call,
        Err(error) => {
            let hint = "a path looks like: `path!(\"/item/{id}\", id = 42)`";
            let mut error = error;
            error.combine(syn::Error::new(error.span(), hint));
            return error.to_compile_error();
        }
    };
    let names = check(&call, &mut errors);
    if !errors.is_empty() {
        let errors = errors.into_tokens();
        return quote!({ #errors });
    }
    let (template, private) = (&call.template, private(call.template.span()));
    let pattern = LitStr::new(&pattern(&template.value()), template.span());
    let values = names.iter().map(|name| {
        let given = call.values.iter().find(|(given, _)| given == name);
        match given {
            Some((_, value)) => quote!(#private::path_segment(&(#value))),
            None => quote!(#private::path_segment(&#name)),
        }
    });
    quote!(#private::Path::new(#template, #private::format!(#pattern, #(#values),*)))
}

/// The placeholders, in order; mistakes are noted.
fn check(call: &Call, errors: &mut Errors) -> Vec<Ident> {
    let text = call.template.value();
    if !(text.starts_with('/') || text.starts_with("http://") || text.starts_with("https://")) {
        errors.on(
            &call.template,
            format!("`{text}` is no path: begin it with `/`, or with `https://`"),
        );
    }
    let mut names = Vec::new();
    let mut rest = text.as_str();
    while let Some(open) = rest.find(['{', '}']) {
        let after = &rest[open + 1..];
        let close = after.find(['{', '}']);
        let (true, Some(close)) =
            (rest.as_bytes()[open] == b'{', close.filter(|at| after.as_bytes()[*at] == b'}'))
        else {
            errors.on(&call.template, "a brace without its other half; a placeholder is `{name}`");
            return names;
        };
        let name = &after[..close];
        match syn::parse_str::<Ident>(name) {
            Ok(mut ident) => {
                ident.set_span(call.template.span());
                names.push(ident);
            }
            Err(_) => {
                let message = format!(
                    "`{{{name}}}` is no placeholder: write `{{id}}`, and `id = …` after the path"
                );
                errors.on(&call.template, message);
            }
        }
        rest = &after[close + 1..];
    }
    for (given, _) in &call.values {
        if !names.iter().any(|name| name == given) {
            errors.on(given, format!("the path has no `{{{given}}}`"));
        }
    }
    names
}

/// The template with anonymous placeholders.
fn pattern(template: &str) -> String {
    let mut pattern = String::new();
    let mut inside = false;
    for letter in template.chars() {
        inside = letter == '{' || inside && letter != '}';
        if !inside || letter == '{' {
            pattern.push(letter);
        }
    }
    pattern
}
