// Who speaks: told from how loud everybody is, with a rest that spans the pauses between words.

// As loud as a voice is, of 1.
const VOICE = 0.02;
// How long somebody still counts as speaking, in milliseconds.
const PAUSE = 700;

class Speakers {
  /** @type {Map<string, number>} */
  #until = new Map();

  /**
   * Takes how loud each is, 0 to 1 by id, at a moment in milliseconds. Gives the ids of who speaks.
   * @param {Map<string, number>} levels
   * @param {number} at
   */
  hear(levels, at) {
    for (const [id, level] of levels) if (level >= VOICE) this.#until.set(id, at + PAUSE);
    for (const [id, until] of this.#until) if (until <= at || !levels.has(id)) this.#until.delete(id);
    return new Set(this.#until.keys());
  }
}
