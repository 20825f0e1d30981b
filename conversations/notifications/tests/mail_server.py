"""A mail server for tests: it stores mail, or refuses it, hangs or drops the connection, as an address asks it to."""

import socketserver
import threading

REFUSALS = {
    "unknown@": b"550 5.1.1 no such person here",
    "closing@": b"421 4.3.2 closing",
    "busy@": b"451 4.7.1 try again later",
}
DATA_REFUSALS = {"spam@": b"554 5.7.1 looks like spam", "full@": b"452 4.2.2 mailbox full"}


class Conversation(socketserver.StreamRequestHandler):
    """One connection of a mail program."""

    def handle(self):
        self.server.connections += 1
        self.say(self.server.greeting)
        recipient = ""
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"RCPT":
                recipient = line.decode().partition("<")[2]
                if not self.goes_on(recipient):
                    return
            elif command == b"DATA":
                self.receive(recipient)
            elif command == b"AUTH":
                self.say(b"535 5.7.8 wrong password for secret-user")
            else:
                self.say(b"221 bye" if command == b"QUIT" else b"250-fine\r\n250 AUTH PLAIN")

    def goes_on(self, recipient):
        """Answer to a recipient; return whether the connection stays open."""
        if recipient.startswith("hang@"):
            self.server.released.wait()
        if recipient.startswith(("hang@", "drop@")):
            return False
        self.say(self.answer(REFUSALS, recipient))
        return not recipient.startswith("closing@")

    def receive(self, recipient):
        self.say(b"354 go ahead")
        mail = b"".join(iter(self.rfile.readline, b".\r\n"))
        answer = self.answer(DATA_REFUSALS, recipient)
        if answer.startswith(b"250"):
            self.server.mails.append(mail)
        self.say(answer)

    def answer(self, refusals, recipient):
        return next((each for start, each in refusals.items() if recipient.startswith(start)), b"250 fine")

    def say(self, line):
        self.wfile.write(line + b"\r\n")


class MailServer(socketserver.ThreadingTCPServer):
    """The server, at a free port of this machine, with what it has received."""

    daemon_threads = True

    def __init__(self, greeting=b"220 mail.example.org"):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.greeting, self.mails, self.connections = greeting, [], 0
        self.released = threading.Event()

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=[0.05], daemon=True).start()
        return self

    def __exit__(self, *_):
        self.released.set()
        self.shutdown()
        self.server_close()

    def options(self, **others):
        return {"host": "127.0.0.1", "port": self.server_address[1], "timeout": 10} | others
