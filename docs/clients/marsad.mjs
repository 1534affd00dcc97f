// Marsad from JavaScript (a browser, Node 18 or later, Deno), in one file without dependencies:
//
//   import { Marsad } from "./marsad.mjs";
//   const marsad = new Marsad("http://127.0.0.1:8000", { language: "fr" });
//   for (const row of await marsad.data("unemployment_rate", { area: "MA", survey: "ENE" }))
//     console.log(row.period, row.value);
//
// Every row keeps its survey, source, status and release; `synthetic` is true for data written by a program.

export class MarsadError extends Error {
  constructor(status, title, detail) {
    super(`${status} ${title}: ${detail}`);
    Object.assign(this, { status, title, detail });
  }
}

export class Marsad {
  #held = new Map(); // address -> { tag, body }

  constructor(base = "http://127.0.0.1:8000", { language = "fr", key = "", tries = 4, wait = 1000 } = {}) {
    Object.assign(this, { base, language, key, tries, wait });
  }

  // The JSON at an address; what has not changed is not sent again. Waits and asks again on 429 and 503.
  async get(path, query = {}) {
    const url = new URL(path, this.base);
    for (const [name, value] of Object.entries(query))
      if (value !== undefined && value !== "") url.searchParams.set(name, [value].flat().join(","));
    const held = this.#held.get(url.href);
    const headers = { "Accept-Language": this.language };
    if (this.key) headers["X-API-Key"] = this.key;
    if (held) headers["If-None-Match"] = held.tag;
    for (let tried = 0; ; tried++) {
      const answer = await fetch(url, { headers });
      if (answer.status === 304) return held.body;
      if ([429, 502, 503, 504].includes(answer.status) && tried < this.tries - 1) {
        const seconds = Number(answer.headers.get("Retry-After"));
        await new Promise((done) => setTimeout(done, seconds ? seconds * 1000 : this.wait * 2 ** tried));
        continue;
      }
      const body = await answer.json();
      if (!answer.ok) throw new MarsadError(answer.status, body.title, body.detail);
      if (answer.headers.get("ETag")) this.#held.set(url.href, { tag: answer.headers.get("ETag"), body });
      return body;
    }
  }

  // Every indicator: id, title in the language, unit.
  async indicators() {
    const { indicators } = await this.get("/api/v1/indicators");
    return indicators.map(({ id, title, unit }) => ({ id, title: title[this.language], unit }));
  }

  // All values of an indicator that filters choose, page after page.
  async data(id, filters = {}) {
    const rows = [];
    for (;;) {
      const query = { ...filters, lang: this.language, limit: 10000, offset: rows.length || undefined };
      const page = await this.get(`/api/v1/indicators/${id}/data`, query);
      rows.push(...page.values);
      if (!page.values.length || rows.length >= page.total) return rows;
    }
  }

  // Code -> label of a code list, in the language.
  async labels(list) {
    const { codes } = await this.get(`/api/v1/codes/${list}`);
    return Object.fromEntries(Object.entries(codes).map(([code, text]) => [code, text[this.language]]));
  }

  // Every ad that a search finds, page after page.
  async *ads(filters = {}) {
    let page = await this.get("/api/v1/ads", { size: 100, ...filters });
    for (;;) {
      yield* page.ads;
      if (!page.next) return;
      page = await this.get(page.next);
    }
  }
}
