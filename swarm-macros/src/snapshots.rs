//! Expansions, as code that one can read.

use crate::{event, feed, path, settings, shape, task_set, tasks, user};
use proc_macro2::TokenStream;
use std::str::FromStr as _;

fn tokens(code: &str) -> TokenStream {
    TokenStream::from_str(code).expect("these are tokens")
}

/// The code as rustfmt would lay it out.
fn shown(expansion: &TokenStream) -> String {
    let text = expansion.to_string();
    prettyplease::unparse(&syn::parse_file(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

#[test]
fn a_user() {
    let arguments = r#"weight = 3, fixed_count = COUNT, visits = 90/m, iterations = 5, wait = between(1s, 1.5s), host = "http://a""#;
    let item = "
        /// Someone who looks around.
        ///
        /// More of it.
        pub struct Visitor {
            client: HttpClient,
            #[init(Vec::with_capacity(context.number() as usize))]
            basket: Vec<u32>,
            #[cfg(unix)]
            socket: Option<u8>,
        }
    ";
    insta::assert_snapshot!(shown(&user::expand(tokens(arguments), &tokens(item))));
}

#[test]
fn tasks_of_all_sorts() {
    let item = r#"
        impl Visitor {
            #[on_start]
            async fn log_in(&mut self) -> TaskResult { Ok(()) }

            /// Buys something.
            #[task(3)]
            async fn buy(&mut self) -> TaskResult { Ok(()) }

            #[task(weight = HEAVY, name = "look around", tags = ["calm", "free"])]
            fn look(&self) {}

            #[on_stop]
            fn log_out(&mut self) {}

            fn helper(&self) {}
        }
    "#;
    insta::assert_snapshot!(shown(&tasks::expand(&TokenStream::new(), &tokens(item))));
}

#[test]
fn tasks_that_lead_to_each_other_and_to_a_set() {
    let item = r#"
        impl Visitor<'_> {
            #[task]
            #[transition(forum, 3)]
            fn home(&mut self) {}

            /// Stays a while.
            #[task_set(tags = ["social"])]
            #[transition(home)]
            fn forum(&mut self) -> Forum<'_> { Forum(self) }
        }
    "#;
    insta::assert_snapshot!(shown(&tasks::expand(&TokenStream::new(), &tokens(item))));
}

#[test]
fn a_task_set() {
    let item = "struct Forum<'u>(&'u mut Visitor);";
    let arguments = tokens("sequential, wait = constant(2s)");
    insta::assert_snapshot!(shown(&task_set::expand(arguments, &tokens(item))));
}

#[test]
fn tasks_that_may_be_left_out() {
    let item = r#"
        impl Visitor {
            #[task]
            async fn always(&mut self) -> TaskResult { Ok(()) }

            #[cfg(feature = "chaos")]
            #[task]
            async fn sometimes(&mut self) -> TaskResult { Ok(()) }
        }
    "#;
    insta::assert_snapshot!(shown(&tasks::expand(&TokenStream::new(), &tokens(item))));
}

#[test]
fn listeners() {
    let waits = "
        #[cfg(unix)]
        async fn seed(run: &RunSpec) -> TaskResult { Ok(()) }
    ";
    let counts = "fn r#in(event: &RequestEvent<'_>) {}";
    let expansions = [("test_start", waits), ("request", counts)]
        .map(|(arguments, item)| event::expand(&tokens(arguments), &tokens(item)));
    insta::assert_snapshot!(shown(&expansions.into_iter().collect()));
}

#[test]
fn a_shape() {
    let item = "
        /// Up and down.
        #[cfg(unix)]
        fn evening(time: Duration) -> Option<u32> { None }
    ";
    insta::assert_snapshot!(shown(&shape::expand(&TokenStream::new(), &tokens(item))));
}

#[test]
fn settings_of_a_shop() {
    let item = r#"
        /// Who logs in.
        struct Login {
            /// Login name.
            #[setting(default = "demo")]
            username: String,
            #[setting(secret)]
            password: Secret,
            #[setting(default = -3)]
            offset: i32,
        }
    "#;
    let expansion = settings::expand(tokens(r#"prefix = "SHOP""#), &tokens(item));
    insta::assert_snapshot!(shown(&expansion));
}

#[test]
fn a_feed_of_accounts() {
    let item = "
        /// Who logs in.
        #[derive(Deserialize)]
        struct Account { username: String, password: Secret }
    ";
    let arguments = r#"file = "accounts.csv", order = once(then = fail)"#;
    insta::assert_snapshot!(shown(&feed::expand(tokens(arguments), &tokens(item))));
}

#[test]
fn a_feed_from_code() {
    let item = "struct Product(u32);";
    insta::assert_snapshot!(shown(&feed::expand(tokens("rows = catalogue"), &tokens(item))));
}

#[test]
fn a_path() {
    let call = r#""/item/{id}/of/{user}", id = 42"#;
    let expansion = path::expand(tokens(call));
    insta::assert_snapshot!(shown(&tokens(&format!("fn f() {{ {expansion} }}"))));
}

#[test]
fn a_mistake_gives_the_item_back_with_a_stub() {
    let item = "struct Visitor { client: HttpClient }";
    insta::assert_snapshot!(shown(&user::expand(tokens("weight = 0"), &tokens(item))));
}
