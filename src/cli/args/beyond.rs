//! What the reference lacks of its own commands (behaviour, section 6.21).

/// The commands and flags. Off a terminal, where scripts read what they know, the help of the reference's commands
/// leaves them out.
const WORDS: &[&str] = &[
    "rename",
    "copy",
    "unset",
    "import",
    "logout",
    "rotate",
    "check",
    "export-credentials",
    "exec",
    "--credentials-uri",
    "--output",
];

/// Tells whether the reference lacks a command.
pub(crate) fn is_command(word: &str) -> bool {
    WORDS.contains(&word)
}

/// Tells whether the reference lacks a flag.
pub(crate) fn is_flag(name: &str) -> bool {
    WORDS.iter().any(|word| word.strip_prefix("--") == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::schema::{self, Name, Path};

    #[test]
    fn every_word_is_a_command_or_a_flag_of_one_that_the_reference_has() {
        let configure = Path::ROOT.to(Name::Configure);
        let below = || Name::Configure.below().iter().copied();
        let known: Vec<_> = below().filter(|name| !name.is_beyond()).map(|name| configure.to(name)).collect();
        for word in WORDS {
            let is_known = match word.strip_prefix("--") {
                Some(flag) => known.iter().any(|path| schema::long(&path.clap(), flag).is_some()),
                None => below().any(|name| name.word() == *word),
            };
            assert!(is_known, "{word}");
        }
    }
}
