//! What is said of arguments that are wrong (behaviour, section 1).

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::schema::{self, Path};
use super::suggestions as suggest;
use crate::error::Error;

/// Returns the error about a flag that a command does not take.
pub(crate) fn unknown_flag(name: &str, path: &Path, command: &clap::Command) -> Error {
    let similar = suggest::flags(name, command.get_arguments().flat_map(schema::names));
    if path.name.is_call() {
        let help = path.words().skip(1).collect::<Vec<_>>().join(" ");
        let text = format!("'--{name}' is not a valid parameter or flag. See `aliyun help {help}`.");
        return Error::Usage { text, similar, instead: None };
    }
    let text = if similar.is_empty() {
        let listed = schema::listed(command, path, false);
        let long = listed.iter().flat_map(|arg| schema::names(arg)).map(|name| format!("--{name}"));
        let short = listed.iter().filter_map(|arg| arg.get_short()).map(|letter| format!("-{letter}"));
        let mut names: Vec<_> = long.chain(short).collect();
        names.sort_unstable();
        format!("invalid flag --{name}; available flags: {}", names.join(", "))
    } else {
        format!("invalid flag --{name}, did you mean {}?", similar.join(" or "))
    };
    Error::usage(text)
}

/// Returns the error about a word that is none of the commands below another.
pub(crate) fn unknown_command(word: &str, path: &Path) -> Error {
    let text = match (path.is_root(), path.name.is_call()) {
        (true, _) => format!("'{word}' is not a valid command or product. See `aliyun help`."),
        (false, true) => {
            return suggest::unknown_operation(word, path.name.below().iter().map(|name| name.word()));
        }
        (false, false) => format!("'{word}' is not a valid command"),
    };
    let names = path.name.below().iter().map(|name| name.word());
    let similar = if path.name.may_be_foreign() {
        // The names of other products are short, and many of them look like `sts`.
        suggest::nearest_by_far(word, names)
    } else {
        suggest::nearest(word, names)
    };
    let instead = suggest::instead(word).map(str::to_owned);
    Error::Usage { text, similar, instead }
}

/// Returns the error of a command that lacks what is to stand behind `--`.
pub(crate) fn no_tail(path: &Path) -> Error {
    let call = path.words().collect::<Vec<_>>().join(" ");
    Error::usage(format!(
        "there is no program to run: it stands behind --, as in `{call} -- PROGRAM ARGUMENT`"
    ))
}

/// Returns the error about a flag whose value is none of its choices.
fn no_choice(given: &str, arg: &str, choices: &[String]) -> Error {
    Error::usage(format!("invalid value '{given}' for {arg}; choices: {}", choices.join(", ")))
}

/// Returns an error about arguments that clap does not take.
pub(crate) fn of_clap(error: &clap::Error) -> Error {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        _ => String::new(),
    };
    // clap shows the placeholder of a value as well; the name alone is what was typed.
    let arg = text(ContextKind::InvalidArg);
    let name = arg.split(' ').next().unwrap_or_default();
    match (error.kind(), error.get(ContextKind::ValidValue)) {
        (ErrorKind::InvalidValue, Some(ContextValue::Strings(choices))) => {
            no_choice(&text(ContextKind::InvalidValue), name, choices)
        }
        (ErrorKind::MissingRequiredArgument, _) => Error::usage(format!("missing {arg}")),
        (ErrorKind::ValueValidation, _) => {
            Error::usage(format!("invalid value '{}' for {name}", text(ContextKind::InvalidValue)))
        }
        (ErrorKind::InvalidUtf8, _) => Error::InvalidInput("a word is not UTF-8".to_owned()),
        (kind, _) => Error::InvalidInput(kind.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Arg, Command, value_parser};

    use super::*;

    fn refused(arguments: &[&str]) -> (String, u8) {
        let command = Command::new("export").no_binary_name(true).args([
            Arg::new("format").long("format").value_parser(["process", "env"]),
            Arg::new("seconds").long("seconds").value_parser(value_parser!(u32)),
            Arg::new("to").long("to").value_name("NEW").required(true),
        ]);
        let error = of_clap(&command.try_get_matches_from(arguments).unwrap_err());
        (error.to_string(), error.exit_code())
    }

    #[test]
    fn a_value_that_is_no_choice_is_refused_with_the_choices() {
        let text = "invalid value 'xml' for --format; choices: process, env";
        assert_eq!(refused(&["--to=x", "--format=xml"]), (text.to_owned(), 2));
        let text = "invalid value '' for --format; choices: process, env";
        assert_eq!(refused(&["--to=x", "--format="]), (text.to_owned(), 2));
    }

    #[test]
    fn what_is_missing_or_of_the_wrong_kind_is_named() {
        assert_eq!(refused(&[]), ("missing --to <NEW>".to_owned(), 2));
        assert_eq!(
            refused(&["--to=x", "--seconds=many"]),
            ("invalid value 'many' for --seconds".to_owned(), 2)
        );
    }
}
