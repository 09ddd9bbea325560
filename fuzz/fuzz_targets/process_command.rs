//! Command lines of helpers: words that are put into quotes come back.

#![no_main]

use aliyun_configure::fuzzing::process_command;
use aliyun_configure_fuzz::check_shown;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|line: &str| match process_command(line) {
    Ok(words) => {
        let quoted = |word: &String| format!("'{}'", word.replace('\'', r#"'"'"'"#));
        let line = words.iter().map(quoted).collect::<Vec<_>>().join(" ");
        assert_eq!(process_command(&line), Ok(words), "{line:?}");
    }
    Err(said) => check_shown(&said),
});
