//! What the run says of its cases.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::Path,
};

use serde::Serialize;
use similar::TextDiff;

use crate::{Outcome, case::Case, compare::Difference, waiting::Waiting};

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
    waiting: bool,
}

/// The results so far, told as they come in.
pub(crate) struct Report<W> {
    out: W,
    verbose: bool,
    waiting: Waiting,
    /// The waiting cases that pass, or are none.
    over: Vec<String>,
    areas: BTreeMap<String, [usize; 2]>,
    entries: Vec<Entry>,
    passed: usize,
    failed: usize,
    skipped: usize,
    waited: usize,
}

impl<W: Write> Report<W> {
    /// Begins a report.
    pub(crate) fn new(out: W, verbose: bool, waiting: Waiting) -> Self {
        Self {
            out,
            verbose,
            waiting,
            over: Vec::new(),
            areas: BTreeMap::new(),
            entries: Vec::new(),
            passed: 0,
            failed: 0,
            skipped: 0,
            waited: 0,
        }
    }

    /// Says whether the case waits for work.
    pub(crate) fn waits(&self, case: &Case) -> bool {
        self.waiting.subject(&case.full_name()).is_some()
    }

    pub(crate) fn add(&mut self, case: &Case, verdict: Verdict) -> io::Result<()> {
        let name = case.full_name();
        let (ok, skipped) = match &verdict {
            Verdict::Ran(differences) => (differences.is_empty(), false),
            Verdict::Skipped(_) => (false, true),
        };
        let waiting = self.waiting.subject(&name).map(str::to_owned);
        let mut differs = Vec::new();
        match verdict {
            Verdict::Skipped(reason) => {
                self.skipped += 1;
                writeln!(self.out, "SKIP {name}: {reason}")?;
            }
            Verdict::Ran(differences) => {
                self.tell(case, &differences, waiting.as_deref())?;
                differs = differences.into_iter().map(|difference| difference.place).collect();
                let [passed, all] = self.areas.entry(case.area.clone()).or_default();
                *passed += usize::from(ok);
                *all += 1;
            }
        }
        self.entries.push(Entry { case: name, ok, differs, skipped, waiting: waiting.is_some() });
        Ok(())
    }

    fn tell(&mut self, case: &Case, differences: &[Difference], waiting: Option<&str>) -> io::Result<()> {
        let places: Vec<_> = differences.iter().map(|difference| difference.place.as_str()).collect();
        let (name, why, places) = (case.full_name(), &case.why, places.join("; "));
        match waiting {
            None if differences.is_empty() => self.passed += 1,
            None => {
                self.failed += 1;
                writeln!(self.out, "FAIL {name}: {why} [{places}]")?;
            }
            Some(_) if differences.is_empty() => {
                self.passed += 1;
                self.over.push(name);
            }
            Some(subject) => {
                self.waited += 1;
                if self.verbose {
                    writeln!(self.out, "WAIT {name}: {why} [{places}] (for: {subject})")?;
                }
            }
        }
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

    /// Counts the waiting names among the over ones that no case has.
    pub(crate) fn look_for_names_of_no_case(&mut self, cases: &[Case]) {
        let is_none = |name: &&str| !cases.iter().any(|case| case.full_name() == *name);
        self.over.extend(self.waiting.names().filter(is_none).map(str::to_owned));
    }

    /// Takes off the waiting list what waits no longer.
    pub(crate) fn renew_waiting(&mut self) -> Outcome<()> {
        self.waiting.remove(&self.over)?;
        writeln!(self.out, "{} names taken off the waiting list", self.over.len())?;
        self.over.clear();
        Ok(())
    }

    /// Ends the report with its tallies, and says whether nothing failed and nobody waits in vain.
    pub(crate) fn finish(mut self) -> io::Result<bool> {
        for name in &self.over {
            writeln!(self.out, "OVER {name}: waits no longer; take it off the list by -- --renew-waiting")?;
        }
        for (area, [passed, all]) in &self.areas {
            writeln!(self.out, "{area:24} {passed:4} of {all:4}")?;
        }
        let Self { passed, failed, skipped, waited, .. } = self;
        writeln!(self.out, "{passed} passed, {failed} failed, {waited} waiting, {skipped} skipped")?;
        Ok(failed == 0 && self.over.is_empty())
    }

    /// Writes the result of each case as JSON.
    pub(crate) fn write_json(&self, path: &Path) -> io::Result<()> {
        fs::write(path, serde_json::to_vec_pretty(&self.entries)?)
    }
}
