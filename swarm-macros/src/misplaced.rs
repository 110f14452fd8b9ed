//! `#[task]`, `#[on_start]` and `#[on_stop]` where no `#[tasks]` block took them.

use proc_macro2::{Span, TokenStream};

/// Says where the attribute belongs, and leaves the item as it was.
pub(crate) fn expand(name: &str, item: TokenStream) -> TokenStream {
    let message = format!(
        "`#[{name}]` belongs on a method inside a `#[tasks]` block: `#[tasks] impl MyUser {{ #[{name}] async fn … }}`"
    );
    let mut tokens = syn::Error::new(Span::call_site(), message).to_compile_error();
    tokens.extend(item);
    tokens
}
