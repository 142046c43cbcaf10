//! `cargo xtask serve` runs `www/serve.mjs`, which serves the built page, with the options of the command line.

use crate::project::Project;
use crate::run::Run;
use anyhow::{Result, bail};

/// Where the page is served.
#[derive(Debug, PartialEq)]
pub(crate) struct Options {
    /// The address to listen on.
    pub(crate) host: String,
    /// The port to listen on. `None`: port 8080, or the next free one if 8080 is taken.
    pub(crate) port: Option<u16>,
    /// The path of the site; it begins and ends with a slash.
    pub(crate) base: String,
}

impl Default for Options {
    fn default() -> Options {
        Options { host: "127.0.0.1".to_owned(), port: None, base: "/".to_owned() }
    }
}

/// The base path for [`Options`], with a slash at both ends; an error if `path` has `?`, `#`, `%` or a name `..`.
pub(crate) fn base(path: &str) -> Result<String> {
    let inner = path.trim_matches('/');
    if inner.contains(['?', '#', '%']) || inner.split('/').any(|name| name == "..") {
        bail!("the base `{path}` must be a plain path such as /some/path/");
    }
    Ok(if inner.is_empty() { "/".to_owned() } else { format!("/{inner}/") })
}

/// Serves the built page until the process is ended.
pub(crate) fn serve(project: &Project, options: &Options) -> Result<()> {
    // Missing npm packages are not installed here: tests start two servers at the same time, and each `npm ci` would
    // empty the folder while the other server uses it.
    if !project.at("www/node_modules/sirv").is_dir() {
        bail!("the npm packages of www are not installed: `cargo xtask build` installs them");
    }
    command(project, options).exec()
}

fn command<'a>(project: &'a Project, options: &Options) -> Run<'a> {
    let run = Run::new(project, "node").args(["www/serve.mjs", "www/dist"]);
    let run = run.args(["--host", &options.host, "--base", &options.base]);
    match options.port {
        Some(port) => run.args(["--port", &port.to_string()]),
        None => run,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_gets_slashes_at_both_ends_and_must_be_a_plain_path() {
        assert_eq!(base("").unwrap(), "/");
        assert_eq!(base("/").unwrap(), "/");
        assert_eq!(base("a/b").unwrap(), "/a/b/");
        for bad in ["/a?b", "/a/../b", "/a%20b/", "#"] {
            assert!(base(bad).unwrap_err().to_string().contains(bad));
        }
    }

    #[test]
    fn the_server_gets_all_options() {
        let project = Project::find().unwrap();
        let options = Options { host: "0.0.0.0".into(), port: Some(4173), base: "/a/b/".into() };
        assert_eq!(
            command(&project, &options).to_string(),
            "node www/serve.mjs www/dist --host 0.0.0.0 --base /a/b/ --port 4173"
        );
        let without_port = "node www/serve.mjs www/dist --host 127.0.0.1 --base /";
        assert_eq!(command(&project, &Options::default()).to_string(), without_port);
    }
}
