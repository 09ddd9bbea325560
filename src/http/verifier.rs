//! Checks the certificates of servers as the trust store has it, and names who issued one that is refused.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};

use super::issuer;
use crate::error::NetworkFailure;

/// A certificate that was refused; it reads as its cause does.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
struct Refused {
    cause: CertificateError,
    issuer: Option<String>,
}

/// A verifier whose errors name the issuer of the certificate.
#[derive(Debug)]
pub(super) struct Verifier(pub(super) Arc<dyn ServerCertVerifier>);

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let verified = self.0.verify_server_cert(certificate, intermediates, name, ocsp, now);
        verified.map_err(|error| match error {
            rustls::Error::InvalidCertificate(cause) => {
                let refused = Refused { cause, issuer: issuer::of(certificate) };
                CertificateError::Other(OtherError(Arc::new(refused))).into()
            }
            other => other,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}

/// Returns what kind of failure an error of TLS is, where it is about the server's certificate.
pub(super) fn failure(error: &rustls::Error) -> Option<NetworkFailure> {
    let rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(error))) = error else {
        return None;
    };
    let Refused { cause, issuer } = error.downcast_ref()?;
    Some(match cause {
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. }
        | CertificateError::NotValidForName
        | CertificateError::NotValidForNameContext { .. } => NetworkFailure::NotValid,
        _ => NetworkFailure::Untrusted { issuer: issuer.clone() },
    })
}
