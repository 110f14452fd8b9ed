"use strict";

const names = ["host", "users", "spawn-rate", "run-time"];
const field = (name) => document.getElementById(name);
let entered = { options: {}, settings: {} };

async function call(path, body) {
  const options = body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`api/v1/${path}`, options);
  const value = answer.status === 204 ? null : await answer.json();
  if (!answer.ok) throw new Error([value.error, ...value.help].join("\n"));
  return value;
}

async function act(what) {
  field("error").textContent = "";
  try {
    await what();
  } catch (error) {
    field("error").textContent = error.message;
  }
}

field("form").addEventListener("submit", (event) => {
  event.preventDefault();
  act(async () => {
    for (const name of names) entered.options[name] = field(name).value;
    const { spec, errors } = await call("check", entered);
    if (!spec) throw new Error(errors.map(({ field, message }) => `${field}: ${message}`).join("\n"));
    await call("start", { spec, settings: {} });
  });
});
field("stop").addEventListener("click", () => act(() => call("stop", { now: false })));

act(async () => {
  ({ entered } = await call("form"));
  for (const name of names) field(name).value = entered.options[name] ?? "";
});

new EventSource("api/v1/events").addEventListener("update", ({ data }) => {
  const { state, users, wanted, report } = JSON.parse(data);
  const figures = report ? `, ${report.totals.requests} requests, ${report.totals.failures} failed` : "";
  field("state").textContent = `${state}: ${users} of ${wanted} users${figures}`;
});
