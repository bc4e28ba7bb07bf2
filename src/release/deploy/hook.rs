//! Hooks: objects that a deploy runs at a moment of their own.
//!
//! Helm: `pkg/releaseutil/manifest_sorter.go` (events, weight), `pkg/action/hooks.go` (order, delete
//! policies). Argo CD: `gitops-engine/pkg/sync/hook`, `pkg/sync/syncwaves`, `pkg/sync/sync_tasks.go`.

use std::fmt;

use crate::release::{Object, Orchestrator, Releases};

/// Helm's annotation that makes a hook.
pub const HELM_HOOK: &str = "helm.sh/hook";
/// Helm's annotation for the order of hooks.
pub const HELM_WEIGHT: &str = "helm.sh/hook-weight";
/// Helm's annotation for when a hook is deleted.
pub const HELM_DELETE: &str = "helm.sh/hook-delete-policy";
/// Argo CD's annotation that makes a hook.
pub const ARGO_HOOK: &str = "argocd.argoproj.io/hook";
/// Argo CD's annotation for the order of everything.
pub const ARGO_WAVE: &str = "argocd.argoproj.io/sync-wave";
/// Argo CD's annotation for when a hook is deleted.
pub const ARGO_DELETE: &str = "argocd.argoproj.io/hook-delete-policy";

/// The words of Helm for its events, and of Argo CD for its phases.
const MOMENTS: [(&str, Moment); 16] = [
    ("pre-install", Moment::PreInstall),
    ("post-install", Moment::PostInstall),
    ("pre-upgrade", Moment::PreUpgrade),
    ("post-upgrade", Moment::PostUpgrade),
    ("pre-rollback", Moment::PreRollback),
    ("post-rollback", Moment::PostRollback),
    ("pre-delete", Moment::BeforeDelete),
    ("post-delete", Moment::AfterDelete),
    ("test", Moment::Test),
    ("PreSync", Moment::PreSync),
    ("Sync", Moment::Sync),
    ("PostSync", Moment::PostSync),
    ("SyncFail", Moment::SyncFail),
    ("PreDelete", Moment::PreDelete),
    ("PostDelete", Moment::PostDelete),
    ("Skip", Moment::Skip),
];
/// How many of [`MOMENTS`] are Helm's.
const HELM_MOMENTS: usize = 9;

/// When a hook runs: an event of Helm, or a phase of Argo CD.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Moment {
    /// Helm, before the first install creates anything but the chart's `crds/`.
    PreInstall,
    /// Helm, after everything of the first install was created.
    PostInstall,
    /// Helm, before an upgrade changes anything.
    PreUpgrade,
    /// Helm, after everything of an upgrade was applied.
    PostUpgrade,
    /// Helm, before a rollback.
    PreRollback,
    /// Helm, after a rollback.
    PostRollback,
    /// Helm's `pre-delete`.
    BeforeDelete,
    /// Helm's `post-delete`.
    AfterDelete,
    /// Helm, on `helm test`.
    Test,
    /// Argo CD, before a sync applies anything.
    PreSync,
    /// Argo CD, among all that a sync applies.
    Sync,
    /// Argo CD, once everything that was applied is healthy.
    PostSync,
    /// Argo CD, when a sync failed.
    SyncFail,
    /// Argo CD, before an application is deleted.
    PreDelete,
    /// Argo CD, after an application was deleted.
    PostDelete,
    /// Argo CD: never.
    Skip,
}

/// Where a moment lies, seen from the new Pods of a deploy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Before any of them starts.
    Before,
    /// While they are created.
    During,
    /// After they were created.
    After,
    /// Not in a deploy that goes well.
    Aside,
}

impl Moment {
    /// The moment of a word that Helm knows; case makes no difference to it.
    #[must_use]
    pub fn of_helm(word: &str) -> Option<Self> {
        let word = word.trim().to_ascii_lowercase();
        let word = if word == "test-success" { "test" } else { word.as_str() };
        MOMENTS[..HELM_MOMENTS].iter().find(|(known, _)| *known == word).map(|(_, moment)| *moment)
    }

    /// The moment of a word that Argo CD knows; case counts.
    #[must_use]
    pub fn of_argo(word: &str) -> Option<Self> {
        MOMENTS[HELM_MOMENTS..].iter().find(|(known, _)| *known == word.trim()).map(|(_, moment)| *moment)
    }

    /// Every word that a tool knows.
    pub fn words(runner: Runner) -> impl Iterator<Item = &'static str> {
        let known = match runner {
            Runner::Helm => &MOMENTS[..HELM_MOMENTS],
            Runner::Argo => &MOMENTS[HELM_MOMENTS..],
        };
        known.iter().map(|(word, _)| *word)
    }

    /// The phase in which Argo CD runs a hook that is written for Helm; it knows neither
    /// rollbacks nor tests.
    #[must_use]
    pub fn in_argo(self) -> Option<Self> {
        Some(match self {
            Self::PreInstall | Self::PreUpgrade => Self::PreSync,
            Self::PostInstall | Self::PostUpgrade => Self::PostSync,
            Self::BeforeDelete => Self::PreDelete,
            Self::AfterDelete => Self::PostDelete,
            Self::PreRollback | Self::PostRollback | Self::Test => return None,
            phase => phase,
        })
    }

    /// Where it lies, seen from the new Pods of a deploy.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Self::PreInstall | Self::PreUpgrade | Self::PreSync => Stage::Before,
            Self::Sync => Stage::During,
            Self::PostInstall | Self::PostUpgrade | Self::PostSync => Stage::After,
            _ => Stage::Aside,
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(MOMENTS.iter().find(|(_, moment)| moment == self).map_or("", |(word, _)| word))
    }
}

/// The tool that runs the hooks of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runner {
    /// Helm, or Flux, which uses it.
    Helm,
    /// Argo CD, which renders charts by helm and runs their hooks itself.
    Argo,
}

impl fmt::Display for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Helm => "helm",
            Self::Argo => "Argo CD",
        })
    }
}

/// An object that runs at moments of its own, as the tool that deploys it sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The tool that runs it.
    pub runner: Runner,
    /// When it runs, without doubles. None at all where the tool never applies it.
    pub moments: Vec<Moment>,
    /// Its weight, for Argo CD its wave.
    pub order: i64,
}

impl Hook {
    /// The hook that an object is for the tool that deploys it, by its annotations. A bare
    /// `Skip` is one, too: it never runs.
    #[must_use]
    pub fn read(object: &Object<'_>, runner: Runner) -> Option<Self> {
        let helm = object.annotation(HELM_HOOK);
        let moments = match (runner, object.annotation(ARGO_HOOK)) {
            (Runner::Helm, _) => of_helm(helm?),
            (Runner::Argo, argo) => {
                let own = argo.map(of_argo).filter(|phases| !phases.is_empty());
                let mapped = || helm.map(argo_of_helm);
                own.or_else(mapped).or(argo.map(|_| Vec::new()))?
            }
        };
        Some(Self { runner, moments, order: order(object, runner) })
    }

    /// Whether it runs at a stage of a deploy.
    #[must_use]
    pub fn runs(&self, stage: Stage) -> bool {
        self.moments.iter().any(|moment| moment.stage() == stage)
    }

    /// Whether a deploy that goes well runs it at all.
    #[must_use]
    pub fn is_of_deploy(&self) -> bool {
        self.moments.iter().any(|moment| moment.stage() != Stage::Aside)
    }

    /// `pre-install and pre-upgrade`
    #[must_use]
    pub fn when(&self) -> String {
        let words: Vec<_> = self.moments.iter().map(ToString::to_string).collect();
        words.join(" and ")
    }

    /// The word of its tool for its place in the order: `weight -5`, `wave 0`.
    #[must_use]
    pub fn place_in_order(&self) -> String {
        let word = if self.runner == Runner::Helm { "weight" } else { "wave" };
        format!("{word} {}", self.order)
    }
}

/// The events of Helm's annotation; one unknown word, and it drops the whole manifest.
fn of_helm(value: &str) -> Vec<Moment> {
    let moments: Option<Vec<_>> = value.split(',').map(Moment::of_helm).collect();
    without_doubles(moments.unwrap_or_default())
}

/// The phases of Argo CD's annotation; unknown words are passed over.
fn of_argo(value: &str) -> Vec<Moment> {
    without_doubles(value.split(',').filter_map(Moment::of_argo).collect())
}

/// The phases in which Argo CD runs a hook of Helm's: it wants the words to the letter, and
/// passes over those that it does not know.
fn argo_of_helm(value: &str) -> Vec<Moment> {
    let words = value.split(',').map(str::trim).filter(|word| !word.contains(|letter: char| letter.is_uppercase()));
    without_doubles(words.filter_map(Moment::of_helm).filter_map(Moment::in_argo).collect())
}

fn without_doubles(mut moments: Vec<Moment>) -> Vec<Moment> {
    moments.sort_unstable();
    moments.dedup();
    moments
}

/// The weight of an object for Helm, its wave for Argo CD. Objects that are no hooks have a
/// wave, too.
#[must_use]
pub fn order(object: &Object<'_>, runner: Runner) -> i64 {
    let number = |key: &str| object.annotation(key).and_then(atoi);
    let wave = number(ARGO_WAVE).filter(|_| runner == Runner::Argo);
    wave.or_else(|| number(HELM_WEIGHT)).unwrap_or(0)
}

/// A whole number as Go's `strconv.Atoi` reads it: no blanks, no base, a sign.
#[must_use]
pub fn atoi(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// When a hook is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeletePolicy {
    /// Before it is created anew.
    BeforeCreation,
    /// Once it succeeded.
    Succeeded,
    /// Once it failed.
    Failed,
}

impl DeletePolicy {
    /// The policy of a word that a tool knows. Helm does not mind case, Argo CD does, and it
    /// reads Helm's annotation by the letter, too.
    #[must_use]
    pub fn parse(word: &str, family: Runner, runner: Runner) -> Option<Self> {
        let word = word.trim();
        let lower = word.to_ascii_lowercase();
        let word = if runner == Runner::Helm { lower.as_str() } else { word };
        match (family, word) {
            (Runner::Helm, "before-hook-creation") | (Runner::Argo, "BeforeHookCreation") => Some(Self::BeforeCreation),
            (Runner::Helm, "hook-succeeded") | (Runner::Argo, "HookSucceeded") => Some(Self::Succeeded),
            (Runner::Helm, "hook-failed") | (Runner::Argo, "HookFailed") => Some(Self::Failed),
            _ => None,
        }
    }

    /// Every word of a tool's own annotation.
    #[must_use]
    pub fn words(family: Runner) -> [&'static str; 3] {
        match family {
            Runner::Helm => ["before-hook-creation", "hook-succeeded", "hook-failed"],
            Runner::Argo => ["BeforeHookCreation", "HookSucceeded", "HookFailed"],
        }
    }

    /// The policies of an object. Helm's default holds only where its annotation is absent: a
    /// word that it does not know, or none, switches the default off. Argo CD joins both
    /// annotations, and its default holds where neither has a word that it knows.
    #[must_use]
    pub fn of(object: &Object<'_>, runner: Runner) -> Vec<Self> {
        let read = |key: &str, family: Runner| {
            let words = object.annotation(key).map(|value| value.split(','));
            words.map(|words| words.filter_map(|word| Self::parse(word, family, runner)).collect::<Vec<_>>())
        };
        let helm = read(HELM_DELETE, Runner::Helm);
        match runner {
            Runner::Helm => helm.unwrap_or_else(|| vec![Self::BeforeCreation]),
            Runner::Argo => {
                let both: Vec<_> = [read(ARGO_DELETE, Runner::Argo), helm].into_iter().flatten().flatten().collect();
                if both.is_empty() { vec![Self::BeforeCreation] } else { both }
            }
        }
    }
}

impl<'a> Releases<'a> {
    /// The tool that runs the hooks of an object: by who deploys it, and where that is not
    /// known, by its annotations. `kubectl` runs none.
    #[must_use]
    pub fn runner_of(&'a self, object: &Object<'_>) -> Option<Runner> {
        match self.orchestrator_of(object) {
            Some(Orchestrator::Argo) => Some(Runner::Argo),
            Some(Orchestrator::Helm | Orchestrator::Flux) => Some(Runner::Helm),
            Some(Orchestrator::Kubectl) | None => None,
        }
    }

    /// The hook that an object is for the tool that deploys it.
    #[must_use]
    pub fn hook(&'a self, object: &Object<'_>) -> Option<Hook> {
        Hook::read(object, self.runner_of(object)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::syntax::yaml;

    fn with<T>(annotations: &str, look: impl FnOnce(&Object<'_>) -> T) -> T {
        let text = format!("{{apiVersion: batch/v1, kind: Job, metadata: {{name: x, annotations: {annotations}}}}}");
        let id = Sources::default().add("x", &text);
        let documents = yaml::parse(id, &text, &yaml::split(&text)[0]).unwrap();
        look(&Object::read(documents[0].root(), "x", false).unwrap())
    }

    fn helm(value: &str) -> Vec<Moment> {
        with(&format!("{{{HELM_HOOK}: {value:?}}}"), |object| Hook::read(object, Runner::Helm).unwrap().moments)
    }

    fn argo(annotations: &str) -> Option<Vec<Moment>> {
        with(annotations, |object| Hook::read(object, Runner::Argo).map(|hook| hook.moments))
    }

    /// Run with helm 3.17.3: what it drops, it names on stderr as "skipping unknown hook".
    #[test]
    fn events_of_helm() {
        assert_eq!(helm("pre-install"), [Moment::PreInstall]);
        assert_eq!(helm("Pre-Install , PRE-UPGRADE"), [Moment::PreInstall, Moment::PreUpgrade]);
        assert_eq!(helm("pre-install,pre-install"), [Moment::PreInstall]);
        assert_eq!(helm("test-success"), [Moment::Test]);
        for dropped in ["pre-install,preupgrade", "pre-install,", "crd-install", "test-failure", "true", "PreSync"] {
            assert_eq!(helm(dropped), [], "{dropped}");
        }
        for word in ["post-install", "post-upgrade", "pre-delete", "post-delete", "pre-rollback", "post-rollback"] {
            assert_eq!(helm(word).len(), 1, "{word}");
        }
    }

    #[test]
    fn phases_of_argo() {
        let one = |value: &str| argo(&format!("{{{ARGO_HOOK}: {value:?}}}"));
        assert_eq!(one("PreSync"), Some(vec![Moment::PreSync]));
        assert_eq!(one(" PreSync , PostSync"), Some(vec![Moment::PreSync, Moment::PostSync]));
        assert_eq!(one("PreSync,presync"), Some(vec![Moment::PreSync]));
        assert_eq!(one("presync"), Some(Vec::new()), "never applied");
        assert_eq!(one("Skip"), Some(vec![Moment::Skip]));
        assert_eq!(argo("{}"), None);
    }

    #[test]
    fn hooks_of_helm_in_argo() {
        let one = |value: &str| argo(&format!("{{{HELM_HOOK}: {value:?}}}")).unwrap();
        assert_eq!(one("pre-install,pre-upgrade"), [Moment::PreSync]);
        assert_eq!(one("post-install"), [Moment::PostSync]);
        assert_eq!(one("pre-delete,post-delete"), [Moment::PreDelete, Moment::PostDelete]);
        assert_eq!(one("Pre-Install"), [], "case counts");
        assert_eq!(one("pre-rollback,test"), []);
        assert_eq!(one("pre-install,typo"), [Moment::PreSync]);
        let both = |argo_hook: &str| argo(&format!("{{{ARGO_HOOK}: {argo_hook}, {HELM_HOOK}: pre-install}}")).unwrap();
        assert_eq!(both("PostSync"), [Moment::PostSync], "a known word of its own counts alone");
        assert_eq!(both("typo"), [Moment::PreSync]);
    }

    #[test]
    fn weights_and_waves() {
        let orders =
            |annotations: &str| with(annotations, |object| [Runner::Helm, Runner::Argo].map(|r| order(object, r)));
        assert_eq!(orders("{}"), [0, 0]);
        for (weight, number) in [("-5", -5), ("+7", 7), ("high", 0), (" 7", 0), ("0x10", 0), ("1.5", 0)] {
            assert_eq!(orders(&format!("{{{HELM_WEIGHT}: {weight:?}}}")), [number, number], "{weight}");
        }
        assert_eq!(orders(&format!("{{{ARGO_WAVE}: \"3\", {HELM_WEIGHT}: \"-1\"}}")), [-1, 3]);
        assert_eq!(orders(&format!("{{{ARGO_WAVE}: late, {HELM_WEIGHT}: \"-1\"}}")), [-1, -1]);
    }

    #[test]
    fn delete_policies() {
        use DeletePolicy::{BeforeCreation, Failed, Succeeded};
        let of = |annotations: &str, runner| with(annotations, |object| DeletePolicy::of(object, runner));
        let helm = |value: &str| of(&format!("{{{HELM_DELETE}: {value:?}}}"), Runner::Helm);
        assert_eq!(of("{}", Runner::Helm), [BeforeCreation]);
        assert_eq!(helm("Hook-Succeeded, before-hook-creation"), [Succeeded, BeforeCreation]);
        assert_eq!(helm("hook-suceeded"), [], "a typo switches the default off");
        assert_eq!(helm(""), []);
        let argo = |annotations: &str| of(annotations, Runner::Argo);
        assert_eq!(argo("{}"), [BeforeCreation]);
        assert_eq!(argo(&format!("{{{ARGO_DELETE}: typo}}")), [BeforeCreation]);
        assert_eq!(argo(&format!("{{{ARGO_DELETE}: HookFailed, {HELM_DELETE}: hook-succeeded}}")), [Failed, Succeeded]);
    }
}
