//! Which shell runs a `RUN`, and with which options.

use crate::knowledge::{BASH_IMAGES, BUSYBOX_IMAGES, DASH_IMAGES, base_name, image_tag};

/// A shell that reads POSIX scripts, by how it differs from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShellKind {
    /// Debian's `/bin/sh`: `[[` is no command.
    Dash,
    /// Alpine's `/bin/sh`: `[[` is another name for `[`.
    Busybox,
    /// bash, under its own name or as `/bin/sh`.
    Bash,
    /// One of those: the base image does not tell.
    Unknown,
}

impl ShellKind {
    /// The shell behind a program's name; `sh` may be any.
    #[must_use]
    pub fn of_program(name: &str) -> Option<Self> {
        Some(match name.rsplit('/').next()? {
            "bash" => Self::Bash,
            "dash" => Self::Dash,
            "ash" => Self::Busybox,
            _ => return None,
        })
    }

    /// What `/bin/sh` is in an image.
    #[must_use]
    pub fn of_image(image: &str) -> Self {
        let (name, tag) = (base_name(image), image_tag(image));
        let is_in = |list: &[&str]| list.binary_search(&name).is_ok();
        let alpine = tag.is_some_and(|tag| tag.split(['-', '.']).any(|part| part.starts_with("alpine")));
        if alpine || is_in(BUSYBOX_IMAGES) {
            Self::Busybox
        } else if is_in(BASH_IMAGES) {
            Self::Bash
        } else if is_in(DASH_IMAGES) {
            Self::Dash
        } else {
            Self::Unknown
        }
    }
}

/// The options of a shell that change what a failing command does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `-e`
    pub errexit: bool,
    /// `-u`
    pub nounset: bool,
    /// `-o pipefail`
    pub pipefail: bool,
}

impl Options {
    /// The options among the words behind a shell's name.
    pub fn read<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        Self::default().with(words)
    }

    /// These options, changed as by `set`.
    #[must_use]
    pub fn with<'w>(mut self, words: impl Iterator<Item = &'w str>) -> Self {
        let mut named = None;
        for word in words {
            let on = !word.starts_with('+');
            if let Some(on) = named.take() {
                self.name(word, on);
            } else if word == "--" || !word.starts_with(['-', '+']) {
                break;
            } else {
                for letter in word.chars().skip(1) {
                    match letter {
                        'e' => self.errexit = on,
                        'u' => self.nounset = on,
                        'o' => named = Some(on),
                        _ => {}
                    }
                }
            }
        }
        self
    }

    fn name(&mut self, name: &str, on: bool) {
        match name {
            "errexit" => self.errexit = on,
            "nounset" => self.nounset = on,
            "pipefail" => self.pipefail = on,
            _ => {}
        }
    }
}

/// A shell with its options: the default one, or what `SHELL` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shell {
    /// What it is.
    pub kind: ShellKind,
    /// Its options.
    pub options: Options,
}

impl Shell {
    /// The shell of the words of a `SHELL` instruction or of a heredoc's first line; nothing
    /// where it reads no POSIX script. `sh` is what `default` is.
    #[must_use]
    pub fn of_words(words: &[&str], default: ShellKind) -> Option<Self> {
        let words = match words {
            [env, rest @ ..] if env.ends_with("/env") => rest,
            words => words,
        };
        let (program, flags) = words.split_first()?;
        let kind = match program.rsplit('/').next()? {
            "sh" => default,
            _ => ShellKind::of_program(program)?,
        };
        Some(Self { kind, options: Options::read(flags.iter().copied()) })
    }
}
