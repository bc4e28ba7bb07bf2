//! How commands may end.

/// The ways in which a command may end: a set of them, since not everything is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcomes(u8);

impl Outcomes {
    /// It succeeds, and the script goes on.
    pub(super) const OK: Self = Self(1);
    /// It fails, and the script goes on.
    pub(super) const FAILED: Self = Self(2);
    /// The script ends well.
    pub(super) const ENDS_OK: Self = Self(4);
    /// The script ends with a failure.
    pub(super) const ENDS_FAILED: Self = Self(8);
    /// The function ends well.
    pub(super) const RETURNS_OK: Self = Self(16);
    /// The function ends with a failure.
    pub(super) const RETURNS_FAILED: Self = Self(32);
    /// It may succeed or fail.
    pub(super) const EITHER: Self = Self(3);

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn may(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The ways in which the script goes on.
    pub(super) fn going_on(self) -> Self {
        Self(self.0 & Self::EITHER.0)
    }

    /// The ways in which it does not.
    pub(super) fn ending(self) -> Self {
        self.without(Self::EITHER)
    }

    /// `from` takes place as `to` instead.
    pub(super) fn turn(self, from: Self, to: Self) -> Self {
        if self.may(from) { self.without(from).or(to) } else { self }
    }

    /// Success and failure change places.
    pub(super) fn negated(self) -> Self {
        let (ok, failed) = (self.may(Self::OK), self.may(Self::FAILED));
        let kept = self.ending();
        let kept = if ok { kept.or(Self::FAILED) } else { kept };
        if failed { kept.or(Self::OK) } else { kept }
    }

    /// Seen from outside a function.
    pub(super) fn of_function(self) -> Self {
        self.turn(Self::RETURNS_OK, Self::OK).turn(Self::RETURNS_FAILED, Self::FAILED)
    }

    /// Seen from outside a shell: it has a status, and nothing else ends.
    pub(super) fn of_shell(self) -> Self {
        self.of_function().turn(Self::ENDS_OK, Self::OK).turn(Self::ENDS_FAILED, Self::FAILED)
    }
}
