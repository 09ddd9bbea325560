//! The reference's argument grammar (behaviour, section 1), which is not the usual one: it splits at `=` or
//! `:`, takes plain words for values that are missing, and has `help` anywhere.

use super::suggestions as suggest;
use super::tree::{Command, Words};
use crate::cli::args::flags::{Flag, Takes};
use crate::error::{Error, Result};

/// Arguments taken apart.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The commands from the root down to the one to run.
    pub(crate) path: Vec<&'static Command>,
    /// The command to run.
    pub(crate) command: &'static Command,
    /// The flags in their order, with their values; empty for a flag that takes none.
    pub(crate) flags: Vec<(&'static Flag, String)>,
    /// The plain words that name no command.
    pub(crate) words: Vec<String>,
    /// Whether help was asked for.
    pub(crate) help: bool,
}

/// Why arguments cannot be taken apart.
#[derive(Debug)]
pub(crate) enum Failure {
    /// They are wrong.
    Wrong(Error),
    /// They begin with a flag that this program does not know, and name none of its commands.
    ForeignFlag(Error),
    /// They name a command that this program does not have.
    ForeignCommand(Error),
}

type Taken<T> = std::result::Result<T, Failure>;

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Wrong(error)
    }
}

/// Takes arguments apart, from left to right; the first thing that is wrong is the error.
pub(crate) fn parse(root: &'static Command, arguments: Vec<String>) -> Taken<Parsed> {
    let names_a_command = arguments.iter().any(|argument| root.subcommand(argument).is_some());
    let mut parser = Parser::new(root);
    for argument in arguments {
        parser.take(argument).map_err(|failure| match failure {
            Failure::Wrong(error @ Error::Usage { .. }) if !names_a_command => Failure::ForeignFlag(error),
            other => other,
        })?;
    }
    parser.finish()
}

/// Arguments that are not complete yet.
pub(crate) struct SoFar {
    pub(crate) parsed: Parsed,
    /// The flag whose value comes next.
    pub(crate) waiting: Option<&'static Flag>,
    /// Whether they name a command that this program does not have.
    pub(crate) is_foreign: bool,
}

/// Takes arguments apart as far as they can be understood.
pub(crate) fn so_far(root: &'static Command, arguments: &[String]) -> SoFar {
    let mut parser = Parser::new(root);
    // What is wrong is said when the command is run.
    let mut is_foreign = |word: &String| matches!(parser.take(word.clone()), Err(Failure::ForeignCommand(_)));
    let is_foreign = arguments.iter().any(&mut is_foreign);
    SoFar { parsed: parser.parsed, waiting: parser.waiting, is_foreign }
}

impl Parsed {
    /// Gives the value of a flag; `None` where the flag is not given.
    pub(crate) fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find(|(flag, _)| flag.name == name).map(|(_, value)| value.as_str())
    }
}

struct Parser {
    parsed: Parsed,
    /// The flag whose value is still to come.
    waiting: Option<&'static Flag>,
}

/// One argument by its form.
enum Form<'a> {
    Long(&'a str, &'a str),
    Short(char, &'a str),
    Word,
}

impl Parser {
    fn new(root: &'static Command) -> Self {
        let parsed =
            Parsed { path: vec![root], command: root, flags: Vec::new(), words: Vec::new(), help: false };
        Self { parsed, waiting: None }
    }

    fn take(&mut self, argument: String) -> Taken<()> {
        let (flag, value) = match form(&argument).map_err(|error| self.call_error(error))? {
            Form::Word => return self.take_word(argument),
            Form::Long(name, value) => (self.long_flag(name)?, value),
            Form::Short(name, value) => (self.short_flag(name)?, value),
        };
        Ok(self.take_flag(flag, value)?)
    }

    fn take_flag(&mut self, flag: &'static Flag, value: &str) -> Result<()> {
        if self.parsed.flags.iter().any(|(other, _)| other.name == flag.name) {
            return Err(self.wrong(format!("--{} duplicated", flag.name)));
        }
        self.end_waiting()?;
        if flag.takes == Takes::Nothing && !value.is_empty() {
            return Err(self.wrong(format!("flag --{} can't be assiged", flag.name)));
        }
        if flag.takes != Takes::Nothing && value.is_empty() {
            self.waiting = Some(flag);
        }
        self.parsed.help |= flag.name == crate::cli::args::flags::HELP.name;
        self.parsed.flags.push((flag, value.to_owned()));
        Ok(())
    }

    /// Ends the wait for a value because a flag comes instead.
    fn end_waiting(&mut self) -> Result<()> {
        match self.waiting.take() {
            Some(flag) if flag.takes == Takes::Value => {
                Err(self.wrong(format!("--{} must be assigned with value", flag.name)))
            }
            _ => Ok(()),
        }
    }

    fn take_word(&mut self, word: String) -> Taken<()> {
        if self.waiting.take().is_some() {
            if let Some((_, value)) = self.parsed.flags.last_mut() {
                *value = word;
            }
            return Ok(());
        }
        if word == "help" {
            self.parsed.help = true;
            return Ok(());
        }
        let next = if self.parsed.words.is_empty() { self.parsed.command.subcommand(&word) } else { None };
        match next {
            Some(command) => {
                self.parsed.command = command;
                self.parsed.path.push(command);
            }
            None if self.parsed.command.words == Words::Foreign => {
                return Err(Failure::ForeignCommand(unknown_command(&word, &self.parsed.path)));
            }
            None => self.parsed.words.push(word),
        }
        Ok(())
    }

    fn long_flag(&self, name: &str) -> Result<&'static Flag> {
        let found = self.parsed.command.accepted().find(|flag| flag.is_named(name));
        found.ok_or_else(|| unknown_flag(name, &self.parsed.path))
    }

    fn short_flag(&self, name: char) -> Result<&'static Flag> {
        let found = self.parsed.command.accepted().find(|flag| flag.short == Some(name));
        found.ok_or_else(|| self.wrong(format!("unknown flag -{name}")))
    }

    fn wrong(&self, text: String) -> Error {
        self.call_error(Error::Arguments(text))
    }

    fn call_error(&self, error: Error) -> Error {
        if self.parsed.command.is_call { error.during("parse failed ") } else { error }
    }

    fn finish(self) -> Taken<Parsed> {
        let Self { parsed, .. } = self;
        if parsed.help {
            return Ok(parsed);
        }
        // A flag in front of a command must be one that the command takes as well.
        let is_taken = |flag: &Flag| parsed.command.accepted().any(|other| other.name == flag.name);
        if let Some((flag, _)) = parsed.flags.iter().find(|(flag, _)| !is_taken(flag)) {
            return Err(unknown_flag(flag.name, &parsed.path).into());
        }
        let mut excluding = parsed.flags.iter().filter_map(|(flag, _)| Some((flag.name, flag.excludes?)));
        if let Some((name, other)) = excluding.find(|(_, other)| parsed.flag(other).is_some()) {
            return Err(Error::Arguments(format!("flag --{name} is exclusive with --{other}")).into());
        }
        match parsed.words.first() {
            Some(word) if parsed.command.words == Words::Refused => {
                Err(unknown_command(word, &parsed.path).into())
            }
            _ => Ok(parsed),
        }
    }
}

fn unknown_flag(name: &str, path: &[&'static Command]) -> Error {
    let Some(command) = path.last() else {
        return Error::Arguments(format!("invalid flag --{name}"));
    };
    let similar = suggest::flags(name, command.accepted());
    if command.is_call {
        let path: Vec<_> = path.iter().skip(1).map(|command| command.name).collect();
        let help = path.join(" ");
        let text = format!("'--{name}' is not a valid parameter or flag. See `aliyun help {help}`.");
        return Error::Usage { text, similar };
    }
    let text = if similar.is_empty() {
        let mut names: Vec<_> =
            command.accepted().filter(|flag| !flag.hidden).map(|flag| format!("--{}", flag.name)).collect();
        names.sort_unstable();
        format!("invalid flag --{name}; available flags: {}", names.join(", "))
    } else {
        format!("invalid flag --{name}, did you mean {}?", similar.join(" or "))
    };
    Error::Usage { text, similar: Vec::new() }
}

fn unknown_command(word: &str, path: &[&'static Command]) -> Error {
    let Some((command, above)) = path.split_last() else {
        return Error::Arguments(String::new());
    };
    let text = match (above.is_empty(), command.is_call) {
        (true, _) => format!("'{word}' is not a valid command or product. See `aliyun help`."),
        (false, true) => format!("'{word}' is not a valid api. See `aliyun help {}`.", command.name),
        (false, false) => format!("'{word}' is not a valid command"),
    };
    let names = command.commands.iter().map(|command| command.name);
    let similar = match command.words {
        // The names of other products are short, and many of them look like `sts`.
        Words::Foreign => suggest::nearest_by_far(word, names),
        _ => suggest::nearest(word, names),
    };
    Error::Usage { text, similar }
}

/// Tells a flag from a word by how an argument begins.
fn form(argument: &str) -> Result<Form<'_>> {
    let wrong = |text: String| Err(Error::Arguments(text));
    // A lone dash stands for standard input by custom, and three dashes begin a PEM text.
    if !argument.starts_with('-') || argument == "-" || argument.starts_with("---") {
        return Ok(Form::Word);
    }
    if argument == "--" {
        return wrong("not support '--' in command line".to_owned());
    }
    let (name, value) = argument.split_once(['=', ':']).unwrap_or((argument, ""));
    if let Some(long) = name.strip_prefix("--") {
        return Ok(Form::Long(long, value));
    }
    let mut letters = name.chars().skip(1);
    match (letters.next(), letters.next()) {
        (Some(short), None) => Ok(Form::Short(short, value)),
        _ => wrong(format!("not support flag form {name}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::table::ROOT;

    fn parse_words(words: &[&str]) -> Taken<Parsed> {
        parse(&ROOT, words.iter().map(|word| (*word).to_owned()).collect())
    }

    fn flags(words: &[&str]) -> Vec<(&'static str, String)> {
        let parsed = parse_words(words).unwrap();
        parsed.flags.into_iter().map(|(flag, value)| (flag.name, value)).collect()
    }

    fn error(words: &[&str]) -> (String, u8) {
        let (Failure::Wrong(error) | Failure::ForeignFlag(error) | Failure::ForeignCommand(error)) =
            parse_words(words).unwrap_err();
        (error.to_string(), error.exit_code())
    }

    #[test]
    fn a_value_stands_behind_a_blank_an_equals_sign_or_a_colon() {
        let set = |words: &[&str]| flags(&[&["configure", "set"], words].concat());
        let region = |value: &str| vec![("region", value.to_owned())];
        assert_eq!(set(&["--region", "a"]), region("a"));
        assert_eq!(set(&["--region=a=b:c"]), region("a=b:c"));
        assert_eq!(set(&["--region:a=b"]), region("a=b"));
        assert_eq!(set(&["-e=h:1"]), vec![("endpoint", "h:1".to_owned())]);
        assert_eq!(set(&["--region", "---x"]), region("---x"));
        assert_eq!(set(&["--region="]), region(""));
        assert_eq!(set(&["--region=", "a"]), region("a"));
        assert_eq!(set(&["--region", "help"]), region("help"));
    }

    #[test]
    fn persistent_flags_may_stand_in_front_of_the_command() {
        let parsed = parse_words(&["-p", "q", "configure", "--mode", "AK", "set", "--region", "r"]).unwrap();
        assert_eq!(parsed.path.last().unwrap().name, "set");
        assert_eq!(parsed.flags.len(), 3);
        assert_eq!(error(&["--region", "r", "configure", "get"]).1, 2);
    }

    #[test]
    fn wrong_forms_are_errors_of_their_own() {
        let set = |words: &[&str]| error(&[&["configure", "set"], words].concat());
        assert_eq!(set(&["--"]), ("not support '--' in command line".into(), 1));
        assert_eq!(set(&["-pq"]), ("not support flag form -pq".into(), 1));
        assert_eq!(set(&["-z"]), ("unknown flag -z".into(), 1));
        assert_eq!(set(&["--region", "a", "--region=b"]), ("--region duplicated".into(), 1));
        let timeouts = ["--retry-timeout=1", "--read-timeout=2"];
        assert_eq!(set(&timeouts), ("--read-timeout duplicated".into(), 1));
        let text = "--region must be assigned with value";
        assert_eq!(set(&["--region", "--language", "zh"]), (text.into(), 1));
        let text = "flag --skip-secure-verify can't be assiged";
        assert_eq!(set(&["--skip-secure-verify=1"]), (text.into(), 1));
        assert_eq!(flags(&["configure", "--profile", "--mode=AK"]).len(), 2);
    }

    #[test]
    fn unknown_flags_are_compared_with_those_that_the_command_takes() {
        let (text, code) = error(&["configure", "set", "--regoin", "x"]);
        assert_eq!((text.as_str(), code), ("invalid flag --regoin, did you mean --region?", 2));
        let (text, _) = error(&["configure", "get", "--region", "x"]);
        assert!(text.starts_with("invalid flag --region; available flags: --bearer-token, "), "{text}");
        let (text, code) = error(&["sts", "GetCallerIdentity", "--Foo", "x"]);
        assert_eq!(code, 2);
        assert_eq!(
            text,
            "'--Foo' is not a valid parameter or flag. See `aliyun help sts GetCallerIdentity`."
        );
    }

    #[test]
    fn words_behind_a_command_count_only_where_it_has_subcommands() {
        assert_eq!(parse_words(&["configure", "set", "foo"]).unwrap().words, ["foo"]);
        assert_eq!(error(&["configure", "foo"]), ("'foo' is not a valid command".into(), 2));
        assert_eq!(error(&["foo"]).1, 2);
        assert_eq!(
            error(&["STS", "GetCallerIdentit"]).0,
            "'GetCallerIdentit' is not a valid api. See `aliyun help sts`."
        );
    }

    #[test]
    fn help_is_heard_anywhere() {
        for words in
            [&["help", "configure", "set"], &["configure", "help", "set"], &["configure", "set", "-h"]]
        {
            let parsed = parse_words(words).unwrap();
            assert_eq!((parsed.help, parsed.path.len()), (true, 3), "{words:?}");
        }
    }
}
