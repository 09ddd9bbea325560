//! The process's standard streams.

use std::fs::File;
use std::io::{self, Read};

use super::Stream;

/// Opens standard input without a buffer.
#[cfg(unix)]
pub(super) fn input() -> io::Result<Box<dyn Read>> {
    use std::os::fd::AsFd;
    Ok(Box::new(Patient(File::from(io::stdin().as_fd().try_clone_to_owned()?))))
}

/// Opens standard input without a buffer.
#[cfg(windows)]
pub(super) fn input() -> io::Result<Box<dyn Read>> {
    use std::os::windows::io::AsHandle;
    Ok(Box::new(File::from(io::stdin().as_handle().try_clone_to_owned()?)))
}

/// Returns how many columns a terminal has; `None` where the stream is none, or does not say.
#[cfg(unix)]
pub(super) fn columns(stream: Stream) -> Option<usize> {
    use rustix::termios::tcgetwinsize;
    let size = match stream {
        Stream::Stdin => tcgetwinsize(io::stdin()),
        Stream::Stdout => tcgetwinsize(io::stdout()),
        Stream::Stderr => tcgetwinsize(io::stderr()),
    };
    size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Returns how many columns a terminal has; `None` where the system does not say.
#[cfg(not(unix))]
pub(super) fn columns(_: Stream) -> Option<usize> {
    None
}

/// Tells whether a read of standard input would end at once; `None` where the system does not say.
#[cfg(unix)]
pub(super) fn is_input_ready() -> Option<bool> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdin = io::stdin();
    let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
    Some(matches!(poll(&mut watched, Some(&Timespec::default())), Ok(1..)))
}

/// Tells whether a read of standard input would end at once; `None` where the system does not say.
#[cfg(not(unix))]
pub(super) fn is_input_ready() -> Option<bool> {
    None
}

/// Writes all of a text at once.
#[cfg(unix)]
pub(super) fn write(stream: impl std::os::fd::AsFd, text: &str) -> io::Result<()> {
    use rustix::event::PollFlags;
    use rustix::io::Errno;
    let mut left = text.as_bytes();
    while !left.is_empty() {
        // The stream's own buffer would lose count where only a part could be written.
        match rustix::io::write(&stream, left) {
            Ok(written) => left = left.get(written..).unwrap_or_default(),
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => wait_for(&stream, PollFlags::OUT)?,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Writes all of a text at once.
#[cfg(not(unix))]
pub(super) fn write(mut stream: impl io::Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

/// A stream that waits, even where another program that shares it has set it not to.
#[cfg(unix)]
struct Patient(File);

#[cfg(unix)]
impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.0.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    wait_for(&self.0, rustix::event::PollFlags::IN)?;
                }
                result => return result,
            }
        }
    }
}

#[cfg(unix)]
fn wait_for(stream: &impl std::os::fd::AsFd, what: rustix::event::PollFlags) -> io::Result<()> {
    use rustix::event::{PollFd, poll};
    match poll(&mut [PollFd::new(stream, what)], None) {
        Err(error) if error != rustix::io::Errno::INTR => Err(error.into()),
        _ => Ok(()),
    }
}
