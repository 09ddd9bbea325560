//! The account and the access configuration of a session (wire, section 8.4).

use super::api::{Portal, PortalError};
use crate::config::field::Field;
use crate::error::{Error, Result};
use crate::http::secret_json::SecretJson;
use crate::modes::Dialogue;
use crate::secret::Secret;

/// The most pages that are read of a list.
const PAGES: usize = 1000;

/// A list of the portal to choose from.
pub(super) struct Choice {
    field: Field,
    title: &'static str,
    /// How messages name it; begins with a vowel.
    what: &'static str,
    path: &'static str,
    list: &'static str,
    id: &'static str,
    name: &'static str,
    /// Whether the only item of a list is shown by its name; else by its id.
    named_alone: bool,
}

/// An account.
pub(super) const ACCOUNT: Choice = Choice {
    field: Field::CloudSsoAccountId,
    title: "Account",
    what: "account",
    path: "/access-assignments/accounts",
    list: "Accounts",
    id: "AccountId",
    name: "DisplayName",
    named_alone: true,
};

/// An access configuration of an account.
pub(super) const ACCESS_CONFIGURATION: Choice = Choice {
    field: Field::CloudSsoAccessConfig,
    title: "Access Configuration",
    what: "access configuration",
    path: "/access-assignments/access-configurations",
    list: "AccessConfigurationsForAccount",
    id: "AccessConfigurationId",
    name: "AccessConfigurationName",
    named_alone: false,
};

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    id: String,
    name: String,
}

/// A page of a list, and the token of the next one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    items: Vec<Item>,
    next: Option<String>,
}

impl Choice {
    /// Stores a choice: the stored one if it still exists, the only one, or the user's.
    pub(super) async fn make(
        &self,
        dialogue: &mut Dialogue<'_>,
        portal: &Portal<'_>,
        token: &Secret,
        query: &[(&str, &str)],
    ) -> Result<()> {
        let items = all_pages(async |next| {
            let next = next.map(|next| ("NextToken", next));
            let query: Vec<_> = query.iter().copied().chain(next).collect();
            Ok(self.page(&portal.get(self.path, token, &query).await?))
        });
        let failed = |error: PortalError| error.in_list().during(format!("list {} failed: ", self.what));
        let items = items.await.map_err(failed)?;
        let stored = dialogue.profile.text(self.field);
        if items.iter().any(|item| item.id == stored) {
            return Ok(());
        }
        if !stored.is_empty() {
            let text = format!("{} {stored} not found, please choose again\n", self.title);
            dialogue.prompt.say(&text)?;
        }
        let id = self.ask(dialogue, &items)?;
        dialogue.profile.set_text(self.field, id);
        Ok(())
    }

    fn ask(&self, dialogue: &mut Dialogue<'_>, items: &[Item]) -> Result<String> {
        let none = || Error::invalid(format!("no {} found", self.what));
        let index = match items {
            [] => return Err(none()),
            [only] => {
                let shown = if self.named_alone { &only.name } else { &only.id };
                dialogue.prompt.say(&format!("{}: {shown}\n", self.title))?;
                0
            }
            _ => {
                let names: Vec<_> = items.iter().map(|item| item.name.clone()).collect();
                dialogue.choose(self.what, &names)?
            }
        };
        items.get(index).map(|item| item.id.clone()).ok_or_else(none)
    }

    /// Reads a page of a list.
    pub(super) fn page(&self, response: &SecretJson) -> Page {
        let item =
            |item: &SecretJson| Item { id: item.text(self.id).to_owned(), name: item.shown(self.name) };
        let items = response.get(self.list).items().iter().map(item).filter(|item| !item.id.is_empty());
        let goes_on = response.get("IsTruncated").is_true();
        let next = Some(response.text("NextToken")).filter(|next| goes_on && !next.is_empty());
        Page { items: items.collect(), next: next.map(str::to_owned) }
    }
}

/// Returns the items of all pages, each of which holds the token of the next. A token that repeats itself, or too
/// many pages, is an error, so that no server keeps this program busy for ever.
async fn all_pages(
    mut fetch: impl AsyncFnMut(Option<&str>) -> std::result::Result<Page, PortalError>,
) -> std::result::Result<Vec<Item>, PortalError> {
    let (mut items, mut next) = (Vec::new(), None::<String>);
    for _ in 0..PAGES {
        let page = fetch(next.as_deref()).await?;
        items.extend(page.items);
        match page.next {
            None => return Ok(items),
            same if same == next => break,
            other => next = other,
        }
    }
    Err(PortalError::Unreadable("the list does not end"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::block_on;

    fn item(id: &str) -> Item {
        Item { id: id.to_owned(), name: format!("name of {id}") }
    }

    #[test]
    fn pages_are_followed_to_the_last() {
        let mut asked = Vec::new();
        let items = block_on(all_pages(async |next| {
            asked.push(next.map(str::to_owned));
            let (id, next) = match next {
                None => ("1", Some("a")),
                Some("a") => ("2", Some("b")),
                Some(_) => ("3", None),
            };
            Ok(Page { items: vec![item(id)], next: next.map(str::to_owned) })
        }));
        assert_eq!(items.unwrap(), [item("1"), item("2"), item("3")]);
        assert_eq!(asked, [None, Some("a".to_owned()), Some("b".to_owned())]);
    }

    #[test]
    fn pages_without_end_are_an_error() {
        let same = async |_: Option<&str>| Ok(Page { items: vec![item("1")], next: Some("a".to_owned()) });
        assert!(block_on(all_pages(same)).is_err());
        let mut count = 0;
        let other = async |_: Option<&str>| {
            count += 1;
            Ok(Page { items: Vec::new(), next: Some(count.to_string()) })
        };
        assert!(block_on(all_pages(other)).is_err());
    }

    #[test]
    fn a_page_names_the_next_only_where_the_list_is_cut() {
        let page = |json: &str| ACCOUNT.page(&SecretJson::parse(&json.into()).unwrap());
        let whole = r#"{"Accounts":[{"AccountId":"1","DisplayName":"name of 1"}],"NextToken":"n"}"#;
        assert_eq!(page(whole), Page { items: vec![item("1")], next: None });
        assert_eq!(page(r#"{"IsTruncated":true,"NextToken":"n"}"#).next.as_deref(), Some("n"));
        assert_eq!(page(r#"{"IsTruncated":true}"#).next, None);
    }
}
