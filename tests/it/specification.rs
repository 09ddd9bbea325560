//! The specification in `docs/spec`, and what cites it or is a copy of its tables.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex::Regex;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::support::files::files_below;

const DOCUMENTS: [&str; 3] = ["behaviour", "wire", "beyond"];

/// Where comments and documents cite the specification.
const CITING: [&str; 12] = [
    "src",
    "tests",
    "examples",
    "benches",
    "fuzz",
    "docs",
    "packaging",
    "README.md",
    "README.zh-CN.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "CHANGELOG.md",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn table<T: DeserializeOwned>(name: &str) -> Vec<T> {
    serde_json::from_str(&read(&root().join("docs/spec").join(name))).unwrap()
}

/// Returns the sections, the items of their numbered lists (`6.14`), and the rows of defects (`D28`).
fn sections(document: &str) -> BTreeSet<String> {
    let heading = Regex::new(r"^##+ ([0-9.]*[0-9])").unwrap();
    let item = Regex::new(r"^([0-9]+)\. ").unwrap();
    let row = Regex::new(r"^\| (D[0-9]+) \|").unwrap();
    let mut found = BTreeSet::new();
    let mut section = String::new();
    for line in read(&root().join(format!("docs/spec/{document}.md"))).lines() {
        if let Some(heading) = heading.captures(line) {
            heading[1].clone_into(&mut section);
            found.insert(section.clone());
        } else if let Some(item) = item.captures(line) {
            found.insert(format!("{section}.{}", &item[1]));
        } else if let Some(row) = row.captures(line) {
            found.insert(row[1].to_owned());
        }
    }
    found
}

/// Returns the text with each comment or paragraph on one line.
fn unwrapped(text: &str) -> String {
    Regex::new(r"\n[ \t]*(//[/!]?|#)?[ \t]*").unwrap().replace_all(text, " ").into_owned()
}

/// Returns what the text cites: a document, and what stands behind it in the parentheses.
fn citations(text: &str) -> Vec<(String, String)> {
    let citation = Regex::new(r"\((behaviour|wire|beyond),? ((?:sections? )?D?[0-9][^)]*)\)").unwrap();
    let text = unwrapped(text);
    citation.captures_iter(&text).map(|found| (found[1].to_owned(), found[2].to_owned())).collect()
}

#[test]
fn every_section_that_is_cited_exists() {
    let known: Vec<_> = DOCUMENTS.iter().map(|document| (*document, sections(document))).collect();
    let number = Regex::new(r"\bD?[0-9]+(\.[0-9]+)*").unwrap();
    let mut cited = 0;
    let mut missing = Vec::new();
    for file in
        CITING.iter().flat_map(|path| files_below(&root().join(path), &[".rs", ".md", ".json", ".sh"]))
    {
        for (document, places) in citations(&read(&file)) {
            let (_, sections) = known.iter().find(|(name, _)| *name == document).unwrap();
            cited += 1;
            let unknown = number.find_iter(&places).filter(|place| !sections.contains(place.as_str()));
            missing
                .extend(unknown.map(|place| format!("{}: ({document}, {})", file.display(), place.as_str())));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
    assert!(cited > 50, "only {cited} citations are found");
}

#[test]
fn every_section_that_a_document_names_of_its_own_exists() {
    let own = Regex::new(r"(?:^|[^,] )sections? ([0-9]+(?:\.[0-9]+)*)").unwrap();
    for document in DOCUMENTS {
        let known = sections(document);
        let text = unwrapped(&read(&root().join(format!("docs/spec/{document}.md"))));
        for found in own.captures_iter(&text) {
            assert!(known.contains(&found[1]), "{document}: {}", &found[0]);
        }
    }
}

#[test]
fn a_citation_is_found_across_lines_and_a_wrong_one_is_none_of_the_sections() {
    let text =
        "/// Rows (wire,\n    /// sections 8.2 and 8.3), a word (beyond that), a list (behaviour 6.14).";
    let found = citations(text);
    let found: Vec<_> = found.iter().map(|(document, places)| (document.as_str(), places.as_str())).collect();
    assert_eq!(found, [("wire", "sections 8.2 and 8.3"), ("behaviour", "6.14")]);
    let (wire, behaviour) = (sections("wire"), sections("behaviour"));
    assert!(wire.contains("8.2") && wire.contains("D28") && behaviour.contains("6.14"));
    assert!(!wire.contains("8.9") && !wire.contains("D99") && !behaviour.contains("6.99"));
}

/// A text in both languages.
#[derive(Deserialize)]
struct Pair {
    en: String,
    zh: String,
    /// Why this program does not say it.
    unused: Option<String>,
}

/// Returns the text as a literal of Rust.
fn literal(text: &str) -> String {
    let escaped = text.replace('\\', r"\\").replace('"', r#"\""#).replace('\n', r"\n").replace('\t', r"\t");
    format!("\"{escaped}\"")
}

#[test]
fn texts_stand_in_the_code_in_both_languages_as_in_the_tables() {
    let sources: String = files_below(&root().join("src"), &[".rs"]).iter().map(|file| read(file)).collect();
    let sources = Regex::new(r"\\\n\s*").unwrap().replace_all(&sources, "");
    let says = |text: &str| sources.contains(&literal(text));
    for pair in ["messages.json", "flags.json"].iter().flat_map(|name| table::<Pair>(name)) {
        let is_said = pair.unused.is_none();
        assert_eq!((says(&pair.en), says(&pair.zh)), (is_said, is_said), "{}\n{}", pair.en, pair.zh);
    }
}
