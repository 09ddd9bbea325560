//! Lines to complete: the first character is the place of the cursor, and what follows a NUL is the word that
//! bash replaces.

#![no_main]

use aliyun_configure::fuzzing::completions;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut characters = text.chars();
    let point = characters.next().map_or(0, |character| character as usize);
    let (line, replaced) = characters.as_str().split_once('\0').unwrap_or((characters.as_str(), ""));
    for shell in [None, Some("zsh")] {
        let offered = completions(line, point, shell, replaced);
        assert!(offered.is_empty() || offered.ends_with('\n'), "{offered:?}");
    }
});
