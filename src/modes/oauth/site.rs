//! The two sites of OAuth logins (wire, section 7.1).

use crate::config::field::Field;
use crate::config::profile::Profile;
use crate::shell::quoted;

/// A site to log in at.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Site {
    /// The name that profiles store.
    pub(super) name: &'static str,
    /// The number that stands for it in an answer.
    number: &'static str,
    /// The client id of this program.
    pub(super) client_id: &'static str,
    /// The server of the sign-in page.
    pub(super) sign_in: &'static str,
    /// The server that issues tokens.
    pub(super) tokens: &'static str,
}

const CHINA: Site = Site {
    name: "CN",
    number: "0",
    client_id: "4038181954557748008",
    sign_in: "https://signin.aliyun.com",
    tokens: "https://oauth.aliyun.com",
};

const INTERNATIONAL: Site = Site {
    name: "INTL",
    number: "1",
    client_id: "4103531455503354461",
    sign_in: "https://signin.alibabacloud.com",
    tokens: "https://oauth.alibabacloud.com",
};

static ALL: [Site; 2] = [CHINA, INTERNATIONAL];

/// Returns the names of all sites, as profiles store them.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|site| site.name)
}

impl Site {
    /// Returns the site of a profile, by its exact name, or says what is wrong with it.
    pub(super) fn of(profile: &Profile) -> Result<&'static Self, String> {
        let (site, name) = (profile.text(Field::OauthSiteType), profile.name());
        ALL.iter().find(|known| known.name == site).ok_or_else(|| {
            let word = quoted(name);
            format!(
                "invalid oauth_site_type '{site}' for profile '{name}', should be CN or INTL. Run `aliyun configure --profile {word} --mode OAuth` to set it"
            )
        })
    }

    /// Returns the site that an answer names, in any case, or by its number.
    pub(super) fn meant_by(answer: &str) -> Option<&'static Self> {
        ALL.iter().find(|known| known.name.eq_ignore_ascii_case(answer) || known.number == answer)
    }

    /// Returns the site that an empty answer means.
    pub(super) fn default() -> &'static Self {
        &CHINA
    }

    /// Makes a site whose tokens come from a server of the test.
    #[cfg(test)]
    pub(super) fn at(tokens: &str) -> Self {
        Self { tokens: tokens.to_owned().leak(), ..CHINA }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_means_a_site_by_name_or_number() {
        let meant = |answer| Site::meant_by(answer).map(|site| site.name);
        assert_eq!(["0", "cn", "CN"].map(meant), [Some("CN"); 3]);
        assert_eq!(["1", "Intl"].map(meant), [Some("INTL"); 2]);
        assert_eq!(["", "7", "C N"].map(meant), [None; 3]);
    }

    #[test]
    fn in_a_profile_the_spelling_counts() {
        let mut profile = Profile::new("p");
        profile.set_text(Field::OauthSiteType, "cn");
        assert!(Site::of(&profile).is_err());
        profile.set_text(Field::OauthSiteType, "INTL");
        assert_eq!(Site::of(&profile), Ok(&INTERNATIONAL));
    }
}
