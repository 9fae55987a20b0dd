// A pad to draw on, for lessons 6 and 8. The kernel boxes and centres what is drawn.

/** The pad: it keeps strokes, in shares of its side, and calls `drawn(strokes)` whenever they change. */
function pad(penShare, drawn) {
  const side = 560; // twice the size that it has on the page, for dense screens
  const node = el("canvas", {
    width: side,
    height: side,
    class: "ntn-pad",
    tabindex: 0,
    role: "application",
    "aria-label":
      "Pad to draw a digit on. Keys: arrows move the pen, space puts it down or lifts it, Escape clears the pad.",
  });
  const context = node.getContext("2d");
  let strokes = [];
  let behind = null; // an image that was put on the pad
  let pointer = null; // the finger or mouse that draws
  let keys = null; // where the pen of the keyboard is, and whether it is down
  let asked = false;

  const paint = () => {
    context.fillStyle = `rgb(${PAPER})`;
    context.fillRect(0, 0, side, side);
    if (behind) {
      const room = side / 28;
      behind.forEach((value, i) => {
        context.fillStyle = `rgb(${grey(value)})`;
        if (value) context.fillRect((i % 28) * room, Math.floor(i / 28) * room, room + 0.5, room + 0.5);
      });
    }
    context.strokeStyle = context.fillStyle = `rgb(${INK})`;
    context.lineWidth = penShare * side;
    context.lineCap = context.lineJoin = "round";
    for (const stroke of strokes) {
      context.beginPath();
      context.moveTo(stroke[0] * side, stroke[1] * side);
      // A dot is a line that goes nowhere.
      for (let i = 0; i < stroke.length; i += 2) context.lineTo(stroke[i] * side, stroke[i + 1] * side);
      context.stroke();
    }
    if (!strokes.length && !behind) {
      context.fillStyle = "#767676";
      context.font = `${side / 16}px sans-serif`;
      context.textAlign = "center";
      context.fillText("draw a digit here", side / 2, side / 2);
    }
    if (keys) {
      context.lineWidth = 4;
      context.strokeStyle = `rgb(${keys.down ? ORANGE : BLUE})`;
      context.beginPath();
      context.arc(keys.x * side, keys.y * side, (penShare * side) / 2 + 4, 0, 7);
      context.stroke();
    }
  };
  const written = () => strokes.map((stroke) => stroke.map((value) => Math.round(value * 1000) / 1000));
  // At most once a frame, however fast a finger moves.
  const changed = () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      paint();
      drawn(written());
    });
  };
  const clear = () => {
    [strokes, behind] = [[], null];
    if (keys) keys.down = false;
    changed();
  };
  const begin = (x, y) => {
    behind = null;
    strokes.push([x, y]);
    changed();
  };
  const on = (x, y) => {
    const stroke = strokes.at(-1);
    if (Math.hypot(x - stroke.at(-2), y - stroke.at(-1)) < 0.012) return;
    stroke.push(x, y);
    changed();
  };
  const at = (event) => {
    const seen = node.getBoundingClientRect();
    return [(event.clientX - seen.left) / seen.width, (event.clientY - seen.top) / seen.height].map((v) =>
      Math.min(1, Math.max(0, v)),
    );
  };
  node.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button) return;
    event.preventDefault();
    node.focus({ preventScroll: true });
    keys = null;
    pointer = event.pointerId;
    node.setPointerCapture(pointer);
    begin(...at(event));
  });
  node.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    for (const moment of event.getCoalescedEvents?.() ?? [event]) on(...at(moment));
  });
  for (const end of ["pointerup", "pointercancel"])
    node.addEventListener(end, (event) => {
      if (event.pointerId === pointer) pointer = null;
    });
  node.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move && event.key !== " " && event.key !== "Escape") return;
    event.preventDefault();
    keys ??= { x: 0.5, y: 0.5, down: false };
    if (event.key === "Escape") return clear();
    if (event.key === " ") {
      keys.down = !keys.down;
      if (keys.down) return begin(keys.x, keys.y);
    } else {
      keys.x = Math.min(0.95, Math.max(0.05, keys.x + 0.05 * move[0]));
      keys.y = Math.min(0.95, Math.max(0.05, keys.y + 0.05 * move[1]));
      if (keys.down) return on(keys.x, keys.y);
    }
    paint();
  });
  node.addEventListener("blur", () => {
    keys = null;
    paint();
  });
  paint();
  return {
    node,
    clear,
    written,
    empty: () => !strokes.length,
    /** Put an image behind what will be drawn, and take away what was. */
    put(values) {
      [strokes, behind] = [[], values];
      paint();
    },
  };
}
