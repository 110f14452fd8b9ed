//! TLS: one configuration for the whole process, because building one costs milliseconds and 100 KB.

use crate::plan::{ClientOptions, HttpVersion};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier;
use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// What configurations differ by: whether any certificate is accepted, what is trusted besides the platform's roots, which HTTP is offered.
type Key = (bool, Option<PathBuf>, HttpVersion);

/// The configuration for these options. It is built once; a connection takes the lock for an instant.
pub(super) fn config(
    options: &ClientOptions,
    version: HttpVersion,
) -> Result<Arc<ClientConfig>, Error> {
    static BUILT: Mutex<BTreeMap<Key, Arc<ClientConfig>>> = Mutex::new(BTreeMap::new());
    let key = (options.insecure, options.ca_file.clone(), version);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = built.get(&key) {
        return Ok(Arc::clone(known));
    }
    let mut config = build(options)?;
    let offered: &[&[u8]] = match version {
        HttpVersion::Auto => &[b"h2", b"http/1.1"],
        HttpVersion::Http1 => &[b"http/1.1"],
        HttpVersion::Http2 => &[b"h2"],
    };
    config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
    let config = Arc::new(config);
    built.insert(key, Arc::clone(&config));
    Ok(config)
}

fn build(options: &ClientOptions) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()?;
    let verifier: Arc<dyn ServerCertVerifier> = if options.insecure {
        Arc::new(Anyone(provider))
    } else {
        Arc::new(Verifier::new_with_extra_roots(trusted(options)?, provider)?)
    };
    let builder = builder.dangerous().with_custom_certificate_verifier(verifier);
    Ok(builder.with_no_client_auth())
}

/// The certificates of the file that is trusted besides the platform's.
fn trusted(options: &ClientOptions) -> Result<Vec<CertificateDer<'static>>, Error> {
    let Some(path) = &options.ca_file else { return Ok(Vec::new()) };
    let bad = |why: &dyn fmt::Display| Error::General(format!("{}: {why}", path.display()));
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad(&error))?;
    if certificates.is_empty() { Err(bad(&"no certificate in it")) } else { Ok(certificates) }
}

/// Accepts any certificate, as `--insecure` asks for.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
