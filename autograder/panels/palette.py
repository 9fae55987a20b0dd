"""The colours of all panels and pictures: Okabe and Ito's palette.

Readers with every common kind of colour blindness tell them apart. Still, colour is never the only difference between
two things: signs, line styles, numbers and labels differ as well.
"""

__all__ = [
    "AMBER",
    "BLUE",
    "BLUE_MARK",
    "GREEN",
    "GREEN_INK",
    "GREY",
    "INK",
    "ORANGE",
    "ORANGE_INK",
    "PALE",
    "PAPER",
    "PINK",
    "SKY",
]

BLUE = "#0072B2"
ORANGE = "#D55E00"
GREEN = "#009E73"
AMBER = "#E69F00"
SKY = "#56B4E9"
PINK = "#CC79A7"
INK = "#222222"
GREY = "#6B6B6B"
# For lines and bars without paper of their own: between blue and sky, it stands out on white and on every dark page.
BLUE_MARK = "#2E8BC9"
# For words on paper: the same hues, dark enough to read (4.5 to 1).
ORANGE_INK = "#A34700"
GREEN_INK = "#006B4E"
PALE = "#E9ECEF"
PAPER = "#FCFCFA"
