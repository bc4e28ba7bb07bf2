//! A word to whom is waiting: on a terminal only, and only for work above a second.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Work below this is done before anybody reads that it goes on.
const PATIENCE: Duration = Duration::from_secs(1);
/// The line begins anew, and is empty.
const CLEAR: &str = "\r\u{1b}[2K";

/// Says what goes on until it is dropped.
pub(super) struct Progress {
    sender: Option<Sender<&'static str>>,
    writer: Option<JoinHandle<()>>,
}

impl Progress {
    pub(super) fn start(is_wanted: bool) -> Self {
        if !is_wanted || !io::stderr().is_terminal() {
            return Self { sender: None, writer: None };
        }
        let (sender, receiver) = channel::<&'static str>();
        let writer = thread::spawn(move || {
            let started = Instant::now();
            let mut stage = "reading";
            let mut is_shown = false;
            loop {
                match receiver.recv_timeout(PATIENCE) {
                    Ok(next) => stage = next,
                    Err(RecvTimeoutError::Timeout) => {}
                    Err(RecvTimeoutError::Disconnected) => break,
                }
                if started.elapsed() >= PATIENCE {
                    is_shown = true;
                    // Nothing can be done where not even that can be written.
                    let _ = write!(io::stderr(), "{CLEAR}{stage} … {} s", started.elapsed().as_secs());
                    let _ = io::stderr().flush();
                }
            }
            if is_shown {
                let _ = write!(io::stderr(), "{CLEAR}");
            }
        });
        Self { sender: Some(sender), writer: Some(writer) }
    }

    /// Says what goes on now.
    pub(super) fn stage(&self, stage: &'static str) {
        if let Some(sender) = &self.sender {
            let _ = sender.send(stage);
        }
    }

    /// Leaves the line to others.
    pub(super) fn stop(&mut self) {
        self.sender = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.stop();
    }
}
