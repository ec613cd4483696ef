// Raised hands, in the order in which they were raised. Each has a number that is greater than all that
// its owner knew of: no clocks are compared.

// No hand has a greater number.
const HIGHEST = 1_000_000_000;

/** @param {unknown} number */
export const isHand = (number) => Number.isInteger(number) && Number(number) >= 0 && Number(number) <= HIGHEST;

export class Hands {
  /** @type {Map<string, number>} */
  #raised = new Map();

  // The number of a hand that is raised now.
  get next() {
    return Math.min(HIGHEST, Math.max(0, ...this.#raised.values()) + 1);
  }

  /**
   * The hand of somebody is up with this number, or down with none. Says whether it just went up.
   * @param {string} id
   * @param {number} number
   */
  put(id, number) {
    const was = this.#raised.has(id);
    if (number) this.#raised.set(id, number);
    else this.#raised.delete(id);
    return !was && number > 0;
  }

  /** @param {string} id */
  number(id) {
    return this.#raised.get(id) ?? 0;
  }

  /**
   * Whose turn somebody is, from 1; 0 if their hand is not up.
   * @param {string} id
   */
  place(id) {
    const order = [...this.#raised].sort(([a, one], [b, two]) => one - two || (a < b ? -1 : 1));
    return order.findIndex(([of]) => of === id) + 1;
  }

  /**
   * Forgets all but the hand of somebody.
   * @param {string} id
   */
  keep(id) {
    for (const other of [...this.#raised.keys()]) if (other !== id) this.#raised.delete(other);
  }

  clear() {
    this.#raised.clear();
  }
}
