"""Runs a command on a pseudo-terminal of its own, as the shell of a terminal window would.

stdin is the keyboard: its end closes the window. stdout is the screen. On descriptor 3, one JSON object a line:
{"pid"} when the command runs, {"stty"} when it has stopped, {"status", "signal", "stty"} when it has ended. Of the
command's standard streams, those named in the first argument ("stdin,stdout,stderr") are the descriptors 5, 4 and 6 instead of the terminal.
"""

import fcntl
import json
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios

PIPES = {"stdin": 5, "stdout": 4, "stderr": 6}


def report(**facts):
    os.write(3, (json.dumps(facts) + "\n").encode())


def stty():
    return subprocess.run(["stty", "-a"], capture_output=True, text=True).stdout


def foreground(terminal):
    """The command is a job of its own: what stops it does not stop the shell."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    os.setpgid(0, 0)
    os.tcsetpgrp(terminal, os.getpid())
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)


def lead(piped, command):
    terminal = os.open("/dev/tty", os.O_RDWR)
    streams = {name: PIPES[name] for name in piped if name}
    child = subprocess.Popen(command, preexec_fn=lambda: foreground(terminal), **streams)
    # The kernel tells the shell alone that the window is closed; the shell tells its jobs.
    signal.signal(signal.SIGHUP, lambda *_: child.send_signal(signal.SIGHUP))
    report(pid=child.pid)
    _, ending = os.waitpid(child.pid, os.WUNTRACED)
    while os.WIFSTOPPED(ending):
        report(stty=stty())
        _, ending = os.waitpid(child.pid, os.WUNTRACED)
    killed = os.WIFSIGNALED(ending)
    status = None if killed else os.WEXITSTATUS(ending)
    report(status=status, signal=signal.Signals(os.WTERMSIG(ending)).name if killed else None, stty=stty())


def relay(screen, leader):
    keyboard = 0
    while True:
        readable, _, _ = select.select([screen, keyboard], [], [])
        if keyboard in readable:
            keys = os.read(keyboard, 4096)
            if not keys:
                os.close(screen)
                break
            os.write(screen, keys)
        if screen in readable:
            try:
                text = os.read(screen, 65536)
            except OSError:
                break
            os.write(1, text)
    os.waitpid(leader, 0)


leader, screen = pty.fork()
if leader == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, int(os.environ.get("PTY_COLUMNS", "120")), 0, 0))
    lead(sys.argv[1].split(","), sys.argv[2:])
    os._exit(0)
relay(screen, leader)
