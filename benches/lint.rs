//! How fast a chart and a large stream are linted. Run with `cargo bench`.

use shipworthy::config::Config;
use shipworthy::input::{ClosedScope, InputFile, Inputs};
use shipworthy::lint::{Policy, Selection, lint};
use shipworthy::rule::builtin;

fn main() {
    divan::main();
}

/// A stream of so many documents: in turn a Deployment, its Service and its ConfigMap.
fn stream(documents: usize) -> Inputs {
    let one = |index: usize| {
        let name = format!("web-{}", index / 3);
        match index % 3 {
            0 => format!(
                "---\n# Source: shop/templates/web.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\n\
                 spec:\n  replicas: 4\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n\
                 \x20   spec:\n      containers:\n        - name: web\n          image: shop/web:1.4.2\n          ports: [{{name: http, containerPort: 8000}}]\n\
                 \x20         readinessProbe: {{httpGet: {{path: /ready, port: http}}}}\n          envFrom: [{{configMapRef: {{name: {name}}}}}]\n"
            ),
            1 => format!(
                "---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{selector: {{app: {name}}}, ports: [{{port: 80, targetPort: http}}]}}\n"
            ),
            _ => format!(
                "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\ndata:\n  SETTINGS: |\n{}",
                "    a line of settings = 1\n".repeat(40)
            ),
        }
    };
    let path = "<stdin>".to_string();
    let bytes = (0..documents).map(one).collect::<String>().into_bytes();
    let file = InputFile { location: path.clone(), path: path.clone(), bytes, target: true, named: true };
    let closed =
        ClosedScope { name: path, namespace: None, orchestrator: None, files: vec![0], dockerfiles: Vec::new() };
    Inputs { files: vec![file], closed: vec![closed], ..Inputs::default() }
}

#[divan::bench(args = [30, 1_000, 14_000])]
fn documents(bencher: divan::Bencher<'_, '_>, documents: usize) {
    let inputs = stream(documents);
    let policy = Policy::new(builtin(), &Config::default(), &Selection::default());
    let bytes = inputs.files[0].bytes.len();
    bencher.counter(divan::counter::BytesCount::new(bytes)).bench(|| lint(&inputs, &policy));
}
