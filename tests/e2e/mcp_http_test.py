#!/usr/bin/env python3
"""credctl mcp --listen, over real sockets: the exact answers, what is refused, slow and vanishing
clients, streams, tokens. Environment: CREDCTL."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

CREDCTL = os.environ["CREDCTL"]
SECRET = "CANARY-secret-of-the-test"
TOKEN = "CANARY-token-of-the-test"
FOLDER = tempfile.mkdtemp(prefix="credctl-mcp-")
VERSION = "2026-07-28"
META = {"io.modelcontextprotocol/protocolVersion": VERSION, "io.modelcontextprotocol/clientCapabilities": {}}
BASE = {
    "PATH": os.environ["PATH"], "HOME": FOLDER, "XDG_CACHE_HOME": FOLDER + "/cache",
    "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET,
}
JSON = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
PING = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})


def message(method, params=None, ident=1):
    return json.dumps({"jsonrpc": "2.0", "id": ident, "method": method, **({"params": params} if params else {})})


def modern(method, name=None):
    return {**JSON, "MCP-Protocol-Version": VERSION, "Mcp-Method": method, **({"Mcp-Name": name} if name else {})}


class Server:
    def __init__(self, *options, listen="127.0.0.1:0", env=None):
        self.log = tempfile.NamedTemporaryFile("w+", dir=FOLDER, delete=False)
        self.process = subprocess.Popen([CREDCTL, "mcp", "--listen", listen, *options], env={**BASE, **(env or {})},
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log)
        until = time.monotonic() + 20
        while "serving MCP on" not in self.said() and self.process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        found = re.search(r"http://[^:]+:(\d+)/mcp", self.said())
        self.port = int(found.group(1)) if found else 0

    def said(self):
        with open(self.log.name, encoding="utf-8") as log:
            return log.read()

    def ask(self, body=PING, headers=None, method="POST", path="/mcp"):
        """Status, headers and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, JSON if headers is None else headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert SECRET not in text and TOKEN not in text
        return answer.status, answer.headers, text

    def raw(self, *pieces, pause=0.0, host="127.0.0.1"):
        """What is answered to bytes, up to the end of the connection."""
        with socket.create_connection((host, self.port), timeout=60) as one:
            for piece in pieces:
                one.sendall(piece.encode() if isinstance(piece, str) else piece)
                time.sleep(pause)
            one.shutdown(socket.SHUT_WR)
            got = b""
            while True:
                try:
                    piece = one.recv(65536)
                except ConnectionResetError:
                    return got.decode() + "<reset>"
                if not piece:
                    return got.decode()
                got += piece

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=20)
        assert out == b"", out
        assert SECRET not in self.said() and TOKEN not in self.said()
        return self.process.returncode


class Served(unittest.TestCase):
    """One server for all tests of the class, which must live to the end."""

    options = ()
    env = {}

    @classmethod
    def setUpClass(cls):
        cls.server = Server(*cls.options, env=cls.env)

    @classmethod
    def tearDownClass(cls):
        assert cls.server.ask()[0] in (200, 401)
        assert cls.server.end() == 0


class Answers(Served):
    def status(self, *args, **named):
        return self.server.ask(*args, **named)[0]

    def code(self, *args, **named):
        status, _, text = self.server.ask(*args, **named)
        return status, json.loads(text)["error"]["code"]

    def test_the_routing_ladder(self):
        listing, envelope = message("tools/list"), message("tools/list", {"_meta": META})
        later = {**META, "io.modelcontextprotocol/protocolVersion": "2099-01-01"}
        asks = {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        head = modern("tools/list")
        self.assertEqual(self.status(listing), 200)
        self.assertEqual(self.code(listing, head), (400, -32602))
        self.assertEqual(self.code(envelope, {**JSON, "MCP-Protocol-Version": "2025-11-25"}), (400, -32020))
        self.assertEqual(self.code(envelope), (400, -32020))
        self.assertEqual(self.code(message("initialize", asks), modern("initialize")), (400, -32020))
        self.assertEqual(self.code(listing, {**JSON, "MCP-Protocol-Version": "2099-01-01"}), (400, -32602))
        self.assertEqual(self.code(message("tools/list", {"_meta": later}),
                                   {**head, "MCP-Protocol-Version": "2099-01-01"}), (400, -32022))
        self.assertEqual(self.code(f"[{listing}]", head), (400, -32600))
        told = json.loads(self.server.ask(message("initialize", asks))[2])
        self.assertEqual(told["result"]["protocolVersion"], "2025-11-25")
        self.assertEqual(self.status(envelope, head), 200)

    def test_calls(self):
        def call(name, arguments):
            return self.server.ask(message("tools/call", {"name": name, "arguments": arguments, "_meta": META}),
                                   modern("tools/call", name))
        status, _, text = call("GetEnvironmentInfo", {"no": 1})
        self.assertEqual((status, json.loads(text)["result"]["isError"]), (200, True))
        status, _, text = call("no_such_tool", {})
        self.assertEqual((status, json.loads(text)["error"]["code"]), (200, -32602))
        self.assertEqual(json.loads(call("GetEnvironmentInfo", {})[2])["result"]["structuredContent"]["environment"],
                         "local")
        self.assertEqual(self.code(message("ping", {"_meta": META}), modern("ping")), (404, -32601))
        self.assertEqual(self.code(message("no/such", {"_meta": META}), modern("no/such")), (404, -32601))
        self.assertEqual(self.code(message("no/such")), (200, -32601))

    def test_methods_paths_and_media_types(self):
        for method in ("GET", "DELETE", "PUT", "OPTIONS"):
            status, fields, _ = self.server.ask(None, {}, method)
            self.assertEqual((status, fields["Allow"]), (405, "POST"))
        self.assertEqual(self.status(path="/other"), 404)
        self.assertEqual(self.status(headers={"Content-Type": "text/plain"}), 415)
        self.assertEqual(self.status(headers={**JSON, "Accept": "text/html"}), 406)
        self.assertEqual(self.status(headers={"Content-Type": "application/json"}), 200)
        self.assertEqual(self.status("{}x"), 400)
        notification = json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})
        status, _, text = self.server.ask(notification)
        self.assertEqual((status, text), (202, ""))
        for path in ("/healthz", "/ping"):
            self.assertEqual(self.server.ask(None, {"Host": "10.0.0.1"}, "GET", path)[::2],
                             (200, '{"status":"Healthy"}'))

    def test_a_foreign_session_is_neither_needed_nor_given(self):
        status, fields, _ = self.server.ask(headers={**JSON, "Mcp-Session-Id": "x", "Last-Event-ID": "4",
                                                     "X-Amzn-Bedrock-AgentCore-Runtime-Session-Id": "y"})
        self.assertEqual((status, fields["Mcp-Session-Id"]), (200, None))

    def test_a_page_in_a_browser_is_refused(self):
        self.assertEqual(self.status(headers={**JSON, "Host": "evil.example"}), 403)
        self.assertEqual(self.status(headers={**JSON, "Host": f"rebound.example:{self.server.port}"}), 403)
        self.assertEqual(self.status(headers={**JSON, "Origin": "https://evil.example"}), 403)
        self.assertEqual(self.status(headers={**JSON, "Origin": "null"}), 403)
        self.assertEqual(self.status(headers={**JSON, "Origin": "http://localhost:6274"}), 200)


class Hostile(Served):
    HEAD = "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\n"

    def head(self, *fields):
        return self.HEAD.format(self.server.port) + "".join(x + "\r\n" for x in fields) + "\r\n"

    def first(self, *pieces, **named):
        return self.server.raw(*pieces, **named).split("\r\n")[0]

    def test_requests_cannot_be_smuggled(self):
        size = f"Content-Length: {len(PING)}"
        chunked = "Transfer-Encoding: chunked"
        for fields in ((size, chunked), (size, size), (size, "Content-Length: 1"), (chunked, chunked),
                       ("Content-Length: +5",), ("Content-Length: 5, 5",), ("Content-Length : 5",), (" folded: x",),
                       ("Content-Length: 0x5",)):
            answer = self.server.raw(self.head(*fields) + PING + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertEqual(answer.split("\r\n")[0], "HTTP/1.1 400 Bad Request", fields)
            self.assertEqual(answer.count("HTTP/1.1"), 1, fields)
        for coding in ("gzip, chunked", "chunked, identity", "xchunked", "identity"):
            self.assertIn("501", self.first(self.head("Transfer-Encoding: " + coding)), coding)
        for body in ("5;x=y\r\nabcde\r\n0\r\n\r\n", "5\nabcde\r\n0\r\n\r\n", "05\r\nabcde\r\n0\r\n\r\n",
                     "5\r\nabcdef\r\n0\r\n\r\n", "-5\r\n", "g\r\n", "1\r\n{\r\n0\r\nTrailer: x\r\n\r\n"):
            self.assertIn("400", self.first(self.head(chunked) + body), body)

    def test_a_body_in_chunks(self):
        pieces = [f"{len(x):x}\r\n{x}\r\n" for x in re.findall(".{1,7}", PING)] + ["0\r\n\r\n"]
        answer = self.server.raw(self.head("Transfer-Encoding: chunked", "Connection: close"), *pieces, pause=0.002)
        self.assertTrue(answer.endswith('{"jsonrpc":"2.0","id":1,"result":{}}'), answer)

    def test_too_much(self):
        nine = b" " * (9 << 20)
        self.assertIn("413", self.first(self.head(f"Content-Length: {len(nine)}"), nine))
        self.assertIn("413", self.first(self.head("Transfer-Encoding: chunked"), f"{len(nine):x}\r\n", nine))
        self.assertIn("431", self.first(self.head("X-Long: " + "a" * 40000)))
        self.assertIn("431", self.first(self.head(*[f"X-{i}: y" for i in range(100)])))
        seven = PING + " " * (7 << 20)
        self.assertEqual(self.server.ask(seven)[0], 200)

    def test_pipelined_requests_are_answered_in_their_order(self):
        one = self.head(f"Content-Length: {len(PING)}") + PING
        call = message("tools/call", {"name": "ValidateHostingEnvironment", "arguments": {"offline": True}}, 2)
        last = PING.replace('"id": 1', '"id": 3')
        two = self.head(f"Content-Length: {len(call)}") + call
        three = self.head(f"Content-Length: {len(last)}", "Connection: close") + last
        with self.server.connect() as connection:
            connection.sendall((one + two + three).encode())
            answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
        self.assertEqual(re.findall(r'\{"jsonrpc":"2.0","id":(\d)', answer), ["1", "2", "3"])

    def test_slow_clients_hold_up_nobody(self):
        slow = [self.server.connect() for _ in range(300)]
        for one in slow:
            try:
                one.sendall(b"POST /mcp HTTP/1.1\r\nHost: ")
            except OSError:
                pass
        self.assertEqual(self.server.ask()[0], 200)
        answer = b"".join(iter(lambda: slow[-1].recv(65536), b""))  # and they are let go in the end
        self.assertTrue(answer == b"" or b" 408 " in answer, answer)
        for one in slow:
            one.close()

    def test_noise(self):
        for text in ("\r\n\r\n", "GET\r\n\r\n", "\x16\x03\x01\x02\x00\x01", "POST /mcp HTTP/2.0\r\n\r\n",
                     "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "POST http://evil/mcp HTTP/1.1\r\nHost: x\r\n\r\n"):
            self.assertRegex(self.first(text) or "HTTP/1.1 400", r"HTTP/1.1 (400|505)")


class Streams(Served):
    @classmethod
    def setUpClass(cls):
        cls.hole = socket.create_server(("127.0.0.1", 0))
        cls.taken = []
        threading.Thread(target=cls.take, daemon=True).start()
        cls.env = {"AWS_ENDPOINT_URL_STS": f"http://127.0.0.1:{cls.hole.getsockname()[1]}"}
        cls.options = ("--call-timeout", "30")
        super().setUpClass()

    @classmethod
    def take(cls):
        try:
            while True:
                cls.taken.append(cls.hole.accept()[0])
        except OSError:
            pass

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.hole.close()
        for one in cls.taken:
            one.close()

    def begin(self, meta, headers):
        name = "ValidateCredentialConfiguration"
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.request("POST", "/mcp", message("tools/call", {"name": name, "arguments": {}, "_meta": meta}),
                           {**headers, **({"Mcp-Name": name} if "Mcp-Method" in headers else {})})
        return connection

    def closed(self, count):
        """True when the server has given up this many of its connections to the service."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            ended = 0
            for one in self.taken:
                try:
                    while one.recv(65536, socket.MSG_DONTWAIT):
                        pass
                    ended += 1
                except BlockingIOError:
                    pass
                except OSError:
                    ended += 1
            if ended >= count:
                return True
            time.sleep(0.05)
        return False

    def test_progress_comes_as_events(self):
        connection = self.begin({**META, "progressToken": "t"}, modern("tools/call"))
        answer = connection.getresponse()
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(answer.headers["X-Accel-Buffering"], "no")
        told = []
        while len(told) < 3:
            line = answer.readline().decode().strip()
            if line.startswith("data: "):
                told.append(json.loads(line[6:])["params"])
        self.assertTrue(all(a["progress"] < b["progress"] for a, b in zip(told, told[1:])))
        before = len(self.taken)
        answer.close()
        connection.close()
        self.assertTrue(self.closed(before))  # to leave is to cancel

    def test_a_quiet_stream_is_kept_open(self):
        connection = self.begin({}, JSON)
        answer = connection.getresponse()  # after 15 seconds
        self.assertEqual(answer.headers["Content-Type"], "text/event-stream")
        self.assertEqual(answer.readline(), b":\n")
        connection.close()


class Token(unittest.TestCase):
    def test_a_token_is_asked_for(self):
        path, document = os.path.join(FOLDER, "token"), os.path.join(FOLDER, "resource.json")
        with open(path, "w", encoding="ascii") as file:
            file.write(TOKEN + "\n")
        with open(document, "w", encoding="ascii") as file:
            json.dump({"resource": "https://mcp.example.com/mcp", "authorization_servers": ["https://a.example"]}, file)
        server = Server("--token-file", path, "--resource-metadata", document, "--allow-host", "mcp.example.com",
                        listen="0.0.0.0:0")
        where = "https://mcp.example.com/.well-known/oauth-protected-resource/mcp"
        for headers in (JSON, {**JSON, "Authorization": "Bearer x"}, {**JSON, "Authorization": f"Basic {TOKEN}"}):
            status, fields, _ = server.ask(headers=headers)
            self.assertEqual((status, fields["WWW-Authenticate"]), (401, f'Bearer resource_metadata="{where}"'))
        self.assertEqual(server.ask(path=f"/mcp?access_token={TOKEN}")[0], 401)
        good = {**JSON, "Authorization": f"Bearer {TOKEN}"}
        self.assertEqual(server.ask(headers=good)[0], 200)
        self.assertEqual(server.ask(headers={**good, "Host": "mcp.example.com"})[0], 200)
        self.assertEqual(server.ask(headers={**good, "Host": "evil.example"})[0], 403)
        status, _, text = server.ask(None, {}, "GET", "/.well-known/oauth-protected-resource/mcp")
        self.assertEqual((status, json.loads(text)["authorization_servers"]), (200, ["https://a.example"]))
        self.assertEqual(server.end(), 0)

    def test_other_hosts_are_not_served_by_accident(self):
        server = Server(listen="0.0.0.0:0")
        self.assertEqual(server.process.wait(20), 252)
        self.assertIn("--token-file", server.said())
        server.process.communicate()


if __name__ == "__main__":
    unittest.main(verbosity=1)
