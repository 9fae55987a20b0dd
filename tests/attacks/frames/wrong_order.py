"""Says that cells were run which were not, that it is ready twice, and that all layers are enforced."""
# answers: none
# deserves: 0

frame({"type": "cell", "number": 9999})
frame({"type": "confined", "layers": {"seccomp": True, "cgroup": True}, "problem": ""})
frame({"type": "ready"})
frame({"type": "ready"})
