//! Answers on standard input, where the network is not reached: the check fails, the profile stays.

use crate::support::environment::TestEnvironment;

/// An environment in which every request is refused at once.
fn offline() -> TestEnvironment {
    TestEnvironment::new().var("HTTPS_PROXY", "http://127.0.0.1:9")
}

#[test]
fn a_check_that_fails_is_framed_and_the_profile_stays_saved() {
    let environment = offline();
    let run = environment.run_with(&["configure"], "id\nexampleSecret\ncn-hangzhou\nzh\n");
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let frame = "!!! Configure Failed please configure again !!!";
    assert_eq!(run.stdout.matches(frame).count(), 2, "{}", run.stdout);
    assert!(run.stdout.contains("\ncannot reach sts.aliyuncs.com: "), "{}", run.stdout);
    assert!(!run.stdout.contains("exampleSecret") && !run.stdout.contains("Signature"), "{}", run.stdout);
    assert_eq!(environment.json()["profiles"][0]["access_key_secret"], "exampleSecret");
}

#[test]
fn an_input_that_ends_early_names_the_question_and_saves_nothing() {
    let environment = offline();
    let run = environment.run_with(&["configure", "--mode", "RamRoleArn"], "id\nexampleSecret\n");
    assert_eq!(run.code, 1);
    assert_eq!(run.stderr, "ERROR: input ended at the question \"Sts Region\"; nothing was saved\n");
    assert!(!environment.config_path().exists());
}

#[test]
fn flags_of_the_mode_are_offered_as_stored_values() {
    let environment = offline().var("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    let flags = ["configure", "--mode", "ecsramrole", "--ram-role-name", "web"];
    let run = environment.run_with(&flags, "\ncn-hangzhou\nen\n");
    assert!(run.stdout.contains("Ecs Ram Role [web]: "), "{}", run.stdout);
    assert!(run.stdout.contains("\nIMDS credentials is disabled\n"), "{}", run.stdout);
    assert_eq!(environment.json()["profiles"][0]["ram_role_name"], "web");
}

#[test]
fn a_bearer_token_needs_no_check() {
    let environment = offline();
    let run =
        environment.run_with(&["configure", "--mode", "BearerToken"], "token\nx-key\ncn-hangzhou\nen\n");
    assert!(run.stdout.contains("\nConfigure Done!!!\n"), "{}", run.stdout);
    let said = environment.fails(&["sts", "GetCallerIdentity"], 3, "BearerToken");
    assert!(!said.contains("token\n"), "{said}");
}

#[test]
fn an_unknown_mode_is_refused_before_any_question() {
    let environment = offline();
    environment.write_config(r#"{"current":"a","profiles":[]}"#);
    let run = environment.run(&["configure", "--mode", "Bogus"]);
    assert_eq!(run.stderr, "ERROR: unexcepted authenticate mode: Bogus\n");
    assert_eq!(environment.config(), r#"{"current":"a","profiles":[]}"#);
}
