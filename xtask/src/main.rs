//! `cargo xtask serve | test | build | pack | bench | shots | fields`: the developer's commands.
//!
//! Reading order: this file parses the command line.
//! - `tools` finds or installs the tools. It uses `toolchain` for the wasm target and `debian` for Debian's packages.
//!   `hosts` does the same for the tools in whose pages moescope is tested (MkDocs, mdBook, JupyterLab).
//! - `site` builds the page. It uses `wasm` for the wasm module, `first` for the records that the page draws first,
//!   `native` for the program `inspect` (which computes these records), `one` for the single file, and `widget` for the
//!   built files in the Python package; `notices` for the licences of other authors' software, `about` for the page
//!   "About", and `picture` for the picture for links to the page. `dist` lists the files of the built site; `manifest` finds the built file of
//!   a source.
//! - `pack` makes the npm package, `serve` starts the server, `test` runs the checks, `bench` measures speed and size,
//!   `shots` makes the pictures in `docs/`, and `fields` writes the files that are generated from the list of fields.
//! - `project` has the paths of the folders, `run` starts other programs, and `output` prints or collects their output.

mod about;
mod bench;
mod debian;
mod dist;
mod fields;
mod first;
mod hosts;
mod manifest;
mod native;
mod notices;
mod one;
mod output;
mod pack;
mod picture;
mod project;
mod run;
mod serve;
mod shots;
mod site;
mod test;
mod toolchain;
mod tools;
mod wasm;
mod widget;

use anyhow::{Result, bail};
use lexopt::prelude::{Long, Short, Value, ValueExt as _};
use project::Project;
use std::process::ExitCode;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

Each command first finds or installs the tools that it needs.

  serve [--port N] [--host[=ADDRESS]] [--base /PATH/] [--no-build]
      Builds the page, serves it and prints its address.
      --port N        this port, or an error (default: 8080, or the next free one)
      --host          on all addresses of this machine, or on the given one (default: 127.0.0.1 only)
      --base /PATH/   serves the page only at this path (default: /)
      --no-build      serves www/dist as it is, at once
  test [all] [STEP...]
      Runs all steps, or only the named ones:
      format lint native docs scalar site www python package wasm browser firefox
      all             also the slow checks: every width by itself, long random runs
  build
      Builds the static site in www/dist and prints its sizes.
  pack
      Builds the site and packs it as an npm package, target/npm/moescope-VERSION.tgz.
  bench
      Measures speed and size.
  shots
      Writes the pictures of README and docs to docs.
  fields
      Writes the files that follow from www/src/scope/fields.ts: the element's manifest and types, the table of
      fields in docs/embedding.md, and the types of the notebook widget.";

/// A parsed command line.
#[derive(Debug, PartialEq)]
enum Task {
    Help,
    Serve { options: serve::Options, build: bool },
    Test { steps: Vec<test::Step>, tier: test::Tier },
    Build,
    Pack,
    Bench,
    Shots,
    Fields,
}

fn main() -> ExitCode {
    let result = parse(lexopt::Parser::from_env()).and_then(perform);
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // `{:#}` prints the error and its causes on one line.
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(task: Task) -> Result<()> {
    let project = Project::find()?;
    match task {
        Task::Help => println!("{USAGE}"),
        Task::Serve { options, build } => {
            if build {
                site::set_up_and_build(&project)?;
            }
            serve::serve(&project, &options)?;
        }
        Task::Test { steps, tier } => test::test(&project, &steps, tier)?,
        Task::Build => site::set_up_and_build(&project)?,
        Task::Pack => pack::set_up_and_pack(&project)?,
        Task::Bench => bench::bench(&project)?,
        Task::Shots => shots::shots(&project)?,
        Task::Fields => fields::write(&project)?,
    }
    Ok(())
}

fn parse(mut args: lexopt::Parser) -> Result<Task> {
    let command = match args.next()? {
        None | Some(Long("help") | Short('h')) => return Ok(Task::Help),
        Some(Value(command)) => command.string()?,
        Some(other) => return Err(other.unexpected().into()),
    };
    let mut options = serve::Options::default();
    let mut build = true;
    let mut steps = Vec::new();
    let mut tier = test::Tier::default();
    while let Some(arg) = args.next()? {
        match (command.as_str(), arg) {
            (_, Long("help") | Short('h')) => return Ok(Task::Help),
            ("serve", Long("port")) => options.port = Some(args.value()?.parse()?),
            ("serve", Long("host")) => {
                options.host = match args.optional_value() {
                    Some(address) => address.string()?,
                    None => "0.0.0.0".to_owned(),
                }
            }
            ("serve", Long("base")) => options.base = serve::base(&args.value()?.string()?)?,
            ("serve", Long("no-build")) => build = false,
            ("test", Value(word)) if word == "all" => tier = test::Tier::All,
            ("test", Value(step)) => steps.push(step.parse()?),
            (_, other) => return Err(other.unexpected().into()),
        }
    }
    match command.as_str() {
        "serve" => Ok(Task::Serve { options, build }),
        "test" => Ok(Task::Test { steps, tier }),
        "build" => Ok(Task::Build),
        "pack" => Ok(Task::Pack),
        "bench" => Ok(Task::Bench),
        "shots" => Ok(Task::Shots),
        "fields" => Ok(Task::Fields),
        other => bail!("there is no command `{other}`; `cargo xtask --help` lists them"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(args: &[&str]) -> Result<Task> {
        parse(lexopt::Parser::from_args(args))
    }

    fn refused(args: &[&str]) -> String {
        parsed(args).expect_err("it should be refused").to_string()
    }

    #[test]
    fn without_a_command_or_with_the_option_help_the_task_is_help() {
        assert_eq!(parsed(&[]).unwrap(), Task::Help);
        assert_eq!(parsed(&["serve", "--help"]).unwrap(), Task::Help);
    }

    #[test]
    fn serve_without_options_gets_the_defaults_and_builds_first() {
        let options = serve::Options { host: "127.0.0.1".into(), port: None, base: "/".into() };
        assert_eq!(parsed(&["serve"]).unwrap(), Task::Serve { options, build: true });
    }

    #[test]
    fn each_option_of_serve_sets_its_field() {
        let options = serve::Options { host: "0.0.0.0".into(), port: Some(4173), base: "/a/b/".into() };
        let args = ["serve", "--no-build", "--host", "--port", "4173", "--base", "/a/b"];
        assert_eq!(parsed(&args).unwrap(), Task::Serve { options, build: false });
    }

    #[test]
    fn the_option_host_accepts_an_address_only_after_an_equals_sign() {
        let Task::Serve { options, .. } = parsed(&["serve", "--host=::1"]).unwrap() else { panic!("not serve") };
        assert_eq!(options.host, "::1");
        assert!(refused(&["serve", "--host", "::1"]).contains("::1"));
    }

    #[test]
    fn test_takes_the_word_all_and_names_of_steps_and_refuses_other_words() {
        assert_eq!(
            parsed(&["test", "native", "wasm"]).unwrap(),
            Task::Test { steps: vec![test::Step::Native, test::Step::Wasm], tier: test::Tier::Change }
        );
        assert_eq!(
            parsed(&["test", "all", "native"]).unwrap(),
            Task::Test { steps: vec![test::Step::Native], tier: test::Tier::All }
        );
        assert!(refused(&["test", "everything"]).contains("everything"));
    }

    #[test]
    fn the_error_names_the_wrong_argument() {
        assert!(refused(&["bild"]).contains("bild"));
        assert!(refused(&["build", "--port", "1"]).contains("--port"));
        assert!(refused(&["serve", "--port", "70000"]).contains("70000"));
    }
}
