// SPDX-License-Identifier: Apache-2.0
const ROOT = "/admin/api/v1/";
const TOKEN = "rtm-locks.management.token";
const WAIT_MS = 8_000;

/** A call that was refused: `status` is 0 when the node could not be reached. */
export class CallError extends Error {
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

export function useToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

async function call(path, options = {}) {
  const token = sessionStorage.getItem(TOKEN);
  const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  let response;
  let body;
  try {
    response = await fetch(ROOT + path, { ...options, headers, signal: AbortSignal.timeout(WAIT_MS) });
    body = await response.json();
  } catch {
    throw new CallError(0, "the node does not answer");
  }
  if (!response.ok) throw new CallError(response.status, body.error ?? `the node answered ${response.status}`);
  return body;
}

/** @param {Record<string, string | number | boolean | undefined>} query what is undefined or empty is left out */
export function look(path, query = {}) {
  const wanted = Object.entries(query).filter(([, value]) => value !== undefined && value !== "" && value !== false);
  return call(wanted.length ? `${path}?${new URLSearchParams(wanted)}` : path);
}

export function act(path, body = {}) {
  return call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

/** The path of a lock, given as `{ channelType, channel, lockName }`. */
export function lockPath({ channelType, channel, lockName }) {
  return ["locks", channelType, channel, lockName].map(encodeURIComponent).join("/");
}
