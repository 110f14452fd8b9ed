"""Receives OTLP/HTTP by the protocol's published definitions, and is a target whose requests it counts.

Prints its port. What comes first in the path says how it receives:

  /v1/…          takes all
  /busy/v1/…     answers 503 with `Retry-After: 1` to the first message of each signal, and takes the rest
  /partly/v1/…   takes all but one of each message, and says so, with the header `api-key` that it was sent
  /refuse/v1/…   answers 400
  /hang/v1/…     never answers
  /target/…      is the target: 200, 404 below `/target/missing`, nothing below `/target/never`, a redirect at `/target/moved`
  /received      tells all that came, as JSON
"""

import gzip
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1 import metrics_service_pb2 as metrics
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2 as trace
from opentelemetry.proto.trace.v1.trace_pb2 import Span

lock = threading.Lock()
came = {"posts": [], "spans": [], "metrics": [], "targeted": []}


def attributes(of):
    return {it.key: getattr(it.value, it.value.WhichOneof("value")) for it in of.attributes}


def spans(message):
    for resource in message.resource_spans:
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield {
                    "resource": attributes(resource.resource),
                    "scope": [scope.scope.name, scope.scope.version],
                    "trace_id": span.trace_id.hex(),
                    "span_id": span.span_id.hex(),
                    "parent": span.parent_span_id.hex(),
                    "name": span.name,
                    "kind": Span.SpanKind.Name(span.kind),
                    "begin": span.start_time_unix_nano,
                    "end": span.end_time_unix_nano,
                    "attributes": attributes(span),
                    "status": [span.status.code, span.status.message],
                    "flags": span.flags,
                }


def points(message):
    """The metrics of one message, by name."""
    found = {}
    for resource in message.resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                sort = metric.WhichOneof("data")
                data = getattr(metric, sort)
                assert metric.name not in found, f"{metric.name} twice"
                found[metric.name] = {
                    "resource": attributes(resource.resource),
                    "unit": metric.unit,
                    "description": metric.description,
                    "sort": sort,
                    "temporality": getattr(data, "aggregation_temporality", None),
                    "monotonic": getattr(data, "is_monotonic", None),
                    "points": [
                        {
                            "attributes": attributes(point),
                            "start": point.start_time_unix_nano,
                            "now": point.time_unix_nano,
                            **value(sort, point),
                        }
                        for point in data.data_points
                    ],
                }
    return found


def value(sort, point):
    if sort != "histogram":
        return {"value": getattr(point, point.WhichOneof("value"))}
    assert len(point.bucket_counts) == len(point.explicit_bounds) + 1
    assert sum(point.bucket_counts) == point.count
    return {"count": point.count, "sum": point.sum, "buckets": list(point.bucket_counts)}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("content-length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            # Who gave up waiting.
            self.close_connection = True

    def do_GET(self):
        if self.path == "/received":
            with lock:
                body = json.dumps(came).encode()
            return self.answer(200, body)
        with lock:
            came["targeted"].append([self.path, self.headers.get_all("traceparent") or []])
        if self.path.startswith("/target/never"):
            threading.Event().wait(60)
        elif self.path.startswith("/target/missing"):
            self.answer(404, b"missing")
        elif self.path.startswith("/target/moved"):
            self.answer(302, headers=[("location", "/target/")])
        else:
            self.answer(200, b"hello")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        how, _, signal = self.path.removeprefix("/").rpartition("v1/")
        path = self.path
        with lock:
            first = all(post["path"] != path for post in came["posts"])
            came["posts"].append({"path": path, "headers": {k.lower(): v for k, v in self.headers.items()}})
        if how == "hang/":
            threading.Event().wait(60)
        if how == "refuse/":
            return self.answer(400, b"not like this")
        if how == "busy/" and first:
            return self.answer(503, headers=[("retry-after", "1")])
        assert self.headers["content-encoding"] == "gzip"
        assert self.headers["content-type"] == "application/x-protobuf"
        of_traces = signal == "traces"
        request = trace.ExportTraceServiceRequest() if of_traces else metrics.ExportMetricsServiceRequest()
        answer = trace.ExportTraceServiceResponse() if of_traces else metrics.ExportMetricsServiceResponse()
        request.ParseFromString(gzip.decompress(body))
        assert not unknown(request), "a field that the definitions do not have"
        if how == "partly/":
            if of_traces:
                answer.partial_success.rejected_spans = 1
            else:
                answer.partial_success.rejected_data_points = 1
            answer.partial_success.error_message = f"one is enough for {self.headers['api-key']}\x1b[31m"
        with lock:
            if of_traces:
                came["spans"].extend(spans(request))
            else:
                came["metrics"].append(points(request))
        self.answer(200, answer.SerializeToString(), [("content-type", "application/x-protobuf")])


def unknown(message):
    """Whether a message has fields that are not in the definitions, which a parser keeps when it writes it again."""
    known = type(message)()
    known.CopyFrom(message)
    known.DiscardUnknownFields()
    return known.SerializeToString() != message.SerializeToString()


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
