//! Go templates, as far as it takes to tell which line printed what.

mod align;
mod lex;
mod parse;
mod program;
mod scope;

pub(super) use align::{By, Piece, align};
pub(super) use parse::parse;
pub(super) use program::{Define, Defines, Program};

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::Sources;

    /// Parts that templates are made of, and that break them.
    fn fragment() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ -~\n\té]{0,12}",
            prop::sample::select(vec![
                "{{",
                "}}",
                "{{-",
                "-}}",
                "{{- -}}",
                "{{/*",
                "*/}}",
                "{{ if .a }}",
                "{{ else if .b }}",
                "{{ end }}",
                "\n---\n",
                "{{ range .Values.l }}",
                "{{ include \"d\" . | nindent 4 }}",
                "{{ define \"d\" }}",
                "{{ toYaml . | indent 2 }}",
                "{{ $x := .Values.é }}",
                "a: 1\n",
                "  b: {{ .Values.b }}\n",
                "\r\n",
                "{{ with $ }}",
                "{{ `}}` }}",
            ])
            .prop_map(str::to_string),
        ]
    }

    proptest! {
        #[test]
        fn any_template_is_survived_and_pieces_lie_in_their_texts(
            fragments in prop::collection::vec(fragment(), 0..20),
            document in "[ab:1 \n-]{0,60}",
        ) {
            let text = fragments.concat();
            let mut sources = Sources::default();
            let id = sources.add("t", text.as_str());
            let Some(template) = parse(&text) else { return Ok(()) };
            let defines: Defines<'_> = template
                .defines
                .into_iter()
                .map(|(name, parts)| (name, Define { source: id, text: &text, parts }))
                .collect();
            let program = Program::new(id, &text, &template.parts, &defines);
            for piece in align(&program, &sources, document.trim()).unwrap_or_default() {
                prop_assert!(piece.printed.end <= document.trim().len());
                if let By::Text { span, .. } = piece.by {
                    let written = text.get(span.range());
                    prop_assert!(written.is_some_and(|written| document.trim()[piece.printed.clone()].starts_with(written.trim())));
                }
            }
        }
    }
}
