//! A child process with limits: no shell, no input, no terminal, no network as far as it
//! minds the usual variables, and an end to its time and its output.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What a child process may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The time until it is killed.
    pub time: Duration,
    /// How many bytes it may print.
    pub output: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(60), output: 128 * 1024 * 1024 }
    }
}

/// How often a running process is looked at.
const PAUSE: Duration = Duration::from_millis(5);
/// More of what a process complains is not kept.
const MAX_COMPLAINT: u64 = 1024 * 1024;
/// A proxy where nobody listens: what reaches for the network fails at once.
const NOWHERE: &str = "http://127.0.0.1:9";

/// How a child process ended.
#[derive(Debug)]
pub(in crate::input) enum Ended {
    /// By itself.
    Exited { succeeded: bool, output: Vec<u8>, complaint: String },
    /// Killed: it took too long.
    OutOfTime,
    /// Killed: it printed too much.
    TooMuchOutput,
}

/// Runs a program in a directory.
pub(super) fn run(program: &Path, arguments: &[String], directory: &Path, limits: Limits) -> io::Result<Ended> {
    run_with(program, arguments, directory, limits, &[])
}

/// Runs a program in a directory, with variables besides those that are there.
pub(in crate::input) fn run_with(
    program: &Path,
    arguments: &[String],
    directory: &Path,
    limits: Limits,
    variables: &[(&str, &OsStr)],
) -> io::Result<Ended> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory).envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for variable in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"] {
        command.env(variable, NOWHERE);
    }
    command.env("NO_PROXY", "").env("no_proxy", "").env("GIT_ALLOW_PROTOCOL", "none").env("GIT_TERMINAL_PROMPT", "0");
    command.env_remove("HELM_DEBUG");
    own_group(&mut command);
    let mut child = command.spawn()?;
    let output = child.stdout.take().map(|pipe| read(pipe, limits.output));
    let complaint = child.stderr.take().map(|pipe| read(pipe, MAX_COMPLAINT));
    let end = wait(&mut child, limits, || output.as_ref().is_some_and(Reading::is_full))?;
    let status = match end {
        End::Exited(status) => status,
        End::OutOfTime => return Ok(Ended::OutOfTime),
        End::TooMuchOutput => return Ok(Ended::TooMuchOutput),
    };
    // What it started may still hold its pipes.
    kill_group(&mut child);
    let bytes = |reading: Option<Reading>| reading.map(Reading::finish).unwrap_or_default();
    let output = bytes(output);
    if output.len() as u64 > limits.output {
        return Ok(Ended::TooMuchOutput);
    }
    let complaint = String::from_utf8_lossy(&bytes(complaint)).into_owned();
    Ok(Ended::Exited { succeeded: status.success(), output, complaint })
}

/// Why nobody waits any longer.
enum End {
    Exited(ExitStatus),
    OutOfTime,
    TooMuchOutput,
}

fn wait(child: &mut Child, limits: Limits, is_full: impl Fn() -> bool) -> io::Result<End> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(End::Exited(status));
        }
        let end = match (started.elapsed() > limits.time, is_full()) {
            (true, _) => Some(End::OutOfTime),
            (_, true) => Some(End::TooMuchOutput),
            _ => None,
        };
        if let Some(end) = end {
            kill_group(child);
            child.kill()?;
            child.wait()?;
            return Ok(end);
        }
        thread::sleep(PAUSE);
    }
}

/// A pipe that a thread reads, up to one byte more than is allowed.
struct Reading {
    thread: thread::JoinHandle<Vec<u8>>,
    full: Arc<AtomicBool>,
}

fn read(pipe: impl Read + Send + 'static, most: u64) -> Reading {
    let full = Arc::new(AtomicBool::new(false));
    let tell = Arc::clone(&full);
    let thread = thread::spawn(move || {
        let mut bytes = Vec::new();
        // An error ends the output like its end does; the exit status tells what it was.
        let _ = pipe.take(most + 1).read_to_end(&mut bytes);
        tell.store(bytes.len() as u64 > most, Ordering::Relaxed);
        bytes
    });
    Reading { thread, full }
}

impl Reading {
    fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    fn finish(self) -> Vec<u8> {
        self.thread.join().unwrap_or_default()
    }
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_: &mut Command) {}

/// Kills a process and all that it started. It may be gone already.
#[cfg(unix)]
fn kill_group(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill_group(_: &mut Child) {}

/// The file that a program's name stands for on the `PATH`.
pub(in crate::input) fn find(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let name = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    // A relative directory of the PATH would be one of whatever tree is linted.
    let directories = std::env::split_paths(&path).filter(|directory| directory.is_absolute());
    directories.map(|directory| directory.join(&name)).find(|file| is_executable(file))
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str, limits: Limits) -> Ended {
        run(Path::new("/bin/sh"), &["-c".to_string(), script.to_string()], Path::new("/"), limits).unwrap()
    }

    #[test]
    fn what_a_process_prints_and_complains_is_kept_apart() {
        let ended = shell("echo out; echo err >&2; exit 3", Limits::default());
        let Ended::Exited { succeeded, output, complaint } = ended else { panic!("{ended:?}") };
        assert_eq!((succeeded, output.as_slice(), complaint.as_str()), (false, &b"out\n"[..], "err\n"));
    }

    #[test]
    fn a_process_that_takes_too_long_is_killed_with_all_it_started() {
        let started = Instant::now();
        let limits = Limits { time: Duration::from_millis(200), ..Limits::default() };
        assert!(matches!(shell("sleep 30 & sleep 30", limits), Ended::OutOfTime));
        assert!(started.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_process_that_prints_too_much_is_killed() {
        let limits = Limits { output: 1000, ..Limits::default() };
        assert!(matches!(shell("yes", limits), Ended::TooMuchOutput));
        assert!(matches!(shell("yes | head -c 2000", limits), Ended::TooMuchOutput));
        assert!(matches!(shell("yes | head -c 1000", limits), Ended::Exited { succeeded: true, .. }));
    }
}
