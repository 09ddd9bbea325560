//! What the logins in a browser have in common.

use url::Url;

use super::Dialogue;
use crate::error::Result;
use crate::host::Stream;
use crate::texts::{
    BROWSER_FAILED, IF_NO_BROWSER_OPENS, NO_BROWSER_KNOWN, PASTE_ADDRESS, SIGN_IN_URL, WAITING_FOR_BROWSER,
};

/// Starts the browser with an address that leads to a page; where that fails, says so: the address of the page,
/// which follows, serves as well.
pub(super) fn start(dialogue: &mut Dialogue<'_>, start: &Url, page: &Url) -> Result<()> {
    let Err(error) = dialogue.host.open_browser(start.as_str()) else {
        return Ok(());
    };
    let text = match error.kind() {
        std::io::ErrorKind::Unsupported => {
            format!("{}: {page}\n", NO_BROWSER_KNOWN.in_language(dialogue.language))
        }
        _ => format!("{}: {error}\n", BROWSER_FAILED.in_language(dialogue.language)),
    };
    dialogue.prompt.say(&text)
}

/// Shows an address to use where no browser opens (wire, section 7.2).
pub(super) fn show(dialogue: &mut Dialogue<'_>, address: &str) -> Result<()> {
    let introduction = IF_NO_BROWSER_OPENS.in_language(dialogue.language);
    let label = SIGN_IN_URL.in_language(dialogue.language);
    dialogue.prompt.say(&format!("{introduction}\n\n{label}: {address}\n"))
}

/// Tells somebody at a terminal what this program waits for; `pasting` says that an address may be pasted.
pub(super) fn tell_waiting(dialogue: &mut Dialogue<'_>, pasting: bool) -> Result<()> {
    dialogue.prompt.begin_wait()?;
    if !dialogue.host.is_terminal(Stream::Stderr) {
        return Ok(());
    }
    let mut text = format!("{}\n", WAITING_FOR_BROWSER.in_language(dialogue.language));
    if pasting {
        text.push_str(PASTE_ADDRESS.in_language(dialogue.language));
        text.push('\n');
    }
    Ok(dialogue.host.write(Stream::Stderr, &text)?)
}
