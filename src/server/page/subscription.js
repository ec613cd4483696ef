// How this browser is told something while no page is open: a subscription to Web Push, made for the
// server's key. Of the page and of its worker.

// Where the worker finds again what the page knew.
const MEMORY = "tok";
const PLACE = "/place";

/** @param {string} text */
function bytesOf(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

/** @param {ArrayBuffer} bytes */
function textOf(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @typedef {{path: string, token: string}} Place */

/**
 * The room that somebody came to and what let them in, for when they are called there.
 * @param {Place} place
 */
async function keepPlace(place) {
  const memory = await caches.open(MEMORY);
  await memory.put(PLACE, new Response(JSON.stringify(place)));
}

/** @returns {Promise<Place>} */
async function keptPlace() {
  const memory = await caches.open(MEMORY);
  const found = await memory.match(PLACE);
  return found ? found.json() : { path: "/", token: "" };
}

/**
 * Subscribes, if need be anew because the server has another key, and tells the server.
 * @param {ServiceWorkerRegistration} worker
 * @param {string} token
 * @param {PushSubscription | null} given
 */
async function subscribe(worker, token, given = null) {
  const { key } = await (await fetch("/v1/push/key")).json();
  const manager = worker.pushManager;
  let subscription = given ?? (await manager.getSubscription());
  const made = subscription?.options?.applicationServerKey;
  if (subscription && made && textOf(made) !== key) {
    await subscription.unsubscribe();
    subscription = null;
  }
  subscription ??= await manager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
  const answer = await fetch("/v1/devices", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ platform: "web", subscription }),
  });
  if (!answer.ok) throw new Error((await answer.json()).detail);
}
