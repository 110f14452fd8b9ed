//! What stands in an attribute's parentheses: `3`, `weight = 3, tags = ["a"]`, `default = "demo", secret`.

use crate::durations;
use crate::errors::Errors;
use crate::names::{nearest, private};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::parse::{Parse, ParseStream, Parser as _};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned as _;
use syn::{Expr, ExprLit, Ident, Lit, LitStr, Token, UnOp};

/// An option of an attribute, and the names that people from Locust may try instead of it.
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) formerly: &'static [(&'static str, &'static str)],
}

/// The arguments of one attribute.
#[derive(Default)]
pub(crate) struct Arguments {
    /// A value without a name: the weight of a task.
    pub(crate) positional: Option<Expr>,
    named: Vec<(Ident, Option<Expr>)>,
}

enum Argument {
    Positional(Expr),
    Named(Ident, Option<Expr>),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ends = input.peek2(Token![,])
            || input.fork().parse::<Ident>().is_ok() && {
                let ahead = input.fork();
                let _ = ahead.parse::<Ident>();
                ahead.is_empty()
            };
        let lower = |name: &Ident| name.to_string().starts_with(|c: char| c.is_ascii_lowercase());
        if input.peek(Ident) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.parse()?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Named(name, Some(input.parse()?)));
        }
        // A word alone is a switch (`secret`); a constant (`HEAVY`) is a value.
        if input.peek(Ident) && ends && input.fork().parse::<Ident>().is_ok_and(|name| lower(&name))
        {
            return Ok(Self::Named(input.parse()?, None));
        }
        Ok(Self::Positional(input.parse()?))
    }
}

impl Arguments {
    /// Parses them, and checks their names: each known, and given once. Literals such as `5s` are durations.
    pub(crate) fn parse(tokens: TokenStream, known: &[Known], errors: &mut Errors) -> Self {
        let tokens = durations::replace(tokens, errors);
        Self::parse_literally(tokens, known, errors)
    }

    /// The same with literals as they are written.
    pub(crate) fn parse_literally(
        tokens: TokenStream,
        known: &[Known],
        errors: &mut Errors,
    ) -> Self {
        let parser = Punctuated::<Argument, Token![,]>::parse_terminated;
        let Some(list) = errors.take(parser.parse2(tokens)) else { return Self::default() };
        let mut found = Self::default();
        for argument in list {
            match argument {
                Argument::Positional(value) if found.positional.is_none() => {
                    found.positional = Some(value);
                }
                Argument::Positional(value) => errors.on(&value, "one value too many"),
                Argument::Named(name, value) => found.add(name, value, known, errors),
            }
        }
        found
    }

    fn add(&mut self, name: Ident, value: Option<Expr>, known: &[Known], errors: &mut Errors) {
        let names: Vec<&str> = known.iter().map(|known| known.name).collect();
        if !names.iter().any(|known| name == known) {
            errors.on(&name, unknown(&name.to_string(), known, &names));
        } else if self.named.iter().any(|(given, _)| *given == name) {
            errors.on(&name, format!("`{name}` is given twice"));
        } else {
            self.named.push((name, value));
        }
    }

    /// Refuses a value without a name.
    pub(crate) fn no_positional(&self, errors: &mut Errors, example: &str) {
        if let Some(value) = &self.positional {
            errors.on(value, format!("a value without a name; write {example}"));
        }
    }

    /// The value of an option.
    pub(crate) fn value(&self, name: &str, errors: &mut Errors) -> Option<&Expr> {
        let (name, value) = self.named.iter().find(|(given, _)| given == name)?;
        if value.is_none() {
            errors.on(name, format!("`{name}` needs a value: `{name} = …`"));
        }
        value.as_ref()
    }

    /// Whether a switch is given.
    pub(crate) fn switch(&self, name: &str, errors: &mut Errors) -> bool {
        let Some((_, value)) = self.named.iter().find(|(given, _)| given == name) else {
            return false;
        };
        if let Some(value) = value {
            errors.on(value, format!("`{name}` is a switch and takes no value"));
        }
        true
    }

    /// The text of an option.
    pub(crate) fn text(&self, name: &str, errors: &mut Errors) -> Option<LitStr> {
        let value = self.value(name, errors)?;
        if let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = value {
            return Some(text.clone());
        }
        errors.on(value, format!("`{name}` is a text: `{name} = \"…\"`"));
        None
    }
}

fn unknown(name: &str, known: &[Known], names: &[&str]) -> String {
    let formerly = known.iter().flat_map(|known| known.formerly);
    if let Some((_, hint)) = formerly.clone().find(|(old, _)| *old == name) {
        return format!("unknown option `{name}`: {hint}");
    }
    match nearest(name, names) {
        Some(near) => format!("unknown option `{name}`: did you mean `{near}`?"),
        None => format!("unknown option `{name}`; there are `{}`", names.join("`, `")),
    }
}

/// A weight or count as an expression: a literal is checked here, anything else when it is compiled.
pub(crate) fn weight(value: &Expr, what: &str, errors: &mut Errors) -> TokenStream {
    let mut wrong = |why: &str| {
        errors.on(value, format!("{what} is a whole number of at least 1{why}"));
        quote!(1)
    };
    match value {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => match number.base10_parse::<u32>() {
            Ok(0) => wrong("; to leave something out, remove it or put `#[cfg(…)]` on it"),
            Ok(_) => number.to_token_stream(),
            Err(_) => wrong(""),
        },
        Expr::Lit(ExprLit { lit: Lit::Float(_), .. }) => {
            wrong("; only ratios count, so scale all of them up")
        }
        Expr::Lit(ExprLit { lit: Lit::Str(_), .. }) => wrong(", without quotes"),
        Expr::Lit(_) => wrong(""),
        Expr::Unary(unary) if matches!(unary.op, UnOp::Neg(_)) => wrong(""),
        other => {
            let private = private(other.span());
            quote!(#private::weight(#other))
        }
    }
}
