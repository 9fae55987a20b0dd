"""What a submission may do once it is allowed, and what it still may not."""

import http.server
import sys
import threading

import pytest

from autograder.judging.outcomes import Raised, Returned
from autograder.sandbox import LAYERS, Permissions

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="there are no layers elsewhere")


NOTHING = Permissions()


@pytest.fixture
def outcome(cells, forked):
    """What a function `f` of these cells returns or raises, its text alone if so, in a fresh worker."""

    def get(source, permissions=NOTHING, layers=LAYERS, **options):
        with forked(permissions=permissions, layers=layers, **options) as zygote, zygote.open(cells(source)) as worker:
            called = worker.call("f", (), 20)
            get.withheld = worker.withheld
        return called.value if isinstance(called, Returned) else called

    return get


RUN = "import subprocess\ndef f(): return subprocess.run({}, capture_output=True, text=True).stdout"


def test_a_program_that_is_allowed_and_none_that_is_not(outcome):
    assert outcome(RUN.format("['echo', 'hi']"), Permissions(programs=("echo",))) == "hi\n"
    assert outcome(RUN.format("'echo hi | cat', shell=True"), Permissions(programs=("cat",))) == "hi\n"
    assert isinstance(outcome(RUN.format("['ls']"), Permissions(programs=("echo",))), Raised)
    assert isinstance(outcome(RUN.format("['echo']")), Raised)


def test_a_program_that_is_not_allowed_is_told_beside_one_that_is(forked, cells):
    sources = [RUN.format("['echo']") + "\nf()", RUN.format("['ls']") + "\nf()", RUN.format("[sys.executable, '-V']")]
    for allowed, expected in (
        (Permissions(programs=("echo",)), {2: ("programs",)}),
        (Permissions(processes=True), {1: ("programs",), 2: ("programs",)}),
    ):
        with forked(permissions=allowed) as zygote:
            with zygote.open(cells(*sources[:2], "import sys\n" + sources[2] + "\nf()")) as worker:
                worker.start()
                assert worker.refused == expected


def test_what_is_started_is_confined_too(outcome):
    source = RUN.format("'ls /root/.ssh; cat /etc/shadow; touch /usr/x; echo done', shell=True")
    assert outcome(source, Permissions(programs=("*",))) == "done\n"
    source = "import ctypes\ndef f(): return [ctypes.CDLL(None, use_errno=True).unshare(0), ctypes.get_errno()]"
    assert outcome(source, Permissions(programs=("*",)))[0] == -1


def test_processes_of_this_python(outcome):
    source = """
    import math
    from concurrent.futures import ProcessPoolExecutor
    def f():
        with ProcessPoolExecutor(2) as pool: return list(pool.map(math.sqrt, [1, 4]))
    """
    assert outcome(source, Permissions(processes=True)) == [1.0, 2.0]
    assert isinstance(outcome(source), Raised)
    assert isinstance(outcome(RUN.format("['echo', 'hi']"), Permissions(processes=True)), Raised)


def test_a_folder_that_is_allowed(outcome, tmp_path):
    (tmp_path / "data.txt").write_text("rows")
    (tmp_path / "data.txt").chmod(0o644)
    for folder in (tmp_path, *tmp_path.parents[:-2]):
        folder.chmod(0o755)
    source = f"def f(): return open({str(tmp_path / 'data.txt')!r}).read()"
    allowed = Permissions(folders=(str(tmp_path),))
    assert outcome(source, allowed) == "rows"
    assert isinstance(outcome(source), Raised)
    writing = f"def f(): open({str(tmp_path / 'new')!r}, 'w')"
    assert isinstance(outcome(writing, allowed), Raised)


@pytest.fixture
def server():
    """A server on an address of this machine that a worker has not."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"served")

        def log_message(self, *_):
            pass

    served = http.server.ThreadingHTTPServer(("127.0.0.2", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield served.server_port
    served.shutdown()
    served.server_close()


def test_a_host_that_is_allowed_and_none_that_is_not(outcome, server):
    source = f"""
    import urllib.request
    def f(): return urllib.request.urlopen("http://127.0.0.2:{server}/x?y=1", timeout=5).read().decode()
    """
    assert outcome(source, Permissions(hosts=("127.0.0.2",))) == "served"
    refused = outcome(source, Permissions(hosts=("example.org",)))
    assert refused.text == "HTTP Error 403: Not allowed by the grading sandbox"
    every = outcome(source, Permissions(hosts=("*",)))
    assert "403" in every.text, "a name for everything must not lead to this machine or its neighbours"
    assert isinstance(outcome(source), Raised)
    connect = f"import socket\ndef f(): socket.create_connection(('127.0.0.2', {server}), 2)"
    assert outcome(connect, Permissions(hosts=("127.0.0.2",))).type_name == "ConnectionRefusedError"


def test_a_tunnel_passes_on_what_it_does_not_read(outcome, server):
    source = f"""
    import http.client, os
    def f():
        host, port = os.environ["https_proxy"].removeprefix("http://").split(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=5)
        connection.set_tunnel("127.0.0.2", {server})
        connection.request("GET", "/")
        return connection.getresponse().read().decode()
    """
    assert outcome(source, Permissions(hosts=("127.0.0.2",))) == "served"
    assert "403" in outcome(source, Permissions(hosts=("example.org",))).text


@pytest.mark.parametrize("request_text", ["", "x" * 20_000, "GET / HTTP/1.1", "CONNECT a:b:c HTTP/1.1", "GET ftp://a"])
def test_what_is_no_request_is_answered_so(outcome, request_text):
    source = f"""
    import os, socket
    def f():
        host, port = os.environ["https_proxy"].removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), 10) as asking:
            asking.sendall(({request_text!r} + "\\r\\n\\r\\n").encode())
            return asking.recv(100).decode()[:12]
    """
    assert outcome(source, Permissions(hosts=("example.org",))) == "HTTP/1.1 400"


def test_without_namespaces_what_needs_them_is_withheld(outcome):
    layers = [name for name in LAYERS if name != "namespaces"]
    allowed = Permissions(programs=("*",), processes=True, hosts=("*",))
    found = outcome(RUN.format("['echo']"), allowed, layers)
    assert isinstance(found, Raised)
    assert outcome.withheld == ("programs", "processes", "network")


def test_the_machine_shows_that_it_enforces_the_rest(forked):
    with forked(permissions=Permissions(("*",), True, ("*",), ("/proc",))) as zygote:
        found = zygote.confinement
        assert all(
            found[name] for name in ("process", "rlimits", "namespaces", "landlock", "seccomp", "hidden", "scratch")
        )
