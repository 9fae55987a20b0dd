"""What a good tutor says to an answer, for places that have room for text and no panels."""

from autograder.judging import diagnosis
from autograder.judging.results import QuestionResult


def known_mistakes(question: QuestionResult) -> list[str]:
    """A sentence or two for each known mistake that explains the answer, and what to think about; often nothing."""
    known = diagnosis.known(question.misconception, question.second)
    return [*(words.diagnosis for words in known), *(f"Think about: {words.pointer}" for words in known[:1])]
