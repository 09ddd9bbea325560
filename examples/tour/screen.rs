//! What a terminal shows of the bytes that it gets.

#![cfg(unix)]

/// How a character looks.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Style {
    /// Whether it is bold.
    pub(crate) bold: bool,
    /// Which of the terminal's 16 colours it has, if not the usual one.
    pub(crate) colour: Option<u8>,
}

/// A line on the screen.
#[derive(Debug, Default)]
pub(crate) struct Row(Vec<(char, Style)>);

impl Row {
    /// Gives the characters with their looks, without the blanks at the end.
    pub(crate) fn cells(&self) -> &[(char, Style)] {
        let length = self.0.iter().rposition(|(shown, _)| *shown != ' ').map_or(0, |last| last + 1);
        self.0.get(..length).unwrap_or_default()
    }

    /// Gives the text without the blanks at the end.
    pub(crate) fn text(&self) -> String {
        self.cells().iter().map(|(shown, _)| shown).collect()
    }

    fn put(&mut self, column: usize, shown: char, style: Style) {
        if self.0.len() <= column {
            self.0.resize(column + 1, (' ', Style::default()));
        }
        if let Some(cell) = self.0.get_mut(column) {
            *cell = (shown, style);
        }
    }
}

/// Where in a control sequence the input is.
#[derive(Debug, Default)]
enum Sequence {
    #[default]
    None,
    Escape,
    Control(String),
}

/// A screen as long as its text: what programs print line by line, with colours.
///
/// It knows no other control sequences than colours: nothing in the tour moves the cursor.
#[derive(Debug)]
pub(crate) struct Screen {
    rows: Vec<Row>,
    column: usize,
    style: Style,
    sequence: Sequence,
    /// The beginning of a character whose other bytes are still to come.
    begun: Vec<u8>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            rows: vec![Row::default()],
            column: 0,
            style: Style::default(),
            sequence: Sequence::None,
            begun: Vec::new(),
        }
    }
}

impl Screen {
    /// Gives the lines; the last one is where the cursor is.
    pub(crate) fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Takes the next bytes, which may end within a character or a control sequence.
    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.begun.extend(bytes);
        let whole = match std::str::from_utf8(&self.begun) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => self.begun.len(),
        };
        let rest = self.begun.split_off(whole);
        let whole = std::mem::replace(&mut self.begun, rest);
        String::from_utf8_lossy(&whole).chars().for_each(|next| self.take(next));
    }

    fn take(&mut self, next: char) {
        match std::mem::take(&mut self.sequence) {
            Sequence::None => self.show(next),
            Sequence::Escape if next == '[' => self.sequence = Sequence::Control(String::new()),
            Sequence::Escape => {}
            Sequence::Control(parameters) if next == 'm' => self.colour(&parameters),
            Sequence::Control(parameters) if matches!(next, ' '..='?') => {
                self.sequence = Sequence::Control(parameters + next.encode_utf8(&mut [0; 4]));
            }
            Sequence::Control(_) => {}
        }
    }

    fn show(&mut self, next: char) {
        match next {
            '\u{1b}' => self.sequence = Sequence::Escape,
            '\r' => self.column = 0,
            '\n' => self.rows.push(Row::default()),
            '\t' => self.column = (self.column / 8 + 1) * 8,
            '\u{8}' => self.column = self.column.saturating_sub(1),
            _ if next.is_control() => {}
            _ => {
                if let Some(row) = self.rows.last_mut() {
                    row.put(self.column, next, self.style);
                }
                self.column += 1;
            }
        }
    }

    fn colour(&mut self, parameters: &str) {
        for code in parameters.split(';').map(|code| code.parse::<u8>().unwrap_or_default()) {
            match code {
                0 => self.style = Style::default(),
                1 => self.style.bold = true,
                22 => self.style.bold = false,
                30..=37 => self.style.colour = Some(code - 30),
                39 => self.style.colour = None,
                90..=97 => self.style.colour = Some(code - 90 + 8),
                _ => {}
            }
        }
    }
}
