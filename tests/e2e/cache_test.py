"""The cache on disk, from outside: many processes at once, killed writers, broken disks, broken
entries, other owners, and an STS that is down.

Environment: CREDCTL. Parts that need root are skipped, and say so, without it."""
import datetime
import hashlib
import http.server
import json
import os
import random
import shutil
import signal
import stat
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

CREDCTL = os.environ["CREDCTL"]
ROLE = "arn:aws:iam::222222222222:role/Target"
ROOT = os.getuid() == 0


class Sts(http.server.ThreadingHTTPServer):
    """Issues keys with a number in them; may be slow, down, or say no."""
    daemon_threads = True
    request_queue_size = 512

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.answered = threading.Event()
        self.reset()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def reset(self):
        self.calls, self.lifetime, self.delay, self.status = 0, 3600, 0, 200
        self.gate = threading.Event()  # closed, nobody is answered who asks now
        self.gate.set()

    def handle_error(self, *_):
        pass  # a client that was killed


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        sts = self.server
        body = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        role = body["RoleArn"][0]
        with sts.lock:
            sts.calls += 1
            number = sts.calls
        sts.gate.wait(60)
        time.sleep(sts.delay)
        until = datetime.datetime.fromtimestamp(time.time() + sts.lifetime, datetime.timezone.utc)
        if sts.status == 200:
            text = f"""<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
              <AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId>
              <Arn>{role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/s</Arn></AssumedRoleUser>
              <Credentials><AccessKeyId>ASIA{number:012d}</AccessKeyId><SecretAccessKey>secret{number}</SecretAccessKey>
              <SessionToken>token{number}for{role.split('/')[-1]}</SessionToken>
              <Expiration>{until.strftime('%Y-%m-%dT%H:%M:%SZ')}</Expiration></Credentials></AssumeRoleResult>
              <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></AssumeRoleResponse>"""
        else:
            code = "AccessDenied" if sts.status == 403 else "ServiceUnavailable"
            text = (f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>no</Message></Error>"
                    "<RequestId>r</RequestId></ErrorResponse>")
        data = text.encode()
        self.send_response(sts.status)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
        sts.answered.set()

    def log_message(self, *_):
        pass


class Cache(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sts = Sts()

    def setUp(self):
        self.sts.reset()
        self.home = tempfile.mkdtemp(prefix="credctl-cache-")
        self.folder = f"{self.home}/.cache/credctl"
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.env = {
            "HOME": self.home, "PATH": os.environ["PATH"], "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "base", "AWS_REGION": "us-east-1", "AWS_ASSUME_ROLE_ARN": ROLE,
            "AWS_ENDPOINT_URL_STS": f"http://127.0.0.1:{self.sts.server_address[1]}",
        }

    def start(self, *args, **env):
        return subprocess.Popen([CREDCTL, "session", *(args or ("export", "--format", "process"))],
                                env={**self.env, **env}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def end(self, process, status=0):
        out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, status, err)
        return out, err

    def keys(self, *args, **env):
        """The access key id and what was said on stderr."""
        out, err = self.end(self.start(*args, **env))
        found = json.loads(out)
        number = int(found["AccessKeyId"][4:])
        self.assertEqual(found["SecretAccessKey"], f"secret{number}")  # never a mixture of two
        return found["AccessKeyId"], err

    def names(self):
        return sorted(os.listdir(self.folder))

    def entry(self):
        found = [n for n in self.names() if n.endswith(".json")]
        self.assertEqual(len(found), 1, found)
        return f"{self.folder}/{found[0]}"

    def rewrite(self, **changes):
        """An entry of another time, whole as if it had been written then."""
        path = self.entry()
        with open(path) as f:
            doc = json.load(f)
        del doc["sha256"]
        rest = json.dumps({**doc, **changes}, separators=(",", ":"))[1:] + "\n"
        with open(path, "w") as f:
            f.write('{"sha256":"%s",%s' % (hashlib.sha256(rest.encode()).hexdigest(), rest))

    # --- many at once ---

    def test_two_hundred_processes_at_once_make_one_call(self):
        self.sts.delay = 0.3
        started = [self.start() for _ in range(200)]
        seen = {json.loads(self.end(p)[0])["SessionToken"] for p in started}
        self.assertEqual(self.sts.calls, 1)
        self.assertEqual(seen, {"token1forTarget"})

    def test_a_denial_is_shared_for_a_moment_too(self):
        self.sts.status, self.sts.delay = 403, 0.2
        for p in [self.start() for _ in range(30)]:
            self.end(p, 254)
        self.assertEqual(self.sts.calls, 1)
        time.sleep(6)
        self.sts.status = 200
        self.assertEqual(self.keys()[0], "ASIA000000000002")

    def test_while_one_refreshes_the_others_are_served_at_once(self):
        self.sts.lifetime = 200  # at once in its advisory window
        first = self.keys()[0]
        self.sts.gate.clear()
        slow = self.start()
        while self.sts.calls < 2:
            time.sleep(0.01)
        self.assertEqual({self.keys()[0] for _ in range(20)}, {first})
        self.assertIsNone(slow.poll())  # they were served while it waited
        self.sts.gate.set()
        self.assertEqual(json.loads(self.end(slow)[0])["AccessKeyId"], "ASIA000000000002")
        self.assertEqual(self.sts.calls, 2)

    def test_the_lock_of_a_killed_process_is_nobodys(self):
        held = self.sts.gate
        held.clear()
        doomed = self.start()
        while self.sts.calls < 1:
            time.sleep(0.01)
        time.sleep(0.1)  # its handler waits at the old gate
        self.sts.gate = threading.Event()
        self.sts.gate.set()
        waiting = self.start()
        time.sleep(0.3)
        self.assertIsNone(waiting.poll())  # it does wait
        self.assertEqual(self.sts.calls, 1)
        doomed.kill()
        doomed.communicate()
        self.end(waiting)
        self.assertEqual(self.keys()[0], "ASIA000000000002")  # it had the lock, and kept what it fetched
        self.assertEqual(self.sts.calls, 2)
        held.set()

    # --- killed writers ---

    def test_hundreds_of_killed_writers_leave_nothing_behind(self):
        self.sts.lifetime = 200  # every run refreshes, and so writes
        self.keys()
        dice = random.Random(20261122)
        killed, interrupted, leftovers = 0, 0, 0
        while killed < 600:
            self.sts.answered.clear()
            doomed = self.start()
            if dice.random() < 0.8:  # at the moment of writing
                self.sts.answered.wait(5)
                time.sleep(dice.random() * 0.002)
            else:
                time.sleep(dice.random() * 0.008)
            doomed.kill()
            doomed.communicate()
            interrupted += doomed.returncode == -signal.SIGKILL
            killed += 1
            leftovers += any(n.endswith(".tmp") for n in self.names())
            if killed % 20 == 0:
                first = self.keys()[0]
                self.assertNotEqual(self.keys()[0], first)  # the lock was free: it fetched anew
                self.assertEqual([n for n in self.names() if n.endswith(".tmp")], [])
        self.keys()
        self.assertEqual(len(self.names()), 2, self.names())  # the entry and the file of the locks
        print(f"\n{killed} killed, {interrupted} of them before their end; "
              f"{leftovers} had left a temporary file, which the next run removed")
        self.assertGreater(interrupted, 50)

    def test_a_leftover_is_removed_by_a_run_that_is_served_from_the_cache(self):
        self.keys()
        leftover = self.entry() + ".tmp"
        foreign = f"{self.folder}/notes.tmp"
        for path in (leftover, foreign):
            with open(path, "w") as f:
                f.write("{")
        self.keys()
        self.assertFalse(os.path.exists(leftover))
        self.assertTrue(os.path.exists(foreign))
        self.assertEqual(self.sts.calls, 1)

    # --- broken entries ---

    def test_a_change_of_any_byte_is_a_miss(self):
        self.keys()
        with open(self.entry(), "rb") as f:
            whole = f.read()
        path, expected = self.entry(), self.sts.calls
        for at in range(len(whole)):
            changed = whole[:at] + bytes([whole[at] ^ (1 << at % 8)]) + whole[at + 1:]
            with open(path, "wb") as f:
                f.write(changed)
            expected += 1
            key, said = self.keys()
            self.assertEqual((key, said, self.sts.calls), (f"ASIA{expected:012d}", "", expected), f"byte {at}")

    def test_a_cut_or_foreign_content_is_a_miss(self):
        self.keys()
        path, expected = self.entry(), self.sts.calls
        with open(path, "rb") as f:
            whole = f.read()
        for content in [b"", b"{", whole[:100], whole[:-1], whole + b" ", whole * 2, os.urandom(4096),
                        b"[" * 60000, b"x" * 200000]:
            with open(path, "wb") as f:
                f.write(content)
            expected += 1
            self.assertEqual(self.keys()[0], f"ASIA{expected:012d}")

    def test_an_entry_under_another_name_is_a_miss(self):
        self.keys()
        path = self.entry()
        self.keys("export", "--format", "process", "--role-arn", ROLE + "2")
        other = [f"{self.folder}/{n}" for n in self.names() if n.endswith(".json")]
        other.remove(path)
        shutil.copy(path, other[0])
        out, _ = self.end(self.start("export", "--format", "process", "--role-arn", ROLE + "2"))
        self.assertTrue(json.loads(out)["SessionToken"].endswith("Target2"))
        self.assertEqual(self.sts.calls, 3)

    # --- whose they are ---

    def test_everything_that_decides_the_identity_is_in_the_key(self):
        variants = [
            ((), {}),
            ((), {"AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPL2"}),
            ((), {"AWS_SECRET_ACCESS_KEY": "other"}),
            ((), {"AWS_SESSION_TOKEN": "other"}),
            ((), {"AWS_ASSUME_ROLE_EXTERNAL_ID": "a-b-c"}),
            ((), {"AWS_ASSUME_ROLE_SESSION_NAME": "other"}),
            ((), {"AWS_ASSUME_ROLE_DURATION_SECONDS": "900"}),
            ((), {"AWS_REGION": "eu-west-1"}),
            (("--role-arn", ROLE), {}),
            (("--role-arn", ROLE, "--external-id", "a-b-c"), {}),
            (("--role-arn", ROLE, "--tags", "a=b"), {}),
            (("--role-arn", ROLE, "--policy", "{}"), {}),
            (("--role-arn", ROLE, "--source-identity", "me"), {}),
            (("--role-arn", ROLE, "--role-arn", ROLE), {}),
        ]
        seen = set()
        for args, env in variants:
            seen.add(self.keys("export", "--format", "process", *args, **env)[0])
        self.assertEqual(len(seen), len(variants))
        calls = self.sts.calls
        self.assertEqual({self.keys("export", "--format", "process", *a, **e)[0] for a, e in variants}, seen)
        self.assertEqual(self.sts.calls, calls)

    def test_another_config_file_is_another_identity(self):
        os.mkdir(f"{self.home}/.aws")
        self.env.pop("AWS_REGION", None)  # it would outrank both
        for region in ("us-east-1", "us-east-2"):
            with open(f"{self.home}/.aws/config", "w") as f:
                f.write(f"[default]\nregion = {region}\n")
            self.keys()
        self.assertEqual(self.sts.calls, 2)

    def test_no_cache_asks_and_leaves_no_trace(self):
        for _ in range(3):
            self.keys("export", "--format", "process", "--no-cache")
        self.assertEqual(self.sts.calls, 3)
        self.assertFalse(os.path.exists(self.folder))

    def test_what_is_near_or_static_is_not_kept(self):
        del self.env["AWS_ASSUME_ROLE_ARN"]
        self.end(self.start())
        self.assertFalse(os.path.exists(self.folder))

    # --- a source that fails ---

    def test_valid_credentials_are_served_while_sts_is_down(self):
        self.sts.lifetime = 200
        first = self.keys()[0]
        self.sts.status = 503
        key, said = self.keys()
        self.assertEqual(key, first)
        self.assertIn("new credentials could not be fetched", said)
        calls = self.sts.calls
        self.assertGreater(calls, 1)
        self.assertEqual(self.keys()[0], first)
        self.assertEqual(self.sts.calls, calls)  # the failure is remembered: nobody hammers

    def test_expired_credentials_are_served_for_an_hour_while_sts_is_down(self):
        first = self.keys()[0]
        now = int(time.time())
        self.rewrite(expires=now - 600, fetched=now - 4200)
        self.sts.status = 503
        key, said = self.keys()
        self.assertEqual(key, first)
        self.assertIn("expired", said)
        self.rewrite(expires=now - 7200, fetched=now - 10800, retry_at=0)
        self.end(self.start(), 254)
        self.sts.status = 200
        self.assertNotEqual(self.keys()[0], first)

    def test_a_denial_ends_expired_credentials_at_once(self):
        self.keys()
        now = int(time.time())
        self.rewrite(expires=now - 600, fetched=now - 4200)
        self.sts.status = 403
        self.end(self.start(), 254)

    def test_an_entry_from_the_future_is_fetched_anew(self):
        first = self.keys()[0]
        self.rewrite(fetched=int(time.time()) + 3600)
        self.assertNotEqual(self.keys()[0], first)

    # --- broken places ---

    def test_a_linked_folder_is_refused_and_said(self):
        elsewhere = tempfile.mkdtemp(prefix="credctl-elsewhere-")
        self.addCleanup(shutil.rmtree, elsewhere)
        os.mkdir(f"{self.home}/.cache")
        os.symlink(elsewhere, self.folder)
        key, said = self.keys()
        self.assertIn("symbolic link", said)
        self.assertEqual(said.count("not used"), 1)
        self.assertNotEqual(self.keys()[0], key)
        self.assertEqual(os.listdir(elsewhere), [])

    def test_a_folder_open_to_others_is_refused_and_said(self):
        os.makedirs(self.folder, 0o755)
        os.chmod(self.folder, 0o755)
        self.assertIn("other users may enter it", self.keys()[1])
        self.assertEqual(os.listdir(self.folder), [])
        self.assertEqual(stat.S_IMODE(os.stat(self.folder).st_mode), 0o755)  # not ours to mend

    def test_a_readable_linked_or_doubled_entry_is_not_read(self):
        def readable(path):
            os.chmod(path, 0o640)

        def linked(path):
            os.rename(path, path + ".x")
            os.symlink(path + ".x", path)

        def doubled(path):
            os.link(path, path + ".y")

        for spoil in (readable, linked, doubled):
            first = self.keys()[0]
            spoil(self.entry())
            key, said = self.keys()
            self.assertNotEqual(key, first)
            self.assertIn("not trusted", said)
            self.assertEqual(self.keys(), (key, ""))  # it was replaced by one of our own

    @unittest.skipUnless(ROOT, "another owner needs root")
    def test_another_owner_is_refused_and_said(self):
        first = self.keys()[0]
        os.chown(self.entry(), 12345, 12345)
        key, said = self.keys()
        self.assertNotEqual(key, first)
        self.assertIn("another user", said)
        os.chown(self.folder, 12345, 12345)
        self.assertIn("another user", self.keys()[1])

    def test_no_home_is_no_fault(self):
        for home in ("/nonexistent/home", "relative"):
            self.assertEqual(self.keys(HOME=home)[1], "")
        self.assertFalse(os.path.exists("/nonexistent"))

    def test_a_file_in_the_place_of_the_folder_is_said(self):
        os.mkdir(f"{self.home}/.cache")
        with open(self.folder, "w"):
            pass
        self.assertIn("not a folder", self.keys()[1])

    def test_xdg_cache_home_comes_first(self):
        self.keys(XDG_CACHE_HOME=f"{self.home}/elsewhere")
        self.assertTrue(os.path.isdir(f"{self.home}/elsewhere/credctl"))
        self.assertFalse(os.path.exists(self.folder))
        self.assertEqual(stat.S_IMODE(os.stat(f"{self.home}/elsewhere/credctl").st_mode), 0o700)

    def mounted(self, options):
        """A small disk as home, or a skipped test."""
        home = tempfile.mkdtemp(prefix="credctl-disk-")
        self.addCleanup(shutil.rmtree, home, ignore_errors=True)
        if not ROOT or subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", home],
                                      capture_output=True).returncode != 0:
            self.skipTest("no file system can be mounted here")
        self.addCleanup(subprocess.run, ["umount", home])
        return home

    def test_a_full_disk_is_no_failure(self):
        home = self.mounted("size=64k")
        first = self.keys(HOME=home)[0]
        with open(f"{home}/full", "wb", buffering=0) as f:
            try:
                while True:
                    f.write(b"x" * 4096)
            except OSError:
                pass
        self.assertEqual(self.keys(HOME=home)[0], first)  # reading needs no space
        key, said = self.keys(HOME=home, AWS_ASSUME_ROLE_EXTERNAL_ID="other")
        self.assertNotEqual(key, first)
        self.assertIn("No space left on device", said)
        self.assertEqual([n for n in os.listdir(f"{home}/.cache/credctl") if n.endswith(".tmp")], [])

    def test_a_full_disk_from_the_start_is_no_failure(self):
        home = self.mounted("size=4k,nr_inodes=2")
        with open(f"{home}/full", "wb"):
            pass
        self.keys(HOME=home)
        self.assertEqual(os.listdir(home), ["full"])

    def test_a_read_only_home_is_silent(self):
        home = self.mounted("size=64k")
        subprocess.run(["mount", "-o", "remount,ro", home], check=True)
        self.assertEqual(self.keys(HOME=home)[1], "")
        self.assertEqual(self.keys(HOME=home)[0], "ASIA000000000002")

    def test_a_cache_on_a_disk_that_became_read_only_is_still_read(self):
        home = self.mounted("size=64k")
        first = self.keys(HOME=home)[0]
        subprocess.run(["mount", "-o", "remount,ro", home], check=True)
        self.assertEqual(self.keys(HOME=home), (first, ""))

    def test_a_umask_does_not_open_it(self):
        before = os.umask(0)
        try:
            self.keys()
        finally:
            os.umask(before)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder).st_mode), 0o700)
        for name in self.names():
            self.assertEqual(stat.S_IMODE(os.stat(f"{self.folder}/{name}").st_mode), 0o600)

    # --- commands ---

    def test_what_is_cached_is_listed_and_cleared(self):
        self.keys()
        self.keys("export", "--format", "process", "--role-arn", ROLE + "2")
        foreign = f"{self.folder}/notes.json"
        with open(foreign, "w"):
            pass
        listed = json.loads(self.end(self.start("show", "--cached", "--output", "json"))[0])
        self.assertEqual({e["role_arn"] for e in listed["entries"]}, {ROLE, ROLE + "2"})
        self.assertNotIn("secret", json.dumps(listed).replace("secret_", ""))
        gone = json.loads(self.end(self.start("clear", "--output", "json"))[0])
        self.assertEqual([e["role_arn"] for e in gone["removed"]], [ROLE])
        gone = json.loads(self.end(self.start("clear", "--all", "--output", "json"))[0])
        self.assertEqual([e["role_arn"] for e in gone["removed"]], [ROLE + "2"])
        self.assertEqual(self.names(), ["lock", "notes.json"])
        self.assertIn("Nothing was cached", self.end(self.start("clear", "--all"))[0])

    def test_session_says_that_it_was_the_cache(self):
        first = json.loads(self.end(self.start("--offline", "--output", "json"), 255)[0])
        self.assertIsNone(first["cached"])
        self.keys()
        second = json.loads(self.end(self.start("--offline", "--output", "json"))[0])
        self.assertEqual(second["cached"]["by"], "credctl")
        self.assertEqual(second["hops"], [{"role_arn": ROLE, "done": True}])


if __name__ == "__main__":
    unittest.main()
