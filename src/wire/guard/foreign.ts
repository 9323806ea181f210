type Headers = ReadonlyMap<string, string>

/** How a browser says that a page of the server itself, or nobody's page, asks. */
const OF_OURS = ['same-origin', 'none']

/**
 * Whether a page of another origin is behind a request, which its browser tells; no other client sends these headers.
 * `own` is the origin that the request itself went to.
 * https://www.w3.org/TR/fetch-metadata/
 */
export function isForeign(headers: Headers, own: () => string | undefined): boolean {
  const site = headers.get('sec-fetch-site')
  if (site !== undefined && !OF_OURS.includes(site)) return true
  const origin = headers.get('origin')
  return origin !== undefined && origin !== own()
}

/** An origin as browsers write it: no default port, names in lower case. Undefined for a Host that is none. */
export const originOf = (scheme: 'http' | 'https', host: string): string | undefined => {
  const origin = URL.parse(`${scheme}://${host}`)?.origin
  return origin === 'null' ? undefined : origin
}

/**
 * The origin of the page that asks: a page can hide it, but not make up another one. An `<img>` of a page sends no
 * Origin, but it does send a Referer.
 */
export function askerOf(headers: Headers): string | undefined {
  const origin = headers.get('origin')
  if (origin !== undefined) return origin
  const referer = headers.get('referer')
  return referer === undefined ? undefined : URL.parse(referer)?.origin
}

/** A link that somebody follows: what it leads to is shown, and the page that has the link sees nothing of it. */
export const isLink = (method: string, headers: Headers): boolean =>
  (method === 'GET' || method === 'HEAD') &&
  headers.get('sec-fetch-mode') === 'navigate' &&
  headers.get('sec-fetch-dest') === 'document' &&
  !headers.has('origin')
