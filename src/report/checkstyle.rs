//! Checkstyle's XML.

use std::io::{self, Write};

use quick_junit::XmlString;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use super::Style;
use super::place::Place;
use crate::lint::{Finding, Report};

pub(super) fn write(report: &Report<'_>, style: Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut xml = Writer::new_with_indent(&mut *out, b' ', 2);
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.write_event(Event::Start(BytesStart::new("checkstyle").with_attributes([("version", "4.3")])))?;
    let mut open: Option<String> = None;
    for finding in style.shown(report) {
        let place = Place::of(&report.sources, finding.hit.span, style);
        if open.as_deref() != Some(&place.path) {
            if open.is_some() {
                xml.write_event(Event::End(BytesEnd::new("file")))?;
            }
            let name = clean(&place.path);
            xml.write_event(Event::Start(BytesStart::new("file").with_attributes([("name", name.as_str())])))?;
            open = Some(place.path.to_string());
        }
        xml.write_event(Event::Empty(error(finding, &place)))?;
    }
    if open.is_some() {
        xml.write_event(Event::End(BytesEnd::new("file")))?;
    }
    xml.write_event(Event::End(BytesEnd::new("checkstyle")))?;
    writeln!(out)
}

fn error(finding: &Finding<'_>, place: &Place<'_>) -> BytesStart<'static> {
    let (line, column) = (place.start.line.to_string(), place.start.column.to_string());
    let message = clean(&finding.hit.message);
    let source = format!("shipworthy.{}", finding.rule.id);
    BytesStart::new("error").with_attributes([
        ("line", line.as_str()),
        ("column", column.as_str()),
        ("severity", finding.severity.as_str()),
        ("message", message.as_str()),
        ("source", source.as_str()),
    ])
}

/// A text without the characters that XML has no way to write.
fn clean(text: &str) -> XmlString {
    XmlString::new(text)
}

#[cfg(test)]
mod tests {
    use super::super::{Format, trial};
    use super::*;
    use crate::rule::Severity;

    #[test]
    fn files_hold_their_findings() {
        let text = trial::written(Format::Checkstyle, Severity::Info);
        assert!(
            text.starts_with("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<checkstyle version=\"4.3\">\n"),
            "{text}"
        );
        assert_eq!(text.matches("<file name=\"deploy/a,b.yaml\">").count(), 1, "{text}");
        assert_eq!(text.matches("<error line=").count(), 2, "{text}");
        assert!(text.contains("severity=\"error\""), "{text}");
        assert!(text.contains("source=\"shipworthy.config-value-not-string\"/>"), "{text}");
        let mut reader = quick_xml::Reader::from_str(&text);
        while !matches!(reader.read_event().unwrap(), Event::Eof) {}
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(clean("a\u{0}\u{8}b").as_str(), "ab");
    }
}
