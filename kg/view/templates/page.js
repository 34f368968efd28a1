// The page: state, filters, legend, search, languages.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("graph-data").textContent);
  const $ = (id) => document.getElementById(id);
  const KINDS = ["fact", "plan", "claim", "negative"];
  const state = {
    lang: (navigator.language || "").toLowerCase().startsWith("de") ? "de" : "en",
    selected: null, // {node} or {edge}
    hiddenClasses: new Set(), hiddenTypes: new Set(), hiddenKinds: new Set(),
    visibleNodes: new Set(), visibleEdges: new Set(),
    statementsOf: data.edges.map(() => []), statementsOfNode: data.nodes.map(() => []), newest: [],
    look: null,
  };
  const text = makeWords(data, state);

  const age = (s) => s.date || data.articles[s.article].date || "";
  state.newest = data.statements.slice().sort((a, b) => (age(a) < age(b) ? 1 : age(a) > age(b) ? -1 : 0));
  for (const statement of state.newest) {
    state.statementsOf[statement.edge].push(statement);
    state.statementsOfNode[statement.subject].push(statement);
    if (statement.object !== statement.subject) state.statementsOfNode[statement.object].push(statement);
  }

  const applyFilters = () => {
    state.visibleEdges.clear();
    state.visibleNodes.clear();
    for (const edge of data.edges) {
      if (state.hiddenTypes.has(edge.type) || text.kinds(edge).some((kind) => state.hiddenKinds.has(kind))) continue;
      if (state.hiddenClasses.has(data.nodes[edge.from].group) || state.hiddenClasses.has(data.nodes[edge.to].group)) continue;
      state.visibleEdges.add(edge.id);
      state.visibleNodes.add(edge.from).add(edge.to);
    }
  };
  applyFilters();

  const empty = data.nodes.length === 0;
  const canvas = makeCanvas(data, state, text);
  state.look = canvas.look;
  const drawPanel = makePanel(data, state, text, (target) => select(target, true));

  const narrow = matchMedia("(max-width: 760px)");
  const select = (target, move) => {
    state.selected = target;
    document.body.classList.toggle("sheet", target !== null);
    drawPanel();
    const covered = narrow.matches && target ? $("panel").offsetHeight : 0; // by the sheet, in pixels
    if (!target) canvas.emphasise(null);
    else if (target.edge !== undefined) {
      const edge = data.edges[target.edge];
      canvas.emphasise({ nodes: new Set([edge.from, edge.to]), edges: new Set([edge.id]) });
      if (move || covered) canvas.show([edge.from, edge.to], covered);
    } else {
      const around = data.edges.filter((edge) => edge.from === target.node || edge.to === target.node);
      canvas.emphasise({
        nodes: new Set([target.node, ...around.flatMap((edge) => [edge.from, edge.to])]),
        edges: new Set(around.map((edge) => edge.id)),
      });
      if (move || covered) canvas.show([target.node], covered);
    }
    if (move && target) $("panel").focus({ preventScroll: true });
  };

  const refilter = () => {
    applyFilters();
    const { selected } = state;
    const gone = selected && (selected.node !== undefined ? !state.visibleNodes.has(selected.node) : !state.visibleEdges.has(selected.edge));
    if (gone) select(null);
    else { canvas.refresh(); drawPanel(); }
    drawControls();
  };

  // ---- legend and filters ----------------------------------------------------

  const SVG = "http://www.w3.org/2000/svg";
  const drawing = (tag, attributes, width) => {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("width", width);
    svg.setAttribute("height", 14);
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
    svg.append(shape);
    return svg;
  };
  const OUTLINES = {
    square: "M2 2H12V12H2Z", diamond: "M7 0L14 7L7 14L0 7Z", triangle: "M7 1L13.5 12.5H.5Z",
    triangleDown: "M7 13L.5 1.5H13.5Z", hexagon: "M3.5 1H10.5L14 7L10.5 13H3.5L0 7Z",
    dot: "M1 7a6 6 0 1 0 12 0a6 6 0 1 0-12 0Z",
  };
  const symbol = (look) => drawing("path", { d: OUTLINES[look.shape], fill: "var(--" + look.colour + ")" }, 14);
  const LINES = { fact: "", plan: "6 4", claim: "2 3.5", negative: "" };
  const stroke = (kind) => drawing("line", {
    x1: 0, x2: 26, y1: 7, y2: 7, "stroke-width": 2, "stroke-dasharray": LINES[kind],
    stroke: kind === "negative" ? "var(--negative)" : "var(--edge)",
  }, 26);

  const tally = (list, keys) => {
    const counts = new Map();
    for (const item of list) for (const key of keys(item)) counts.set(key, (counts.get(key) || 0) + 1);
    return counts;
  };
  const classCounts = tally(data.nodes, (node) => [node.group]);
  const kindCounts = tally(data.statements, (s) => text.kinds(data.edges[s.edge]));
  const typeCounts = tally(data.statements, (s) => [data.edges[s.edge].type]);
  const byCount = (counts) => [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  const flip = (set, key) => { if (!set.delete(key)) set.add(key); refilter(); };

  const toggle = (set, key, picture, label, count, kind) => {
    const button = make("button", {
      type: "button", "aria-pressed": String(!set.has(key)), ["data-" + kind]: key,
      click: () => { flip(set, key); },
    }, picture, label, make("output", {}, text.number(count)));
    return make("li", {}, button);
  };

  const drawControls = () => {
    const active = document.activeElement;
    const held = active && active.dataset ? active.dataset.class || active.dataset.kind : null;
    $("class-list").replaceChildren(...Object.keys(data.classes).map((name) => toggle(
      state.hiddenClasses, name, symbol(canvas.look(name)), text.named(canvas.look(name)), classCounts.get(name), "class")));
    $("kind-list").replaceChildren(...KINDS.filter((kind) => kindCounts.has(kind)).map((kind) => toggle(
      state.hiddenKinds, kind, stroke(kind), text.word(kind === "negative" ? "negated_line" : kind), kindCounts.get(kind), "kind")));
    if (held) {
      const again = [...document.querySelectorAll("#legend button")].find((b) => b.dataset.class === held || b.dataset.kind === held);
      if (again) again.focus();
    }
    for (const input of $("type-list").querySelectorAll("input")) input.checked = !state.hiddenTypes.has(input.value);
    const factsOnly = ["plan", "claim", "negative"].every((kind) => state.hiddenKinds.has(kind));
    $("facts").setAttribute("aria-pressed", String(factsOnly));
    $("types-shown").textContent = state.hiddenTypes.size ? typeCounts.size - state.hiddenTypes.size + "/" + typeCounts.size : "";
    $("nothing").hidden = empty || state.visibleEdges.size > 0;
    const shown = state.newest.filter((s) => state.visibleEdges.has(s.edge)).length;
    const amount = (seen, all, unit) => (seen === all ? "" : text.number(seen) + " " + text.word("of") + " ") + text.count(all, unit);
    $("counts").textContent = [
      amount(state.visibleNodes.size, data.nodes.length, "entity"),
      amount(shown, data.statements.length, "statement"),
      text.count(data.article_count, "article"),
    ].join(" · ");
  };

  const drawTypes = () => {
    $("type-list").replaceChildren(...byCount(typeCounts).map((type) => {
      const input = make("input", { type: "checkbox", value: type, change: () => flip(state.hiddenTypes, type) });
      return make("li", {}, make("label", {}, input, text.typeName(type), make("output", {}, text.number(typeCounts.get(type)))));
    }));
  };

  $("facts").addEventListener("click", () => {
    const on = $("facts").getAttribute("aria-pressed") !== "true";
    for (const kind of ["plan", "claim", "negative"]) state.hiddenKinds[on ? "add" : "delete"](kind);
    state.hiddenKinds.delete("fact");
    refilter();
  });
  $("types-all").addEventListener("click", () => { state.hiddenTypes.clear(); refilter(); });
  $("types-none").addEventListener("click", () => { for (const type of typeCounts.keys()) state.hiddenTypes.add(type); refilter(); });
  $("reset").addEventListener("click", () => {
    for (const set of [state.hiddenClasses, state.hiddenTypes, state.hiddenKinds]) set.clear();
    refilter();
  });
  document.addEventListener("click", (event) => {
    if (!$("types").contains(event.target)) $("types").open = false;
    if (!$("search").contains(event.target)) closeHits();
  });

  // ---- search ------------------------------------------------------------------

  const plain = (words) => words.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/ß/g, "ss");
  const index = data.nodes.map((node) => ({ node, keys: [plain(node.de), plain(node.en)] }));
  let hits = [];
  let marked = -1;
  const closeHits = () => {
    $("hits").hidden = true;
    $("query").setAttribute("aria-expanded", "false");
    $("query").removeAttribute("aria-activedescendant");
  };
  const find = () => {
    const wanted = plain($("query").value.trim());
    if (!wanted) return closeHits();
    const rank = (keys) => Math.min(...keys.map((key) => (key.startsWith(wanted) ? 0 : key.includes(" " + wanted) ? 1 : key.includes(wanted) ? 2 : 9)));
    hits = index.map((entry) => [rank(entry.keys), entry.node]).filter(([order]) => order < 9)
      .sort((a, b) => a[0] - b[0] || b[1].count - a[1].count || a[1].id - b[1].id).slice(0, 10).map(([, node]) => node);
    marked = hits.length ? 0 : -1;
    $("hits").replaceChildren(...(hits.length ? hits.map((node, i) => {
      const other = node[state.lang === "de" ? "en" : "de"];
      const note = text.named(canvas.look(node.group)) + (other !== node[state.lang] ? " · " + other : "");
      return make("li", { role: "option", id: "hit-" + i, "aria-selected": String(i === 0), click: () => choose(i) },
        make("bdi", {}, node[state.lang]), " ", make("small", {}, note));
    }) : [make("li", { role: "option", "aria-disabled": "true" }, text.word("none_found"))]));
    $("hits").hidden = false;
    $("query").setAttribute("aria-expanded", "true");
    mark(marked);
  };
  const mark = (i) => {
    marked = i;
    [...$("hits").children].forEach((item, k) => item.setAttribute("aria-selected", String(k === i)));
    if (i >= 0) {
      $("query").setAttribute("aria-activedescendant", "hit-" + i);
      $("hits").children[i].scrollIntoView({ block: "nearest" });
    }
  };
  const choose = (i) => {
    const node = hits[i];
    if (!node) return;
    closeHits();
    $("query").value = node[state.lang];
    if (!state.visibleNodes.has(node.id)) $("reset").click();
    select({ node: node.id }, true);
  };
  $("query").addEventListener("input", find);
  $("query").addEventListener("keydown", (event) => {
    if (event.key === "Escape") { closeHits(); $("query").value = ""; }
    if ($("hits").hidden || !hits.length) return;
    if (event.key === "ArrowDown") { event.preventDefault(); mark((marked + 1) % hits.length); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark((marked + hits.length - 1) % hits.length); }
    if (event.key === "Enter") choose(marked);
  });

  // ---- language, keys, start -----------------------------------------------------

  const speak = () => {
    document.documentElement.lang = state.lang;
    for (const element of document.querySelectorAll("[data-word]")) element.textContent = text.word(element.dataset.word);
    for (const element of document.querySelectorAll("[data-label]")) element.setAttribute("aria-label", text.word(element.dataset.label));
    for (const element of document.querySelectorAll("[data-title]")) element.title = text.word(element.dataset.title);
    $("query").placeholder = text.word("search");
    $("query").setAttribute("aria-label", text.word("search"));
    for (const button of document.querySelectorAll("[data-lang]")) button.setAttribute("aria-pressed", String(button.dataset.lang === state.lang));
    drawTypes();
    drawControls();
    drawPanel();
    canvas.network.redraw();
  };
  for (const button of document.querySelectorAll("[data-lang]")) {
    button.addEventListener("click", () => { state.lang = button.dataset.lang; speak(); });
  }
  $("zoom-in").addEventListener("click", () => canvas.zoom(1.35));
  $("zoom-out").addEventListener("click", () => canvas.zoom(1 / 1.35));
  $("fit").addEventListener("click", canvas.fit);
  $("list").addEventListener("click", (event) => {
    if (document.body.classList.contains("sheet") && !state.selected) document.body.classList.remove("sheet");
    else { select(null); document.body.classList.add("sheet"); }
    event.stopPropagation();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.target === $("query")) return;
    if ($("types").open) { $("types").open = false; $("types").querySelector("summary").focus(); }
    else if (state.selected || document.body.classList.contains("sheet")) select(null);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Tab") document.body.classList.add("keys"); }, true);
  document.addEventListener("pointerdown", () => document.body.classList.remove("keys"), true);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", canvas.recolour);

  canvas.onPick((target) => { if (target || state.selected) select(target, false); });
  $("legend").open = innerWidth > 760;
  if (empty) {
    $("empty").hidden = false;
    for (const id of ["legend", "zoom", "panel", "search", "filters"]) $(id).hidden = true;
  }
  speak();
  canvas.fit();
  let size = "";
  new ResizeObserver(() => { // a phone that turns, a window that grows: show everything again
    const now = innerWidth + "x" + innerHeight;
    if (size && size !== now && !state.selected) canvas.turn();
    size = now;
  }).observe($("stage"));

  window.graphView = Object.freeze({ pointOfEdge: canvas.pointOfEdge, pointOfNode: canvas.pointOfNode, data });
  // drawn once, and the browser free to answer a click: what the tests measure
  canvas.network.once("afterDrawing", () => setTimeout(() => performance.mark("interactive")));
})();
