//! The safety policy acts before a call: the proxy that nobody answers at shows whether one was tried.

use std::fs;

use crate::support::environment::TestEnvironment;

const CALL: [&str; 2] = ["sts", "GetCallerIdentity"];
const TRIED: &str = "cannot reach sts.aliyuncs.com";

fn environment(action: &str, pattern: &str) -> TestEnvironment {
    let environment = TestEnvironment::with_profiles(&["default"]).var("HTTPS_PROXY", "http://127.0.0.1:9");
    let add = ["configure", "safety-policy", "add", "--pattern", pattern, "--action", action];
    environment.succeeds(&add);
    environment.succeeds(&["configure", "safety-policy", "enable"]);
    environment
}

#[test]
fn yes_passes_a_confirmation_but_no_denial() {
    let confirm = environment("confirm", "sts:get*");
    confirm.fails(&CALL, 1, "re-run the same command with --yes");
    confirm.fails(&[&CALL[..], &["--yes"]].concat(), 1, TRIED);
    confirm.fails(&["sts", "-y", "get-caller-identity"], 1, TRIED);
    let deny = environment("deny", "sts:*");
    deny.fails(
        &[&CALL[..], &["--yes"]].concat(),
        1,
        "blocked by safety policy: Sts GetCallerIdentity (rule: sts:*)",
    );
}

#[test]
fn a_rotation_makes_no_call_that_a_rule_denies() {
    let tried = "cannot reach ims.aliyuncs.com";
    let rotate = ["configure", "rotate"];
    for rule in ["ram:delete-access-key", "ims:*", "*:*AccessKey", "sts:*"] {
        let said = environment("deny", rule).fails(&["configure", "rotate", "--delete-old", "--yes"], 1, "");
        assert!(said.contains("blocked by safety policy: ") && said.contains(&format!("(rule: {rule})")));
    }
    environment("deny", "ram:DeleteAccessKey").fails(&rotate, 1, tried);
    environment("deny", "ram:CreateAccessKey").fails(&["configure", "rotate", "--dry-run"], 1, tried);
    let confirm = environment("confirm", "ram:Create*");
    confirm.fails(&rotate, 1, "Safety policy requires confirmation for: Ram CreateAccessKey\n");
    confirm.fails(&["configure", "rotate", "-y"], 1, tried);
}

#[test]
fn a_check_makes_no_call_that_a_rule_denies() {
    let environment = environment("deny", "sts:*");
    let run = environment.run(&["configure", "check", "--live"]);
    assert_eq!(run.code, 1);
    let errors: Vec<_> = run.stdout.lines().filter(|line| line.starts_with("error")).collect();
    let blocked = "operation blocked by safety policy: Sts GetCallerIdentity (rule: sts:*)";
    assert!(matches!(errors.as_slice(), [only] if only.ends_with(blocked)), "{}", run.stdout);
}

#[test]
fn a_rule_holds_for_every_spelling_of_a_call() {
    for rule in ["sts:get-caller-identity", "sts:GetCallerIdentity", "STS:getcalleridentity", "*:get-*"] {
        let environment = environment("deny", rule);
        for call in ["get-caller-identity", "GetCallerIdentity"] {
            environment.fails(&["sts", call], 1, "blocked by safety policy: Sts GetCallerIdentity");
        }
    }
}

#[test]
fn the_profile_is_checked_before_the_policy_and_its_language_counts() {
    let environment = environment("deny", "*");
    environment.fails(&[&CALL[..], &["--profile", "x"]].concat(), 3, "unknown profile x");
    environment.succeeds(&["configure", "set", "--language", "zh"]);
    environment.fails(&CALL, 1, "操作被安全策略拒绝: Sts GetCallerIdentity (规则: *)");
}

#[test]
fn a_policy_that_cannot_be_read_keeps_every_call_from_being_made() {
    let environment = environment("deny", "ecs:*");
    let file = environment.home().join(".aliyun/safety-policy.json");
    for (text, about) in [
        ("{", "safety-policy.json cannot be used: EOF"),
        (
            r#"{"enabled":true,"rules":[{"pattern":"ecs:*","action":"Deny"}]}"#,
            "safety-policy.json cannot be used: rule 1 (ecs:*): action must be deny",
        ),
    ] {
        fs::write(&file, text).unwrap();
        environment.fails(&CALL, 1, about);
    }
}

#[test]
fn the_policy_stands_beside_the_config_that_is_used() {
    let environment = environment("deny", "*");
    let other = environment.home().join("other.json");
    fs::copy(environment.config_path(), &other).unwrap();
    environment.fails(&[&CALL[..], &["--config-path", other.to_str().unwrap()]].concat(), 1, TRIED);
}

#[test]
fn a_new_profile_is_not_checked_by_a_call_that_the_policy_denies() {
    let answers = "LTAIx\nexampleSecret\ncn-hangzhou\nen\n";
    let environment = environment("deny", "sts:get-caller-identity");
    let run = environment.run_with(&["configure", "--profile", "new"], answers);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let denied =
        "operation blocked by safety policy: Sts GetCallerIdentity (rule: sts:get-caller-identity)\n";
    assert!(run.stdout.contains(denied) && !run.stdout.contains(TRIED), "{}", run.stdout);
    assert_eq!(environment.json()["current"], "new");
    let confirm = self::environment("confirm", "*");
    let run = confirm.run_with(&["configure"], answers);
    assert!(run.stdout.contains("requires confirmation") && !run.stdout.contains(TRIED), "{}", run.stdout);
}
