//! What `--cli-query` selects of an answer.

use jmespath::ast::Ast;
use jmespath::{Expression, Variable};

use crate::error::{Error, Result};

/// The most steps and brackets of an expression, which is read and applied on a stack that ends somewhere.
const STEPS: usize = 200;
/// The most that an expression may make of an answer, in bytes.
const SIZE: usize = 64 << 20;

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
        if copies(expression.as_ast()).saturating_mul(answer.len()) > SIZE {
            return Err(Error::invalid("JMESPath query failed: the expression repeats the answer too often"));
        }
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

/// Returns how often an expression repeats what it is applied to, at the most: `[@, @] | [@, @]` does so four times.
fn copies(expression: &Ast) -> usize {
    let sum = |all: &mut dyn Iterator<Item = &Ast>| all.map(copies).fold(0, usize::saturating_add).max(1);
    match expression {
        Ast::Comparison { lhs, rhs, .. } | Ast::And { lhs, rhs, .. } | Ast::Or { lhs, rhs, .. } => {
            copies(lhs).max(copies(rhs))
        }
        Ast::Condition { predicate: lhs, then: rhs, .. }
        | Ast::Projection { lhs, rhs, .. }
        | Ast::Subexpr { lhs, rhs, .. } => copies(lhs).saturating_mul(copies(rhs)),
        Ast::Expref { ast: node, .. }
        | Ast::Flatten { node, .. }
        | Ast::Not { node, .. }
        | Ast::ObjectValues { node, .. } => copies(node),
        Ast::MultiList { elements, .. } => sum(&mut elements.iter()),
        Ast::MultiHash { elements, .. } => sum(&mut elements.iter().map(|pair| &pair.value)),
        // Such as `join`, which repeats one argument for each element of another.
        Ast::Function { args, .. } => {
            args.iter().map(|argument| copies(argument).saturating_add(1)).fold(1, usize::saturating_mul)
        }
        Ast::Identity { .. }
        | Ast::Field { .. }
        | Ast::Index { .. }
        | Ast::Literal { .. }
        | Ast::Slice { .. } => 1,
    }
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
    fn an_expression_that_repeats_the_answer_without_measure_is_refused() {
        for step in ["[@, @]", "{a: @, b: @}", "map(&[@, @], @)", "join(@, [@, @])", "[*].[@, @]"] {
            let query = [step; 22].join("|");
            let said = selected(&query, r#"{"answer": "of thirty-two bytes"}"#);
            assert_eq!(said, "JMESPath query failed: the expression repeats the answer too often", "{step}");
        }
        assert_eq!(selected("[@, @] | [@, @]", "1"), "[[1,1],[1,1]]");
        let usual = "l[?n > `1` && contains(keys(@), 'n')].{id: n, all: [n, n]} | sort_by(@, &id) | [0]";
        assert_eq!(selected(usual, r#"{"l":[{"n":1},{"n":2}]}"#), r#"{"all":[2,2],"id":2}"#);
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
