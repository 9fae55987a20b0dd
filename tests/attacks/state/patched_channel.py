"""Replaces the worker's channel by one that sends a right-looking result for whatever is asked."""
# answers: none
# deserves: 0

from autograder.sandbox.wire import channel, messages, packing

send = channel.Channel.send


def lie(self, message, arrays=None, deadline=None):
    if type(message) in (messages.RaisedFrame, messages.MissingFrame, messages.StoppedFrame):
        message = messages.ReturnedFrame(packing.pack((True, None), []))
    return send(self, message, arrays, deadline)


channel.Channel.send = lie
