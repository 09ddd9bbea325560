//! What the run says of its cases.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use similar::TextDiff;

use crate::{case::Case, compare::Difference};

/// What became of a case.
pub(crate) enum Verdict {
    Ran(Vec<Difference>),
    Skipped(String),
}

/// One line of the JSON report.
#[derive(Serialize)]
struct Entry {
    case: String,
    ok: bool,
    differs: Vec<String>,
    skipped: bool,
}

/// The results so far, told as they come in.
pub(crate) struct Report<W> {
    out: W,
    verbose: bool,
    areas: BTreeMap<String, [usize; 2]>,
    entries: Vec<Entry>,
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl<W: Write> Report<W> {
    /// Begins a report.
    pub(crate) fn new(out: W, verbose: bool) -> Self {
        Self { out, verbose, areas: BTreeMap::new(), entries: Vec::new(), passed: 0, failed: 0, skipped: 0 }
    }

    pub(crate) fn add(&mut self, case: &Case, verdict: Verdict) -> io::Result<()> {
        let name = case.full_name();
        let (ok, skipped) = match &verdict {
            Verdict::Ran(differences) => (differences.is_empty(), false),
            Verdict::Skipped(_) => (false, true),
        };
        let mut differs = Vec::new();
        match verdict {
            Verdict::Skipped(reason) => {
                self.skipped += 1;
                writeln!(self.out, "SKIP {name}: {reason}")?;
            }
            Verdict::Ran(differences) => {
                self.tell(case, &differences)?;
                differs = differences.into_iter().map(|difference| difference.place).collect();
                let [passed, all] = self.areas.entry(case.area.clone()).or_default();
                *passed += usize::from(ok);
                *all += 1;
            }
        }
        self.entries.push(Entry { case: name, ok, differs, skipped });
        Ok(())
    }

    fn tell(&mut self, case: &Case, differences: &[Difference]) -> io::Result<()> {
        if differences.is_empty() {
            self.passed += 1;
            return Ok(());
        }
        self.failed += 1;
        let places: Vec<_> = differences.iter().map(|difference| difference.place.as_str()).collect();
        writeln!(self.out, "FAIL {}: {} [{}]", case.full_name(), case.why, places.join("; "))?;
        if self.verbose {
            self.show(differences)?;
        }
        self.out.flush()
    }

    fn show(&mut self, differences: &[Difference]) -> io::Result<()> {
        for Difference { place, want, got } in differences {
            writeln!(self.out, "    {place}")?;
            let diff = TextDiff::from_lines(want, got);
            let unified = diff.unified_diff().context_radius(2).header("expected", "got").to_string();
            for line in unified.lines() {
                writeln!(self.out, "      {line}")?;
            }
        }
        Ok(())
    }

    /// Ends the report with its tallies, and says whether nothing failed.
    pub(crate) fn finish(mut self) -> io::Result<bool> {
        for (area, [passed, all]) in &self.areas {
            writeln!(self.out, "{area:24} {passed:4} of {all:4}")?;
        }
        let Self { passed, failed, skipped, .. } = self;
        writeln!(self.out, "{passed} passed, {failed} failed, {skipped} skipped")?;
        Ok(failed == 0)
    }

    /// Writes the result of each case as JSON.
    pub(crate) fn write_json(&self, path: &Path) -> io::Result<()> {
        fs::write(path, serde_json::to_vec_pretty(&self.entries)?)
    }
}
