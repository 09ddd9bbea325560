//! The binary `aliyun`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    forbid_core_dumps();
    survive_size_limits();
    aliyun_configure::cli::main(std::env::args_os().skip(1).collect(), &aliyun_configure::RealHost).into()
}

/// Keeps the secrets of this process out of core dumps, and out of reach of the user's other processes; a
/// program that is started gets its own rights anew. A system that refuses is no reason to stop.
#[cfg(target_os = "linux")]
fn forbid_core_dumps() {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}

/// Keeps the secrets of this process, and those it starts, out of core dumps.
#[cfg(all(unix, not(target_os = "linux")))]
fn forbid_core_dumps() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Does nothing, where the system writes no core dumps by itself.
#[cfg(not(unix))]
fn forbid_core_dumps() {}

/// Makes a write beyond the largest size of a file an error, where it would end this program in the midst of it.
#[cfg(unix)]
fn survive_size_limits() {
    let _ = signal_hook::flag::register(rustix::process::Signal::XFSZ.as_raw(), std::sync::Arc::default());
}

/// Does nothing, where files have no such limit.
#[cfg(not(unix))]
fn survive_size_limits() {}
