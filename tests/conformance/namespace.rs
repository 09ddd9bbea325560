//! The network and mount namespace in which the hosts of the cloud are on this machine.

use std::{
    env, fs, io,
    path::Path,
    process::{Command, ExitCode, Stdio},
};

use fake_cloud::{HOSTS, METADATA_HOST};
use rustix::process::{geteuid, setsid};

use crate::Outcome;

/// Set in the process that runs the cases: empty within the namespace, else why there is none.
const WITHOUT: &str = "CONFORMANCE_WITHOUT_NETWORK";

/// The process that the user started, or the one that runs the cases.
pub(crate) enum Stage {
    Outer,
    Inner { without_network: Option<String> },
}

impl Stage {
    pub(crate) fn current() -> Self {
        match env::var(WITHOUT) {
            Err(_) => Self::Outer,
            Ok(reason) => Self::Inner { without_network: Some(reason).filter(|reason| !reason.is_empty()) },
        }
    }
}

/// Runs this executable again with the same arguments, in a namespace if one can be had.
pub(crate) fn run_inner() -> Outcome<ExitCode> {
    let exe = env::current_exe()?;
    let (mut command, without) = match find_namespace() {
        Ok(flags) => {
            let mut command = Command::new("unshare");
            command.arg(flags).arg(exe);
            (command, String::new())
        }
        Err(reason) => (Command::new(exe), reason),
    };
    let status = command.args(env::args_os().skip(1)).env(WITHOUT, without).status()?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Leaves the terminal: the program under test must not find one that a case did not give it.
pub(crate) fn leave_terminal() -> io::Result<()> {
    setsid()?;
    // Ctrl-C no longer reaches this process, but its end follows the one of the outer process.
    #[cfg(target_os = "linux")]
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::TERM))?;
    Ok(())
}

/// Gives this namespace its addresses and names.
pub(crate) fn furnish(work: &Path) -> Outcome<()> {
    let hosts = work.join("hosts");
    let lines = HOSTS.map(|host| format!("127.0.0.1 {host}\n")).concat();
    fs::write(&hosts, format!("127.0.0.1 localhost\n{lines}"))?;
    sh(Command::new("sh").args(["-c", &addresses()]))?;
    sh(Command::new("mount").arg("--bind").arg(hosts).arg("/etc/hosts"))?;
    Ok(())
}

fn addresses() -> String {
    format!("mount --make-rprivate / && ip link set lo up && ip addr add {METADATA_HOST}/32 dev lo")
}

/// The flags with which `unshare` gives a namespace that can be furnished, or why none does.
fn find_namespace() -> Result<&'static str, String> {
    let candidates: &[_] = if geteuid().is_root() { &["-nm", "-Urnm"] } else { &["-Urnm"] };
    let mut reason = String::new();
    for flags in candidates {
        let mut probe = Command::new("unshare");
        match sh(probe.args([flags, "sh", "-c", &addresses()])) {
            Ok(()) => return Ok(flags),
            Err(error) => reason = error,
        }
    }
    Err(format!("no namespace: {reason}"))
}

fn sh(command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{name}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().next().map_or_else(|| format!("{name}: {}", output.status), str::to_owned))
}
