//! What the attributes make of well-formed code: classes that are found, with all that was said of them.

#![forbid(unsafe_code)]
// Expansions must be silent here; the tasks below do little, on purpose.
#![warn(clippy::pedantic)]
#![expect(clippy::unused_self, clippy::unused_async, reason = "tasks that do little")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use swarm_core::prelude::*;
use swarm_core::settings::SettingValues;
use swarm_core::user::{Order, Registry, UserClass};

const HEAVY: u32 = 5;

/// Buys   things,
/// of all sorts.
///
/// Not this paragraph.
#[user(weight = 3, wait = between(250ms, 1.5s), host = "http://127.0.0.1:1")]
struct Buyer {
    client: HttpClient,
    context: Context,
    basket: Vec<u32>,
    #[init(context.number() + 100)]
    badge: u32,
    #[cfg(not(test))]
    never: NotEvenAType,
    #[cfg(test)]
    always: bool,
}

#[tasks]
impl Buyer {
    #[on_start]
    fn arrive(&mut self) {
        self.always = self.badge == self.context.number() + 100;
    }

    /// Buys one.
    #[task(HEAVY)]
    async fn buy(&mut self) -> TaskResult {
        self.client.get("/").await?;
        self.basket.push(1);
        Ok(())
    }

    #[task(weight = HEAVY * 2, name = "look around", tags = ["calm", "free"])]
    async fn look(&mut self) -> Result<(), std::fmt::Error> {
        Ok(())
    }

    #[cfg(not(test))]
    #[task]
    async fn never(&mut self) -> NotEvenAType {}

    #[task]
    #[cfg(test)]
    fn r#move(&self) {}

    fn helper(&self) -> usize {
        self.basket.len()
    }

    #[on_stop]
    async fn leave(&mut self) -> TaskResult {
        (self.helper() < 10).or_fail("a full basket")
    }
}

#[user]
struct Maze {
    depth: u32,
}

#[tasks]
impl Maze {
    #[task]
    #[transition(r#move, HEAVY)]
    #[transition(cellar)]
    fn enter(&mut self) {}

    #[cfg(not(test))]
    #[task]
    #[transition(enter)]
    fn never(&mut self) {}

    #[task]
    #[transition(enter, weight = 2)]
    fn r#move(&mut self) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    #[task_set(name = "below", tags = ["dark"])]
    #[transition(cellar)]
    #[transition(r#move)]
    fn cellar(&mut self) -> Cellar<'_> {
        Cellar { depth: &mut self.depth }
    }
}

#[task_set(wait = constant(10ms), sequential)]
struct Cellar<'m> {
    depth: &'m mut u32,
}

#[tasks]
impl<'m> Cellar<'m> {
    #[task(2)]
    fn dig(&mut self) -> TaskResult<ControlFlow<()>> {
        *self.depth += 1;
        (*self.depth < 100).or_fail("the other side of the world")?;
        Ok(ControlFlow::Break(()))
    }

    #[task_set]
    fn deeper(&mut self) -> Deeper<'_, 'm> {
        Deeper(self)
    }
}

#[task_set]
struct Deeper<'a, 'm>(&'a mut Cellar<'m>);

#[tasks]
impl Deeper<'_, '_> {
    #[task]
    fn dig(&mut self) {
        *self.0.depth += 1;
    }
}

/// Two of them, whatever the weights.
#[user(fixed_count = 2, name = "the janitor")]
struct Cleaner;

#[tasks]
impl Cleaner {
    #[task]
    fn sweep(&mut self) {}
}

mod nested {
    pub(super) mod deeply {
        use swarm_core::prelude::*;

        #[user]
        pub(in super::super) struct Hidden {}

        #[tasks]
        impl Hidden {
            #[task]
            async fn hide(&mut self) {}
        }
    }
}

/// Names that people use for things of their own.
#[expect(dead_code, reason = "they are here to be in the way")]
mod shadowed {
    use swarm_core::prelude::{HttpClient, Settings, constant, feed, settings, tasks, user};

    struct Result;
    struct Option;
    struct Vec;
    struct String;
    struct Ok;
    struct Err;
    struct Some;
    struct None;
    struct Context;
    struct Task;
    struct TaskResult;
    trait FromContext {}
    trait Default {}
    mod std {}
    mod core {}
    mod alloc {}
    fn drop() {}
    fn class() {}

    #[settings(prefix = "SHADOW")]
    struct Names {
        #[setting(default = 3)]
        number: u32,
        #[cfg(not(test))]
        never: NotEvenAType,
        #[cfg(test)]
        r#type: bool,
        reader: ::std::option::Option<char>,
    }

    /// Types of one's own with the names of ours.
    #[derive(Default)]
    struct Feed<T>(::std::vec::Vec<T>);
    #[derive(Default)]
    struct Row<T>(T);

    #[feed(rows = words, order = once(then = wrap))]
    struct Word(&'static str);

    fn words() -> ::std::vec::Vec<Word> {
        ["red", "green"].map(Word).into()
    }

    #[user(wait = constant(1s))]
    struct Shadowed {
        client: HttpClient,
        names: Settings<Names>,
        words: feed::Feed<Word>,
        word: feed::Row<Word>,
        news: Feed<u32>,
        row: Row<u32>,
    }

    #[tasks]
    impl Shadowed {
        #[on_start]
        async fn on_start(&mut self) {}

        #[task]
        async fn run(&mut self) {
            let _ = self.client.get("/").name("index");
            let _ = (self.names.number, self.names.r#type, self.names.reader);
            let _ = (self.words.next().is_ok(), self.word.0, self.news.0.len(), self.row.0);
        }

        #[on_stop]
        async fn on_stop(&mut self) {}
    }
}

macro_rules! visitors {
    ($($name:ident waits $seconds:literal with $weight:expr),*) => {$(
        #[user(weight = $weight, wait = constant($seconds))]
        struct $name {
            client: HttpClient,
        }

        #[tasks]
        impl $name {
            #[task]
            async fn visit(&mut self) -> TaskResult {
                self.client.get("/").await?;
                Ok(())
            }
        }
    )*};
}

visitors!(Early waits 5s with 2, Late waits 250ms with HEAVY);

fn class(name: &str) -> &'static UserClass {
    Registry::find().expect("no duplicates").class(name).expect(name)
}

#[test]
fn all_classes_are_found_in_a_fixed_order() {
    let registry = Registry::find().expect("no duplicates");
    let names: Vec<&str> = registry.classes().iter().map(|class| class.name).collect();
    assert_eq!(names, ["Buyer", "Early", "Late", "Maze", "the janitor", "Hidden", "Shadowed"]);
    let modules: Vec<&str> = registry.classes().iter().map(|class| class.module).collect();
    assert!(modules.is_sorted(), "{modules:?}");
    let error = registry.class("Buyers").expect_err("unknown").to_string();
    assert!(error.contains("no user class `Buyers`; there are: Buyer, Early"), "{error}");
}

#[test]
fn a_class_is_what_its_attribute_says() {
    let buyer = class("Buyer");
    assert_eq!((buyer.weight, buyer.fixed_count), (3, 0));
    assert_eq!(buyer.wait.to_string(), "between(250ms, 1.5s)");
    assert_eq!(buyer.host, Some("http://127.0.0.1:1"));
    assert_eq!(buyer.doc, "Buys things, of all sorts.");
    assert_eq!(buyer.place(), format!("{}:{}:8", file!(), line_of("struct Buyer")));
    assert!(buyer.needs.iter().any(|need| need.host), "its client needs one");
    let janitor = class("the janitor");
    assert_eq!((janitor.weight, janitor.fixed_count, janitor.doc.is_empty()), (1, 2, false));
    assert!(!janitor.needs.iter().any(|need| need.host));
    assert_eq!([class("Early").weight, class("Late").weight], [2, HEAVY]);
    assert_eq!(class("Late").wait.to_string(), "constant(250ms)");
}

#[test]
fn tasks_are_what_their_attributes_say() {
    let tasks: Vec<_> = class("Buyer")
        .list
        .tasks
        .iter()
        .map(|task| (task.name, task.weight, task.tags, task.doc))
        .collect();
    assert_eq!(
        tasks,
        [
            ("buy", HEAVY, &[][..], "Buys one."),
            ("look around", HEAVY * 2, &["calm", "free"], ""),
            ("move", 1, &[], ""),
        ],
        "without the one that `cfg` takes away"
    );
    assert_eq!(class("Buyer").list.tasks[0].line, line_of("async fn buy"));
}

#[test]
fn transitions_and_sets_are_known_without_a_user() {
    let maze = class("Maze").list;
    assert_eq!(maze.order, Order::Markov);
    let names: Vec<&str> = maze.tasks.iter().map(|task| task.name).collect();
    assert_eq!(names, ["enter", "move", "below"], "without the one that `cfg` takes away");
    let transitions: Vec<_> = maze.tasks.iter().map(|task| task.transitions).collect();
    assert_eq!(transitions, [&[(1, HEAVY), (2, 1)][..], &[(0, 2)], &[(2, 1), (1, 1)]]);
    let cellar = maze.tasks[2].set.expect("a set");
    assert_eq!((cellar.order, cellar.tasks[0].weight), (Order::Sequential, 2));
    assert_eq!(cellar.wait.map(|wait| wait.to_string()).as_deref(), Some("constant(10ms)"));
    let deeper = cellar.tasks[1].set.expect("a set in a set");
    assert_eq!((deeper.order, deeper.tasks[0].name), (Order::Random, "dig"));
    assert_eq!(maze.tags().into_iter().collect::<Vec<_>>(), ["dark"]);
}

#[test]
fn the_needs_of_settings_are_known_without_a_user() {
    let needs = class("Shadowed").needs;
    let settings = needs.iter().find_map(|need| need.settings).expect("it has settings");
    assert_eq!((settings.schema.name, settings.schema.prefix), ("Names", "SHADOW"));
    let values = SettingValues::default();
    assert_eq!((settings.check)(&values), [], "there is a default");
    let names: Vec<_> = settings.schema.fields.iter().map(|field| field.name).collect();
    assert_eq!(names, ["number", "type", "reader"], "without the one that `cfg` takes away");
    let mut wrong = SettingValues::default();
    wrong.set("SHADOW", "reader", ["two letters"], "--reader");
    let errors = (settings.check)(&wrong);
    let place = format!("{}:{}", file!(), line_of("reader: ::std::option"));
    assert!(errors.len() == 1 && errors[0].to_string().contains(&place), "{errors:?}");
}

/// The line of this file that has these words.
fn line_of(words: &str) -> u32 {
    let line = include_str!("macros.rs").lines().position(|line| line.contains(words));
    u32::try_from(line.expect(words) + 1).expect("a small number")
}
