//! The tools in whose pages moescope is tested: MkDocs and Jupyter, installed in a Python environment, and mdBook. The
//! tests use these tools as the recipes of `docs/embedding.md` say.

use crate::debian;
use crate::project::Project;
use crate::run::Run;
use crate::tools;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// All Python packages and their dependencies, each with its version.
const REQUIREMENTS: &str = "tests/hosts/requirements.txt";
const ENVIRONMENT: &str = ".tools/python";
const PACKAGE: &str = "python";
/// Minor version of the oldest Python 3 that the listed packages support.
const PYTHON_MINOR: u32 = 11;
const MDBOOK: &str = "0.5.4";

/// Finds or installs mdBook, and returns its path.
pub(crate) fn mdbook(project: &Project) -> Result<PathBuf> {
    tools::cargo_tool(project, "mdbook", "mdbook", MDBOOK)?;
    project.which("mdbook").context("`mdbook` was installed but is not found")
}

/// Finds or makes the virtual environment with all listed packages, and returns the path of its Python.
pub(crate) fn python(project: &Project) -> Result<PathBuf> {
    let wanted =
        fs::read_to_string(project.at(REQUIREMENTS)).with_context(|| format!("{REQUIREMENTS} cannot be read"))?;
    let folder = project.at(ENVIRONMENT);
    let bin = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = bin.join("python").with_extension(std::env::consts::EXE_EXTENSION);
    let stamp = folder.join(".installed-by-xtask");
    if python.is_file() && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        project.say(format_args!("  Python packages of {REQUIREMENTS}"));
        return Ok(python);
    }
    project.say(format_args!("  installing the Python packages of {REQUIREMENTS} into {ENVIRONMENT} (about a minute)"));
    environment(project)?;
    pip(project, &python).args(["install", "--no-deps", "-r", REQUIREMENTS]).run()?;
    fs::write(stamp, wanted).with_context(|| format!("{ENVIRONMENT} cannot be written"))?;
    Ok(python)
}

/// Makes a new virtual environment. On Debian this needs the package `python3-venv`.
fn environment(project: &Project) -> Result<()> {
    let version = Run::new(project, "python3").args(["-c", "import sys; print(sys.version_info.minor)"]).output();
    let minor = version.as_deref().ok().and_then(|minor| minor.parse::<u32>().ok());
    if minor.is_none_or(|minor| minor < PYTHON_MINOR) {
        bail!("Python 3.{PYTHON_MINOR} or newer is needed as `python3`, for the tests in notebooks and MkDocs");
    }
    let venv = || Run::new(project, "python3").args(["-m", "venv", "--clear", ENVIRONMENT]).run();
    if venv().is_ok() {
        return Ok(());
    }
    const PACKAGES: [&str; 1] = ["python3-venv"];
    if !debian::is_debian() || !debian::can_install(project) {
        bail!("`python3 -m venv` is needed; on Debian this installs it: {}", debian::by_hand(&PACKAGES));
    }
    debian::install(project, &PACKAGES)?;
    venv()
}

fn pip<'a>(project: &'a Project, python: &Path) -> Run<'a> {
    Run::new(project, &python.to_string_lossy()).args([
        "-m",
        "pip",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
    ])
}

/// Installs the notebook widget from its folder, as a user does, and returns the command that runs the widget's tests.
pub(crate) fn widget<'a>(project: &'a Project, python: &Path) -> Result<Run<'a>> {
    pip(project, python)
        .args(["install", "--no-deps", "--no-build-isolation", "--force-reinstall"])
        .args([format!("./{PACKAGE}")])
        .run()?;
    Ok(Run::new(project, &python.to_string_lossy())
        .args(["-m", "pytest", "-q", "-p", "no:cacheprovider"])
        .args([format!("{PACKAGE}/tests")]))
}
