"""What a worker process of our own server runs: the site, for as long as the process that started it lives."""

import multiprocessing
import os
import signal
import threading

from chatsite.wsgi import application

__all__ = ["application"]


def end_with_parent() -> None:
    """End this worker when its parent is gone, however it went: it would keep the port from the next start."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, name="end with parent", daemon=True).start()
