//! Which certificate authorities are trusted: those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, else the
//! system's (wire, section 11.1).

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::error::{Error, Result, StorageFailure};
use crate::host::Host;

/// The largest file of certificates that is read, in bytes.
const MAX_SIZE: u64 = 16 << 20;

/// Where the certificates of the trusted authorities come from.
#[derive(Debug, Clone, Default)]
pub(super) struct TrustStore {
    file: Option<PathBuf>,
    folders: Vec<PathBuf>,
}

impl TrustStore {
    pub(super) fn of(host: &dyn Host) -> Self {
        let folders = host.var("SSL_CERT_DIR").unwrap_or_default();
        let folders = std::env::split_paths(&folders).filter(|folder| !folder.as_os_str().is_empty());
        Self { file: host.var("SSL_CERT_FILE").map(PathBuf::from), folders: folders.collect() }
    }

    /// Returns what checks servers' certificates against this trust store, which is read at once.
    ///
    /// # Errors
    ///
    /// [`Error::Storage`] where a file or folder that a variable names cannot be used, and [`Error::InvalidInput`]
    /// where there is no certificate at all.
    pub(super) fn verifier(&self, provider: Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>> {
        Ok(match self.read()? {
            Some(roots) => WebPkiServerVerifier::builder_with_provider(roots.into(), provider)
                .build()
                .map_err(|_| Error::invalid("SSL_CERT_FILE and SSL_CERT_DIR name no certificates"))?,
            None => Arc::new(
                rustls_platform_verifier::Verifier::new(provider)
                    .map_err(|error| Error::invalid(format!("no server can be trusted: {error}")))?,
            ),
        })
    }

    /// Reads the certificates that the variables name; `None` where they name none, so that the system's are used.
    fn read(&self) -> Result<Option<RootCertStore>> {
        if self.file.is_none() && self.folders.is_empty() {
            return Ok(None);
        }
        let mut roots = RootCertStore::empty();
        if let Some(file) = &self.file {
            add_bundle(&mut roots, file)?;
        }
        let mut missing = None;
        for folder in &self.folders {
            if let Err(error) = add_folder(&mut roots, folder) {
                missing = missing.or(Some(error));
            }
        }
        // A list may name folders that only exist on other machines, but at least one must exist.
        match missing {
            Some(error) if roots.is_empty() => Err(error),
            _ => Ok(Some(roots)),
        }
    }
}

fn add_folder(roots: &mut RootCertStore, folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).map_err(read_error(folder))? {
        let path = entry.map_err(read_error(folder))?.path();
        // Such folders also hold revocation lists and stale links, which are skipped; of a pipe or a device nobody
        // knows when it ends.
        if path.is_file() {
            let _ = add_bundle(roots, &path);
        }
    }
    Ok(())
}

fn add_bundle(roots: &mut RootCertStore, path: &Path) -> Result<()> {
    let malformed = |what: &str| StorageFailure::Malformed(what.to_owned()).at(path);
    let mut text = Vec::new();
    let file = File::open(path).map_err(read_error(path))?;
    let length = file.take(MAX_SIZE + 1).read_to_end(&mut text).map_err(read_error(path))?;
    if length as u64 > MAX_SIZE {
        return Err(malformed("it is larger than 16 MiB"));
    }
    let before = roots.len();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        let certificate = certificate.map_err(|_| malformed("it holds no certificates in PEM form"))?;
        roots.add(certificate).map_err(|_| malformed("it holds a certificate that cannot be read"))?;
    }
    if roots.len() == before { Err(malformed("it holds no certificates in PEM form")) } else { Ok(()) }
}

fn read_error(path: &Path) -> impl FnOnce(io::Error) -> Error {
    move |source| StorageFailure::Unreadable(source).at(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_that_names_it() {
        let host = FakeHost::new().with_var("SSL_CERT_FILE", "/nowhere/ca.pem");
        let error = TrustStore::of(&host).read().unwrap_err().to_string();
        assert!(error.contains("/nowhere/ca.pem"), "{error}");
        assert!(TrustStore::of(&FakeHost::new()).read().unwrap().is_none());
    }

    #[test]
    fn a_file_without_a_usable_certificate_is_an_error_that_says_so() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let certificate = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
        for (text, what) in [
            ("", "no certificates in PEM form"),
            ("certificate", "no certificates in PEM form"),
            (certificate, "a certificate that cannot be read"),
        ] {
            fs::write(&file, text).unwrap();
            let host = FakeHost::new().with_var("SSL_CERT_FILE", file.path().to_str().unwrap());
            let error = TrustStore::of(&host).read().unwrap_err().to_string();
            assert_eq!(error, format!("{} cannot be used: it holds {what}", file.path().display()));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn devices_are_read_to_a_limit_and_skipped_in_folders() {
        let read = |name: &str, path: &str| TrustStore::of(&FakeHost::new().with_var(name, path)).read();
        let error = read("SSL_CERT_FILE", "/dev/zero").unwrap_err().to_string();
        assert_eq!(error, "/dev/zero cannot be used: it is larger than 16 MiB");
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/zero", folder.path().join("a.pem")).unwrap();
        let pipe = folder.path().join("b.pem");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR).unwrap();
        assert!(read("SSL_CERT_DIR", folder.path().to_str().unwrap()).unwrap().unwrap().is_empty());
    }

    #[test]
    fn folders_are_a_list_of_which_those_that_are_there_count() {
        let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let cloud = fake_cloud::FakeCloud::start(fake_cloud::Listeners::default()).unwrap();
        let certificate = cloud.ca_pem();
        fs::write(one.path().join("a.pem"), certificate).unwrap();
        fs::write(two.path().join("b.pem"), certificate).unwrap();
        let read = |folders: &[&Path]| {
            let list = std::env::join_paths(folders).unwrap().into_string().unwrap();
            TrustStore::of(&FakeHost::new().with_var("SSL_CERT_DIR", &list)).read()
        };
        let gone = Path::new("/nowhere/certs");
        assert_eq!(read(&[one.path(), gone, Path::new(""), two.path()]).unwrap().unwrap().len(), 2);
        assert!(read(&[gone]).unwrap_err().to_string().contains("/nowhere/certs"));
    }
}
