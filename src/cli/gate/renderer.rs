//! The renderer: a child process whose output is kept until it has ended well.

mod group;

use std::ffi::OsString;
use std::io::{self, IsTerminal, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;

use super::{MAX_STREAM, too_long};
use crate::cli::Failure;
use group::Group;

/// Runs a program, apart from our process group or in it, and gives what it printed. What it
/// complains goes to our own standard error.
pub(super) fn run(command: &[OsString], is_apart: bool) -> Result<Vec<u8>, Failure> {
    let Some((program, arguments)) = command.split_first() else {
        return Ok(Vec::new());
    };
    let name = program.to_string_lossy();
    let group = Group::watch(is_apart)?;
    let mut command = Command::new(program);
    // In a group of its own it may not read from a terminal.
    let stdin = if io::stdin().is_terminal() { Stdio::null() } else { Stdio::inherit() };
    command.args(arguments).stdin(stdin).stdout(Stdio::piped());
    let mut child = group.spawn(&mut command).map_err(|error| Failure(format!("{name}: {error}")))?;
    let pipe = child.stdout.take();
    let reading = thread::spawn({
        let group = group.clone();
        move || pipe.map_or_else(|| Ok(Vec::new()), |pipe| read(pipe, &group))
    });
    let status = group.wait(&mut child)?;
    let output = reading.join().unwrap_or_else(|_| Err(io::Error::other("the reader broke down")));
    let output = output.map_err(|error| Failure(format!("{name}: {error}")))?;
    if output.len() as u64 > MAX_STREAM {
        return Err(too_long(&name));
    }
    match group.stopped_by() {
        Some(signal) => Err(Failure(format!("stopped by signal {signal}, and so was {name}: nothing was passed on"))),
        None if status.success() => Ok(output),
        None => Err(Failure(format!("{name} {}: nothing was passed on", ended(status)))),
    }
}

/// Reads up to one byte more than is allowed, and ends a renderer that prints more.
fn read(pipe: impl Read, group: &Group) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = pipe.take(MAX_STREAM + 1).read_to_end(&mut bytes);
    if read.is_err() || bytes.len() as u64 > MAX_STREAM {
        group.kill();
    }
    read.map(|_| bytes)
}

#[cfg(unix)]
fn ended(status: ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exited with status {code}"),
        (None, Some(signal)) => format!("was killed by signal {signal}"),
        (None, None) => "ended in an unknown way".to_string(),
    }
}

#[cfg(not(unix))]
fn ended(status: ExitStatus) -> String {
    format!("exited with status {}", status.code().unwrap_or(-1))
}
