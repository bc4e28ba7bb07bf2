//! The image of a migration.

use crate::check::{Hit, Params};
use crate::release::Workload;
use crate::release::pod::image::ImageName;

/// A migration by another version of the app than the one that it migrates for.
pub(super) fn differs(workload: Workload<'_>, _: &Params) -> Vec<Hit> {
    let Some(migration) = workload.migration().filter(|migration| !migration.container.is_database()) else {
        return Vec::new();
    };
    let image = migration.container.field().get("image");
    let Some(own) = image.string().and_then(ImageName::parse) else { return Vec::new() };
    let hit = migration.surroundings().other_image().map(|(app, other)| {
        let (own, other) = (own.version(), other.version());
        let message = format!("the migration runs {own}, and the app {other}: its schema is that of another version");
        Hit::only(image.place(), message).related(app.place(), format!("{} runs {other}", app.title()))
    });
    hit.into_iter().collect()
}
