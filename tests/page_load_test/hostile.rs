//! Users whose names and requests would break a page that trusts them.

use swarm_core::prelude::*;

/// <script>window.executed = "doc"</script><b>bold</b>
#[user(wait = constant(20ms))]
struct Hostile {
    client: HttpClient,
}

/// Markup that runs, markup that hides, characters that can't be seen, writing from right to left.
const NAMES: [&str; 7] = [
    "</script><script>window.executed = 'name'</script>",
    "<img src=x onerror=\"window.executed = 'image'\">",
    "\"><style>body { display: none }</style>",
    "{{constructor.constructor('window.executed = 1')()}}",
    "zero\u{0}bell\u{7}escape\u{1b}[31mline\nreturn\rtab\tend",
    "\u{202e}txt.exe \u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202d}",
    "=HYPERLINK(\"http://127.0.0.1\", \"formula, with a comma\")",
];

#[tasks]
impl Hostile {
    #[task]
    async fn attack(&mut self) -> TaskResult {
        for name in NAMES {
            let name_too = move |_: &Response| false.or_fail(format!("failed: {name}"));
            self.client.get("/hostile").name(name).await?;
            let _ = self.client.get("/hostile").name("checked").check(name_too).await;
            log::warn!("logged: {name}");
        }
        let long = "long ".repeat(2_000);
        self.client.get("/hostile").name(long.clone()).await?;
        Err(TaskError::new(format!("{}\n{long}", NAMES.join("\n"))))
    }
}

/// Has a name that no convention of Rust's or JavaScript's makes.
#[user(wait = constant(20ms))]
#[expect(non_camel_case_types, reason = "that is the point")]
struct snake_user {
    client: HttpClient,
}

#[tasks]
impl snake_user {
    #[task]
    async fn get_missing(&mut self) -> TaskResult {
        self.client.get("/missing").name("/missing_page/{some_id}").await?;
        Ok(())
    }

    #[task_set]
    fn view_item(&mut self) -> item_view<'_> {
        item_view { client: &self.client }
    }
}

/// A look at one item.
#[task_set]
#[expect(non_camel_case_types, reason = "that is the point")]
struct item_view<'u> {
    client: &'u HttpClient,
}

#[tasks]
impl item_view<'_> {
    #[task]
    async fn read_more(&mut self) -> Result<ControlFlow<()>, RequestError> {
        self.client.get("/item").await?;
        Ok(ControlFlow::Break(()))
    }
}
