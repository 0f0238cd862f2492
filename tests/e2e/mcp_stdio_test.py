#!/usr/bin/env python3
"""credctl mcp on standard input and output: every revision, hostile lines, the ends of a session, and
credentials that change while it runs. Environment: CREDCTL."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_sts import FakeSts  # noqa: E402

CREDCTL = os.environ["CREDCTL"]
SECRET = "CANARY-secret-of-the-test"
FOLDER = tempfile.mkdtemp(prefix="credctl-mcp-")
META = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}
BASE = {
    "PATH": os.environ["PATH"], "HOME": FOLDER, "XDG_CACHE_HOME": FOLDER + "/cache",
    "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-west-1",
}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET}


def request(method, params=None, ident=1):
    return {"jsonrpc": "2.0", "id": ident, "method": method, **({"params": params} if params is not None else {})}


class Server:
    """Its lines are read on a thread; every one must be JSON, and none may hold the secret."""

    def __init__(self, *options, env=None):
        self.process = subprocess.Popen([CREDCTL, "mcp", *options], env={**BASE, **(env or {})}, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = []
        self.errors = b""
        self.changed = threading.Condition()
        self.readers = [threading.Thread(target=self.read), threading.Thread(target=self.read_errors)]
        for reader in self.readers:
            reader.start()

    def read(self):
        for line in self.process.stdout:
            assert SECRET.encode() not in line
            with self.changed:
                self.lines.append(json.loads(line))
                self.changed.notify_all()

    def read_errors(self):
        self.errors = self.process.stderr.read()

    def send(self, *messages):
        self.write(b"".join(json.dumps(one).encode() + b"\n" for one in messages))

    def write(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def wait(self, found, seconds=20):
        with self.changed:
            assert self.changed.wait_for(lambda: any(found(x) for x in self.lines), seconds), self.lines
            return next(x for x in self.lines if found(x))

    def answer(self, ident=1):
        return self.wait(lambda x: isinstance(x, dict) and x.get("id") == ident)

    def ask(self, method, params=None, ident=1):
        self.lines.clear()
        self.send(request(method, params, ident))
        return self.answer(ident)

    def call(self, name, arguments=None, ident=1, **more):
        return self.ask("tools/call", {"name": name, "arguments": arguments or {}, **more}, ident)

    def end(self, seconds=10):
        self.process.stdin.close()
        return self.ended(seconds)

    def ended(self, seconds=10):
        status = self.process.wait(seconds)
        for reader in self.readers:
            reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        assert SECRET.encode() not in self.errors
        return status


class Blackhole:
    """Takes connections and says nothing."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.kept = []
        threading.Thread(target=self.take, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    def take(self):
        try:
            while True:
                self.kept.append(self.socket.accept()[0])
        except OSError:
            pass

    def close(self):
        self.socket.close()
        for one in self.kept:
            one.close()


class Lifecycle(unittest.TestCase):
    def test_a_flood_is_answered_to_its_end(self):
        """More output than is kept waiting, from one piece of input: then input is not read for a while."""
        server = Server()
        server.ask("tools/call", {"name": "GetEnvironmentInfo", "arguments": {}})
        many = 6000
        server.lines.clear()
        server.write(b"".join(json.dumps(request("tools/call", {"name": "GetEnvironmentInfo", "arguments": {}}, ident)).encode() + b"\n"
                              for ident in range(many)))
        with server.changed:
            self.assertTrue(server.changed.wait_for(lambda: len(server.lines) == many, 60), len(server.lines))
        self.assertEqual({line["id"] for line in server.lines}, set(range(many)))
        self.assertEqual(server.end(), 0)

    def test_every_revision_is_spoken(self):
        for version in ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"):
            server = Server()
            told = server.ask("initialize", {"protocolVersion": version, "capabilities": {},
                                             "clientInfo": {"name": "t", "version": "1"}})["result"]
            self.assertEqual(told["protocolVersion"], version)
            server.send({"jsonrpc": "2.0", "method": "notifications/initialized"})
            self.assertGreaterEqual(len(server.ask("tools/list")["result"]["tools"]), 5)
            self.assertEqual(server.end(), 0)
        server = Server()
        told = server.ask("server/discover", {"_meta": META})["result"]
        self.assertEqual(told["supportedVersions"], ["2026-07-28"])
        self.assertEqual(server.call("GetEnvironmentInfo", _meta=META)["result"]["resultType"], "complete")
        # The eras can be mixed: nothing is remembered.
        self.assertEqual(server.ask("ping")["result"], {})
        self.assertEqual(server.end(), 0)

    def test_an_id_comes_back_as_it_went(self):
        server = Server()
        server.write(b'{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}\n')
        server.wait(lambda x: x.get("id") == 9007199254740993)
        server.end()

    def test_a_file_can_be_the_input(self):
        with tempfile.TemporaryFile() as file:
            file.write(json.dumps(request("ping")).encode())  # without a line end
            file.seek(0)
            done = subprocess.run([CREDCTL, "mcp"], stdin=file, env=BASE, capture_output=True, timeout=20)
        self.assertEqual(json.loads(done.stdout), {"jsonrpc": "2.0", "id": 1, "result": {}})
        self.assertEqual((done.returncode, done.stderr), (0, b""))

    def test_logs_go_to_stderr_only(self):
        server = Server("--debug", env=KEYS)
        server.call("ValidateHostingEnvironment", {"offline": True})
        self.assertEqual(server.end(), 0)


class Hostile(unittest.TestCase):
    LINES = [
        b"hello", b"{", b"[]", b"42", b"null", b'{"jsonrpc":"2.0","id":1', b"\xff\xfe", b"\xef\xbb\xbf{}",
        b'{"jsonrpc":"2.0","id":null,"method":"ping"}', b'{"jsonrpc":"2.0","id":1.5,"method":"ping"}',
        b"[" * 1000000, b'{"a":' * 100000, b"z" * (10 << 20), b"x" * (17 << 20), b'{"jsonrpc":"2.0","id":{},"method":"a"}',
        b'{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', b'{"jsonrpc":"2.0","id":1,"method":"ping\\ud800"}',
        b'{"jsonrpc":"2.0","id":"' + b"i" * 5000 + b'","method":"ping"}',
    ]

    def test_every_line_is_answered_with_an_error_and_the_session_goes_on(self):
        server = Server()
        for line in self.LINES:
            server.lines.clear()
            server.write(line + b"\n")
            self.assertIn(server.wait(lambda x: True)["error"]["code"], (-32700, -32600), line[:60])
            self.assertEqual(server.ask("ping", ident="alive")["result"], {})
        self.assertEqual(server.end(), 0)

    def test_a_message_of_ten_megabytes_is_read(self):
        server = Server()
        got = server.call("GetEnvironmentInfo", {"offline": "x" * (10 << 20)})
        self.assertTrue(got["result"]["isError"])
        self.assertEqual(server.end(), 0)

    def test_unread_output_stops_no_answer_and_fills_no_memory(self):
        # 2000 lists of tools, more than 200 MB, that nobody reads for a while.
        process = subprocess.Popen([CREDCTL, "mcp"], env=BASE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        def write():
            for i in range(2000):
                process.stdin.write(json.dumps(request("tools/list", ident=i)).encode() + b"\n")
            process.stdin.close()

        writer = threading.Thread(target=write)
        writer.start()
        self.addCleanup(process.kill)
        time.sleep(0.5)
        with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
            resident = int(next(x for x in status if x.startswith("VmRSS")).split()[1])
        self.assertLess(resident, 16384)
        self.assertEqual(sorted(json.loads(line)["id"] for line in process.stdout), list(range(2000)))
        writer.join()
        self.assertEqual(process.wait(10), 0)
        process.stdout.close()


class Ends(unittest.TestCase):
    def setUp(self):
        self.hole = Blackhole()
        self.env = {**KEYS, "AWS_ENDPOINT_URL_STS": self.hole.url}

    def tearDown(self):
        self.hole.close()

    def slow(self, server, ident=1, **more):
        server.send(request("tools/call", {"name": "ValidateCredentialConfiguration", "arguments": {}, **more}, ident))

    def test_a_cancelled_call_ends_and_says_nothing_more(self):
        server = Server(env=self.env)
        self.slow(server, 1, _meta={"progressToken": "p"})
        server.wait(lambda x: x.get("method") == "notifications/progress")
        server.send({"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}})
        server.ask("ping", ident=2)
        before = [x for x in server.lines if x.get("id") != 2]
        time.sleep(2.5)
        self.assertEqual([x for x in server.lines if x.get("id") != 2], before)
        self.assertEqual(server.end(), 0)

    def test_others_are_answered_while_calls_are_slow(self):
        server = Server(env=self.env)
        for i in range(30):
            self.slow(server, 100 + i)
        server.ask("ping", ident="quick")
        self.assertFalse([x for x in server.lines if isinstance(x.get("id"), int)])  # none of the slow ones
        server.process.send_signal(signal.SIGTERM)
        self.assertEqual(server.ended(5), 0)

    def test_progress_increases(self):
        server = Server("--call-timeout", "4", env=self.env)
        self.slow(server, 1, _meta={"progressToken": 7})
        result = server.answer()
        told = [x["params"] for x in server.lines if x.get("method") == "notifications/progress"]
        self.assertGreaterEqual(len(told), 2)
        self.assertTrue(all(a["progress"] < b["progress"] for a, b in zip(told, told[1:])))
        self.assertEqual({x["progressToken"] for x in told}, {7})
        self.assertIn(result["result"]["structuredContent"]["validation_status"], ("invalid",))
        server.end()

    def test_the_end_of_input_cancels_what_hangs(self):
        server = Server(env=self.env)
        self.slow(server)
        time.sleep(0.3)
        self.assertEqual(server.end(), 0)

    def test_a_closed_output_ends_it(self):
        process = subprocess.Popen([CREDCTL, "mcp"], env=BASE, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        process.stdout.close()
        try:
            for _ in range(50):
                process.stdin.write(json.dumps(request("tools/list")).encode() + b"\n")
                process.stdin.flush()
                time.sleep(0.01)
        except BrokenPipeError:
            pass
        self.assertEqual(process.wait(10), 0)
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass


class Credentials(unittest.TestCase):
    def test_a_changed_file_counts_at_once(self):
        with FakeSts() as sts:
            path = os.path.join(FOLDER, "credentials")
            server = Server(env={"AWS_SHARED_CREDENTIALS_FILE": path, "AWS_ENDPOINT_URL_STS": sts.url})
            first = server.call("ValidateCredentialConfiguration")["result"]["structuredContent"]
            self.assertEqual(first["validation_status"], "invalid")
            with open(path, "w", encoding="ascii") as file:
                file.write(f"[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = {SECRET}\n")
            os.chmod(path, 0o600)
            second = server.call("ValidateCredentialConfiguration")["result"]["structuredContent"]
            self.assertEqual(second["validation_status"], "valid", second)
            self.assertRegex(second["account_id"], r"^\d{12}$")
            self.assertEqual(server.end(), 0)

    def test_a_stored_result_is_given_to_its_owner(self):
        with FakeSts() as sts:
            server = Server(env={**KEYS, "AWS_ENDPOINT_URL_STS": sts.url})
            arguments = {"role_arns": ["arn:aws:iam::123456789012:role/r"], "store_in_context": True}
            stored = server.call("TestCrossAccountAccess", arguments)["result"]["structuredContent"]
            self.assertIsNone(stored["context_note"], stored)
            self.assertEqual(server.end(), 0)
            server = Server(env={**KEYS, "AWS_ENDPOINT_URL_STS": sts.url})  # another process
            found = server.call("GetStoredSecurityContext",
                                {"context_id": stored["context_id"], "detailed": True})["result"]
            self.assertEqual(found["structuredContent"]["data"]["total"], 1)
            other = server.call("GetStoredSecurityContext", {"context_id": stored["context_id"], "region": "us-east-1"})
            self.assertTrue(other["result"]["isError"])
            self.assertEqual(server.end(), 0)
            folder = os.path.join(FOLDER, "cache", "credctl", "mcp")
            self.assertEqual(os.stat(folder).st_mode & 0o777, 0o700)
            for name in os.listdir(folder):
                self.assertEqual(os.stat(os.path.join(folder, name)).st_mode & 0o777, 0o600)
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    self.assertNotIn(SECRET, file.read())

    def test_a_long_result_goes_on_with_its_cursor(self):
        server = Server("--max-output", "2500", env=KEYS)
        checks = []
        arguments = {"offline": True}
        while arguments:
            page = server.call("ValidateHostingEnvironment", arguments)["result"]["structuredContent"]
            checks += page["details"]["checks"]
            self.assertEqual(page["truncated"], page["next_cursor"] is not None)
            arguments = {"cursor": page["next_cursor"]} if page["next_cursor"] else None
        self.assertEqual(server.end(), 0)
        server = Server(env=KEYS)
        whole = server.call("ValidateHostingEnvironment", {"offline": True})["result"]["structuredContent"]
        self.assertEqual([x["check"] if "check" in x else x for x in checks],
                         [x["check"] if "check" in x else x for x in whole["details"]["checks"]])
        server.end()


if __name__ == "__main__":
    unittest.main(verbosity=1)
