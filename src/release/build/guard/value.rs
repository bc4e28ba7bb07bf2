//! What a word of a script may stand for, and what `test` makes of it.

/// A text, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// Exactly this.
    Known(String),
    /// This, and at least one character more; none of it is white space.
    Filled(String),
    /// Anything.
    Any,
}

/// The answer to a question about values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Maybe,
    /// `test` cannot read its arguments: status 2, which nothing turns round but `!` before it.
    Fault,
}

impl Answer {
    fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            other => other,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No | Self::Fault, _) => self,
            (Self::Yes, other) => other,
            (Self::Maybe, Self::No | Self::Fault) => other,
            (Self::Maybe, _) => Self::Maybe,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }
}

impl Value {
    pub(super) fn empty() -> Self {
        Self::Known(String::new())
    }

    /// This value with another one behind it.
    pub(super) fn then(self, other: Self) -> Self {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => Self::Known(one + &other),
            (Self::Known(one), Self::Filled(other)) => Self::Filled(one + &other),
            (Self::Known(one), Self::Any) if one.is_empty() => Self::Any,
            (Self::Known(mut one), Self::Any) => {
                one.pop();
                Self::Filled(one)
            }
            (Self::Filled(one), _) => Self::Filled(one),
            (Self::Any, Self::Filled(_)) => Self::Filled(String::new()),
            (Self::Any, Self::Known(other)) if !other.is_empty() => Self::Filled(String::new()),
            (Self::Any, _) => Self::Any,
        }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self, Self::Known(known) if known == text)
    }

    /// Whether there is any character.
    pub(super) fn is_filled(&self) -> Answer {
        match self {
            Self::Known(text) => Answer::of(!text.is_empty()),
            Self::Filled(_) => Answer::Yes,
            Self::Any => Answer::Maybe,
        }
    }

    pub(super) fn equals(&self, other: &Self) -> Answer {
        match (self, other) {
            (Self::Known(one), Self::Known(other)) => Answer::of(one == other),
            (Self::Filled(prefix), Self::Known(text)) | (Self::Known(text), Self::Filled(prefix)) => {
                let possible = text.len() > prefix.len() && text.starts_with(prefix.as_str());
                if possible { Answer::Maybe } else { Answer::No }
            }
            _ => Answer::Maybe,
        }
    }

    /// Whether the value fits a pattern of `case`; `literal` says that nothing in the pattern
    /// is special.
    pub(super) fn fits(&self, pattern: &Self, literal: bool) -> Answer {
        let Self::Known(text) = pattern else { return Answer::Maybe };
        if literal || !text.contains(['*', '?', '[']) {
            return self.equals(pattern);
        }
        if text.chars().all(|letter| letter == '*') {
            return Answer::Yes;
        }
        match self {
            Self::Known(value) if value.is_empty() => Answer::No,
            _ if matches!(text.as_str(), "?*" | "*?") => self.is_filled(),
            _ => Answer::Maybe,
        }
    }
}

/// What `test` says of its arguments.
pub(super) fn test(arguments: &[Value]) -> Answer {
    // What is joined by -a and -o is longer than any single question.
    let is_joint = |value: &Value| value.is("-a") || value.is("-o");
    if arguments.len() > 2 && arguments[1..arguments.len() - 1].iter().any(is_joint) {
        let any = arguments.split(|value| value.is("-o"));
        return any.map(all).fold(Answer::No, Answer::or);
    }
    question(arguments)
}

fn all(arguments: &[Value]) -> Answer {
    arguments.split(|value| value.is("-a")).map(question).fold(Answer::Yes, Answer::and)
}

fn question(arguments: &[Value]) -> Answer {
    match arguments {
        [] => Answer::No,
        [value] => value.is_filled(),
        [left, operator, right] if is_binary(operator) => binary(left, operator, right),
        [not, rest @ ..] if not.is("!") => question(rest),
        [open, inner @ .., close] if open.is("(") && close.is(")") => question(inner),
        [operator, value] => unary(operator, value),
        _ if arguments.contains(&Value::Any) => Answer::Maybe,
        _ => Answer::Fault,
    }
    .turned(arguments.len() != 3 || !is_binary(&arguments[1]), arguments)
}

impl Answer {
    /// The answer, turned round where the question began with `!`.
    fn turned(self, may_begin: bool, arguments: &[Value]) -> Self {
        let begins = may_begin && arguments.len() > 1 && arguments[0].is("!");
        if begins { self.not() } else { self }
    }
}

/// `-n x`, `-z x`, `-f x`.
pub(super) fn unary(operator: &Value, value: &Value) -> Answer {
    match operator {
        Value::Known(operator) if operator == "-n" => value.is_filled(),
        Value::Known(operator) if operator == "-z" => value.is_filled().not(),
        Value::Known(operator) if operator.len() == 2 && operator.starts_with('-') => match value {
            Value::Known(text) if text.is_empty() => Answer::No,
            _ => Answer::Maybe,
        },
        Value::Known(_) => Answer::Fault,
        _ => Answer::Maybe,
    }
}

fn is_binary(operator: &Value) -> bool {
    const BINARY: [&str; 14] =
        ["=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "<", ">", "-nt", "-ot", "=~"];
    BINARY.iter().any(|known| operator.is(known))
}

/// `a = b`, `a -eq b`.
pub(super) fn binary(left: &Value, operator: &Value, right: &Value) -> Answer {
    let Value::Known(operator) = operator else { return Answer::Maybe };
    match operator.as_str() {
        "=" | "==" => left.equals(right),
        "!=" => left.equals(right).not(),
        _ => numbers(left, operator, right),
    }
}

fn numbers(left: &Value, operator: &str, right: &Value) -> Answer {
    let (Value::Known(left), Value::Known(right)) = (left, right) else { return Answer::Maybe };
    let (Ok(left), Ok(right)) = (left.parse::<i64>(), right.parse::<i64>()) else { return Answer::Maybe };
    match operator {
        "-eq" => Answer::of(left == right),
        "-ne" => Answer::of(left != right),
        "-lt" => Answer::of(left < right),
        "-le" => Answer::of(left <= right),
        "-gt" => Answer::of(left > right),
        "-ge" => Answer::of(left >= right),
        _ => Answer::Maybe,
    }
}
