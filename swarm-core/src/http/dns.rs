//! Addresses of hosts: as given, or asked of DNS and remembered for a while by all users of a shard.

use super::error::Cause;
use super::target::Origin;
use crate::plan::ClientOptions;
use std::cell::RefCell;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;
use tokio::net::lookup_host;
use tokio::sync::OnceCell;
use tokio::time::Instant;

thread_local! {
    static KNOWN: RefCell<HashMap<(String, u16), Rc<Entry>>> = RefCell::default();
}

struct Entry {
    since: Instant,
    /// Filled by who asked first; the others wait for it, so that a thousand users ask once.
    addresses: OnceCell<Rc<[SocketAddr]>>,
}

/// The addresses of a server, and whether DNS had to be asked.
pub(super) async fn addresses(
    origin: &Origin,
    options: &ClientOptions,
) -> Result<(Rc<[SocketAddr]>, bool), Cause> {
    let given = |address: IpAddr| (Rc::from([SocketAddr::new(address, origin.port)]), false);
    let named = options.resolve.iter().find(|it| it.host == origin.host && it.port == origin.port);
    if let Some(resolve) = named {
        return Ok(given(resolve.address));
    }
    if let Ok(address) = origin.host.parse() {
        return Ok(given(address));
    }
    if options.dns_ttl.is_zero() {
        return Ok((ask(origin).await?, true));
    }
    let entry = entry(origin, options);
    let known = entry.addresses.initialized();
    let addresses = entry.addresses.get_or_try_init(|| ask(origin)).await?;
    Ok((Rc::clone(addresses), !known))
}

fn entry(origin: &Origin, options: &ClientOptions) -> Rc<Entry> {
    KNOWN.with_borrow_mut(|known| {
        let key = (origin.host.clone(), origin.port);
        let new = || Rc::new(Entry { since: Instant::now(), addresses: OnceCell::new() });
        let entry = known.entry(key).or_insert_with(new);
        if entry.since.elapsed() >= options.dns_ttl {
            *entry = new();
        }
        Rc::clone(entry)
    })
}

async fn ask(origin: &Origin) -> Result<Rc<[SocketAddr]>, Cause> {
    let found = lookup_host((origin.host.as_str(), origin.port)).await;
    let addresses: Rc<[SocketAddr]> = found.map(Iterator::collect).unwrap_or_default();
    if addresses.is_empty() {
        // The system's words for why vary.
        return Err(Cause::Connect(format!("can't resolve `{}`", origin.host)));
    }
    Ok(addresses)
}
