/** What a delivered object's text is. */
export type Layout = 'ndjson' | 'concatenated' | 'text'

/** JSON values that follow one another with nothing between them, cut apart; undefined when the text is not that. */
export function splitJsonRun(text: string): string[] | undefined {
  const values: string[] = []
  let depth = 0
  let start = -1
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!
    if (isString) {
      if (character === '\\') at++
      else if (character === '"') isString = false
    } else if (character === '"') isString = true
    else if (character === '{' || character === '[') {
      if (depth++ === 0) start = at
    } else if (character === '}' || character === ']') {
      if (--depth < 0) return undefined
      if (depth === 0) values.push(text.slice(start, at + 1))
    } else if (depth === 0 && !/\s/.test(character)) return undefined
  }
  return depth === 0 && !isString && values.length > 0 ? values : undefined
}

/** `ndjson`: one JSON value per line. `concatenated`: several of them on one line. */
export function layoutOf(text: string): Layout {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const parses = (line: string) => {
    try {
      JSON.parse(line)
      return true
    } catch {
      return false
    }
  }
  if (lines.length > 0 && lines.every(parses)) return 'ndjson'
  return (splitJsonRun(text)?.length ?? 0) > 1 ? 'concatenated' : 'text'
}
