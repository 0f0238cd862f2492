"""A job of three hours on chained credentials of one hour, with STS down for twenty minutes in the
middle: neither boto3 nor the AWS CLI may ever be handed an expired credential.

The clock is moved by libfaketime, which needs a dynamic program: this runs build/dev/credctl. The
child, the CLI and the fake STS live by the same clock."""
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
import unittest
import urllib.parse

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CREDCTL = os.path.join(ROOT, "build/dev/credctl")
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
HOUR = 3600
DOWN = (80 * 60, 100 * 60)  # STS answers 503 in between, counted from the beginning

for needed in (CREDCTL, FAKETIME):
    if not os.path.exists(needed):
        print(f"{needed} is not there")
        sys.exit(77)


class Clock:
    def __init__(self, path):
        self.path, self.offset = path, 0
        self.move(0)

    def move(self, seconds):
        self.offset += seconds
        with open(self.path + ".new", "w") as f:
            f.write(f"{self.offset:+d}\n")
        os.rename(self.path + ".new", self.path)

    def now(self):
        with open(self.path) as f:
            return time.time() + int(f.read())


class Sts(http.server.BaseHTTPRequestHandler):
    clock = begin = None
    handed, asked, refused, used_expired = {}, [], 0, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        action = urllib.parse.parse_qs(body)["Action"][0]
        now = self.clock.now()
        if action == "AssumeRole":
            return self.assume(now)
        token = self.headers.get("X-Amz-Security-Token", "")
        Sts.asked.append(token)
        if now >= self.handed.get(token, 0):
            Sts.used_expired.append((int(now - self.begin), token))
            return self.reply(403, "<ErrorResponse><Error><Code>ExpiredToken</Code></Error></ErrorResponse>")
        return self.reply(200, "<GetCallerIdentityResponse><GetCallerIdentityResult>"
                          "<Arn>arn:aws:sts::111122223333:assumed-role/r/s</Arn><UserId>A:s</UserId>"
                          "<Account>111122223333</Account></GetCallerIdentityResult>"
                          "</GetCallerIdentityResponse>")

    def assume(self, now):
        if DOWN[0] <= now - self.begin < DOWN[1]:
            Sts.refused += 1
            return self.reply(503, "<ErrorResponse><Error><Code>ServiceUnavailable</Code></Error></ErrorResponse>")
        token = f"token{len(self.handed) + 1}"
        Sts.handed[token] = now + HOUR
        ends = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now + HOUR))
        return self.reply(200, "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
                          f"<AccessKeyId>ASIA{len(self.handed):04d}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>"
                          f"<SessionToken>{token}</SessionToken><Expiration>{ends}</Expiration></Credentials>"
                          "<AssumedRoleUser><Arn>arn:aws:sts::111122223333:assumed-role/r/s</Arn>"
                          "<AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>")

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def date_time_string(self, timestamp=None):
        return super().date_time_string(self.clock.now())  # the header Date is of the moved clock too

    def log_message(self, *_):
        pass


CHILD = textwrap.dedent("""
    import boto3, os, subprocess, sys
    client = boto3.client("sts")
    for step in range(int(os.environ["STEPS"])):
        assert client.get_caller_identity()["Account"] == "111122223333"
        if step % 4 == 0:
            subprocess.run(["aws", "sts", "get-caller-identity"], check=True, stdout=subprocess.DEVNULL)
        print("step", step, flush=True)
        sys.stdin.readline()
""")


class LongJob(unittest.TestCase):
    def test_three_hours_without_an_expired_credential(self):
        home = tempfile.mkdtemp(prefix="credctl-long-")
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        clock = Clock(home + "/clock")
        Sts.clock, Sts.begin = clock, clock.now()
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sts)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        steps = 3 * 60 // 3
        env = {"HOME": home, "PATH": os.environ["PATH"], "LD_PRELOAD": FAKETIME, "STEPS": str(steps),
               "FAKETIME_TIMESTAMP_FILE": home + "/clock", "FAKETIME_NO_CACHE": "1",
               "FAKETIME_DONT_FAKE_MONOTONIC": "1", "AWS_ACCESS_KEY_ID": "AKIABASE", "AWS_SECRET_ACCESS_KEY": "s",
               "AWS_ENDPOINT_URL_STS": f"http://127.0.0.1:{server.server_address[1]}",
               "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "1"}
        for name in ("PYENV_ROOT", "PYENV_VERSION", "PYTHONPATH"):
            if name in os.environ:
                env[name] = os.environ[name]
        job = subprocess.Popen(
            [CREDCTL, "session", "exec", "--region", "us-east-1", "--role-arn", "arn:aws:iam::111122223333:role/r",
             "--role-session-name", "job", "--", sys.executable, "-c", CHILD],
            env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for step in range(steps):
            line = job.stdout.readline()
            if line.strip() != f"step {step}":
                job.stdin.close()
                self.fail(f"after {step * 3} min: {line}{job.stderr.read()}\nexpired: {Sts.used_expired}")
            time.sleep(0.05)  # what is refreshed in the background has its time too
            clock.move(180)
            job.stdin.write("\n")
            job.stdin.flush()
        job.stdin.close()
        job.stdout.close()
        self.assertEqual(job.wait(60), 0, job.stderr.read())
        job.stderr.close()
        self.assertEqual(Sts.used_expired, [])
        self.assertGreater(Sts.refused, 0)
        self.assertGreaterEqual(len(set(Sts.asked)), 3)
        print(f"{len(Sts.asked)} calls with {len(set(Sts.asked))} credentials; STS refused {Sts.refused}")


if __name__ == "__main__":
    unittest.main(verbosity=2)
