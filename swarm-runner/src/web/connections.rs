//! Connections of clients: as many as there may be, and none that says nothing for long.

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

/// Connections at one time; who comes then waits.
const MOST: usize = 256;
/// How long the head of a request may take, and a handshake before it.
const HEAD: Duration = Duration::from_secs(10);

/// Serves until the program ends.
pub(super) async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, router: Router) {
    let room = Arc::new(Semaphore::new(MOST));
    while let Ok(place) = Arc::clone(&room).acquire_owned().await {
        let Ok((socket, from)) = listener.accept().await else {
            // Descriptors have run out; somebody else gives some back.
            sleep(Duration::from_millis(100)).await;
            continue;
        };
        // Events are small, and wanted at once.
        let _ = socket.set_nodelay(true);
        let (tls, router) = (tls.clone(), router.clone());
        tokio::spawn(async move {
            match tls {
                None => answer(socket, from, router).await,
                Some(tls) => {
                    // One that speaks no TLS, or nothing, keeps only its own place.
                    if let Ok(Ok(socket)) = timeout(HEAD, tls.accept(socket)).await {
                        answer(socket, from, router).await;
                    }
                }
            }
            drop(place);
        });
    }
}

/// Answers the requests of a connection.
async fn answer(socket: impl AsyncRead + AsyncWrite + Unpin, from: SocketAddr, router: Router) {
    let router = TowerToHyperService::new(router);
    let service = service_fn(|mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(from));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(socket), service);
    // A client that goes away is no error.
    let _ = connection.await;
}
