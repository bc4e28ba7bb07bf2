//! Our Dockerfile parser against another one: where that succeeds, both find the same
//! instructions, flags, arguments of the JSON form, images, stages and heredocs, at the same places.
//! `SHIPWORTHY_DOCKERFILES=DIR cargo test --test dockerfile -- --nocapture` compares a tree of
//! them, too.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::fs;
use std::path::{Path, PathBuf};

use parse_dockerfile::{
    Command, Flag, HealthcheckArguments, Instruction as Other, JsonOrStringArray, Span as OtherSpan,
};
use shipworthy::input::is_dockerfile_name;
use shipworthy::rule::builtin;
use shipworthy::source::{Sources, Span};
use shipworthy::syntax::dockerfile::{Instruction, Keyword, parse};

/// What both are asked for: places and texts, in order.
#[derive(Debug, Default, PartialEq)]
struct Told {
    keyword: (u32, u32),
    flags: Vec<(u32, u32)>,
    exec: Vec<(u32, u32, String)>,
    words: Vec<String>,
    heredocs: Vec<(u32, u32)>,
    trigger: Option<Box<Told>>,
}

fn ours(it: &Instruction, text: &str) -> Told {
    let range = |span: Span| (span.start, span.end);
    // The other one tells COPY and ADD in another form.
    let files = matches!(it.keyword, Keyword::Copy | Keyword::Add);
    let exec = it.exec().unwrap_or_default().iter().filter(|_| !files);
    let from = it.keyword == Keyword::From;
    let names = it.words().iter().enumerate().filter(|(index, _)| from && *index != 1);
    let body = |span: Span| (span.start, span.start + text[span.range()].len() as u32);
    Told {
        keyword: range(it.keyword_span),
        flags: it.flags.iter().map(|flag| range(flag.span)).collect(),
        // The other one's places leave the quotes out.
        exec: exec.map(|word| (word.span.start + 1, word.span.end - 1, word.text.clone())).collect(),
        words: names.map(|(_, word)| word.text.clone()).collect(),
        heredocs: it.heredocs.iter().filter(|_| !files).map(|heredoc| body(heredoc.body)).collect(),
        trigger: it.trigger.as_ref().map(|trigger| Box::new(ours(trigger, text))),
    }
}

fn theirs(it: &Other<'_>) -> Told {
    let range = |span: &OtherSpan| (span.start as u32, span.end as u32);
    let mut told = Told::default();
    let mut flags = |found: &[Flag<'_>]| {
        told.flags = found.iter().map(|flag| range(&flag.span())).collect();
    };
    let command = |found: &Command<'_>| match found {
        Command::Exec(words) => {
            let words = words.value.iter();
            words.map(|word| (word.span.start as u32, word.span.end as u32, word.value.to_string())).collect()
        }
        _ => Vec::new(),
    };
    match it {
        Other::Add(it) => flags(&it.options),
        Other::Copy(it) => flags(&it.options),
        Other::From(it) => {
            flags(&it.options);
            told.words.push(it.image.value.to_string());
            told.words.extend(it.as_.iter().map(|(_, name)| name.value.to_string()));
        }
        Other::Healthcheck(it) => {
            flags(&it.options);
            if let HealthcheckArguments::Cmd { arguments, .. } = &it.arguments {
                told.exec = command(arguments);
            }
        }
        Other::Run(it) => {
            flags(&it.options);
            told.exec = command(&it.arguments);
            told.heredocs = it.here_docs.iter().map(|heredoc| range(&heredoc.span)).collect();
        }
        Other::Cmd(it) => told.exec = command(&it.arguments),
        Other::Entrypoint(it) => told.exec = command(&it.arguments),
        Other::Shell(it) => {
            let words = it.arguments.iter();
            told.exec =
                words.map(|word| (word.span.start as u32, word.span.end as u32, word.value.to_string())).collect();
        }
        Other::Volume(it) => {
            if let JsonOrStringArray::Json(words) = &it.arguments {
                let words = words.value.iter();
                told.exec =
                    words.map(|word| (word.span.start as u32, word.span.end as u32, word.value.to_string())).collect();
            }
        }
        Other::Onbuild(it) => told.trigger = Some(Box::new(theirs(&it.instruction))),
        _ => {}
    }
    told.keyword = keyword(it);
    told
}

fn keyword(it: &Other<'_>) -> (u32, u32) {
    let span = match it {
        Other::Add(it) => &it.add.span,
        Other::Arg(it) => &it.arg.span,
        Other::Cmd(it) => &it.cmd.span,
        Other::Copy(it) => &it.copy.span,
        Other::Entrypoint(it) => &it.entrypoint.span,
        Other::Env(it) => &it.env.span,
        Other::Expose(it) => &it.expose.span,
        Other::From(it) => &it.from.span,
        Other::Healthcheck(it) => &it.healthcheck.span,
        Other::Label(it) => &it.label.span,
        Other::Maintainer(it) => &it.maintainer.span,
        Other::Onbuild(it) => &it.onbuild.span,
        Other::Run(it) => &it.run.span,
        Other::Shell(it) => &it.shell.span,
        Other::Stopsignal(it) => &it.stopsignal.span,
        Other::User(it) => &it.user.span,
        Other::Volume(it) => &it.volume.span,
        Other::Workdir(it) => &it.workdir.span,
        _ => return (0, 0),
    };
    (span.start as u32, span.end as u32)
}

/// Whether both agree; nothing where the other one fails.
fn agree(text: &str) -> Option<Result<(), String>> {
    // Its places are off behind a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let other = parse_dockerfile::parse(text).ok()?;
    let id = Sources::default().add("Dockerfile", text);
    let parsed = parse(id, text);
    let left: Vec<_> = parsed.instructions.iter().map(|it| ours(it, text)).collect();
    let right: Vec<_> = other.instructions.iter().map(theirs).collect();
    if left.len() != right.len() {
        return Some(Err(format!("{} and {} instructions; {:?}", left.len(), right.len(), parsed.faults)));
    }
    Some(match left.iter().zip(&right).find(|(left, right)| left != right) {
        Some((left, right)) => Err(format!("ours {left:?}\nother {right:?}")),
        None => Ok(()),
    })
}

fn dockerfiles(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().filter_map(Result::ok) {
        let path = entry.path();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            dockerfiles(&path, found);
        } else if kind.is_file() && is_dockerfile_name(&entry.file_name().to_string_lossy()) {
            found.push(path);
        }
    }
}

#[test]
fn examples_agree() {
    let examples = builtin().iter().flat_map(|rule| rule.bad.iter().chain(rule.good.iter()));
    let files = examples.flat_map(|example| example.files.iter()).filter(|(path, _)| is_dockerfile_name(path));
    let results: Vec<_> = files.filter_map(|(_, text)| Some((text, agree(text)?))).collect();
    assert!(results.len() > 50);
    for (text, result) in results {
        assert_eq!(result, Ok(()), "{text}");
    }
}

#[test]
fn a_tree_of_dockerfiles_agrees() {
    let Some(folder) = std::env::var_os("SHIPWORTHY_DOCKERFILES") else { return };
    let mut files = Vec::new();
    dockerfiles(Path::new(&folder), &mut files);
    let (mut agreed, mut failed) = (0, 0);
    for path in &files {
        let Ok(text) = fs::read_to_string(path) else { continue };
        match agree(&text) {
            None => failed += 1,
            Some(Ok(())) => agreed += 1,
            Some(Err(why)) => println!("{}: {why}", path.display()),
        }
    }
    println!("{} files: {agreed} agree, the other parser fails on {failed}", files.len());
}
