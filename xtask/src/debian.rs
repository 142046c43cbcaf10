//! Debian's packages: for root they are installed; other users get the command that installs them.

use crate::project::Project;
use crate::run::Run;
use anyhow::Result;
use std::fs;
use std::sync::{Mutex, PoisonError};

/// True if this is Debian itself (Ubuntu's `chromium` is a snap, which a container cannot run).
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

/// Installs `packages`. Calls wait for each other; the package list is updated once.
pub(crate) fn install(project: &Project, packages: &[&str]) -> Result<()> {
    static UPDATED: Mutex<bool> = Mutex::new(false);
    let mut updated = UPDATED.lock().unwrap_or_else(PoisonError::into_inner);
    let apt_get = || {
        // Waits for another apt-get to end.
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
