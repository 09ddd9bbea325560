//! Completion in real shells; a test skips a shell that is not installed.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use pty_process::blocking::Command;

use crate::support::environment::TestEnvironment;
use crate::support::files::copy_program;
use crate::support::screen::Screen;
use crate::support::shells::shell;

/// Makes a home with two profiles, in which `aliyun` is on the search path.
fn environment() -> TestEnvironment {
    let environment = TestEnvironment::with_profiles(&["dev", "my prod"]);
    let bin = environment.home().join("bin");
    fs::create_dir(&bin).unwrap();
    symlink(env!("CARGO_BIN_EXE_aliyun"), bin.join("aliyun")).unwrap();
    environment
}

fn search_path(environment: &TestEnvironment) -> String {
    format!("{}:/usr/local/bin:/usr/bin:/bin", environment.home().join("bin").display())
}

/// Starts an interactive shell and waits until a first command of it has run.
fn interactive(environment: &TestEnvironment, shell: &Path, arguments: &[&str], first: &str) -> Screen {
    let command = Command::new(shell).args(arguments).env_clear().envs(environment.variables());
    let command = command.env("PATH", search_path(environment)).env("PS1", "$ ").env("TERM", "xterm");
    let screen = Screen::of(environment, command.env("LANG", "C.UTF-8"));
    screen.type_keys(&format!("{first}; echo rea''dy\r"));
    screen.wait_for("ready");
    screen
}

/// Types lines with tabs in them, and waits for what each prints when it is completed and run.
fn completes(screen: Screen) {
    for (line, printed) in [
        ("aliyun configure switch --profile my\t", "The default profile is `my prod` now."),
        ("aliyun configure sw\t--profile=d\t", "The default profile is `dev` now."),
        ("aliyun conf\tget acc\tid", "access-key-id=****dev"),
        ("aliyun configure delete --profile=my\t; echo go''ne", "gone"),
        ("aliyun vers\t; exit", "3.4.11"),
    ] {
        screen.type_keys(&format!("{line}\r"));
        screen.wait_for(printed);
    }
    let (status, shown) = screen.end();
    assert!(status.success(), "{shown}");
}

fn leaves_one_profile(environment: &TestEnvironment) {
    assert_eq!(environment.json()["profiles"].as_array().unwrap().len(), 1);
}

#[test]
fn bash_completes_by_the_script() {
    let Some(bash) = shell("bash") else { return };
    let environment = environment();
    let arguments = ["--norc", "--noprofile", "-i"];
    completes(interactive(&environment, &bash, &arguments, "source <(aliyun completion bash)"));
    leaves_one_profile(&environment);
}

#[test]
fn bash_completes_by_the_protocol_of_the_reference() {
    let Some(bash) = shell("bash") else { return };
    let environment = environment();
    let arguments = ["--norc", "--noprofile", "-i"];
    completes(interactive(&environment, &bash, &arguments, "complete -C aliyun aliyun"));
    leaves_one_profile(&environment);
}

#[test]
fn zsh_completes_by_the_script() {
    let Some(zsh) = shell("zsh") else { return };
    let environment = environment();
    completes(interactive(&environment, &zsh, &["-f", "-i"], "source <(aliyun completion zsh)"));
    leaves_one_profile(&environment);
}

#[test]
fn fish_completes_by_the_script() {
    let Some(fish) = shell("fish") else { return };
    let environment = environment();
    completes(interactive(&environment, &fish, &["-i"], "aliyun completion fish | source"));
    leaves_one_profile(&environment);
}

/// Types the beginning of odd names with a tab behind it, and waits for the whole name.
fn completes_odd_names(shell_name: &str, arguments: &[&str], first: &str) {
    const NAMES: [&str; 10] =
        ["it's", "q\"q", "c$HOME$(x)", "p:q", "b\\s", "k;y&z", "开发 环境", "e=f", "x*y", "g`h`"];
    let Some(shell) = shell(shell_name) else { return };
    let environment = TestEnvironment::with_profiles(&NAMES);
    let bin = environment.home().join("bin");
    fs::create_dir(&bin).unwrap();
    symlink(env!("CARGO_BIN_EXE_aliyun"), bin.join("aliyun")).unwrap();
    let screen = interactive(&environment, &shell, arguments, first);
    for name in NAMES {
        let begins = name.chars().next().unwrap();
        screen.type_keys(&format!("aliyun configure switch --profile {begins}\t\r"));
        screen.wait_for(&format!("The default profile is `{name}` now."));
        screen.type_keys(&format!("aliyun configure get profile -p={begins}\t\r"));
        screen.wait_for(&format!("profile={name}"));
    }
    screen.type_keys("exit\r");
    let (status, shown) = screen.end();
    assert!(status.success(), "{shown}");
}

#[test]
fn every_shell_completes_names_with_blanks_quotes_and_characters_of_its_own() {
    let bash = ["--norc", "--noprofile", "-i"];
    completes_odd_names("bash", &bash, "source <(aliyun completion bash)");
    completes_odd_names("bash", &bash, "complete -C aliyun aliyun");
    completes_odd_names("zsh", &["-f", "-i"], "source <(aliyun completion zsh)");
    completes_odd_names("fish", &["-i"], "aliyun completion fish | source");
}

#[test]
fn auto_completion_sets_up_bash_and_zsh_once_and_takes_it_back() {
    let environment = environment().var("SHELL", "/bin/zsh").var("LANG", "C.UTF-8");
    let (bashrc, zshrc) = (environment.home().join(".bashrc"), environment.home().join(".zshrc"));
    let before = "alias x=y\ncomplete -C /old/aliyun aliyun";
    fs::write(&bashrc, before).unwrap();
    let run = |arguments: &[&str]| {
        let path = search_path(&environment);
        let output = environment.command(arguments).env("PATH", path).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty());
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(run(&["auto-completion"]).matches("completion is set up; open a new shell").count(), 2);
    let after = fs::read_to_string(&bashrc).unwrap();
    assert!(after.starts_with("alias x=y\n! command -v aliyun ") && !after.contains("/old/"), "{after}");
    assert_eq!(fs::read_to_string(bashrc.with_extension("before-aliyun-completion")).unwrap(), before);
    assert_eq!(run(&["auto-completion"]).matches("completion is set up already").count(), 2);
    assert_eq!(fs::read_to_string(&bashrc).unwrap(), after);
    for (name, arguments) in [("bash", ["--noprofile", "-i"]), ("zsh", ["-d", "-i"])] {
        if let Some(shell) = shell(name) {
            environment.write_config(&self::environment().config());
            completes(interactive(&environment, &shell, &arguments, "true"));
            leaves_one_profile(&environment);
        }
    }
    assert_eq!(run(&["auto-completion", "--uninstall"]).matches("completion is removed").count(), 2);
    assert_eq!(fs::read_to_string(&bashrc).unwrap(), "alias x=y\n");
    assert_eq!(fs::read_to_string(&zshrc).unwrap(), "");
    assert_eq!(run(&["auto-completion", "--uninstall"]).matches("completion is not set up").count(), 2);
}

#[test]
fn auto_completion_serves_a_program_with_an_odd_path_and_leaves_no_trace_of_it() {
    let environment = TestEnvironment::new();
    let folder = environment.home().join("it's \"odd\"\n \\ $HOME `x` é");
    fs::create_dir(&folder).unwrap();
    let program = folder.join("aliyun");
    copy_program(&program);
    let start_up = environment.home().join(".bashrc");
    let own = "alias ll='ls -l'\n";
    fs::write(&start_up, own).unwrap();
    // Files of the user's own, with names that a replacement might have taken.
    let others = [".bashrc.new", ".bashrc.tmp"].map(|name| environment.home().join(name));
    others.iter().for_each(|path| fs::write(path, "mine").unwrap());
    let run = |arguments: &[&str]| {
        let mut command = assert_cmd::Command::new(&program);
        command.env_clear().envs(environment.variables()).args(arguments).assert().success();
    };
    run(&["auto-completion"]);
    assert_eq!(fs::read_to_string(&start_up).unwrap().lines().count(), 2);
    for name in ["bash", "zsh"] {
        let Some(shell) = shell(name) else { continue };
        let script = match name {
            "bash" => "set -e; . ./.bashrc; complete -p aliyun",
            _ => "set -e; sed s/bash/zsh/ .bashrc >.zshrc; compdef() { echo compdef $2; }; . ./.zshrc",
        };
        let output = std::process::Command::new(shell)
            .args(["-c", script])
            .current_dir(environment.home())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("aliyun"), "{name}: {output:?}");
    }
    run(&["auto-completion", "--uninstall"]);
    assert_eq!(fs::read_to_string(&start_up).unwrap(), own);
    others.iter().for_each(|path| assert_eq!(fs::read_to_string(path).unwrap(), "mine"));
}

#[test]
fn auto_completion_keeps_links_and_permissions_and_leaves_a_profile_that_reads_bashrc() {
    use std::os::unix::fs::PermissionsExt;
    let environment = TestEnvironment::new();
    let home = environment.home();
    fs::create_dir(home.join("dotfiles")).unwrap();
    fs::write(home.join("dotfiles/bashrc"), b"x=\xff\n").unwrap();
    fs::set_permissions(home.join("dotfiles/bashrc"), PermissionsExt::from_mode(0o640)).unwrap();
    symlink("dotfiles/bashrc", home.join(".bashrc")).unwrap();
    fs::write(home.join(".bash_profile"), "source ~/.bashrc\n").unwrap();
    let said = environment.succeeds(&["auto-completion"]);
    assert!(said.contains(".bashrc") && !said.contains(".bash_profile"), "{said}");
    assert!(home.join(".bashrc").is_symlink());
    let text = fs::read(home.join("dotfiles/bashrc")).unwrap();
    // The program is not on the search path here, so it is named by its path.
    let program = fs::canonicalize(env!("CARGO_BIN_EXE_aliyun")).unwrap();
    assert!(
        text.starts_with(b"x=\xff\n! command -v /")
            && String::from_utf8_lossy(&text).contains(program.to_str().unwrap())
    );
    assert_eq!(fs::metadata(home.join("dotfiles/bashrc")).unwrap().permissions().mode() & 0o777, 0o640);
    let nowhere = TestEnvironment::new();
    nowhere.fails(&["auto-completion"], 1, "no start-up file of bash or zsh is there");
}
