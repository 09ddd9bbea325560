//! Whole questions, answered with the bytes that a terminal sends.

use super::*;
use crate::host::FakeHost;
use crate::prompt::Check;

const PEM: &str = "-----BEGIN PRIVATE KEY-----\nMIIEvg\nIBADAN\n-----END PRIVATE KEY-----";

/// Asks a question, and returns the answer and all that was shown.
fn ask(query: Query<'_>, keys: &str) -> (std::result::Result<String, String>, String) {
    let host = FakeHost::new().with_input(keys);
    let mut terminal = Terminal::new(&host).unwrap();
    let answer = terminal.ask(&query);
    let answer = answer.map(|answer| answer.expose().to_owned()).map_err(|error| error.to_string());
    (answer, host.written(Stream::Stdout))
}

fn ended() -> std::result::Result<String, String> {
    Err("input ended at the question \"Q\"; nothing was saved".to_owned())
}

fn pasted(text: &str) -> String {
    format!("\u{1b}[200~{text}\u{1b}[201~")
}

#[test]
fn an_answer_is_what_the_keys_have_made_of_it() {
    for (keys, answer) in [
        ("bc\u{1b}[Da\u{1b}[H<\u{1b}[F>\r", "<bac>"),
        ("one two three\u{17}\u{1}X\u{5}Y\u{1}\u{6}\u{b}2\r", "X2"),
        ("abc\u{1b}[D\u{1b}[D\u{1b}[3~\r", "ac"),
        ("密钥abc\u{1b}[D\u{1b}[D\u{1b}[D\u{7f}é\r", "密éabc"),
        ("abc\u{15}x \r", "x"),
        ("ab\u{4}\u{1}\u{4}\r", "b"),
    ] {
        for is_hidden in [false, true] {
            assert_eq!(ask(Query::new("Q: ").hidden(is_hidden), keys).0, Ok(answer.to_owned()), "{keys:?}");
        }
    }
}

#[test]
fn a_hidden_answer_shows_eight_stars_at_the_most() {
    let (answer, shown) = ask(Query::new("Q: ").hidden(true), "exampleSecret\r");
    assert_eq!((answer, shown.as_str()), (Ok("exampleSecret".to_owned()), "Q: ********\n"));
    assert_eq!(ask(Query::new("Q: ").hidden(true), "密钥\u{7f}\r").1, "Q: *\n");
}

#[test]
fn several_pasted_lines_are_refused_and_nothing_of_them_is_shown_or_used() {
    for is_hidden in [false, true] {
        let keys = format!("{}more\r", pasted("first\rsecond\r"));
        let (answer, shown) = ask(Query::new("Q: ").hidden(is_hidden), &keys);
        let sentence = Fault::SeveralLines.sentence();
        assert_eq!((answer, shown), (ended(), format!("Q: \n{sentence}\nQ: \n")));
    }
}

#[test]
fn one_pasted_line_waits_for_enter_with_or_without_an_end() {
    let query = Query::new("Q: ");
    assert_eq!(ask(query, &format!("a{}b\r", pasted("x y\r"))).0, Ok("ax yb".to_owned()));
    assert_eq!(ask(query, &pasted("x\r")).0, ended());
}

#[test]
fn control_characters_are_refused_and_what_was_typed_behind_them_is_thrown_away() {
    for (answer, shown) in [("a\u{7}b", "a^Gb"), ("a\tb", "a^Ib")] {
        let keys = format!("{answer}\rthe-secret-for-the-next-question\r");
        let sentence = Fault::ControlCharacter.sentence();
        assert_eq!(ask(Query::new("Q: "), &keys), (ended(), format!("Q: {shown}\n{sentence}\nQ: \n")));
    }
    let (answer, shown) = ask(Query::new("Q: "), &pasted("a\u{1b}[D"));
    assert_eq!(answer, ended());
    assert!(shown.contains(Fault::ControlCharacter.sentence()) && !shown.contains("[D"), "{shown:?}");
}

#[test]
fn a_pem_text_is_taken_whole_where_it_is_asked_for_however_it_comes() {
    let query = Query::new("Q: ").or_pem(true);
    for keys in [PEM.replace('\n', "\r") + "\r", pasted(&(PEM.to_owned() + "\n")) + "\r"] {
        let (answer, shown) = ask(query, &keys);
        assert_eq!(answer, Ok(PEM.to_owned()));
        assert!(!shown.contains("MII") && shown.contains("********"), "{shown:?}");
    }
    assert_eq!(ask(query, "key.pem\r").0, Ok("key.pem".to_owned()));
    assert_eq!(ask(query, &pasted("one\ntwo")).0, ended());
}

#[test]
fn long_answers_are_taken_up_to_a_mebibyte() {
    let long = "a".repeat(64 << 10);
    assert_eq!(ask(Query::new("Q: "), &format!("{long}\r")).0, Ok(long.clone()));
    assert_eq!(ask(Query::new("Q: ").hidden(true), &format!("{}\r", pasted(&long))).0, Ok(long));
    let (answer, shown) = ask(Query::new("Q: "), &pasted(&"a".repeat((1 << 20) + 1)));
    assert_eq!((answer, shown), (ended(), format!("Q: \n{}\nQ: \n", Fault::TooLong.sentence())));
}

#[test]
fn tab_fills_in_what_the_values_have_in_common_and_then_shows_them() {
    let query = Query::new("Q: ").choices(&["cn-beijing", "cn-hangzhou", "cn-hongkong"]);
    assert_eq!(ask(query, "cn-b\t\r").0, Ok("cn-beijing".to_owned()));
    let (answer, shown) = ask(query, "\th\ta\t\r");
    assert_eq!(answer, Ok("cn-hangzhou".to_owned()));
    assert_eq!(shown, "Q: cn-h\ncn-hangzhou  cn-hongkong\nQ: cn-hangzhou\n");
    assert_eq!(ask(query, "us\t\r").0, Ok("us".to_owned()));
}

#[test]
fn a_doubtful_answer_is_kept_by_enter_and_a_wrong_one_never() {
    let host = FakeHost::new().with_input("x");
    let check = |answer: &str| match answer {
        "doubt" => Check::Doubt("Is that right?".to_owned()),
        "wrong" => Check::Again("That is wrong.".to_owned()),
        _ => Check::Accept,
    };
    let query = Query::new("Q: ").checked(&check);
    for (typed, answer) in
        [(&["doubt", ""][..], "doubt"), (&["doubt", "doubt"], "doubt"), (&["wrong", ""], "")]
    {
        let mut terminal = Terminal::new(&host).unwrap();
        // What is typed ahead of a sentence would be thrown away.
        terminal.input = Box::new(OneByOne(typed.iter().map(|line| format!("{line}\r")).collect()));
        assert_eq!(terminal.ask(&query).unwrap().expose(), answer, "{typed:?}");
    }
    assert!(host.written(Stream::Stdout).contains("Q: doubt\nIs that right?\nQ: \n"));
}

struct OneByOne(std::collections::VecDeque<String>);

impl Read for OneByOne {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(line) = self.0.pop_front() else { return Ok(0) };
        buffer[..line.len()].copy_from_slice(line.as_bytes());
        Ok(line.len())
    }
}

#[test]
fn a_line_typed_unasked_is_returned_once() {
    let host = FakeHost::new().with_input("address\nanswer\n");
    let mut terminal = Terminal::new(&host).unwrap();
    assert_eq!(terminal.unasked().unwrap().unwrap().expose(), "address");
    assert_eq!(terminal.ask(&Query::new("Q: ")).unwrap().expose(), "answer");
}
