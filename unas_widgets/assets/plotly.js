// Draws a plotly figure whose code does not travel with it. The kernel sends plotly once where a figure is displayed, and
// to any page that asks; the page keeps it for all figures.
//
// plotly's own code hears nothing before it is there, so until then the messages are applied to the state here, and the
// first view finds the newest. `initialize` must not wait for anything: anywidget gives it two seconds, and where it takes
// longer the model gets no message ever after.

const NO_ANSWER = "The live plot needs the kernel that made it, and appears as soon as that answers.";
const NO_CODE = "The live plot could not be loaded: ";
const PATIENCE = 4000; // milliseconds without an answer, after which the sentence above is shown
const AGAIN = 10_000; // milliseconds after which plotly is asked for once more: the first kernel asked may be gone
const EDITS = { trace_edit_id: "_last_trace_edit_id", layout_edit_id: "_last_layout_edit_id" };

function shelf(version) {
  const place = Symbol.for(`unas plotly ${version}`);
  globalThis[place] ??= { ...Promise.withResolvers(), asked: -Infinity, taken: false };
  return globalThis[place];
}

async function load(packed) {
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const code = await new Response(plain).arrayBuffer();
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    return (await import(/* webpackIgnore: true */ url)).default;
  } finally {
    URL.revokeObjectURL(url);
  }
}

function take(model, content, buffers) {
  const kept = shelf(model.get("_plotly"));
  if (content.answer !== "plotly" || kept.taken) return;
  kept.taken = true;
  load(buffers[0]).then(kept.resolve, kept.reject);
}

function plotly(model) {
  const kept = shelf(model.get("_plotly"));
  const ask = () => {
    if (kept.taken) return;
    const left = kept.asked + AGAIN - performance.now();
    if (left <= 0) {
      kept.asked = performance.now();
      model.send({ ask: "plotly" });
    }
    setTimeout(ask, left > 0 ? left : AGAIN);
  };
  ask();
  return kept.promise;
}

function put(target, path, value) {
  const keys = path.match(/[^.[\]]+/g);
  const last = keys.pop();
  let at = target;
  keys.forEach((key, place) => {
    at[key] ??= /^\d+$/.test(keys[place + 1] ?? last) ? [] : {};
    at = at[key];
  });
  if (value === null) delete at[last];
  else if (value !== "_undefined_") at[last] = value;
}

function restyle(data, changes, traces) {
  for (const [path, values] of Object.entries(changes ?? {})) {
    const each = Array.isArray(values) ? values : [values];
    traces.forEach((trace, place) => put(data[trace], path, each[place % each.length]));
  }
}

function relayout(layout, changes) {
  for (const [path, value] of Object.entries(changes ?? {})) put(layout, path, value);
}

const MESSAGES = {
  _py2js_restyle: (m, data) => restyle(data, m.restyle_data, m.restyle_traces),
  _py2js_relayout: (m, _data, layout) => relayout(layout, m.relayout_data),
  _py2js_update: (m, data, layout) => {
    restyle(data, m.style_data, m.style_traces);
    relayout(layout, m.layout_data);
  },
};

// Applies messages to the state of a model as long as `idle()`, and notes whether any are missing: those that were sent
// while the page read the state of all widgets reach nobody.
function follow(model, idle) {
  const seen = Object.fromEntries(Object.entries(EDITS).map(([id, name]) => [id, model.get(name)]));
  let missing = false;
  for (const [name, apply] of Object.entries(MESSAGES)) {
    model.on(`change:${name}`, () => {
      const message = model.get(name);
      if (message === null) return;
      for (const id of Object.keys(EDITS)) {
        if (message[id] > seen[id] + 1) missing = true;
        seen[id] = message[id] ?? seen[id];
      }
      if (idle()) apply(message, model.get("_widget_data"), model.get("_widget_layout"));
    });
  }
  return {
    ask: () => model.send({ ask: "state", seen: Object.values(seen) }),
    catchUp() {
      for (const [id, name] of Object.entries(EDITS)) {
        if (model.get(name) > seen[id]) missing = true;
        seen[id] = model.get(name);
      }
      const was = missing;
      missing = false;
      return was;
    },
  };
}

function sentence(el) {
  const words = document.createElement("p");
  words.className = "unas-without-kernel";
  words.setAttribute("role", "status");
  words.hidden = true;
  el.append(words);
  const say = (text) => {
    words.textContent = text;
    words.hidden = false;
  };
  return { say, remove: () => words.remove() };
}

// WebGL in the pixels that there are: plotly draws four for each, which takes long where a processor does it.
const crisp = (config) => ({ ...config, plotGlPixelRatio: window.devicePixelRatio });

export default () => {
  const redraws = new Set(); // one for each view
  let own = null; // the model as plotly's widget sees it
  let news = null;
  let figure = null; // plotly's widget, once there is a view
  let heard = null; // what plotly listens to for the view that is being drawn
  const draw = (el) => {
    heard = [];
    const clean = figure.render({ el });
    const mine = heard;
    heard = null;
    return () => {
      for (const [name, act] of mine) own.model.off(name, act);
      clean();
    };
  };
  return {
    initialize({ model }) {
      own = {
        model,
        get: (name) => (name === "_config" ? crisp(model.get(name)) : model.get(name)),
        set: (name, value) => model.set(name, value),
        save_changes: () => model.save_changes(),
        on(name, act) {
          heard?.push([name, act]);
          model.on(name, act);
        },
      };
      news = follow(model, () => figure === null);
      model.on("msg:custom", (content, buffers) => take(model, content, buffers));
      model.on("change:_fresh", () => {
        if (news.catchUp()) for (const redraw of redraws) redraw();
      });
    },
    async render({ el, signal }) {
      const waiting = sentence(el);
      const timer = setTimeout(() => waiting.say(NO_ANSWER), PATIENCE);
      signal.addEventListener("abort", () => clearTimeout(timer));
      let make = null;
      try {
        make = await plotly(own.model);
      } catch (error) {
        waiting.say(NO_CODE + error.message);
        return;
      } finally {
        clearTimeout(timer);
      }
      if (signal.aborted) return;
      waiting.remove();
      if (figure === null) {
        figure = make();
        figure.initialize({ model: own });
        news.ask();
      }
      let clean = draw(el);
      const redraw = () => {
        clean();
        clean = draw(el);
      };
      redraws.add(redraw);
      signal.addEventListener("abort", () => {
        redraws.delete(redraw);
        clean();
      });
    },
  };
};
