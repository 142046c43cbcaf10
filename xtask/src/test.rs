//! `cargo xtask test` runs the checks as steps. Steps of the crate and steps of the page run in parallel; then the
//! browser tests run. Each of these three lanes stops at its first failure. `cargo xtask test all` also runs the slow
//! checks.

use crate::project::Project;
use crate::run::{Run, at_once, seconds, timed};
use crate::toolchain::{TARGET, WasmToolchain};
use crate::tools::{self, Browser};
use crate::wasm::{self, Simd};
use crate::{hosts, native, pack, run, site};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::{Duration, Instant};

/// One step of the test; the steps of a [`Lane`] run in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// rustfmt.
    Format,
    /// clippy, natively and for wasm.
    Lint,
    /// The Rust tests, the documentation tests and the tutorials, natively.
    Native,
    /// The Rust documentation.
    Docs,
    /// The Rust tests that SIMD can affect, as wasm without SIMD, in the browser.
    Scalar,
    /// Building the site.
    Site,
    /// The page's types, linter and unit tests.
    Www,
    /// The Python tests of the notebook widget.
    Python,
    /// Tests of the npm package, installed in a temporary project.
    Package,
    /// The Rust tests as wasm with SIMD, in the browser.
    Wasm,
    /// Tests of the page in Chromium, also inside pages that other tools build.
    Browser,
    /// Journeys through the page in Firefox.
    Firefox,
}

const STEPS: [(&str, Step); 12] = [
    ("format", Step::Format),
    ("lint", Step::Lint),
    ("native", Step::Native),
    ("docs", Step::Docs),
    ("scalar", Step::Scalar),
    ("site", Step::Site),
    ("www", Step::Www),
    ("python", Step::Python),
    ("package", Step::Package),
    ("wasm", Step::Wasm),
    ("browser", Step::Browser),
    ("firefox", Step::Firefox),
];

impl FromStr for Step {
    type Err = anyhow::Error;

    fn from_str(name: &str) -> Result<Step> {
        let names = STEPS.map(|(name, _)| name).join(", ");
        let step = STEPS.iter().find(|(step, _)| *step == name);
        step.map(|(_, step)| *step).with_context(|| format!("there is no step `{name}`; the steps are {names}"))
    }
}

impl Step {
    fn name(self) -> &'static str {
        STEPS.iter().find(|(_, step)| *step == self).map_or("", |(name, _)| name)
    }
}

/// The crate's examples that a newcomer reads first.
const TUTORIALS: [&str; 3] = ["generate", "what_if", "cache"];

/// Which of a step's checks run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tier {
    /// The checks that CI runs on each change.
    #[default]
    Change,
    /// All checks: also the browser tests tagged `@all` (each width by itself, long random runs), and more random cases
    /// in the property tests of the crate.
    All,
}

impl Tier {
    /// Sets the environment variables from which the test runners read the tier.
    fn apply(self, run: Run<'_>) -> Run<'_> {
        match self {
            Tier::Change => run,
            Tier::All => run.env("MOESCOPE_TESTS", "all").env("PROPTEST_CASES", "2000"),
        }
    }
}

/// A sequence of steps. `Crate` and `Page` can run in parallel, because they use different target folders of cargo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lane {
    /// The crate, in cargo's default target folder.
    Crate,
    /// The page, and the crate as wasm with SIMD, in another target folder.
    Page,
    /// Steps that run after the lanes `Crate` and `Page`, with nothing else in parallel.
    Alone,
}

impl Step {
    fn lane(self) -> Lane {
        match self {
            Step::Format | Step::Lint | Step::Native | Step::Docs | Step::Scalar => Lane::Crate,
            Step::Site | Step::Www | Step::Python | Step::Package | Step::Wasm => Lane::Page,
            Step::Browser | Step::Firefox => Lane::Alone,
        }
    }
}

/// The named steps and the steps that these need, in the order of `STEPS`; all steps if none is named.
fn selected(named: &[Step]) -> Vec<Step> {
    // Five steps read the built site, and Browser also uses the notebook widget that Python installs.
    let needs = |needed: Step| match needed {
        Step::Site => named
            .iter()
            .any(|step| matches!(step, Step::Www | Step::Python | Step::Package | Step::Browser | Step::Firefox)),
        Step::Python => named.contains(&Step::Browser),
        _ => false,
    };
    let chosen = |step: &Step| named.is_empty() || named.contains(step) || needs(*step);
    STEPS.iter().map(|(_, step)| *step).filter(chosen).collect()
}

/// Runs the named steps; without names, all steps.
pub(crate) fn test(project: &Project, named: &[Step], tier: Tier) -> Result<()> {
    let start = Instant::now();
    let steps = selected(named);
    let (tools, set_up) = timed(project, "set up", || Tools::find(project, &steps, tier))?;
    let mut done = Done { times: vec![("set up", set_up)], tally: Tally::default() };
    let lane = |lane: Lane| steps.iter().copied().filter(move |step| step.lane() == lane);
    let (in_crate, of_page) = at_once(
        project,
        |project| perform_all(project, &tools, lane(Lane::Crate)),
        |project| perform_all(project, &tools, lane(Lane::Page)),
    )?;
    done.add(in_crate);
    done.add(of_page);
    done.add(perform_all(project, &tools, lane(Lane::Alone))?);
    print_summary(project, &done, start.elapsed());
    Ok(())
}

/// Times of steps, and numbers of tests.
#[derive(Default)]
struct Done {
    times: Vec<(&'static str, Duration)>,
    tally: Tally,
}

impl Done {
    fn add(&mut self, other: Done) {
        self.times.extend(other.times);
        self.tally.add(Some(other.tally));
    }
}

/// Runs steps one after the other, up to the first that fails.
fn perform_all(project: &Project, tools: &Tools, steps: impl Iterator<Item = Step>) -> Result<Done> {
    let mut done = Done::default();
    for step in steps {
        let performed = timed(project, step.name(), || perform(project, tools, step, &mut done.tally));
        let ((), took) = performed.with_context(|| format!("the step `{}` failed", step.name()))?;
        done.times.push((step.name(), took));
    }
    Ok(done)
}

fn print_summary(project: &Project, done: &Done, total: Duration) {
    project.say("");
    for (name, took) in &done.times {
        project.say(format_args!("{name:<8} {:>9}", seconds(*took)));
    }
    project.say(format_args!("{:<8} {:>9}\n", "in all", seconds(total)));
    if done.tally != Tally::default() {
        project.say(done.tally);
    }
}

/// The tools of the chosen steps; `None` if no chosen step needs the tool.
struct Tools {
    tier: Tier,
    wasm: Option<WasmToolchain>,
    mdbook: Option<PathBuf>,
    browser: Option<Browser>,
    firefox: Option<PathBuf>,
    python: Option<PathBuf>,
}

impl Tools {
    /// Finds or installs the tools, in three parallel tasks: tools to compile, Debian's packages, and npm and Python
    /// packages.
    fn find(project: &Project, steps: &[Step], tier: Tier) -> Result<Tools> {
        let any = |wanted: &[Step]| steps.iter().any(|step| wanted.contains(step));
        let compiled = |project: &Project| {
            let wasm = any(&[Step::Lint, Step::Docs, Step::Scalar, Step::Wasm, Step::Site]);
            let wasm = wasm.then(|| tools::for_wasm(project)).transpose()?;
            let mdbook = any(&[Step::Browser]).then(|| hosts::mdbook(project)).transpose()?;
            Ok((wasm, mdbook))
        };
        let packaged = |project: &Project| {
            let browser = any(&[Step::Scalar, Step::Wasm, Step::Package, Step::Browser]);
            let browser = browser.then(|| tools::browser(project)).transpose()?;
            let firefox = any(&[Step::Firefox]).then(|| tools::firefox(project)).transpose()?;
            Ok((browser, firefox))
        };
        let fetched = |project: &Project| {
            if any(&[Step::Site]) {
                tools::npm_for_site(project)?;
            }
            let folders =
                [(Step::Package, "tests/package"), (Step::Browser, "tests/browser"), (Step::Firefox, "tests/firefox")];
            for (_, folder) in folders.iter().filter(|(step, _)| any(&[*step])) {
                tools::npm_packages(project, folder)?;
            }
            any(&[Step::Python, Step::Browser]).then(|| hosts::python(project)).transpose()
        };
        let ((wasm, mdbook), ((browser, firefox), python)) =
            at_once(project, compiled, |project| at_once(project, packaged, fetched))?;
        Ok(Tools { tier, wasm, mdbook, browser, firefox, python })
    }

    fn wasm(&self) -> Result<WasmToolchain> {
        self.wasm.context("the wasm tools were not set up")
    }

    fn browser(&self) -> Result<&Browser> {
        self.browser.as_ref().context("the browser was not set up")
    }

    fn firefox(&self) -> Result<&Path> {
        self.firefox.as_deref().context("Firefox was not set up")
    }

    fn python(&self) -> Result<&Path> {
        self.python.as_deref().context("Python was not set up")
    }

    fn mdbook(&self) -> Result<&Path> {
        self.mdbook.as_deref().context("mdBook was not set up")
    }
}

fn perform(project: &Project, tools: &Tools, step: Step, tally: &mut Tally) -> Result<()> {
    let cargo = |args: &[&str]| Run::new(project, "cargo").args(args);
    match step {
        Step::Format => cargo(&["fmt", "--all", "--check"]).run(),
        Step::Lint => {
            cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]).run()?;
            match tools.wasm()? {
                WasmToolchain::Default => {
                    // The boundary to JavaScript is compiled only for wasm.
                    let clippy = cargo(&["clippy", "-p", "moescope", "--target", TARGET, "--all-targets"]);
                    clippy.args(["--", "-D", "warnings"]).run()
                }
                WasmToolchain::Debian => {
                    project
                        .say(format_args!("  clippy for {TARGET}: left out, because Debian's compiler has no clippy"));
                    Ok(())
                }
            }
        }
        Step::Native => {
            count(&tools.tier.apply(cargo(&["test", "--workspace", "--no-fail-fast"])), Tally::cargo, tally)?;
            // `cargo test` has built the tutorials. Each of them must also run on the shipped model without an error.
            TUTORIALS.iter().try_for_each(|name| {
                cargo(&["run", "--package", "moescope", "--example", name, "--", "www/public/model"]).run()
            })
        }
        Step::Docs => {
            let doc = |run: Run<'_>| {
                run.args(["--no-deps", "--document-private-items"]).env("RUSTDOCFLAGS", "-Dwarnings").run()
            };
            doc(cargo(&["doc", "--workspace"]))?;
            // The boundary to JavaScript is compiled only for wasm.
            doc(tools.wasm()?.apply(cargo(&["doc", "-p", "moescope", "--target", TARGET])))
        }
        Step::Scalar => in_wasm(project, tools, Simd::Without, tally),
        Step::Wasm => in_wasm(project, tools, Simd::With, tally),
        Step::Site => site::build(project, tools.wasm()?),
        Step::Www => {
            ["check", "lint"].iter().try_for_each(|script| tools::npm_script(project, "www", script).run())?;
            // `Tally::vitest` cannot read a closing line with colour codes.
            let unit = tools::npm_script(project, "www", "test").env("NO_COLOR", "1");
            count(&tools.tier.apply(unit), Tally::vitest, tally)
        }
        Step::Python => count(&hosts::widget(project, tools.python()?)?, Tally::pytest, tally),
        Step::Package => {
            pack::pack(project)?;
            let tarball = pack::tarball(project);
            let names: [Named; 2] = [("MOESCOPE_CHROMIUM", &tools.browser()?.chromium), ("MOESCOPE_PACKAGE", &tarball)];
            in_browser(project, tools.tier, "tests/package", &names, tally)
        }
        Step::Browser => {
            let names: [Named; 3] = [
                ("MOESCOPE_CHROMIUM", &tools.browser()?.shell),
                ("MOESCOPE_PYTHON", tools.python()?),
                ("MOESCOPE_MDBOOK", tools.mdbook()?),
            ];
            in_browser(project, tools.tier, "tests/browser", &names, tally)
        }
        Step::Firefox => {
            let names: [Named; 1] = [("MOESCOPE_FIREFOX", tools.firefox()?)];
            in_browser(project, tools.tier, "tests/firefox", &names, tally)
        }
    }
}

/// Runs the crate's tests as wasm.
fn in_wasm(project: &Project, tools: &Tools, simd: Simd, tally: &mut Tally) -> Result<()> {
    count(&wasm::test(project, tools.wasm()?, tools.browser()?, simd), Tally::cargo, tally)
}

/// An environment variable, and the path that is its value.
type Named<'a> = (&'static str, &'a Path);

/// Checks the code of a folder's tests, and runs these tests in a browser. `files` are environment variables with paths
/// that the tests read.
fn in_browser(project: &Project, tier: Tier, folder: &str, files: &[Named<'_>], tally: &mut Tally) -> Result<()> {
    let script = |name| tools::npm_script(project, folder, name);
    script("check").run()?;
    script("lint").run()?;
    // The tests compare the page's numbers with those of `inspect`.
    let test = tier.apply(script("test").env("MOESCOPE_INSPECT", native::inspect(project)?));
    let playwright = files.iter().fold(test, |run, &(variable, file)| run.env(variable, file));
    count(&playwright, Tally::playwright, tally)
}

/// Runs tests, and adds the numbers in the runner's closing lines to `tally`. It is an error if no test passed.
fn count(tests: &run::Run<'_>, read: fn(&str) -> Option<Tally>, tally: &mut Tally) -> Result<()> {
    let mut here = Tally::default();
    let result = tests.run_seeing(|line| here.add(read(line)));
    tally.add(Some(here));
    result?;
    if here.passed == 0 {
        bail!("`{tests}` ran no test");
    }
    Ok(())
}

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Tally {
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl Tally {
    fn add(&mut self, other: Option<Tally>) {
        if let Some(other) = other {
            self.passed += other.passed;
            self.failed += other.failed;
            self.skipped += other.skipped;
        }
    }

    /// Reads a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; ...` of cargo test or wasm-bindgen-test.
    fn cargo(line: &str) -> Option<Tally> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let mut tally = Tally::default();
        for count in counts.split("; ") {
            tally.add_word(count.trim());
        }
        Some(tally)
    }

    /// Reads a line such as `  3 passed (4.2s)`, `  1 failed` or `  1 skipped` of Playwright.
    fn playwright(line: &str) -> Option<Tally> {
        let mut tally = Tally::default();
        let line = line.trim();
        let count = line.split_once(" (").map_or(line, |(count, _)| count);
        tally.add_word(count);
        (tally != Tally::default()).then_some(tally)
    }

    /// Reads a line such as `      Tests  1 failed | 2 passed | 1 skipped (4)` of vitest.
    fn vitest(line: &str) -> Option<Tally> {
        let (counts, _) = line.trim().strip_prefix("Tests ")?.trim().split_once(" (")?;
        let mut tally = Tally::default();
        counts.split(" | ").for_each(|count| tally.add_word(count));
        (tally != Tally::default()).then_some(tally)
    }

    /// Reads a line such as `5 passed, 1 failed, 1 skipped in 0.42s` of pytest.
    fn pytest(line: &str) -> Option<Tally> {
        let (counts, _) = line.split_once(" in ")?;
        let mut tally = Tally::default();
        counts.split(", ").for_each(|count| tally.add_word(count));
        (tally != Tally::default()).then_some(tally)
    }

    /// Adds a count such as `3 passed`.
    fn add_word(&mut self, count: &str) {
        let Some((number, word)) = count.split_once(' ') else { return };
        let Ok(number) = number.parse::<u32>() else { return };
        match word {
            // Playwright calls a test flaky if it failed first and passed when it was run again.
            "passed" | "flaky" => self.passed += number,
            "failed" => self.failed += number,
            "ignored" | "skipped" => self.skipped += number,
            _ => {}
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_names_all_steps_run_in_order() {
        let all = selected(&[]);
        assert_eq!(all.len(), STEPS.len());
        assert!(all.is_sorted());
    }

    #[test]
    fn steps_that_need_the_site_build_it_first() {
        assert_eq!(selected(&[Step::Browser, Step::Native]), [Step::Native, Step::Site, Step::Python, Step::Browser]);
        assert_eq!(selected(&[Step::Www]), [Step::Site, Step::Www]);
        assert_eq!(selected(&[Step::Package]), [Step::Site, Step::Package]);
        assert_eq!(selected(&[Step::Firefox]), [Step::Site, Step::Firefox]);
        assert_eq!(selected(&[Step::Wasm]), [Step::Wasm]);
    }

    #[test]
    fn a_step_is_found_by_its_name_and_the_error_for_another_name_lists_the_steps() {
        for (name, step) in STEPS {
            assert_eq!(name.parse::<Step>().unwrap(), step);
            assert_eq!(step.name(), name);
        }
        assert!("everything".parse::<Step>().unwrap_err().to_string().contains("native"));
    }

    #[test]
    fn only_the_closing_line_of_cargo_test_is_read() {
        let line =
            "test result: FAILED. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out; finished in 0.10s\n";
        assert_eq!(Tally::cargo(line), Some(Tally { passed: 12, failed: 1, skipped: 2 }));
        assert_eq!(Tally::cargo("test result ... ok\n"), None);
        assert_eq!(Tally::cargo("running 3 tests\n"), None);
    }

    #[test]
    fn only_the_closing_lines_of_playwright_are_read() {
        assert_eq!(Tally::playwright("  31 passed (1.2m)\n"), Some(Tally { passed: 31, failed: 0, skipped: 0 }));
        assert_eq!(Tally::playwright("  1 failed\n"), Some(Tally { passed: 0, failed: 1, skipped: 0 }));
        assert_eq!(Tally::playwright("  2 skipped\n"), Some(Tally { passed: 0, failed: 0, skipped: 2 }));
        assert_eq!(Tally::playwright("Running 31 tests using 1 worker\n"), None);
        assert_eq!(Tally::playwright("  ok 1 page.spec.ts:3:1 > steps (1.0s)\n"), None);
    }

    #[test]
    fn only_the_closing_line_of_vitest_is_read() {
        let line = "      Tests  1 failed | 12 passed | 2 skipped (15)\n";
        assert_eq!(Tally::vitest(line), Some(Tally { passed: 12, failed: 1, skipped: 2 }));
        assert_eq!(Tally::vitest(" Test Files  2 passed (2)\n"), None);
    }

    #[test]
    fn the_test_runners_get_environment_variables_only_with_tier_all() {
        let project = Project::find().unwrap();
        let shown = |tier: Tier| tier.apply(Run::new(&project, "cargo")).to_string();
        assert_eq!(shown(Tier::Change), "cargo");
        assert_eq!(shown(Tier::All), "MOESCOPE_TESTS=all PROPTEST_CASES=2000 cargo");
    }

    #[test]
    fn only_the_closing_line_of_pytest_is_read() {
        let line = "1 failed, 5 passed, 2 skipped in 0.42s\n";
        assert_eq!(Tally::pytest(line), Some(Tally { passed: 5, failed: 1, skipped: 2 }));
        assert_eq!(Tally::pytest("..... [100%]\n"), None);
    }

    #[test]
    fn the_summary_names_skipped_tests_only_if_there_are_some() {
        assert_eq!(Tally { passed: 3, failed: 0, skipped: 0 }.to_string(), "3 passed, 0 failed");
        assert_eq!(Tally { passed: 3, failed: 1, skipped: 2 }.to_string(), "3 passed, 1 failed, 2 skipped");
    }

    #[test]
    fn a_runner_that_runs_no_test_is_an_error() {
        let project = Project::find().unwrap();
        let mut tally = Tally::default();
        let error = count(&Run::new(&project, "cargo").args(["--version"]), Tally::cargo, &mut tally).unwrap_err();
        assert!(error.to_string().contains("ran no test"));
    }
}
