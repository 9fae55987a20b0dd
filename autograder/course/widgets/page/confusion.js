// Lesson 7: a table of true digits by answers; a number opens, and the images behind it appear.

export default {
  render({ model, el: place }) {
    const { table } = model.get("fixed");
    const cells = table.flatMap((row, yes) => row.map((count, said) => ({ yes, said, count })));
    const most = Math.max(...cells.filter(({ yes, said }) => yes !== said).map(({ count }) => count), 1);
    const place_of = () => {
      const [yes, said] = model.get("cell");
      return yes === undefined ? 1 : 10 * yes + said;
    };
    const numbers = grid({
      across: 10,
      label: "True digits in rows, answers in columns",
      names: cells.map(({ yes, said, count }) => `${count} times a ${yes} was read as a ${said}`),
      faces: cells.map(({ count }) => `${count}`),
      chosen: place_of(),
      pressed: (i) => {
        model.set("cell", [cells[i].yes, cells[i].said]);
        model.save_changes();
      },
    });
    numbers.buttons.forEach((node, i) => {
      const { yes, said, count } = cells[i];
      node.classList.toggle("ntn-diagonal", yes === said);
      if (yes !== said) node.style.background = `rgb(213 94 0 / ${(0.45 * count) / most})`;
    });
    const head = el("div", { class: "ntn-grid ntn-head" }, ...table.map((_, digit) => el("span", {}, `${digit}`)));
    head.style.gridTemplateColumns = "repeat(10, 1fr)";
    const title = el("p", { class: "ntn-title" }, "Choose a number.");
    const images = Array.from({ length: 24 }, () => {
      const image = squares(28, 28, "a handwritten digit");
      const name = el("figcaption");
      return { ...image, name, figure: el("figure", {}, image.node, name) };
    });
    const found = el("div", { class: "ntn-found" }, ...images.map(({ figure }) => figure));
    const speech = spoken();
    const left = el(
      "div",
      { class: "ntn-table" },
      el("p", { class: "ntn-small" }, "rows: the true digit, 0 at the top; columns: what was read, 0 on the left"),
      head,
      numbers.node,
    );
    const right = el("div", {}, title, found);
    return live(model, place, [el("div", { class: "ntn-side-by-side" }, left, right), speech.node], (shown) => {
      const [yes, said] = model.get("cell");
      const shownNow = shown.images ?? [];
      images.forEach(({ draw, name, figure }, i) => {
        figure.hidden = i >= shownNow.length;
        if (figure.hidden) return;
        draw(unpacked(shownNow[i], 0, 1), grey);
        name.textContent = `${Math.round(100 * shown.shares[i])} %`;
      });
      if (yes === undefined) return;
      numbers.choose(place_of());
      const count = table[yes][said];
      const sentence = `${count} times a ${yes} was read as a ${said}${count > shownNow.length ? `, here the surest ${shownNow.length}` : ""}.`;
      title.textContent = count ? sentence : `No ${yes} was read as a ${said}.`;
      speech.say(title.textContent);
    });
  },
};
