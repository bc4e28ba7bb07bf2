//! Options of uWSGI, wherever they are set: arguments, `UWSGI_…` variables, ini files.
//!
//! Source: uWSGI docs, "Configuring uWSGI": every option is also a variable, and a key of the
//! section `[uwsgi]`.

use super::ini::entries;
use super::program::Program;
use super::run::Run;
use crate::source::Span;

/// Options that name a file of another format, or files that are found when it starts.
const OTHER_FILES: [&str; 13] = [
    "--yaml",
    "--yml",
    "-y",
    "--json",
    "-j",
    "--xml",
    "-x",
    "--emperor",
    "--config",
    "--ini-paste",
    "--ini-paste-logged",
    "--set",
    "-S",
];
/// Keys of an ini file that bring in other ones.
const INCLUDES: [&str; 5] = ["ini", "include", "inherit", "import", "emperor"];

/// What is known of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// It is set there.
    Set(Span),
    /// It is not; the place of the section of the ini file, where there is one.
    Unset(Option<Span>),
    /// It may be, where nobody can look.
    Unknown,
}

impl Run<'_> {
    /// Whether an option of uWSGI's is set to a value that `fits`, in each container that runs it.
    /// An option without a value has the empty one.
    #[must_use]
    pub fn uwsgi_option(&self, program: &Program, name: &str, fits: impl Fn(&str) -> bool) -> Setting {
        let users = self.users().into_iter().map(|user| Self { container: Some(user), ..self.clone() });
        let settings: Vec<_> = users.map(|run| run.uwsgi_option_here(program, name, &fits)).collect();
        let has = |wanted: fn(&Setting) -> bool| settings.iter().copied().find(wanted);
        let worst = has(|it| matches!(it, Setting::Unset(_))).or_else(|| has(|it| *it == Setting::Unknown));
        let any = worst.or_else(|| settings.first().copied());
        any.unwrap_or_else(|| self.uwsgi_option_here(program, name, &fits))
    }

    fn uwsgi_option_here(&self, program: &Program, name: &str, fits: &impl Fn(&str) -> bool) -> Setting {
        let flag = format!("--{name}");
        let written = program.words.iter().enumerate().find(|(index, word)| {
            let next = || program.words.get(index + 1).map_or("", |next| next.text.as_str());
            match word.text.strip_prefix(&flag) {
                Some("") => fits("") || fits(next()),
                Some(value) => value.strip_prefix('=').is_some_and(fits),
                None => false,
            }
        });
        if let Some((_, word)) = written {
            return Setting::Set(word.place);
        }
        let variable = format!("UWSGI_{}", name.replace('-', "_").to_uppercase());
        match self.variable(&variable) {
            Variable::Set(value, place) if fits(&value) => return Setting::Set(place),
            Variable::Unknown => return Setting::Unknown,
            _ => {}
        }
        self.in_files(program, name, fits)
    }

    fn in_files(&self, program: &Program, name: &str, fits: &impl Fn(&str) -> bool) -> Setting {
        let texts: Vec<_> = program.texts().collect();
        let is_other =
            |word: &&str| OTHER_FILES.contains(&word.split('=').next().unwrap_or(word)) || word.contains('$');
        if texts.iter().any(is_other) {
            return Setting::Unknown;
        }
        let mut paths: Vec<String> = Vec::new();
        for (index, word) in texts.iter().enumerate() {
            match word.strip_prefix("--ini") {
                Some("") => paths.extend(texts.get(index + 1).map(ToString::to_string)),
                Some(path) => paths.extend(path.strip_prefix('=').map(str::to_string)),
                None if !word.starts_with('-') && (word.ends_with(".ini") || word.contains(".ini:")) => {
                    paths.push((*word).to_string());
                }
                None => {}
            }
        }
        match self.variable("UWSGI_INI") {
            Variable::Set(path, _) => paths.push(path),
            Variable::Unknown => return Setting::Unknown,
            Variable::Unset => {}
        }
        paths.sort();
        paths.dedup();
        self.in_ini_files(&paths, name, fits)
    }

    fn in_ini_files(&self, paths: &[String], name: &str, fits: &impl Fn(&str) -> bool) -> Setting {
        let mut section = None;
        let mut is_whole = true;
        for path in paths {
            // `uwsgi.ini:prod` means another section of the file.
            let (path, wanted) = path.rsplit_once(':').unwrap_or((path, "uwsgi"));
            let Some(file) = self.files().read(path) else {
                is_whole = false;
                continue;
            };
            for entry in entries(&file.text).filter(|entry| entry.section == wanted) {
                section = Some(file.part(entry.header.clone()));
                // `_` and `-` are the same in keys.
                if entry.key.replace('_', "-") == name && fits(entry.value) {
                    return Setting::Set(file.part(entry.line));
                }
                is_whole &= !INCLUDES.contains(&entry.key);
            }
        }
        if is_whole { Setting::Unset(section) } else { Setting::Unknown }
    }

    /// A variable of the process's environment.
    fn variable(&self, name: &str) -> Variable {
        let environment = self.environment();
        if let Some(variable) = environment.get(name) {
            let setting = variable.winner();
            return setting
                .value
                .known()
                .map_or(Variable::Unknown, |value| Variable::Set(value.to_string(), setting.at));
        }
        Variable::Unset
    }
}

enum Variable {
    Set(String, Span),
    Unset,
    Unknown,
}

/// Whether the value of an option says yes; one without a value does.
#[must_use]
pub fn is_on(value: &str) -> bool {
    !matches!(value.to_ascii_lowercase().as_str(), "0" | "false" | "no" | "off")
}
