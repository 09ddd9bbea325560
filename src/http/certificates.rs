//! Which authorities are trusted: those that `SSL_CERT_FILE` and `SSL_CERT_DIR` name, else the system's
//! (wire, section 11.1).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use reqwest::Certificate;

use crate::error::{Error, Result};
use crate::host::Host;

/// Where the trusted authorities come from.
#[derive(Debug, Clone, Default)]
pub(super) struct Authorities {
    file: Option<PathBuf>,
    folder: Option<PathBuf>,
}

impl Authorities {
    pub(super) fn of(host: &dyn Host) -> Self {
        let path = |name| host.var(name).map(PathBuf::from);
        Self { file: path("SSL_CERT_FILE"), folder: path("SSL_CERT_DIR") }
    }

    /// Reads the named authorities; `None` where none are named and the system's count.
    pub(super) fn read(&self) -> Result<Option<Vec<Certificate>>> {
        if self.file.is_none() && self.folder.is_none() {
            return Ok(None);
        }
        let mut certificates = Vec::new();
        if let Some(file) = &self.file {
            certificates.extend(read_bundle(file)?);
        }
        if let Some(folder) = &self.folder {
            for entry in fs::read_dir(folder).map_err(read_error(folder))? {
                let path = entry.map_err(read_error(folder))?.path();
                // Such folders hold links and lists that are no certificates; what can be read counts.
                certificates.extend(read_bundle(&path).unwrap_or_default());
            }
        }
        Ok(Some(certificates))
    }
}

fn read_bundle(path: &Path) -> Result<Vec<Certificate>> {
    let text = fs::read(path).map_err(read_error(path))?;
    Certificate::from_pem_bundle(&text).map_err(|_| Error::Malformed {
        path: path.to_owned(),
        what: "it holds no certificates in PEM form".to_owned(),
    })
}

fn read_error(path: &Path) -> impl FnOnce(io::Error) -> Error {
    |source| Error::Read { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    #[test]
    fn a_file_that_cannot_be_read_is_an_error_that_names_it() {
        let host = FakeHost::new().with_var("SSL_CERT_FILE", "/nowhere/ca.pem");
        let error = Authorities::of(&host).read().unwrap_err().to_string();
        assert!(error.contains("/nowhere/ca.pem"), "{error}");
        assert!(Authorities::of(&FakeHost::new()).read().unwrap().is_none());
    }
}
