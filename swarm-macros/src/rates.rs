//! Rates as attributes have them: `2/s`, `90/m`, `0.5/h`.

use crate::errors::Errors;
use crate::names::private;
use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned as _;
use syn::{BinOp, Expr, ExprBinary, ExprLit, Lit};

/// Units, with their length in seconds.
const PER: [(&str, f64); 3] = [("s", 1.0), ("m", 60.0), ("h", 3_600.0)];

/// A rate as an expression: `2/s` is checked here, anything else must be one when it is compiled.
pub(crate) fn rate(value: &Expr, name: &str, errors: &mut Errors) -> TokenStream {
    let private = private(value.span());
    let expected = format!("`{name}` is a rate: `{name} = 2/s`, `90/m` or `0.5/h`");
    let per_second = match value {
        Expr::Binary(ExprBinary { left, op: BinOp::Div(_), right, .. }) => per_second(left, right),
        Expr::Lit(_) | Expr::Unary(_) => None,
        other => return quote!(#other),
    };
    match per_second.filter(|rate| *rate > 0.0 && rate.is_finite()) {
        Some(rate) => quote!(#private::Rate(#rate)),
        None => {
            errors.on(value, expected);
            quote!(#private::Rate(1.0))
        }
    }
}

fn per_second(number: &Expr, per: &Expr) -> Option<f64> {
    let number: f64 = match number {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok()?,
        Expr::Lit(ExprLit { lit: Lit::Float(number), .. }) => number.base10_parse().ok()?,
        _ => return None,
    };
    let Expr::Path(per) = per else { return None };
    let (_, length) = PER.into_iter().find(|(unit, _)| per.path.is_ident(unit))?;
    Some(number / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_time() {
        for (text, expected) in [
            ("2/s", Some(2.0)),
            ("90/m", Some(1.5)),
            ("0.5/s", Some(0.5)),
            ("1_800/h", Some(0.5)),
            ("2/day", None),
            ("2/0", None),
            ("x/s", None),
        ] {
            let Expr::Binary(rate) = syn::parse_str(text).expect("an expression") else {
                panic!("{text}")
            };
            assert_eq!(per_second(&rate.left, &rate.right), expected, "{text}");
        }
    }
}
