//! A user that puts its password wherever it can.

#![expect(clippy::panic, reason = "a user that panics")]

use swarm_core::prelude::*;

/// What nobody may see.
#[settings(prefix = "INDISCREET")]
struct Login {
    /// Login name.
    #[setting(default = "ann")]
    username: String,
    /// Its password.
    password: Secret,
    /// A secret that is a number.
    #[setting(secret, default = 74_656)]
    pin: u32,
}

/// Tells its password to everyone.
#[user(wait = constant(10ms))]
struct Indiscreet {
    client: HttpClient,
    login: Settings<Login>,
}

impl Indiscreet {
    fn password(&self) -> String {
        self.login.password.expose().to_owned()
    }
}

#[tasks]
impl Indiscreet {
    #[on_start]
    async fn start(&mut self) -> TaskResult {
        log::warn!("starting with {} and {}", self.password(), self.login.pin);
        // What threads panic with is printed, as in any program.
        let password = self.password();
        let _ = std::thread::spawn(move || panic!("a thread knows {password}")).join();
        Ok(())
    }

    #[task]
    async fn urls(&mut self) -> TaskResult {
        let password = self.password();
        let _ = self.client.get(format!("/?raw={password}")).await;
        let _ = self.client.get(format!("/item/{}", self.login.pin)).await;
        let _ = self.client.get("/?encoded").query(&[("key", &password)]).await;
        let encoded = self.client.get("/").query(&[("key", &password)]).check(|_| Ok(())).await?;
        let _ = self.client.get(encoded.url()).await;
        let _ = self.client.get(format!("http://{password}/")).await;
        let _ = self.client.get("/named").name(format!("named {password}")).await;
        Ok(())
    }

    #[task]
    async fn credentials(&mut self) -> TaskResult {
        let (password, login) = (self.password(), &self.login);
        let get = || self.client.post("/sink").check(|_| Ok(()));
        get().header("x-key", &password).await?;
        get().json(&[&password]).await?;
        get().form(&[("password", &password)]).await?;
        get().basic_auth(&login.username, &login.password).await?;
        get().bearer_auth(&login.password).await?;
        log::info!("{:?} {password:?} {password}", login.password);
        Ok(())
    }

    #[task]
    async fn checks(&mut self) -> TaskResult {
        let password = self.password();
        self.client.get("/").check(move |_| false.or_fail(format!("no {password}"))).await?;
        Ok(())
    }

    #[task]
    fn fails(&mut self) -> TaskResult {
        let long = "x".repeat(490);
        Err(TaskError::new(format!("{long}{}", self.password())))
    }

    #[task]
    fn panics(&mut self) {
        panic!("panicked with {:?}", self.password());
    }

    #[on_stop]
    fn stop(&mut self) -> TaskResult {
        false.or_fail(format!("{} to the end", self.password()))
    }
}
