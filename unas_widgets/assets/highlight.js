// Points at one layer everywhere: what carries the same [data-layer] lights up together, and a buffer of the arena with
// the steps of [data-alive] that it is in memory at. Rows can be walked along by keyboard.

function kin(node, other) {
  const { layer, alive } = node.dataset;
  if (other === node) return true;
  if (alive !== undefined) {
    const step = other.matches(".unas-step, .unas-band-step") && alive.includes(`|${other.dataset.layer}|`);
    return step || (other.matches("tr") && layer !== "" && other.dataset.layer === layer);
  }
  if (other.dataset.alive !== undefined) return other.dataset.alive.includes(`|${layer}|`);
  return other.dataset.layer === layer;
}

function bringIntoView(other) {
  const box = other.closest("[data-scroll]");
  if (!box || box.scrollHeight <= box.clientHeight) return;
  const [inner, outer] = [other.getBoundingClientRect(), box.getBoundingClientRect()];
  const head = box.querySelector("thead")?.getBoundingClientRect().height ?? 0;
  if (inner.top < outer.top + head) box.scrollTop -= outer.top + head - inner.top;
  else if (inner.bottom > outer.bottom) box.scrollTop += inner.bottom - outer.bottom;
}

function render({ el }) {
  el.style.display = "none";
  let scope = null;
  let now = null;
  const light = (event) => {
    const node = event.target.closest?.("[data-layer]") ?? null;
    if (node === now) return;
    now = node;
    const home = node?.closest("[data-scroll]");
    const lit = new Set();
    for (const other of scope.querySelectorAll("[data-layer]")) {
      const on = node !== null && kin(node, other);
      other.classList.toggle("unas-lit", on);
      const box = on && other.closest("[data-scroll]");
      if (!box || box === home || lit.has(box)) continue;
      lit.add(box);
      bringIntoView(other);
    }
  };
  const dark = (event) => {
    if (!event.relatedTarget || !scope.contains(event.relatedTarget)) light({ target: scope });
  };
  const walk = (event) => {
    const row = event.target.closest?.("[data-layer][tabindex]");
    if (!row || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    const all = Array.from(row.parentElement.querySelectorAll(":scope > [data-layer][tabindex]"));
    const at = all.indexOf(row);
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    event.preventDefault();
    event.stopPropagation(); // JupyterLab moves between cells with the same keys
    const next = all[places[event.key]];
    if (!next) return;
    row.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  };
  const listeners = { mouseover: light, mouseout: dark, focusin: light, focusout: dark, keydown: walk };
  const start = setTimeout(() => {
    scope = el.closest(".unas-linked");
    for (const [name, act] of Object.entries(listeners)) scope?.addEventListener(name, act);
  });
  return () => {
    clearTimeout(start);
    for (const [name, act] of Object.entries(listeners)) scope?.removeEventListener(name, act);
  };
}

export default { render };
