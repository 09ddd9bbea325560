//! Commands that look after profiles.

use crate::support::environment::TestEnvironment;

const CHAIN: &str = r#"{"current":"a","profiles":[
    {"name":"a","mode":"AK","access_key_id":"i","access_key_secret":"s","region_id":"r","x":[1]},
    {"name":"b","mode":"ChainableRamRoleArn","source_profile":"a","ram_role_arn":"arn","ram_session_name":"n","region_id":"r"},
    {"name":"a","mode":"AK"}],"z":1}"#;

fn environment() -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write_config(CHAIN);
    environment
}

#[test]
fn rename_takes_along_every_profile_of_the_name_and_all_that_names_it() {
    let environment = environment();
    environment.succeeds(&["configure", "rename", "--profile", "a", "--to", "c d"]);
    let config = environment.config();
    assert_eq!(config.matches("\"name\": \"c d\"").count(), 2, "{config}");
    assert!(
        config.contains("\"source_profile\": \"c d\"") && config.contains("\"current\": \"c d\""),
        "{config}"
    );
    assert!(config.contains("\"x\": [1]") && config.contains("\"z\": 1"), "{config}");
}

#[test]
fn a_name_that_cannot_be_taken_leaves_the_file_as_it_is() {
    for command in ["rename", "copy"] {
        for (to, said) in [
            ("b", "there is a profile `b` already"),
            ("a", "there is a profile `a` already"),
            ("x\u{7f}y", "control characters"),
            ("", "the new name of the profile is empty"),
        ] {
            let environment = environment();
            let to = format!("--to={to}");
            environment.fails(&["configure", command, "--profile", "a", &to], 1, said);
            assert_eq!(environment.config(), CHAIN);
        }
        environment().fails(
            &["configure", command, "--profile", "nobody", "--to", "x"],
            1,
            "profile nobody not found",
        );
        environment().fails(&["configure", command, "--to", "x"], 1, "missing --profile <profileName>");
    }
}

#[test]
fn unset_removes_all_that_is_named_or_nothing() {
    let environment = environment();
    for (settings, code, said) in [
        (&["language", "nothing"][..], 1, "there is no setting `nothing`; choices: "),
        (&["language", "access-key-id"], 1, "profile 'a' cannot do without access-key-id"),
        (&["region"], 1, "profile 'a' cannot do without region"),
        (&["mode"], 1, "profile 'a' cannot do without mode"),
        (&[], 2, "SETTING"),
    ] {
        environment.fails(&[&["configure", "unset"], settings].concat(), code, said);
        assert_eq!(environment.config(), CHAIN);
    }
}

#[test]
fn names_of_profiles_stand_on_a_line_each_whatever_they_hold() {
    let environment = TestEnvironment::new();
    environment.write_config(r#"{"current":"a","profiles":[{"name":"a\nb"},{"name":"c"}]}"#);
    let run = environment.run_with(&["configure", "list", "-o", "names"], "");
    assert_eq!(run.stdout, "a b\nc\n");
}
