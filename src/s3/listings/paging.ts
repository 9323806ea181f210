import { invalidArgument } from '../exceptions.ts'

export const MAX_LISTED = 1000
const MAX_INTEGER = 2 ** 31 - 1

/** How many the client wants, at most 1,000. */
export function pageSize(argument: string, size: number = MAX_LISTED): number {
  if (size > MAX_INTEGER)
    throw invalidArgument(
      `Provided ${argument} not an integer or within integer range`,
      argument,
      String(size),
    )
  if (!Number.isInteger(size) || size < 0)
    throw invalidArgument(
      `Argument ${argument} must be an integer between 0 and 2147483647`,
      argument,
      String(size),
    )
  return Math.min(size, MAX_LISTED)
}

/** The number of the part that a page of parts begins behind. Throws InvalidArgument. */
export function partMarker(marker: string | undefined): number {
  if (!marker) return 0
  if (!/^\d{1,10}$/.test(marker) || Number(marker) > MAX_INTEGER)
    throw invalidArgument(
      'Provided part-number-marker not an integer or within integer range',
      'part-number-marker',
      marker,
    )
  return Number(marker)
}

/** `url` lets keys pass that XML cannot hold: as forms write them (a space is `+`), but for `/`. */
export function printerOf(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text
  if (encodingType !== 'url')
    throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType)
  return (text) => new URLSearchParams([['', text]]).toString().slice(1).replaceAll('%2F', '/')
}
