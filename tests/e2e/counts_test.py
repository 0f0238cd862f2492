"""What one cold run costs, counted in what does not depend on how busy the machine is: instructions
(by valgrind) and minor page faults (by the kernel). The ceilings leave room for a machine with other
instructions, none for reading a bundle of certificates twice.

Environment: CREDCTL. Needs valgrind and openssl."""
import http.server
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import unittest

CREDCTL = os.environ["CREDCTL"]
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
KEYS = b'{"AccessKeyId":"ASIAEXAMPLE","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"}'

if not shutil.which("valgrind") or not os.path.exists(BUNDLE):
    print("valgrind or ca-certificates is missing")
    sys.exit(77)


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(KEYS)))
        self.end_headers()
        self.wfile.write(KEYS)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, tls=None):
        super().__init__(("127.0.0.1", 0), Answer)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.url = f"{'https' if tls else 'http'}://localhost:{self.server_port}/"

    def handle_error(self, *_):
        pass


class Counts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.home)
        cls.env = {"PATH": os.environ["PATH"], "HOME": cls.home, "AWS_EC2_METADATA_DISABLED": "true"}
        cls.argv = [CREDCTL, "session", "export", "--format", "process", "--no-cache"]

    def instructions(self, env):
        argv = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *self.argv]
        done = subprocess.run(argv, env=env, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return int(re.search(r"Collected : (\d+)", done.stderr).group(1))

    def faults(self, env):
        """The fewest of some runs: where the stack lies differs by chance."""
        fewest = None
        for _ in range(5):
            null = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
            pid = os.posix_spawn(CREDCTL, self.argv, env, file_actions=null)
            _, status, used = os.wait4(pid, 0)
            self.assertEqual(status, 0)
            fewest = used.ru_minflt if fewest is None else min(fewest, used.ru_minflt)
        return fewest

    def costs(self, instructions, faults, **variables):
        env = {**self.env, **variables}
        self.assertLessEqual(self.instructions(env), instructions)
        self.assertLessEqual(self.faults(env), faults)

    def test_keys_of_the_environment_start_no_library(self):
        self.costs(110_000, 34, AWS_ACCESS_KEY_ID="AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY="s")

    def test_a_plain_request_sets_up_no_tls(self):
        self.costs(720_000, 128, AWS_CONTAINER_CREDENTIALS_FULL_URI=Server().url)

    def test_a_bundle_of_certificates_is_read_once(self):
        key, cert, bundle = (os.path.join(self.home, name) for name in ("key", "cert", "bundle"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                        "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", key,
                        "-out", cert], check=True, capture_output=True)
        with open(bundle, "wb") as whole:
            for part in (BUNDLE, cert):
                with open(part, "rb") as text:
                    whole.write(text.read())
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(cert, key)
        self.costs(14_000_000, 270, AWS_CONTAINER_CREDENTIALS_FULL_URI=Server(tls).url, AWS_CA_BUNDLE=bundle)


if __name__ == "__main__":
    unittest.main()
