"""A persistent grader that stays from one command of nbgrader's to the next, for the same user.

Its start takes longer than grading many a submission, and whoever grades seven assignments would pay for it seven
times. It waits at a socket in a folder that only this user can enter, and ends when nobody has asked for
`IDLE_SECONDS`, or when it is told to (`stop`). The socket's name stands for the version of all that scores depend on,
for the course and for this Python: a changed grader is another one, and the old one ends by itself.

Both ends are this user's own programs. Who asks shows a key first, which lies beside the socket: where a machine has
but some of the sandbox's layers, a student's code might reach a socket, and can open no file of this folder.
"""

import atexit
import contextlib
import hashlib
import os
import secrets
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from autograder.gradebook.persistent_grader import GraderAnswer, PersistentGrader, PlannedRun
from autograder.grading import fingerprints
from autograder.grading.processes import GraderDied
from autograder.judging.course import load_course

#: How long it waits for something to do before it ends.
IDLE_SECONDS = 300.0

#: How long its process has to begin to listen; it imports only afterwards.
_START_SECONDS = 60.0
_LOOK_SECONDS = 0.05
#: The longest name that a socket can have, in bytes.
_LONGEST = 107
#: What a client sends in place of a notebook, and what comes back from a grader that failed.
_STOP = "stop"
_DIED = "died"
#: How long a key is, and how long is waited for it.
_KEY_BYTES, _KEY_SECONDS = 32, 5.0


class NoPlace(Exception):
    """On this machine, or for this user, no grader can stay."""


class StandingGrader:
    """The client's side: has notebooks run by the grader that stays, which is started if there is none.

    Args:
        where: the course's `where`.

    Raises:
        NoPlace: none can stay here.
    """

    def __init__(self, where: str):
        self._where = where
        self._place = _folder() / _name(where)
        if len(os.fsencode(self._place)) > _LONGEST:
            raise NoPlace(f"{self._place} is too long a name for a socket.")
        self._connection: Connection | None = None

    def run(self, planned: PlannedRun) -> GraderAnswer:
        """Have a notebook run.

        Raises:
            NoPlace: no grader that stays can be started.
            autograder.grading.processes.GraderDied: the grader's process has ended over it.
            RuntimeError: it cannot grade, with its reason.
        """
        try:
            answer = self._asked(planned)
        except (EOFError, OSError):
            self.close()
            try:
                answer = self._asked(planned)  # it had waited long enough, and ended as this was sent
            except (EOFError, OSError) as error:
                self.close()
                raise GraderDied("The grader that stays ended unexpectedly while at it.") from error
        except BaseException:  # Ctrl-C too: its answer must not be taken for the next one's
            self.close()
            raise
        if isinstance(answer, GraderAnswer):
            return answer
        kind, text = answer
        raise GraderDied(text) if kind == _DIED else RuntimeError(text)

    def close(self) -> None:
        """Let go of the grader, which stays."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _asked(self, planned: PlannedRun) -> Any:
        if self._connection is None:
            self._connection = _connected(self._place) or _started(self._where, self._place)
        self._connection.send(planned)
        return self._connection.recv()


@cache
def standing_grader(where: str) -> StandingGrader:
    """This process's way to the grader that stays, by the course's `where`.

    Raises:
        NoPlace: none can stay here.
    """
    made = StandingGrader(where)
    atexit.register(made.close)
    return made


def stop() -> int:
    """End every grader of this user that stays; how many there were."""
    with contextlib.suppress(NoPlace):
        connections = [_connected(place) for place in _folder().glob("*.socket")]
        for connection in filter(None, connections):
            with contextlib.suppress(OSError, EOFError), connection:
                connection.send(_STOP)
                connection.recv()
        return sum(connection is not None for connection in connections)
    return 0


def serve(where: str, place: Path) -> None:
    """Be the grader that stays, until nobody has asked for `IDLE_SECONDS`. Returns at once if there is one.

    Args:
        where: the course's `where`.
        place: where the socket is to be.
    """
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(_alone(place))
        if listener is None:
            return
        grader = PersistentGrader(load_course(where))
        stack.callback(grader.close)
        connections: list[Connection] = []
        while ready := wait([listener, *connections], IDLE_SECONDS):
            for one in ready:
                if one is listener:
                    accepted, _ = listener.accept()
                    connection = Connection(accepted.detach())
                    if _shows_key(connection, place):
                        connections.append(connection)
                    else:
                        connection.close()
                    continue
                assert isinstance(one, Connection)
                try:
                    asked = one.recv()
                    if asked == _STOP:
                        return
                    one.send(_answer(grader, asked))
                except (EOFError, OSError):  # whoever asked has gone
                    connections.remove(one)
                    one.close()


def _answer(grader: PersistentGrader, planned: PlannedRun) -> GraderAnswer | tuple[str, str]:
    try:
        return grader.run(planned)
    except GraderDied as death:
        return _DIED, str(death)
    except RuntimeError as error:
        return "", str(error)


def _folder() -> Path:
    """The folder of the sockets, which nobody else can enter.

    Raises:
        NoPlace: there is no such folder here.
    """
    if sys.platform != "linux":
        raise NoPlace("Graders stay on Linux alone.")
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base, f"autograder-{os.getuid()}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise NoPlace(f"{folder} cannot be made: {error.strerror}.") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise NoPlace(f"{folder} is not a folder that only you can enter.")
    return folder


def _name(where: str) -> str:
    """The name of the socket: another one for each version, course and Python."""
    engine = fingerprints.engine(modules=load_course(where).modules)
    facts = "\0".join((engine, where, sys.executable, *sys.path))
    return hashlib.blake2b(facts.encode(), digest_size=12).hexdigest() + ".socket"


def _connected(place: Path) -> Connection | None:
    made = socket.socket(socket.AF_UNIX)
    try:
        made.connect(str(place))
        connection = Connection(made.detach())
        connection.send_bytes(_key(place).read_bytes())
    except OSError:  # none listens there, or it is just ending
        made.close()
        return None
    return connection


def _key(place: Path) -> Path:
    return place.with_suffix(".key")


def _shows_key(connection: Connection, place: Path) -> bool:
    """Whether who has connected can read this user's files. Nothing of it is unpickled before."""
    try:
        return connection.poll(_KEY_SECONDS) and secrets.compare_digest(
            connection.recv_bytes(_KEY_BYTES), _key(place).read_bytes()
        )
    except (EOFError, OSError):
        return False


def _started(where: str, place: Path) -> Connection:
    """Start a grader that stays, and connect to it.

    Raises:
        NoPlace: it does not start.
    """
    # A module in the folder that the command is run in, a submission's perhaps, must not be taken for one of Python's.
    path = os.pathsep.join(filter(None, sys.path))
    begun = subprocess.run(
        [sys.executable, "-P", "-m", __name__, where, str(place)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=place.parent,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,
        check=False,
    )
    until = time.monotonic() + _START_SECONDS
    while begun.returncode == 0 and time.monotonic() < until:
        if (connection := _connected(place)) is not None:
            return connection
        time.sleep(_LOOK_SECONDS)
    raise NoPlace("The grader that stays does not start.")


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[socket.socket | None]:
    """A socket to listen at, held by one process at a time; ``None`` where another one holds it."""
    import fcntl  # not on Windows

    with open(place.with_suffix(".lock"), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield None
            return
        place.unlink(missing_ok=True)  # of one that was killed
        _key(place).unlink(missing_ok=True)
        with open(os.open(_key(place), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place))
            listener.listen()
            try:
                yield listener
            finally:
                place.unlink(missing_ok=True)
                _key(place).unlink(missing_ok=True)


# The grader is nobody's child: whoever has started it neither waits for it nor leaves it behind unburied.
if __name__ == "__main__" and os.fork() == 0:
    serve(sys.argv[1], Path(sys.argv[2]))
