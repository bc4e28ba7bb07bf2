//! Amounts that a range compares: numbers and quantities, percentages, durations.

/// What an amount counts; only amounts of one unit can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// A number, or a quantity of Kubernetes: `3`, `0.5`, `500m`, `1Gi`.
    Number,
    /// `25%`
    Percent,
    /// `90s`, `1h30m`: `5m` alone is a quantity, five thousandths.
    Seconds,
}

/// An amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount {
    pub(super) value: f64,
    pub(super) unit: Unit,
}

/// Suffixes of quantities that stand for a power of ten, and of two.
const TENS: [(&str, i32); 9] =
    [("n", -9), ("u", -6), ("m", -3), ("k", 3), ("M", 6), ("G", 9), ("T", 12), ("P", 15), ("E", 18)];
const TWOS: [(&str, i32); 6] = [("Ki", 10), ("Mi", 20), ("Gi", 30), ("Ti", 40), ("Pi", 50), ("Ei", 60)];

/// The parts of a duration, in seconds.
const TIMES: [(&str, f64); 6] = [("ns", 1e-9), ("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];

impl Amount {
    /// Reads an amount, a duration only where it cannot be a quantity.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = |value| Self { value, unit: Unit::Number };
        quantity(text)
            .map(number)
            .or_else(|| Self::parse_as(text, Unit::Percent))
            .or_else(|| Self::parse_as(text, Unit::Seconds))
    }

    /// Reads an amount of a unit.
    pub(super) fn parse_as(text: &str, unit: Unit) -> Option<Self> {
        let value = match unit {
            Unit::Number => quantity(text)?,
            Unit::Percent => decimal(text.strip_suffix('%')?)?,
            Unit::Seconds => seconds(text)?,
        };
        Some(Self { value, unit })
    }
}

/// A decimal number without a suffix.
fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    text.parse().ok().filter(|value: &f64| is_number && value.is_finite())
}

/// Decimal suffixes are read as exponents, so that `100m` and `0.1` are the same number.
fn quantity(text: &str) -> Option<f64> {
    if let Some((number, power)) = TWOS.iter().find_map(|(suffix, power)| Some((text.strip_suffix(suffix)?, power))) {
        return decimal(number).filter(|_| !number.contains(['e', 'E'])).map(|value| value * 2f64.powi(*power));
    }
    if let Some(value) = decimal(text) {
        return Some(value);
    }
    let (number, power) = TENS.iter().find_map(|(suffix, power)| Some((text.strip_suffix(suffix)?, power)))?;
    decimal(&format!("{number}e{power}")).filter(|_| !number.contains(['e', 'E']))
}

/// Go's form of durations: `1h30m`, `1.5s`.
fn seconds(text: &str) -> Option<f64> {
    let mut rest = text;
    let mut total = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let number: f64 = rest[..end].parse().ok()?;
        let letters = rest[end..].find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len() - end);
        let unit = &rest[end..end + letters];
        total += number * TIMES.iter().find(|(name, _)| *name == unit)?.1;
        rest = &rest[end + letters..];
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(f64, Unit)> {
        Amount::parse(text).map(|amount| (amount.value, amount.unit))
    }

    #[test]
    fn amounts_are_read() {
        for (text, value) in [
            ("3", 3.0),
            ("-1", -1.0),
            ("0.1", 0.1),
            ("100m", 0.1),
            ("1Gi", 1_073_741_824.0),
            ("2k", 2000.0),
            ("1e3", 1000.0),
            ("1.5Ki", 1536.0),
            ("5m", 0.005),
            ("1E", 1e18),
        ] {
            assert_eq!(read(text), Some((value, Unit::Number)), "{text}");
        }
        assert_eq!(read("25%"), Some((25.0, Unit::Percent)));
        for (text, value) in [("90s", 90.0), ("1h30m", 5400.0), ("500ms", 0.5), ("1m30s", 90.0)] {
            assert_eq!(read(text), Some((value, Unit::Seconds)), "{text}");
        }
        assert_eq!(Amount::parse_as("5m", Unit::Seconds).map(|amount| amount.value), Some(300.0));
        for text in ["", "m", "1 Gi", "1GB", "x", "%", "1h3", "inf", "nan", "1e3Ki", "s", "1..2", "-"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
