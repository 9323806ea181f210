/** What a delivered object's text is. */
export type Layout = 'ndjson' | 'concatenated' | 'text' | 'binary'

export interface JsonRun {
  readonly values: readonly string[]
  /** Somewhere two of them meet without a newline between. */
  readonly touching: boolean
  /** What a preview cut off in the middle of a value. */
  readonly rest: string
}

/** JSON objects and arrays that follow one another, cut apart; undefined when the text is not that. */
export function jsonRunOf(text: string): JsonRun | undefined {
  const values: string[] = []
  let touching = false
  let depth = 0
  let start = 0
  let end = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (isString) {
      if (character === '\\') at++
      else if (character === '"') isString = false
    } else if (depth > 0 && character === '"') isString = true
    else if (character === '{' || character === '[') {
      if (depth++ > 0) continue
      start = at
      if (values.length > 0 && !text.slice(end, start).includes('\n')) touching = true
    } else if (character === '}' || character === ']') {
      if (--depth < 0) return undefined
      if (depth > 0) continue
      end = at + 1
      values.push(text.slice(start, end))
    } else if (depth === 0 && !/\s/.test(character)) return undefined
  }
  if (values.length === 0 || !values.slice(0, 3).every(isJson)) return undefined
  return { values, touching, rest: depth > 0 ? text.slice(start) : '' }
}

/** Whether a text of which perhaps only the beginning is known has one JSON value per line, or several. */
export function layoutOf(text: string, isWhole = true): Layout {
  // The last character may have been cut in two.
  if (text.slice(0, -1).includes('\ufffd')) return 'binary'
  if (jsonRunOf(text)?.touching) return 'concatenated'
  const lines = (isWhole ? text : text.slice(0, text.lastIndexOf('\n') + 1)).split('\n').filter(Boolean)
  return lines.length > 0 && lines.every(isJson) ? 'ndjson' : 'text'
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
