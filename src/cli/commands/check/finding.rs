//! What `check` finds, and how it is shown.

use serde::Serialize;

use crate::cli::commands::printable;
use crate::language::Language;
use crate::storage::json::{self, Escapes};
use crate::texts::{Message, check};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Level {
    Ok,
    Warning,
    Error,
}

/// One thing that was found.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Finding {
    level: Level,
    area: &'static str,
    profile: Option<String>,
    message: String,
    remedy: Option<String>,
}

/// A value of a profile, and where it comes from.
#[derive(Debug, Serialize)]
pub(super) struct SourcedValue {
    pub(super) profile: String,
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) source: String,
}

/// All that was found.
#[derive(Debug, Default, Serialize)]
pub(super) struct Report {
    pub(super) findings: Vec<Finding>,
    pub(super) values: Vec<SourcedValue>,
    pub(super) identity: Option<serde_json::Value>,
}

/// What findings of one area are about, and the language of their texts.
#[derive(Debug, Clone, Copy)]
pub(super) struct About<'a> {
    pub(super) area: &'static str,
    pub(super) profile: Option<&'a str>,
    pub(super) language: Language,
}

impl About<'_> {
    /// Makes a finding of a text, with values in the place of its marks.
    pub(super) fn finding(&self, level: Level, message: Message, values: &[&str]) -> Finding {
        self.told(level, &message.with(self.language, values))
    }

    /// Makes a finding of a sentence that another part of the program said.
    pub(super) fn told(&self, level: Level, message: &str) -> Finding {
        let profile = self.profile.map(str::to_owned);
        Finding {
            level,
            area: self.area,
            profile,
            message: printable(message.into()).into_owned(),
            remedy: None,
        }
    }
}

impl Finding {
    /// Adds the command that mends it.
    pub(super) fn mended_by(mut self, command: impl Into<String>) -> Self {
        self.remedy = Some(command.into());
        self
    }

    fn line(&self, in_colour: bool, language: Language) -> String {
        let (word, colour) = match self.level {
            Level::Ok => ("ok", "\x1b[32m"),
            Level::Warning => ("warning", "\x1b[33m"),
            Level::Error => ("error", "\x1b[31m"),
        };
        let (colour, plain) = if in_colour { (colour, "\x1b[0m") } else { ("", "") };
        let mut line = format!("{colour}{word:<7}{plain}  {:<11}  ", self.area);
        if let Some(profile) = &self.profile {
            line.push_str(&printable(profile.into()));
            line.push_str(": ");
        }
        line.push_str(&self.message);
        if let Some(remedy) = &self.remedy {
            line.push_str(&check::REMEDY.with(language, &[&printable(remedy.into())]));
        }
        line + "\n"
    }
}

impl Report {
    /// Tells whether something does not work.
    pub(super) fn has_error(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Level::Error)
    }

    /// Returns the report for programs.
    pub(super) fn json(&self) -> String {
        json::indented(self, "  ", Escapes::Html) + "\n"
    }

    /// Returns the report for people, a line a finding.
    pub(super) fn text(&self, in_colour: bool, language: Language) -> String {
        let values = self.values.iter().map(|value| {
            let SourcedValue { profile, name, value, source } = value;
            format!("value    {}: {name} = {value} ({source})\n", printable(profile.into()))
        });
        let findings = self.findings.iter().map(|finding| finding.line(in_colour, language));
        findings.chain(values).collect()
    }
}
