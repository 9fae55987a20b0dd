"""Forges the report of its confinement: says after its cells that it was confined in other ways."""
# answers: none
# deserves: 0

frame({"type": "confined", "layers": {"cgroup": True, "everything": True, "score": True}, "problem": "x" * 10**6})
