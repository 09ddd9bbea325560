//! What can go wrong, sorted by what the caller can do about it, with one table of exit codes, hints and remedies.

mod consequence;
mod service;

use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

use crate::secret::{Secret, redact};
pub use service::ServiceError;

/// The address of the metadata service of an ECS instance (wire, section 2.4).
pub(crate) const METADATA_SERVICE: &str = "100.100.100.200";

/// The result of everything in this library that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// A failure, sorted by what the caller can do about it.
///
/// A program that knows other sources of credentials tries the next one after [`Error::NotConfigured`] only: every
/// other error means that the user chose this source, and silently taking another identity would hide that it is
/// broken. What may pass by itself is told by [`Error::is_transient`].
///
/// No variant carries a secret, a signature, a query string or the contents of a config file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A command or flag does not exist (behaviour, section 1): correct its spelling.
    #[error("{text}")]
    Usage {
        /// The sentence for stderr.
        text: String,
        /// Commands with a similar name, for stdout.
        similar: Vec<String>,
        /// A command that does what was probably meant, where the word is known from other programs.
        instead: Option<String>,
    },
    /// A command belongs to the Alibaba Cloud CLI, which is not installed behind this program: install it.
    #[error("{0}")]
    ForeignCommand(Box<Error>),
    /// An argument, an answer, a variable or a setting has a value that cannot be used: mend what the text names.
    #[error("{0}")]
    InvalidInput(String),
    /// The input ended before the last question was answered: answer all of them.
    #[error("input ended at the question \"{0}\"; nothing was saved")]
    InputEnded(String),
    /// Nothing says how to sign in: configure the profile, or take credentials from another source.
    #[error("{text}")]
    NotConfigured {
        /// The profile that was looked for.
        profile: String,
        /// The sentence.
        text: String,
        /// The name of a profile that looks alike, where there is none of that name.
        near: Option<String>,
    },
    /// No profile has the name that was to be changed or shown: correct its spelling.
    #[error("{text}")]
    UnknownProfile {
        /// The name.
        profile: String,
        /// The sentence.
        text: String,
        /// The name of a profile that looks alike.
        near: Option<String>,
    },
    /// There is a profile of the name that another is to get: choose another name.
    #[error("there is a profile `{profile}` already")]
    ProfileExists {
        /// The profile.
        profile: String,
    },
    /// A profile lacks something that its mode needs, or holds something that the mode cannot use: set the field
    /// (behaviour, section 3).
    #[error("{text}")]
    Incomplete {
        /// The profile.
        profile: String,
        /// The field, by its name in the config file.
        field: &'static str,
        /// The sentence.
        text: String,
    },
    /// A profile holds, or its environment adds, a value that gives no credentials: see what `configure check` says.
    #[error("{text}")]
    UnusableProfile {
        /// The profile.
        profile: String,
        /// The sentence.
        text: String,
    },
    /// A login is over or was not completed: log in with the command.
    #[error("{text}")]
    NotLoggedIn {
        /// The command that logs in.
        command: String,
        /// The sentence.
        text: String,
    },
    /// An error that the user has been shown on the way: end, but say nothing more.
    #[error("{0}")]
    AlreadyShown(Box<Error>),
    /// A service refuses the request: do what its code asks for.
    #[error("{text}")]
    Rejected {
        /// The sentence, in which the service's own words stand.
        text: String,
        /// What the service said.
        service: Box<ServiceError>,
    },
    /// A service agrees, but its response is not as documented: report it to whoever runs the service.
    #[error("{0}")]
    UnexpectedResponse(String),
    /// A server cannot be reached, or its response cannot be read: mend the network, the proxy or the trust store.
    #[error("cannot reach {host}: {reason}")]
    Unreachable {
        /// The server's name, and its port where it is not the usual one.
        host: String,
        /// The innermost cause.
        reason: String,
        /// The kind of the cause.
        kind: NetworkFailure,
        /// The proxy that the request was sent through.
        proxy: Option<Proxy>,
    },
    /// A credential helper fails: mend the helper.
    #[error("{failure}")]
    HelperFailed {
        /// The program.
        program: String,
        /// How it failed.
        failure: HelperFailure,
    },
    /// A program that was to be run cannot be started: mend its name, PATH, or its permissions.
    #[error("cannot run {program}: {cause}")]
    NotStarted {
        /// The program, as it was named.
        program: String,
        /// Why not.
        cause: io::Error,
    },
    /// The safety policy or a variable of the environment forbids the step: nothing was sent or started.
    #[error("{text}")]
    Blocked {
        /// The sentence.
        text: String,
        /// What forbids it.
        by: Barrier,
    },
    /// No home folder is known, so there is no default config file: set `HOME`, or name the file.
    #[error("no home folder: set HOME, or name the file with --config-path")]
    NoHome,
    /// A file cannot be read, written or understood: mend the file or its permissions. What could not be written
    /// is as it was before.
    #[error("{}", .failure.sentence(&.path.display().to_string()))]
    Storage {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        failure: StorageFailure,
    },
    /// Another program holds the lock on a config file for too long: try again.
    #[error("{} is locked by {}; gave up after {seconds} seconds", .path.display(), .owner.as_deref().unwrap_or("another program"))]
    Locked {
        /// The file.
        path: PathBuf,
        /// Who holds the lock, where that is known.
        owner: Option<String>,
        /// How long this program waited.
        seconds: u64,
    },
    /// The operating system fails at something other than a file: a standard stream, a port, another program.
    #[error("{0}")]
    System(#[from] io::Error),
    /// An error with words in front that say what was going on; they change neither exit code nor hint.
    #[error("{doing}{source}")]
    Context {
        /// The words in front, with their blank or colon.
        doing: Cow<'static, str>,
        /// The error itself.
        source: Box<Error>,
    },
}

impl Error {
    /// Tells whether the same request may well succeed a little later, with nothing changed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Unreachable { kind, .. } => kind.is_transient(),
            Self::Rejected { service, .. } => service.is_transient(),
            Self::Locked { .. } => true,
            Self::Context { source, .. } | Self::AlreadyShown(source) => source.is_transient(),
            _ => false,
        }
    }

    /// Returns the names that look like a mistyped one.
    pub fn similar(&self) -> &[String] {
        match self {
            Self::Usage { similar, .. } => similar,
            Self::Context { source, .. } | Self::ForeignCommand(source) => source.similar(),
            _ => &[],
        }
    }

    /// Puts words in front of this error.
    pub fn during(self, doing: impl Into<Cow<'static, str>>) -> Self {
        Self::Context { doing: doing.into(), source: Box::new(self) }
    }

    /// Strikes secrets out of whatever a server, a helper or a profile may have put into this error.
    pub(crate) fn without<'a>(mut self, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let secrets: Vec<_> = secrets.into_iter().collect();
        for text in self.texts_mut() {
            *text = redact(text, secrets.iter().copied());
        }
        self
    }

    /// Returns the texts that others than this program may have a part in. Paths and names are not among them:
    /// the user must find them as they are.
    fn texts_mut(&mut self) -> Vec<&mut String> {
        match self {
            Self::InvalidInput(text)
            | Self::UnexpectedResponse(text)
            | Self::Blocked { text, .. }
            | Self::NotLoggedIn { text, .. }
            | Self::UnusableProfile { text, .. }
            | Self::HelperFailed {
                failure: HelperFailure::NotStarted(text) | HelperFailure::UnusableOutput(text),
                ..
            }
            | Self::Unreachable { reason: text, .. } => vec![text],
            Self::Rejected { text, service } => [text].into_iter().chain(service.texts_mut()).collect(),
            Self::Context { source, .. } | Self::AlreadyShown(source) | Self::ForeignCommand(source) => {
                source.texts_mut()
            }
            _ => Vec::new(),
        }
    }

    /// Makes the error of a value that cannot be used.
    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self::InvalidInput(text.into())
    }

    /// Makes the error of a response that is not as documented.
    pub(crate) fn unexpected(text: impl Into<String>) -> Self {
        Self::UnexpectedResponse(text.into())
    }

    /// Makes the error of a request that a service refuses, with a sentence about the step that needed it.
    pub(crate) fn rejected(text: impl Into<String>, service: impl Into<Box<ServiceError>>) -> Self {
        Self::Rejected { text: text.into(), service: service.into() }
    }

    /// Makes the error of a profile that nothing is configured for.
    pub(crate) fn not_configured(profile: &str, text: impl Into<String>) -> Self {
        Self::NotConfigured { profile: profile.to_owned(), text: text.into(), near: None }
    }

    /// Words the error of a profile that is not there in another way, by its name.
    pub(crate) fn reword_unknown_profile(self, words: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::UnknownProfile { profile, near, .. } => {
                Self::UnknownProfile { text: words(&profile), profile, near }
            }
            other => other,
        }
    }

    /// Lays a value that cannot be used at the door of the profile whose credentials were to be obtained.
    pub(crate) fn of_profile(self, profile: &str) -> Self {
        match self {
            Self::InvalidInput(text) => Self::UnusableProfile { profile: profile.to_owned(), text },
            Self::Context { doing, source } => source.of_profile(profile).during(doing),
            other => other,
        }
    }

    /// Makes the error of arguments that name no command or flag, or none of a flag's choices.
    pub(crate) fn usage(text: String) -> Self {
        Self::Usage { text, similar: Vec::new(), instead: None }
    }

    /// Makes the error of a field that a profile lacks, or whose value its mode cannot use.
    pub(crate) fn incomplete(profile: &str, field: &'static str, text: impl Into<String>) -> Self {
        Self::Incomplete { profile: profile.to_owned(), field, text: text.into() }
    }
}

/// Why a server does not respond.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetworkFailure {
    /// A timeout was over.
    TimedOut,
    /// No trusted authority has signed the server's certificate.
    Untrusted {
        /// The name of the authority that has, where it can be read.
        issuer: Option<String>,
    },
    /// The server's certificate does not hold now, or not for this server.
    NotValid,
    /// Anything else, such as a name that nobody knows or a connection that is cut.
    Other,
}

impl NetworkFailure {
    fn is_transient(&self) -> bool {
        !matches!(self, Self::Untrusted { .. } | Self::NotValid)
    }
}

/// A proxy as an error may name it: without the user and password of its address.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Proxy {
    /// The variable of the environment that names the proxy.
    pub variable: &'static str,
    /// The proxy's host, and its port where it is not the usual one.
    pub address: String,
}

/// What forbids a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Barrier {
    /// A rule of the safety policy.
    SafetyPolicy,
    /// The user, who has not confirmed it.
    NotConfirmed,
    /// The variable of the environment of this name.
    Variable(&'static str),
}

/// How a credential helper fails.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HelperFailure {
    /// It could not be started.
    #[error("{0}")]
    NotStarted(String),
    /// It ended with an exit code other than 0.
    #[error("exit status {0}")]
    Exited(i32),
    /// A signal of this number ended it.
    #[error("signal: {0}")]
    Signalled(i32),
    /// What it printed cannot be used; the text does not repeat it.
    #[error("{0}")]
    UnusableOutput(String),
}

/// What is wrong with a file.
#[derive(Debug)]
#[non_exhaustive]
pub enum StorageFailure {
    /// It is not there.
    Missing,
    /// It is not there, though `--config-path` names it.
    NamedMissing,
    /// It cannot be read.
    Unreadable(io::Error),
    /// It cannot be written.
    Unwritable(io::Error),
    /// It is not what it should be: the text says what is wrong and where, without the contents.
    Malformed(String),
}

impl StorageFailure {
    fn sentence(&self, path: &str) -> String {
        match self {
            Self::Missing => format!("stat {path}: no such file or directory"),
            Self::NamedMissing => format!("config path input does not exist: {path}"),
            Self::Unreadable(cause) => format!("cannot read {path}: {cause}"),
            Self::Unwritable(cause) => format!("cannot write {path}: {cause}"),
            Self::Malformed(what) => format!("{path} cannot be used: {what}"),
        }
    }

    /// Makes the error of this failure at a file.
    pub(crate) fn at(self, path: impl Into<PathBuf>) -> Error {
        Error::Storage { path: path.into(), failure: self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_front_change_neither_exit_code_nor_hint() {
        let inner = || Error::not_configured("p", "unknown");
        let error = inner().during("init client failed ");
        assert_eq!((error.exit_code(), error.hint()), (inner().exit_code(), inner().hint()));
        assert_eq!(error.exit_code(), 3);
    }

    #[test]
    fn what_may_pass_is_told_from_what_stays() {
        let unreachable =
            |kind| Error::Unreachable { host: "h".into(), reason: "r".into(), kind, proxy: None };
        let rejected = |status, code: &str| {
            Error::from(ServiceError { status, code: code.into(), ..ServiceError::default() })
        };
        let passing = [
            unreachable(NetworkFailure::TimedOut),
            unreachable(NetworkFailure::Other).during("while trying: "),
            rejected(503, ""),
            rejected(400, "Throttling.User"),
            Error::Locked { path: "p".into(), owner: None, seconds: 10 },
        ];
        let staying = [
            unreachable(NetworkFailure::Untrusted { issuer: None }),
            unreachable(NetworkFailure::NotValid),
            rejected(403, "NoPermission").during("while trying: "),
            Error::NoHome,
            Error::not_configured("p", "unknown"),
        ];
        assert_eq!(passing.each_ref().map(Error::is_transient), [true; 5]);
        assert_eq!(staying.each_ref().map(Error::is_transient), [false; 5]);
    }

    #[test]
    fn secrets_are_struck_out_wherever_others_have_a_word() {
        const SAID: &str = "it was hunter2";
        let service = ServiceError {
            code: SAID.into(),
            message: SAID.into(),
            request_id: SAID.into(),
            ..ServiceError::default()
        };
        let login = Error::NotLoggedIn { command: "c".into(), text: SAID.into() };
        let errors = [
            Error::invalid(SAID),
            Error::unexpected(SAID),
            Error::Blocked { text: SAID.into(), by: Barrier::NotConfirmed },
            Error::AlreadyShown(Box::new(login)),
            Error::rejected(SAID, service).during("while trying: "),
            Error::Unreachable {
                host: "h".into(),
                reason: SAID.into(),
                kind: NetworkFailure::Other,
                proxy: None,
            },
            Error::HelperFailed { program: "p".into(), failure: HelperFailure::NotStarted(SAID.into()) },
            Error::HelperFailed { program: "p".into(), failure: HelperFailure::UnusableOutput(SAID.into()) },
        ];
        for error in errors {
            let shown = format!("{:?}", error.without([&Secret::new("hunter2")]));
            assert!(shown.contains("it was ***") && !shown.contains("hunter2"), "{shown}");
        }
    }
}
