"""A mail server for tests: real sockets on the loopback, scripted answers, and gates to stop it in the middle."""

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default


@dataclass
class Script:
    """What the server answers. `refused` maps an address to the answer that RCPT gets."""

    refused: dict[str, str] = field(default_factory=dict)
    after_data: str = "250 taken"
    mail: str = "250 ok"
    # The server has the whole letter and waits here before it answers.
    hold_before_answer: threading.Event | None = None
    # Closed without a word after the whole letter came.
    hang_up_after_data: bool = False
    # The server has greeted and waits here before it lets anyone send.
    hold_at_mail: threading.Event | None = None


class FakeMailServer:
    def __init__(self):
        self.script = Script()
        self.taken = []
        self.connections = 0
        self.has_whole_letter = threading.Event()
        self.is_asked = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.house = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    @property
    def letters(self):
        return [message_from_bytes(data, policy=default) for _to, data in self.taken]


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class _Handler(socketserver.StreamRequestHandler):
    def say(self, words):
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self):
        house, script, receivers = self.server.house, self.server.house.script, []
        house.connections += 1
        self.say("220 test")
        for line in self.rfile:
            word = line.decode().strip().upper()
            if word.startswith(("EHLO", "HELO")):
                self.say("250 test")
            elif word.startswith("MAIL"):
                house.is_asked.set()
                if script.hold_at_mail:
                    script.hold_at_mail.wait(30)
                self.say(script.mail)
                receivers = []
            elif word.startswith("RCPT"):
                address = line.decode().split("<")[1].split(">")[0]
                receivers.append(address)
                self.say(script.refused.get(address, "250 ok"))
            elif word == "DATA":
                self.say("354 go on")
                if not self._take(receivers):
                    return
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def _take(self, receivers):
        house, script = self.server.house, self.server.house.script
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        else:
            return False  # the sender hung up in the middle: nothing was taken
        if script.after_data.startswith("250"):
            house.taken.append((receivers, b"".join(lines)))
        house.has_whole_letter.set()
        if script.hold_before_answer:
            script.hold_before_answer.wait(30)
        if script.hang_up_after_data:
            return False
        self.say(script.after_data)
        return True
