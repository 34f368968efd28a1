// The side panel: the sentences behind a node or a line, newest first.
// Text reaches the page through text nodes only.
"use strict";
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

const makeWords = (data, state) => {
  const word = (key) => data.words[key][state.lang];
  const named = (thing) => thing[state.lang];
  const date = (iso) => {
    const parts = /^(-?\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(iso);
    if (!parts) return iso;
    const day = new Date(Date.UTC(+parts[1], parts[2] ? parts[2] - 1 : 0, parts[3] || 1));
    const style = { year: "numeric", timeZone: "UTC" };
    if (parts[2]) style.month = parts[3] ? "short" : "long";
    if (parts[3]) style.day = "numeric";
    return new Intl.DateTimeFormat(state.lang === "de" ? "de-DE" : "en-GB", style).format(day);
  };
  const number = (value, digits) => new Intl.NumberFormat(state.lang === "de" ? "de-DE" : "en-GB",
    { minimumFractionDigits: digits || 0, maximumFractionDigits: digits || 0 }).format(value);
  const count = (value, unit) => number(value) + " " + word(unit + (value === 1 ? "_one" : "_many"));
  const types = new Map(Object.entries(data.types));
  const typeName = (type) => named(types.get(type) || { de: type, en: type });
  const relation = (edge) => named(data.relations[edge.relation]);
  // what the legend counts a line as: a fact that is negated is no fact of the graph
  const kinds = (edge) => (!edge.negative ? [edge.kind] : edge.kind === "fact" ? ["negative"] : [edge.kind, "negative"]);
  const sources = (edge) => {
    const names = [...new Set(state.statementsOf[edge.id].map((s) => s.said_by).filter(Boolean).map(named))];
    return names.length > 2 ? names.slice(0, 2).join(", ") + " +" + (names.length - 2) : names.join(", ");
  };
  const edge = (item) => {
    const parts = [(item.negative ? word("not") + ": " : "") + relation(item)];
    const list = state.statementsOf[item.id];
    if (item.kind === "plan") parts.push([...new Set(list.map((s) => word(s.modality)))].join(", "));
    if (item.kind === "claim") parts.push(word("according_to") + " " + sources(item));
    const dates = list.map((s) => s.date).filter(Boolean).sort();
    if (dates.length) parts.push(date(dates[dates.length - 1]));
    return parts.join(" · ") + (item.count > 1 ? " ×" + number(item.count) : "");
  };
  return { word, named, date, number, count, relation, typeName, kinds, edge };
};

const makePanel = (data, state, text, select) => {
  const panel = document.getElementById("panel");
  const PAGE = 40; // cards shown before "show more"
  const { word, named } = text;

  const entity = (reference) => {
    const label = make("bdi", {}, named(reference));
    if (reference.node === null || reference.node === undefined) return label;
    return make("button", { type: "button", class: "link", click: () => select({ node: reference.node }) }, label);
  };
  const node = (id) => entity({ node: id, de: data.nodes[id].de, en: data.nodes[id].en });
  const relationWords = (edge) => {
    const words = text.relation(edge);
    return edge.negative ? make("span", {}, make("em", {}, word("not") + ":"), " " + words) : make("span", {}, words);
  };
  const tags = (edge) => [
    ...text.kinds(edge).map((kind) => make("span", { class: "tag " + kind }, word(kind === "negative" ? "negated_line" : kind))),
    make("span", { class: "tag" }, text.typeName(edge.type)),
  ];

  const address = (url) => {
    let parsed = null;
    try { parsed = new URL(url); } catch { /* shown as text */ }
    const safe = parsed && (parsed.protocol === "http:" || parsed.protocol === "https:");
    return safe ? make("a", { href: parsed.href, rel: "noopener noreferrer", target: "_blank" }, url) : make("bdi", {}, url);
  };
  const where = (article) => {
    const line = make("p", { class: "where" }, make("b", {}, make("bdi", {}, article.title)));
    if (article.source) line.append(" · ", make("bdi", {}, article.source));
    line.append(" · ", article.date ? word("published") + " " + text.date(article.date) : word("undated"));
    if (article.url) line.append(make("br"), address(article.url));
    return line;
  };
  const sentence = (segments) => {
    const quote = make("blockquote", { dir: "auto" });
    const roles = { s: word("subject"), c: word("cue"), o: word("object") };
    for (const [words, marks] of segments) {
      quote.append(marks
        ? make("mark", { class: [...marks].join(" "), title: [...marks].map((m) => roles[m]).join(", ") }, words)
        : words);
    }
    return quote;
  };

  const facts = (statement) => {
    const list = make("dl");
    const add = (key, value, style) => list.append(make("dt", {}, word(key)), make("dd", { class: style || null }, value));
    add("said_by", statement.said_by ? entity(statement.said_by) : word("own_voice"), "wide");
    add("modality", word(statement.modality));
    add("polarity", word(statement.polarity), statement.polarity === "negative" ? "negative" : null);
    add("date", statement.date ? text.date(statement.date) : "–");
    add("place", statement.place ? entity(statement.place) : "–");
    const meter = make("meter", { min: 0, max: 1, value: statement.confidence, "aria-hidden": "true" });
    add("confidence", make("span", {}, meter, text.number(statement.confidence, 2)), "wide");
    return list;
  };
  const card = (statement, headline) => {
    const edge = data.edges[statement.edge];
    const parts = [];
    if (headline) {
      parts.push(make("h3", {}, node(statement.subject), " ",
        make("button", { type: "button", class: "link relation", click: () => select({ edge: edge.id }) }, relationWords(edge)),
        " ", node(statement.object)), ...tags(edge));
    }
    parts.push(sentence(statement.sentence), where(data.articles[statement.article]), facts(statement));
    return make("article", {}, ...parts);
  };
  const cards = (statements, headline) => {
    const more = make("button", { type: "button", class: "more" }, word("more"));
    let shown = 0;
    const extend = () => {
      const next = statements.slice(shown, shown + PAGE).map((s) => card(s, headline));
      more.before(...next);
      if (shown && next.length) next[0].querySelector("button").focus();
      shown += PAGE;
      more.hidden = shown >= statements.length;
    };
    more.addEventListener("click", extend);
    panel.append(more);
    extend();
  };

  const key = () => make("p", { class: "key" },
    ...["subject", "cue", "object"].map((role) => make("mark", { class: role[0] }, word(role))));
  const head = (title, closable) => make("header", {}, make("h2", {}, ...title),
    closable ? make("button", { type: "button", class: "close", "aria-label": word("close"), title: word("close"), click: () => select(null) }, "✕") : null);

  const total = (statements) => text.count(statements.length, "statement") + " · "
    + text.count(new Set(statements.map((s) => s.article)).size, "article");
  const visible = (statements) => statements.filter((s) => state.visibleEdges.has(s.edge));

  const showNode = (id) => {
    const item = data.nodes[id];
    const statements = visible(state.statementsOfNode[id]);
    const about = make("p", { class: "soft" }, named(state.look(item.group)));
    if (item.part_of) about.append(" · " + word("part_of") + " ", entity(item.part_of));
    if (item.minted) about.append(" · " + word("minted"));
    if (/^Q\d+$/.test(item.wikidata || "")) {
      about.append(" · ", make("a", { href: "https://www.wikidata.org/wiki/" + item.wikidata, rel: "noopener noreferrer", target: "_blank" }, "Wikidata " + item.wikidata));
    }
    panel.append(head([make("bdi", {}, named(item))], true), about, make("p", { class: "soft" }, total(statements)), key());
    cards(statements, true);
  };
  const showEdge = (id) => {
    const edge = data.edges[id];
    const statements = state.statementsOf[id];
    panel.append(head([node(edge.from), " ", relationWords(edge), " ", node(edge.to)], true),
      make("p", {}, ...tags(edge)), make("p", { class: "soft" }, total(statements)), key());
    cards(statements, false);
  };
  const showAll = () => {
    panel.append(head([word("overview")], matchMedia("(max-width: 760px)").matches),
      make("p", { class: "soft" }, word("overview_hint")), key());
    cards(visible(state.newest), true);
  };

  return () => {
    panel.replaceChildren();
    panel.scrollTop = 0;
    if (state.selected && state.selected.node !== undefined) showNode(state.selected.node);
    else if (state.selected) showEdge(state.selected.edge);
    else showAll();
  };
};
