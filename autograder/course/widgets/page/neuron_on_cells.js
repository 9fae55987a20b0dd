// Lesson 1: sliders for weight and bias.

export default {
  render({ model, el: place }) {
    const fixed = model.get("fixed");
    const cells = cellsPlot(fixed, 640, 300);
    cells.key.append(
      el("span", { class: "ntn-amber" }, "▒ it fires here"),
      el("span", {}, "◯ outlined: it is wrong"),
    );
    const verdict = el("p", { class: "ntn-verdict" });
    const speech = spoken();
    const control = (name, label, min, max, step) =>
      slider({
        label,
        min,
        max,
        step,
        value: model.get(name),
        show: (value) => text(value, 2),
        moved: (value) => {
          model.set(name, value);
          model.save_changes();
        },
      });
    const w = control("w", "weight w", -10, 30, 0.25);
    const b = control("b", "bias b", -20, 10, 0.25);
    const start = { w: model.get("w"), b: model.get("b") };
    const reset = button("Back to the start", () => {
      model.set(start);
      model.save_changes();
    });
    const children = [w.node, b.node, el("div", { class: "ntn-buttons" }, reset), verdict, cells.node, speech.node];
    return live(model, place, children, (shown) => {
      if (!shown.curve) return;
      w.set(model.get("w"));
      b.set(model.get("b"));
      const total = shown.wrong.length;
      const right = total - shown.false_alarms - shown.missed;
      const score = `${right} of ${total} right (${Math.round((100 * right) / total)} %)`;
      verdict.replaceChildren(
        el("strong", {}, score),
        ` · ${shown.false_alarms} false alarms (dots in the shade), ${shown.missed} missed (triangles outside)`,
      );
      speech.say(`${score}. ${shown.false_alarms} false alarms, ${shown.missed} missed.`);
      cells.draw(shown);
    });
  },
};
