// What `get` and `post` of ask.js take and answer, path by path, from the routes as the server declares them (api.d.ts).

import type { paths } from "./api";

export type Method = "get" | "post";

type Operation<M extends Method, P> = `/mien/api${P & string}` extends keyof paths
  ? paths[`/mien/api${P & string}`][M]
  : never;

/** A route's path behind "/mien/api", with its placeholders: "/data/jobs/{number}". */
export type Path<M extends Method> = {
  [Whole in keyof paths]: Whole extends `/mien/api${infer P}`
    ? paths[Whole][M] extends { responses: unknown }
      ? P
      : never
    : never;
}[keyof paths];

type Parameters<O> = O extends { parameters: infer Given }
  ? { [K in keyof Given as K extends "path" | "query" ? (Given[K] extends undefined ? never : K) : never]: Given[K] }
  : never;

type Body<O> = O extends { requestBody: { content: infer Content } }
  ? Content extends { "application/json": infer Json }
    ? { body: Json }
    : { file: Blob }
  : object;

/** `{path, query, body, file}`, those that the route takes; none where it takes nothing. */
export type Values<M extends Method, P> = Parameters<Operation<M, P>> & Body<Operation<M, P>>;
export type Arguments<V> = object extends V ? [values?: V] : [values: V];

/** What goes into a route's address. */
export type Placed<P> = Parameters<Operation<"get", P>> | Parameters<Operation<"post", P>>;

export type Answer<M extends Method, P> =
  Operation<M, P> extends { responses: infer Responses }
    ? Responses[keyof Responses & (200 | 201 | 202)] extends { content: { "application/json": infer Json } }
      ? Json
      : never
    : never;
