//! Names that look like a mistyped one (behaviour, section 1).

use std::collections::HashSet;

use crate::error::Error;
pub(crate) use crate::spelling::nearest;
use crate::spelling::{distance, nearest_at};

/// Returns the flags, with their dashes, whose names are nearest to a mistyped one; dashes, blanks and case don't
/// count.
pub(crate) fn flags<'a>(name: &str, flags: impl Iterator<Item = &'a str>) -> Vec<String> {
    let flags: Vec<_> = flags.collect();
    let distances: Vec<_> = flags.iter().map(|flag| distance(&plain(name), &plain(flag))).collect();
    unique(nearest_at(&distances).filter_map(|at| flags.get(at)).map(|flag| format!("--{flag}")))
}

/// Returns the error about a word that is none of the operations of `sts`.
pub(crate) fn unknown_operation<'a>(word: &str, operations: impl Iterator<Item = &'a str>) -> Error {
    Error::Usage {
        text: format!("'{word}' is not a valid api. See `aliyun help sts`."),
        similar: nearest_by_far(word, operations),
        instead: None,
    }
}

/// Returns the names nearest to a mistyped one, as long as less than half of it is mistyped.
pub(crate) fn nearest_by_far<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut similar = nearest(name, names);
    similar.retain(|other| 2 * distance(name, other) < name.chars().count());
    similar
}

/// Returns the sentence with the command that does what a word means in other programs.
pub(crate) fn instead(word: &str) -> Option<&'static str> {
    Some(match word {
        "login" | "signin" | "sso" => "A login in the browser:\n  aliyun configure --mode OAuth",
        "logout" | "signout" => "A login is forgotten by:\n  aliyun configure logout --profile NAME",
        "rm" | "remove" => "A profile is removed by:\n  aliyun configure delete --profile NAME",
        "ls" | "profiles" | "profile" | "show" => "The profiles are listed by:\n  aliyun configure list",
        "use" | "select" | "activate" => {
            "Another profile becomes the current one by:\n  aliyun configure switch --profile NAME"
        }
        "whoami" | "id" | "identity" => {
            "Who the credentials belong to is told by:\n  aliyun sts GetCallerIdentity"
        }
        "current" => "The current profile is named by:\n  aliyun configure get profile",
        "init" | "setup" | "config" => "A profile is set up by:\n  aliyun configure",
        "export" | "env" | "token" => {
            "Credentials are printed for other programs by:\n  aliyun configure export-credentials"
        }
        _ => return None,
    })
}

/// Returns each name once, where it stands first.
pub(crate) fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}

fn plain(name: &str) -> String {
    name.chars().filter(|character| !matches!(character, '-' | ' ')).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::fields;

    #[test]
    fn only_the_nearest_flags_are_named() {
        let nearest = |name| flags(name, fields::with_fields().map(|(flag, _)| flag));
        assert_eq!(nearest("AccessKeyId"), ["--access-key-id"]);
        assert_eq!(nearest("sts-tokne"), ["--sts-token"]);
        assert_eq!(nearest("endpoint ab"), ["--endpoint"]);
        assert!(nearest("whatever").is_empty());
    }

    #[test]
    fn another_letter_counts_as_two() {
        for (one, other, expected) in [
            ("", "", 0),
            ("", "ab", 2),
            ("set", "set", 0),
            ("lst", "list", 1),
            ("del", "get", 4),
            ("ab", "ba", 2),
        ] {
            assert_eq!((distance(one, other), distance(other, one)), (expected, expected), "{one} {other}");
        }
    }

    #[test]
    fn equally_near_names_are_all_named() {
        assert_eq!(nearest("xet", ["get", "set", "list"].into_iter()), ["get", "set"]);
        assert_eq!(nearest("sett", ["get", "set"].into_iter()), ["set"]);
        assert_eq!(nearest("oss", ["sts"].into_iter()), ["sts"]);
        assert!(nearest_by_far("oss", ["sts"].into_iter()).is_empty());
        assert_eq!(nearest_by_far("stss", ["sts"].into_iter()), ["sts"]);
        assert!(nearest("safety", ["set", "safety-policy"].into_iter()).is_empty());
    }
}
