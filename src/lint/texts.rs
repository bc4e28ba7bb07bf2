//! Bytes into texts, texts into documents.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::input::render::Render;
use crate::input::{Decoded, Encoding, InputFile, Inputs, decode, is_context_name, is_dockerfile_name};
use crate::source::{SourceId, Sources};
use crate::syntax::SyntaxError;
use crate::syntax::dockerfile::{self, Dockerfile};
use crate::syntax::yaml::{self, Document};

/// The texts of all inputs.
pub struct Texts {
    /// The texts, with the paths to print.
    pub sources: Sources,
    pub(super) files: Vec<FileText>,
}

/// A file's text, and what it is read as.
pub(super) struct FileText {
    pub(super) source: SourceId,
    pub(super) encoding: Encoding,
    pub(super) form: Form,
}

/// What a file is read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Manifests,
    Dockerfile,
    /// It has the name of a Dockerfile and is none.
    Neither,
    /// A script or a server's configuration, which an image may hold.
    Context,
    /// A text that something was rendered from.
    Part,
}

impl Form {
    /// The name decides, and of a file that is named, how it begins.
    fn of(file: &InputFile, text: &str) -> Self {
        let begins = dockerfile::starts_like_dockerfile(text);
        let exactly = file.path.ends_with("Dockerfile") || file.path.ends_with("Containerfile");
        match is_dockerfile_name(&file.path) {
            true if begins || file.named || exactly => Self::Dockerfile,
            true => Self::Neither,
            false if begins && file.named => Self::Dockerfile,
            false if is_context_name(&file.path) && !file.named => Self::Context,
            false if text.starts_with("#!") => Self::Context,
            false => Self::Manifests,
        }
    }
}

impl Texts {
    /// Decodes every file.
    #[must_use]
    pub fn read(inputs: &Inputs) -> Self {
        let mut sources = Sources::default();
        let decoded: Vec<Decoded> = inputs.files.par_iter().map(|file| decode(&file.bytes)).collect();
        let rendered: HashSet<_> = inputs.renders.iter().filter_map(Render::output).collect();
        let files = inputs.files.iter().zip(decoded);
        let files = files.enumerate().map(|(index, (file, Decoded { text, encoding }))| {
            let form = match () {
                () if inputs.parts.contains(&index) => Form::Part,
                () if rendered.contains(&index) => Form::Manifests,
                () => Form::of(file, &text),
            };
            FileText { source: sources.add(&file.path, text), encoding, form }
        });
        let files = files.collect();
        Self { sources, files }
    }

    /// Parses every document of every file, in parallel by document.
    #[must_use]
    pub fn parse(&self, inputs: &Inputs) -> Documents<'_> {
        let of_form = |form: Form| (0..inputs.files.len()).filter(move |file| self.files[*file].form == form);
        let dockerfiles: Vec<_> = of_form(Form::Dockerfile).collect();
        let dockerfiles = dockerfiles
            .into_par_iter()
            .map(|file| (file, dockerfile::parse(self.files[file].source, self.text(file))))
            .collect();
        let chunks: Vec<_> = of_form(Form::Manifests)
            .collect::<Vec<_>>()
            .into_par_iter()
            .flat_map_iter(|file| yaml::split(self.text(file)).into_iter().map(move |chunk| (file, chunk)))
            .collect();
        let results: Vec<_> = chunks
            .par_iter()
            .map(|(file, chunk)| {
                (*file, yaml::parse(self.files[*file].source, self.text(*file), chunk), chunk.range.clone())
            })
            .collect();
        let mut documents = Documents { dockerfiles, ..Documents::default() };
        for (file, result, range) in results {
            match result {
                Ok(parsed) => documents.whole.extend(parsed.into_iter().map(|document| (file, document))),
                Err(error) => documents.broken.push((file, error, range)),
            }
        }
        documents
    }

    /// The source that a file became.
    #[must_use]
    pub fn source(&self, file: usize) -> SourceId {
        self.files[file].source
    }

    pub(super) fn text(&self, file: usize) -> &str {
        self.sources.get(self.files[file].source).text()
    }
}

/// The documents of all files, in order.
#[derive(Default)]
pub struct Documents<'s> {
    pub(super) whole: Vec<(usize, Document<'s>)>,
    pub(super) broken: Vec<(usize, SyntaxError, std::ops::Range<usize>)>,
    pub(super) dockerfiles: Vec<(usize, Dockerfile<'s>)>,
}
