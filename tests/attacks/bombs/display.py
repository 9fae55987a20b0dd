"""Displays enormous pictures, HTML and a hundred thousand small things, and changes what displaying does."""
# deserves: 18

from IPython.display import HTML, display

for _ in range(100):
    display(HTML("<marquee>" * 10**5))
for number in range(20_000):
    display(number)
"x" * 50_000_000
