"""Serves the release in FOLDER for test-install.sh, and redirects to all sorts of places; prints its ports.

    python3 packaging/redirecting-server.py FOLDER

With key.pem and cert.pem in the folder it serves TLS as well, on the second port.
"""

import functools
import http.server
import os
import ssl
import sys
import threading

folder = sys.argv[1]
ports = []


class Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        kind, _, name = self.path.lstrip("/").partition("/")
        http_port, https_port = (ports + [0])[:2]
        target = {
            "moved": f"/release/{name}",
            "circle": self.path,
            "elsewhere": f"http://example.invalid/{name}",
            "file": f"file://{folder}/release/{name}",
            "https": f"https://127.0.0.1:{https_port}/release/{name}",
            "http": f"http://127.0.0.1:{http_port}/release/{name}",
            "user": f"http://127.0.0.1:{http_port}@127.0.0.1:{http_port}/release/{name}",
        }.get(kind)
        if target is None:
            return super().do_GET()
        self.send_response(302)
        self.send_header("Location", target)
        self.send_header("Content-Length", "0")
        self.end_headers()


def listen(context=None):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    ports.append(server.server_port)
    return server


servers = [listen()]
if os.path.exists(f"{folder}/cert.pem"):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(f"{folder}/cert.pem", f"{folder}/key.pem")
    servers.append(listen(context))
print(*ports)
for server in servers[1:]:
    threading.Thread(target=server.serve_forever, daemon=True).start()
servers[0].serve_forever()
