//! The process group of a renderer, and the signals that are passed on to it.
//!
//! The renderer is in a group of its own, so that all that it starts can be ended with it; so the
//! signals are passed on, and what does not mind them is killed before we are. Under Argo CD it
//! stays in our group: there we are killed at once, and the group is sent SIGTERM, and SIGKILL
//! five seconds later.

#[cfg(unix)]
pub(super) use unix::Group;

#[cfg(not(unix))]
pub(super) use elsewhere::Group;

#[cfg(unix)]
mod unix {
    use std::io;
    use std::os::unix::process::CommandExt;
    use std::process::{Child, Command, ExitStatus};
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
    use std::thread;
    use std::time::Duration;

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, kill_process_group, waitid};
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use crate::cli::FAILED;

    /// What a renderer has to end in after a signal.
    const PATIENCE: Duration = Duration::from_secs(3);

    /// The group of a renderer, while it runs.
    #[derive(Clone, Default)]
    pub(in super::super) struct Group(Arc<Mutex<State>>);

    #[derive(Default)]
    struct State {
        /// The leader, which is not reaped while it stands here: its number is not another's.
        leader: Option<Pid>,
        stopped_by: Option<i32>,
        /// Whether the renderer is in a group of its own.
        is_apart: bool,
    }

    impl Group {
        /// From now on signals are passed on.
        pub(in super::super) fn watch(is_apart: bool) -> io::Result<Self> {
            let group = Self::default();
            group.state().is_apart = is_apart;
            let mut signals = Signals::new([SIGTERM, SIGINT, SIGHUP])?;
            let watching = group.clone();
            thread::spawn(move || {
                for signal in signals.forever() {
                    watching.stop(signal);
                }
            });
            Ok(group)
        }

        /// Starts the renderer. A signal that comes meanwhile waits.
        pub(in super::super) fn spawn(&self, command: &mut Command) -> io::Result<Child> {
            let mut state = self.state();
            if state.is_apart {
                command.process_group(0);
            }
            let child = command.spawn()?;
            state.leader = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
            Ok(child)
        }

        /// Waits for the end of the renderer, and ends what it leaves behind.
        pub(in super::super) fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
            let leader = self.state().leader;
            while let Some(leader) = leader {
                match waitid(WaitId::Pid(leader), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT) {
                    Err(rustix::io::Errno::INTR) => {}
                    Err(error) => return Err(error.into()),
                    Ok(_) => break,
                }
            }
            self.kill();
            self.state().leader = None;
            child.wait()
        }

        /// The signal that ended it all.
        pub(in super::super) fn stopped_by(&self) -> Option<i32> {
            self.state().stopped_by
        }

        /// Kills the renderer and all that it started. They may be gone already.
        pub(in super::super) fn kill(&self) {
            self.send(Signal::KILL);
        }

        fn send(&self, signal: Signal) {
            let state = self.state();
            if let Some(leader) = state.leader {
                let send = if state.is_apart { kill_process_group } else { kill_process };
                let _ = send(leader, signal);
            }
        }

        /// Passes a signal on; without a renderer there is nothing to wait for.
        fn stop(&self, signal: i32) {
            {
                let mut state = self.state();
                state.stopped_by = Some(signal);
                if state.leader.is_none() {
                    std::process::exit(i32::from(FAILED));
                }
            }
            self.send(Signal::from_named_raw(signal).unwrap_or(Signal::TERM));
            thread::sleep(PATIENCE);
            self.kill();
        }

        fn state(&self) -> MutexGuard<'_, State> {
            self.0.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }
}

#[cfg(not(unix))]
mod elsewhere {
    use std::io;
    use std::process::{Child, Command, ExitStatus};

    /// Where there are no process groups, the system ends what belongs together.
    #[derive(Clone)]
    pub(in super::super) struct Group;

    impl Group {
        pub(in super::super) fn watch(_is_apart: bool) -> io::Result<Self> {
            Ok(Self)
        }

        pub(in super::super) fn spawn(&self, command: &mut Command) -> io::Result<Child> {
            command.spawn()
        }

        pub(in super::super) fn wait(&self, child: &mut Child) -> io::Result<ExitStatus> {
            child.wait()
        }

        pub(in super::super) fn stopped_by(&self) -> Option<i32> {
            None
        }

        pub(in super::super) fn kill(&self) {}
    }
}
