//! Durations as Go writes them: `1h30m`.

/// The units, in nanoseconds.
const UNITS: [(&str, f64); 8] =
    [("ns", 1.0), ("us", 1e3), ("µs", 1e3), ("μs", 1e3), ("ms", 1e6), ("s", 1e9), ("m", 6e10), ("h", 3.6e12)];

/// The whole seconds of a duration.
pub(super) fn seconds(text: &str) -> Result<i64, String> {
    nanoseconds(text)
        .map(|nanoseconds| (nanoseconds / 1e9) as i64)
        .ok_or(format!("has the duration {text}, which Go does not read"))
}

fn nanoseconds(text: &str) -> Option<f64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0.0);
    }
    let mut sum = None;
    while !rest.is_empty() {
        let unit = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let (number, tail) = rest.split_at(unit);
        let end = tail.find(|letter: char| letter.is_ascii_digit() || letter == '.').unwrap_or(tail.len());
        let (_, factor) = UNITS.into_iter().find(|(name, _)| *name == &tail[..end])?;
        // `f64` reads `5.` and `.5`, as Go does, and neither reads `.`.
        sum = Some(sum.unwrap_or(0.0) + number.parse::<f64>().ok()? * factor);
        rest = &tail[end..];
    }
    // What does not fit into 64 bits is refused.
    sum.filter(|sum| *sum < i64::MAX as f64).map(|sum| sign * sum)
}
