//! Users that behave and users that misbehave, for the end-to-end tests.

mod indiscreet;
mod httpbin;
mod traceable;

use std::process::ExitCode;
use swarm_core::prelude::*;

/// Asks for one page, again and again.
#[user]
struct Plain {
    client: HttpClient,
}

#[tasks]
impl Plain {
    #[task]
    async fn index(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

/// Can't log in.
#[user(weight = 2, wait = constant(100ms))]
struct LockedOut {
    client: HttpClient,
}

#[tasks]
impl LockedOut {
    #[on_start]
    async fn login(&mut self) -> TaskResult {
        self.client.get("/missing").name("/login").await?;
        Ok(())
    }

    #[task]
    async fn index(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

/// Panics in one task, fails in another, works in a third, where it has figures of its own.
#[user(wait = constant(20ms))]
struct Clumsy {
    client: HttpClient,
    probe: Probe,
    runs: u32,
}

#[tasks]
impl Clumsy {
    #[task]
    async fn panics(&mut self) -> TaskResult {
        self.runs += 1;
        self.client.get("/").await?;
        assert!(self.runs == 0, "this user panics");
        Ok(())
    }

    #[task(tags = ["failing"])]
    fn fails(&mut self) -> TaskResult {
        false.or_fail("this user fails")
    }

    #[task(weight = 2, tags = ["working"])]
    async fn works(&mut self) -> TaskResult {
        self.client.get("/").await?;
        self.probe.count("works", 1);
        self.probe.gauge("runs", self.runs.into());
        self.probe.trend("fraction", 0.1);
        Ok(())
    }
}

/// Does what the class of this name in `tests/python/locustfile.py` does.
#[user(wait = constant(50ms))]
struct Plodder {
    client: HttpClient,
}

#[tasks]
impl Plodder {
    #[task]
    async fn walk(&mut self) -> TaskResult {
        self.client.get("/").await?;
        // Locust's client raises nothing.
        let _ = self.client.get("/missing").await;
        false.or_fail("this user fails")
    }
}

/// A key that is a page.
struct Key;

impl Authenticator for Key {
    async fn login(&self, client: &HttpClient) -> Result<Credential, AuthError> {
        let answer = client.get("/").name("/session").await?;
        Ok(Credential::bearer(&Secret::new(answer.text()?)))
    }
}

/// Logs in, and asks for a page that is there and for one that is not.
#[user(sequential)]
struct Member {
    client: HttpClient,
}

#[tasks]
impl Member {
    #[on_start]
    async fn login(&mut self) -> TaskResult {
        Ok(self.client.authenticate(Key).await?)
    }

    #[task]
    async fn finds(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    #[task]
    async fn misses(&mut self) -> TaskResult {
        self.client.get("/missing").await?;
        Ok(())
    }
}

/// Asks for one page, twenty times a second.
#[user(wait = constant_throughput(20.0))]
struct Metered {
    client: HttpClient,
}

#[tasks]
impl Metered {
    #[task]
    async fn index(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

/// Asks for one page, ten times a second, as often as was due.
#[user(wait = constant_throughput(10.0))]
struct Punctual {
    client: HttpClient,
}

#[tasks]
impl Punctual {
    #[task]
    async fn index(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

/// From a file beside the tests.
#[feed(file = "vouchers.csv", order = once)]
#[derive(serde::Deserialize)]
struct Voucher {
    code: Secret,
    value: u32,
}

/// Uses vouchers until there are no more.
#[user(wait = constant(1ms))]
struct Redeemer {
    client: HttpClient,
    vouchers: Feed<Voucher>,
}

#[tasks]
impl Redeemer {
    #[task]
    async fn redeem(&mut self) -> TaskResult {
        let voucher = self.vouchers.next()?;
        let name = format!("{} of {}", voucher.code.expose(), voucher.value);
        self.client.get("/").name(name).await?;
        Ok(())
    }
}

/// Asks a real web server for all that it can do; `/large` has five million bytes, `/text` ten thousand lines.
#[user(wait = constant(1ms))]
struct Browser {
    client: HttpClient,
}

#[tasks]
impl Browser {
    #[task]
    async fn browse(&mut self) -> TaskResult {
        browse(&self.client).await
    }
}

/// Asks for the same over reqwest.
#[user(wait = constant(1ms))]
struct BrowserOverReqwest {
    client: ReqwestClient,
}

#[tasks]
impl BrowserOverReqwest {
    #[task]
    async fn browse(&mut self) -> TaskResult {
        browse(&self.client).await
    }
}

async fn browse(client: &HttpClient) -> TaskResult {
    let small = client.get("/small").await?;
    (small.text()? == "small").or_fail("another small page")?;
    let text = client.get("/text").await?;
    (text.text()?.lines().count() == 10_000).or_fail("another text")?;
    text.header("content-encoding").is_none().or_fail("still packed")?;
    let large = client.get("/large").await?;
    (large.bytes().len() == 5_000_000).or_fail("another large page")?;
    let moved = client.get("/moved").await?;
    (moved.text()? == "small").or_fail("moved elsewhere")?;
    client.head("/large").await?;
    client.post("/sink").body(vec![b'x'; 300_000]).await?;
    let missing =
        client.get("/missing").check(|answer| (answer.status() == 404).or_fail("it is there"));
    missing.await?;
    let mut stream = client.get("/large").name("/large in pieces").stream().await?;
    let mut length = 0;
    while let Some(piece) = stream.chunk().await? {
        length += piece.len();
    }
    (length == 5_000_000).or_fail("another large page in pieces")?;
    Ok(())
}

/// Asks for a hundred thousand different URLs, in no order, each under its own name.
#[user(wait = constant(2ms))]
struct Scatter {
    client: HttpClient,
    context: Context,
}

#[tasks]
impl Scatter {
    #[task]
    async fn scatter(&mut self) -> TaskResult {
        let number = self.context.random(|random| random.number(0..=99_999));
        self.client.get(format!("/?number={number}")).check(|_| Ok(())).await?;
        Ok(())
    }
}

/// Blocks its thread for ever.
#[user(weight = 1)]
struct Blocking;

#[tasks]
impl Blocking {
    #[task]
    fn block(&mut self) {
        loop {
            std::thread::park();
        }
    }
}

/// Sleeps where nobody else on its thread can go on.
#[user(wait = constant(300ms))]
struct Dozing {
    client: HttpClient,
}

#[tasks]
impl Dozing {
    #[task]
    async fn doze(&mut self) -> TaskResult {
        self.client.get("/").await?;
        std::thread::sleep(Duration::from_millis(150));
        Ok(())
    }
}

/// Computes for long, and so keeps its thread from all others.
#[user]
struct Spinning {
    client: HttpClient,
}

#[tasks]
impl Spinning {
    #[task]
    async fn spin(&mut self) -> TaskResult {
        let begun = std::time::Instant::now();
        while begun.elapsed() < Duration::from_millis(10) {
            std::hint::spin_loop();
        }
        self.client.get("/").await?;
        Ok(())
    }
}

/// Does nothing that is measured.
#[user(wait = constant(10ms))]
struct Idle;

#[tasks]
impl Idle {
    #[task]
    fn rest(&mut self) {
        log::info!("resting");
        log::debug!("still resting");
    }
}

/// Comes, asks twice, and goes.
#[user(visits = 20/s, sequential)]
struct Passerby {
    client: HttpClient,
}

#[tasks]
impl Passerby {
    #[task]
    async fn comes(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }

    #[task]
    async fn goes(&mut self) -> TaskResult {
        self.client.get("/").await?;
        Ok(())
    }
}

fn main() -> ExitCode {
    swarm_runner::main()
}
