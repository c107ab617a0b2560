// Shows HTML that Python made with `unas_widgets.widgets.html`, which escapes all words, and turns clicks and keys on
// [data-trial] and [data-sort] into traits. Rows keep their focus, and boxes their scroll position, when the HTML is replaced.

function rows(el) {
  return Array.from(el.querySelectorAll("[data-trial]"));
}

function mark(el, selected) {
  const all = rows(el);
  const current = all.find((row) => Number(row.dataset.trial) === selected);
  for (const row of all) {
    row.setAttribute("aria-selected", row === current ? "true" : "false");
    row.tabIndex = row === (current ?? all[0]) ? 0 : -1;
  }
  return current;
}

function keyOf(node) {
  if (!node?.dataset) return null;
  if (node.dataset.trial) return `[data-trial="${CSS.escape(node.dataset.trial)}"]`;
  if (node.dataset.sort) return `[data-sort="${CSS.escape(node.dataset.sort)}"]`;
  return null;
}

function showPeak(el) {
  const peak = el.querySelector('[data-peak="true"]');
  const box = peak?.closest("[data-scroll]");
  if (!box) return;
  const below = peak.getBoundingClientRect().bottom - box.getBoundingClientRect().bottom;
  if (below > 0) box.scrollTop += below + box.clientHeight / 3;
}

function replace(el, html) {
  const focused = el.contains(document.activeElement) ? keyOf(document.activeElement) : null;
  const scrolled = Array.from(el.querySelectorAll("[data-scroll]"), (box) => [box.dataset.scroll, box.scrollTop]);
  el.innerHTML = html;
  for (const [name, top] of scrolled) {
    const box = el.querySelector(`[data-scroll="${CSS.escape(name)}"]`);
    if (box) box.scrollTop = top;
  }
  showPeak(el);
  return focused;
}

function step(all, row, key) {
  const at = all.indexOf(row);
  if (key === "ArrowDown") return all[at + 1];
  if (key === "ArrowUp") return all[at - 1];
  if (key === "Home") return all[0];
  if (key === "End") return all[all.length - 1];
  return key === "Enter" || key === " " ? row : null;
}

function render({ model, el }) {
  el.classList.add("unas-markup");
  const choose = (row) => {
    model.set("selected", Number(row.dataset.trial));
    model.save_changes();
    mark(el, model.get("selected"));
    row.focus();
  };
  const draw = () => {
    const focused = replace(el, model.get("html"));
    mark(el, model.get("selected"));
    if (focused) el.querySelector(focused)?.focus({ preventScroll: true });
  };
  const role = () => {
    for (const name of ["role", "aria-live", "aria-label"]) {
      const value = model.get("attributes")[name];
      if (value) el.setAttribute(name, value);
      else el.removeAttribute(name);
    }
  };
  const onSelected = () => mark(el, model.get("selected"));
  el.addEventListener("click", (event) => {
    const sort = event.target.closest("[data-sort]");
    if (sort) {
      model.set("sort", sort.dataset.sort);
      model.save_changes();
      return;
    }
    const row = event.target.closest("[data-trial]");
    if (row) choose(row);
  });
  el.addEventListener("keydown", (event) => {
    const row = event.target.closest?.("[data-trial]");
    const next = row && step(rows(el), row, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    choose(next);
  });
  model.on("change:html", draw);
  model.on("change:selected", onSelected);
  model.on("change:attributes", role);
  role();
  draw();
  return () => {
    model.off("change:html", draw);
    model.off("change:selected", onSelected);
    model.off("change:attributes", role);
  };
}

export default { render };
