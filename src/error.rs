//! What can go wrong, and what a shell sees of it: one enum, one table of exit codes.

use std::io;
use std::path::PathBuf;

use crate::secret::{Secret, redact};

/// The result of everything in this library that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure, sorted by what the user can do about it.
///
/// No variant carries a secret, a signature, a query string or the contents of a config file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A command or flag that does not exist (behaviour, section 1).
    #[error("{text}")]
    Usage {
        /// The sentence for stderr.
        text: String,
        /// Commands with a similar name, for stdout.
        similar: Vec<String>,
    },
    /// A command that this program does not have, and there is no other one to hand it to.
    #[error("{0}")]
    Foreign(Box<Error>),
    /// Arguments that exist but are put together wrongly.
    #[error("{0}")]
    Arguments(String),
    /// No home folder is known, so there is no default config file.
    #[error("no home folder: set HOME, or name the file with --config-path")]
    NoHome,
    /// A file that `--config-path` names is not there.
    #[error("config path input does not exist: {}", .0.display())]
    ConfigPathMissing(PathBuf),
    /// There is no config file to change.
    #[error("stat {}: no such file or directory", .0.display())]
    ConfigMissing(PathBuf),
    /// A file cannot be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} cannot be used: {what}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong and where, without the contents.
        what: String,
    },
    /// A file cannot be written; the old one is untouched.
    #[error("cannot write {}: {source}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another program holds the lock on a config file for too long.
    #[error("{} is locked by {}; gave up after {seconds} seconds", .path.display(), .holder.as_deref().unwrap_or("another program"))]
    Locked {
        /// The file.
        path: PathBuf,
        /// Who holds it, where that is known.
        holder: Option<String>,
        /// How long this program waited.
        seconds: u64,
    },
    /// No profile has the name that was asked for.
    #[error("unknown profile {0}, run configure to check")]
    UnknownProfile(String),
    /// A profile lacks something that its mode needs (behaviour, section 3).
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// An interactive question cannot be answered.
    #[error("{0}")]
    Answer(String),
    /// The input ended before the last question was answered.
    #[error("input ended at the question \"{0}\"; nothing was saved")]
    InputEnded(String),
    /// Standard input or output failed.
    #[error("{0}")]
    Stream(#[from] io::Error),
    /// A mode could not obtain credentials.
    #[error("{0}")]
    Credentials(String),
    /// A server cannot be reached, or its answer cannot be read.
    #[error("cannot reach {host}: {reason}")]
    Network {
        /// The server's name, and its port where it is not the usual one.
        host: String,
        /// The innermost cause.
        reason: String,
        /// The kind of the cause.
        kind: NetworkFailure,
    },
    /// The service answered with an error.
    #[error("{0}")]
    Service(Box<ServiceError>),
    /// A login that came to nothing, of which the user was told on the way.
    #[error("{0}")]
    Told(String),
    /// An error with a sentence in front that says what was going on.
    #[error("{doing}{source}")]
    While {
        /// The words in front, with their blank or colon.
        doing: &'static str,
        /// The error itself.
        source: Box<Error>,
    },
    /// The safety policy keeps a call from being made.
    #[error("{0}")]
    Refused(String),
    /// A call was asked for, but the configuration does not suffice to sign it.
    #[error("{0}")]
    NotConfigured(Box<Error>),
}

impl Error {
    /// Gives the exit code of a process that ends with this error (behaviour, section 1).
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage { .. } => 2,
            Self::NotConfigured(_) => 3,
            Self::While { source, .. } | Self::Foreign(source) => source.exit_code(),
            _ => 1,
        }
    }

    /// Gives what the user can do next, where there is more to say than the error itself.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotConfigured(_) => Some("Configuration failed, use `aliyun configure` to configure it"),
            Self::Foreign(_) => Some(
                "Calls to other products need the Alibaba Cloud CLI: put its `aliyun` behind this one in PATH, or set ALIYUN_CLI to its path",
            ),
            Self::While { source, .. } => source.hint(),
            _ => None,
        }
    }

    /// Gives the names that look like a mistyped one.
    pub fn similar(&self) -> &[String] {
        match self {
            Self::Usage { similar, .. } => similar,
            Self::While { source, .. } | Self::Foreign(source) => source.similar(),
            _ => &[],
        }
    }

    /// Puts words in front of this error.
    pub fn during(self, doing: &'static str) -> Self {
        Self::While { doing, source: Box::new(self) }
    }

    /// Strikes secrets out of what a server or a helper said.
    pub(crate) fn without<'a>(self, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        match self {
            Self::Credentials(text) => Self::Credentials(redact(&text, secrets)),
            Self::While { doing, source } => Self::While { doing, source: Box::new(source.without(secrets)) },
            other => other,
        }
    }

    /// Makes an error of a mode's own words.
    pub(crate) fn credentials(text: impl Into<String>) -> Self {
        Self::Credentials(text.into())
    }
}

/// Why there is no answer of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkFailure {
    /// A time limit was over.
    TimedOut,
    /// The server's certificate is not trusted, or not that of the server.
    Untrusted,
    /// Anything else, such as a name that nobody knows or a connection that is cut.
    Other,
}

/// Why a profile cannot be used as it is (behaviour, section 3).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Invalid {
    /// There is no region.
    #[error("region can't be empty")]
    NoRegion,
    /// The region holds other characters than letters, digits and dashes.
    #[error("invalid region {0}")]
    Region(String),
    /// The profile has no mode.
    #[error("profile {0} is not configure yet, run `aliyun configure --profile {0}` first")]
    NoMode(String),
    /// The mode is none that exists; the spelling counts.
    #[error("invalid mode: {0}")]
    Mode(String),
    /// A field that the mode needs is empty.
    #[error(
        "{field} is not configured for profile '{profile}'. Run `aliyun configure --profile {profile} --mode {mode}`{remedy}"
    )]
    Missing {
        /// The field, as the reference names it.
        field: &'static str,
        /// The profile's name.
        profile: String,
        /// The mode's name.
        mode: &'static str,
        /// How the sentence ends.
        remedy: &'static str,
    },
    /// A field holds something that the mode cannot use.
    #[error("{0}")]
    Value(String),
}

/// An error that the service itself reported (wire, section 9.2).
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error(
    "SDK.ServerError\nErrorCode: {code}\nRecommend: {recommend}\nRequestId: {request_id}\nMessage: {message}"
)]
pub struct ServiceError {
    /// The HTTP status.
    pub status: u16,
    /// The service's error code, such as `InvalidAccessKeyId.NotFound`.
    pub code: String,
    /// The service's sentence, with the caller's secrets struck out.
    pub message: String,
    /// A page that may help.
    pub recommend: String,
    /// The id of the request, for the service's support.
    pub request_id: String,
    /// The name of the server, as it put it.
    pub host_id: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_front_change_neither_exit_code_nor_hint() {
        let inner = || Error::NotConfigured(Box::new(Error::NoHome));
        let error = inner().during("init client failed ");
        assert_eq!((error.exit_code(), error.hint()), (inner().exit_code(), inner().hint()));
        assert_eq!(error.exit_code(), 3);
    }

    #[test]
    fn a_missing_field_is_named_with_the_command_that_sets_it() {
        let error = Invalid::Missing {
            field: "access_key_id",
            profile: "p".into(),
            mode: "AK",
            remedy: " to set it",
        };
        assert_eq!(
            error.to_string(),
            "access_key_id is not configured for profile 'p'. Run `aliyun configure --profile p --mode AK` to set it"
        );
    }
}
