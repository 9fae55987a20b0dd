"""The course's colours: Okabe and Ito's palette, told apart by readers with every common kind of colour blindness.

Colour is never the only difference between two things: signs, line styles, numbers and labels differ as well.
"""

BLUE = "#0072B2"
ORANGE = "#D55E00"
GREEN = "#009E73"
AMBER = "#E69F00"
SKY = "#56B4E9"
PINK = "#CC79A7"
INK = "#222222"
GREY = "#767676"
PALE = "#E9ECEF"
PAPER = "#FCFCFA"
