// Browsers let a page be heard only once something on it was pressed: who came in without a press is asked
// for one.

import { $ } from "./elements.js";
import { atLeaving } from "./leaving.js";

/**
 * Plays what somebody sends.
 * @param {HTMLVideoElement} video
 */
export function playAloud(video) {
  video.play().catch((/** @type {Error} */ error) => {
    if (error.name === "NotAllowedError") $("hear").hidden = false;
    // One that begins to show something else plays that.
    else if (error.name !== "AbortError") console.warn("a picture does not play", error);
  });
}

$("hear").onclick = () => {
  $("hear").hidden = true;
  for (const video of /** @type {NodeListOf<HTMLVideoElement>} */ (document.querySelectorAll("#grid video"))) if (video.srcObject) playAloud(video);
};
atLeaving(() => ($("hear").hidden = true));
