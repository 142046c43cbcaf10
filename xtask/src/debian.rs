//! Installs packages of Debian. This needs root: for other users, the error names the command to run.

use crate::project::Project;
use crate::run::Run;
use anyhow::Result;
use std::fs;
use std::sync::{Mutex, PoisonError};

/// True if the system is Debian itself. Ubuntu is not: its `chromium` is a snap, which cannot run in a container.
pub(crate) fn is_debian() -> bool {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    release.lines().any(|line| line.trim() == "ID=debian")
}

/// True if packages can be installed: apt-get exists and the user is root.
pub(crate) fn can_install(project: &Project) -> bool {
    let root = || Run::new(project, "id").args(["-u"]).output().is_ok_and(|id| id == "0");
    project.which("apt-get").is_some() && root()
}

/// The command that installs `packages` by hand.
pub(crate) fn by_hand(packages: &[&str]) -> String {
    format!("sudo apt-get update && sudo apt-get install --no-install-recommends {}", packages.join(" "))
}

/// Installs `packages`. Parallel calls run one after the other, and `apt-get update` runs only once.
pub(crate) fn install(project: &Project, packages: &[&str]) -> Result<()> {
    static UPDATED: Mutex<bool> = Mutex::new(false);
    let mut updated = UPDATED.lock().unwrap_or_else(PoisonError::into_inner);
    let apt_get = || {
        // If another apt-get is running, this one waits up to 300 s for it.
        Run::new(project, "apt-get")
            .args(["-q", "-o", "DPkg::Lock::Timeout=300"])
            .env("DEBIAN_FRONTEND", "noninteractive")
    };
    if !*updated {
        apt_get().args(["update"]).run()?;
        *updated = true;
    }
    apt_get().args(["install", "-y", "--no-install-recommends"]).args(packages).run()
}
