#!/usr/bin/env python3
"""session serve, over real sockets: who is refused, that nothing leaks, and that SDKs are served."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from fake_sts import FakeSts  # noqa: E402

CREDCTL = os.environ["CREDCTL"]
SECRET = "CANARY-secret-of-the-test"
FOLDER = tempfile.mkdtemp(prefix="credctl-serve-")
os.chmod(FOLDER, 0o755)
BASE = {
    "PATH": os.environ["PATH"], "HOME": FOLDER, "XDG_CACHE_HOME": FOLDER + "/cache", "XDG_RUNTIME_DIR": FOLDER,
    "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": "session-token",
    "AWS_REGION": "eu-west-1",
}
done = 0


def check(name, true, got=None):
    global done
    done += 1
    if not true:
        sys.exit(f"FAIL {name}: {got!r}")


class Serve:
    def __init__(self, *options, env=None):
        self.token_file = os.path.join(FOLDER, f"token-{time.monotonic_ns()}")
        self.log = open(self.token_file + ".log", "w+")
        args = [CREDCTL, "session", "serve", "--token-file", self.token_file, *options]
        self.process = subprocess.Popen(args, env={**BASE, **(env or {})}, stdout=subprocess.PIPE, stderr=self.log)
        until = time.monotonic() + 10
        while "serving credentials on" not in self.said() and time.monotonic() < until and self.process.poll() is None:
            time.sleep(0.02)
        self.where = re.search(r"serving credentials on (\S+)", self.said()).group(1)
        self.port = int(self.where.rsplit(":", 1)[1]) if ":" in self.where else 0
        self.token = open(self.token_file).read()

    def said(self):
        return open(self.log.name).read()

    def connect(self):
        if self.port:
            return socket.create_connection(("127.0.0.1", self.port), timeout=8)
        one = socket.socket(socket.AF_UNIX)
        one.settimeout(8)
        one.connect(self.where)
        return one

    def raw(self, data):
        with self.connect() as one:
            try:
                one.sendall(data)
                one.shutdown(socket.SHUT_WR)
            except OSError:
                pass
            return everything(one)

    def get(self, path="/", **fields):
        rows = {"Host": f"127.0.0.1:{self.port}" if self.port else "localhost", "Authorization": self.token}
        rows.update({name.replace("_", "-"): value for name, value in fields.items()})
        return self.raw(request("GET", path, {k: v for k, v in rows.items() if v is not None}))

    def memory(self):
        return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{self.process.pid}/status").read()).group(1))

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(10)


def everything(one):
    data = b""
    try:
        while piece := one.recv(65536):
            data += piece
    except (ConnectionResetError, TimeoutError):
        pass
    return data


def request(method, path, fields, body=b"", close=True, version="1.1"):
    rows = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"{method} {path} HTTP/{version}\r\n{rows}{'Connection: close' + chr(13) + chr(10) if close else ''}\r\n".encode() + body


def status(answer):
    return int(answer.split()[1]) if answer else 0


def attacks(serve):
    host, auth = f"Host: 127.0.0.1:{serve.port}\r\n", f"Authorization: {serve.token}\r\n"
    ok = host + auth
    rows = [
        ("rebinding", 403, f"GET / HTTP/1.1\r\nHost: evil.example:{serve.port}\r\n{auth}\r\n"),
        ("another port in Host", 403, f"GET / HTTP/1.1\r\nHost: 127.0.0.1:1\r\n{auth}\r\n"),
        ("Host without its port", 403, f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n{auth}\r\n"),
        ("the metadata address as Host", 403, f"GET / HTTP/1.1\r\nHost: 169.254.169.254\r\n{auth}\r\n"),
        ("no Host", 400, f"GET / HTTP/1.1\r\n{auth}\r\n"),
        ("an empty Host", 400, f"GET / HTTP/1.1\r\nHost:\r\n{auth}\r\n"),
        ("two Hosts", 400, f"GET / HTTP/1.1\r\n{host}Host: evil\r\n{auth}\r\n"),
        ("HTTP/1.0 without Host", 400, f"GET / HTTP/1.0\r\n{auth}\r\n"),
        ("an absolute URI of another host", 400, f"GET http://evil.example/ HTTP/1.1\r\n{ok}\r\n"),
        ("an absolute URI and Host of another host", 403, f"GET http://evil/ HTTP/1.1\r\nHost: evil\r\n{auth}\r\n"),
        ("an https URI", 400, f"GET https://127.0.0.1:{serve.port}/ HTTP/1.1\r\n{ok}\r\n"),
        ("Origin", 403, f"GET / HTTP/1.1\r\n{ok}Origin: http://127.0.0.1:{serve.port}\r\n\r\n"),
        ("Origin null", 403, f"GET / HTTP/1.1\r\n{ok}Origin: null\r\n\r\n"),
        ("Referer", 403, f"GET / HTTP/1.1\r\n{ok}rEFERER: http://x/\r\n\r\n"),
        ("Cookie", 403, f"GET / HTTP/1.1\r\n{ok}Cookie: a=b\r\n\r\n"),
        ("Sec-Fetch", 403, f"GET / HTTP/1.1\r\n{ok}Sec-Fetch-Site: none\r\n\r\n"),
        ("X-Forwarded-For", 403, f"GET / HTTP/1.1\r\n{ok}X-Forwarded-For: 127.0.0.1\r\n\r\n"),
        ("Via", 403, f"GET / HTTP/1.1\r\n{ok}Via: 1.1 p\r\n\r\n"),
        ("no token", 401, f"GET / HTTP/1.1\r\n{host}\r\n"),
        ("an empty token", 401, f"GET / HTTP/1.1\r\n{host}Authorization:\r\n\r\n"),
        ("a wrong token", 401, f"GET / HTTP/1.1\r\n{host}Authorization: {'x' * 43}\r\n\r\n"),
        ("the token but its last letter", 401, f"GET / HTTP/1.1\r\n{host}Authorization: {serve.token[:-1]}\r\n\r\n"),
        ("the token and more", 401, f"GET / HTTP/1.1\r\n{host}Authorization: {serve.token}x\r\n\r\n"),
        ("two tokens", 400, f"GET / HTTP/1.1\r\n{ok}Authorization: x\r\n\r\n"),
        ("metrics without the token", 401, f"GET /metrics HTTP/1.1\r\n{host}\r\n"),
        ("a role nobody named", 404, f"GET /role/x HTTP/1.1\r\n{ok}\r\n"),
        ("dots", 404, f"GET /role/../ HTTP/1.1\r\n{ok}\r\n"),
        ("POST", 405, f"POST / HTTP/1.1\r\n{ok}Content-Length: 0\r\n\r\n"),
        ("CONNECT", 400, f"CONNECT evil:443 HTTP/1.1\r\n{ok}\r\n"),
        ("TE and CL", 400, f"GET / HTTP/1.1\r\n{ok}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("two lengths", 400, f"GET / HTTP/1.1\r\n{ok}Content-Length: 0\r\nContent-Length: 4\r\n\r\nGET "),
        ("two equal lengths", 400, f"GET / HTTP/1.1\r\n{ok}Content-Length: 0\r\nContent-Length: 0\r\n\r\n"),
        ("a list of lengths", 400, f"GET / HTTP/1.1\r\n{ok}Content-Length: 0, 0\r\n\r\n"),
        ("a signed length", 400, f"GET / HTTP/1.1\r\n{ok}Content-Length: +0\r\n\r\n"),
        ("a negative length", 400, f"GET / HTTP/1.1\r\n{ok}Content-Length: -0\r\n\r\n"),
        ("a hexadecimal length", 400, f"GET / HTTP/1.1\r\n{ok}Content-Length: 0x1\r\n\r\n"),
        ("a length beyond numbers", 400, f"GET / HTTP/1.1\r\n{ok}Content-Length: {'9' * 40}\r\n\r\n"),
        ("chunks", 501, f"GET / HTTP/1.1\r\n{ok}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a blank before the colon", 400, f"GET / HTTP/1.1\r\n{host}Authorization : {serve.token}\r\n\r\n"),
        ("a folded header", 400, f"GET / HTTP/1.1\r\n{host}Authorization:\r\n {serve.token}\r\n\r\n"),
        ("a bare line feed", 400, f"GET / HTTP/1.1\n{ok}\r\n\r\n"),
        ("a bare carriage return", 400, f"GET / HTTP/1.1\r\n{ok}X: a\rb\r\n\r\n"),
        ("a NUL", 400, f"GET / HTTP/1.1\r\n{ok}X: a\0b\r\n\r\n"),
        ("a header without a name", 400, f"GET / HTTP/1.1\r\n{ok}: x\r\n\r\n"),
        ("HTTP/2", 505, f"GET / HTTP/2.0\r\n{ok}\r\n"),
        ("its preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("HTTP/0.9", 400, "GET /\r\n\r\n"),
        ("two blanks", 400, f"GET  / HTTP/1.1\r\n{ok}\r\n"),
        ("garbage", 400, "\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"),
        ("a long head", 431, f"GET / HTTP/1.1\r\n{ok}X: {'a' * 9000}\r\n\r\n"),
        ("many headers", 431, f"GET / HTTP/1.1\r\n{ok}" + "X: a\r\n" * 70 + "\r\n"),
        ("a long path", 431, f"GET /{'a' * 9000} HTTP/1.1\r\n{ok}\r\n"),
        ("a body", 413, f"GET / HTTP/1.1\r\n{ok}Content-Length: 70000\r\n\r\n" + "a" * 70000),
    ]
    for name, wanted, text in rows:
        answer = serve.raw(text.encode("latin-1"))
        check(name, status(answer) == wanted, (wanted, answer[:300]))
        check(name + " leaks nothing", SECRET.encode() not in answer and serve.token.encode() not in answer, answer)


def another_user(serve):
    if os.geteuid() != 0:
        return
    text = request("GET", "/", {"Host": f"127.0.0.1:{serve.port}", "Authorization": serve.token})
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if pid == 0:
        try:
            os.setgid(65534)
            os.setuid(65534)
            theirs.sendall(serve.raw(text))
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    theirs.close()
    got = everything(ours)
    check("another user is refused", status(got) == 403, got)
    check("and told nothing", SECRET.encode() not in got, got)


def loris(serve):
    slow = []
    for i in range(200):
        one = serve.connect()
        one.sendall(b"GET / HTTP/1.1\r\nX: ")
        slow.append(one)
    began = time.monotonic()
    while time.monotonic() - began < 7:
        for one in slow:
            try:
                one.send(b"a")
            except OSError:
                pass
        check("served beside 200 slow ones", status(serve.get()) == 200)
        time.sleep(0.3)
    ended = sum(1 for one in slow if closed(one))
    check("they were sent away, however they drip", ended == 200, ended)
    crowd = []
    for i in range(600):
        crowd.append(serve.connect())
    check("served beside a crowd", status(serve.get()) == 200)
    for one in slow + crowd:
        one.close()


def closed(one):
    one.settimeout(2)
    try:
        while one.recv(4096):
            pass
        return True
    except TimeoutError:
        return False
    except OSError:
        return True


def manners(serve):
    fields = {"Host": f"localhost:{serve.port}", "Authorization": serve.token}
    with serve.connect() as one:
        one.sendall(request("GET", "/", fields, close=False) * 5 + request("GET", "/none", fields))
        got = everything(one)
    check("pipelined requests are answered in their order", re.findall(rb"HTTP/1.1 (\d+)", got) == [b"200"] * 5 + [b"404"], got)
    with serve.connect() as one:
        for piece in request("GET", "/", fields).decode():
            one.sendall(piece.encode())
        check("a request in single bytes", status(everything(one)) == 200)
    check("HTTP/1.0 with Host", status(serve.raw(request("GET", "/", fields, version="1.0", close=False))) == 200)
    check("an absolute URI of its own", status(serve.raw(request("GET", f"http://localhost:{serve.port}/", fields))) == 200)
    check("a bearer", status(serve.get(Authorization="Bearer " + serve.token)) == 200)
    document = json.loads(serve.get().split(b"\r\n\r\n", 1)[1])
    check("the document", document["SecretAccessKey"] == SECRET and document["Token"] == "session-token", sorted(document))
    metrics = serve.get("/metrics").decode()
    check("metrics", re.search(r'credctl_requests_total\{status="403"\} \d+', metrics), metrics)
    check("metrics tell no secret", SECRET not in metrics)


def ecs():
    serve = Serve()
    check("the token's file is private", stat.S_IMODE(os.stat(serve.token_file).st_mode) == 0o600)
    check("the token is long", len(serve.token) >= 43, len(serve.token))
    attacks(serve)
    another_user(serve)
    manners(serve)
    loris(serve)
    check("still there", status(serve.get()) == 200)
    check("memory stays small", serve.memory() < 16 * 1024, serve.memory())
    print("memory at its highest under attack:", serve.memory(), "KiB")
    check("SIGTERM ends it in order", serve.stop() == 0)
    check("the token's file is gone", not os.path.exists(serve.token_file))
    check("no secret was logged", SECRET not in serve.said() and serve.token not in serve.said(), serve.said())
    serve = Serve()
    check("so does SIGINT", serve.stop(signal.SIGINT) == 0)


def unix():
    path = FOLDER + "/socket"
    serve = Serve("--unix", path)
    check("the socket is private", stat.S_IMODE(os.stat(path).st_mode) == 0o600)
    check("a Unix socket", status(serve.get()) == 200)
    check("its Host list", status(serve.get(Host="evil")) == 403)
    serve.process.kill()
    serve.process.wait()
    serve = Serve("--unix", path)
    check("what a killed server left is replaced", status(serve.get()) == 200)
    serve.stop()
    check("the socket is gone", not os.path.exists(path))


def put_token(serve, seconds="60", **more):
    fields = {"Host": f"127.0.0.1:{serve.port}", "X-aws-ec2-metadata-token-ttl-seconds": seconds, **more}
    return serve.raw(request("PUT", "/latest/api/token", fields))


def imds():
    serve = Serve("--imds", env={"AWS_REGION": "eu-central-1"})
    base = "/latest/meta-data/"
    token = put_token(serve).split(b"\r\n\r\n", 1)[1].decode()

    def get(path, given=token):
        return serve.raw(request("GET", path, {"Host": f"127.0.0.1:{serve.port}", "X-aws-ec2-metadata-token": given}))

    for seconds in ("0", "21601", "x", "-1", ""):
        check(f"a TTL of {seconds!r}", status(put_token(serve, seconds)) == 400)
    check("X-Forwarded-For", status(put_token(serve, **{"X-Forwarded-For": "1.2.3.4"})) == 403)
    check("no session", status(get(base, "")) == 401)
    check("a session of nobody", status(get(base + "iam/info", "x" * 43)) == 401)
    role = get(base + "iam/security-credentials/").split(b"\r\n\r\n", 1)[1].decode()
    document = json.loads(get(base + "iam/security-credentials/" + role).split(b"\r\n\r\n", 1)[1])
    check("the document", document["Code"] == "Success" and document["SecretAccessKey"] == SECRET, sorted(document))
    check("the region", get(base + "placement/region").endswith(b"eu-central-1"))
    check("identity", b"eu-central-1" in get("/latest/dynamic/instance-identity/document"))
    check("version 1 is refused", status(serve.raw(request("GET", base + "iam/security-credentials/", {"Host": f"127.0.0.1:{serve.port}"}))) == 401)
    upload = {"Host": f"127.0.0.1:{serve.port}", "X-aws-ec2-metadata-token-ttl-seconds": "60", "Transfer-Encoding": "chunked"}
    check("an empty upload in chunks", status(serve.raw(request("PUT", "/latest/api/token", upload, b"0\r\n\r\n"))) == 200)
    check("one that is not empty", status(serve.raw(request("PUT", "/latest/api/token", upload, b"1\r\na\r\n0\r\n\r\n"))) == 501)
    check("one with a trailer", status(serve.raw(request("PUT", "/latest/api/token", upload, b"0\r\nA: b\r\n\r\n"))) == 501)
    check("with a length too", status(serve.raw(request("PUT", "/latest/api/token", {**upload, "Content-Length": "5"}, b"0\r\n\r\n"))) == 400)
    check("in HTTP/1.0", status(serve.raw(request("PUT", "/latest/api/token", upload, b"0\r\n\r\n", version="1.0"))) == 501)
    with serve.connect() as one:
        one.sendall(request("PUT", "/latest/api/token", {**upload, "Expect": "100-continue"}))
        check("and one that waits to be told", b"100 Continue" in one.recv(4096))
        one.sendall(b"0\r\n\r\n")
        check("and then is answered", status(everything(one)) == 200)
    check("a doubled slash at the front", status(get("/" + base + "iam/security-credentials/" + role)) == 200)
    check("a slash behind the role", status(get(base + "iam/security-credentials/" + role + "/")) == 200)
    check("nothing is invented", status(get(base + "iam/info")) == 404)
    page = get(base + "instance-id")
    check("what is not there is a page", status(page) == 404 and b"text/html" in page and b"404 - Not Found" in page, page)
    fields = {"Host": f"127.0.0.1:{serve.port}", "X-aws-ec2-metadata-token": token}
    head = serve.raw(request("HEAD", base + "iam/security-credentials/" + role, fields))
    check("HEAD has no body", status(head) == 200 and head.endswith(b"\r\n\r\n") and SECRET.encode() not in head, head)
    with serve.connect() as one:
        one.sendall(request("HEAD", base, fields, close=False) + request("GET", base + "placement/region", fields))
        check("and the next answer follows", everything(one).endswith(b"eu-central-1"))
    short = put_token(serve, "1").split(b"\r\n\r\n", 1)[1].decode()
    time.sleep(2.1)
    check("a session ends", status(get(base + "iam/info", short)) == 401)
    fields = {"Host": f"127.0.0.1:{serve.port}", "X-aws-ec2-metadata-token-ttl-seconds": "21600"}
    with serve.connect() as one:
        for _ in range(100):
            one.sendall(request("PUT", "/latest/api/token", fields, close=False) * 100)
            seen = 0
            while seen < 100:
                seen += one.recv(1 << 20).count(b"HTTP/1.1 200")
    check("10,000 sessions push out the oldest", status(get(base + "iam/security-credentials/")) == 401)
    check("and memory stays small", serve.memory() < 16 * 1024, serve.memory())
    sdk(serve, {"AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://127.0.0.1:{serve.port}/"}, "iam-role")
    serve.stop()


def sdk(serve, variables, method):
    try:
        import botocore  # noqa: F401
    except ImportError:
        print("botocore is missing: the SDKs were not asked")
        return
    env = {"PATH": os.environ["PATH"], "HOME": FOLDER, **variables}
    script = "import botocore.session as s; c=s.Session().get_credentials(); f=c.get_frozen_credentials(); print(c.method, f.secret_key)"
    got = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=60)
    check("botocore: " + method, got.stdout.split() == [method, SECRET], got)
    script = "import boto3; print(boto3.Session().get_credentials().get_frozen_credentials().access_key)"
    got = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, timeout=60)
    check("boto3: " + method, got.stdout.strip() == "AKIDEXAMPLE", got)


def container_sdk():
    serve = Serve()
    uri = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": f"http://127.0.0.1:{serve.port}/"}
    sdk(serve, {**uri, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": serve.token_file}, "container-role")
    sdk(serve, {**uri, "AWS_CONTAINER_AUTHORIZATION_TOKEN": serve.token}, "container-role")
    serve.stop()


def refreshing():
    role = "arn:aws:iam::444455556666:role/Kept"
    with FakeSts(lifetime=62) as sts:
        env = {"AWS_ENDPOINT_URL_STS": sts.url, "XDG_CACHE_HOME": FOLDER + "/none/\0"[:-1]}
        serve = Serve("--role-arn", role, "--role", f"more={role}2", env=env)
        first = json.loads(serve.get().split(b"\r\n\r\n", 1)[1])
        check("the role's credentials", "444455556666" in first["SecretAccessKey"] and first["RoleArn"] == role, sorted(first))
        check("a second role", status(serve.get("/role/more")) == 200)
        sts.lifetime = 3600
        time.sleep(3)
        crowd = [serve.connect() for _ in range(20)]
        before = sts.count
        for one in crowd:
            one.sendall(request("GET", "/", {"Host": serve.where, "Authorization": serve.token}))
        answers = [everything(one) for one in crowd]
        check("all get the new ones", all(status(a) == 200 and first["Token"].encode() not in a for a in answers), answers[0])
        check("of one fetch", sts.count == before + 1, sts.count - before)
        metrics = serve.get("/metrics").decode()
        # One ahead of time, with the first answer; one that the crowd waited for.
        check("refreshes are counted", 'credctl_refreshes_total{role="default"} 2' in metrics, metrics)
        serve.stop()
        sts.lifetime = 62
        serve = Serve("--role-arn", role + "3", "--log-format", "json", env=env)
        sts.broken = True
        kept = serve.get().split(b"\r\n\r\n")[1]
        time.sleep(3)
        check("old ones serve when STS fails", serve.get().split(b"\r\n\r\n")[1] == kept)
        time.sleep(2)
        event = [json.loads(row) for row in serve.said().splitlines() if "refresh_failed" in row]
        check("and it is told as an event", event and event[0].get("serving") == "the previous credentials", serve.said())
        serve.stop()


def once_and_errors():
    serve = Serve("--once")
    check("a refusal does not count", status(serve.get(Authorization="x")) == 401)
    check("once", status(serve.get()) == 200)
    check("ends well", serve.process.wait(5) == 0)

    def fails(*options, env=None):
        return subprocess.run([CREDCTL, "session", "serve", *options], env={**BASE, **(env or {})}, capture_output=True, text=True, timeout=20)

    check("all interfaces are refused", fails("--address", "0.0.0.0:0").returncode == 252)
    check("names are refused", fails("--address", "example.com:80").returncode == 252)
    check("no credentials is 253", fails(env={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}).returncode == 253)
    serve = Serve("--address", "0.0.0.0:0", "--i-know")
    check("even then the token", status(serve.get(Authorization=None)) == 401 and status(serve.get()) == 200)
    check("and no name but an address", status(serve.get(Host=f"evil.example:{serve.port}")) == 403)
    serve.stop()


def systemd():
    notify = FOLDER + "/notify"
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(notify)
    told.settimeout(5)
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen()
    token_file = FOLDER + "/activated"
    pid = os.fork()
    if pid == 0:
        os.dup2(listening.fileno(), 3)
        os.set_inheritable(3, True)
        env = {**BASE, "NOTIFY_SOCKET": notify, "LISTEN_FDS": "1", "LISTEN_PID": str(os.getpid())}
        os.execve(CREDCTL, [CREDCTL, "session", "serve", "--token-file", token_file], env)
    check("READY=1", told.recv(999).startswith(b"READY=1"))
    port = listening.getsockname()[1]
    listening.close()
    with socket.create_connection(("127.0.0.1", port), timeout=5) as one:
        one.sendall(request("GET", "/", {"Host": f"127.0.0.1:{port}", "Authorization": open(token_file).read()}))
        check("the passed socket is served", status(everything(one)) == 200)
    os.kill(pid, signal.SIGTERM)
    check("STOPPING=1", told.recv(999).startswith(b"STOPPING=1"))
    check("what was asked for is no failure", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0)


try:
    ecs()
    unix()
    imds()
    container_sdk()
    refreshing()
    once_and_errors()
    systemd()
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
print(f"{done} checks")
