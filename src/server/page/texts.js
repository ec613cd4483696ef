// All that the page says, in each of its languages. `{name}` is filled in.

// In English and in German.
/** @satisfies {Record<string, [string, string]>} */
const PHRASES = {
  // The lobby.
  yourName: ["Your name", "Dein Name"],
  nameGiven: ["Your invitation says what you are called.", "Deine Einladung sagt, wie du heißt."],
  join: ["Join", "Beitreten"],
  joining: ["Joining…", "Beitreten…"],
  yourCamera: ["Your camera", "Deine Kamera"],
  level: ["Microphone level", "Lautstärke des Mikrofons"],
  askingForDevices: ["Asking for camera and microphone…", "Kamera und Mikrofon werden angefragt…"],
  devicesWork: ["Camera and microphone work.", "Kamera und Mikrofon funktionieren."],
  listenOnly: ["You look and listen here; it does not matter whether your camera and microphone work.", "Hier schaust und hörst du nur zu; Kamera und Mikrofon brauchst du nicht."],
  askedLater: ["Camera and microphone are asked for when you are in.", "Kamera und Mikrofon werden angefragt, wenn du drin bist."],

  // Devices.
  microphone: ["Microphone", "Mikrofon"],
  mic: ["Mic", "Mikro"],
  camera: ["Camera", "Kamera"],
  screen: ["Screen", "Bildschirm"],
  devices: ["Devices", "Geräte"],
  microphoneOn: ["Turn the microphone on", "Mikrofon einschalten"],
  microphoneOff: ["Turn the microphone off", "Mikrofon ausschalten"],
  cameraOn: ["Turn the camera on", "Kamera einschalten"],
  cameraOff: ["Turn the camera off", "Kamera ausschalten"],
  turnCamera: ["Turn the camera around", "Kamera umdrehen"],
  screenOn: ["Show the screen", "Bildschirm zeigen"],
  screenOff: ["Stop showing the screen", "Bildschirm nicht mehr zeigen"],
  noMicrophone: ["No microphone: {why}", "Kein Mikrofon: {why}"],
  noCamera: ["No camera: {why}", "Keine Kamera: {why}"],
  noScreen: ["No screen: {why}", "Kein Bildschirm: {why}"],
  refused: ["The browser may not use it. Allow it in the address bar, then reload.", "Der Browser darf es nicht nutzen. Erlaube es in der Adresszeile und lade die Seite neu."],
  absent: ["There is none.", "Es ist keines da."],
  taken: ["Another program uses it.", "Ein anderes Programm nutzt es."],
  insecure: ["Browsers allow it over https only.", "Browser erlauben es nur über https."],
  microphoneGone: ["Your microphone was disconnected.", "Dein Mikrofon wurde getrennt."],
  microphoneOther: ["Your microphone was disconnected; another one is in use now.", "Dein Mikrofon wurde getrennt; jetzt ist ein anderes in Gebrauch."],
  beforeAgain: ["{why} The one before is in use again.", "{why} Es bleibt beim vorigen."],
  cameraGone: ["Your camera was disconnected.", "Deine Kamera wurde getrennt."],
  screenGone: ["Your screen is not shown any more.", "Dein Bildschirm wird nicht mehr gezeigt."],
  microphoneInUse: ["Microphone in use", "Mikrofon"],
  cameraInUse: ["Camera in use", "Kamera"],
  speakerInUse: ["Loudspeaker in use", "Lautsprecher"],
  usual: ["The usual one", "Wie üblich"],
  microphoneNumber: ["Microphone {number}", "Mikrofon {number}"],
  cameraNumber: ["Camera {number}", "Kamera {number}"],
  speakerNumber: ["Loudspeaker {number}", "Lautsprecher {number}"],
  playSound: ["Play a sound", "Ton abspielen"],
  sounds: ["Sounds", "Töne"],
  notifications: ["Notifications while nobody looks at this page", "Benachrichtigungen, wenn niemand auf diese Seite schaut"],
  done: ["Done", "Fertig"],

  // The call and its controls.
  controls: ["Call controls", "Steuerung"],
  peopleInCall: ["People in the call", "Menschen im Gespräch"],
  pictures: ["Pictures", "Bilder"],
  people: ["People", "Leute"],
  chat: ["Chat", "Chat"],
  keys: ["Keys", "Tasten"],
  leave: ["Leave", "Verlassen"],
  copyLink: ["Copy link", "Link kopieren"],
  linkCopied: ["The link is copied.", "Der Link ist kopiert."],
  linkShown: ["The link: {link}", "Der Link: {link}"],
  pressToHear: ["Press to hear the others", "Drücken, um die anderen zu hören"],
  waiting: ["Waiting to be let in by a host.", "Warte darauf, eingelassen zu werden."],
  waitingFor: ["The hosts of “{room}” were told that you are here.", "Wer „{room}“ leitet, weiß, dass du da bist."],
  waitingHostless: ["No host is here now; you can come in as soon as one is there again.", "Gerade leitet niemand; du kannst herein, sobald wieder jemand da ist, der leitet."],
  nowHost: ["You are the host now.", "Du leitest jetzt das Gespräch."],
  askedToMute: ["{name} asked you to mute; your microphone is off.", "{name} bat dich um Ruhe; dein Mikrofon ist aus."],
  aHost: ["A host", "Die Leitung"],
  somebody: ["Somebody", "Jemand"],
  somebodyLow: ["somebody", "jemanden"],
  knocks: ["{name} waits to be let in; see People.", "{name} möchte herein; siehe Leute."],
  joined: ["{name} joined", "{name} ist da"],
  left: ["{name} left", "{name} ist gegangen"],
  crowded: ["So many are here that everybody's picture is made small; it may get slow.", "Es sind so viele da, dass alle Bilder kleiner werden; es kann langsam werden."],
  broke: ["The connection broke; trying again.", "Die Verbindung brach ab; neuer Versuch."],
  again: ["{why}; trying again.", "{why}; neuer Versuch."],

  // Pictures.
  you: ["{name} (you)", "{name} (du)"],
  nameWaiting: ["{name}, waiting", "{name}, wartet"],
  nameScreen: ["{name}, screen", "{name}, Bildschirm"],
  nameMuted: ["{name}, muted", "{name}, stumm"],
  shownBy: ["what {name} shows", "was {name} zeigt"],
  tool: ["{what}: {whose}", "{what}: {whose}"],
  pin: ["Pin", "Groß halten"],
  full: ["Fill the display", "Ganzer Bildschirm"],
  float: ["Keep in view", "Im Blick behalten"],
  noFull: ["This browser shows nothing on the whole display now.", "Dieser Browser zeigt gerade nichts auf dem ganzen Bildschirm."],
  noFloat: ["There is no picture to keep in view now.", "Es gibt gerade kein Bild, das im Blick bleiben kann."],
  connecting: ["Connecting…", "Verbindet…"],
  reconnecting: ["Reconnecting…", "Verbindet neu…"],
  standing: ["{name}: {how}", "{name}: {how}"],
  weak: ["Weak line", "Schwache Leitung"],
  noPicture: ["The picture does not arrive", "Das Bild kommt nicht an"],
  undecodable: ["This browser cannot show this picture", "Dieser Browser kann dieses Bild nicht zeigen"],
  heldBack: ["Your line is too narrow for this picture", "Deine Leitung ist zu schmal für dieses Bild"],
  cameraIsOff: ["Camera off", "Kamera aus"],
  weakUplink: ["Your line is weak; the others may not see or hear you well.", "Deine Leitung ist schwach; vielleicht sehen und hören dich die anderen schlecht."],

  // Hands and reactions.
  hand: ["Hand", "Melden"],
  raiseHand: ["Raise the hand", "Hand heben"],
  lowerHand: ["Lower the hand", "Hand senken"],
  lowerHandOf: ["Lower the hand of {name}", "Hand von {name} senken"],
  lowerIt: ["Lower hand", "Hand senken"],
  handUp: ["Hand {place}", "Hand {place}"],
  raised: ["{name} raised a hand", "{name} meldet sich"],
  lowered: ["A host lowered your hand.", "Die Leitung hat deine Hand gesenkt."],
  react: ["React", "Reagieren"],
  reactions: ["Reactions", "Reaktionen"],
  reacted: ["{name}: {reaction}", "{name}: {reaction}"],

  // People.
  host: [" · host", " · Leitung"],
  letIn: ["Let in", "Einlassen"],
  letInName: ["Let {name} in", "{name} einlassen"],
  refuse: ["Refuse", "Abweisen"],
  refuseName: ["Refuse {name}", "{name} abweisen"],
  mute: ["Mute", "Stumm"],
  muteName: ["Ask {name} to mute", "{name} um Ruhe bitten"],
  mutedByHost: ["A host muted you; nobody hears you until they let you speak.", "Du wurdest stummgeschaltet; niemand hört dich, bis du wieder reden darfst."],
  maySpeak: ["{name} lets you speak again.", "{name} lässt dich wieder reden."],
  letSpeak: ["Let speak", "Reden lassen"],
  letSpeakName: ["Let {name} speak", "{name} wieder reden lassen"],
  notHere: ["This person is not in the room.", "Diese Person ist nicht im Raum."],
  onlyViews: ["This person only looks and listens.", "Diese Person sieht und hört nur zu."],
  screenNotShown: ["The screen is not shown: none was chosen, or the browser wants a press on the call itself.", "Der Bildschirm wird nicht gezeigt: keiner wurde gewählt, oder der Browser will einen Druck im Gespräch selbst."],
  endForAll: ["End the call for all", "Gespräch für alle beenden"],
  endSure: ["Everybody is out of the call then.", "Dann sind alle aus dem Gespräch."],
  endSurely: ["End it for all", "Für alle beenden"],
  goOn: ["Go on", "Weiter"],
  lockRoom: ["Lock the room", "Raum abschließen"],
  unlockRoom: ["Unlock the room", "Raum aufschließen"],
  locked: ["Locked", "Abgeschlossen"],
  lockedBy: ["{name} locked the room; nobody new comes in.", "{name} hat den Raum abgeschlossen; niemand kommt mehr dazu."],
  unlockedBy: ["{name} unlocked the room; people come in again.", "{name} hat den Raum aufgeschlossen; man kann wieder herein."],
  knownAs: ["known as {user}", "bekannt als {user}"],
  muteAll: ["Mute all", "Alle stumm"],
  more: ["More", "Mehr"],
  moreName: ["More for {name}", "Mehr zu {name}"],
  rename: ["Rename", "Umbenennen"],
  renameSelf: ["Rename yourself", "Dich umbenennen"],
  newName: ["New name", "Neuer Name"],
  makeHost: ["Make host", "Leitung geben"],
  makeHostName: ["Make {name} the host", "{name} die Leitung geben"],
  remove: ["Remove", "Entfernen"],
  removeName: ["Remove {name}", "{name} entfernen"],
  ban: ["Ban", "Sperren"],
  banName: ["Ban {name}", "{name} sperren"],
  banSure: ["Ban for good", "Für immer sperren"],
  banSureName: ["Ban {name} for good", "{name} für immer sperren"],
  keep: ["Keep", "Doch nicht"],
  keepName: ["Do not ban {name}", "{name} nicht sperren"],
  bannedPeople: ["Banned", "Gesperrt"],
  unban: ["Unban", "Entsperren"],
  unbanName: ["Let {name} come again", "{name} wieder kommen lassen"],

  // The chat.
  messages: ["Messages", "Nachrichten"],
  earlier: ["Earlier messages", "Frühere Nachrichten"],
  to: ["To", "An"],
  everyone: ["Everyone", "Alle"],
  onlyName: ["{name} only", "nur {name}"],
  nameLeft: ["{name} (left)", "{name} (gegangen)"],
  message: ["Message", "Nachricht"],
  send: ["Send", "Senden"],
  sending: ["Sending…", "Wird gesendet…"],
  notSent: ["You are not in the call any more; the message was not sent.", "Du bist nicht mehr im Gespräch; die Nachricht wurde nicht gesendet."],
  wrote: ["{name} wrote: {text}", "{name} schrieb: {text}"],
  toName: [" to {name}", " an {name}"],
  toYou: [" to you", " an dich"],
  edited: [", edited", ", geändert"],
  edit: ["Edit", "Ändern"],
  editText: ["Edit: {text}", "Ändern: {text}"],
  editing: ["Edit the message", "Nachricht ändern"],
  delete: ["Delete", "Löschen"],
  deleteText: ["Delete: {text}", "Löschen: {text}"],
  reactText: ["React to: {text}", "Reagieren auf: {text}"],
  save: ["Save", "Sichern"],
  cancel: ["Cancel", "Abbrechen"],
  newMessages_one: ["{count} new message ↓", "{count} neue Nachricht ↓"],
  newMessages_other: ["{count} new messages ↓", "{count} neue Nachrichten ↓"],
  thumbsUp: ["Thumbs up", "Daumen hoch"],
  thumbsDown: ["Thumbs down", "Daumen runter"],
  laugh: ["Laugh", "Lachen"],
  confused: ["Confused", "Verwirrt"],
  celebrate: ["Celebrate", "Feiern"],
  hundred: ["One hundred", "Hundert"],
  question: ["Question", "Frage"],
  clap: ["Clap", "Beifall"],

  // Ringing.
  calls: ["Somebody calls", "Jemand ruft an"],
  answer: ["Answer", "Annehmen"],
  decline: ["Decline", "Ablehnen"],
  accept: ["Accept", "Annehmen"],
  answeringLeaves: ["Answering leaves this call.", "Wer annimmt, verlässt dieses Gespräch."],
  stay: ["Stay here", "Hier bleiben"],
  leaveAndAnswer: ["Leave and answer", "Verlassen und annehmen"],
  elsewhere: ["The call goes on in another app.", "Das Gespräch geht in einer anderen App weiter."],
  notAnswered: ["The call cannot be answered", "Der Anruf kann nicht angenommen werden"],
  maybeOver: ["It may be over.", "Vielleicht ist er vorbei."],
  answering: ["Answering", "Annehmen"],
  moment: ["One moment…", "Einen Moment…"],
  invitationEnded: ["Your invitation has ended.", "Deine Einladung gilt nicht mehr."],
  happened: ["Something happened", "Es ist etwas geschehen"],
  whenClosed: ["When this tab is closed", "Wenn dieser Tab geschlossen ist"],
  ringClosed: ["Ring me when this tab is closed", "Bei geschlossenem Tab klingeln"],
  noThanks: ["No, thanks", "Nein, danke"],
  mayNotNotify: ["This browser may not show notifications.", "Dieser Browser darf nichts melden."],
  ringsClosed: ["You will be rung when this tab is closed.", "Es klingelt auch, wenn dieser Tab geschlossen ist."],
  cannotRing: ["This browser cannot be rung now.", "Dieser Browser kann gerade nicht klingeln."],

  // Out of the call.
  comeAgain: ["Join again", "Wieder beitreten"],
  youLeft: ["You left", "Du bist gegangen"],
  nobodySees: ["Nobody sees or hears you any more.", "Niemand sieht oder hört dich mehr."],
  noRoom: ["No such room", "Diesen Raum gibt es nicht"],
  cannotComeIn: ["You cannot come in", "Du kannst nicht herein"],
  notNow: ["The call cannot be joined now", "Das Gespräch ist gerade nicht offen"],
  tooMany: ["Too many people at once", "Zu viele auf einmal"],
  busy: ["The server is busy", "Der Server ist beschäftigt"],
  isFull: ["The room is full", "Der Raum ist voll"],
  isLocked: ["The room is locked", "Der Raum ist abgeschlossen"],
  lockedOut: ["A host locked it; nobody new comes in until it is unlocked.", "Die Leitung hat ihn abgeschlossen; niemand kommt dazu, bis er wieder aufgeschlossen ist."],
  cannotJoin: ["The call cannot be joined", "Das Beitreten ging nicht"],
  roomExpired: ["This room has expired.", "Dieser Raum ist abgelaufen."],
  roomNotOpen: ["This room is not open yet.", "Dieser Raum ist noch nicht offen."],
  notLetIn: ["The host did not let you in.", "Die Leitung hat dich nicht eingelassen."],
  hereTwice: ["You are here twice", "Du bist zweimal hier"],
  goesOn: ["This call goes on in another tab, or with the same invitation elsewhere.", "Das Gespräch geht in einem anderen Tab weiter oder anderswo mit derselben Einladung."],
  removed: ["You were removed", "Du wurdest entfernt"],
  hostRemoved: ["A host removed you from the call.", "Die Leitung hat dich aus dem Gespräch entfernt."],
  isOver: ["The call is over", "Das Gespräch ist vorbei"],
  wasEnded: ["The call was ended.", "Das Gespräch wurde beendet."],
  timeRanOut: ["The room's time ran out.", "Die Zeit des Raums ist um."],
  wasDeleted: ["The room was deleted.", "Der Raum wurde gelöscht."],
  hostLeft: ["The host left.", "Die Leitung ist gegangen."],
  invitationExpired: ["Your invitation has ended", "Deine Einladung gilt nicht mehr"],
  invitationWithdrawn: ["Your invitation was withdrawn", "Deine Einladung wurde zurückgezogen"],
  askForNew: ["Ask for a new one to go on.", "Bitte um eine neue, um weiterzumachen."],
  sameInvitation: ["Somebody came in with the same invitation.", "Jemand kam mit derselben Einladung."],

  // Keys.
  keyMicrophone: ["Microphone on or off", "Mikrofon an oder aus"],
  keySpace: ["Space", "Leertaste"],
  keySpeak: ["Speak while it is held, when the microphone is off", "Sprechen, solange sie gedrückt ist und das Mikrofon aus ist"],
  keyCamera: ["Camera on or off", "Kamera an oder aus"],
  keyScreen: ["Show the screen, or stop", "Bildschirm zeigen oder nicht mehr"],
  keyHand: ["Raise the hand, or lower it", "Hand heben oder senken"],
  keyReact: ["React", "Reagieren"],
  keyLink: ["Copy the link", "Link kopieren"],
  keyHelp: ["These keys", "Diese Tasten"],
};
/** @typedef {keyof typeof PHRASES} Key */

/**
 * All texts in one language.
 * @param {0 | 1} at
 */
function inLanguage(at) {
  const texts = Object.entries(PHRASES).map(([key, phrase]) => [key, phrase[at]]);
  return /** @type {Record<Key, string>} */ (Object.fromEntries(texts));
}

/** @type {{en: Record<Key, string>, [language: string]: Record<Key, string>}} */
export const TEXTS = { en: inLanguage(0), de: inLanguage(1) };

/**
 * The first of the wanted languages that there is, or English.
 * @param {readonly (string | null)[]} wanted
 */
export function languageOf(wanted) {
  const known = wanted.map((language) => language?.toLowerCase().split("-")[0] ?? "");
  return known.find((language) => Object.hasOwn(TEXTS, language)) ?? "en";
}

// What the address says comes before what the browser says.
const asked = new URLSearchParams(globalThis.location?.search ?? "").get("lang");
export const language = languageOf([asked, ...(globalThis.navigator?.languages ?? [])]);

/**
 * A text in a language, with what belongs in it.
 * @param {Record<Key, string>} texts
 * @param {Key} key
 * @param {Record<string, string | number>} values
 */
export function filled(texts, key, values) {
  return texts[key].replaceAll(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * A text in the language of this page.
 * @param {Key} key
 * @param {Record<string, string | number>} values
 */
export const words = (key, values = {}) => filled(TEXTS[language] ?? TEXTS.en, key, values);

/** @param {number} count how many new messages there are */
export function newMessages(count) {
  const one = new Intl.PluralRules(language).select(count) === "one";
  return words(one ? "newMessages_one" : "newMessages_other", { count });
}
