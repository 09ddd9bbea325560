//! Which file of the crate knows which: no circles, and each thing in its room alone.
//!
//! A file knows another where a path that begins with `crate`, `super` or `self` leads there; that a module
//! holds its own files is no such path. Unit tests do not count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;

use crate::support::files::files_below;

/// A file of a crate by the path of its module, `["http", "proxy"]`, with its text.
type Sources = BTreeMap<Vec<String>, String>;

fn sources(folder: &str) -> Sources {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let comment = Regex::new("//.*").unwrap();
    let read = |path: &std::path::PathBuf| {
        let relative = path.strip_prefix(&root).unwrap().with_extension("");
        let mut module: Vec<_> = relative.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
        if ["mod", "lib"].contains(&module.last().unwrap().as_str()) {
            module.pop();
        }
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        (module, comment.replace_all(code, "").into_owned())
    };
    files_below(&root, &[".rs"]).iter().map(read).collect()
}

/// Adds what one tree of paths leads to, such as `http::{self, proxy::Proxies}`, and returns what is behind it.
fn expand<'a>(before: &str, tree: &'a str, found: &mut Vec<String>) -> &'a str {
    let end = tree.find(|c: char| !c.is_alphanumeric() && !"_:".contains(c)).unwrap_or(tree.len());
    let (path, mut rest) = tree.split_at(end);
    let path = format!("{before}{path}");
    let Some(mut inner) = rest.strip_prefix('{') else {
        found.push(path);
        return rest;
    };
    loop {
        rest = inner.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        if let Some(behind) = rest.strip_prefix('}') {
            return behind;
        }
        let behind = expand(&path, rest, found);
        // A name of its own (`as Other`) leads nowhere else.
        inner = behind.find([',', '}']).map_or("", |next| &behind[next..]);
    }
}

/// Returns the file that a path in a module leads to: the longest beginning that is one.
fn target(sources: &Sources, module: &[String], path: &str) -> Option<Vec<String>> {
    let mut at = module.to_vec();
    for word in path.split("::").filter(|word| !word.is_empty()) {
        match word {
            "crate" => at.clear(),
            "super" => drop(at.pop()),
            "self" => {}
            word => at.push(word.to_owned()),
        }
    }
    while !sources.contains_key(&at) {
        at.pop()?;
    }
    Some(at)
}

fn known_by(sources: &Sources, module: &[String]) -> BTreeSet<Vec<String>> {
    let beginning = Regex::new(r"\b(crate|super|self)::").unwrap();
    let (text, mut paths) = (&sources[module], Vec::new());
    for start in beginning.find_iter(text) {
        expand("", &text[start.start()..], &mut paths);
    }
    let known = paths.iter().filter_map(|path| target(sources, module, path));
    known.filter(|known| known != module).collect()
}

/// Returns the files of circles, and those that lead to one: what is left when those that know no other that is
/// left are taken away, again and again.
fn circles(sources: &Sources) -> BTreeMap<String, Vec<String>> {
    let name = |module: &Vec<String>| module.join("::");
    let mut left: BTreeMap<_, _> =
        sources.keys().map(|module| (module.clone(), known_by(sources, module))).collect();
    loop {
        let before = left.len();
        let names: BTreeSet<_> = left.keys().cloned().collect();
        left.retain(|_, known| !known.is_disjoint(&names));
        if left.len() == before {
            return left
                .iter()
                .map(|(module, known)| (name(module), known.iter().map(name).collect()))
                .collect();
        }
    }
}

#[test]
fn no_file_knows_itself_through_others() {
    for folder in ["src", "tests/fake-cloud/src"] {
        let sources = sources(folder);
        assert!(sources.len() > 5, "{folder}: {:?}", sources.keys());
        assert_eq!(circles(&sources), BTreeMap::new(), "{folder}");
    }
}

#[test]
fn a_circle_is_found() {
    let texts = [
        ("a", "use crate::b::{c::{self, X as Y}, d};"),
        ("b", ""),
        ("b::c", "super::d()"),
        ("b::d", "crate::a::Z"),
    ];
    let module = |name: &str| name.split("::").map(str::to_owned).collect::<Vec<_>>();
    let sources: Sources = texts.map(|(name, text)| (module(name), text.to_owned())).into();
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let found = [("a", names(&["b::c", "b::d"])), ("b::c", names(&["b::d"])), ("b::d", names(&["a"]))];
    assert_eq!(circles(&sources), found.map(|(name, known)| (name.to_owned(), known)).into());
}

#[test]
fn each_thing_is_known_in_its_room_alone() {
    let sources = sources("src");
    for (rooms, thing) in [
        (&["cli", "main", "fuzzing"][..], r"\bcrate::cli\b"),
        (&["cli"], r"\bclap::"),
        (&["http"], r"\breqwest::"),
        (&["prompt"], r"\bdialoguer::"),
    ] {
        let thing = Regex::new(thing).unwrap();
        let elsewhere = sources.iter().filter(|(module, text)| {
            !module.first().is_some_and(|room| rooms.contains(&room.as_str())) && thing.is_match(text)
        });
        let elsewhere: Vec<_> = elsewhere.map(|(module, _)| module.join("::")).collect();
        assert_eq!(elsewhere, [""; 0], "{thing}");
    }
}
