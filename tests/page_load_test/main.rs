//! A load test for the tests of the web page: users of every sort that a screen has to show.

mod hostile;
mod troubled;

use std::process::ExitCode;
use std::sync::atomic::{AtomicU32, Ordering};
use swarm_core::prelude::*;

/// Looks around, and sometimes for something.
#[user(weight = 3, wait = constant(20ms))]
struct Visitor {
    client: HttpClient,
}

#[tasks]
impl Visitor {
    /// Looks around.
    #[task(weight = 3, tags = ["reading"])]
    async fn browse(&mut self) -> TaskResult {
        self.client.get("/browse").await?;
        Ok(())
    }

    /// Looks for something.
    #[task(tags = ["searching"])]
    async fn search(&mut self) -> TaskResult {
        self.client.get("/search").await?;
        Ok(())
    }
}

/// What a member is told: a setting of each kind.
#[settings(prefix = "MEMBER", prefix_flags)]
struct MemberSettings {
    /// Name to log in with.
    #[setting(default = "ann")]
    username: String,
    /// A secret that is given when the program is started.
    password: Secret,
    /// A secret that need not be there.
    pin: Option<Secret>,
    /// How many pages are read.
    #[setting(default = 1)]
    pages: u32,
    /// Where the member comes from.
    referrer: Option<String>,
    /// Languages, the best first.
    languages: Vec<String>,
    /// Whether nothing may be remembered.
    #[setting(default = false)]
    private: bool,
}

/// Tells the target all that it was told, and everybody its password.
#[user(wait = constant(20ms))]
struct Member {
    client: HttpClient,
    settings: Settings<MemberSettings>,
}

#[tasks]
impl Member {
    #[task]
    async fn profile(&mut self) -> TaskResult {
        let told = &self.settings;
        let (password, pin) = (told.password.expose(), told.pin.as_ref().map(Secret::expose));
        log::warn!("the password is {password}");
        let plain = format!(
            "{} {} {} {} {}",
            told.username,
            told.pages,
            told.referrer.as_deref().unwrap_or("none"),
            told.languages.join("+"),
            told.private
        );
        let request = self.client.get("/profile").query(&[("password", password)]);
        let request = request.header("x-told", plain).header("x-pin", pin.unwrap_or("none"));
        request.name(format!("profile of {password}")).await?;
        (told.pages == 1).or_fail(format!("not with {password}"))
    }
}

/// Waits for a target that takes its time.
#[user(wait = constant(20ms))]
struct Patient {
    client: HttpClient,
}

#[tasks]
impl Patient {
    #[task]
    async fn wait(&mut self) -> TaskResult {
        self.client.get("/slow").await?;
        Ok(())
    }
}

/// Asks ten times a second, as often as was due.
#[user(wait = constant_throughput(10.0))]
struct Punctual {
    client: HttpClient,
}

#[tasks]
impl Punctual {
    #[task]
    async fn ask(&mut self) -> TaskResult {
        self.client.get("/due").await?;
        Ok(())
    }
}

/// Asks for one thing after the other, each under a name of its own.
#[user]
struct Collector {
    client: HttpClient,
}

static ITEMS: AtomicU32 = AtomicU32::new(0);

#[tasks]
impl Collector {
    #[task]
    async fn collect(&mut self) -> TaskResult {
        let item = ITEMS.fetch_add(1, Ordering::Relaxed);
        self.client.get("/item").name(format!("/item/{item:05}")).await?;
        Ok(())
    }
}

/// Few, then some, then nobody.
#[shape]
fn small_day(time: Duration) -> Option<u32> {
    match time.as_secs() {
        0..1 => Some(1),
        1..3 => Some(4),
        _ => None,
    }
}

/// Twenty a second, for two seconds.
#[shape]
fn trickle(time: Duration) -> Option<Rate> {
    (time.as_secs() < 2).then_some(Rate(20.0))
}

fn main() -> ExitCode {
    swarm_runner::main()
}
