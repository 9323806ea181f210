/** Stands behind a key's letters in a place; nothing in them is it. */
export const END = '\0\0'

/** NULs that are written one by one, as all of a key's once were. */
const ONE_BY_ONE = 512
const MOST_AT_ONCE = 4
const RUN = /\0{4}|\0{1,3}(?!\0)/g

/**
 * A key's letters for where they do not stand last: they sort as UTF-8 does, with END behind them too. A NUL takes two
 * bytes, and beyond the first 512 up to four of them together, so that the longest key of NULs has a place as well.
 */
export function written(key: string): string {
  const at = endOfSingles(key)
  return key.slice(0, at).replaceAll('\0', '\0\x01') + key.slice(at).replace(RUN, writtenRun)
}

export const readKey = (letters: string): string => letters.replace(/\0(.)/gs, (_, run) => readRun(run))

/** What the letters of all keys that begin so begin with; of few others, which lie before or behind all of them. */
export function writtenPrefix(prefix: string): string {
  const at = endOfSingles(prefix)
  const open = /\0*$/.exec(prefix.slice(at))![0].length % MOST_AT_ONCE
  return written(prefix.slice(0, prefix.length - open))
}

/** Where that many NULs are passed. */
function endOfSingles(key: string): number {
  let at = 0
  for (let count = 0; count < ONE_BY_ONE; count++) {
    at = key.indexOf('\0', at) + 1
    if (at === 0) return key.length
  }
  return at
}

/**
 * A shorter run sorts before a longer one where the key ends behind it, and behind it where the key goes on: 1 to 3 are
 * those with which a key ends, 4 is four NULs whatever follows, and 5 to 7 are three to one of those with which it goes on.
 */
function writtenRun({ length }: string, at: number, letters: string): string {
  const isLast = at + length === letters.length
  return `\0${String.fromCharCode(isLast ? length : 2 * MOST_AT_ONCE - length)}`
}

function readRun(run: string): string {
  const code = run.charCodeAt(0)
  return '\0'.repeat(code > MOST_AT_ONCE ? 2 * MOST_AT_ONCE - code : code)
}
