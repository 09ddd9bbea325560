//! The page on which a login in the browser ends: success or refusal at a glance, without scripts, and without a
//! request to anybody.

use crate::language::Language;
use crate::texts::{CLOSE_WINDOW, LOGIN_AGREED, LOGIN_REFUSED};

const PAGE: &str = include_str!("page.html");

/// Returns the page of a login that succeeded.
pub(super) fn agreed(language: Language) -> String {
    page(language, LOGIN_AGREED.in_language(language), "", ["#0a7d3c", "#4cd07d"], "&#10003;")
}

/// Returns the page of a login that failed, with the reason.
pub(super) fn refused(language: Language, why: &str) -> String {
    let reason = format!("<p>{}</p>\n", escaped(why));
    page(language, LOGIN_REFUSED.in_language(language), &reason, ["#b3261e", "#ff8a80"], "&#10007;")
}

fn page(language: Language, title: &str, reason: &str, [light, dark]: [&str; 2], sign: &str) -> String {
    let lang = if language == Language::Chinese { "zh-CN" } else { "en" };
    let close = CLOSE_WINDOW.in_language(language);
    // The reason comes last, so that nothing in it is taken for a place to fill.
    [("lang", lang), ("title", title), ("light", light), ("dark", dark), ("sign", sign), ("close", close)]
        .into_iter()
        .fold(PAGE.to_owned(), |page, (place, text)| page.replace(&format!("{{{place}}}"), text))
        .replace("{reason}", reason)
}

/// Returns a text as HTML shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_asks_nobody_for_anything_and_runs_nothing() {
        for language in Language::ALL {
            for page in [agreed(language), refused(language, "no")] {
                for part in
                    ["<script", "http:", "https:", "src=", "url(", "@import", "<link", "{lang}", "{title}"]
                {
                    assert!(!page.contains(part), "{part}: {page}");
                }
                assert!(page.contains("prefers-color-scheme: dark") && page.contains("color-scheme"));
            }
        }
    }

    #[test]
    fn success_and_refusal_are_told_in_the_user_s_language() {
        assert!(agreed(Language::English).contains("<h1>Authorization successful</h1>"));
        assert!(agreed(Language::Chinese).contains("<html lang=\"zh-CN\">"));
        assert!(agreed(Language::Chinese).contains("<h1>授权成功</h1>"));
        assert!(refused(Language::English, "no").contains("<h1>Authorization failed</h1>\n<p>no</p>"));
    }

    #[test]
    fn a_reason_is_text_whatever_it_says() {
        let page = refused(Language::English, "<script>alert(\"{close}\")</script>");
        assert!(page.contains("<p>&lt;script&gt;alert(&quot;{close}&quot;)&lt;/script&gt;</p>"), "{page}");
    }

    /// Returns the colours that a page gives its parts, those of the light scheme and those of the dark one.
    fn colours(page: &str, part: &str) -> Vec<String> {
        let start = format!("--{part}: #");
        let values = page.split(&start).skip(1).map(|rest| rest.split(';').next().unwrap_or_default());
        values.map(|value| value.split(' ').next().unwrap_or_default().to_owned()).collect()
    }

    /// Returns how bright a colour is, as the Web Content Accessibility Guidelines reckon.
    fn brightness(colour: &str) -> f64 {
        let digits = 6 / colour.len();
        let whole: String = colour.chars().flat_map(|digit| std::iter::repeat_n(digit, digits)).collect();
        let parts =
            [0, 2, 4].map(|at| f64::from(u8::from_str_radix(&whole[at..at + 2], 16).unwrap()) / 255.0);
        let linear =
            parts.map(|part| if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) });
        linear[0].mul_add(0.2126, linear[1].mul_add(0.7152, linear[2] * 0.0722))
    }

    #[test]
    fn every_text_stands_out_from_its_ground_in_light_and_in_dark() {
        for page in [agreed(Language::English), refused(Language::English, "no")] {
            let grounds = colours(&page, "card");
            for part in ["text", "soft", "sign"] {
                let colours = colours(&page, part);
                assert_eq!((colours.len(), grounds.len()), (2, 2), "{part}");
                for (colour, ground) in colours.iter().zip(&grounds) {
                    let (one, other) = (brightness(colour), brightness(ground));
                    let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                    assert!(contrast >= 4.5, "{part} #{colour} on #{ground}: {contrast}");
                }
            }
        }
    }
}
