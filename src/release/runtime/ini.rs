//! Files of sections with keys and values: uwsgi.ini, supervisord.conf.

use std::ops::Range;

/// A line `key = value`, or a key alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    /// The section that it stands in, without brackets.
    pub(super) section: &'t str,
    pub(super) key: &'t str,
    pub(super) value: &'t str,
    /// The line, without white space around it.
    pub(super) line: Range<usize>,
    /// The line that opens the section.
    pub(super) header: Range<usize>,
}

/// The entries of a text, in order. A line that begins with white space goes on with the value
/// before it, and is left out.
pub(super) fn entries(text: &str) -> impl Iterator<Item = Entry<'_>> {
    let (mut section, mut header, mut at) = ("", 0..0, 0);
    text.split_inclusive('\n').filter_map(move |line| {
        let start = at;
        at += line.len();
        let trimmed = line.trim();
        let range = start..start + line.trim_end().len();
        if trimmed.is_empty() || line.starts_with([' ', '\t', '#', ';']) {
            return None;
        }
        if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            (section, header) = (name, range);
            return None;
        }
        let (key, value) = trimmed.split_once('=').unwrap_or((trimmed, ""));
        let value = value.split(" ;").next().unwrap_or(value);
        Some(Entry { section, key: key.trim(), value: value.trim(), line: range, header: header.clone() })
    })
}

#[cfg(test)]
mod tests {
    use super::entries;

    #[test]
    fn lines_are_told_apart() {
        let text = "; nothing\n[uwsgi]\nmodule = shop.wsgi\r\ndie-on-term=true ; yes\nmaster\n\n[program:web]\ncommand=/run\n  --with more\n";
        let all: Vec<_> = entries(text).map(|it| (it.section, it.key, it.value, &text[it.line])).collect();
        assert_eq!(
            all,
            [
                ("uwsgi", "module", "shop.wsgi", "module = shop.wsgi"),
                ("uwsgi", "die-on-term", "true", "die-on-term=true ; yes"),
                ("uwsgi", "master", "", "master"),
                ("program:web", "command", "/run", "command=/run"),
            ]
        );
    }
}
