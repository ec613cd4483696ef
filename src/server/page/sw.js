// The worker behind the page: shows what comes while no page is open, and does what is pressed.

import { words } from "./texts.js";

// What says only that a call rings no more.
const QUIET = ["call.cancelled", "call.answered_elsewhere", "call.declined_elsewhere", "call.ended"];

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const { clients, registration } = worker;

/** @typedef {{kind?: string, event?: string, call?: string, id?: string, title?: string, body?: string, url?: string}} News */

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(clients.claim()));

worker.addEventListener("push", (event) => {
  /** @type {News} */
  let data = {};
  try {
    data = event.data?.json() ?? {};
  } catch {
    // Whatever it was, something must be shown.
  }
  event.waitUntil(present(data));
});

/**
 * Each push shows something: browsers end subscriptions of those that do not. What is told of a call
 * takes the place of its ring.
 * @param {News} data
 */
async function present(data) {
  const rings = data.kind === "call";
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const silent = QUIET.includes(data.event ?? "") || pages.some((page) => page.focused);
  const actions = [
    { action: "accept", title: words("accept") },
    { action: "decline", title: words("decline") },
  ];
  // Some of it is not in every browser.
  const options = {
    body: data.body ?? "",
    tag: data.call ?? data.id ?? "tok",
    renotify: rings && !silent,
    requireInteraction: rings,
    silent,
    actions: rings ? actions : [],
    data,
  };
  await registration.showNotification(data.title || words("happened"), options);
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(press(event.action, event.notification.data ?? {}));
});

/** @param {string} action @param {News} data */
async function press(action, data) {
  const ringing = data.kind === "call" ? data.call : undefined;
  if (action === "decline") return ringing && decline(ringing);
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find((page) => new URL(page.url).pathname.startsWith("/r/"));
  if (page) {
    if (ringing) page.postMessage({ pressed: action, data });
    return page.focus();
  }
  // The link carries what opens the room.
  if (data.url) return clients.openWindow(data.url);
  const { path, token } = await keptPlace();
  const fragment = new URLSearchParams({ token, ...(ringing ? { answer: ringing } : {}) });
  return clients.openWindow(`${path}#${fragment}`);
}

/**
 * Nobody need open a page to say no. What was not heard is said again: a phone goes on ringing otherwise.
 * @param {string} call
 */
async function decline(call) {
  for (let tries = 0; tries < 3; tries++) {
    const answer = await sayNo(call);
    if (answer?.success || (answer?.status >= 400 && answer.status < 500 && answer.status !== 429)) return answer;
  }
}

/** @param {string} call */
async function sayNo(call) {
  const { token } = await keptPlace();
  const socket = new Socket(location.href, { token });
  const answer = await new Promise((done) => {
    setTimeout(() => done(null), 5000);
    socket.on("connect", () => socket.ask("decline-call", call).then(done, done));
  });
  socket.close();
  return answer;
}

// The browser gave this subscription up.
worker.addEventListener("pushsubscriptionchange", (event) => {
  const { newSubscription } = /** @type {ExtendableEvent & {newSubscription?: PushSubscription | null}} */ (event);
  /** @type {ExtendableEvent} */ (event).waitUntil(resubscribe(newSubscription ?? null));
});

/** @param {PushSubscription | null} given */
async function resubscribe(given) {
  const { token } = await keptPlace();
  await subscribe(registration, token, given);
}
