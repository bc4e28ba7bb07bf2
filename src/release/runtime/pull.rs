//! Which image a node runs: what replaces the name, and when it is pulled.

use crate::release::pod::image::ImageName;
use crate::release::{Container, Fact};

impl<'a> Container<'a> {
    /// The name of its image, where nothing fills it in or replaces it later.
    #[must_use]
    pub fn final_image(self) -> Option<ImageName<'a>> {
        let name = ImageName::parse(self.image()?)?;
        let releases = self.workload().releases();
        (!self.is_injected() && !releases.is_replaced(name)).then_some(name)
    }

    /// Whether it is an image that the tree builds and that no registry is named for: it is
    /// loaded into the cluster, or renamed by the tool that builds it.
    #[must_use]
    pub fn is_local_image(self) -> bool {
        let has_registry = self.image().is_some_and(|image| image.contains('/'));
        !has_registry && self.stage().is_some()
    }

    /// When a node pulls the image: `Always` for the tag `latest`, else `IfNotPresent`, unless
    /// it is written. Source: Kubernetes docs, Images, "Default image pull policy".
    #[must_use]
    pub fn pull_policy(self) -> Fact<&'a str> {
        let is_latest = self.image().and_then(ImageName::parse).is_some_and(ImageName::is_latest);
        self.field().get("imagePullPolicy").string_or(if is_latest { "Always" } else { "IfNotPresent" })
    }
}
