use super::*;

fn parse_words(words: &[&str]) -> Taken<Parsed> {
    parse(words.iter().map(OsString::from).collect())
}

fn flags(words: &[&str]) -> Vec<(String, String)> {
    let parsed = parse_words(words).unwrap();
    parsed.flags.into_iter().map(|flag| (flag.name, flag.value.into_string().unwrap())).collect()
}

fn error(words: &[&str]) -> (String, u8) {
    let (Failure::Wrong(error) | Failure::ForeignFlag(error) | Failure::ForeignCommand(error)) =
        parse_words(words).unwrap_err();
    (error.to_string(), error.exit_code())
}

#[test]
fn a_value_stands_behind_a_blank_an_equals_sign_or_a_colon() {
    let set = |words: &[&str]| flags(&[&["configure", "set"], words].concat());
    let region = |value: &str| vec![("region".to_owned(), value.to_owned())];
    assert_eq!(set(&["--region", "a"]), region("a"));
    assert_eq!(set(&["--region=a=b:c"]), region("a=b:c"));
    assert_eq!(set(&["--region:a=b"]), region("a=b"));
    assert_eq!(set(&["-e=h:1"]), vec![("endpoint".to_owned(), "h:1".to_owned())]);
    assert_eq!(set(&["--region", "---x"]), region("---x"));
    assert_eq!(set(&["--region="]), region(""));
    assert_eq!(set(&["--region=", "a"]), region("a"));
    assert_eq!(set(&["--region", "help"]), region("help"));
}

#[test]
fn persistent_flags_may_stand_in_front_of_the_command() {
    let parsed = parse_words(&["-p", "q", "configure", "--mode", "AK", "set", "--region", "r"]).unwrap();
    assert_eq!(parsed.path.name, schema::Name::Set);
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
    assert_eq!(flags(&["configure", "--mode", "--endpoint=h"]).len(), 2);
}

#[test]
fn a_profile_and_a_file_must_be_named_where_their_flags_are() {
    for flag in ["--profile", "--config-path"] {
        let text = (format!("{flag} must be assigned with value"), 1);
        for command in [&["configure"] as &[&str], &["configure", "set"], &["configure", "get"]] {
            let with = |more: &[&str]| error(&[command, more].concat());
            assert_eq!(with(&[flag]), text);
            assert_eq!(with(&[flag, ""]), text);
            assert_eq!(with(&[&format!("{flag}=")]), text);
            assert_eq!(with(&[flag, "", "--mode=AK"]), text);
        }
        assert_eq!(flags(&["configure", "get", &format!("{flag}="), "", "x"])[0].1, "x");
    }
    assert_eq!(error(&["configure", "set", "-p"]).0, "--profile must be assigned with value");
    assert_eq!(flags(&["configure", "delete", "--profile", ""])[0].1, "");
}

#[test]
fn an_empty_word_is_no_value_and_no_command() {
    assert_eq!(parse_words(&["configure", "", "set"]).unwrap().path.name, Name::Set);
    assert_eq!(flags(&["configure", "set", "--region", "", "", "a"]), [("region".into(), "a".into())]);
    assert_eq!(flags(&["configure", "set", "--region", ""]), [("region".into(), String::new())]);
    let text = "--region must be assigned with value";
    assert_eq!(error(&["configure", "set", "--region", "", "--mode=AK"]), (text.into(), 1));
}

#[test]
fn a_lone_dash_is_the_value_of_a_secret_and_else_an_error() {
    let set = |words: &[&str]| flags(&[&["configure", "set"], words].concat());
    assert_eq!(set(&["--sts-token", "-"]), [("sts-token".into(), "-".into())]);
    for words in [&["configure", "-", "set"] as &[&str], &["configure", "set", "--region", "-"]] {
        assert_eq!(error(words), ("not support flag form -".into(), 1));
    }
}

#[test]
fn behind_a_plain_word_errors_are_worded_otherwise_and_end_with_1() {
    for (words, text) in [
        (&["configure", "sett", "--hel"] as &[&str], "parse failed invalid flag --hel, did you mean --help?"),
        (&["configure", "get", "x", "--"], "parse failed not support '--' in command line"),
        (&["configure", "list", "x", "-"], "parse failed not support flag form -"),
        (
            &["sts", "GetCallerIdentity", "--region", "--x"],
            "parse failed --region must be assigned with value",
        ),
    ] {
        assert_eq!(error(words), (text.to_owned(), 1));
    }
}

#[test]
fn help_in_front_of_plugin_settings_is_not_for_them() {
    let parsed = parse_words(&["configure", "--help", "plugin-settings", "-h", "set"]).unwrap();
    assert!(!parsed.help && parsed.flags.is_empty());
    assert!(parse_words(&["configure", "help", "plugin-settings"]).unwrap().help);
    assert!(parse_words(&["configure", "--help", "set"]).unwrap().help);
}

#[test]
fn unknown_flags_are_compared_with_those_that_the_command_takes() {
    let (text, code) = error(&["configure", "set", "--regoin", "x"]);
    assert_eq!((text.as_str(), code), ("invalid flag --regoin, did you mean --region?", 2));
    let (text, _) = error(&["configure", "get", "--region", "x"]);
    assert!(text.starts_with("invalid flag --region; available flags: --bearer-token, "), "{text}");
    let (text, code) = error(&["sts", "GetCallerIdentity", "--Foo", "x"]);
    assert_eq!(code, 2);
    assert_eq!(text, "'--Foo' is not a valid parameter or flag. See `aliyun help sts GetCallerIdentity`.");
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

/// Takes arguments apart for a command that has a place for all that is behind `--`.
fn with_tail(words: &[&str]) -> Taken<Parsed> {
    let mut parser = Parser::new();
    let tail = Arg::new("command").last(true).num_args(1..);
    let serve = Arg::new("serve").long("serve").action(clap::ArgAction::SetTrue);
    let region = Arg::new("region").long("region");
    parser.parsed.clap = OnceCell::from(clap::Command::new("exec").args([serve, region, tail]));
    words.iter().try_for_each(|word| parser.take(word.into()))?;
    parser.finish()
}

#[test]
fn behind_two_dashes_everything_is_taken_as_it_is() {
    let parsed = with_tail(&["--serve", "--", "env", "--", "--help", "help", "-pq", "--serve=1"]).unwrap();
    assert!(!parsed.help);
    assert_eq!(parsed.usual(), ["--serve", "--", "env", "--", "--help", "help", "-pq", "--serve=1"]);
    assert_eq!(with_tail(&["--"]).unwrap().usual(), ["--"]);
    for (words, text) in [
        (&["--region", "--", "env"] as &[&str], "--region must be assigned with value"),
        (&["ec2", "--", "env"], "'ec2' is not a valid command or product. See `aliyun help`."),
    ] {
        let (Failure::Wrong(error) | Failure::ForeignFlag(error) | Failure::ForeignCommand(error)) =
            with_tail(words).unwrap_err();
        assert_eq!(error.to_string(), text);
    }
}

#[test]
fn clap_is_given_the_usual_form() {
    let words = ["configure", "get", "-p", "a b", "region", "--mode", "--endpoint:x=y", "---z"];
    let usual = ["--profile=a b", "--mode=", "--endpoint=x=y", "--", "region", "---z"];
    assert_eq!(parse_words(&words).unwrap().usual(), usual);
    let usual = ["--quiet", "--"];
    assert_eq!(parse_words(&["sts", "GetCallerIdentity", "-q"]).unwrap().usual(), usual);
}

#[test]
fn help_is_heard_anywhere() {
    for words in [&["help", "configure", "set"], &["configure", "help", "set"], &["configure", "set", "-h"]] {
        let parsed = parse_words(words).unwrap();
        assert_eq!((parsed.help, parsed.path.call().as_str()), (true, "aliyun configure set"), "{words:?}");
    }
}
