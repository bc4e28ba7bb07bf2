//! What may stand behind the name in `${NAME…}`: the same for a shell and for BuildKit.

/// The operator of an expansion. `colon` says that it minds empty values, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `$X` or `${X}`.
    Plain,
    /// `${X:-d}`, `${X-d}`.
    Default {
        /// `:-`
        colon: bool,
    },
    /// `${X:=d}`, `${X=d}`.
    Assign {
        /// `:=`
        colon: bool,
    },
    /// `${X:+y}`, `${X+y}`.
    Alternative {
        /// `:+`
        colon: bool,
    },
    /// `${X:?m}`, `${X?m}`.
    Require {
        /// `:?`
        colon: bool,
    },
    /// `${#X}`: how long the value is.
    Length,
    /// `${X%.*}`, `${X/a/b}` and the like: the value, changed.
    Changed,
}

impl Operator {
    /// The operator that a text behind the name begins with.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let colon = text.starts_with(':');
        match text.strip_prefix(':').unwrap_or(text).chars().next() {
            _ if text.is_empty() || text.starts_with('}') => Self::Plain,
            Some('-') => Self::Default { colon },
            Some('=') => Self::Assign { colon },
            Some('+') => Self::Alternative { colon },
            Some('?') => Self::Require { colon },
            _ => Self::Changed,
        }
    }

    /// Whether a missing value is provided for.
    #[must_use]
    pub fn is_optional(self) -> bool {
        matches!(self, Self::Default { .. } | Self::Assign { .. } | Self::Alternative { .. })
    }
}
