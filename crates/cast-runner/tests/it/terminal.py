"""Drives a program on a terminal of its own.

terminal.py SHELL STEPS COMMAND...

SHELL is `fg` or `bg` for a small shell with job control that starts the command as a job in the
foreground or background, `none` if the command leads the session itself. STEPS are lines: `< text`
waits until the terminal shows the text (after what was already found), `> text` types it, with
escapes. The shell says `SHELL stopped N` or `SHELL exited N echo BOOL` and takes `fg`.
"""
import os, pty, select, signal, sys, termios


def shell(background, command):
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    me = os.getpgrp()
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        if not background:
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
            os.tcsetpgrp(0, os.getpgrp())
            signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTTOU])
        os.execv(command[0], command)
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        os.tcsetpgrp(0, me)
        if not os.WIFSTOPPED(status):
            break
        os.write(1, b"SHELL stopped %d\n" % os.WSTOPSIG(status))
        assert os.read(0, 100).strip() == b"fg"
        os.tcsetpgrp(0, job)
        os.killpg(job, signal.SIGCONT)
    echo = bool(termios.tcgetattr(0)[3] & termios.ECHO)
    os.write(1, b"SHELL exited %d echo %s\n" % (os.waitstatus_to_exitcode(status), str(echo).encode()))
    os._exit(0)


def main():
    kind, steps, *command = sys.argv[1:]
    pid, fd = pty.fork()
    if pid == 0:
        if kind == "none":
            os.execv(command[0], command)
        shell(kind == "bg", command)
    shown = b""
    found = 0
    for step in steps.splitlines():
        text = step[2:].encode().decode("unicode_escape").encode()
        if step[0] == ">":
            os.write(fd, text)
            continue
        while text not in shown[found:]:
            ready, _, _ = select.select([fd], [], [], 30)
            try:
                more = os.read(fd, 4096) if ready else b""
            except OSError:
                more = b""
            if not more:
                os.kill(pid, signal.SIGKILL)
                sys.exit("waited in vain for %r; on the terminal:\n%s" % (text, shown.decode()))
            shown += more
        found = shown.index(text, found) + len(text)


main()
