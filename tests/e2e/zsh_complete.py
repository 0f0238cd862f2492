"""zsh_complete.py HOW SCRIPT LINE EXPECTED: types LINE and a tab in a real zsh with the completion of
SCRIPT, and looks for EXPECTED in what the line becomes. HOW is `source`, or `fpath`: as a file
_credctl in a folder of fpath, for the first tab of a shell with its compinit."""
import os
import pty
import select
import shutil
import sys
import tempfile
import time

how, script, line, expected = sys.argv[1:]
with tempfile.TemporaryDirectory() as home:
    pid, master = pty.fork()
    if pid == 0:
        os.execvpe("zsh", ["zsh", "-f", "-i"], {"HOME": home, "PATH": os.environ["PATH"], "TERM": "dumb", "ZDOTDIR": home})
    shown = b""

    def until(mark, seconds=10):
        global shown
        end = time.monotonic() + seconds
        while mark not in shown and time.monotonic() < end:
            if select.select([master], [], [], 0.1)[0]:
                try:
                    shown += os.read(master, 65536)
                except OSError:
                    return
        return mark in shown

    if how == "fpath":
        os.mkdir(f"{home}/functions")
        shutil.copy(script, f"{home}/functions/_credctl")
        load = f"fpath=({home}/functions $fpath); autoload -Uz compinit; compinit -u -d {home}/dump"
    else:
        load = f". '{script}'"
    os.write(master, f"PS1=; unsetopt beep; {load}; echo REA''DY\n".encode())
    until(b"READY")
    time.sleep(0.5)
    shown = b""
    os.write(master, line.encode() + b"\t")
    found = until(expected.encode() if not line.endswith(expected) else b"\0", 8)
    time.sleep(0.2)
    os.write(master, b"\x03exit\n")
    os.close(master)
    os.waitpid(pid, 0)
if not found:
    print(f"zsh made of it: {shown!r}")
sys.exit(0 if found else 1)
