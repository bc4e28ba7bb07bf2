//! Programs that start another one: `rules/knowledge/wrappers.yaml`.

include!(concat!(env!("OUT_DIR"), "/wrappers.rs"));

/// A row of the list.
struct Wrapper {
    program: &'static str,
    verb: Option<&'static str>,
    arguments: usize,
    valued: &'static [&'static str],
    group: &'static [&'static str],
    alone: &'static [&'static str],
    init: bool,
}

/// What programs did that were left out of a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Every process below is told of a signal.
    pub tells_group: bool,
    /// One of them stays, and passes signals on.
    pub has_init: bool,
    /// Signals that are changed on their way: `15:3`.
    pub rewrites: Vec<String>,
}

/// How many words belong to a program that starts another one, if the first is one.
#[must_use]
pub fn skip_launcher(words: &[&str], skipped: &mut Skipped) -> Option<usize> {
    let program = words.first()?.rsplit('/').next()?;
    let verb = words.get(1).copied();
    let fits = |row: &&Wrapper| row.program == program && (row.verb.is_none() || row.verb == verb);
    let row = WRAPPERS.iter().find(fits)?;
    let mut at = 1 + usize::from(row.verb.is_some());
    let mut alone = false;
    let mut group = row.group.contains(&"always");
    while let Some(word) = words.get(at) {
        let is_assignment = program == "env" && word.contains('=') && !word.starts_with('-');
        if !word.starts_with('-') && !is_assignment {
            break;
        }
        at += 1;
        if *word == "--" {
            break;
        }
        group |= row.group.contains(word);
        alone |= row.alone.contains(word);
        let name = word.split('=').next().unwrap_or(word);
        if row.valued.contains(&name) {
            let value = word.split_once('=').map(|(_, value)| value).or_else(|| words.get(at).copied());
            at += usize::from(!word.contains('='));
            if matches!(name, "-r" | "--rewrite") {
                skipped.rewrites.extend(value.map(str::to_string));
            }
        }
    }
    skipped.has_init |= row.init;
    skipped.tells_group |= group && !alone;
    Some(at + row.arguments)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skip(line: &str) -> (Option<usize>, Skipped) {
        let words: Vec<_> = line.split(' ').collect();
        let mut skipped = Skipped::default();
        (skip_launcher(&words, &mut skipped), skipped)
    }

    #[test]
    fn options_arguments_and_verbs_are_skipped() {
        for (line, count) in [
            ("/sbin/tini -e 143 -- gunicorn", 4),
            ("dumb-init gunicorn", 1),
            ("env -u X A=1 B=2 gunicorn", 5),
            ("timeout -k3 5s psql", 3),
            ("gosu app gunicorn", 2),
            ("poetry run gunicorn", 2),
        ] {
            assert_eq!(skip(line).0, Some(count), "{line}");
        }
        assert_eq!(skip("poetry install").0, None);
        assert_eq!(skip("gunicorn app").0, None);
    }

    #[test]
    fn init_programs_tell_one_or_all_and_may_rewrite() {
        assert!(skip("dumb-init -- sh").1.tells_group);
        assert!(!skip("dumb-init -c -- sh").1.tells_group);
        assert!(!skip("tini -- sh").1.tells_group && skip("tini -g -- sh").1.tells_group);
        assert_eq!(skip("dumb-init --rewrite 15:3 -- nginx").1.rewrites, ["15:3"]);
        assert_eq!(skip("dumb-init -r 15:3 nginx").0, Some(3));
    }
}
