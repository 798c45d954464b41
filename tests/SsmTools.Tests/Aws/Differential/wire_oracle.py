"""Reads and writes requests and answers with botocore, as a second opinion on our own clients.

One JSON object a line comes in, one goes out. Values travel as trees keyed by the model's member names; timestamps as
ISO 8601 text with milliseconds, blobs as base64.
"""

import base64
import datetime
import hashlib
import json
import os
import sys
import urllib.parse
import xml.sax.saxutils

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.model
import botocore.parsers
import botocore.serialize

# Text that botocore, too, encodes and decodes outside of its serializers.
BASE64_TEXT = {("RunInstancesRequest", "UserData"), ("GetConsoleOutputResult", "Output")}
PERCENT_SHAPES = {"policyDocumentType"}
# Parsers drop members that the model does not know; ours must as well.
NOISE_JSON = {"Unheard": [1, {"of": None}]}
NOISE_XML = "<unheard><of>1</of><item/></unheard>"


class Oracle:
    def __init__(self, models):
        self.models = models
        self.services = {}

    def service(self, name):
        if name not in self.services:
            with open(os.path.join(self.models, name + ".json"), encoding="utf-8") as file:
                self.services[name] = botocore.model.ServiceModel(json.load(file), name)
        return self.services[name]

    def answer(self, message):
        """Serializes an answer, and reads it back with botocore's own parser."""
        service = self.service(message["service"])
        protocol = service.metadata["protocol"]
        operation = service.operation_model(message["operation"])
        shape = operation.output_shape
        if protocol in ("json", "rest-json"):
            tree = {} if shape is None else json_tree(shape, message["output"])
            body = json.dumps({**NOISE_JSON, **tree}).encode()
        else:
            body = xml_answer(protocol, operation, message["output"]).encode()
        response = {"status_code": 200, "headers": {"x-amzn-requestid": "r"}, "body": body}
        parsed = botocore.parsers.create_parser(protocol).parse(response, shape) if shape is not None else {}
        parsed.pop("ResponseMetadata", None)
        return {
            "body": base64.b64encode(body).decode(),
            "parsed": {} if shape is None else to_tree(shape, parsed, message["service"]),
        }

    def check(self, message):
        """Compares a request that our client sent with what botocore would send, and verifies its signature."""
        service = self.service(message["service"])
        operation = service.operation_model(message["operation"])
        protocol = service.metadata["protocol"]
        serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
        arguments = {} if operation.input_shape is None else from_tree(operation.input_shape, message["input"])
        expected = serializer.serialize_to_request(arguments, operation)
        body = base64.b64decode(message["body"])
        headers = {name.lower(): value for name, value in message["headers"].items()}
        differences = []
        if protocol == "rest-json":
            want = json.loads(expected["body"] or b"{}")
            have = json.loads(body or b"{}")
            if body and headers.get("content-type") != "application/json":
                differences.append(f"Content-Type: {headers.get('content-type')}")
            wanted_path, wanted_query = expected["url_path"], expected["query_string"]
            path, _, query = message["target"].partition("?")
            if [urllib.parse.unquote(part) for part in path.split("/")] == [
                    urllib.parse.unquote(part) for part in wanted_path.split("/")]:
                path = wanted_path
            if dict(urllib.parse.parse_qsl(query, keep_blank_values=True)) != {
                    name: str(value) for name, value in wanted_query.items()}:
                differences.append(f"query {query}")
            message["path"] = path
        elif protocol == "json":
            want, have = json.loads(expected["body"]), json.loads(body)
            for name in ("X-Amz-Target", "Content-Type"):
                if expected["headers"][name] != headers.get(name.lower()):
                    differences.append(f"{name}: {headers.get(name.lower())}")
        else:
            want = {name: str(value) for name, value in expected["body"].items()}
            pairs = urllib.parse.parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True)
            have = dict(pairs)
            if len(have) != len(pairs):
                differences.append("a field is there twice")
        if (message["method"], message.get("path", message["target"])) != (expected["method"], expected["url_path"]):
            differences.append(f"{message['method']} {message['target']}")
        if want != have:
            differences.append(f"want {json.dumps(want)} have {json.dumps(have)}")
        differences += signature_differences(message, headers, body)
        return {"values": leaves(have), "differences": differences}


def signature_differences(message, headers, body):
    fields = dict(
        part.strip().split("=", 1) for part in headers["authorization"].split(" ", 1)[1].split(","))
    _, date, region, service, _ = fields["Credential"].split("/")
    signed = {name: headers[name] for name in fields["SignedHeaders"].split(";")}
    request = botocore.awsrequest.AWSRequest(
        method=message["method"], url=f"http://{headers['host']}{message['target']}", headers=signed, data=body)
    request.context["timestamp"] = headers["x-amz-date"]
    credentials = botocore.credentials.Credentials(message["key"], message["secret"])
    auth = botocore.auth.SigV4Auth(credentials, service, region)
    wanted = auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request)
    differences = []
    if wanted != fields["Signature"]:
        differences.append("the signature is wrong")
    if (region, service, date) != (message["region"], message["service"], headers["x-amz-date"][:8]):
        differences.append(f"signed for {region} {service} {date}")
    if hashlib.sha256(body).hexdigest() != headers["x-amz-content-sha256"]:
        differences.append("the body's hash is wrong")
    needed = {"host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"} | ({"content-type"} if body else set())
    if not needed <= signed.keys():
        differences.append("a header is not signed")
    return differences


def timestamp(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def from_tree(shape, value):
    """Makes the arguments that botocore's serializers take."""
    kind = shape.type_name
    if kind == "structure":
        return {
            name: base64.b64encode(member.encode()).decode() if (shape.name, name) in BASE64_TEXT
            else from_tree(shape.members[name], member)
            for name, member in value.items()
        }
    if kind == "list":
        return [from_tree(shape.member, item) for item in value]
    if kind == "map":
        return {key: from_tree(shape.value, item) for key, item in value.items()}
    if kind == "timestamp":
        return timestamp(value)
    return base64.b64decode(value) if kind == "blob" else value


def to_tree(shape, value, service):
    """Makes a tree of what botocore's parsers give."""
    kind = shape.type_name
    if kind == "structure":
        tree = {}
        for name, member in value.items():
            tree[name] = to_tree(shape.members[name], member, service)
            if (shape.name, name) in BASE64_TEXT:
                tree[name] = base64.b64decode(member).decode()
        return tree
    if kind == "list":
        return [to_tree(shape.member, item, service) for item in value]
    if kind == "map":
        return {key: to_tree(shape.value, item, service) for key, item in value.items()}
    if kind == "timestamp":
        return value.astimezone(datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if kind == "blob":
        return base64.b64encode(value).decode()
    if shape.name in PERCENT_SHAPES and service == "iam":
        return urllib.parse.unquote(value)
    return value


def wire_name(shape, name):
    return shape.members[name].serialization.get("name", name)


def json_tree(shape, value):
    kind = shape.type_name
    if kind == "structure":
        return {wire_name(shape, name): json_tree(shape.members[name], member) for name, member in value.items()}
    if kind == "list":
        return [json_tree(shape.member, item) for item in value]
    if kind == "map":
        return {key: json_tree(shape.value, item) for key, item in value.items()}
    if kind == "timestamp":
        # Services use both forms; half of the values get each.
        time = timestamp(value)
        return value if time.second % 2 else time.timestamp()
    return value


def xml_answer(protocol, operation, output):
    members = "" if operation.output_shape is None else xml_members(operation.output_shape, output)
    name = operation.name
    if protocol == "ec2":
        return f'<?xml version="1.0"?>\n<{name}Response xmlns="http://e/">{NOISE_XML}<requestId>q</requestId>{members}</{name}Response>'
    result = "" if operation.output_shape is None else f"<{name}Result>{NOISE_XML}{members}</{name}Result>"
    return (
        f'<{name}Response xmlns="https://q/">\n  {result}\n  <ResponseMetadata><RequestId>q</RequestId>'
        f"</ResponseMetadata></{name}Response>")


def xml_members(shape, value):
    parts = []
    for name, member in value.items():
        if (shape.name, name) in BASE64_TEXT:
            member = base64.b64encode(member.encode()).decode()
        parts.append(xml_value(wire_name(shape, name), shape.members[name], member))
    return "".join(parts)


def xml_value(name, shape, value):
    kind = shape.type_name
    if kind == "structure":
        text = xml_members(shape, value)
    elif kind == "list":
        item_name = shape.member.serialization.get("name", "member")
        text = "".join(xml_value(item_name, shape.member, item) for item in value)
    elif kind == "map":
        text = "".join(
            f"<entry>{xml_value('key', shape.key, key)}{xml_value('value', shape.value, item)}</entry>"
            for key, item in value.items())
    elif kind == "boolean":
        text = "true" if value else "false"
    elif shape.name in PERCENT_SHAPES:
        text = urllib.parse.quote(value, safe="+")
    else:
        text = xml.sax.saxutils.escape(str(value))
    return f"<{name}>{text}</{name}>" if text else f"<{name}/>"


def leaves(value):
    if isinstance(value, dict):
        return sum(leaves(item) for item in value.values())
    if isinstance(value, list):
        return sum(leaves(item) for item in value)
    return 1


def main():
    oracle = Oracle(sys.argv[1])
    for line in sys.stdin.buffer:
        message = json.loads(line)
        result = {"answer": oracle.answer, "check": oracle.check}[message["do"]](message)
        sys.stdout.buffer.write(json.dumps(result).encode() + b"\n")
        sys.stdout.buffer.flush()


main()
