//! What a process reads at a path: a file that the Dockerfile copies from the build context, or
//! one that a ConfigMap is mounted as.
//!
//! What cannot be read is not known; nobody may take it for absent.

use std::borrow::Cow;

use super::makers::{directory_of, join};
use crate::release::build::Stage;
use crate::release::config::ConfigKind;
use crate::release::{Container, Field, Releases};
use crate::source::{SourceId, Span};
use crate::syntax::dockerfile::{Instruction, Keyword};

/// Files that are copied through this many stages are looked for.
const MAX_STAGES: usize = 8;

/// A file of the tree that is no manifest and no Dockerfile, but may be copied into an image.
#[derive(Clone, Copy, Debug)]
pub struct ContextFile<'a> {
    /// Its source.
    pub source: SourceId,
    /// Its text.
    pub text: &'a str,
}

/// A text with its place.
#[derive(Clone, Debug)]
pub struct FileText<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// Where it stands: byte for byte, or the key that holds it.
    pub place: Span,
}

impl FileText<'_> {
    /// The place of a part of it; of all of it, where it does not stand byte for byte.
    #[must_use]
    pub fn part(&self, range: std::ops::Range<usize>) -> Span {
        let is_exact = self.text.len() == (self.place.end - self.place.start) as usize;
        let at = |offset: usize| self.place.start + offset as u32;
        if is_exact { Span::new(self.place.source, at(range.start), at(range.end)) } else { self.place }
    }
}

/// The files of a container, or of an image by itself.
#[derive(Clone, Copy)]
pub(super) struct Files<'a> {
    pub(super) releases: &'a Releases<'a>,
    pub(super) container: Option<Container<'a>>,
    pub(super) stage: Option<Stage<'a>>,
}

impl<'a> Files<'a> {
    /// The file at a path, which may be relative to the working directory.
    pub(super) fn read(self, path: &str) -> Option<FileText<'a>> {
        if path.contains('$') || path.is_empty() {
            return None;
        }
        let path = if path.starts_with('/') { path.to_string() } else { format!("{}/{path}", self.directory()?) };
        let path = format!("/{}", join("", &path)?);
        match self.container.map(|container| mounted(container, &path)) {
            Some(Mounted::File(file)) => Some(file),
            Some(Mounted::Unknown) => None,
            _ => copied(self.releases, self.stage?, &path, 0),
        }
    }

    /// The files of a directory whose names end as a pattern says (`/etc/supervisor/conf.d/*.conf`),
    /// as far as the Dockerfile copies them by their names.
    pub(super) fn matching(self, pattern: &str) -> Vec<FileText<'a>> {
        let Some((directory, name)) = pattern.rsplit_once('/') else { return Vec::new() };
        let Some((start, end)) = name.split_once('*') else { return self.read(pattern).into_iter().collect() };
        let copies = self.stage.into_iter().flat_map(|stage| stage.chain().collect::<Vec<_>>());
        let copies = copies.flat_map(|stage| stage.instructions());
        let copies = copies.filter(|it| matches!(it.keyword, Keyword::Copy | Keyword::Add));
        let words = copies.flat_map(|it| it.words()).map(|word| word.unquoted());
        let names = words.filter_map(|word| Some(word.rsplit('/').next()?.to_string()));
        let mut names: Vec<_> = names.filter(|name| name.starts_with(start) && name.ends_with(end)).collect();
        names.sort();
        names.dedup();
        names.iter().filter_map(|name| self.read(&format!("{directory}/{name}"))).collect()
    }

    /// The working directory of the process.
    pub(super) fn directory(self) -> Option<String> {
        let said = self.container.and_then(|container| container.field().get("workingDir").string());
        said.map(str::to_string).or_else(|| self.stage?.directory_at(usize::MAX))
    }
}

enum Mounted<'a> {
    File(FileText<'a>),
    /// Something is mounted there, and what it holds cannot be told.
    Unknown,
    Nothing,
}

fn mounted<'a>(container: Container<'a>, path: &str) -> Mounted<'a> {
    let mut found = Mounted::Nothing;
    for mount in container.field().get("volumeMounts").items() {
        let (Some(at), Some(name)) = (mount.get("mountPath").string(), mount.get("name").string()) else { continue };
        let at = at.trim_end_matches('/');
        let Some(rest) = path.strip_prefix(at).filter(|rest| rest.is_empty() || rest.starts_with('/')) else {
            continue;
        };
        let key = mount.get("subPath").string().map(str::to_string);
        let key = match (key, rest.trim_start_matches('/')) {
            (Some(sub), "") => sub,
            (Some(sub), rest) => format!("{sub}/{rest}"),
            (None, rest) => rest.to_string(),
        };
        let volumes = container.workload().pod_spec().get("volumes").items();
        let volume = volumes.into_iter().find(|volume| volume.get("name").string() == Some(name));
        found = volume.and_then(|volume| config_file(container, volume, &key)).map_or(Mounted::Unknown, Mounted::File);
    }
    found
}

/// A file of a volume that a ConfigMap is.
fn config_file<'a>(container: Container<'a>, volume: Field<'a>, file: &str) -> Option<FileText<'a>> {
    let source = volume.get("configMap");
    let object = container.workload().object();
    let is_core = |object: &crate::release::Object<'a>| object.group().is_empty();
    let kind = ConfigKind::ConfigMap.as_str();
    let found = container.workload().releases().find(object, kind, source.get("name").string()?, is_core);
    let mut items = source.get("items").items().peekable();
    let key = match items.peek() {
        Some(_) => items.find(|item| item.get("path").string() == Some(file))?.get("key").string()?,
        None => file,
    };
    let [only] = found.as_slice() else { return None };
    let entry = only.field().get("data").get(key);
    Some(FileText { text: Cow::Borrowed(entry.string()?), place: entry.key_place() })
}

/// A file that a stage, or one below it, copies to a path.
fn copied<'a>(releases: &'a Releases<'a>, stage: Stage<'a>, path: &str, depth: usize) -> Option<FileText<'a>> {
    if depth > MAX_STAGES {
        return None;
    }
    stage.chain().find_map(|stage| {
        let copies = stage.instructions().iter().enumerate().rev();
        let mut copies = copies.filter(|(_, it)| matches!(it.keyword, Keyword::Copy | Keyword::Add));
        copies.find_map(|(index, copy)| Copy { releases, stage, index, copy }.file(path, depth))
    })
}

/// A `COPY` of a stage.
struct Copy<'a> {
    releases: &'a Releases<'a>,
    stage: Stage<'a>,
    index: usize,
    copy: &'a Instruction,
}

impl<'a> Copy<'a> {
    fn file(&self, path: &str, depth: usize) -> Option<FileText<'a>> {
        let words: Vec<_> = self.copy.words().iter().map(|word| self.stage.filled_in(word, self.index)).collect();
        let (to, from) = words.split_last()?;
        let to = to.as_deref()?;
        let into = to.ends_with('/') || from.len() > 1;
        let to =
            if to.starts_with('/') { to.to_string() } else { format!("{}/{to}", self.stage.directory_at(self.index)?) };
        let to = format!("/{}", join("", &to)?);
        let heredocs = self.copy.heredocs.iter().map(|heredoc| (heredoc.delimiter.as_str(), Some(heredoc)));
        let named = from.iter().flatten().filter(|it| !it.starts_with("<<")).map(|it| (it.as_str(), None));
        heredocs.chain(named).find_map(|(source, heredoc)| {
            let rest = below(path, &to, source, into)?;
            match (heredoc, rest) {
                (Some(heredoc), None) => {
                    let text = &self.stage.build().dockerfile.text[heredoc.body.range()];
                    Some(FileText { text: Cow::Borrowed(text), place: heredoc.body })
                }
                (Some(_), Some(_)) => None,
                (None, rest) => self.source(source, rest, depth),
            }
        })
    }

    /// A file of what is copied from: a stage, or the build context.
    fn source(&self, source: &str, rest: Option<&str>, depth: usize) -> Option<FileText<'a>> {
        if let Some(from) = self.copy.flags_named("from").next() {
            let build = self.stage.build();
            let stage = build.stages().find(|stage| stage.is_called(&from.unquoted()))?;
            let path =
                rest.map_or_else(|| source.to_string(), |rest| format!("{}/{rest}", source.trim_end_matches('/')));
            return copied(self.releases, stage, &format!("/{}", join("", &path)?), depth + 1);
        }
        let relative = source.trim_start_matches('/');
        self.releases.contexts_of(self.stage.build()).into_iter().find_map(|context| {
            let base = join(context, if relative.is_empty() { "." } else { relative })?;
            let path = match rest {
                None => base,
                Some(rest) if source.contains('*') => join(directory_of(&base), rest)?,
                Some(rest) => join(&base, rest).or_else(|| (base.is_empty()).then(|| rest.to_string()))?,
            };
            let file = self.releases.context_file(&path)?;
            let place = Span::new(file.source, 0, file.text.len() as u32);
            Some(FileText { text: Cow::Borrowed(file.text), place })
        })
    }
}

/// What a path is, copied from `source` to `to`: the source itself, a file below it, or neither.
fn below<'p>(path: &'p str, to: &str, source: &str, into: bool) -> Option<Option<&'p str>> {
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or(source);
    if path == to && !into {
        return Some(None);
    }
    let rest = path.strip_prefix(to)?;
    let rest = rest.strip_prefix('/').or_else(|| (to == "/").then_some(rest))?;
    if rest == name && !matches!(name, "." | "..") {
        return Some(None);
    }
    Some(Some(rest))
}

impl<'b> Stage<'b> {
    /// Whether a `--from` means it, by its name or its index.
    fn is_called(self, name: &str) -> bool {
        self.title().eq_ignore_ascii_case(name) || self.index.to_string() == name
    }

    /// `WORKDIR` before one of its instructions; `/` where none is written and nothing is known
    /// of the base image's, nothing where a variable decides.
    fn directory_at(self, instruction: usize) -> Option<String> {
        let mut said = Vec::new();
        for (step, stage) in self.chain().enumerate() {
            let limit = if step == 0 { instruction } else { usize::MAX };
            let directories = stage.instructions().iter().enumerate().take_while(|(index, _)| *index < limit);
            let directories = directories.filter(|(_, it)| it.keyword == Keyword::Workdir);
            let mut directories: Vec<_> = directories.map(|(index, it)| (stage, index, it)).collect();
            directories.reverse();
            said.extend(directories);
        }
        let mut directory = String::from("/");
        for (stage, index, it) in said.into_iter().rev() {
            let path = stage.filled_in(it.words().first()?, index)?;
            directory = if path.starts_with('/') { path } else { format!("{directory}/{path}") };
        }
        Some(directory)
    }
}
