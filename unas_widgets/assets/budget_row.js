// One budget: a label, a slider, and a field that takes typed amounts. Python reads what was typed.

function element(tag, attributes, children = []) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function build(model) {
  const id = `unas-budget-${Math.random().toString(36).slice(2)}`; // each row reads this file anew, so none can count
  const word = model.get("word");
  const unit = element("span", { class: "unas-budget-unit" }, [model.get("unit")]);
  const label = element("label", { for: id, class: "unas-budget-word" }, [word, " ", unit]);
  const slider = element("input", { type: "range", min: 0, step: 1, class: "unas-budget-slider", "aria-label": `${word} slider` });
  const field = element("input", {
    type: "text", id, class: "unas-budget-field", spellcheck: "false", autocomplete: "off",
    "aria-label": `${word} budget`, "aria-describedby": `${id}-error ${id}-note`,
  });
  const error = element("div", { id: `${id}-error`, class: "unas-budget-error", role: "alert" });
  const note = element("div", { id: `${id}-note`, class: "unas-budget-note" });
  return { label, slider, field, error, note };
}

function render({ model, el }) {
  el.classList.add("unas-budget");
  el.dataset.resource = model.get("word");
  const { label, slider, field, error, note } = build(model);
  el.append(label, slider, field, error, note);

  let unsent = false; // what is being typed is not overwritten by news from Python
  const draw = () => {
    slider.max = model.get("maximum");
    slider.value = model.get("position");
    slider.setAttribute("aria-valuetext", model.get("text"));
    slider.title = field.title = model.get("hover");
    field.setAttribute("aria-invalid", model.get("error") ? "true" : "false");
    error.textContent = model.get("error");
    note.textContent = [model.get("lacks"), model.get("note")].filter(Boolean).join(" ");
    slider.hidden = field.hidden = Boolean(model.get("lacks")) && model.get("position") === model.get("maximum");
    if (!unsent) field.value = model.get("text");
  };
  const slide = () => {
    model.set("position", Number(slider.value));
    model.save_changes();
  };
  const send = () => {
    if (!unsent) return;
    unsent = false;
    model.set("typed", { text: field.value, number: (model.get("typed").number ?? 0) + 1 });
    model.save_changes();
    draw();
  };
  const onKey = (event) => {
    if (event.key === "Enter") send();
    if (event.key === "Escape") {
      unsent = false;
      draw();
    }
    event.stopPropagation(); // keys typed here are not JupyterLab's commands
  };
  slider.addEventListener("input", slide);
  slider.addEventListener("keydown", (event) => event.stopPropagation());
  field.addEventListener("input", () => (unsent = true));
  field.addEventListener("change", send);
  field.addEventListener("focus", () => field.select());
  field.addEventListener("keydown", onKey);
  model.on("change", draw);
  draw();
  return () => model.off("change", draw);
}

export default { render };
