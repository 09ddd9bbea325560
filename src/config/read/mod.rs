//! Reading a config file: tolerant where the reference is (null, other letter case, unknown members), and
//! with errors that name a place but never repeat the contents.

mod profile;

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use zeroize::Zeroizing;

use super::{Config, DEFAULT_PROFILE, Excerpt, Member, blank_profile, spelling};
use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::language::Language;
use crate::storage::json::{Any, Opaque};
use profile::{BorrowedProfile, ProfileVisitor};

/// How many profiles a file may hold: in memory, an empty one takes a hundred times what it takes in the file.
const MAX_PROFILES: usize = 200_000;
const TOO_MANY_PROFILES: &str = "no more than 200000 profiles can be read";

impl Config {
    /// Reads the text of a config file.
    ///
    /// A top-level `null` is the built-in config. The first profile lies on top of the built-in one, so that it has
    /// an output format, and the language of the current profile where it has none.
    ///
    /// # Errors
    ///
    /// Says what is wrong and at which line and column; the text itself is not repeated.
    pub(crate) fn parse(text: &str, language: Language) -> Result<Self, String> {
        read(text, ConfigVisitor { language, names: None })
    }
}

impl Excerpt {
    /// Reads the text of a config file as [`Config::parse`] does, with the same errors, but makes profiles of
    /// no others than the current one and those of these names.
    ///
    /// # Errors
    ///
    /// As [`Config::parse`].
    pub(crate) fn parse(text: &str, language: Language, names: &[&str]) -> Result<Self, String> {
        let config = read(text, ConfigVisitor { language, names: Some(names) })?;
        if config.profile(config.current()).is_some() {
            return Ok(Self(config));
        }
        // Where the current profile is named behind the profiles, it was passed over like others.
        Config::parse(text, language).map(Self)
    }
}

fn read(text: &str, visitor: ConfigVisitor<'_>) -> Result<Config, String> {
    let mended = spelling::mend(text);
    let text = mended.as_ref().map_or(text, |(mended, _)| mended);
    let mut reader = serde_json::Deserializer::from_str(text);
    let config = Any(visitor).deserialize(&mut reader).map_err(describe)?;
    reader.end().map_err(describe)?;
    let spellings = mended.map(|(_, spellings)| spellings).unwrap_or_default();
    Ok(Config { spellings, ..config })
}

/// Returns an error's text without the value that it is about, which may be a secret.
///
/// Serde says of a value of a wrong type `invalid type: VALUE, expected EXPECTATION at line L column C`. Only what
/// stands behind the last `, expected ` is kept: it comes from the visitors here, and the value before it may
/// hold these words too.
fn describe(error: serde_json::Error) -> String {
    let text = Zeroizing::new(error.to_string());
    match text.rsplit_once(", expected ") {
        _ if !error.is_data() => text.to_string(),
        Some((_, expectation)) => expectation.to_owned(),
        None => format!("unexpected value at line {} column {}", error.line(), error.column()),
    }
}

/// Reads a whole file, and keeps all profiles or the current one and those of some names.
struct ConfigVisitor<'n> {
    language: Language,
    names: Option<&'n [&'n str]>,
}

impl<'de> Visitor<'de> for ConfigVisitor<'_> {
    type Value = Config;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`{` expected: a config file is a JSON object")
    }

    fn visit_unit<E>(self) -> Result<Config, E> {
        Ok(Config::built_in(self.language))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Config, A::Error> {
        let mut config = Config::built_in(self.language);
        let mut after = None;
        let mut lacks_language = false;
        while let Some(key) = map.next_key::<String>()? {
            let known = Member::ALL.into_iter().find(|known| known.key().eq_ignore_ascii_case(&key));
            match known {
                Some(Member::Current) => {
                    config.current =
                        map.next_value_seed(Any(TextVisitor(Member::Current)))?.unwrap_or(config.current);
                }
                Some(Member::Profiles) => {
                    let wanted = Wanted { names: self.names, current: &config.current };
                    (config.profiles, lacks_language) = map.next_value_seed(Any(ProfilesVisitor(wanted)))?;
                }
                Some(Member::MetaPath) => {
                    config.meta_path =
                        map.next_value_seed(Any(TextVisitor(Member::MetaPath)))?.unwrap_or_default();
                }
                None => config.others.push_unknown(after, &key, Opaque(map.next_value()?)),
            }
            after = known.or(after);
        }
        let language = config.language();
        if let Some(first) = config.profiles.first_mut().filter(|_| lacks_language) {
            first.set_text(Field::Language, language.code());
        }
        Ok(config)
    }
}

/// Reads the text of this key at the top of the file; `None` for `null`.
struct TextVisitor(Member);

impl Visitor<'_> for TextVisitor {
    type Value = Option<String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` must be a string", self.0.key())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(text.to_owned()))
    }
}

/// Which profiles are made; all of them are checked.
struct Wanted<'n> {
    names: Option<&'n [&'n str]>,
    current: &'n str,
}

impl Wanted<'_> {
    fn includes(&self, name: &str) -> bool {
        self.names.is_none_or(|names| name == self.current || names.contains(&name))
    }
}

/// Reads the profiles, and tells whether the first of those that are made lacks the language that it is to have.
struct ProfilesVisitor<'n>(Wanted<'n>);

impl<'de> Visitor<'de> for ProfilesVisitor<'_> {
    type Value = (Vec<Profile>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`profiles` must be a list")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok((Vec::new(), false))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let Self(wanted) = self;
        let mut profiles = Vec::new();
        let mut lacks_language = false;
        // Only the first profile lies on the built-in one; each later one lies on an empty one.
        let mut base = Some(blank_profile(DEFAULT_PROFILE));
        // One buffer serves all profiles, since most of ten thousand are only checked.
        let mut borrowed = BorrowedProfile::default();
        while list.next_element_seed(Any(ProfileVisitor(&mut borrowed)))?.is_some() {
            let is_first = base.is_some();
            let base = base.take().unwrap_or_default();
            if wanted.includes(borrowed.name().unwrap_or(base.name())) {
                lacks_language |= is_first && !borrowed.sets(Field::Language);
                profiles.push(borrowed.take_over(base));
            }
            if profiles.len() > MAX_PROFILES {
                return Err(A::Error::invalid_length(profiles.len(), &TOO_MANY_PROFILES));
            }
            borrowed.clear();
        }
        Ok((profiles, lacks_language))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        Config::parse(text, Language::English)
    }

    fn rewritten(text: &str) -> String {
        serde_json::to_string(&parse(text).unwrap()).unwrap()
    }

    #[test]
    fn a_file_is_written_as_it_was_read() {
        let text = r#"{"current":"a","profiles":[{"name":"a","mode":"AK","access_key_id":"i","output_format":"json","language":"zh","read_timeout":7,"auto_plugin_install":true,"x":[1.0, 1e400]}],"meta_path":"m","z_future":{"k":null}}"#;
        assert_eq!(rewritten(text), text);
    }

    #[test]
    fn a_lone_surrogate_is_read_as_a_replacement_and_kept_where_nobody_changes_it() {
        let text = r#"{"current":"a\ud800","profiles":[{"name":"a\ud800","mode":"AK","region_id":"\uDFFF","output_format":"json","language":"en","x\ud801":["\ud802"]}],"meta_path":"","z":"\ud803"}"#;
        let mut config = parse(text).unwrap();
        let squeezed = |config: &Config| {
            let written = serde_json::to_string(config).unwrap();
            written.split_whitespace().collect::<String>()
        };
        assert_eq!(squeezed(&config), text);
        assert_eq!(config.current(), "a\u{fffd}");
        let mut profile = config.profile("a\u{fffd}").unwrap().clone();
        assert_eq!(profile.text(Field::RegionId), "\u{fffd}");
        profile.set_text(Field::RegionId, "r");
        config.put(profile);
        assert_eq!(squeezed(&config), text.replace(r"\uDFFF", "r"));
        let said = parse(r#"{"current":"\ud800","profiles":5}"#).unwrap_err();
        assert_eq!(said, "`profiles` must be a list at line 1 column 32");
    }

    #[test]
    fn null_stands_for_nothing_anywhere() {
        let config = parse(r#"{"current":null,"profiles":null,"meta_path":null}"#).unwrap();
        assert_eq!((config.current(), config.profiles().len()), ("default", 0));
        let config = parse("null").unwrap();
        assert_eq!(config.profiles()[0].name(), "default");
        assert!(rewritten(r#"{"profiles":null}"#).contains(r#""profiles":[]"#));
    }

    #[test]
    fn only_the_first_profile_lies_on_the_built_in_one() {
        let text = r#"{"current":"b","profiles":[{"name":"a","mode":null},{"name":"b"}]}"#;
        assert_eq!(
            rewritten(text),
            r#"{"current":"b","profiles":[{"name":"a","mode":"","output_format":"json","language":"en"},{"name":"b","mode":""}],"meta_path":""}"#
        );
    }

    #[test]
    fn the_first_profile_has_the_language_of_the_current_one_where_it_has_none() {
        let first = |fields: &str, current: &str| {
            let text = format!(
                r#"{{"profiles":[{{"name":"a"{fields}}},{{"name":"b","language":"zh"}},{{"name":"c"}}],"current":"{current}"}}"#
            );
            let languages = |config: &Config| {
                config
                    .profiles()
                    .iter()
                    .map(|profile| profile.text(Field::Language).to_owned())
                    .collect::<Vec<_>>()
            };
            let config = parse(&text).unwrap();
            let excerpt = Excerpt::parse(&text, Language::English, &["a"]).unwrap();
            assert_eq!(languages(&excerpt.0)[0], languages(&config)[0]);
            (languages(&config), config.profile_or_new("new").text(Field::Language).to_owned())
        };
        let languages = |first: &str| vec![first.to_owned(), "zh".to_owned(), String::new()];
        assert_eq!(first("", "b"), (languages("zh"), "zh".into()));
        assert_eq!(first("", "c"), (languages("en"), "en".into()));
        assert_eq!(first("", "a"), (languages("en"), "en".into()));
        assert_eq!(first(r#","language":null"#, "b"), (languages("zh"), "zh".into()));
        assert_eq!(first(r#","language":"fr""#, "a"), (languages("fr"), "en".into()));
        assert_eq!(first(",\"language\":\"\"", "b"), (languages(""), "zh".into()));
    }

    #[test]
    fn the_older_name_of_read_timeout_counts_where_the_newer_is_empty() {
        let timeout = |fields: &str| {
            let text = format!(r#"{{"profiles":[{{"name":"a",{fields}}}]}}"#);
            parse(&text).unwrap().profiles()[0].integer(Field::ReadTimeout)
        };
        assert_eq!(timeout(r#""retry_timeout":33"#), 33);
        assert_eq!(timeout(r#""read_timeout":0,"retry_timeout":33"#), 33);
        assert_eq!(timeout(r#""retry_timeout":33,"read_timeout":44"#), 44);
    }

    #[test]
    fn keys_count_in_any_case_and_the_last_of_two_wins() {
        let text = r#"{"Current":"a","PROFILES":[{"Name":"a","Mode":"AK","mode":"OIDC"}]}"#;
        let config = parse(text).unwrap();
        assert_eq!((config.current(), config.profiles()[0].mode()), ("a", "OIDC"));
    }

    #[test]
    fn an_excerpt_holds_the_current_profile_and_those_asked_for() {
        let profiles =
            r#"[{"name":"a"},{"name":"b","mode":"AK"},{"mode":"OIDC","name":"\u0063"},{"name":"b"}]"#;
        for text in [
            format!(r#"{{"current":"b","profiles":{profiles}}}"#),
            format!(r#"{{"profiles":{profiles},"current":"b"}}"#),
            format!(r#"{{"current":"a","profiles":{profiles},"current":"b"}}"#),
        ] {
            let excerpt = Excerpt::parse(&text, Language::English, &["c", "d"]).unwrap();
            let modes = ["b", "c", "d"].map(|name| excerpt.profile(name).map(Profile::mode));
            assert_eq!((excerpt.current(), modes), ("b", [Some("AK"), Some("OIDC"), None]), "{text}");
        }
        let text = format!(r#"{{"current":"b","profiles":{profiles}}}"#);
        assert!(Excerpt::parse(&text, Language::English, &[]).unwrap().profile("a").is_none());
    }

    #[test]
    fn an_excerpt_says_what_is_wrong_anywhere() {
        for wrong in [r#"{"name":"b","sts_expiration":"x"}"#, "5", r#"{"mode":[]}"#, r#"{"x":1e}"#, "}"] {
            let text = format!(r#"{{"current":"a","profiles":[{{"name":"a"}},{wrong}]}}"#);
            let said = Excerpt::parse(&text, Language::English, &[]).unwrap_err();
            assert_eq!(said, parse(&text).unwrap_err());
        }
    }

    #[test]
    fn errors_name_the_field_and_the_place_but_no_value() {
        for (text, said) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("\"secret\"", "`{` expected"),
            ("[\"secret\"]", "`{` expected"),
            (r#"{"current":["secret"]}"#, "`current` must be a string at line 1"),
            (r#"{"profiles":{"a":"secret"}}"#, "`profiles` must be a list"),
            (r#"{"profiles":["secret"]}"#, "`profiles` must hold nothing but objects"),
            (r#"{"profiles":[{"expired_seconds":"secret"}]}"#, "`expired_seconds` must be an integer"),
            (r#"{"profiles":[{"expired_seconds":1.5}]}"#, "`expired_seconds` must be an integer"),
            (r#"{"profiles":[{"expired_seconds":99999999999999999999}]}"#, "must be an integer"),
            (r#"{"profiles":[{"name":5}]}"#, "`name` must be a string"),
            (
                r#"{"profiles":[{"access_key_secret":{"a":"secret"}}]}"#,
                "`access_key_secret` must be a string",
            ),
            (r#"{"profiles":[]} secret"#, "trailing characters at line 1 column 17"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.contains(said), "{text}: {error}");
            assert!(!error.contains("secret\"") && !error.contains("[\"secret"), "{text}: {error}");
        }
    }

    #[test]
    fn a_value_that_reads_like_an_error_is_not_repeated_either() {
        let text = r#"{"profiles":[", expected secret"]}"#;
        let said = "`profiles` must hold nothing but objects at line 1 column 32";
        assert_eq!(parse(text).unwrap_err(), said);
    }
}
