#!/usr/bin/env python3
"""How long one cold `credctl session export` takes beside /bin/true and boto3, from each kind of source.

    tests/bench/oneshot.py CREDCTL [RUNS]

Runs the commands in turn and prints medians and their ratios; judges nothing. The endpoints are small
Python servers on loopback, so the figures of IMDS and STS hold their time too."""
import http.server
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time

CREDCTL = os.path.abspath(sys.argv[1])
RUNS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
KEYS = '"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"'
STS = ("<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAX</AccessKeyId>"
       "<SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"
       "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials><AssumedRoleUser>"
       "<Arn>arn:aws:sts::111122223333:assumed-role/r/s</Arn><AssumedRoleId>A:s</AssumedRoleId>"
       "</AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>")


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.command == "PUT":
            body = "TOKEN=="
        elif self.command == "POST":
            body = STS
        elif self.path.endswith("-extended/"):
            return self.reply(404, "")
        elif self.path.endswith("security-credentials/"):
            body = "role"
        else:
            body = '{"Code":"Success",' + KEYS + "}"
        return self.reply(200, body)

    do_GET = do_PUT = do_POST = answer

    def reply(self, status, body):
        data = body.encode()
        self.wfile.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data)

    def log_message(self, *_):
        pass


def timed(argv, env):
    begin = time.perf_counter()
    done = subprocess.run(argv, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode != 0:
        sys.exit(f"{argv[0]}: {done.stderr.decode()}")
    return (time.perf_counter() - begin) * 1000


def main():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_address[1]}"
    home = tempfile.mkdtemp()
    base = {"HOME": home, "PATH": os.environ["PATH"], "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
    keys = {"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s"}
    export = [CREDCTL, "session", "export"]
    cases = {
        "environment": (export, dict(base, **keys)),
        "imds": (export, dict(base, AWS_EC2_METADATA_SERVICE_ENDPOINT=url)),
        "container": (export, dict(base, AWS_CONTAINER_CREDENTIALS_FULL_URI=url + "/creds")),
        "assume role": (export + ["--no-cache", "--role-arn", "arn:aws:iam::111122223333:role/r"],
                        dict(base, **keys, AWS_ENDPOINT_URL_STS=url)),
    }
    boto = [sys.executable, "-c", "import boto3; boto3.Session().get_credentials().get_frozen_credentials()"]
    print(f"{'source':<13}{'credctl ms':>11}{'true ms':>9}{'boto3 ms':>10}{'credctl/true':>14}{'boto3/credctl':>15}")
    for name, (argv, env) in cases.items():
        mine, floor, peer = [], [], []
        for i in range(RUNS):
            mine.append(timed(argv, env))
            floor.append(timed(["/bin/true"], env))
            if i < 5 and name != "assume role":
                peer.append(timed(boto, env))
        m, f = statistics.median(mine), statistics.median(floor)
        p = statistics.median(peer) if peer else float("nan")
        print(f"{name:<13}{m:>11.2f}{f:>9.2f}{p:>10.1f}{m / f:>14.2f}{p / m:>15.1f}")
    server.shutdown()


main()
