// The drawing: vis-network shows nodes and lines; labels are drawn here, at the
// same size at every zoom and only where there is room, the busiest node first.
"use strict";
const makeCanvas = (data, state, text) => {
  const box = document.getElementById("canvas");
  const classes = new Map(Object.entries(data.classes));
  const look = (name) => classes.get(name);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";
  // shapes of the same "size" differ in area
  const FACTOR = { dot: 1, square: 0.86, diamond: 1.15, triangle: 1.1, triangleDown: 1.1, hexagon: 1 };

  let palette;
  let focus = null; // {nodes: Set, edges: Set} that stand out, or null
  let hovered = { node: null, edge: null };
  let labels = []; // rectangles of the labels as drawn last: {left, top, right, bottom, node|edge}

  const readPalette = () => {
    palette = { node: new Map() };
    for (const name of ["ink", "soft", "ground", "edge", "edge-strong", "negative", "accent", "rule"]) {
      palette[name] = colour(name);
    }
    for (const node of data.nodes) {
      if (!palette.node.has(node.group)) palette.node.set(node.group, colour(look(node.group).colour));
    }
  };

  // computed for a page wider than high; on a phone held upright, lie on the side
  let upright = false;
  const turn = () => {
    const now = box.clientHeight > box.clientWidth * 1.15;
    const changed = now !== upright;
    upright = now;
    return changed;
  };
  turn();

  const nodeItem = (node) => {
    const fill = palette.node.get(node.group);
    const active = { background: fill, border: palette.ink };
    return {
      id: node.id, hidden: !state.visibleNodes.has(node.id),
      shape: look(node.group).shape, size: node.size * (FACTOR[look(node.group).shape] || 1),
      color: { background: fill, border: palette.ground, highlight: active, hover: active },
    };
  };
  const placed = (node) => ({ x: upright ? node.y : node.x, y: upright ? node.x : node.y });
  const edgeItem = (edge) => {
    const base = edge.negative ? palette.negative : palette.edge;
    const strong = edge.negative ? palette.negative : palette["edge-strong"];
    return {
      id: edge.id, from: edge.from, to: edge.to, hidden: !state.visibleEdges.has(edge.id),
      arrows: edge.arrows, dashes: edge.dashes, smooth: edge.smooth, selfReference: edge.selfReference,
      width: edge.width,
      color: { color: base, highlight: strong, hover: strong },
    };
  };

  readPalette();
  const nodes = new vis.DataSet(data.nodes.map((node) => ({ ...nodeItem(node), ...placed(node) })));
  const edges = new vis.DataSet(data.edges.map(edgeItem));
  const options = Object.assign({}, data.options);
  options.interaction = Object.assign({}, options.interaction, { hideEdgesOnDrag: data.edges.length > 4000 });
  const network = new vis.Network(box, { nodes, edges }, options);

  // only what changed: each item costs time, and a node that was dragged stays where it is
  const shownNow = { nodes: new Set(state.visibleNodes), edges: new Set(state.visibleEdges) };
  const refresh = () => {
    const changes = (items, before, now) => items.filter(({ id }) => before.has(id) !== now.has(id))
      .map(({ id }) => ({ id, hidden: !now.has(id) }));
    nodes.update(changes(data.nodes, shownNow.nodes, state.visibleNodes));
    edges.update(changes(data.edges, shownNow.edges, state.visibleEdges));
    shownNow.nodes = new Set(state.visibleNodes);
    shownNow.edges = new Set(state.visibleEdges);
    network.redraw();
  };

  const fit = () => {
    const shown = data.nodes.filter((node) => state.visibleNodes.has(node.id));
    if (!shown.length) return;
    const spot = network.getPositions(shown.map((node) => node.id));
    const xs = shown.map((node) => spot[node.id].x);
    const ys = shown.map((node) => spot[node.id].y);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const wide = (box.clientWidth - 130) / Math.max(right - left, 1);
    const high = (box.clientHeight - 110) / Math.max(bottom - top, 1);
    network.moveTo({
      position: { x: (left + right) / 2, y: (top + bottom) / 2 },
      scale: Math.max(0.02, Math.min(wide, high, 1.4)),
    });
  };
  const zoom = (factor) => network.moveTo({ scale: network.getScale() * factor });

  // ---- labels -------------------------------------------------------------

  const CELL = 3; // pixels of the screen per cell of the occupancy grid
  const byWeight = (list) => list.slice().sort((a, b) => b.count - a.count || a.id - b.id);
  const heavyNodes = byWeight(data.nodes);
  const heavyEdges = byWeight(data.edges);

  const occupancy = (width, height) => {
    const columns = Math.ceil(width / CELL);
    const rows = Math.ceil(height / CELL);
    const grid = new Uint8Array(columns * rows);
    const cells = (rect) => [
      Math.max(0, Math.floor(rect.left / CELL)), Math.min(columns - 1, Math.floor(rect.right / CELL)),
      Math.max(0, Math.floor(rect.top / CELL)), Math.min(rows - 1, Math.floor(rect.bottom / CELL)),
    ];
    return {
      free(rect) {
        const [a, b, c, d] = cells(rect);
        for (let y = c; y <= d; y++) for (let x = a; x <= b; x++) if (grid[y * columns + x]) return false;
        return true;
      },
      take(rect) {
        const [a, b, c, d] = cells(rect);
        for (let y = c; y <= d; y++) grid.fill(1, y * columns + a, y * columns + b + 1);
      },
    };
  };

  const crowded = data.nodes.length > 150;
  const shorten = (words) => (words.length > 34 ? words.slice(0, 32).trimEnd() + "…" : words);

  network.on("afterDrawing", (context) => {
    const [width, height] = [box.clientWidth, box.clientHeight];
    const ratio = context.canvas.width / Math.max(width, 1);
    const grid = occupancy(width, height);
    const scale = network.getScale();
    const center = network.getViewPosition();
    const screen = (p) => ({ x: (p.x - center.x) * scale + width / 2, y: (p.y - center.y) * scale + height / 2 });
    const inside = (p) => p.x > -60 && p.y > -30 && p.x < width + 60 && p.y < height + 30;
    labels = [];
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    if (focus) { // fade the rest: a veil over the picture, and what stands out drawn again on top
      context.globalAlpha = 0.82;
      context.fillStyle = palette.ground;
      context.fillRect(0, 0, width, height);
    }
    context.restore();
    if (focus) {
      const lines = [...focus.edges].map((id) => network.body.edges[id]).filter((line) => line.connected && !line.options.hidden);
      for (const line of lines) line.draw(context);
      for (const line of lines) line.drawArrows(context);
      for (const id of focus.nodes) if (state.visibleNodes.has(id)) network.body.nodes[id].draw(context);
    }
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";

    const widthOf = (words, size, style) => {
      context.font = (style.bold ? "600 " : "") + size + "px " + FONT;
      return context.measureText(words).width;
    };
    const put = (words, at, size, style, must, owner) => {
      const half = widthOf(words, size, style) / 2 + 2;
      const rect = {
        left: at.x - half, right: at.x + half, top: at.y - size * 0.65, bottom: at.y + size * 0.65, ...owner,
      };
      if (!must && (rect.left < 0 || rect.right > width || !grid.free(rect))) return false;
      grid.take(rect);
      labels.push(rect);
      context.lineWidth = 4;
      context.strokeStyle = palette.ground;
      context.fillStyle = style.colour;
      context.strokeText(words, at.x, at.y);
      context.fillText(words, at.x, at.y);
      return true;
    };

    const spots = network.getPositions();
    const shown = [];
    for (const node of heavyNodes) {
      if (!state.visibleNodes.has(node.id) || (focus && crowded && !focus.nodes.has(node.id))) continue;
      const at = screen(spots[node.id]);
      if (inside(at)) shown.push({ node, at, radius: node.size * scale });
    }
    const avoidDots = () => {
      for (const { node, at, radius } of shown) {
        if (focus && !focus.nodes.has(node.id)) continue; // faded dots may be covered
        const r = radius * 0.7;
        if (radius > 2) grid.take({ left: at.x - r, right: at.x + r, top: at.y - r, bottom: at.y + r });
      }
    };
    const chosen = (node) => node.id === hovered.node || (state.selected && state.selected.node === node.id)
      || (state.selected && state.selected.edge != null && focus && focus.nodes.has(node.id));
    // whoever is linked to the selection is named, unless that is a crowd
    const named = (node) => chosen(node) || (focus && focus.nodes.size <= 25 && focus.nodes.has(node.id));
    const drawNode = ({ node, at, radius }) => {
      const dim = focus && !focus.nodes.has(node.id);
      const size = node.count > 8 ? 14 : 12.5;
      const style = { colour: dim ? palette.soft : palette.ink, bold: node.count > 8 || chosen(node) };
      const words = shorten(node[state.lang]);
      const away = radius + size * 0.75 + 2;
      const side = radius + 5 + widthOf(words, size, style) / 2;
      const places = [[0, away], [0, -away], [side, 0], [-side, 0]];
      const free = places.some(([dx, dy]) => put(words, { x: at.x + dx, y: at.y + dy }, size, style, false, { node: node.id }));
      if (!free && named(node)) put(words, { x: at.x, y: at.y + away }, size, style, true, { node: node.id });
    };
    // in a crowd the names of the busiest may cover small dots
    const first = (s) => chosen(s.node) || (crowded && !focus && s.node.count > 8 && heavyNodes.indexOf(s.node) < 25);
    if (!crowded) avoidDots();
    shown.filter(first).forEach(drawNode);
    if (crowded) avoidDots();
    if (focus) shown.filter((s) => !first(s) && focus.nodes.has(s.node.id)).forEach(drawNode);
    const drawEdge = (edge, must) => {
      const line = network.body.edges[edge.id];
      if (!line || !line.connected) return;
      if (!inside(screen(line.edgeType.getPoint(0.5)))) return;
      const words = text.edge(edge);
      const [a, b] = [screen(spots[edge.from]), screen(spots[edge.to])];
      const room = edge.from === edge.to ? 1e9 : Math.hypot(a.x - b.x, a.y - b.y);
      if (!must && !focus && room < words.length * 4.6) return;
      const style = { colour: edge.negative ? palette.negative : focus ? palette.ink : palette.soft };
      const spot = [0.5, 0.36, 0.64].find((part) => put(words, screen(line.edgeType.getPoint(part)), 11.5, style, false, { edge: edge.id }));
      if (spot === undefined && must) put(words, screen(line.edgeType.getPoint(0.5)), 11.5, style, true, { edge: edge.id });
    };
    const isHot = (edge) => edge.id === hovered.edge || (state.selected && state.selected.edge === edge.id);
    const live = heavyEdges.filter((edge) => state.visibleEdges.has(edge.id));
    live.filter(isHot).forEach((edge) => drawEdge(edge, true));
    if (focus) live.filter((edge) => !isHot(edge) && focus.edges.has(edge.id)).forEach((edge) => drawEdge(edge, false));
    shown.filter((s) => !first(s) && !(focus && focus.nodes.has(s.node.id))).forEach(drawNode);
    if (!focus && live.length < 1500) live.filter((edge) => !isHot(edge)).forEach((edge) => drawEdge(edge, false));
    context.restore();
  });

  // ---- what lies under the pointer -----------------------------------------

  const at = (x, y) => {
    const node = network.getNodeAt({ x, y });
    if (node !== undefined && state.visibleNodes.has(node)) return { node };
    const label = labels.find((r) => x >= r.left && x <= r.right && y >= r.top && y <= r.bottom);
    if (label) return label.node !== undefined ? { node: label.node } : { edge: label.edge };
    // a line is thin, a finger is not
    for (const reach of [0, 4, 9]) {
      for (let step = 0; step < (reach ? 8 : 1); step++) {
        const angle = (step * Math.PI) / 4;
        const edge = network.getEdgeAt({ x: x + reach * Math.cos(angle), y: y + reach * Math.sin(angle) });
        if (edge !== undefined && state.visibleEdges.has(edge)) return { edge };
      }
    }
    return null;
  };

  const hover = (kind, id) => {
    hovered = { node: null, edge: null };
    if (kind) hovered[kind] = id;
    box.style.cursor = kind ? "pointer" : "default";
    network.redraw();
  };
  network.on("hoverNode", (event) => hover("node", event.node));
  network.on("hoverEdge", (event) => hover("edge", event.edge));
  network.on("blurNode", () => hover(null));
  network.on("blurEdge", () => hover(null));

  return {
    network, look, fit, zoom, refresh,
    onPick(act) {
      network.on("click", (event) => act(at(event.pointer.DOM.x, event.pointer.DOM.y)));
    },
    recolour() {
      readPalette();
      nodes.update(data.nodes.map(nodeItem));
      edges.update(data.edges.map(edgeItem));
    },
    emphasise(target) {
      focus = target;
      network.setSelection(
        { nodes: state.selected && state.selected.node !== undefined ? [state.selected.node] : [], edges: target ? [...target.edges] : [] },
        { unselectAll: true, highlightEdges: false },
      );
      network.redraw();
    },
    turn() {
      if (turn()) nodes.update(data.nodes.map((node) => ({ id: node.id, ...placed(node) })));
      fit();
    },
    show(ids, covered) {
      const spot = network.getPositions(ids);
      const middle = ids.reduce((sum, id) => ({ x: sum.x + spot[id].x / ids.length, y: sum.y + spot[id].y / ids.length }), { x: 0, y: 0 });
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      network.moveTo({ position: middle, offset: { x: 0, y: -covered / 2 }, scale: Math.max(network.getScale(), 0.7), animation: still ? false : { duration: 300 } });
    },
    pointOfEdge(id) {
      const rect = box.getBoundingClientRect();
      const spot = network.canvasToDOM(network.body.edges[id].edgeType.getPoint(0.5));
      return { x: rect.left + spot.x, y: rect.top + spot.y };
    },
    pointOfNode(id) {
      const rect = box.getBoundingClientRect();
      const spot = network.canvasToDOM(network.getPositions([id])[id]);
      return { x: rect.left + spot.x, y: rect.top + spot.y };
    },
  };
};
