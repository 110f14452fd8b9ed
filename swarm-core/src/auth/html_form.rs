//! Forms of web pages: what a browser would send for them.

use html5gum::{StartTag, Token, Tokenizer};

/// A form: `<input>` and `<button>` are understood, which is what logins are made of.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct HtmlForm {
    /// Where it is sent, as it stands in the page; empty for the page itself.
    pub(super) action: String,
    /// Whether it is sent by POST; else by GET.
    pub(super) by_post: bool,
    /// Whether it asks for a password.
    pub(super) asks_for_password: bool,
    /// What is sent for its inputs: name and value. Among them the token against forged requests, which is a hidden one.
    pub(super) inputs: Vec<(String, String)>,
    /// Its named buttons: name and value.
    pub(super) buttons: Vec<(String, String)>,
}

impl HtmlForm {
    /// The forms of a page.
    pub(super) fn all(page: &str) -> Vec<Self> {
        let mut forms: Vec<Self> = Vec::new();
        let mut open = false;
        for Ok(token) in Tokenizer::new(page) {
            match token {
                Token::StartTag(tag) if *tag.name == b"form"[..] && !open => {
                    open = true;
                    let by_post = attribute(&tag, "method").eq_ignore_ascii_case("post");
                    let action = attribute(&tag, "action");
                    forms.push(Self { action, by_post, ..Self::default() });
                }
                Token::EndTag(tag) if *tag.name == b"form"[..] => open = false,
                Token::StartTag(tag) if open => {
                    if let Some(form) = forms.last_mut() {
                        form.add(&tag);
                    }
                }
                _ => {}
            }
        }
        forms
    }

    /// The first form that asks for a password, else the first.
    pub(super) fn of_login(page: &str) -> Option<Self> {
        let mut forms = Self::all(page);
        let at = forms.iter().position(|form| form.asks_for_password).unwrap_or(0);
        (at < forms.len()).then(|| forms.swap_remove(at))
    }

    fn add(&mut self, tag: &StartTag<()>) {
        let (name, value) = (attribute(tag, "name"), attribute(tag, "value"));
        let kind = attribute(tag, "type").to_ascii_lowercase();
        let is_input = *tag.name == b"input"[..];
        let is_button = *tag.name == b"button"[..];
        self.asks_for_password |= is_input && kind == "password";
        if name.is_empty() || !(is_input || is_button) {
            return;
        }
        match kind.as_str() {
            "submit" | "image" => self.buttons.push((name, value)),
            "" if is_button => self.buttons.push((name, value)),
            "reset" | "button" | "file" => {}
            "checkbox" | "radio" if !tag.attributes.contains_key(&b"checked"[..]) => {}
            "checkbox" | "radio" if value.is_empty() => self.inputs.push((name, "on".to_owned())),
            _ if is_input => self.inputs.push((name, value)),
            _ => {}
        }
    }
}

fn attribute(tag: &StartTag<()>, name: &str) -> String {
    let value = tag.attributes.get(name.as_bytes());
    value.map(|value| String::from_utf8_lossy(value).into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_form_of_a_login_is_found_with_what_it_sends() {
        let page = r#"<!doctype html><form action=/search><input name="q"></form>
            <!-- <form><input type="password" name="old"></form> -->
            <FORM method=POST action='/login?next=%2F&amp;x=1'>
              <input type="hidden" name="csrf" value="a&quot;b&amp;c">
              <input name="user"><input type=PASSWORD name="password">
              <input type="checkbox" name="remember"><input type=radio name=kind checked>
              <input type="submit" value="Cancel"><button name="go" value="1">Log in</button>
              <button type="button" name="help">?</button><input value="no name">
            </FORM><input name="outside">"#;
        let form = HtmlForm::of_login(page).expect("a form");
        assert_eq!(form.action, "/login?next=%2F&x=1");
        assert!(form.by_post && form.asks_for_password);
        let inputs = [("csrf", "a\"b&c"), ("user", ""), ("password", ""), ("kind", "on")];
        assert_eq!(form.inputs, pairs(&inputs));
        assert_eq!(form.buttons, pairs(&[("go", "1")]));
        assert_eq!(HtmlForm::all(page).len(), 2);
    }

    #[test]
    fn a_page_without_password_gives_its_first_form_and_one_without_form_none() {
        let form = HtmlForm::of_login("<form><input name=a></form><form>").expect("a form");
        assert_eq!((form.by_post, form.inputs), (false, pairs(&[("a", "")])));
        for page in ["", "hello", "<p>", "{\"form\": 1}"] {
            assert_eq!(HtmlForm::of_login(page), None, "{page}");
        }
    }
}
