//! What is done to texts before they are compared.

use std::io;

use fake_cloud::Json;
use regex::{Regex, Replacer};
use serde::Serialize;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::Outcome;

/// What stands for the home folder in a case.
const HOME: &str = "~HOME~";

/// The patterns that texts are treated with.
#[derive(Debug)]
pub(crate) struct Patterns {
    ansi: Regex,
    prompt: Regex,
    volatile: Vec<(Regex, &'static str)>,
    times: Regex,
    /// A path below the home folder in JSON, where a backslash is doubled.
    home_path: Regex,
}

impl Patterns {
    pub(crate) fn new() -> Result<Self, regex::Error> {
        let volatile = [
            ("state=[A-Za-z0-9_-]+", "state=<STATE>"),
            ("code_challenge=[A-Za-z0-9_-]+", "code_challenge=<CHALLENGE>"),
            (r#"("(?:code_verifier|CodeVerifier|CodeChallenge)": )"[^"]+""#, r#"${1}"<PKCE>""#),
            (r#"(Signature|SignatureNonce|Timestamp)=[^&" \\]+"#, "${1}=<VOLATILE>"),
            (r"127\.0\.0\.1:\d+-(>|&gt;)", "127.0.0.1:<PORT>-${1}"),
        ];
        let compile = |(pattern, with)| Ok((Regex::new(pattern)?, with));
        Ok(Self {
            ansi: Regex::new(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x1b\][^\x07]*\x07")?,
            prompt: Regex::new(r"(: |\): \n)\n?\z")?,
            volatile: volatile.into_iter().map(compile).collect::<Result<_, regex::Error>>()?,
            times: Regex::new(
                r#"("(?:oauth_access_token_expire|cloud_sso_access_token_expire|sts_expiration|oauth_refresh_token_expire)": )(\d+)"#,
            )?,
            home_path: Regex::new(r#"~HOME~(?:(?:/|\\\\)+[^\\/\s":,']+)+"#)?,
        })
    }

    /// Takes the terminal's control sequences out.
    pub(crate) fn plain(&self, text: &str) -> String {
        self.ansi.replace_all(text, "").into_owned()
    }

    pub(crate) fn ends_in_prompt(&self, text: &str) -> bool {
        self.prompt.is_match(text)
    }

    /// Replaces what differs between two runs. The patterns look at the value's JSON, where a quote
    /// or a control character within a text is a backslash sequence that ends a match.
    pub(crate) fn scrub(&self, value: &Json, home: &str) -> Outcome<Json> {
        let mut text = value.to_line()?.replace(home, HOME);
        if cfg!(windows) {
            text = text.replace(&home.replace('/', r"\\"), HOME);
            text = self.home_path.replace_all(&text, WithSlashes).into_owned();
        }
        for (pattern, with) in &self.volatile {
            text = pattern.replace_all(&text, *with).into_owned();
        }
        Ok(serde_json::from_str(&text)?)
    }

    /// As [`Patterns::scrub`] for a text alone.
    pub(crate) fn scrub_text(&self, text: &str, home: &str) -> Outcome<String> {
        let scrubbed = self.scrub(&text.into(), home)?;
        Ok(scrubbed.as_str().unwrap_or_default().to_owned())
    }

    /// Replaces times that depend on the clock by their distance from now.
    pub(crate) fn relative_times(&self, text: &str, now: f64) -> String {
        self.times.replace_all(text, Distance(now)).into_owned()
    }
}

/// Writes a path of Windows as the cases have paths.
struct WithSlashes;

impl Replacer for WithSlashes {
    fn replace_append(&mut self, found: &regex::Captures<'_>, out: &mut String) {
        let path = found.get(0).map_or("", |path| path.as_str());
        let names: Vec<_> = path.split(['/', '\\']).filter(|name| !name.is_empty()).collect();
        out.push_str(&names.join("/"));
    }
}

/// Writes a time within ten days of this one as minutes from it.
struct Distance(f64);

impl Replacer for Distance {
    fn replace_append(&mut self, found: &regex::Captures<'_>, out: &mut String) {
        let group = |index| found.get(index).map_or("", |part| part.as_str());
        let seconds = group(2).parse::<f64>().unwrap_or(f64::INFINITY) - self.0;
        if seconds.abs() < 864_000.0 {
            let minutes = (seconds / 60.0).round_ties_even() as i64;
            out.push_str(&format!("{}\"<NOW{minutes:+}min>\"", group(1)));
        } else {
            out.push_str(group(0));
        }
    }
}

/// Puts the home folder into a text of a case.
pub(crate) fn fill_text(text: &str, home: &str) -> String {
    text.replace(HOME, home)
}

/// Puts the home folder into all texts of a value.
pub(crate) fn fill(value: &Json, home: &str) -> Json {
    match value {
        Json::Text(text) => fill_text(text, home).into(),
        Json::List(items) => Json::List(items.iter().map(|item| fill(item, home)).collect()),
        Json::Object(members) => {
            let member = |(key, value): (&String, &Json)| (fill_text(key, home), fill(value, home));
            Json::Object(members.iter().map(member).collect())
        }
        other => other.clone(),
    }
}

/// Writes JSON over several lines; `indent` is what each level is indented by.
pub(crate) fn indented(value: &impl Serialize, indent: &str) -> io::Result<String> {
    let mut out = Vec::new();
    let formatter = PrettyFormatter::with_indent(indent.as_bytes());
    value.serialize(&mut Serializer::with_formatter(&mut out, formatter))?;
    String::from_utf8(out).map_err(io::Error::other)
}
