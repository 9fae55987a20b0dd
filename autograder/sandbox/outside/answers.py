"""What a worker answers: the outcome of a call, the files that were made. Nothing of it is believed beyond its form."""

import time
from types import ModuleType

from autograder.judging.outcomes import Missing, Outcome, Raised, Returned, Stopped, Trace
from autograder.notebooks.text import legible
from autograder.sandbox.wire import messages
from autograder.sandbox.wire.channel import Channel
from autograder.sandbox.wire.errors import WireError
from autograder.sandbox.wire.files import is_plain
from autograder.sandbox.wire.packing import unpack

__all__ = ["made_files", "outcome_of"]

#: Seconds that a worker has to send the files that its notebook has made.
_COLLECTING_SECONDS = 30.0
#: How many traces of a call are noted: no function of a lesson has as many arguments.
_MOST_TRACES = 40


def outcome_of(answer: object, arrays: list[bytearray], functions: ModuleType | None) -> Outcome:
    """The outcome that a worker's message speaks of.

    Args:
        answer: the message.
        arrays: what came behind it.
        functions: the module of functions that may travel by name.

    Raises:
        WireError: it is no answer to a call.
    """
    match answer:
        case messages.ReturnedFrame():
            pair = unpack(answer.pair, arrays, functions)
            if not isinstance(pair, tuple) or len(pair) != 2:
                raise WireError("a result came without its arguments")
            return Returned(*pair, tuple(Trace(kind, place) for kind, place in answer.traces[:_MOST_TRACES]))
        case messages.RaisedFrame():
            type_name, text, line, where = map(legible, (answer.type_name, answer.text, answer.line, answer.where))
            return Raised(type_name, text, line, answer.line_number, answer.untouched, where)
        case messages.MissingFrame(text):
            return Missing(legible(text))
        case messages.StoppedFrame():
            return Stopped("time")
    raise WireError("a message came that is no result")


def made_files(channel: Channel) -> dict[str, bytes]:
    """Ask a worker for the files that its notebook has made or changed, by relative names that are safe to join.

    Raises:
        WireError: what comes is no list of files, or nothing comes in time.
    """
    deadline = time.monotonic() + _COLLECTING_SECONDS
    channel.send(messages.CollectFrame(), deadline=deadline)
    message, contents = channel.receive(deadline)
    if not isinstance(message, messages.MadeFrame) or len(message.files) != len(contents):
        raise WireError("a message came that is no list of files")
    pairs = zip(message.files, contents, strict=True)
    return {name: bytes(content) for name, content in pairs if is_plain(name)}
