//! What is shown, step by step.

#![cfg(unix)]

use crate::Outcome;
use crate::options::Language;
use crate::stage::{KEYS, Stage};

/// The comment of a step that goes on with what the last one does.
pub(crate) const GOES_ON: &str = "";

/// A command, and what a user does about it.
pub(crate) struct Step {
    /// What the command is for, in one line; [`GOES_ON`] if that was said before.
    pub(crate) comment: &'static str,
    /// What is typed at the shell's prompt.
    pub(crate) command: String,
    /// What is typed when the program asks.
    pub(crate) answers: Vec<Answer>,
    /// What the program has to say, lest the tour show a failure.
    pub(crate) shows: &'static str,
    /// What happens behind the scenes before.
    pub(crate) before: Option<fn(&Stage) -> Outcome<()>>,
}

/// What is typed at a question.
pub(crate) struct Answer {
    /// How the question begins.
    pub(crate) question: &'static str,
    /// What is typed, without Enter.
    pub(crate) keys: &'static str,
    /// Whether the terminal must not show it.
    pub(crate) hidden: bool,
}

impl Answer {
    fn shown(question: &'static str, keys: &'static str) -> Self {
        Self { question, keys, hidden: false }
    }

    fn hidden(question: &'static str, keys: &'static str) -> Self {
        Self { question, keys, hidden: true }
    }
}

impl Step {
    fn new(comment: &'static str, command: impl Into<String>, shows: &'static str) -> Self {
        Self { comment, command: command.into(), answers: Vec::new(), shows, before: None }
    }
}

/// Gives the steps of the tour.
pub(crate) fn steps(language: Language) -> Vec<Step> {
    let [(first, secret), (second, _)] = KEYS;
    let [setup, set, list, switch, call, renewal, delete] = comments(language);
    // English is what there is without a word.
    let (asked_language, flag) = match language {
        Language::English => ("", ""),
        Language::Chinese => ("zh", " --language zh"),
    };
    let set_command = format!(
        "aliyun configure set --profile dev --mode AK --region cn-shanghai{flag} \\\n    \
         --access-key-id {second} --access-key-secret \"$SECRET\""
    );
    let answers = vec![
        Answer::shown("Access Key Id", first),
        Answer::hidden("Access Key Secret", secret),
        Answer::shown("Default Region Id", "cn-hangzhou"),
        Answer::shown("Default Language", asked_language),
    ];
    vec![
        Step { answers, ..Step::new(setup, "aliyun configure", "Configure Done!!!") },
        Step::new(set, set_command, ""),
        Step {
            before: Some(Stage::add_spent_login),
            ..Step::new(list, "aliyun configure list", "token-0001")
        },
        Step::new(switch, "aliyun configure switch --profile default", "default"),
        Step::new(call, "aliyun sts get-caller-identity", "\"Arn\""),
        Step::new(renewal, "aliyun sts get-caller-identity --profile work | grep Arn", "\"Arn\""),
        Step::new(GOES_ON, "aliyun configure get --profile work access-key-id access-key-secret", "*uth"),
        Step::new(delete, "aliyun configure delete --profile dev", ""),
        Step::new(GOES_ON, "aliyun configure list", "token-0002"),
    ]
}

fn comments(language: Language) -> [&'static str; 7] {
    match language {
        Language::English => [
            "Set up a profile. The secret is not shown; a first call checks the key.",
            "Set up another one without questions. Its secret is in $SECRET.",
            "See them all; `*` is the current one. `work` signed in with a browser.",
            "Go back to the first one.",
            "Ask the cloud who you are.",
            "The session of `work` is over: the call gets a new one first, and keeps it.",
            "Remove a profile. Note the new token of `work`.",
        ],
        Language::Chinese => [
            "新建配置集：密钥输入时不显示，保存后立即调用一次来验证。",
            "再建一个，无需问答；密钥取自 $SECRET。",
            "列出全部配置集：* 是当前配置集，work 是用浏览器登录的。",
            "切换回第一个。",
            "查询当前身份。",
            "work 的会话已过期：调用前自动换取新会话，并保存下来。",
            "删除一个配置集。注意 work 已换上新令牌。",
        ],
    }
}
