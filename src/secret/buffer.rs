//! Bytes of a secret that come piece by piece.

use std::io;
use std::ops::Deref;

use zeroize::{Zeroize, Zeroizing};

use super::Secret;

/// A buffer for bytes that must not be seen. Where it needs more room it wipes what it leaves behind, which a
/// vector does not.
#[derive(Default)]
pub(crate) struct SecretBuffer(Zeroizing<Vec<u8>>);

impl SecretBuffer {
    /// Makes a buffer that takes this many bytes before it has to move.
    pub(crate) fn with_capacity(capacity: usize) -> Self {
        Self(Zeroizing::new(Vec::with_capacity(capacity)))
    }

    /// Adds bytes at the end.
    pub(crate) fn extend(&mut self, bytes: &[u8]) {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut larger = Vec::with_capacity(needed.max(2 * self.0.capacity()).max(256));
            larger.extend_from_slice(&self.0);
            // What is replaced is wiped.
            self.0 = Zeroizing::new(larger);
        }
        self.0.extend_from_slice(bytes);
    }

    /// Reads to the end of a stream, but no more than so many bytes and one.
    pub(crate) fn fill(&mut self, mut reader: impl io::Read, limit: usize) -> io::Result<()> {
        let mut piece = Zeroizing::new([0; 4096]);
        while self.0.len() <= limit {
            match reader.read(&mut *piece) {
                Ok(0) => break,
                Ok(length) => self.extend(piece.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Returns the bytes as a text without a copy; `None` where they are none in UTF-8.
    pub(crate) fn into_text(mut self) -> Option<Secret> {
        match String::from_utf8(std::mem::take(&mut *self.0)) {
            Ok(text) => Some(Secret::new(text)),
            Err(error) => {
                error.into_bytes().zeroize();
                None
            }
        }
    }

    /// Returns the bytes as a text, with U+FFFD for what is not UTF-8.
    pub(crate) fn into_text_lossy(self) -> Secret {
        match std::str::from_utf8(&self.0) {
            Ok(_) => self.into_text().unwrap_or_default(),
            Err(_) => {
                let mut text = Self::with_capacity(3 * self.0.len());
                for chunk in self.0.utf8_chunks() {
                    text.extend(chunk.valid().as_bytes());
                    if !chunk.invalid().is_empty() {
                        text.extend("\u{fffd}".as_bytes());
                    }
                }
                text.into_text().unwrap_or_default()
            }
        }
    }
}

impl io::Write for SecretBuffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Deref for SecretBuffer {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_come_back_as_one_and_the_limit_holds() {
        let mut buffer = SecretBuffer::default();
        (0..1000).for_each(|_| buffer.extend(b"secret"));
        assert_eq!(buffer.into_text().unwrap().expose(), "secret".repeat(1000));
        let mut buffer = SecretBuffer::with_capacity(4);
        buffer.fill(io::repeat(b'a'), 10_000).unwrap();
        assert!(buffer.len() > 10_000 && buffer.len() < 15_000);
    }

    #[test]
    fn what_is_no_text_is_told_or_replaced() {
        let buffer = |bytes: &[u8]| {
            let mut buffer = SecretBuffer::default();
            buffer.extend(bytes);
            buffer
        };
        assert!(buffer(b"a\xff").into_text().is_none());
        for bytes in [&b"a\xffb\xe5\xaf"[..], b"text", b""] {
            let expected = String::from_utf8_lossy(bytes);
            assert_eq!(buffer(bytes).into_text_lossy().expose(), expected);
        }
    }

    #[test]
    fn growth_moves_to_another_place_in_the_open() {
        let mut buffer = SecretBuffer::with_capacity(8);
        buffer.extend(b"12345678");
        let before = buffer.0.as_ptr();
        buffer.extend(b"9");
        // The allocator had no chance to move it, so the old place was wiped.
        assert_ne!(before, buffer.0.as_ptr());
        assert_eq!(&*buffer, b"123456789");
    }
}
