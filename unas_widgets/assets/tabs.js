// A row of tabs. Which one is chosen is a trait; the boxes they belong to are shown and hidden from Python.

function render({ model, el }) {
  el.classList.add("unas-tabs");
  const id = `unas-${Math.random().toString(36).slice(2)}`;
  const tabs = () => Array.from(el.querySelectorAll("[data-tab]"));
  const mark = () => {
    for (const tab of tabs()) {
      const chosen = tab.dataset.tab === model.get("chosen");
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
  };
  const choose = (tab) => {
    model.set("chosen", tab.dataset.tab);
    model.save_changes();
    tab.focus();
  };
  const draw = () => {
    el.replaceChildren(
      ...Object.entries(model.get("titles")).map(([key, title]) => {
        const tab = document.createElement("button");
        Object.assign(tab, { type: "button", id: `${id}-${key}`, textContent: title });
        tab.dataset.tab = key;
        tab.setAttribute("role", "tab");
        tab.setAttribute("aria-controls", `${id}-box-${key}`);
        return tab;
      }),
    );
    mark();
  };
  const name = () => {
    for (const tab of tabs()) {
      const box = el.parentElement?.querySelector(`.unas-tab-${tab.dataset.tab}`);
      if (!box) continue;
      box.id = `${id}-box-${tab.dataset.tab}`;
      box.setAttribute("role", "tabpanel");
      box.setAttribute("aria-labelledby", tab.id);
    }
  };
  const step = (event) => {
    const all = tabs();
    const at = all.indexOf(event.target);
    const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 };
    if (at < 0 || !(event.key in places)) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    choose(all[(places[event.key] + all.length) % all.length]);
  };
  el.setAttribute("role", "tablist");
  el.setAttribute("aria-label", model.get("label"));
  el.addEventListener("click", (event) => {
    const tab = event.target.closest("[data-tab]");
    if (tab) choose(tab);
  });
  el.addEventListener("keydown", step);
  model.on("change:chosen", mark);
  draw();
  const start = setTimeout(name);
  return () => {
    clearTimeout(start);
    model.off("change:chosen", mark);
  };
}

export default { render };
