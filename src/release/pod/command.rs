//! The programs that a command line starts, as far as words tell.

use crate::knowledge::wrappers::{Skipped, skip_launcher};

/// Shells whose `-c` takes a script.
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "busybox"];

/// The programs of a command, each with its arguments: one for a plain command, those of
/// every simple command of the script for `sh -c`.
#[must_use]
pub fn programs<'a>(words: &[&'a str]) -> Vec<Vec<&'a str>> {
    match script(words) {
        Some(script) => simple_commands(script),
        None if words.is_empty() => Vec::new(),
        None => vec![started(words.to_vec())],
    }
}

/// A command without the programs before it that only start another one.
fn started(mut words: Vec<&str>) -> Vec<&str> {
    let mut skipped = Skipped::default();
    while let Some(skip) = skip_launcher(&words, &mut skipped).filter(|skip| *skip < words.len()) {
        words.drain(..skip);
    }
    words
}

/// The script of `sh -c SCRIPT`.
fn script<'a>(words: &[&'a str]) -> Option<&'a str> {
    let shell = words.first().is_some_and(|word| SHELLS.contains(&base_name(word)));
    let flag = words.iter().position(|word| word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'));
    words.get(flag.filter(|_| shell)? + 1).copied()
}

/// The simple commands of a script, without the words before a program that only change how
/// it is started.
fn simple_commands(script: &str) -> Vec<Vec<&str>> {
    let parts = script.split(['\n', ';', '&', '|', '(', ')', '{', '}', '`']);
    let commands = parts.map(|part| {
        let words = part.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        started(words.skip_while(|word| is_prefix(word)).collect())
    });
    commands.filter(|command| !command.is_empty()).collect()
}

fn is_prefix(word: &str) -> bool {
    const WORDS: [&str; 11] = ["exec", "if", "then", "else", "while", "until", "do", "!", "time", "command", "$"];
    let assigns = word.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    assigns || WORDS.contains(&word)
}

/// The last component of a path.
#[must_use]
pub fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_of_plain_and_shell_commands() {
        assert_eq!(programs(&["pg_isready", "-h", "db"]), [vec!["pg_isready", "-h", "db"]]);
        assert_eq!(programs(&["/bin/sh", "-c", "exec pg_isready -U \"$U\" || exit 1"])[0], ["pg_isready", "-U", "$U"]);
        assert_eq!(
            programs(&["bash", "-ec", "X=1 python a.py; echo ok"]),
            [vec!["python", "a.py"], vec!["echo", "ok"]]
        );
        assert!(programs(&[]).is_empty());
    }

    #[test]
    fn what_only_starts_another_program_is_skipped() {
        assert_eq!(programs(&["timeout", "-s", "KILL", "5", "psql"])[0][0], "5", "options with a value are not known");
        for line in ["timeout 5 psql", "timeout -k3 5s psql", "env A=1 psql", "gosu postgres psql", "poetry run psql"] {
            let words: Vec<_> = line.split(' ').collect();
            assert_eq!(programs(&words), [vec!["psql"]], "{line}");
            assert_eq!(programs(&["sh", "-c", line]), [vec!["psql"]], "{line}");
        }
        assert_eq!(programs(&["timeout", "5"]), [vec!["timeout", "5"]]);
    }
}
