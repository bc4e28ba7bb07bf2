//! Parts of an image's name.

use super::value::{Content, Value};
use crate::release::pod::image::ImageName;
use crate::source::Span;

/// Parts of an image's name that can be asked for.
pub(super) const IMAGE_PARTS: [&str; 4] = ["registry", "repository", "tag", "digest"];

/// A part of an image's name as the platform completes it: `nginx` comes from `docker.io`.
pub(super) fn image_part<'a>(image: &'a str, part: &str, label: &str, place: Span) -> Value<'a> {
    let path = format!("{label}.{part} of {image}");
    let Some(name) = ImageName::parse(image) else { return Value::new(path, Content::Unknown, place) };
    let text = match part {
        "registry" => Some(name.registry().into()),
        "repository" => Some(name.path()),
        "tag" => name.tag.map(Into::into),
        _ => name.digest.map(Into::into),
    };
    text.map_or_else(|| Value::new(path.clone(), Content::Absent, place), |text| Value::text(path.clone(), text, place))
}
