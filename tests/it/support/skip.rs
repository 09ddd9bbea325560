//! Tests that need what not every machine has.

/// Says by name which test is skipped, and why.
pub(crate) fn skip(test: &str, why: &str) {
    eprintln!("skipped {test}: {why}");
}
