//! Runs other programs. A command is printed as a line that can be pasted into a shell in the project's root.

use crate::output::Output;
use crate::project::Project;
use anyhow::{Context as _, Result, bail};
use std::ffi::OsString;
use std::io::{self, BufRead as _, BufReader};
#[cfg(unix)]
use std::os::unix::process::CommandExt as _;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A program that runs in the project's root, without standard input.
#[derive(Clone)]
pub(crate) struct Run<'a> {
    project: &'a Project,
    program: String,
    args: Vec<String>,
    env: Vec<(&'static str, OsString)>,
    path_first: Vec<PathBuf>,
}

impl<'a> Run<'a> {
    /// `program` is the name of a program on the PATH, or a path.
    pub(crate) fn new(project: &'a Project, program: &str) -> Run<'a> {
        Run { project, program: program.to_owned(), args: Vec::new(), env: Vec::new(), path_first: Vec::new() }
    }

    /// Adds arguments.
    pub(crate) fn args<S: AsRef<str>>(mut self, args: impl IntoIterator<Item = S>) -> Run<'a> {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &'static str, value: impl Into<OsString>) -> Run<'a> {
        self.env.push((name, value.into()));
        self
    }

    /// Puts folders before the PATH.
    pub(crate) fn path_first(mut self, dirs: impl IntoIterator<Item = PathBuf>) -> Run<'a> {
        self.path_first.extend(dirs);
        self
    }

    /// Prints the command and runs it; its output goes to the project's output.
    pub(crate) fn run(&self) -> Result<()> {
        match self.project.output() {
            // The program writes directly to the terminal, because many programs print colours only to a terminal.
            Output::Shown => {
                self.project.say(format_args!("$ {self}"));
                let status = self.command()?.status().with_context(|| format!("`{self}` did not start"))?;
                self.succeeded(status)
            }
            Output::Kept(_) => self.run_seeing(|_| ()),
        }
    }

    /// Prints the command and runs it. Each line of its standard output is written to the project's output and passed
    /// to `see`. If the project's output is collected, each line of the command's standard error is too.
    pub(crate) fn run_seeing(&self, mut see: impl FnMut(&str)) -> Result<()> {
        let output = self.project.output();
        self.project.say(format_args!("$ {self}"));
        let (printed, end) = io::pipe()?;
        let mut child = {
            let mut command = self.command()?;
            if matches!(output, Output::Kept(_)) {
                command.stderr(end.try_clone()?);
            }
            // `command` is dropped here, with its copies of the pipe's writing end: reading ends when the child ends.
            command.stdout(end).spawn().with_context(|| format!("`{self}` did not start"))?
        };
        let mut printed = BufReader::new(printed);
        let mut line = Vec::new();
        while printed.read_until(b'\n', &mut line).with_context(|| format!("`{self}` stopped writing"))? > 0 {
            output.write(&line)?;
            see(&String::from_utf8_lossy(&line));
            line.clear();
        }
        self.succeeded(child.wait()?)
    }

    /// On Unix, replaces this process by the command, so that a signal to this process reaches the command.
    pub(crate) fn exec(&self) -> Result<()> {
        let mut command = self.command()?;
        #[cfg(unix)]
        return Err(command.exec()).with_context(|| format!("`{self}` did not start"));
        #[cfg(not(unix))]
        return self.succeeded(command.status().with_context(|| format!("`{self}` did not start"))?);
    }

    fn succeeded(&self, status: ExitStatus) -> Result<()> {
        if !status.success() {
            bail!("`{self}` failed ({status})");
        }
        Ok(())
    }

    /// Runs the command silently and returns its standard output, trimmed.
    pub(crate) fn output(&self) -> Result<String> {
        let output = self.command()?.output().with_context(|| format!("`{self}` did not start"))?;
        if !output.status.success() {
            bail!("`{self}` failed ({}): {}", output.status, String::from_utf8_lossy(&output.stderr).trim());
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn command(&self) -> Result<Command> {
        let program =
            self.project.which(&self.program).with_context(|| format!("`{}` is not on the PATH", self.program))?;
        let mut command = Command::new(program);
        command.args(&self.args).envs(self.env.iter().cloned()).current_dir(self.project.root()).stdin(Stdio::null());
        if !self.path_first.is_empty() {
            command.env("PATH", self.project.path_with(&self.path_first)?);
        }
        Ok(command)
    }
}

/// The command in the syntax of a shell.
impl std::fmt::Display for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let root = self.project.root().to_string_lossy();
        let quoted = |word: &str| {
            let word = word.replace(&*root, "$PWD");
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=+:,@%".contains(c);
            if word.chars().all(plain) && !word.is_empty() { word } else { format!("\"{word}\"") }
        };
        if !self.path_first.is_empty() {
            let dirs: Vec<_> = self.path_first.iter().map(|dir| dir.to_string_lossy()).collect();
            write!(f, "PATH={} ", quoted(&format!("{}:$PATH", dirs.join(":"))))?;
        }
        for (name, value) in &self.env {
            write!(f, "{name}={} ", quoted(&value.to_string_lossy()))?;
        }
        write!(f, "{}", self.program)?;
        self.args.iter().try_for_each(|arg| write!(f, " {}", quoted(arg)))
    }
}

/// Runs the tasks `one` and `other` in parallel. The output of `other` is printed as a whole when `other` ends. Both
/// tasks run to their end, also if one of them fails.
pub(crate) fn at_once<A: Send, B: Send>(
    project: &Project,
    one: impl FnOnce(&Project) -> Result<A> + Send,
    other: impl FnOnce(&Project) -> Result<B> + Send,
) -> Result<(A, B)> {
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            let aside = project.keeping();
            let done = other(&aside);
            project.output().write(&aside.output().take())?;
            done
        });
        let one = one(project);
        let other = other.join().unwrap_or_else(|panic| resume_unwind(panic));
        Ok((one?, other?))
    })
}

/// Prints a heading, runs `work`, and prints how long `work` took.
pub(crate) fn timed<T>(project: &Project, what: &str, work: impl FnOnce() -> Result<T>) -> Result<(T, Duration)> {
    project.say(format_args!("\n== {what}"));
    let start = Instant::now();
    let done = work()?;
    let took = start.elapsed();
    project.say(format_args!("== {what}: done in {}", seconds(took)));
    Ok((done, took))
}

/// A duration in seconds, such as `1.5 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_printed_in_the_syntax_of_a_shell() {
        let project = Project::find().unwrap();
        let run = Run::new(&project, "wasm-pack")
            .args(["test", "--chromedriver", "/a b/chromedriver"])
            .env("CARGO_TARGET_DIR", project.at("target/wasm-simd"))
            .env("RUSTFLAGS", "-Ctarget-feature=+simd128")
            .path_first([project.at(".tools/bin")]);
        assert_eq!(
            run.to_string(),
            "PATH=\"$PWD/.tools/bin:$PATH\" CARGO_TARGET_DIR=\"$PWD/target/wasm-simd\" \
             RUSTFLAGS=-Ctarget-feature=+simd128 wasm-pack test --chromedriver \"/a b/chromedriver\""
        );
    }

    #[test]
    fn two_tasks_run_in_parallel() {
        let project = Project::find().unwrap();
        // Each task waits for the other at the barrier, so this test ends only if both run at the same time.
        let barrier = std::sync::Barrier::new(2);
        let wait = |_: &Project| Ok(barrier.wait().is_leader());
        let (one, other) = at_once(&project, wait, wait).unwrap();
        assert!(one != other);
    }

    #[test]
    fn an_error_of_either_task_is_returned() {
        let project = Project::find().unwrap();
        let fail = |_: &Project| -> Result<()> { bail!("no") };
        assert_eq!(at_once(&project, fail, |_| Ok(())).unwrap_err().to_string(), "no");
        assert_eq!(at_once(&project, |_| Ok(()), fail).unwrap_err().to_string(), "no");
    }

    #[test]
    fn the_output_of_the_second_task_is_printed_as_a_whole() {
        let project = Project::find().unwrap().keeping();
        at_once(
            &project,
            |project| {
                project.say("one");
                Ok(())
            },
            |project| {
                project.say("two");
                Run::new(project, "cargo").args(["no-such-command"]).run().unwrap_err();
                project.say("three");
                Ok(())
            },
        )
        .unwrap();
        let said = String::from_utf8(project.output().take()).unwrap().replace("one\n", "");
        assert!(said.starts_with("two\n$ cargo no-such-command\n") && said.ends_with("three\n"), "{said}");
        // Cargo prints this to its standard error.
        assert!(said.contains("no such command"), "{said}");
    }

    #[test]
    fn the_error_names_a_missing_program() {
        let project = Project::find().unwrap();
        let error = Run::new(&project, "no-such-program").output().unwrap_err();
        assert!(error.to_string().contains("no-such-program"));
    }

    #[test]
    fn output_is_read_line_by_line_and_an_error_names_the_command() {
        let project = Project::find().unwrap();
        let mut seen = Vec::new();
        Run::new(&project, "cargo").args(["--version"]).run_seeing(|line| seen.push(line.to_owned())).unwrap();
        assert!(matches!(&seen[..], [line] if line.starts_with("cargo ")));
        let error = Run::new(&project, "cargo").args(["no-such-command"]).run_seeing(|_| ()).unwrap_err();
        assert!(error.to_string().contains("`cargo no-such-command` failed"));
    }
}
