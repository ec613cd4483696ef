// The HTTP API of tok. What there is to call, with what and for what, is read off its description:
// `npm run build` writes `schema.ts` from docs/openapi.json.

import createClient, { type MaybeOptionalInit } from "openapi-fetch";
import type { HttpMethod, PathsWithMethod, RequiredKeysOf } from "openapi-typescript-helpers";
import type { components, paths } from "./schema.js";

export type { paths } from "./schema.js";

/** What the API takes and answers, by the names of its description: `Schemas["Room"]`. */
export type Schemas = components["schemas"];

/** What the API says of a request that it refuses. */
export type Problem = Schemas["Problem"];

/** A request that was refused. `code` and `reason` are stable: docs/errors.md has them all. */
export class TokError extends Error {
  override readonly name = "TokError";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly reason: string | undefined,
    detail: string,
    /** In how many seconds to try again, where the server says so. */
    readonly retryAfter: number | undefined,
  ) {
    super(detail);
  }
}

export interface Options {
  /** Where the server is reached, as `server.public_url` has it. */
  baseUrl: string;
  /** An API key, or the token of somebody who signed in; a function is asked before each request. */
  key?: string | (() => string | Promise<string>);
  /** Instead of the `fetch` of the platform. */
  fetch?: (request: Request) => Promise<Response>;
}

type Responses<Operation> = Operation extends { responses: infer R } ? R : never;
type Body<R> = R extends { content: { "application/json": infer B } } ? B : undefined;
type Answer<R, Status> = { [S in keyof R & Status]: Body<R[S]> }[keyof R & Status];
// What makes or queues something answers 201 or 202, and its dry run 200.
type Done<R> = Answer<R, 201 | 202> extends never ? Answer<R, 200 | 204 | 207> : Answer<R, 201 | 202>;

/** What an operation answers, by whether it is a dry run. */
export type Answered<Operation, Init> = Init extends { params: { query: { dry_run: true } } }
  ? Answer<Responses<Operation>, 200>
  : Done<Responses<Operation>>;

// What an operation needs may not be left out.
type InitParam<Init> = RequiredKeysOf<Init> extends never ? [Init?] : [Init];

// A stream of events has no end that a call could wait for.
type Streams = { 200: { content: { "text/event-stream": unknown } } };
type StreamPath = {
  [Path in PathsWithMethod<paths, "get">]: Responses<paths[Path]["get"]> extends Streams ? Path : never;
}[PathsWithMethod<paths, "get">];

/** Calls with a method; `params`, `body` and the answer are those of the description. */
export type Call<Method extends HttpMethod> = <
  Path extends Exclude<PathsWithMethod<paths, Method>, StreamPath>,
  Init extends MaybeOptionalInit<paths[Path], Method>,
>(
  path: Path,
  ...init: InitParam<Init>
) => Promise<Answered<paths[Path][Method], Init>>;

// Lists answer pages: what they hold, and where the next one begins.
type Page = { items: unknown[]; next?: string | null };
type PagedPath = {
  [Path in PathsWithMethod<paths, "get">]: Answered<paths[Path]["get"], {}> extends Page ? Path : never;
}[PathsWithMethod<paths, "get">];
type Item<Path extends PagedPath> =
  Answered<paths[Path]["get"], {}> extends { items: (infer I)[] } ? I : never;

/** Everything on all pages of a list, asked for page by page as it is taken. */
export type Pages = <Path extends PagedPath, Init extends MaybeOptionalInit<paths[Path], "get">>(
  path: Path,
  ...init: InitParam<Init>
) => AsyncGenerator<Item<Path>, void, undefined>;

export interface Tok {
  get: Call<"get">;
  put: Call<"put">;
  post: Call<"post">;
  patch: Call<"patch">;
  delete: Call<"delete">;
  pages: Pages;
}

/** Opens a client. It keeps no connection and nothing of what is answered. */
export function connect({ baseUrl, key, fetch }: Options): Tok {
  const client = createClient<paths>({ baseUrl: baseUrl.replace(/\/+$/, ""), ...(fetch && { fetch }) });
  client.use({
    async onRequest({ request }) {
      const bearer = typeof key === "function" ? await key() : key;
      if (bearer !== undefined) request.headers.set("Authorization", `Bearer ${bearer}`);
    },
    async onResponse({ response }) {
      if (!response.ok) throw await refused(response);
    },
  });
  // The types above are narrower than those of the library, which knows no dry runs; what runs is the same.
  const call = (method: HttpMethod) => async (path: string, init?: object) =>
    (await client.request(method as never, path as never, init as never) as { data?: unknown }).data;
  const get = call("get");
  async function* pages(path: string, init?: { params?: { query?: object } }) {
    for (let after: string | null | undefined; ; ) {
      const query = { ...init?.params?.query, ...(after != null && { after }) };
      const page = (await get(path, { ...init, params: { ...init?.params, query } })) as Page;
      yield* page.items;
      after = page.next;
      if (after == null) return;
    }
  }
  return {
    get,
    put: call("put"),
    post: call("post"),
    patch: call("patch"),
    delete: call("delete"),
    pages,
  } as unknown as Tok;
}

/** The header that has a POST carried out once, however often it is sent: `params: { header: once("order-17") }`.
 * Without a key of your own it is a new one: keep what this returns, and send it again with the same request. */
export function once(key: string = crypto.randomUUID()): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}

async function refused(response: Response): Promise<TokError> {
  const { status, headers } = response;
  const said = headers.get("retry-after");
  const after = said === null || said === "" ? Number.NaN : Number(said);
  const seconds = Number.isFinite(after) ? after : undefined;
  if (headers.get("content-type")?.startsWith("application/problem+json")) {
    const { code, reason, detail } = (await response.json()) as Problem;
    return new TokError(status, code, reason ?? undefined, detail, seconds);
  }
  // A proxy in front of the server, or a route of another backend's clients.
  return new TokError(status, "unknown", undefined, `the server answered ${status}`, seconds);
}
