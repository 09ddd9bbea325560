//! What `--cli-query` selects of an answer.

use jmespath::{Expression, Variable};

use crate::error::{Error, Result};

/// The most steps and brackets of an expression, which is read and applied on a stack that ends somewhere.
const STEPS: usize = 200;

/// A JMESPath expression, or none, which selects all.
pub(super) struct Query(Option<Expression<'static>>);

impl Query {
    /// Reads an expression; an empty one is none.
    ///
    /// # Errors
    ///
    /// Says what in the expression is wrong.
    pub(super) fn parse(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        if steps(text) > STEPS {
            return Err(Error::InvalidInput(format!(
                "JMESPath query failed: the expression has more than {STEPS} steps and brackets"
            )));
        }
        jmespath::compile(text).map(Some).map(Self).map_err(failed)
    }

    /// Returns the part of an answer that is selected, as JSON; `null` where nothing is.
    ///
    /// # Errors
    ///
    /// Fails where the answer is no JSON, or does not fit the expression.
    pub(super) fn select(&self, answer: String) -> Result<String> {
        let Some(expression) = &self.0 else {
            return Ok(answer);
        };
        let value = Variable::from_json(&answer)
            .map_err(|error| Error::InvalidInput(format!("failed to parse JSON response: {error}")))?;
        let selected = expression.search(value).map_err(failed)?;
        Ok(serde_json::to_string(&selected).map_err(std::io::Error::from)?)
    }
}

/// Counts what makes the library that reads an expression call itself, texts in it included.
fn steps(text: &str) -> usize {
    text.chars().filter(|sign| ".[{(|&!<>=*@,:".contains(*sign)).count()
}

fn failed(error: jmespath::JmespathError) -> Error {
    Error::InvalidInput(format!("JMESPath query failed: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(query: &str, answer: &str) -> String {
        match Query::parse(query).and_then(|query| query.select(answer.to_owned())) {
            Ok(selected) => selected,
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn an_expression_selects_and_numbers_are_compared() {
        assert_eq!(selected("a.b", r#"{"a":{"b":"x"}}"#), r#""x""#);
        assert_eq!(selected("c", r#"{"a":1}"#), "null");
        assert_eq!(selected("l[?n > `1`].n", r#"{"l":[{"n":1},{"n":2}]}"#), "[2]");
        assert_eq!(selected("", "<html>"), "<html>");
    }

    #[test]
    fn an_expression_of_any_length_is_read_or_refused() {
        let answer = r#"{"a":1}"#;
        for (step, end) in [
            ("[", "]"),
            ("(", ")"),
            ("!", ""),
            ("a.", "a"),
            ("a|", "a"),
            ("{a:", "}"),
            ("a[?", "]"),
            ("&", "a"),
            ("a||", "a"),
            ("[*]", ""),
            ("[]", ""),
            ("`[", "]`"),
            ("f(", ")"),
            ("a==", "a"),
        ] {
            for count in [1, 100, STEPS, 60_000] {
                let query = step.repeat(count) + "a" + &end.repeat(count);
                let _ = selected(&query, answer);
            }
            assert!(selected(&(step.repeat(60_000) + end), answer).contains("more than 200 steps"));
        }
        assert_eq!(selected(&vec!["@"; 100].join("|"), answer), answer);
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        assert!(selected("a[", "{}").starts_with("JMESPath query failed: Parse error"));
        assert!(selected("length(a)", r#"{"a":1}"#).starts_with("JMESPath query failed: Runtime error"));
        assert_eq!(
            selected("a", "<html>"),
            "failed to parse JSON response: expected value at line 1 column 1"
        );
    }
}
