// Lesson 8: a pad on which the learner's own handwriting is collected, drawing by drawing.

export default {
  render({ model, el: place }) {
    const { pen, digits } = model.get("fixed");
    const drawing = pad(pen, () => {});
    const keep = (digit) => {
      model.send({ keep: digit, strokes: drawing.written() });
      drawing.clear();
    };
    // On the pad a key of a digit keeps what was drawn as that digit.
    drawing.node.addEventListener("keydown", (event) => {
      if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      keep(Number(event.key));
    });
    const counts = [];
    const choices = Array.from({ length: digits }, (_, digit) => {
      const count = el("span", { class: "ntn-small" });
      counts.push(count);
      const node = button("", () => keep(digit));
      node.setAttribute("aria-label", `keep it as a ${digit}`);
      node.append(el("strong", {}, `${digit}`), " ", count);
      return node;
    });
    const buttons = el("div", { class: "ntn-buttons ntn-choices" }, ...choices);
    const said = el("p", { class: "ntn-verdict" });
    const speech = spoken();
    const images = Array.from({ length: 12 }, () => {
      const image = squares(28, 28, "a drawing that was kept");
      const name = el("figcaption");
      return { ...image, name, figure: el("figure", {}, image.node, name) };
    });
    const children = [
      el(
        "div",
        { class: "ntn-digit" },
        el(
          "div",
          { class: "ntn-left" },
          drawing.node,
          el("p", { class: "ntn-small" }, "Mouse, finger, or keys: arrows move the pen, space puts it down or lifts it, Esc clears, 0 to 9 keeps it."),
        ),
        el(
          "div",
          { class: "ntn-right" },
          el("p", { class: "ntn-title" }, "What is it? Keep it as a"),
          buttons,
          el(
            "div",
            { class: "ntn-buttons" },
            button("Clear the pad", drawing.clear),
            button("Throw the last one away", () => model.send({ back: true })),
          ),
          said,
          el("div", { class: "ntn-found" }, ...images.map(({ figure }) => figure)),
        ),
      ),
      speech.node,
    ];
    return live(model, place, children, (shown) => {
      counts.forEach((count, digit) => {
        count.textContent = `× ${shown.counts[digit]}`;
      });
      images.forEach(({ draw, name, node, figure }, i) => {
        figure.hidden = i >= shown.images.length;
        if (figure.hidden) return;
        draw(unpacked(shown.images[i], 0, 1), grey);
        name.textContent = `${shown.labels[i]}`;
        node.setAttribute("aria-label", `a drawing that was kept as a ${shown.labels[i]}`);
      });
      said.textContent = shown.said;
      speech.say(shown.said);
    });
  },
};
