//! HTTPS: the certificate of the server.

use crate::access_options::AccessOptions;
use crate::error::UsageError;
use rustls::crypto::ring;
use rustls::pki_types::pem::{Error as PemError, PemObject as _};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{Error, ServerConfig};
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;

/// What makes a connection one of TLS, if there is a certificate.
pub(super) fn acceptor(options: &AccessOptions) -> Result<Option<TlsAcceptor>, UsageError> {
    let (certificate, key) = match (&options.tls_cert, &options.tls_key) {
        (None, None) => return Ok(None),
        (Some(certificate), Some(key)) => (certificate, key),
        (Some(_), None) => {
            let error = UsageError::new("--tls-cert is of no use without the certificate's key");
            return Err(error.help("add --tls-key FILE"));
        }
        (None, Some(_)) => {
            let error = UsageError::new("--tls-key is of no use without its certificate");
            return Err(error.help("add --tls-cert FILE"));
        }
    };
    let (chain, private) = (chain(certificate)?, private_key(key)?);
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map(|builder| builder.with_no_client_auth());
    let config = config.and_then(|it| it.with_single_cert(chain, private));
    let mut config = config.map_err(|error| match error {
        Error::InconsistentKeys(_) => UsageError::new(format!(
            "the key in {} does not belong to the certificate in {}",
            key.display(),
            certificate.display()
        )),
        Error::InvalidCertificate(_) => wrong(certificate, "the certificate in it is malformed"),
        // Of the key. Its own text could quote it.
        _ => wrong(key, "the key in it can't be used: RSA, ECDSA and Ed25519 can"),
    })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, UsageError> {
    let read = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    match read {
        Ok(chain) if chain.is_empty() => Err(wrong(path, "no certificate in PEM format is in it")),
        Ok(chain) => Ok(chain),
        Err(PemError::Io(error)) => Err(unreadable(path, &error)),
        Err(_) => Err(wrong(path, "this is no PEM format, or a damaged one")),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, UsageError> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| match error {
        PemError::Io(error) => unreadable(path, &error),
        // Its own text could quote the key.
        _ => wrong(path, "no private key in PEM format is in it")
            .help("one with a passphrase can't be read: `openssl pkey -in FILE -out OTHER`"),
    })
}

fn wrong(path: &Path, why: &str) -> UsageError {
    UsageError::new(format!("{}: {why}", path.display()))
}

fn unreadable(path: &Path, error: &std::io::Error) -> UsageError {
    UsageError::new(format!("can't read {}: {error}", path.display()))
}
