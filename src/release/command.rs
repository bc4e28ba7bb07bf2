//! The programs that a command line starts, as far as words tell.

/// Shells whose `-c` takes a script.
const SHELLS: [&str; 5] = ["sh", "bash", "ash", "dash", "busybox"];

/// The programs of a command, each with its arguments: one for a plain command, those of
/// every simple command of the script for `sh -c`.
#[must_use]
pub fn programs<'a>(words: &[&'a str]) -> Vec<Vec<&'a str>> {
    match script(words) {
        Some(script) => simple_commands(script),
        None if words.is_empty() => Vec::new(),
        None => vec![words.to_vec()],
    }
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
        words.skip_while(|word| is_prefix(word)).collect::<Vec<_>>()
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
}
