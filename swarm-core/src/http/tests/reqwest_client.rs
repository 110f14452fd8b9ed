//! What only the client over reqwest can.

use super::{causes, counts, hello, play};
use crate::http::ReqwestClient;
use crate::reqwest::Proxy;
use crate::reqwest::redirect::Policy;

#[test]
fn the_client_may_be_of_the_users_own_making() {
    let proxy = hello();
    let url = proxy.url();
    let delta = play("http://shop.invalid", async |client| {
        let context = client.context();
        let builder = ReqwestClient::builder(context).expect("valid options");
        let through = Proxy::all(&url).expect("a URL");
        let made = builder.proxy(through).user_agent("mine/1").build().expect("a client");
        let client = ReqwestClient::new(made, context).expect("a host");
        client.get("/page").await.expect("an answer");
        client.get("/page").header("user-agent", "its own").await.expect("an answer");
    });
    let [first, second] = &proxy.seen()[..] else { panic!("two requests") };
    assert_eq!(first.line, "GET http://shop.invalid/page HTTP/1.1");
    assert_eq!(first.header("user-agent"), ["mine/1"]);
    assert_eq!(second.header("user-agent"), ["its own"]);
    assert_eq!(counts(&delta, "/page").ok.count(), 2);
}

#[test]
fn redirects_that_reqwest_follows_itself_are_its_own_business() {
    let server = super::Server::start(|seen| match seen.path() {
        "/old" => super::server::redirect(302, "/new"),
        _ => super::server::ok("new"),
    });
    let delta = play(&server.url(), async |client| {
        let policy = Policy::limited(0);
        let builder = ReqwestClient::builder(client.context()).expect("valid options");
        let made = builder.redirect(policy).build().expect("a client");
        let client = ReqwestClient::new(made, client.context()).expect("a host");
        client.get("/old").await.expect_err("reqwest follows none");
    });
    assert_eq!(causes(&delta), ["too many redirects"]);
}
