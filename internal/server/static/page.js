"use strict";
// One page without a framework: the way in, the overview, one household. It asks the API and shows what comes; it computes no total.

const main = document.getElementById("main");
const state = { session: null, day: "" };

const number = (v, decimals = 0) => v === null || v === undefined ? "—" : v.toLocaleString("zh-CN", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });

async function ask(method, path, body) {
  const answer = await fetch("/api" + path, {
    method, headers: body === undefined ? {} : { "Content-Type": "application/json" }, body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (answer.status === 204) return null;
  const value = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(value.detail || answer.statusText), { status: answer.status });
  return value;
}

// element("td", {class: "n"}, "12") builds without markup, so that no name is ever read as HTML.
function element(tag, attributes = {}, ...children) {
  const e = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== false) e.setAttribute(key, value === true ? "" : value);
  }
  e.append(...children.filter(c => c !== null && c !== undefined));
  return e;
}

function show(...children) { main.replaceChildren(...children); }

function failed(error) {
  if (error.status === 401) return enter();
  show(element("p", { class: "error", role: "alert" }, error.message), element("p", {}, element("a", { href: "#/" }, "回到总览")));
}

function form(template, submit) {
  const section = document.getElementById(template).content.firstElementChild.cloneNode(true);
  section.querySelector("form").addEventListener("submit", async event => {
    event.preventDefault();
    section.querySelector(".error")?.remove();
    try { await submit(Object.fromEntries(new FormData(event.target))); }
    catch (error) { section.append(element("p", { class: "error", role: "alert" }, error.message)); }
  });
  section.querySelector("[data-later]")?.addEventListener("click", start);
  show(section);
  section.querySelector("input").focus();
}

function enter() {
  state.session = null;
  frame();
  form("enter", async body => { await ask("POST", "/session", body); await start(); });
}

function frame() {
  const s = state.session;
  document.getElementById("demo").hidden = !s?.demo;
  document.getElementById("who").hidden = !s;
  document.getElementById("search").hidden = !may("read_records");
  if (s) document.getElementById("name").textContent = s.name;
}

function may(action) { return state.session?.grants.some(g => g.actions.includes(action)) ?? false; }

async function start() {
  try { state.session = await ask("GET", "/session"); } catch (error) { return failed(error); }
  frame();
  if (!state.day) state.day = state.session.demo ? "2015-12-31" : new Date().toISOString().slice(0, 10);
  route();
}

async function route() {
  if (!state.session) return;
  const [page, id] = location.hash.replace(/^#\//, "").split("/");
  try {
    if (page === "household") return await household(id);
    return await overview(page === "division" ? id : "");
  } catch (error) { failed(error); }
}

function dayField() {
  return element("label", {}, "截至日期 ", element("input", { type: "date", value: state.day, onchange: event => { state.day = event.target.value; route(); } }));
}

const columns = [["households", "农户"], ["registered_poor_households", "贫困户"], ["registered_poor_persons", "贫困人口"], ["incidence", "发生率 %"], ["exited_persons", "当年脱贫人口"]];

async function overview(division) {
  if (!may("read_figures")) return show(element("p", {}, "您的角色不看登记数据。"));
  const home = division || state.session.grants.find(g => g.actions.includes("read_figures")).territory.id;
  show(element("p", { class: "quiet" }, "正在统计……"));
  const tables = await Promise.all(columns.map(([name]) => ask("GET", `/figures/${name}/parts?division=${home}&as_of=${state.day}`)));
  const whole = tables[0].whole.division;
  const list = element("ul", { class: "figures" });
  for (const t of tables) {
    list.append(element("li", { title: t.whole.definition.zh }, t.whole.title.zh, element("strong", {}, number(t.whole.value, t.whole.decimals)), element("span", { class: "quiet" }, t.whole.unit.zh)));
  }
  const body = element("tbody");
  tables[0].parts.forEach((part, i) => {
    if (!part.value) return;
    const row = element("tr", {}, element("td", {}, element("a", { href: "#/division/" + part.division.id }, part.division.name)));
    for (const t of tables) row.append(element("td", { class: "n" }, number(t.parts[i].value, t.whole.decimals)));
    body.append(row);
  });
  const heading = element("tr", {}, element("th", { scope: "col" }, "区划"), ...columns.map(([, title]) => element("th", { class: "n", scope: "col" }, title)));
  const result = element("div");
  show(
    element("div", { class: "bar" }, element("h2", {}, whole.name), dayField(),
      division ? element("a", { href: "#/" }, "返回") : null,
      may("run_criteria") ? element("button", { type: "button", onclick: () => identify(home, result) }, "按四看法评定") : null),
    list, result, element("div", { class: "scroll" }, element("table", {}, element("thead", {}, heading), body)),
    notes(tables));
}

function notes(tables) {
  const seen = new Set(tables.flatMap(t => t.whole.notes ?? []).map(n => n.zh));
  return element("p", { class: "quiet" }, [...seen].join(" "));
}

async function identify(division, into) {
  into.replaceChildren(element("p", { class: "quiet" }, "正在评定……"));
  try {
    const r = await ask("POST", "/what-if", { criteria: "four-looks@2015.1", as_of: state.day, division });
    const h = r.whole.households;
    into.replaceChildren(element("h3", {}, `${r.run.title.zh}：${number(h.total)} 户，用时 ${r.seconds.toFixed(2)} 秒`),
      element("dl", {}, ...[["拟纳入", h.proposed], ["从严审核", h.review], ["信息不全", h.undetermined], ["疑似不符合，待核实", h.barred], ["暂不纳入", h.not_proposed],
        ["疑似错评", r.register.included.households], ["疑似漏评", r.register.missed.households]].flatMap(([t, n]) => [element("dt", {}, t), element("dd", {}, number(n) + " 户")])),
      element("p", { class: "quiet" }, "标准只提出建议，由人决定。"));
  } catch (error) { into.replaceChildren(element("p", { class: "error", role: "alert" }, error.message)); }
}

async function find(words) {
  const r = await ask("GET", "/search?q=" + encodeURIComponent(words));
  const body = element("tbody");
  for (const h of r.hits) {
    body.append(element("tr", {}, element("td", {}, element("a", { href: "#/household/" + h.household }, h.name || h.number)), element("td", {}, h.division.name), element("td", {}, h.number ?? "")));
  }
  show(element("h2", {}, r.hits.length ? `找到 ${r.hits.length} 条` : "没有找到"), element("table", {}, body));
}

function answers(value) {
  if (Array.isArray(value)) return element("div", {}, ...value.map(v => typeof v === "object" ? element("div", {}, answers(v), element("hr")) : element("span", {}, v + " ")));
  if (value === null || typeof value !== "object") return document.createTextNode(value === true ? "是" : value === false ? "否" : String(value));
  return element("dl", {}, ...Object.entries(value).filter(([key]) => key !== "person").flatMap(([key, v]) => [element("dt", {}, key), element("dd", {}, answers(v))]));
}

async function household(id) {
  const h = await ask("GET", `/households/${id}?as_of=${state.day}`);
  const past = await ask("GET", `/households/${id}/history`);
  show(element("div", { class: "bar" }, element("h2", {}, `${h.path} ${h.number}`), dayField(), element("a", { href: "#/" }, "返回")),
    element("p", {}, `状态：${h.status}${h.since ? "（自 " + h.since + "）" : ""}，按 ${h.valid} 的登记。`),
    answers(h.record),
    h.hidden.length ? element("p", { class: "quiet" }, "未显示：" + h.hidden.join("、")) : null,
    element("h3", {}, "登记过程"),
    element("ul", {}, ...past.revisions.map(r => element("li", {}, `${r.valid} ${r.event}（${r.source ?? ""} ${r.actor}）：${r.changes.length} 处变动`))));
}

document.getElementById("search").addEventListener("submit", event => {
  event.preventDefault();
  find(document.getElementById("words").value).catch(failed);
});
document.getElementById("leave").addEventListener("click", async () => {
  await ask("DELETE", "/session").catch(() => null);
  enter();
});
window.addEventListener("hashchange", route);

if (location.pathname === "/enter" && location.hash.length > 1) {
  const token = location.hash.slice(1);
  history.replaceState(null, "", "/");
  ask("POST", "/session/link", { token }).then(() => ask("GET", "/session")).then(session => {
    state.session = session;
    frame();
    form("password", async body => { await ask("PUT", "/session/password", body); await start(); });
  }).catch(failed);
} else start();
