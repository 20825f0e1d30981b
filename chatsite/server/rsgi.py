"""The site in a worker process of our server: an RSGI application for granian."""

import multiprocessing
import os
import signal
import threading

from chatsite.wsgi import application  # before all that imports models, as it loads the apps

# isort: split
from chatsite.server.serving import Server


def end_with_parent() -> None:
    """End this worker when its parent has ended for any reason, or else it would block the port for the next start."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with_parent, name="end with parent", daemon=True).start()
server = Server(application)
