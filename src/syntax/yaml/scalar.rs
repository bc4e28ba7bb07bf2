//! The type of a scalar, as `kubectl` sees it.
//!
//! `kubectl` and helm turn YAML into JSON with sigs.k8s.io/yaml, a descendant of
//! go-yaml 2. Its rules are neither those of YAML 1.1 nor of YAML 1.2: `y` and
//! `on` are booleans, `08` is eight, `12:30` is text.
//! Source: sigs.k8s.io/yaml, goyaml.v2/resolve.go.

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes: the only style whose text decides its type.
    Plain,
    /// `'…'`
    SingleQuoted,
    /// `"…"`
    DoubleQuoted,
    /// A block scalar, `|` or `>`.
    Block,
}

/// The value of a scalar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'a> {
    /// `null`, `~` or nothing at all.
    Null,
    /// A boolean, in any of the spellings that go-yaml 2 knows.
    Bool(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction or an exponent; `.inf` and `.nan` too, which have
    /// no JSON form and make the conversion fail.
    Float(f64),
    /// Text.
    String(&'a str),
}

/// Types a plain scalar by its text.
#[must_use]
pub fn resolve(text: &str) -> Scalar<'_> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Scalar::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Scalar::Bool(true),
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => Scalar::Bool(false),
        ".nan" | ".NaN" | ".NAN" => Scalar::Float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Scalar::Float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Scalar::Float(f64::NEG_INFINITY),
        _ => number(text).unwrap_or(Scalar::String(text)),
    }
}

fn number(text: &str) -> Option<Scalar<'_>> {
    match text.as_bytes().first()? {
        b'.' => float(text).map(Scalar::Float),
        b'0'..=b'9' | b'+' | b'-' => {
            let digits = text.replace('_', "");
            integer(&digits).map(Scalar::Integer).or_else(|| float(&digits).map(Scalar::Float))
        }
        _ => None,
    }
}

/// Go's `strconv.ParseInt(text, 0, 64)`, then `ParseUint`: the prefix decides the base,
/// and a leading zero alone means octal.
fn integer(text: &str) -> Option<i128> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    // A second sign would be accepted by `from_str_radix`, but not by Go.
    if !digits.starts_with(|first: char| first.is_digit(base)) {
        return None;
    }
    let magnitude = i128::from(u64::from_str_radix(digits, base).ok()?);
    let value = if negative { -magnitude } else { magnitude };
    // An explicit plus makes it a signed number; unsigned ones reach one bit further.
    let most = if text.starts_with('+') { i128::from(i64::MAX) } else { i128::from(u64::MAX) };
    (value >= i128::from(i64::MIN) && value <= most).then_some(value)
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`
fn float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = all_digits(whole)
        && all_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && all_digits(exponent));
    let value: f64 = well_formed.then(|| text.parse().ok())??;
    // Go's ParseFloat reports a range error where Rust answers infinity.
    value.is_finite().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::Scalar::{Bool, Float, Integer, Null, String};
    use super::*;

    /// The table of the specification, form by form, with what `kubectl` 1.32 printed.
    #[test]
    fn scalars_are_typed_as_kubectl_types_them() {
        let spellings = |lower: &str| {
            let mut title = lower.to_string();
            title[..1].make_ascii_uppercase();
            [lower.to_string(), title, lower.to_ascii_uppercase()]
        };
        for word in ["y", "yes", "on", "true"] {
            for text in spellings(word) {
                assert_eq!(resolve(&text), Bool(true), "{text}");
            }
        }
        for word in ["n", "no", "off", "false"] {
            for text in spellings(word) {
                assert_eq!(resolve(&text), Bool(false), "{text}");
            }
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(resolve(text), Null, "{text}");
        }
        for (text, value) in [
            ("08", 8.0),
            ("09", 9.0),
            (".5", 0.5),
            ("1.", 1.0),
            ("1.10", 1.1),
            ("1e3", 1000.0),
            ("-1.5e-3", -0.0015),
            ("+.5", 0.5),
            ("18446744073709551616", 18_446_744_073_709_551_616.0),
        ] {
            assert_eq!(resolve(text), Float(value), "{text}");
        }
        for (text, value) in [
            ("0", 0),
            ("-0", 0),
            ("010", 8),
            ("0777", 511),
            ("0o10", 8),
            ("0x1F", 31),
            ("0b11", 3),
            ("-0b11", -3),
            ("1_000", 1000),
            ("1__0", 10),
            ("+5", 5),
            ("-5", -5),
            ("9223372036854775808", 9_223_372_036_854_775_808),
        ] {
            assert_eq!(resolve(text), Integer(value), "{text}");
        }
        for text in [
            "12:30",
            "2026-11-21",
            "2026-11-21T10:00:00Z",
            "1.2.3",
            "5s",
            "1,000",
            "0o8",
            "0x",
            "-",
            "+",
            ".",
            "..",
            "yEs",
            "tRue",
            "nULL",
            "0b2",
            "1e",
            "e3",
            "--5",
            "+-5",
            "1e400",
            "infinity",
            "nan",
            "inf",
            "_1",
            "._5",
        ] {
            assert_eq!(resolve(text), String(text), "{text}");
        }
        assert_eq!(resolve(".inf"), Float(f64::INFINITY));
        assert_eq!(resolve("-.INF"), Float(f64::NEG_INFINITY));
        assert!(matches!(resolve(".NaN"), Float(value) if value.is_nan()));
    }
}
