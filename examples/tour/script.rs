//! What is shown, step by step.

#![cfg(unix)]

use crate::Outcome;
use crate::options::Language;
use crate::stage::{KEY, Stage};

/// A command, and what a user does about it.
pub(crate) struct Step {
    /// What the command is for, behind it on its last line; empty where it speaks for itself.
    pub(crate) comment: &'static str,
    /// What is typed at the shell's prompt.
    pub(crate) command: String,
    /// The secret that is typed when the program asks for it, without Enter.
    pub(crate) secret: Option<&'static str>,
    /// What the program has to say, lest the tour show a failure.
    pub(crate) shows: &'static str,
    /// What happens behind the scenes before.
    pub(crate) before: Option<fn(&Stage) -> Outcome<()>>,
}

impl Step {
    fn new(comment: &'static str, command: impl Into<String>, shows: &'static str) -> Self {
        Self { comment, command: command.into(), secret: None, shows, before: None }
    }
}

/// Returns the steps of the tour.
pub(crate) fn steps(language: Language) -> Vec<Step> {
    let (id, secret) = KEY;
    let [check, list, exec] = comments(language);
    // English is what there is without a word.
    let flag = match language {
        Language::English => "",
        Language::Chinese => " --language zh",
    };
    let set = format!(
        "aliyun configure set --region cn-hangzhou{flag} \\\n    \
         --access-key-id {id} --access-key-secret -"
    );
    vec![
        Step { secret: Some(secret), ..Step::new("", set, "secret: ***") },
        // How long the service took to answer differs from tour to tour, and stands behind.
        Step::new(check, "aliyun configure check --live | grep -o 'ok.*user/[a-z]*'", "user/tester"),
        Step {
            before: Some(Stage::add_spent_login),
            ..Step::new(list, "aliyun configure list", "token-0001")
        },
        Step::new(exec, "aliyun configure exec --profile work -- env | grep KEY_ID", "STS."),
    ]
}

fn comments(language: Language) -> [&'static str; 3] {
    match language {
        Language::English => ["who am I?", "`work` signed in with a browser", "acts as `work`"],
        Language::Chinese => ["我是谁？", "work 是用浏览器登录的", "以 work 的身份运行"],
    }
}
