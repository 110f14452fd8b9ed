// Where the provider keeps tokens and sessions: its own store forgets all but the last thousand.

export default class Store {
  static #entries = new Map();

  constructor(model) {
    this.model = model;
  }

  #all() {
    return Store.#entries.get(this.model) ?? Store.#entries.set(this.model, new Map()).get(this.model);
  }

  async upsert(id, payload, expiresIn) {
    const until = expiresIn === undefined ? Infinity : Date.now() + expiresIn * 1_000;
    this.#all().set(id, { payload, until });
  }

  async find(id) {
    const entry = this.#all().get(id);
    if (entry && entry.until > Date.now()) return entry.payload;
    this.#all().delete(id);
    return undefined;
  }

  async findByUid(uid) {
    for (const { payload } of this.#all().values()) if (payload.uid === uid) return payload;
    return undefined;
  }

  async consume(id) {
    this.#all().get(id).payload.consumed = Math.floor(Date.now() / 1_000);
  }

  async destroy(id) {
    this.#all().delete(id);
  }

  async revokeByGrantId(grantId) {
    for (const [id, { payload }] of this.#all()) if (payload.grantId === grantId) this.#all().delete(id);
  }
}
