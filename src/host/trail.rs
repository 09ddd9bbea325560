//! Marks that this program leaves in the environment, to notice that it has called itself.
//!
//! An environment outlives the process that made it, in a daemon or a shell. So each mark carries the process
//! that made it, and counts only while that process is an ancestor of the reader.

use super::{Host, real};

impl dyn Host + '_ {
    /// Returns the marks that ancestors of this process left in a variable, the oldest first.
    pub(crate) fn trail(&self, variable: &str) -> Vec<String> {
        let left = self.var(variable).unwrap_or_default();
        let marks = left.split(' ').filter_map(|entry| entry.split_once(':'));
        marks.filter(|(process, _)| self.is_behind(process)).map(|(_, mark)| mark.to_owned()).collect()
    }

    /// Returns the value of a variable with one more mark, for a process that is about to be started.
    pub(crate) fn trail_with(&self, variable: &str, mark: &str) -> String {
        let left = self.var(variable).unwrap_or_default();
        let valid = left
            .split(' ')
            .filter(|entry| entry.split_once(':').is_some_and(|(process, _)| self.is_behind(process)));
        let own = format!("{}:{mark}", self.process());
        valid.chain([own.as_str()]).collect::<Vec<_>>().join(" ")
    }
}

/// For how many seconds a mark counts where the system does not tell who started whom. A program that calls itself
/// does so at once.
const LIFETIME: i64 = 600;

/// Returns a name for this process that no other process ever shares: its number, and when it started, or what the
/// clock says now where the system does not tell that.
pub(super) fn process() -> String {
    let process = std::process::id();
    format!("{process}.{}", known(process).map_or_else(real::now, |known| known.start))
}

/// Tells whether a process is this one or one of its ancestors. Where the system does not tell who started whom,
/// any running process counts for a while.
pub(super) fn is_behind(name: &str) -> bool {
    let own = std::process::id();
    let Some((process, start)) = name
        .split_once('.')
        .and_then(|(process, start)| Some((process.parse().ok()?, start.parse::<i64>().ok()?)))
    else {
        return false;
    };
    if known(own).is_none() {
        return runs(process) && (0..LIFETIME).contains(&real::now().saturating_sub(start));
    }
    let behind = |process: &u32| known(*process).map(|known| known.parent).filter(|parent| *parent > 0);
    let mut line = std::iter::successors(Some(own), behind).take(LONGEST);
    line.any(|one| one == process) && known(process).is_some_and(|known| known.start == start)
}

/// How many ancestors are looked at.
const LONGEST: usize = 1000;

/// What the system says about a process.
struct Known {
    parent: u32,
    /// When it started, in clock ticks since the system started.
    start: i64,
}

/// Reads `/proc/PID/stat` (`man 5 proc_pid_stat`): the name in parentheses may hold anything.
#[cfg(target_os = "linux")]
fn known(process: u32) -> Option<Known> {
    let stat = std::fs::read(format!("/proc/{process}/stat")).ok()?;
    let stat = String::from_utf8_lossy(&stat);
    let (_, behind_name) = stat.rsplit_once(')')?;
    let mut words = behind_name.split_ascii_whitespace();
    Some(Known { parent: words.nth(1)?.parse().ok()?, start: words.nth(17)?.parse().ok()? })
}

#[cfg(not(target_os = "linux"))]
fn known(_: u32) -> Option<Known> {
    None
}

#[cfg(unix)]
fn runs(process: u32) -> bool {
    let process = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw);
    process.is_some_and(|process| rustix::process::test_kill_process(process) != Err(rustix::io::Errno::SRCH))
}

#[cfg(not(unix))]
fn runs(_: u32) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::FakeHost;

    #[cfg(unix)]
    #[test]
    fn a_process_stands_behind_itself_and_what_it_started_and_nobody_else() {
        assert!(is_behind(&process()));
        let parent = rustix::process::getppid().unwrap().as_raw_nonzero().get();
        let start = known(u32::try_from(parent).unwrap()).map_or_else(real::now, |known| known.start);
        assert!(is_behind(&format!("{parent}.{start}")));
        for name in ["", "1", "1.x", "x.1", "4294967295.0", "-1.0"] {
            assert!(!is_behind(name), "{name}");
        }
    }

    #[cfg(not(target_os = "linux"))]
    #[test]
    fn a_mark_counts_for_a_while() {
        let made = |seconds: i64| format!("{}.{}", std::process::id(), real::now() - seconds);
        assert_eq!(
            [0, LIFETIME - 60, LIFETIME].map(|seconds| is_behind(&made(seconds))),
            [true, true, false]
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_number_that_another_process_had_before_does_not_count() {
        assert!(!is_behind(&format!("{}.1", std::process::id())));
    }

    #[test]
    fn marks_of_processes_that_are_gone_are_left_out() {
        let gone = FakeHost::new().with_var("V", "8 gone:a");
        let value = (&gone as &dyn Host).trail_with("V", "b");
        let host = FakeHost::new().with_var("V", &value);
        assert_eq!((&host as &dyn Host).trail("V"), ["b"]);
    }
}
