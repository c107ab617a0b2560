// Draws a plotly figure whose code does not travel with it: the page asks a figure's kernel for plotly once, and keeps it.
//
// Messages to a figure that is not drawn yet are let pass. Before it is drawn, the kernel is asked for the state of that
// moment, which comes in one piece; from then on plotly's own code hears every message. `initialize` must not wait:
// anywidget gives a model two seconds, and drops every later message where it takes longer.

const NO_ANSWER = "The live plot needs its kernel, and appears as soon as that answers.";
const NO_CODE = "The live plot could not be loaded: ";
const PATIENCE = 4000; // milliseconds without an answer, after which the sentence above is shown
const AGAIN = 3000; // milliseconds after which another figure asks too: the first one's kernel may be gone

function shelf(version) {
  const place = Symbol.for(`unas plotly ${version}`);
  globalThis[place] ??= { ...Promise.withResolvers(), asked: false, taken: false };
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

function plotly(model) {
  const kept = shelf(model.get("_plotly"));
  const ask = () => kept.taken || model.send({ ask: "plotly" });
  if (kept.asked) setTimeout(ask, AGAIN);
  else ask();
  kept.asked = true;
  return kept.promise;
}

function take(model, content, buffers) {
  const kept = shelf(model.get("_plotly"));
  if (content.answer !== "plotly" || kept.taken) return;
  kept.taken = true;
  load(buffers[0]).then(kept.resolve, kept.reject);
}

function newest(model, signal) {
  return (act) => {
    const once = () => {
      model.off("change:_fresh", once);
      if (!signal.aborted) act();
    };
    model.on("change:_fresh", once);
    model.send({ ask: "state" });
  };
}

function sentence(el) {
  const words = document.createElement("p");
  words.className = "unas-without-kernel";
  words.setAttribute("role", "status");
  words.hidden = true;
  el.append(words);
  return {
    say: (text) => {
      words.textContent = text;
      words.hidden = false;
    },
    remove: () => words.remove(),
  };
}

export default () => {
  let figure = null; // plotly's own widget, once there is a view
  let heard = null; // what plotly listens to for the view that is being drawn
  let own = null;
  return {
    initialize({ model }) {
      own = {
        get: (name) => model.get(name),
        set: (name, value) => model.set(name, value),
        save_changes: () => model.save_changes(),
        on(name, act) {
          heard?.push([name, act]);
          model.on(name, act);
        },
        off: (name, act) => model.off(name, act),
      };
      model.on("msg:custom", (content, buffers) => take(model, content, buffers));
    },
    async render({ model, el, signal }) {
      const waiting = sentence(el);
      const timer = setTimeout(() => waiting.say(NO_ANSWER), PATIENCE);
      let remove = () => {};
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        remove();
      });
      let make = null;
      try {
        make = await plotly(model);
      } catch (error) {
        clearTimeout(timer);
        waiting.say(NO_CODE + error.message);
        return;
      }
      if (signal.aborted) return;
      newest(model, signal)(() => {
        clearTimeout(timer);
        waiting.remove();
        if (!figure) {
          figure = make();
          figure.initialize({ model: own });
        }
        heard = [];
        const clean = figure.render({ el });
        const mine = heard;
        heard = null;
        remove = () => {
          for (const [name, act] of mine) own.off(name, act);
          clean();
        };
      });
    },
  };
};
