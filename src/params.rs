//! Parameters of a check: declared with their defaults by a rule, set by the configuration.

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

/// A value of a parameter.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text.
    String(Cow<'static, str>),
    /// A list.
    List(Cow<'static, [ParamValue]>),
    /// Names with values.
    Map(Entries),
    /// Nothing.
    Null,
}

/// Names with values, in the order in which they are written.
#[derive(Clone, Debug, PartialEq)]
pub struct Entries(pub Cow<'static, [(Cow<'static, str>, ParamValue)]>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneByOne;
        impl<'de> Visitor<'de> for OneByOne {
            type Value = Entries;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a mapping")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, ParamValue>()? {
                    entries.push((Cow::Owned(name), value));
                }
                Ok(Entries(entries.into()))
            }
        }
        deserializer.deserialize_map(OneByOne)
    }
}

impl ParamValue {
    /// The word for its type in an error message.
    #[must_use]
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::String(_) => "a text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
            Self::Null => "nothing",
        }
    }

    /// The word for its type in a JSON Schema.
    #[must_use]
    pub fn json_type(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Float(_) => "number",
            Self::String(_) => "string",
            Self::List(_) => "array",
            Self::Map(_) => "object",
            Self::Null => "null",
        }
    }

    /// Whether two values are of one type.
    #[must_use]
    pub fn same_type(&self, other: &ParamValue) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }
}

impl std::fmt::Display for ParamValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Integer(value) => write!(f, "{value}"),
            Self::String(value) => f.write_str(value),
            Self::List(values) => {
                let values: Vec<_> = values.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", values.join(", "))
            }
            Self::Float(value) => write!(f, "{value}"),
            Self::Map(Entries(entries)) => {
                let entries: Vec<_> = entries.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                write!(f, "{{{}}}", entries.join(", "))
            }
            Self::Null => f.write_str("null"),
        }
    }
}

/// The parameters that a check is called with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Params(Vec<(Cow<'static, str>, ParamValue)>);

impl Params {
    /// Parameters with these values.
    #[must_use]
    pub fn new(values: Vec<(Cow<'static, str>, ParamValue)>) -> Self {
        Self(values)
    }

    /// Every name and value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &ParamValue)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ParamValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// Sets the value of a name that is there already.
    pub fn set(&mut self, name: &str, value: ParamValue) {
        if let Some((_, old)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *old = value;
        }
    }

    /// A whole number. A rule file declares every parameter that its check reads, which a
    /// test proves, so zero never comes back for a missing one.
    #[must_use]
    pub fn integer(&self, name: &str) -> i64 {
        match self.get(name) {
            Some(ParamValue::Integer(value)) => *value,
            _ => 0,
        }
    }
}
