"""Students' repositories on GitHub: ``students.py collect LESSON`` and ``students.py tell RESULTS.jsonl``.

Needs Python and GitHub's own `gh`, which Actions has. OWNER and PREFIX say whose repositories, and how their names
begin.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

#: Which commit of whose repository was collected.
COMMITS = Path("commits.json")
#: GitHub cuts off what is longer.
LONGEST = 140


def gh(*arguments: str) -> bytes | None:
    """What `gh` prints, or None where GitHub has no such thing."""
    done = subprocess.run(["gh", *arguments], capture_output=True, check=False)
    if done.returncode == 0:
        return done.stdout
    if b"HTTP 404" in done.stderr or b"HTTP 409" in done.stderr:  # no such file; an empty repository
        return None
    sys.exit(done.stderr.decode(errors="replace"))


def collect(lesson: str) -> None:
    """Fetch the latest notebook of everybody into ``submitted/<student>/<lesson>/``."""
    owner, prefix = os.environ["OWNER"], os.environ["PREFIX"]
    names = json.loads(gh("repo", "list", owner, "--limit", "100000", "--json", "name") or b"[]")
    commits = {}
    for name in sorted(repository["name"] for repository in names):
        student = name.removeprefix(prefix)
        if student in (name, "", ".", ".."):  # somebody else's, or no name for a folder
            continue
        commit = gh("api", f"repos/{owner}/{name}/commits/HEAD", "--jq", ".sha")
        folder = Path("submitted", student, lesson)
        folder.mkdir(parents=True, exist_ok=True)
        if commit is None:
            continue
        sha = commit.decode().strip()
        commits[student] = {"repository": f"{owner}/{name}", "sha": sha}
        file = f"repos/{owner}/{name}/contents/{lesson}.ipynb?ref={sha}"
        content = gh("api", "-H", "Accept: application/vnd.github.raw+json", file)
        if content is not None:
            (folder / f"{lesson}.ipynb").write_bytes(content)
    COMMITS.write_text(json.dumps(commits), encoding="utf-8")
    if not commits:
        sys.exit(f"{owner} has no repository whose name begins with {prefix}, or the token may not see them.")
    print(f"{len(commits)} repositories")


def as_text(text: str) -> str:
    """A text in which Markdown sees nothing but letters."""
    return re.sub(r"[^\w .,:;-]", lambda found: f"&#{ord(found[0])};", " ".join(text.split()))


def tell(results: str) -> None:
    """Give each commit that was graded its points."""
    commits = json.loads(COMMITS.read_text(encoding="utf-8"))
    rows = ["| student | points |", "|---|---|"]
    for line in Path(results).read_text(encoding="utf-8").splitlines():
        result = json.loads(line)
        problem = result["problem"]
        message = problem or f"{result['score']:g} of {result['max_score']:g} points"
        rows.append(f"| {as_text(result['student'])} | {as_text(message)} |")
        commit = commits.get(result["student"])
        if commit:
            fields = {
                "state": "failure" if problem else "success",
                "context": "autograding",
                "description": message if len(message) <= LONGEST else message[: LONGEST - 1] + "…",
            }
            pairs = [part for name, value in fields.items() for part in ("-f", f"{name}={value}")]
            gh("api", "--silent", "-X", "POST", f"repos/{commit['repository']}/statuses/{commit['sha']}", *pairs)
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as page:
        page.write("\n".join(rows) + "\n")


if __name__ == "__main__":
    {"collect": collect, "tell": tell}[sys.argv[1]](sys.argv[2])
