#!/usr/bin/env python3
"""credctl mcp serves the official SDK clients: version 1, and version 2 in both eras, on standard input
and over HTTP. Environment: CREDCTL, NODE_PATH."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import unittest

CREDCTL = os.path.realpath(os.environ["CREDCTL"])
MODULES = os.environ.get("NODE_PATH", "")
FOLDER = tempfile.mkdtemp(prefix="credctl-mcp-")
ENV = {"PATH": os.environ["PATH"], "HOME": FOLDER, "XDG_CACHE_HOME": FOLDER + "/cache", "CREDCTL": CREDCTL,
       "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
       "AWS_EC2_METADATA_DISABLED": "true"}
ONE = ("@modelcontextprotocol/sdk/client/index.js", "@modelcontextprotocol/sdk/client/stdio.js",
       "@modelcontextprotocol/sdk/client/streamableHttp.js")
TWO = ("@modelcontextprotocol/client", "@modelcontextprotocol/client/stdio", "@modelcontextprotocol/client")
SCRIPT = """
const [main, stdio, http] = JSON.parse(process.env.PARTS);
const {Client} = await import(main), {StdioClientTransport} = await import(stdio);
const {StreamableHTTPClientTransport} = await import(http);
const mode = JSON.parse(process.env.MODE);
const client = new Client({name: 'test', version: '1'}, mode ? {versionNegotiation: {mode}} : {});
await client.connect(process.env.URL ? new StreamableHTTPClientTransport(new URL(process.env.URL))
    : new StdioClientTransport({command: process.env.CREDCTL, args: ['mcp'], env: process.env}));
const {tools} = await client.listTools();
// The clients check structuredContent against the output schema.
const result = await client.callTool({name: 'GetEnvironmentInfo', arguments: {offline: true}});
const wrong = await client.callTool({name: 'GetEnvironmentInfo', arguments: {offline: 'x'}});
const {prompts} = await client.listPrompts();
const prompt = await client.getPrompt({name: prompts[0].name, arguments: {region: 'eu-west-1'}});
const completed = await client.complete({ref: {type: 'ref/prompt', name: prompts[0].name},
    argument: {name: 'region', value: 'eu-w'}});
console.log(JSON.stringify([client.getProtocolEra?.() ?? 'legacy', tools.length >= 5,
    result.structuredContent.environment, wrong.isError, prompts.length,
    prompt.messages[0].content.text.includes('eu-west-1'), completed.completion.values]));
await client.close();
"""

if not os.path.isdir(os.path.join(MODULES, "@modelcontextprotocol")):
    print("the SDK is not in NODE_PATH")
    sys.exit(77)


class Clients(unittest.TestCase):
    def run_client(self, parts, mode, url):
        env = {**ENV, "PARTS": str(list(parts)).replace("'", '"'), "MODE": mode, **({"URL": url} if url else {})}
        done = subprocess.run(["node", "--input-type=module", "-e", SCRIPT], env=env, cwd=os.path.dirname(MODULES),
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def expect(self, parts, modes):
        server = subprocess.Popen([CREDCTL, "mcp", "--listen", "127.0.0.1:0"], env=ENV, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        url = re.search(r"(http://\S+)", server.stderr.readline()).group(1)
        for mode, era in modes:
            for where in (None, url):
                self.assertEqual(self.run_client(parts, mode, where),
                                 f'["{era}",true,"local",true,3,true,["eu-west-1","eu-west-2","eu-west-3"]]')
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=20)
        self.assertEqual(server.returncode, 0)

    def test_version_1(self):
        self.expect(ONE, [("null", "legacy")])

    @unittest.skipUnless(os.path.isdir(os.path.join(MODULES, "@modelcontextprotocol", "client")), "not installed")
    def test_version_2(self):
        self.expect(TWO, [("null", "legacy"), ('"auto"', "modern"), ('{"pin": "2026-07-28"}', "modern")])


if __name__ == "__main__":
    unittest.main(verbosity=1)
