//! Which file of a chart helm means by the path that it prints as the source of a manifest.

use std::collections::HashMap;

use crate::source::{SourceId, Sources, Span};
use crate::syntax::yaml::{self, Node};

/// The files of a chart, by their path from its directory.
pub(super) struct Layout {
    files: HashMap<String, SourceId>,
}

/// What helm means by a path.
pub(super) enum Meant {
    /// A template, and the charts in `charts/` that lead to it, as their values are called.
    Template { source: SourceId, charts: Vec<(String, String)> },
    /// A chart that is packed: the dependency that it comes by.
    Packed(Span),
}

impl Layout {
    pub(super) fn new(files: HashMap<String, SourceId>) -> Self {
        Self { files }
    }

    /// The files with their paths.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, SourceId)> {
        self.files.iter().map(|(path, source)| (path.as_str(), *source))
    }

    pub(super) fn get(&self, path: &str) -> Option<SourceId> {
        self.files.get(path).copied()
    }

    /// Follows `shop/charts/db/templates/web.yaml`, where charts have their names, or those
    /// that their parent gives them, and not those of their directories.
    pub(super) fn find(&self, sources: &Sources, printed: &str) -> Option<Meant> {
        let (_, mut rest) = printed.split_once('/')?;
        let mut directory = String::new();
        let mut charts = Vec::new();
        while let Some((name, below)) = rest.strip_prefix("charts/").and_then(|rest| rest.split_once('/')) {
            let Some(next) = self.chart_named(sources, &directory, name) else {
                return self.dependency(sources, &directory, name).map(Meant::Packed);
            };
            charts.push((name.to_string(), next.clone()));
            directory = next;
            rest = below;
        }
        let source = self.get(&format!("{directory}{rest}"))?;
        Some(Meant::Template { source, charts })
    }

    /// The directory (with a slash at its end) of a chart in another one's `charts/`.
    fn chart_named(&self, sources: &Sources, directory: &str, name: &str) -> Option<String> {
        let same = format!("{directory}charts/{name}/");
        if self.files.contains_key(&format!("{same}Chart.yaml")) {
            return Some(same);
        }
        let alias = self.with_chart(sources, directory, |root| {
            let mut known = root.get("dependencies").into_iter().flat_map(Node::items);
            let aliased = known.find(|dependency| dependency.string("alias") == Some(name))?;
            aliased.string("name").map(str::to_string)
        });
        let wanted = alias.as_deref().unwrap_or(name);
        let below = format!("{directory}charts/");
        let mut charts: Vec<_> = self
            .files
            .keys()
            .filter_map(|path| {
                let folder = path.strip_prefix(&below)?.strip_suffix("/Chart.yaml")?;
                (!folder.contains('/')).then(|| format!("{below}{folder}/"))
            })
            .collect();
        charts.sort();
        charts.into_iter().find(|chart| {
            let named = self.with_chart(sources, chart, |root| root.string("name").map(|it| it == wanted));
            named == Some(true)
        })
    }

    /// Where a chart names a dependency.
    fn dependency(&self, sources: &Sources, directory: &str, name: &str) -> Option<Span> {
        self.with_chart(sources, directory, |root| {
            let mut known = root.get("dependencies").into_iter().flat_map(Node::items);
            let named = |dependency: &Node<'_>, key| dependency.string(key) == Some(name);
            let found = known.find(|dependency| named(dependency, "alias") || named(dependency, "name"))?;
            Some(found.get("alias").or(found.get("name"))?.span())
        })
    }

    fn with_chart<T>(&self, sources: &Sources, directory: &str, read: impl FnOnce(Node<'_>) -> Option<T>) -> Option<T> {
        let source = self.get(&format!("{directory}Chart.yaml"))?;
        let text = sources.get(source).text();
        let documents = yaml::parse(source, text, yaml::split(text).first()?).ok()?;
        read(documents.first()?.root())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_found_by_directory_name_and_alias() {
        let mut sources = Sources::default();
        let dependencies = "name: shop\ndependencies:\n  - {name: db, alias: store}\n  - {name: packed}\n";
        let texts = [
            ("Chart.yaml", dependencies),
            ("charts/db-1/Chart.yaml", "name: db\n"),
            ("charts/db-1/templates/x.yaml", ""),
            ("templates/web.yaml", ""),
        ];
        let files: HashMap<_, _> =
            texts.iter().map(|(path, text)| (path.to_string(), sources.add(*path, *text))).collect();
        let layout = Layout::new(files);
        let show = |printed: &str| match layout.find(&sources, printed) {
            Some(Meant::Template { source, .. }) => sources.get(source).path().to_string(),
            Some(Meant::Packed(span)) => sources.slice(span).to_string(),
            None => String::new(),
        };
        assert_eq!(show("shop/templates/web.yaml"), "templates/web.yaml");
        assert_eq!(show("shop/charts/db/templates/x.yaml"), "charts/db-1/templates/x.yaml");
        assert_eq!(show("shop/charts/store/templates/x.yaml"), "charts/db-1/templates/x.yaml");
        assert_eq!(show("shop/charts/packed/templates/y.yaml"), "packed");
        assert_eq!(show("shop/templates/none.yaml"), "");
    }
}
