//! `cargo xtask serve | test | build | pack | bench | shots | fields`: the developer's commands.
//!
//! Reading order: this file is the command line. `tools` finds or installs every tool: `toolchain` the wasm target,
//! `debian` the system's packages, `hosts` the tools (MkDocs, mdBook, JupyterLab) whose pages the widget is tested in.
//! `site` builds the page: `wasm` its module, `native` the program `inspect`, `first` the records of the first paint,
//! `one` the single file, `widget` the page's files in the Python package, `notices` the licences of other authors'
//! software, `about` the page "About", `picture` the picture for links to the page, and the icons. `dist` lists the files
//! of the built site, and `manifest` finds them by their sources. `pack` makes the npm package, `serve` starts the server, `test` runs the
//! checks, `bench` measures, `shots` makes the pictures in `docs/`, and `fields` writes the files that follow from the
//! page's list of fields. `project` knows the folders, `run` starts other programs, and `output` prints or collects their output.

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
            // The chain of causes on one line.
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
    fn serve_has_defaults() {
        let options = serve::Options { host: "127.0.0.1".into(), port: None, base: "/".into() };
        assert_eq!(parsed(&["serve"]).unwrap(), Task::Serve { options, build: true });
    }

    #[test]
    fn serve_takes_all_options() {
        let options = serve::Options { host: "0.0.0.0".into(), port: Some(4173), base: "/a/b/".into() };
        let args = ["serve", "--no-build", "--host", "--port", "4173", "--base", "/a/b"];
        assert_eq!(parsed(&args).unwrap(), Task::Serve { options, build: false });
    }

    #[test]
    fn host_takes_an_address_only_with_an_equals_sign() {
        let Task::Serve { options, .. } = parsed(&["serve", "--host=::1"]).unwrap() else { panic!("not serve") };
        assert_eq!(options.host, "::1");
        assert!(refused(&["serve", "--host", "::1"]).contains("::1"));
    }

    #[test]
    fn test_takes_the_word_all_and_names_of_steps() {
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
