//! The form of the older files: sections of keys, as the reference reads them (behaviour, section 6.23).

use std::collections::BTreeMap;

use crate::secret::Secret;
use crate::storage::BYTE_ORDER_MARK;

/// A text in INI form.
#[derive(Debug, Default)]
pub(crate) struct Ini {
    sections: Vec<Section>,
    places: BTreeMap<String, usize>,
    /// The numbers of the lines that are not understood.
    pub(crate) skipped: Vec<usize>,
}

/// A section with its keys, each once.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) name: String,
    keys: BTreeMap<String, Secret>,
}

impl Ini {
    /// Reads a text; lines that are not understood are passed over.
    pub(crate) fn parse(text: &str) -> Self {
        let mut ini = Self::default();
        // Where keys belong; nowhere in front of the first section, and behind one whose name is not understood.
        let mut at = None;
        for (number, line) in (1..).zip(text.trim_start_matches(BYTE_ORDER_MARK).lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with(['#', ';']) {
                continue;
            }
            if let Some(name) = line.strip_prefix('[') {
                at = name.rsplit_once(']').map(|(name, _)| ini.place_of(name));
            } else if let Some((key, value)) = line.split_once(['=', ':']) {
                if let Some(section) = at.and_then(|at| ini.sections.get_mut(at)) {
                    section.set(key.trim(), value_of(value.trim()));
                }
                continue;
            } else {
                ini.skipped.push(number);
                continue;
            }
            if at.is_none() {
                ini.skipped.push(number);
            }
        }
        ini
    }

    /// Returns all sections in the order of the text.
    pub(crate) fn sections(&self) -> &[Section] {
        &self.sections
    }

    /// Finds a section.
    pub(crate) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.get(*self.places.get(name)?)
    }

    /// Returns the place of a section, which is added where it is new.
    fn place_of(&mut self, name: &str) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        let place = self.sections.len();
        self.places.insert(name.to_owned(), place);
        self.sections.push(Section { name: name.to_owned(), keys: BTreeMap::new() });
        place
    }
}

impl Section {
    /// Returns the value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Secret> {
        self.keys.get(key)
    }

    /// Returns the keys, sorted.
    #[cfg(feature = "cli")]
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    fn set(&mut self, key: &str, value: &str) {
        self.keys.insert(key.to_owned(), Secret::new(value));
    }
}

/// Returns a value without the quotes around it and the comment behind it.
fn value_of(text: &str) -> &str {
    for quote in ["\"\"\"", "`"] {
        let quoted = text.strip_prefix(quote).and_then(|text| text.rsplit_once(quote));
        if let Some((value, _)) = quoted {
            return value;
        }
    }
    // Without a blank in front these characters are part of a key.
    let comment = text.match_indices(['#', ';']).find(|(at, _)| {
        text.get(..*at).is_some_and(|before| before.is_empty() || before.ends_with([' ', '\t']))
    });
    let value = comment.and_then(|(at, _)| text.get(..at)).unwrap_or(text).trim();
    let unquoted =
        |quote: char| value.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote));
    unquoted('\'').or_else(|| unquoted('"')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(text: &str, section: &str, key: &str) -> Option<String> {
        let ini = Ini::parse(text);
        ini.section(section)?.get(key).map(|value| value.expose().to_owned())
    }

    #[test]
    fn quotes_comments_and_blanks_are_no_part_of_a_value() {
        for (line, value) in [
            ("k=v", "v"),
            ("\tk \t: \tv w ", "v w"),
            ("k = 'v'", "v"),
            ("k = \"v\" ; c", "v"),
            ("k = `v # w` # c", "v # w"),
            ("k = \"\"\"v\"\"\"", "v"),
            ("k = v # c ; d", "v"),
            ("k = v;c#d", "v;c#d"),
            ("k = ; c", ""),
            ("k = a=b:c=d", "a=b:c=d"),
            ("k = a'b'", "a'b'"),
            ("k = 'a'b'", "'a'b'"),
            ("k = '", "'"),
            ("k = `v", "`v"),
            ("k =", ""),
        ] {
            assert_eq!(get(&format!("[s]\r\n{line}\r\n"), "s", "k").as_deref(), Some(value), "{line}");
        }
    }

    #[test]
    fn sections_of_one_name_are_one_and_the_last_of_two_keys_counts() {
        let text = "\u{feff}k = none\n[s]\nk = 1\nl = 2\n[t]\nk = 3\n  [s] ; c\nk = 4\n; k = 5\n# k = 6";
        assert_eq!(get(text, "s", "k").as_deref(), Some("4"));
        assert_eq!(get(text, "s", "l").as_deref(), Some("2"));
        let ini = Ini::parse(text);
        let names: Vec<_> = ini.sections().iter().map(|section| section.name.as_str()).collect();
        assert_eq!((names, ini.skipped.as_slice()), (vec!["s", "t"], [].as_slice()));
    }

    /// Were each looked for among all others, this would take minutes.
    #[test]
    fn a_hundred_thousand_sections_and_keys_are_read_in_their_order() {
        let keys: String = (0..100_000).map(|number| format!("k{number} = {number}\n")).collect();
        let sections: String = (0..100_000).map(|number| format!("[s{number}]\nk = {number}\n")).collect();
        let ini = Ini::parse(&format!("[s]\n{keys}{sections}"));
        assert_eq!(ini.section("s").and_then(|section| section.get("k99999")).unwrap().expose(), "99999");
        let names = ini.sections().iter().skip(1).map(|section| section.name.as_str());
        assert!(names.eq((0..100_000).map(|number| format!("s{number}"))));
    }

    #[test]
    fn what_is_not_understood_is_passed_over_with_its_number() {
        let ini = Ini::parse("[s]\nk = 1\nno key\n[t\nk = 2\n");
        assert_eq!(ini.skipped, [3, 4]);
        assert_eq!(get("[s]\nk = 1\nno key\n[t\nk = 2\n", "s", "k").as_deref(), Some("1"));
    }
}
