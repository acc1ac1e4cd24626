"use strict";
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const root = document.documentElement;

  // Theme: what the system says, until someone chooses.
  const button = document.getElementById("theme");
  const dark = () => root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  const kept = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("degrade-theme");
      localStorage.setItem("degrade-theme", value);
    } catch { /* A file may not be allowed to keep anything. */ }
    return null;
  };
  const label = () => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-pressed", String(dark()));
    button.setAttribute("aria-label", dark() ? "Switch to light colours" : "Switch to dark colours");
  };
  const before = kept();
  if (before === "dark" || before === "light") root.dataset.theme = before;
  label();
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    kept(root.dataset.theme);
    label();
  });
  for (const tools of all(".tools")) tools.hidden = false;

  // Tables: sort by a column, show some rows only.
  const number = (cell) => cell.dataset.value === undefined ? null : Number(cell.dataset.value);
  const text = (cell) => cell.dataset.value ?? cell.textContent;
  const compare = (kind, way) => ([a], [b]) => {
    if (kind === "text") return way * a.localeCompare(b, "en");
    if (a === null || b === null) return (a === null) - (b === null);
    return way * (a - b);
  };
  const sort = (table, column, heading) => {
    const kind = heading.dataset.sort;
    // Numbers are asked for the largest first, but for p.
    const first = kind === "text" || heading.textContent === "p" ? "ascending" : "descending";
    const other = first === "ascending" ? "descending" : "ascending";
    const order = heading.getAttribute("aria-sort") === first ? other : first;
    for (const each of all("th[aria-sort]", table.tHead)) each.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", order);
    const read = kind === "text" ? text : number;
    const rows = [...table.tBodies[0].rows].map((row) => [read(row.cells[column]), row]);
    rows.sort(compare(kind, order === "ascending" ? 1 : -1));
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };
  for (const table of all("table.findings")) {
    all("th[data-sort]", table.tHead).forEach((heading) => {
      const press = document.createElement("button");
      press.type = "button";
      press.textContent = heading.textContent;
      heading.replaceChildren(press);
      press.addEventListener("click", () => sort(table, heading.cellIndex, heading));
    });
    const find = document.querySelector(`[data-find="${table.id}"]`);
    const kind = document.querySelector(`[data-kind="${table.id}"]`);
    const primary = document.querySelector(`[data-primary="${table.id}"]`);
    const count = document.querySelector(`[data-count="${table.id}"]`);
    const show = () => {
      const words = find.value.trim().toLowerCase();
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = (kind.value && row.dataset.family !== kind.value)
          || (primary.checked && row.dataset.primary === undefined)
          || !row.textContent.toLowerCase().includes(words);
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = `${shown} of ${table.tBodies[0].rows.length} measures`;
    };
    for (const each of [find, kind]) {
      each.addEventListener("input", () => {
        // Who looks for something looks among all.
        if (each.value) primary.checked = false;
        show();
      });
    }
    primary.addEventListener("input", show);
    show();
  }

  // Evidence: search, and one kind at a time.
  for (const evidence of all(".evidence")) {
    const find = evidence.querySelector("input");
    if (!find) continue;
    const count = evidence.querySelector(".count");
    const chips = all("[data-only]", evidence);
    const groups = all("section[data-kind]", evidence).map((group) => [
      group, all("li", group).map((item) => [item, item.textContent.toLowerCase()]),
    ]);
    const show = () => {
      const words = find.value.trim().toLowerCase();
      const only = chips.find((chip) => chip.getAttribute("aria-pressed") === "true")?.dataset.only;
      let total = 0;
      for (const [group, items] of groups) {
        let shown = 0;
        for (const [item, said] of items) {
          item.hidden = !said.includes(words);
          shown += item.hidden ? 0 : 1;
        }
        group.hidden = (only && group.dataset.kind !== only) || (words && shown === 0);
        total += group.hidden ? 0 : shown;
      }
      count.textContent = total ? `${total} shown` : "nothing found";
    };
    let waiting = 0;
    find.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 80);
    });
    for (const chip of chips) {
      chip.addEventListener("click", () => {
        const pressed = chip.getAttribute("aria-pressed") === "true";
        for (const each of chips) each.setAttribute("aria-pressed", "false");
        chip.setAttribute("aria-pressed", String(!pressed));
        show();
      });
    }
  }

  // Several candidates: one at a time.
  const links = all("[data-show]");
  const choose = (key) => {
    for (const link of links) {
      const mine = link.dataset.show === key;
      document.getElementById(link.dataset.show).hidden = !mine;
      if (mine) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  if (links.length) {
    choose((links.find((link) => link.getAttribute("aria-current")) ?? links[0]).dataset.show);
    for (const link of links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        choose(link.dataset.show);
      });
    }
  }

  // What a measure means, where one stands.
  const dialog = document.getElementById("explained");
  const explain = (name) => {
    const there = document.getElementById(name);
    const heading = document.createElement("h3");
    heading.append(...there.querySelector("summary").cloneNode(true).childNodes);
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    const rest = [...there.children].slice(1).map((child) => child.cloneNode(true));
    dialog.replaceChildren(heading, ...rest, close);
    dialog.showModal();
  };
  for (const link of all("[data-explain]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      explain(link.dataset.explain);
    });
  }
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  const opened = () => {
    const there = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (there instanceof HTMLDetailsElement) there.open = true;
  };
  addEventListener("hashchange", opened);
  opened();
})();
