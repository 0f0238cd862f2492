#!/usr/bin/env python3
"""Runs a command as if it were in an AWS Fargate task.

    examples/ecs_task.py build/release/credctl detect

Answers the task's metadata and credentials at their real address, 169.254.170.2, inside a private
network namespace that ends with the command; where none can be made, on a loopback port instead.
Account, ids and keys are invented: the keys open nothing.
"""

import datetime
import http.server
import json
import os
import subprocess
import sys
import threading

REGION, ACCOUNT = "eu-central-1", "111122223333"
TASK = "0123456789abcdef0123456789abcdef"
CONTAINER = TASK + "-1234567890"
METADATA = "/v4/" + CONTAINER
CREDENTIALS = "/v2/credentials/00000000-1111-2222-3333-444444444444"
REAL_ADDRESS = "169.254.170.2"
INSIDE = "ECS_TASK_PY_INSIDE"


def arn(service, rest):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{rest}"


def ago(**time):
    moment = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**time)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def container():
    return {
        "DockerId": CONTAINER, "Name": "app", "DockerName": "app",
        "Image": f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/app:latest",
        "Labels": {
            "com.amazonaws.ecs.cluster": arn("ecs", "cluster/quickstart"),
            "com.amazonaws.ecs.container-name": "app",
            "com.amazonaws.ecs.task-arn": arn("ecs", f"task/quickstart/{TASK}"),
            "com.amazonaws.ecs.task-definition-family": "app",
            "com.amazonaws.ecs.task-definition-version": "3",
        },
        "DesiredStatus": "RUNNING", "KnownStatus": "RUNNING",
        "CreatedAt": ago(minutes=5), "StartedAt": ago(minutes=5), "Type": "NORMAL",
        "ContainerARN": arn("ecs", f"container/quickstart/{TASK}/55555555-6666-7777-8888-999999999999"),
        "Networks": [{"NetworkMode": "awsvpc", "IPv4Addresses": ["192.0.2.10"]}],
    }


def task():
    return {
        "Cluster": arn("ecs", "cluster/quickstart"),
        "TaskARN": arn("ecs", f"task/quickstart/{TASK}"),
        "Family": "app", "Revision": "3", "ServiceName": "app", "LaunchType": "FARGATE",
        "DesiredStatus": "RUNNING", "KnownStatus": "RUNNING",
        "Limits": {"CPU": 0.25, "Memory": 512}, "AvailabilityZone": REGION + "a",
        "PullStartedAt": ago(minutes=6), "PullStoppedAt": ago(minutes=5),
        "Containers": [container()],
    }


def credentials():
    return {
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/task-role",
        "AccessKeyId": "ASIAEXAMPLEEXAMPLE00",
        "SecretAccessKey": "an-invented-secret-that-opens-nothing",
        "Token": "an-invented-session-token",
        "Expiration": ago(hours=-6),
    }


PAGES = {METADATA: container, METADATA + "/task": task, CREDENTIALS: credentials}


class Agent(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        page = PAGES.get(self.path)
        body = json.dumps(page() if page else {"message": "not found"}).encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def in_private_network(command):
    """Starts this script again inside a new network namespace, if this host allows one."""
    flags = "-n" if os.geteuid() == 0 else "-rn"
    setup = f"ip link set lo up && ip address add {REAL_ADDRESS}/32 dev lo"
    try:
        probe = subprocess.run(["unshare", flags, "sh", "-c", setup], capture_output=True, check=False)
    except OSError:
        return
    if probe.returncode == 0:
        os.environ[INSIDE] = "1"
        again = [sys.executable, os.path.abspath(__file__), *command]
        os.execvp("unshare", ["unshare", flags, "sh", "-c", setup + ' && exec "$@"', "sh", *again])


def main(command):
    if not command:
        sys.exit(__doc__)
    inside = os.environ.pop(INSIDE, None)
    if not inside:
        in_private_network(command)
    server = http.server.ThreadingHTTPServer((REAL_ADDRESS, 80) if inside else ("127.0.0.1", 0), Agent)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = f"http://{REAL_ADDRESS}" if inside else f"http://127.0.0.1:{server.server_port}"

    # A task starts with an environment of its own: nothing of AWS is inherited from this shell.
    env = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "ECS_"))}
    env.update({
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
        "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION,
        "ECS_CONTAINER_METADATA_URI_V4": base + METADATA,
        "ECS_AGENT_URI": base + "/api/" + CONTAINER,
    })
    if inside:
        env["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = CREDENTIALS
    else:
        env["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = base + CREDENTIALS
    status = subprocess.run(command, env=env, check=False).returncode
    return 128 - status if status < 0 else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
