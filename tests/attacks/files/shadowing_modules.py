"""Puts torch.py, autograder.py, conftest.py, sitecustomize.py and others beside its notebook."""
# answers: none
# deserves: 0


def build(notebook, text, machine):
    source = f"import pathlib\npathlib.Path('/tmp/{machine.marker}').touch()\nraise SystemExit(0)\n"
    for name in (
        "torch",
        "autograder",
        "conftest",
        "sitecustomize",
        "usercustomize",
        "pytest",
        "struct",
        "random",
        "msgspec",
    ):
        (notebook.parent / f"{name}.py").write_text(source)
    (notebook.parent / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (notebook.parent / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--collect-only'\n")
    (notebook.parent / "nbgrader_config.py").write_text(source)
    (notebook.parent / "torch.pth").write_text(f"import os; os.system('touch /tmp/{machine.marker}')\n")
    notebook.write_text(text)
