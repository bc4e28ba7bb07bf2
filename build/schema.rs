//! Turns `data/kubernetes-schema.txt` into the tables that `src/knowledge/schema.rs` includes.
//!
//! The text's format is described in `scripts/kubernetes-schema.py`. All look-ups are by binary
//! search, so that every table is sorted here. Fields name each other's types by index and their
//! own names by index too: the tables then hold few addresses that would have to be relocated
//! each time the program starts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// What the text calls a type, and the variant of `TypeData` it is.
const SIMPLE_TYPES: [(&str, &str); 7] = [
    ("any", "Any"),
    ("boolean", "Boolean"),
    ("int-or-string", "IntOrString"),
    ("integer", "Integer"),
    ("number", "Number"),
    ("quantity", "Quantity"),
    ("string", "String"),
];

/// The source text of the tables; an error names the line that it is about.
pub(crate) fn generate(text: &str) -> Result<String, String> {
    let schema = Schema::parse(text)?;
    Tables::new(&schema).write(&schema)
}

/// The first and the last minor version of something.
#[derive(Clone, Copy)]
struct Range {
    since: u8,
    until: u8,
}

struct Kind<'a> {
    line: usize,
    object: &'a str,
    versions: Range,
}

struct Field<'a> {
    line: usize,
    ty: &'a str,
    versions: Range,
}

struct Object<'a> {
    versions: Range,
    fields: BTreeMap<&'a str, Field<'a>>,
}

/// The text, line by line taken apart.
#[derive(Default)]
struct Schema<'a> {
    versions: Option<Range>,
    groups: BTreeSet<&'a str>,
    kinds: BTreeMap<(&'a str, &'a str), Kind<'a>>,
    objects: BTreeMap<&'a str, Object<'a>>,
    /// The object that the next field belongs to.
    current: Option<&'a str>,
}

impl<'a> Schema<'a> {
    fn parse(text: &'a str) -> Result<Self, String> {
        let mut schema = Schema::default();
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            schema.add(number, line).map_err(|error| format!("line {number}: {error}"))?;
        }
        Ok(schema)
    }

    fn add(&mut self, line: usize, text: &'a str) -> Result<(), String> {
        if text.is_empty() || text.starts_with('#') {
            return Ok(());
        }
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_new = match (text.starts_with(' '), words.as_slice()) {
            (false, ["versions", range]) => {
                let all = Range { since: 0, until: u8::MAX };
                self.versions.replace(Range::parse(&[range], all)?).is_none()
            }
            (false, ["group", name]) => self.groups.insert(name),
            (false, ["kind", api_version, kind, object, range @ ..]) => {
                let versions = Range::parse(range, self.known()?)?;
                let data = Kind { line, object, versions };
                self.kinds.insert((api_version, kind), data).is_none()
            }
            (false, ["object", name, range @ ..]) => {
                let versions = Range::parse(range, self.known()?)?;
                self.current = Some(name);
                let data = Object { versions, fields: BTreeMap::new() };
                self.objects.insert(name, data).is_none()
            }
            (true, [name, ty, range @ ..]) => {
                let object = self.current.and_then(|current| self.objects.get_mut(current));
                let object = object.ok_or("a field that no object precedes")?;
                let versions = Range::parse(range, object.versions)?;
                object.fields.insert(name, Field { line, ty, versions }).is_none()
            }
            _ => return Err("not a line of this format".to_owned()),
        };
        if is_new { Ok(()) } else { Err("this is there already".to_owned()) }
    }

    fn known(&self) -> Result<Range, String> {
        self.versions.ok_or_else(|| "`versions` has to come first".to_owned())
    }
}

impl Range {
    /// Reads `1.26..1.30`, either end optional, or nothing at all; what is left out is `whole`'s.
    fn parse(words: &[&str], whole: Range) -> Result<Range, String> {
        let (since, until) = match words {
            [] => return Ok(whole),
            [word] => word.split_once("..").ok_or_else(|| format!("`{word}` is no range"))?,
            _ => return Err("more words than there may be".to_owned()),
        };
        let since = if since.is_empty() { whole.since } else { minor(since)? };
        let until = if until.is_empty() { whole.until } else { minor(until)? };
        if since < whole.since || until > whole.until || since > until {
            return Err(format!("not within 1.{}..1.{}", whole.since, whole.until));
        }
        Ok(Range { since, until })
    }
}

/// The 33 in `1.33`.
fn minor(version: &str) -> Result<u8, String> {
    let number = version.strip_prefix("1.").and_then(|minor| minor.parse().ok());
    number.ok_or_else(|| format!("`{version}` is no version"))
}

/// Everything that is referred to by its index.
struct Tables<'a> {
    names: Vec<&'a str>,
    objects: Vec<&'a str>,
    /// Each type that is the element of an array or map, as Rust source, and its index.
    elements: BTreeMap<String, usize>,
}

impl<'a> Tables<'a> {
    fn new(schema: &Schema<'a>) -> Self {
        let names: BTreeSet<&str> = schema.objects.values().flat_map(|object| object.fields.keys().copied()).collect();
        Tables {
            names: names.into_iter().collect(),
            objects: schema.objects.keys().copied().collect(),
            elements: BTreeMap::new(),
        }
    }

    fn write(mut self, schema: &Schema) -> Result<String, String> {
        let known = schema.known()?;
        let fields = self.fields(schema)?;
        let kinds = self.kinds(schema)?;
        let mut elements: Vec<(&String, &usize)> = self.elements.iter().collect();
        elements.sort_by_key(|(_, index)| **index);

        let mut out = String::new();
        let Range { since, until } = known;
        _ = writeln!(out, "const KNOWN: Versions = Versions {{ since: {since}, until: {until} }};");
        table(&mut out, "GROUPS", "&str", schema.groups.iter().map(|group| format!("{group:?}")));
        table(&mut out, "NAMES", "&str", self.names.iter().map(|name| format!("{name:?}")));
        table(&mut out, "ELEMENTS", "TypeData", elements.into_iter().map(|(ty, _)| ty.clone()));
        table(&mut out, "FIELDS", "FieldData", fields.into_iter());
        table(&mut out, "OBJECTS", "ObjectData", objects(schema).into_iter());
        table(&mut out, "KINDS", "KindData", kinds.into_iter());
        Ok(out)
    }

    /// The fields of all objects, one object's after the other's, each object's by name.
    fn fields(&mut self, schema: &Schema) -> Result<Vec<String>, String> {
        let mut fields = Vec::new();
        for (name, field) in schema.objects.values().flat_map(|object| &object.fields) {
            let ty = self.ty(field.ty).map_err(|error| format!("line {}: {error}", field.line))?;
            // The names are all there and sorted, so that this is always found.
            let name = self.names.binary_search(name).unwrap_or_default();
            let Range { since, until } = field.versions;
            fields.push(format!("FieldData {{ name: {name}, ty: {ty}, since: {since}, until: {until} }}"));
        }
        Ok(fields)
    }

    fn kinds(&self, schema: &Schema) -> Result<Vec<String>, String> {
        let write = |((api_version, kind), data): (&(&str, &str), &Kind)| {
            let object = self.object(data.object);
            let object = object.map_err(|error| format!("line {}: {error}", data.line))?;
            let Range { since, until } = data.versions;
            Ok(format!(
                "KindData {{ api_version: {api_version:?}, kind: {kind:?}, object: {object}, \
                 since: {since}, until: {until} }}"
            ))
        };
        schema.kinds.iter().map(write).collect()
    }

    /// A type as Rust source.
    fn ty(&mut self, ty: &str) -> Result<String, String> {
        if let Some((_, variant)) = SIMPLE_TYPES.iter().find(|(word, _)| *word == ty) {
            return Ok(format!("TypeData::{variant}"));
        }
        let within = |open, close| ty.strip_prefix(open).and_then(|ty| ty.strip_suffix(close));
        if let Some(element) = within('[', ']') {
            return Ok(format!("TypeData::Array({})", self.element(element)?));
        }
        if let Some(element) = within('{', '}') {
            return Ok(format!("TypeData::Map({})", self.element(element)?));
        }
        Ok(format!("TypeData::Object({})", self.object(ty)?))
    }

    fn element(&mut self, ty: &str) -> Result<usize, String> {
        let ty = self.ty(ty)?;
        let next = self.elements.len();
        Ok(*self.elements.entry(ty).or_insert(next))
    }

    fn object(&self, name: &str) -> Result<usize, String> {
        let index = self.objects.binary_search(&name);
        index.map_err(|_| format!("neither a type nor an object is called `{name}`"))
    }
}

/// The objects by name, each with where its fields are.
fn objects(schema: &Schema) -> Vec<String> {
    let mut first = 0;
    let mut objects = Vec::new();
    for (name, object) in &schema.objects {
        let count = object.fields.len();
        objects.push(format!("ObjectData {{ name: {name:?}, first: {first}, count: {count} }}"));
        first += count;
    }
    objects
}

/// Writes `static NAME: [TY; n]`, an entry a line. What does not fit an index (u16) does not compile.
fn table(out: &mut String, name: &str, ty: &str, entries: impl ExactSizeIterator<Item = String>) {
    _ = writeln!(out, "static {name}: [{ty}; {}] = [", entries.len());
    for entry in entries {
        _ = writeln!(out, "    {entry},");
    }
    _ = writeln!(out, "];");
}
