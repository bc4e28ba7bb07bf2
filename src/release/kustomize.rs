//! Which files a kustomization uses as patches: they are fragments, not objects.

use crate::syntax::yaml::Node;

/// Whether a file is a kustomization by its name.
#[must_use]
pub fn is_kustomization(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("kustomization.yaml" | "kustomization.yml" | "Kustomization"))
}

/// Whether a path is one where people keep patches, for kustomizations that are made up by
/// another tool: below a folder of overlays or patches, or in a file that says so.
#[must_use]
pub fn stands_among_patches(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let in_name = parts.next().is_some_and(|file| file.contains("patch"));
    in_name || parts.any(|folder| matches!(folder, "overlays" | "overlay" | "patches"))
}

/// The paths of the patches that a kustomization at `path` names.
pub fn patches<'a>(path: &'a str, root: Node<'a>) -> impl Iterator<Item = String> + 'a {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    let listed = move |key: &str| root.get(key).into_iter().flat_map(Node::items);
    let by_path = ["patches", "patchesJson6902"].into_iter().flat_map(listed).filter_map(|patch| patch.string("path"));
    let by_name = listed("patchesStrategicMerge").filter_map(Node::as_str);
    by_path.chain(by_name.collect::<Vec<_>>()).map(move |file| join(directory, file))
}

/// A relative path, resolved without looking at the file system.
fn join(directory: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if directory.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_are_known_by_their_place() {
        for path in ["overlays/prod/web.yaml", "a/patches/web.yaml", "web-patch.yaml"] {
            assert!(stands_among_patches(path), "{path}");
        }
        assert!(!stands_among_patches("base/web.yaml") && !stands_among_patches("dispatch/web.yaml"));
    }

    #[test]
    fn paths_are_joined() {
        assert_eq!(join("a/b", "../c.yaml"), "a/c.yaml");
        assert_eq!(join("", "./c.yaml"), "c.yaml");
        assert_eq!(join("/x", "c.yaml"), "/x/c.yaml");
        assert_eq!(join("a", "../../c.yaml"), "../c.yaml");
    }
}
