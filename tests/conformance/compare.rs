//! What is expected against what came out.

use std::collections::{BTreeMap, BTreeSet};

use fake_cloud::Json;
use fancy_regex::Regex;

use crate::{
    Outcome,
    case::{Case, StepResult},
    home::as_text,
    shell,
    subset::{holds_json, subset},
    text::indented,
};

/// What a case led to.
#[derive(Debug)]
pub(crate) struct Got {
    pub(crate) steps: Vec<StepResult>,
    pub(crate) files: BTreeMap<String, Json>,
    /// What the fake cloud was asked for, where that matters.
    pub(crate) requests: Vec<Json>,
}

/// One way in which a case did not lead where it must.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) place: String,
    pub(crate) want: String,
    pub(crate) got: String,
}

impl Difference {
    pub(crate) fn new(place: impl Into<String>, want: impl Into<String>, got: impl Into<String>) -> Self {
        Self { place: place.into(), want: want.into(), got: got.into() }
    }
}

/// Lists the differences, those left out that the case does not care for.
pub(crate) fn compare(case: &Case, got: &Got) -> Outcome<Vec<Difference>> {
    let mut differences = Vec::new();
    let blank = vec![StepResult::default(); got.steps.len()];
    let expected = if case.expect.steps.is_empty() { &blank } else { &case.expect.steps };
    for (index, (want, got)) in expected.iter().zip(&got.steps).enumerate() {
        let mut step =
            StepComparison { case, place: format!("step {}", index + 1), differences: &mut differences };
        step.compare(want, got)?;
    }
    for (index, step) in got.steps.iter().enumerate() {
        differences.extend(check_output(case, index, &step.stdout)?);
    }
    differences.extend(compare_user_agents(case, got)?);
    differences.extend(check_files(case, got)?);
    differences.extend(compare_files(case, got)?);
    differences.extend(compare_requests(case, got)?);
    Ok(differences)
}

/// Checks what a program would make of the output of one step.
fn check_output(case: &Case, index: usize, stdout: &str) -> Outcome<Vec<Difference>> {
    let mut differences = Vec::new();
    if let Some(Some(want)) = case.check_json.get(index)
        && !holds_json(want, stdout)?
    {
        let place = format!("step {} check_json", index + 1);
        differences.push(Difference::new(place, indented(want, " ")?, stdout));
    }
    if let Some(Some(want)) = case.check_env.get(index) {
        let got = shell::evaluate(stdout, want.keys())?;
        if *want != got {
            let place = format!("step {} check_env", index + 1);
            differences.push(Difference::new(place, indented(want, " ")?, indented(&got, " ")?));
        }
    }
    Ok(differences)
}

fn is_exact(case: &Case, part: &str) -> bool {
    case.compare.get(part).is_none_or(|rule| rule == "exact")
}

struct StepComparison<'a> {
    case: &'a Case,
    place: String,
    differences: &'a mut Vec<Difference>,
}

impl StepComparison<'_> {
    fn compare(&mut self, want: &StepResult, got: &StepResult) -> Outcome<()> {
        self.part("code", &want.code.to_string(), &got.code.to_string())?;
        self.part("stdout", &want.stdout, &got.stdout)?;
        self.part("stderr", &want.stderr, &got.stderr)?;
        if [&got.stdout, &got.stderr].iter().any(|text| text.contains("panicked at")) {
            self.differences.push(Difference::new(&self.place, "no panic", &got.stderr));
        }
        Ok(())
    }

    fn part(&mut self, part: &str, want: &str, got: &str) -> Outcome<()> {
        let rule = self.case.compare.get(part).map_or("exact", String::as_str);
        let place = format!("{} {part}", self.place);
        if rule != "ignore" {
            self.differences.extend(differ(rule, &place, want, got));
        }
        for (patterns, must_match) in [(&self.case.must_match, true), (&self.case.must_not_match, false)] {
            for pattern in patterns.get(part).into_iter().flatten() {
                if Regex::new(pattern)?.is_match(got)? != must_match {
                    let not = if must_match { "" } else { "not " };
                    let place = format!("{place} must {not}match");
                    self.differences.push(Difference::new(place, pattern, got));
                }
            }
        }
        Ok(())
    }
}

/// Compares one part of a step by the case's rule for it.
fn differ(rule: &str, place: &str, want: &str, got: &str) -> Option<Difference> {
    let (holds, want) = match rule {
        "nonzero" => (!["0", "timeout"].contains(&got), "non-zero".to_owned()),
        "nonempty" => (!got.trim().is_empty(), "something said".to_owned()),
        "lines" => {
            let missing = missing_lines(want, got);
            let place = format!("{place} lacks lines");
            return (!missing.is_empty()).then(|| Difference::new(place, missing.join("\n"), got));
        }
        _ => {
            let same = match rule.strip_prefix("until:") {
                Some(mark) => want.split(mark).next() == got.split(mark).next(),
                None => want == got,
            };
            (same, want.to_owned())
        }
    };
    (!holds).then(|| Difference::new(place, want, got))
}

/// The expected lines that `got` lacks, blanks squeezed; more lines than expected are welcome.
fn missing_lines(want: &str, got: &str) -> Vec<String> {
    let have: BTreeSet<_> = squeezed_lines(got).collect();
    squeezed_lines(want).filter(|line| !have.contains(line)).collect()
}

fn squeezed_lines(text: &str) -> impl Iterator<Item = String> {
    let ends = |c| matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let squeeze = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    text.split(ends).map(squeeze).filter(|line| !line.is_empty())
}

fn compare_user_agents(case: &Case, got: &Got) -> Outcome<Vec<Difference>> {
    let text =
        |request: &Json, key: &str| request.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let mut differences = Vec::new();
    for pattern in case.must_match.get("user-agent").into_iter().flatten() {
        let regex = Regex::new(pattern)?;
        let identity = got.requests.iter().filter(|request| text(request, "action") == "GetCallerIdentity");
        for agent in identity.map(|request| text(request, "user-agent")) {
            if !regex.is_match(&agent)? {
                differences.push(Difference::new("user agent must match", pattern, agent));
            }
        }
    }
    Ok(differences)
}

fn check_files(case: &Case, got: &Got) -> Outcome<Vec<Difference>> {
    let mut differences = Vec::new();
    for (name, check) in &case.check_files {
        let after = got.files.get(name);
        if let Some(wrong) = check_file(check, case.home.get(name), after)? {
            let place = format!("file {name} {wrong}");
            let after = after.unwrap_or(&Json::Null);
            differences.push(Difference::new(place, indented(check, " ")?, indented(after, " ")?));
        }
    }
    Ok(differences)
}

/// What of an entry of `check_files` does not hold.
fn check_file(check: &Json, before: Option<&Json>, after: Option<&Json>) -> Outcome<Option<&'static str>> {
    let asks = |key| check.get(key).is_some_and(Json::is_true);
    let Some(after) = after else {
        return Ok((!asks("absent")).then_some("is missing"));
    };
    let text = after.get("text").and_then(Json::as_str);
    if asks("absent") {
        return Ok(Some("should not exist"));
    }
    if cfg!(unix) && check.get("mode").is_some_and(|mode| after.get("mode") != Some(mode)) {
        return Ok(Some("has another mode"));
    }
    if check.get("link").is_some() && after.get("link").is_none() {
        return Ok(Some("is no longer a link"));
    }
    if asks("unchanged") {
        let before = before.map(as_text).transpose()?;
        return Ok((text != before.as_deref()).then_some("changed"));
    }
    let Some(want) = check.get("json") else {
        return Ok(None);
    };
    Ok(match text.map(serde_json::from_str::<Json>) {
        Some(Ok(got)) if subset(want, &got)? => None,
        Some(Ok(_)) => Some("lacks what it must hold"),
        _ => Some("is not JSON"),
    })
}

fn compare_files(case: &Case, got: &Got) -> Outcome<Vec<Difference>> {
    let mut differences = Vec::new();
    let Some(expected) = case.expect.files.as_ref().filter(|_| is_exact(case, "files")) else {
        return Ok(differences);
    };
    let names: BTreeSet<_> = expected.keys().chain(got.files.keys()).collect();
    for name in names {
        let (want, got) = (expected.get(name).map(as_seen_here), got.files.get(name));
        if want.as_ref() != got {
            let place = format!("file {name}");
            differences.push(Difference::new(place, readable(want.as_ref())?, readable(got)?));
        }
    }
    Ok(differences)
}

/// A file's description without its mode where files have none.
fn as_seen_here(file: &Json) -> Json {
    let mut file = file.clone();
    if cfg!(not(unix))
        && let Json::Object(members) = &mut file
    {
        members.shift_remove("mode");
    }
    file
}

/// A file's description with its text as lines.
fn readable(file: Option<&Json>) -> Outcome<String> {
    let json = indented(file.unwrap_or(&Json::Null), " ")?;
    Ok(json.replace("\\n", "\n").replace("\\t", "\t"))
}

fn compare_requests(case: &Case, got: &Got) -> Outcome<Option<Difference>> {
    let Some(expected) = case.expect.requests.as_ref().filter(|_| is_exact(case, "requests")) else {
        return Ok(None);
    };
    let (want, got) = (comparable(expected), comparable(&got.requests));
    if want == got {
        return Ok(None);
    }
    Ok(Some(Difference::new("requests", indented(&want, " ")?, indented(&got, " ")?)))
}

/// Requests without their user agents, with sorted keys.
fn comparable(requests: &[Json]) -> Vec<Json> {
    let mut requests = requests.to_vec();
    for request in &mut requests {
        if let Json::Object(members) = request {
            members.shift_remove("user-agent");
            members.sort_keys();
        }
    }
    requests
}
