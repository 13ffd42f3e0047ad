"""The other programs that read and write KeePass files, for the tests of `vault`.

peer.py read FILE...      what pykeepass reads in them, as JSON by file
peer.py xml FILE...       the same of documents exported by keepassxc-cli
peer.py write FILE KDF CIPHER   a new file, its content from standard input as JSON
peer.py edit FILE...      sets the password of `grp/ünïcode/first` to `changed by pykeepass`

The password is in PEER_PASSWORD, a key file in PEER_KEYFILE.
"""

import base64
import datetime
import gzip
import json
import os
import sys
import xml.etree.ElementTree as ET

import pykeepass

STANDARD = ("Title", "UserName", "Password", "URL", "Notes")


def open_vault(path):
    keyfile = os.environ.get("PEER_KEYFILE") or None
    return pykeepass.PyKeePass(path, password=os.environ.get("PEER_PASSWORD") or None, keyfile=keyfile)


def unix(time):
    if isinstance(time, str) and "-" not in time:
        return int.from_bytes(base64.b64decode(time), "little") - 62135596800
    if isinstance(time, str):
        time = datetime.datetime.fromisoformat(time.replace("Z", "+00:00"))
    return int(time.timestamp())


def entry_of(entry):
    fields = {}
    for string in entry._element.findall("String"):
        fields[string.find("Key").text] = string.find("Value").text or ""
    return {
        "fields": {k: v for k, v in fields.items() if v},
        "tags": sorted(entry.tags or []),
        "expires": unix(entry.expiry_time) if entry.expires else None,
        "files": {a.filename: base64.b64encode(a.data).decode() for a in entry.attachments},
        "history": [h.password or "" for h in entry.history],
    }


def read(path):
    vault = open_vault(path)
    return {"/".join(e.path): entry_of(e) for e in vault.entries if "Recycle Bin" not in e.path}


def xml(path):
    root = ET.parse(path).getroot()
    pool = {}
    for binary in root.findall("Meta/Binaries/Binary"):
        data = base64.b64decode(binary.text or "")
        if binary.get("Compressed") == "True" and data:
            data = gzip.decompress(data)
        pool[binary.get("ID")] = base64.b64encode(data).decode()

    def fields(entry):
        found = {s.find("Key").text: s.find("Value").text or "" for s in entry.findall("String")}
        return {k: v for k, v in found.items() if v}

    out = {}

    def group(element, path):
        for entry in element.findall("Entry"):
            own = fields(entry)
            tags = (entry.findtext("Tags") or "").replace(",", ";").split(";")
            out["/".join(path + [own.get("Title", "")])] = {
                "fields": own,
                "tags": sorted(t for t in tags if t),
                "expires": unix(entry.findtext("Times/ExpiryTime"))
                if entry.findtext("Times/Expires") == "True" else None,
                "files": {b.find("Key").text: pool.get(b.find("Value").get("Ref")) for b in entry.findall("Binary")},
                "history": [fields(h).get("Password", "") for h in entry.findall("History/Entry")],
            }
        for below in element.findall("Group"):
            if below.findtext("Name") != "Recycle Bin":
                group(below, path + [below.findtext("Name")])

    group(root.find("Root/Group"), [])
    return out


def write(path, kdf, cipher):
    vault = pykeepass.create_database(path, password=os.environ.get("PEER_PASSWORD") or None,
                                      keyfile=os.environ.get("PEER_KEYFILE") or None)
    header = vault.kdbx.header.value.dynamic_header
    header.cipher_id.data = cipher
    parameters = header.kdf_parameters.data.dict
    parameters["M"].value = 64 * 1024
    parameters["I"].value = 1
    if kdf == "argon2id":
        parameters["$UUID"].value = bytes.fromhex("9e298b1956db4773b23dfc3ec6f0a1e6")
    for name, wanted in json.load(sys.stdin).items():
        *groups, title = name.split("/")
        at = vault.root_group
        for group in groups:
            at = next((g for g in at.subgroups if g.name == group), None) or vault.add_group(at, group)
        own = wanted["fields"]
        entry = vault.add_entry(at, title, own.get("UserName", ""), "first version", url=own.get("URL"),
                                notes=own.get("Notes"), tags=wanted["tags"] or None)
        for name, data in wanted["files"].items():
            entry.add_attachment(vault.add_binary(base64.b64decode(data), protected=True), name)
        for name, value in own.items():
            if name not in STANDARD:
                entry.set_custom_property(name, value, protect=True)
        entry.save_history()
        entry.password = own["Password"]
    vault.save()


def main():
    command, *rest = sys.argv[1:]
    if command in ("read", "xml"):
        json.dump({path: globals()[command](path) for path in rest}, sys.stdout)
    elif command == "write":
        write(*rest)
    elif command == "edit":
        for path in rest:
            vault = open_vault(path)
            entry = vault.find_entries(path=["grp", "ünïcode", "first"])
            entry.save_history()
            entry.password = "changed by pykeepass"
            vault.save()


main()
