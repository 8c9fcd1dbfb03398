// SPDX-License-Identifier: Apache-2.0

/** The call as a developer would write it: `await rtm.lock.acquireLock({ … });` */
export function callText(api, method, options) {
  const fields = Object.entries(options).filter(([, value]) => value !== undefined && value !== false);
  return `await rtm.${api}.${method}({ ${fields.map(fieldText).join(", ")} });`;
}

function fieldText([name, value]) {
  if (name === "signal") return "signal: leave.signal";
  if (typeof value === "function") return name;
  return `${name}: ${JSON.stringify(value)}`;
}
