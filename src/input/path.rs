//! Paths as reports print them.

use std::path::{Component, Path, PathBuf};

/// An absolute path without `.` and `..`, worked out without looking at the file system.
#[must_use]
pub fn normalize(base: &Path, path: &Path) -> PathBuf {
    let mut result = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                result.pop();
            }
            component => result.push(component),
        }
    }
    result
}

/// `path` as seen from `base`, both absolute, with `/` between the parts.
#[must_use]
pub fn display(base: &Path, path: &Path) -> String {
    let base: Vec<_> = base.components().collect();
    let parts: Vec<_> = path.components().collect();
    let shared = base.iter().zip(&parts).take_while(|(one, other)| one == other).count();
    let up = base.len() - shared;
    // A path that shares nothing but the root is clearer in full.
    if shared <= 1 && up > 0 {
        return path.to_string_lossy().replace('\\', "/");
    }
    let down = parts[shared..].iter().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let steps: Vec<_> = std::iter::repeat_n("..".to_string(), up).chain(down).collect();
    if steps.is_empty() { ".".to_string() } else { steps.join("/") }
}

/// Whether a file has the name of a Dockerfile. `Dockerfile.dockerignore` is none.
#[must_use]
pub fn is_dockerfile_name(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let named = name == "Dockerfile" || ["Dockerfile.", "Containerfile"].iter().any(|start| name.starts_with(start));
    let ends = [".Dockerfile", ".dockerfile"].iter().any(|end| name.ends_with(end));
    (named || ends) && !name.ends_with(".dockerignore")
}

/// Whether a file may be what a Dockerfile copies into an image to start or to configure its
/// process, by its name: scripts, and the configuration of servers.
#[must_use]
pub fn is_context_name(path: &str) -> bool {
    const ENDS: [&str; 6] = [".sh", ".bash", ".ini", ".conf", "gunicorn.py", "gunicorn_conf.py"];
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_python = name.starts_with("gunicorn") && name.ends_with(".py");
    !name.contains('.') || is_python || ENDS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_printed_from_the_working_directory() {
        let show = |base: &str, path: &str| display(Path::new(base), Path::new(path));
        assert_eq!(show("/a/b", "/a/b/c/d.yaml"), "c/d.yaml");
        assert_eq!(show("/a/b", "/a/x.yaml"), "../x.yaml");
        assert_eq!(show("/a/b", "/z/x.yaml"), "/z/x.yaml");
        assert_eq!(show("/a/b", "/a/b"), ".");
    }

    #[test]
    fn dots_are_resolved() {
        assert_eq!(normalize(Path::new("/a/b"), Path::new("../c/./d")), Path::new("/a/c/d"));
    }
}
