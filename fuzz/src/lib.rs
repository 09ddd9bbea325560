//! What must hold for every text that this program shows.

/// A text that stands in for a secret: the dictionaries and the corpus hold it.
pub const SECRET: &str = "s3cr3t-v4lue";

/// Demands of a sentence for the user that it holds neither the secret nor what would move a terminal's cursor.
pub fn check_shown(text: &str) {
    assert!(!text.contains(SECRET), "the secret is shown: {text:?}");
    let moves = |character: char| character.is_control() && character != '\n';
    assert!(!text.contains(moves), "a control character is shown: {text:?}");
}
