"""The plugins for Argo CD, in its real plugin server: what the repo-server would be told."""

import hashlib
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import time
from contextlib import contextmanager
from pathlib import Path

import grpc
import yaml
from grpc_tools import protoc

ROOT = Path(os.environ["E2E_ROOT"])
WORK = Path(os.environ["E2E_WORK"]) / "argocd"
SECRET = "correct-horse-battery"
CHUNK = 1024

CHART = {
    "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 0.1.0\n",
    "values.yaml": "mode: good\n",
    "templates/all.yaml": """\
{{- if eq .Values.mode "broken" }}{{ fail "this chart does not render" }}{{ end }}
{{- if ne .Values.mode "empty" }}
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: {{ .Release.Namespace }}
data:
  RELEASE: {{ .Release.Name | quote }}
  COUNT: {{ if eq .Values.mode "bad" }}1{{ else }}"1"{{ end }}
---
apiVersion: v1
kind: Secret
metadata: {name: credentials}
stringData: {PASSWORD: %s}
{{- end }}
""" % SECRET,
}


def check(what, holds, detail=""):
    if not holds:
        sys.exit(f"  NOT OK: {what}\n{detail}")
    print(f"  ok: {what}")


def load_stubs():
    """Compiles our own description of the service."""
    stubs = WORK / "stubs"
    stubs.mkdir(parents=True)
    here = ROOT / "tests/e2e"
    arguments = ["protoc", f"-I{here}", f"--python_out={stubs}", f"--grpc_python_out={stubs}", "argocd.proto"]
    check("the service is described", protoc.main(arguments) == 0)
    sys.path.insert(0, str(stubs))
    return importlib.import_module("argocd_pb2"), importlib.import_module("argocd_pb2_grpc")


@contextmanager
def server(name, plugin):
    """The plugin server with a plugin.yaml, as it stands in a sidecar; gives the path of its socket."""
    home = WORK / name
    config, sockets = home / "config", home / "sockets"
    for folder in (config, sockets, home / "work"):
        folder.mkdir(parents=True)
    (config / "plugin.yaml").write_text(plugin)
    environment = {
        **os.environ,
        # The image has these beside shipworthy.
        "PATH": f"{ROOT / 'integrations/argocd'}:{os.environ['PATH']}",
        "ARGOCD_PLUGINSOCKFILEPATH": str(sockets),
        "ARGOCD_CMP_WORKDIR": str(home / "work"),
        "HELM_CACHE_HOME": str(home / "helm"),
    }
    with open(home / "log", "wb") as log:
        arguments = ["argocd-cmp-server", "--config-dir-path", str(config)]
        process = subprocess.Popen(arguments, env=environment, stdout=log, stderr=log)
    socket = sockets / (yaml.safe_load(plugin)["metadata"]["name"] + ".sock")
    try:
        deadline = time.monotonic() + 60
        while not socket.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"  NOT OK: the plugin server does not start\n{(home / 'log').read_text()}")
            time.sleep(0.05)
        yield socket
    finally:
        # It does not mind SIGTERM.
        process.kill()
        process.wait(timeout=30)


def archive(files):
    """What the repo-server sends: the repository as .tgz."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for path, text in files.items():
            data = text.encode()
            info = tarfile.TarInfo(path)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def requests(files, variables):
    data = archive(files)
    variables = {"ARGOCD_APP_NAME": "shop", "ARGOCD_APP_NAMESPACE": "prod", "KUBE_VERSION": "1.33.1", **variables}
    env = [messages.Variable(name=name, value=value) for name, value in variables.items()]
    checksum = hashlib.sha256(data).hexdigest()
    metadata = messages.Metadata(appName="shop", appRelPath="app", checksum=checksum, size=len(data), env=env)
    yield messages.Request(metadata=metadata)
    for start in range(0, len(data), CHUNK):
        yield messages.Request(file=messages.File(chunk=data[start : start + CHUNK]))


def generate(socket, files, variables=None, timeout=60):
    """The objects of an Application, or the error."""
    files = {f"app/{path}": text for path, text in files.items()}
    with grpc.insecure_channel(f"unix:{socket}") as channel:
        service = services.ConfigManagementPluginServiceStub(channel)
        try:
            response = service.GenerateManifest(requests(files, variables or {}), timeout=timeout)
        except grpc.RpcError as error:
            return None, error
    return [json.loads(manifest) for manifest in response.manifests], None


def chart(mode):
    return {**CHART, "values.yaml": f"mode: {mode}\n"}


def by_helm(mode):
    folder = WORK / f"helm-{mode}"
    for path, text in chart(mode).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    command = ["helm", "template", "shop", str(folder), "--namespace", "prod"]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [document for document in yaml.safe_load_all(output) if document]


def refused(what, result, *words):
    objects, error = result
    detail = error.details() if error else repr(objects)
    check(what, error is not None and all(word in detail for word in words), detail)
    check("  and the error holds no secret", SECRET not in detail, detail)
    return detail


def helm():
    with server("helm", (ROOT / "integrations/argocd/plugin.yaml").read_text()) as socket:
        objects, error = generate(socket, chart("good"))
        check("a good app gives the objects that helm gives", objects == by_helm("good"), error or objects)
        detail = refused("a bad app is refused, with the findings", generate(socket, chart("bad")), "refused: 1 error",
                         "config-value-not-string", "ConfigMap settings", "shop/templates/all.yaml")
        print("".join(f"    | {line}\n" for line in detail.splitlines()), end="")
        refused("an empty app is refused", generate(socket, chart("empty")), "no Kubernetes object")
        refused("a chart that fails names why", generate(socket, chart("broken")),
                "this chart does not render", "render-helm exited with status 1")
        wish = {"ARGOCD_ENV_SHIPWORTHY_FAIL_ON": "never"}
        objects, error = generate(socket, chart("bad"), wish)
        check("an Application may let one through", objects == by_helm("bad"), error)
        refused("but not an empty one", generate(socket, chart("empty"), wish), "no Kubernetes object")
        parameters = json.dumps([{"name": "shipworthy-fail-on", "string": "never"}])
        objects, error = generate(socket, chart("bad"), {"ARGOCD_APP_PARAMETERS": parameters})
        check("nor need it be a variable", objects == by_helm("bad"), error)
        refused("a misspelt wish is an error", generate(socket, chart("good"), {"ARGOCD_ENV_SHIPWORTHY_FAILON": "never"}),
                "fail-on")
        values = {**chart("good"), "prod.yaml": "mode: bad\n"}
        refused("values of the Application count", generate(socket, values, {"ARGOCD_ENV_HELM_VALUES": "prod.yaml"}),
                "config-value-not-string")


def kustomize():
    files = {
        "kustomization.yaml": "namespace: prod\nresources: [settings.yaml]\n",
        "settings.yaml": 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {A: "1"}\n',
    }
    with server("kustomize", (ROOT / "integrations/argocd/plugin-kustomize.yaml").read_text()) as socket:
        objects, error = generate(socket, files)
        named = objects and [(item["kind"], item["metadata"]["namespace"]) for item in objects]
        check("a kustomization is built", named == [("ConfigMap", "prod")], error)
        bad = {**files, "settings.yaml": files["settings.yaml"].replace('"1"', "1")}
        refused("and a bad one is refused", generate(socket, bad), "config-value-not-string")


def manifests():
    good = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {A: "1"}'
    files = {"a.yaml": good, "b.json": '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}',
             "shipworthy.yaml": "failOn: error\n", "notes.txt": "none of it"}
    with server("manifests", (ROOT / "integrations/argocd/plugin-manifests.yaml").read_text()) as socket:
        objects, error = generate(socket, files)
        check("a folder of manifests is joined", objects and [item["kind"] for item in objects] == ["ConfigMap", "Namespace"],
              error)
        bad = {**files, "a.yaml": good.replace('"1"', "1")}
        refused("a bad file is named", generate(socket, bad), "config-value-not-string", "(a.yaml)")


def slow():
    """A renderer that takes too long is ended with us, before Argo CD kills what is left."""
    mark = WORK / "slow.pid"
    plugin = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "ConfigManagementPlugin",
        "metadata": {"name": "slow"},
        "spec": {"generate": {"command": ["shipworthy", "gate", "--", "sh", "-c", f"echo $$ > {mark}; sleep 300; :"]}},
    }
    with server("slow", json.dumps(plugin)) as socket:
        started = time.monotonic()
        _, error = generate(socket, chart("good"), timeout=3)
        # The server's time runs out a moment before ours: either of the two tells it.
        told = error is not None and (error.code() == grpc.StatusCode.DEADLINE_EXCEEDED or "signal" in error.details())
        check("a slow renderer runs out of time", told, error)
        pid = int(mark.read_text())
        while Path(f"/proc/{pid}").exists() and time.monotonic() < started + 20:
            time.sleep(0.05)
        took = time.monotonic() - started
        check(f"and is gone after {took:.1f} s", took < 8)


shutil.rmtree(WORK, ignore_errors=True)
WORK.mkdir(parents=True)
messages, services = load_stubs()
helm()
kustomize()
manifests()
slow()
