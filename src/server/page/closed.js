// Being rung while no tab is open: asked once, in the call, of people whom the server knows; who says no
// is not asked again.

import { $, recall, remember, tell } from "./elements.js";
import { words } from "./texts.js";

const CLOSED = "tok:closed";

/**
 * What a token says; the server looks closer.
 * @param {string | undefined} token
 * @returns {{sub?: string, identity?: string, name?: string, role?: string}}
 */
export function claimsOf(token) {
  try {
    return JSON.parse(new TextDecoder().decode(bytesOf(token?.split(".")[1] ?? "")));
  } catch {
    return {};
  }
}

/**
 * Whether a token says who somebody is.
 * @param {string} token
 */
export function saysWho(token) {
  const { sub, identity } = claimsOf(token);
  return Boolean(sub && identity);
}

/**
 * Whether a token says what somebody is called who is known: then the server takes no other name.
 * @param {string | undefined} token
 */
export function isNamed(token) {
  const { sub, name } = claimsOf(token);
  return Boolean(sub && name);
}

// Pages of other sites must not ask in our name, and browsers let them not.
const ringsClosed = () => window.parent === window && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window && "caches" in window;

/** @param {string} token */
async function ringClosed(token) {
  await keepPlace({ path: location.pathname, token });
  await navigator.serviceWorker.register("/sw.js");
  await subscribe(await navigator.serviceWorker.ready, token);
}

/**
 * Asks, or keeps the server's word of this browser fresh if the answer was yes.
 * @param {string | undefined} token
 */
export function offerClosed(token) {
  if (!token || !ringsClosed() || !saysWho(token) || Notification.permission === "denied") return;
  const said = recall("localStorage", CLOSED);
  if (said === "yes" && Notification.permission === "granted") {
    ringClosed(token).catch((error) => console.warn("no ring without a tab", error));
    return;
  }
  $("closed").hidden = said === "no";
  $("closed-no").onclick = () => {
    remember("localStorage", CLOSED, "no");
    $("closed").hidden = true;
  };
  $("closed-yes").onclick = async () => {
    $("closed").hidden = true;
    if ((await Notification.requestPermission()) !== "granted") return tell(words("mayNotNotify"));
    try {
      await ringClosed(token);
      remember("localStorage", CLOSED, "yes");
      tell(words("ringsClosed"));
    } catch (error) {
      console.warn("no ring without a tab", error);
      tell(words("cannotRing"));
    }
  };
}
