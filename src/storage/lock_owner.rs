//! Who owns the lock on a file, and whether others wait for it, where the system tells that.

use std::fs::File;
#[cfg(target_os = "linux")]
use std::fs::Metadata;
use std::path::Path;

/// Returns the program that owns the lock on a file, with its process number; `None` where that is not known.
///
/// Linux lists locks in `/proc/locks` (`man 5 proc_locks`), a line each: number, kind, `ADVISORY`, `WRITE`,
/// process, `MAJOR:MINOR:INODE` with the device in hexadecimal, and the range.
#[cfg(target_os = "linux")]
pub(crate) fn of(file: &File) -> Option<String> {
    let locks = std::fs::read_to_string("/proc/locks").ok()?;
    let file = id_in_list(&file.metadata().ok()?);
    let process = locks.lines().find_map(|lock| process_of(lock, &file))?;
    let program = std::fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    Some(format!("{} (process {process})", program.trim_end()))
}

/// Returns nothing, since locks are not listed here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn of(_: &File) -> Option<String> {
    None
}

/// Tells whether another program waits for a lock on the file at a path. Once it has that, it goes on with the file
/// that it has opened, be it replaced or not.
#[cfg(target_os = "linux")]
pub(crate) fn has_waiters(path: &Path) -> bool {
    let file = std::fs::metadata(path).map(|metadata| id_in_list(&metadata));
    let locks = std::fs::read_to_string("/proc/locks");
    matches!((file, locks), (Ok(file), Ok(locks)) if locks.lines().any(|lock| is_waiting(lock, &file)))
}

/// Finds nobody, since locks are not listed here.
#[cfg(not(target_os = "linux"))]
pub(crate) fn has_waiters(_: &Path) -> bool {
    false
}

#[cfg(target_os = "linux")]
fn id_in_list(file: &Metadata) -> String {
    use std::os::linux::fs::MetadataExt;
    let device = file.st_dev();
    let (major, minor) = (rustix::fs::major(device), rustix::fs::minor(device));
    format!("{major:02x}:{minor:02x}:{}", file.st_ino())
}

/// Tells whether this line is about a program that waits for the lock on a file: it stands below the lock, behind an
/// arrow.
#[cfg(target_os = "linux")]
fn is_waiting(lock: &str, file: &str) -> bool {
    let mut words = lock.split_whitespace().skip(1);
    words.next() == Some("->") && words.any(|word| word == file)
}

/// Returns the process that owns the lock on a file, if this line is about it; a process of another container has
/// no number.
#[cfg(target_os = "linux")]
fn process_of(lock: &str, file: &str) -> Option<u32> {
    let mut words = lock.split_whitespace().skip(1);
    let process = match words.next()? {
        "->" => return None,
        _ => words.nth(2)?,
    };
    if words.next()? != file {
        return None;
    }
    process.parse().ok().filter(|process| *process != 0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_owner_of_a_lock_is_found_and_who_waits_is_passed_over() {
        let held = "1: FLOCK  ADVISORY  WRITE 2593 fe:00:77 0 EOF";
        assert_eq!(process_of(held, "fe:00:77"), Some(2593));
        assert_eq!(process_of(held, "fe:00:7"), None);
        assert_eq!(process_of("1: -> FLOCK  ADVISORY  WRITE 2594 fe:00:77 0 EOF", "fe:00:77"), None);
        assert_eq!(process_of("1: FLOCK  ADVISORY  WRITE 0 fe:00:77 0 EOF", "fe:00:77"), None);
        assert_eq!(process_of("1: OFDLCK ADVISORY  WRITE -1 fe:00:77 0 EOF", "fe:00:77"), None);
        assert_eq!(process_of("", "fe:00:77"), None);
        let waits = "1: -> POSIX  ADVISORY  WRITE 2594 fe:00:77 0 EOF";
        assert!(
            is_waiting(waits, "fe:00:77") && !is_waiting(waits, "fe:00:7") && !is_waiting(held, "fe:00:77")
        );
    }
}
