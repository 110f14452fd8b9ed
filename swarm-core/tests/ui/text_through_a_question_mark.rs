use swarm_core::prelude::*;

#[user]
struct Shopper {
    client: HttpClient,
}

#[tasks]
impl Shopper {
    #[task]
    async fn buy(&mut self) -> TaskResult {
        let page: Result<(), String> = Err("no page".to_owned());
        page?;
        Ok(())
    }
}

fn main() {}
