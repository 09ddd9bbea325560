//! Completion: what may stand at the cursor of a line that is being typed. One engine serves the protocol of
//! the reference (`COMP_LINE` and `COMP_POINT`, as `complete -C` of bash has them) and the scripts of all shells.

mod line;
pub(super) mod scripts;
mod values;

use std::ffi::OsString;

use clap::Arg;

use super::args::grammar::{self, SoFar};
use super::args::schema;
use super::handover;
use super::runtime::help_language;
use crate::error::Result;
use crate::host::Host;
use crate::language::Language;
use crate::texts::Message;
use line::Line;
use values::Known;

/// The variable in which a shell hands over the line; without it nothing is to be completed.
pub(super) const LINE_VARIABLE: &str = "COMP_LINE";
/// The variable that holds the place of the cursor in characters; the end of the line without it.
const POINT_VARIABLE: &str = "COMP_POINT";
/// The variable in which the scripts of this program name their shell; bash needs none.
const SHELL_VARIABLE: &str = "ALIYUN_COMPLETE";

/// Something that may stand at the cursor.
#[derive(Debug, PartialEq, Eq)]
struct Candidate {
    text: String,
    about: Message,
}

impl Candidate {
    fn new(text: impl Into<String>, about: Message) -> Self {
        Self { text: text.into(), about }
    }

    fn value(text: impl Into<String>) -> Self {
        Self::new(text, Message::NONE)
    }

    /// Returns one that a flag is about, put this way.
    fn of_flag(text: String, arg: &Arg) -> Self {
        Self::new(text, schema::help(arg))
    }
}

/// Prints what may stand at the cursor of a line, one a line.
///
/// bash names, as the second argument, what of the word it replaces, since it breaks words at `=` and `:`.
/// What another program may know is left to it, if there is one; the exit code may be its.
pub(super) fn answer(host: &dyn Host, line: &str, arguments: &[OsString]) -> Result<u8> {
    let point = host.var(POINT_VARIABLE).and_then(|point| point.parse().ok()).unwrap_or(usize::MAX);
    let line = Line::parse(&line.chars().take(point).collect::<String>());
    let so_far = grammar::so_far(line.words.get(1..).unwrap_or_default());
    let mut candidates = candidates(host, &so_far, &line.current);
    // A name of several lines could not be told from several names.
    candidates.retain(|candidate| !candidate.text.contains(char::is_control));
    let may_be_foreign = so_far.parsed.path.name.may_be_foreign() && so_far.waiting().is_none();
    if candidates.is_empty()
        && may_be_foreign
        && let Ok(Some(code)) = handover::try_to(arguments.to_vec(), host)
    {
        return Ok(code);
    }
    let text = if host.var(SHELL_VARIABLE).is_some() {
        described(&candidates, help_language(host))
    } else {
        for_bash(&candidates, &line, arguments.get(1).and_then(|word| word.to_str()))
    };
    host.out(&text).map(|()| 0)
}

/// Returns each candidate with a tab and what it is about.
fn described(candidates: &[Candidate], language: Language) -> String {
    let row =
        |candidate: &Candidate| format!("{}\t{}\n", candidate.text, candidate.about.in_language(language));
    candidates.iter().map(row).collect()
}

/// Returns each candidate as bash puts it into the line: with its special characters quoted, and without what
/// of the word bash leaves as it is. Within quotes nothing is offered that would end them or be replaced.
fn for_bash(candidates: &[Candidate], line: &Line, replaced: Option<&str>) -> String {
    let unquoted = replaced.map(|replaced| Line::parse(replaced).current);
    let mut forms = [replaced, unquoted.as_deref()].into_iter().flatten();
    let kept = forms.find_map(|replaced| line.current.strip_suffix(replaced)).unwrap_or_default();
    let rest = |candidate: &Candidate| {
        let rest = candidate.text.strip_prefix(kept).unwrap_or(&candidate.text);
        match line.is_quoted {
            true => (!rest.contains(['\'', '"', '\\', '$', '`', '!'])).then(|| format!("{rest}\n")),
            false => Some(quoted(rest) + "\n"),
        }
    };
    candidates.iter().filter_map(rest).collect()
}

fn quoted(text: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "-_./:=@%+,".contains(character);
    let mut quoted = String::new();
    for character in text.chars() {
        if !is_plain(character) {
            quoted.push('\\');
        }
        quoted.push(character);
    }
    quoted
}

fn candidates(host: &dyn Host, so_far: &SoFar, typed: &str) -> Vec<Candidate> {
    if so_far.is_foreign || so_far.parsed.is_tail() {
        return Vec::new();
    }
    let known = Known { host, config_path: so_far.parsed.flag("config-path") };
    if typed.starts_with('-') {
        return match typed.find(['=', ':']) {
            Some(at) => flag_values(so_far, &known, typed, at),
            None => all_flags(so_far, typed),
        };
    }
    if let Some(arg) = so_far.waiting() {
        // A value that begins with a dash is taken behind `=` alone (behaviour, section 1).
        let values = matching(typed, values::of(arg, &known)).filter(|value| !value.starts_with('-'));
        return values.map(Candidate::value).collect();
    }
    let words = plain_words(so_far, &known, typed);
    if words.is_empty() && typed.is_empty() { all_flags(so_far, "--") } else { words }
}

/// Offers the values of the flag in `--flag=VALUE`, whose separator stands at `at`.
fn flag_values(so_far: &SoFar, known: &Known<'_>, typed: &str, at: usize) -> Vec<Candidate> {
    let (name, value) = typed.split_at(at);
    let (separator, value) = value.split_at(1);
    let command = so_far.parsed.clap();
    let arg = match (name.strip_prefix("--"), name.chars().nth(1)) {
        (Some(long), _) => schema::long(command, long),
        (None, Some(letter)) if name.chars().count() == 2 => schema::short(command, letter),
        _ => None,
    };
    let Some(arg) = arg else {
        return Vec::new();
    };
    let whole = |value| Candidate::value(format!("{name}{separator}{value}"));
    matching(value, values::of(arg, known)).map(whole).collect()
}

/// Offers the flags that may still be given.
fn all_flags(so_far: &SoFar, typed: &str) -> Vec<Candidate> {
    let flags = schema::shown(so_far.parsed.clap()).filter(|(name, _)| so_far.parsed.flag(name).is_none());
    let candidates = flags.map(|(name, arg)| Candidate::of_flag(format!("--{name}"), arg));
    candidates.filter(|candidate| candidate.text.starts_with(typed)).collect()
}

/// Offers subcommands, words, and the flag that the command cannot do without.
fn plain_words(so_far: &SoFar, known: &Known<'_>, typed: &str) -> Vec<Candidate> {
    let name = so_far.parsed.path.name;
    let mut candidates = Vec::new();
    if so_far.parsed.words.is_empty() {
        let below = name.below().iter().filter(|below| below.word().starts_with(typed));
        candidates.extend(below.map(|below| Candidate::new(below.word(), below.about())));
    }
    for place in so_far.parsed.clap().get_positionals() {
        let words = values::of(place, known).into_iter().filter(|word| word.starts_with(typed));
        candidates.extend(words.map(|word| match values::flag_of(place, &word) {
            Some(flag) => Candidate::of_flag(word, &flag),
            None => Candidate::value(word),
        }));
    }
    if let Some(flag) = name.needs().filter(|flag| so_far.parsed.flag(flag).is_none()) {
        candidates.extend(needed_flag(so_far, flag, known, typed));
    }
    candidates
}

/// Offers the flag that a command cannot do without, with each of its values; a value that is typed alone
/// gets the flag in front of it.
fn needed_flag(so_far: &SoFar, flag: &str, known: &Known<'_>, typed: &str) -> Vec<Candidate> {
    let Some(arg) = schema::long(so_far.parsed.clap(), flag) else {
        return Vec::new();
    };
    let with = |value| Candidate::of_flag(format!("--{flag}={value}"), arg);
    let with_values: Vec<_> = matching(typed, values::of(arg, known)).map(with).collect();
    match with_values.is_empty() && typed.is_empty() {
        true => vec![Candidate::of_flag(format!("--{flag}"), arg)],
        false => with_values,
    }
}

/// Leaves the values that begin with what is typed, in any case of its letters.
fn matching(typed: &str, values: Vec<String>) -> impl Iterator<Item = String> {
    let typed = typed.to_lowercase();
    values.into_iter().filter(move |value| value.to_lowercase().starts_with(&typed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{FakeHost, Stream};

    const CONFIG: &str = r#"{"current":"dev","profiles":[{"name":"dev","region_id":"mars-1"},{"name":"my prod","sts_region":"cn-beijing"},{"name":"o'k $(x)"},{"name":"two\nlines"},{"name":"-dash"}]}"#;

    /// Returns what is printed for a line; `replaced` is what bash says it replaces.
    fn printed(line: &str, replaced: Option<&str>) -> Vec<String> {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(".aliyun")).unwrap();
        std::fs::write(home.path().join(".aliyun/config.json"), CONFIG).unwrap();
        let rules = r#"{"rules":[{"pattern":"ecs:Stop*"}]}"#;
        std::fs::write(home.path().join(".aliyun/safety-policy.json"), rules).unwrap();
        let host = FakeHost::new().with_home(home.path());
        let arguments: Vec<_> =
            replaced.map(|text| ["aliyun", text].map(OsString::from)).into_iter().flatten().collect();
        answer(&host, line, &arguments).unwrap();
        host.written(Stream::Stdout).lines().map(str::to_owned).collect()
    }

    fn offered(line: &str) -> Vec<String> {
        printed(line, None)
    }

    #[test]
    fn commands_and_flags_are_offered_by_how_they_begin() {
        assert_eq!(offered("aliyun configure s"), ["set", "switch", "safety-policy"]);
        assert_eq!(offered("aliyun configure set --acc"), ["--access-key-id", "--access-key-secret"]);
        assert_eq!(offered("aliyun sts get"), ["get-caller-identity"]);
        assert_eq!(offered("aliyun configure list --reg"), [""; 0]);
        assert!(offered("aliyun ").contains(&"configure".to_owned()));
        assert!(offered("aliyun configure list ").contains(&"--config-path".to_owned()));
    }

    #[test]
    fn a_flag_is_not_offered_twice() {
        assert_eq!(offered("aliyun configure set --region x --reg"), [""; 0]);
        assert_eq!(offered("aliyun configure set --read-timeout=1 --re"), ["--region", "--retry-count"]);
    }

    #[test]
    fn values_come_from_the_config_file_and_the_tables() {
        assert_eq!(offered("aliyun configure get --profile "), ["dev", r"my\ prod", r"o\'k\ \$\(x\)"]);
        assert_eq!(offered("aliyun configure get -p d"), ["dev"]);
        assert_eq!(offered("aliyun configure get -p=d"), ["-p=dev"]);
        assert_eq!(offered("aliyun configure set --source-profile m"), [r"my\ prod"]);
        assert_eq!(offered("aliyun configure --mode ak"), ["AK"]);
        assert_eq!(offered("aliyun configure set --region ")[..3], ["mars-1", "cn-beijing", "us-west-1"]);
        assert_eq!(offered("aliyun configure set --language "), ["en", "zh"]);
        assert_eq!(offered("aliyun configure get region lang"), ["language"]);
        assert_eq!(offered("aliyun configure unset pr"), ["private-key", "process-command"]);
        assert_eq!(offered("aliyun configure safety-policy remove --pattern e"), [r"ecs:Stop\*"]);
        assert_eq!(offered("aliyun configure set --private-key "), [""; 0]);
    }

    #[test]
    fn a_flag_that_cannot_be_done_without_is_offered_with_its_values() {
        assert_eq!(
            offered("aliyun configure switch "),
            ["--profile=dev", r"--profile=my\ prod", r"--profile=o\'k\ \$\(x\)", "--profile=-dash"]
        );
        assert_eq!(offered("aliyun configure delete d"), ["--profile=dev"]);
        assert!(!offered("aliyun configure switch --profile dev ").iter().any(|word| word.contains("dev")));
        assert_eq!(offered("aliyun configure ai-mode set-user-agent "), ["--user-agent"]);
    }

    #[test]
    fn bash_gets_only_what_it_replaces_quoted_as_the_line_needs_it() {
        assert_eq!(printed("aliyun configure get --profile=m", Some("m")), [r"my\ prod"]);
        assert_eq!(printed("aliyun configure get --profile=", Some(""))[..2], ["dev", r"my\ prod"]);
        assert_eq!(printed("aliyun configure get -p '", Some("")), ["dev", "my prod"]);
        assert_eq!(printed(r"aliyun configure get --profile=my\ p", Some(r"my\ p")), [r"my\ prod"]);
        assert_eq!(printed("aliyun configure get -p 'my", Some("my")), ["my prod"]);
        assert_eq!(printed("aliyun configure safety-policy remove --pattern ecs:S", Some("S")), [r"Stop\*"]);
    }

    #[test]
    fn nothing_stops_completion() {
        for line in ["", "aliyun", "aliyun --", "aliyun foo ", "aliyun configure set --nope=", "aliyun -é="]
        {
            offered(line);
        }
        let host = FakeHost::new();
        answer(&host, "aliyun configure get -p ", &[]).unwrap();
        assert_eq!(host.written(Stream::Stdout), "");
    }

    #[test]
    fn other_shells_get_what_each_word_is_about() {
        let host = FakeHost::new().with_var(SHELL_VARIABLE, "fish").with_var(POINT_VARIABLE, "19");
        answer(&host, "aliyun configure li --nothing", &[]).unwrap();
        assert_eq!(host.written(Stream::Stdout), "list\tlist all config profile\n");
        let host = host.with_var("LANG", "zh_CN.UTF-8");
        answer(&host, "aliyun configure li", &[]).unwrap();
        assert!(host.written(Stream::Stdout).ends_with("list\t列出所有配置集\n"));
    }
}
