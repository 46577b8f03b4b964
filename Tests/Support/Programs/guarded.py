"""Runs a program, and kills it when standard input closes, which is when its starter has ended."""

import os
import subprocess
import sys
import threading

child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)


def guard():
    while os.read(0, 4096):
        pass
    child.kill()


threading.Thread(target=guard, daemon=True).start()
sys.exit(child.wait())
