//! A file that was being written over when its writer ended, and the copy beside it, with a NUL between them: the copy
//! counts where the file is a beginning of it, and the next writer finds one file and no copy.

#![no_main]

use aliyun_configure::fuzzing::unfinished_write;
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let middle = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let (found, copy) = (&bytes[..middle], bytes.get(middle + 1..).unwrap_or_default());
    let whole = if copy.starts_with(found) { copy } else { found };
    let (read, held, names) = unfinished_write(found, copy).expect("there is room for two files");
    match str::from_utf8(whole) {
        Ok(text) => assert_eq!(read.as_deref(), Ok(text.strip_prefix('\u{feff}').unwrap_or(text))),
        Err(_) => check_shown(&read.expect_err("what is not UTF-8 is refused")),
    }
    assert_eq!((held.as_slice(), names), (whole, ["config.json", "config.json.lock"].map(str::to_owned).into()));
});
