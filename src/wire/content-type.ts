/** The media type alone, in lower case; empty when there is none. */
export const mediaTypeOf = (headers: ReadonlyMap<string, string>): string =>
  (headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
