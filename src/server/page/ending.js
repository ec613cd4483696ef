// The end of the call for everybody, which only hosts may bring about. It is asked about first.

import { $ } from "./elements.js";
import { ask } from "./server.js";

/** @param {boolean} isMeant */
function mean(isMeant) {
  $("end-all").hidden = isMeant;
  for (const id of ["end-sure", "end-surely", "end-not"]) $(id).hidden = !isMeant;
  $(isMeant ? "end-not" : "end-all").focus();
}

$("end-all").onclick = () => mean(true);
$("end-not").onclick = () => mean(false);
$("end-surely").onclick = () => {
  mean(false);
  // Whom it ends for is told so by the server, this page as well.
  ask("end-room");
};
