//! Which certificate authorities are trusted: those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, else the
//! system's (wire, section 11.1).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use reqwest::Certificate;

use crate::error::{Error, Result, StorageFailure};
use crate::host::Host;

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

    /// Reads the certificates that the variables name; `None` where they name none, so that the system's are used.
    pub(super) fn read(&self) -> Result<Option<Vec<Certificate>>> {
        if self.file.is_none() && self.folders.is_empty() {
            return Ok(None);
        }
        let mut certificates = Vec::new();
        if let Some(file) = &self.file {
            certificates.extend(read_bundle(file)?);
        }
        let mut missing = None;
        for folder in &self.folders {
            match read_folder(folder) {
                Ok(found) => certificates.extend(found),
                Err(error) => missing = missing.or(Some(error)),
            }
        }
        // A list may name folders that only exist on other machines, but at least one must exist.
        match missing {
            Some(error) if certificates.is_empty() => Err(error),
            _ => Ok(Some(certificates)),
        }
    }
}

fn read_folder(folder: &Path) -> Result<Vec<Certificate>> {
    let mut certificates = Vec::new();
    for entry in fs::read_dir(folder).map_err(read_error(folder))? {
        let path = entry.map_err(read_error(folder))?.path();
        // Such folders also hold revocation lists and stale links, which are skipped.
        certificates.extend(read_bundle(&path).unwrap_or_default());
    }
    Ok(certificates)
}

fn read_bundle(path: &Path) -> Result<Vec<Certificate>> {
    let text = fs::read(path).map_err(read_error(path))?;
    Certificate::from_pem_bundle(&text)
        .map_err(|_| StorageFailure::Malformed("it holds no certificates in PEM form".to_owned()).at(path))
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
