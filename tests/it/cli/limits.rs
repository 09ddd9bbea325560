//! Calls where the system gives less than usual: no thread, few descriptors, a clock that is wrong.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fake_cloud::{FakeCloud, Listeners, Overrides};

use crate::support::environment::{Run, TestEnvironment, run_of};
use crate::support::files::copy_program;

const OURS: &str = env!("CARGO_BIN_EXE_aliyun");

/// A user with no other process, and no account.
const NOBODY: &str = "54321";

/// A profile in front of a cloud, in a home folder that any user may use.
struct Stage {
    cloud: FakeCloud,
    environment: TestEnvironment,
    program: PathBuf,
}

impl Stage {
    fn new() -> Self {
        let cloud = FakeCloud::start(Listeners::proxy()).unwrap();
        cloud.reset(Overrides::none(), [("LTAIp", "exampleSecret")]);
        let environment = TestEnvironment::with_profiles(&["p"]);
        let (ca, program) = (environment.home().join("ca.pem"), environment.home().join("program"));
        fs::write(&ca, cloud.ca_pem()).unwrap();
        copy_program(&program);
        for (path, mode) in [
            (environment.home(), 0o777),
            (environment.config_path().parent().unwrap(), 0o777),
            (&environment.config_path(), 0o644),
            (&ca, 0o644),
        ] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
        let proxy = cloud.proxy_url().unwrap();
        let environment = environment.var("HTTPS_PROXY", &proxy).var("SSL_CERT_FILE", ca.to_str().unwrap());
        Self { cloud, environment, program }
    }

    /// Calls through a shell script, in which `"$@"` is the call.
    fn call(&self, script: &str) -> Run {
        let arguments = ["sts", "GetCallerIdentity"];
        run_of(
            self.output(
                Command::new("/bin/sh").args(["-c", script, "sh"]).arg(&self.program).args(arguments),
            ),
        )
    }

    fn output(&self, command: &mut Command) -> Output {
        command.env_clear().envs(self.environment.variables()).env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.current_dir(self.environment.home()).output().unwrap()
    }
}

#[test]
fn where_no_thread_can_be_made_a_call_works_on_the_one_there_is() {
    let stage = Stage::new();
    let limited = match rustix::process::geteuid().is_root() {
        true => format!("exec setpriv --reuid={NOBODY} --clear-groups prlimit --nproc=1:1 \"$@\""),
        false => "exec prlimit --nproc=1:1 \"$@\"".to_owned(),
    };
    let run = stage.call(&limited);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(stage.cloud.requests().len(), 1);
    // Without the proxy the name is asked for on this thread as well.
    let run = stage.call(&format!("unset HTTPS_PROXY; {} --endpoint nowhere.invalid", limited));
    assert!(run.code == 1 && run.stderr.contains("cannot reach nowhere.invalid"), "{run:?}");
}

#[test]
fn few_descriptors_are_an_error_and_enough_are_enough() {
    let stage = Stage::new();
    let mut worked = 0;
    for number in 3..40 {
        let run = stage.call(&format!("ulimit -n {number}; exec \"$@\""));
        let is_told = run.code == 1 && run.stderr.starts_with("ERROR: ");
        assert!(run.code == 0 || is_told || number < 4, "{number}: {run:?}");
        assert!(!run.stderr.contains("panicked"), "{number}: {run:?}");
        worked += usize::from(run.code == 0);
    }
    assert!(worked > 10, "{worked}");
}

#[test]
fn a_file_that_may_not_be_as_long_as_it_must_is_an_error_and_stays() {
    let environment = TestEnvironment::with_profiles(&["p"]);
    let before = environment.config();
    let script = "ulimit -f 0; exec \"$@\"";
    let mut set = Command::new("/bin/sh");
    set.args(["-c", script, "sh", OURS, "configure", "set", "--region", "cn-beijing"]);
    let run = run_of(set.env_clear().envs(environment.variables()).output().unwrap());
    assert!(run.code == 1 && run.stderr.contains("File too large"), "{run:?}");
    assert_eq!(environment.config(), before);
}

/// Makes a library that sets the clock of a program to some seconds since 1970.
fn clock(folder: &Path, seconds: i64) -> PathBuf {
    let (source, library) = (folder.join("clock.c"), folder.join("clock.so"));
    let text = format!(
        "#define _GNU_SOURCE\n#include <sys/syscall.h>\n#include <time.h>\n#include <unistd.h>\nint clock_gettime(clockid_t id, struct timespec *to) {{\n  if (id != CLOCK_REALTIME) return syscall(SYS_clock_gettime, id, to);\n  to->tv_sec = {seconds}L; to->tv_nsec = 0; return 0;\n}}\n"
    );
    fs::write(&source, text).unwrap();
    let made =
        Command::new("cc").args(["-shared", "-fPIC", "-o"]).arg(&library).arg(&source).status().unwrap();
    assert!(made.success());
    library
}

#[cfg(target_os = "linux")]
#[test]
fn a_clock_that_is_far_off_is_an_error_that_names_it() {
    let stage = Stage::new();
    for (seconds, about) in [
        (-1, "the clock of this machine stands before 1970"),
        (-9_000_000_000, "the clock of this machine stands before 1970"),
        (0, "certificate"),
        (4_200_000_000, "certificate"),
        (99_000_000_000, "certificate"),
        (9_000_000_000_000_000, "certificate"),
    ] {
        let library = clock(stage.environment.home(), seconds);
        let run = stage.call(&format!("export LD_PRELOAD={}; exec \"$@\"", library.display()));
        assert!(run.code == 1 && run.stderr.contains(about), "{seconds}: {run:?}");
    }
}
