"""Hands the compiler expressions that take it minutes or all its stack."""
# deserves: 18
# layers: needed

sources = ["(" * 5000 + ")" * 5000, "-" * 200_000 + "1", "lambda: " * 3000 + "0", "[" * 90 + "x for x in [" * 90]
for source in sources:
    try:
        compile(source, "bomb", "eval")
    except (SyntaxError, MemoryError, RecursionError):
        pass
constant = "(1,) * 10 ** 7 + " * 300 + "()"
compile(constant, "bomb", "eval")
eval("((1 << 20000) ** 60000) ** 20")
