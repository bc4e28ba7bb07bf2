"""What the parts about reports share: a release with findings of every kind, and how it is linted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# A path and a message with everything that workflow commands escape.
ODD_PATH = "de%2Cploy/a,b:c.yaml"
ODD = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: odd}
data:
  "50%0A": 1
  "a\\nb": 2
  "x:y,z": 3
"""
SECRET = "correct-horse-battery"
WEB = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: credentials}}
stringData: {{PASSWORD: {SECRET}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: 10
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec:
      containers:
        - name: web
          image: nginx
          ports: [{{containerPort: 80}}]
        - name: twice
          image: nginx
---
apiVersion: v1
kind: Service
metadata: {{name: web}}
spec: {{selector: {{app: web}}, ports: [{{port: 80}}]}}
"""


def check(what, holds, detail=""):
    if not holds:
        sys.exit(f"  NOT OK: {what}\n{detail}")
    print(f"  ok: {what}")


def release(name):
    """A folder with a release that has many findings."""
    folder = Path(os.environ["E2E_WORK"]) / name
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in {ODD_PATH: ODD, "deploy/web.yaml": WEB}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def lint(folder, report, *options):
    """The report in a format, as it is written to standard output."""
    command = ["shipworthy", "check", "--output-format", report, "--min-severity", "info", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    check(f"{report}: written, with exit code 1", done.returncode == 1, done.stderr)
    check(f"{report}: holds no secret", SECRET not in done.stdout)
    return done.stdout
