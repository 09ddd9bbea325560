//! What an error means for a shell and its user: one table by kind of error.

use std::io;
use std::path::Path;

use super::{
    Barrier, Error, HelperFailure, METADATA_SERVICE, NetworkFailure, Proxy, ServiceError, StorageFailure,
};
use crate::shell::quoted;

/// What follows from an error.
pub(super) struct Consequence {
    /// The exit code.
    pub(super) exit_code: u8,
    /// What the reference says behind the error, wherever it is shown.
    pub(super) hint: Option<&'static str>,
    /// How the user can mend it, for a terminal.
    pub(super) remedy: Option<String>,
}

impl Error {
    /// Returns the exit code of a process that ends with this error (behaviour, section 1).
    pub fn exit_code(&self) -> u8 {
        Consequence::of(self).exit_code
    }

    /// Returns what the reference says behind this error (behaviour, section 1).
    pub fn hint(&self) -> Option<&'static str> {
        Consequence::of(self).hint
    }

    /// Returns how the user can mend this error, with a command to paste where there is one (behaviour, section
    /// 6.21).
    pub fn remedy(&self) -> Option<String> {
        Consequence::of(self).remedy
    }
}

impl Consequence {
    fn failed(remedy: impl Into<Option<String>>) -> Self {
        Self { exit_code: 1, hint: None, remedy: remedy.into() }
    }

    fn unconfigured(remedy: String) -> Self {
        let hint = Some("Configuration failed, use `aliyun configure` to configure it");
        Self { exit_code: 3, hint, remedy: Some(remedy) }
    }

    /// Returns what follows from an error (behaviour, sections 1 and 6.21).
    pub(super) fn of(error: &Error) -> Self {
        match error {
            Error::Usage { instead, .. } => Self { exit_code: 2, hint: None, remedy: instead.clone() },
            Error::ForeignCommand(usage) => {
                let hint = "Calls to other products need the Alibaba Cloud CLI: put its `aliyun` behind this one in PATH, or set ALIYUN_CLI to its path";
                Self { hint: Some(hint), ..Self::of(usage) }
            }
            Error::NotConfigured { profile, near, .. } => {
                Self::unconfigured(set_up(profile, near.as_deref()))
            }
            Error::UnknownProfile { near, .. } => Self::failed(look_up(near.as_deref())),
            Error::ProfileExists { profile } => Self::failed(free(profile)),
            Error::Incomplete { profile, field, .. } => Self::unconfigured(complete(profile, field)),
            Error::UnusableProfile { profile, .. } => Self::failed(examine(profile)),
            Error::Context { source, .. } | Error::AlreadyShown(source) => Self::of(source),
            Error::NotLoggedIn { command, .. } => Self::failed(format!("Log in again:\n  {command}")),
            Error::Rejected { service, .. } => Self::failed(answered(service)),
            Error::Unreachable { host, kind, proxy, .. } => Self::failed(reach(host, kind, proxy.as_ref())),
            Error::HelperFailed { program, failure } => Self::failed(help(program, failure)),
            Error::Storage { path, failure } => Self::failed(mend(path, failure)),
            Error::NotStarted { program, cause } => Self::not_started(program, cause),
            Error::Locked { .. } => {
                Self::failed("Wait until the other program ends, or end it, and try again.".to_owned())
            }
            Error::Blocked { by, .. } => Self::failed(allow(*by)),
            Error::NoHome => Self::failed("Name your home folder:\n  export HOME=/home/NAME".to_owned()),
            Error::System(error) => Self::failed(make_way(error)),
            // Their sentences name what to mend, or there is nothing to be mended from here.
            Error::InvalidInput(_) | Error::InputEnded(_) | Error::UnexpectedResponse(_) => {
                Self::failed(None)
            }
        }
    }

    /// Returns what follows from a program that is not started; the codes are those of shells and `env`.
    fn not_started(program: &str, cause: &io::Error) -> Self {
        let program = quoted(program);
        let (exit_code, remedy) = match cause.kind() {
            io::ErrorKind::NotFound => (
                127,
                format!("The program must be in PATH, or be named with its path:\n  command -v {program}"),
            ),
            _ => (126, format!("It must be a program that you may run:\n  ls -l {program}")),
        };
        Self { exit_code, hint: None, remedy: Some(remedy) }
    }
}

/// Returns a question about a name that looks alike.
fn meant(near: Option<&str>) -> String {
    near.map(|near| format!("Did you mean the profile '{near}'? ")).unwrap_or_default()
}

fn look_up(near: Option<&str>) -> String {
    format!("{}See which profiles there are:\n  aliyun configure list", meant(near))
}

fn set_up(profile: &str, near: Option<&str>) -> String {
    let (profile, meant) = (quoted(profile), meant(near));
    format!(
        "{meant}Set the profile up, or see which profiles there are:\n  aliyun configure --profile {profile}\n  aliyun configure list"
    )
}

fn examine(profile: &str) -> String {
    let profile = quoted(profile);
    format!(
        "See what is wrong, or set the profile up anew:\n  aliyun configure check --profile {profile}\n  aliyun configure --profile {profile}"
    )
}

fn free(profile: &str) -> String {
    let profile = quoted(profile);
    format!(
        "Choose another name, or remove that profile first:\n  aliyun configure delete --profile {profile}"
    )
}

fn allow(by: Barrier) -> Option<String> {
    match by {
        Barrier::SafetyPolicy => Some(
            "See the rules, and change the one that forbids it:\n  aliyun configure safety-policy list"
                .to_owned(),
        ),
        Barrier::Variable(name) => {
            Some(format!("Where that is not meant, remove the variable:\n  unset {name}"))
        }
        Barrier::NotConfirmed => None,
    }
}

/// Returns what to do about a failure of the operating system at something other than a file.
fn make_way(error: &io::Error) -> Option<String> {
    let text = match error.kind() {
        io::ErrorKind::AddrInUse => "End what listens there, and try again:\n  ss -ltnp",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "Make room where the output goes to:\n  df -h"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn complete(profile: &str, field: &str) -> String {
    let profile = quoted(profile);
    match field {
        "region_id" => format!(
            "Give the profile a region, such as cn-hangzhou:\n  aliyun configure set --profile {profile} --region cn-hangzhou"
        ),
        _ => {
            format!("Set {field}, with what else the profile needs:\n  aliyun configure --profile {profile}")
        }
    }
}

/// Returns what to do about what a service said, by its code.
fn answered(service: &ServiceError) -> Option<String> {
    let code = service.code.as_str();
    let text = match code {
        _ if code.starts_with("InvalidAccessKeyId") => {
            "The access key does not exist or is disabled. Look it up in the RAM console, and enter it again:\n  aliyun configure"
        }
        "SignatureDoesNotMatch" | "IncompleteSignature" => {
            "The secret is not that of the access key. Enter both again:\n  aliyun configure"
        }
        _ if code.starts_with("InvalidTimeStamp") => return Some(set_clock(service.clock_offset)),
        _ if code.starts_with("InvalidSecurityToken") => {
            "The STS token is over, or not that of the access key. Get a new one, and enter it:\n  aliyun configure --mode StsToken"
        }
        "NoPermission" | "Forbidden.RAM" => {
            "The identity may not do this. Whoever manages RAM can grant it. Who it is:\n  aliyun sts GetCallerIdentity"
        }
        "EntityNotExist.Role" => {
            "The role does not exist. Compare its ARN with the RAM console:\n  aliyun configure get ram-role-arn"
        }
        "invalid_grant" => "The login is over. Log in again:\n  aliyun configure --mode OAuth",
        _ if service.host_id == METADATA_SERVICE && service.status == 404 => {
            "This machine is not an ECS instance, or no RAM role of that name is attached to it. Attach one in the ECS console, or name another:\n  aliyun configure --mode EcsRamRole"
        }
        _ if service.is_transient() => {
            "This may pass. Try again in a while, or let it be tried again:\n  aliyun sts GetCallerIdentity --retry-count 5"
        }
        _ => return None,
    };
    Some(text.to_owned())
}

fn set_clock(offset: Option<i64>) -> String {
    /// What a response may take on its way, in seconds; less than that tells nothing about the clock.
    const WAY: i64 = 10;
    let off = match offset {
        Some(offset @ WAY..) => format!("is {offset} seconds slow"),
        Some(offset) if offset <= -WAY => format!("is {} seconds fast", offset.unsigned_abs()),
        _ => "is off".to_owned(),
    };
    format!("The clock of this machine {off}. Set it, and let it be kept:\n  timedatectl set-ntp true")
}

fn reach(host: &str, kind: &NetworkFailure, proxy: Option<&Proxy>) -> String {
    match (kind, proxy) {
        (NetworkFailure::Untrusted { issuer }, _) => {
            let signer = match issuer {
                Some(issuer) => format!("The certificate for {host} was issued by \"{issuer}\", which this machine does not trust."),
                None => format!("No authority that this machine trusts has signed the certificate for {host}."),
            };
            format!("{signer} Where a company's proxy signs it, name the company's certificates:\n  export SSL_CERT_FILE=/path/to/ca.pem")
        }
        (NetworkFailure::NotValid, _) => format!(
            "The certificate for {host} is not valid now, or is another server's. Compare the clock of this machine, and the name:\n  date"
        ),
        (_, Some(Proxy { variable, address })) => format!(
            "The request went through the proxy {address}, as the variable {variable} has it. Mend the variable, or do without the proxy:\n  unset {variable}"
        ),
        (_, None) if host == METADATA_SERVICE => {
            "This machine seems not to be an ECS instance. Choose another way to sign in:\n  aliyun configure"
                .to_owned()
        }
        (NetworkFailure::TimedOut, None) => {
            "Check the network. A slow one gets more time, in seconds, by:\n  aliyun configure set --connect-timeout 30 --read-timeout 60"
                .to_owned()
        }
        (NetworkFailure::Other, None) => {
            "Check the network and the name. Where a proxy leads out, name it:\n  export HTTPS_PROXY=http://proxy:port".to_owned()
        }
    }
}

fn help(program: &str, failure: &HelperFailure) -> String {
    let program = quoted(program);
    match failure {
        HelperFailure::NotStarted(_) => format!(
            "The helper must be in PATH, or be named with its path:\n  command -v {program}\n  aliyun configure set --process-command PROGRAM"
        ),
        HelperFailure::Exited(_) | HelperFailure::Signalled(_) => {
            format!(
                "What the helper {program} itself says stands above. The command that starts it:\n  aliyun configure get process-command"
            )
        }
        HelperFailure::UnusableOutput(_) => format!(
            "The helper {program} must print JSON with the member `mode`, and with the credentials of that mode. The command that starts it:\n  aliyun configure get process-command"
        ),
    }
}

fn mend(path: &Path, failure: &StorageFailure) -> Option<String> {
    let path = shown(path);
    let is_denied = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    Some(match failure {
        StorageFailure::Missing => "Set a profile up:\n  aliyun configure".to_owned(),
        StorageFailure::NamedMissing => format!(
            "Mend the path behind --config-path, or make the file:\n  aliyun configure --config-path {path}"
        ),
        StorageFailure::Unreadable(error) | StorageFailure::Unwritable(error) if is_denied(error) => {
            format!("Whose the file is, and who may use it:\n  ls -ld {path}")
        }
        StorageFailure::Unwritable(error) => match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                format!("Make room on its disk, or in your quota:\n  df -h {path}")
            }
            io::ErrorKind::ReadOnlyFilesystem => {
                format!(
                    "Its disk cannot be written to; name a file elsewhere with --config-path:\n  df -h {path}"
                )
            }
            _ => return None,
        },
        StorageFailure::Malformed(_) => {
            format!("Mend the file there, or move it away and begin anew:\n  mv {path} {path}.broken")
        }
        StorageFailure::Unreadable(_) => return None,
    })
}

fn shown(path: &Path) -> String {
    quoted(&path.to_string_lossy()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remedy(error: &Error) -> String {
        Consequence::of(error).remedy.unwrap_or_default()
    }

    fn unreachable(host: &str, kind: NetworkFailure) -> Error {
        Error::Unreachable { host: host.into(), reason: "r".into(), kind, proxy: None }
    }

    #[test]
    fn a_machine_that_is_no_instance_is_told_so() {
        let absent = ServiceError { host_id: METADATA_SERVICE.into(), ..ServiceError::of_status(404) };
        assert!(remedy(&absent.into()).starts_with("This machine is not an ECS instance, or no RAM role"));
        let silent = unreachable(METADATA_SERVICE, NetworkFailure::TimedOut);
        assert!(remedy(&silent).starts_with("This machine seems not to be an ECS instance."));
        assert_eq!(remedy(&ServiceError::of_status(404).into()), "");
    }

    #[test]
    fn what_may_pass_is_tried_again_and_a_slow_network_gets_more_time() {
        assert!(remedy(&ServiceError::of_status(503).into()).ends_with("--retry-count 5"));
        let slow = remedy(&unreachable("h", NetworkFailure::TimedOut));
        assert!(slow.ends_with("aliyun configure set --connect-timeout 30 --read-timeout 60"));
        assert!(remedy(&unreachable("h", NetworkFailure::Other)).contains("export HTTPS_PROXY="));
    }

    #[test]
    fn files_are_named_as_a_shell_takes_them() {
        let path = Path::new("/home/my user/config.json");
        let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
        for failure in [StorageFailure::Unreadable(denied()), StorageFailure::Unwritable(denied())] {
            assert!(remedy(&failure.at(path)).ends_with("ls -ld '/home/my user/config.json'"));
        }
        let missing = remedy(&StorageFailure::NamedMissing.at(path));
        assert!(missing.ends_with("aliyun configure --config-path '/home/my user/config.json'"));
    }

    #[test]
    fn what_is_forbidden_names_what_forbids_it() {
        let blocked = |by| remedy(&Error::Blocked { text: "no".into(), by });
        assert!(blocked(Barrier::SafetyPolicy).ends_with("\n  aliyun configure safety-policy list"));
        assert!(blocked(Barrier::Variable("NAME")).ends_with("\n  unset NAME"));
        assert_eq!(blocked(Barrier::NotConfirmed), "");
    }

    #[test]
    fn what_stands_in_the_way_is_told_where_somebody_can_mend_it() {
        let system = |kind: io::ErrorKind| remedy(&io::Error::from(kind).into());
        assert!(system(io::ErrorKind::StorageFull).ends_with("\n  df -h"));
        assert!(system(io::ErrorKind::AddrInUse).ends_with("\n  ss -ltnp"));
        assert_eq!(system(io::ErrorKind::Interrupted), "");
        let taken = remedy(&Error::ProfileExists { profile: "my p".into() });
        assert!(taken.ends_with("\n  aliyun configure delete --profile 'my p'"), "{taken}");
        assert!(remedy(&Error::NoHome).ends_with("\n  export HOME=/home/NAME"));
        let unwritable = |kind: io::ErrorKind| remedy(&StorageFailure::Unwritable(kind.into()).at("/a b"));
        assert!(unwritable(io::ErrorKind::StorageFull).ends_with("\n  df -h '/a b'"));
        assert!(unwritable(io::ErrorKind::ReadOnlyFilesystem).contains("--config-path"));
        for (kind, exit_code, command) in [
            (io::ErrorKind::NotFound, 127, "\n  command -v tool"),
            (io::ErrorKind::PermissionDenied, 126, "\n  ls -l tool"),
        ] {
            let error = Error::NotStarted { program: "tool".into(), cause: kind.into() };
            assert!(error.exit_code() == exit_code && remedy(&error).ends_with(command), "{error}");
        }
    }

    #[test]
    fn a_clock_is_told_by_how_much_it_is_off() {
        let error = |clock_offset| {
            let code = "InvalidTimeStamp.Expired".to_owned();
            remedy(&ServiceError { code, clock_offset, ..ServiceError::of_status(400) }.into())
        };
        assert!(error(Some(90)).starts_with("The clock of this machine is 90 seconds slow."));
        assert!(error(Some(-90)).starts_with("The clock of this machine is 90 seconds fast."));
        for unknown in [None, Some(1), Some(-9)] {
            assert!(error(unknown).starts_with("The clock of this machine is off."));
        }
    }
}
