/**
 * The JSON documents that follow one another in a text, with or without white space between them; undefined when
 * something between them is no document. Documents are cut by their brackets, not checked.
 */
export function jsonDocumentsOf(text: string): string[] | undefined {
  const documents: string[] = []
  let at = 0
  for (;;) {
    at = skipSpace(text, at)
    if (at === text.length) return documents
    const end = endOf(text, at)
    if (end === undefined) return undefined
    documents.push(text.slice(at, end))
    at = end
  }
}

const SPACE = /[\s,]*/y
const SCALAR = /[-+.\w]+/y
const STRING = /"(?:[^"\\]|\\.)*"/sy

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at
  SPACE.test(text)
  return SPACE.lastIndex
}

function endOf(text: string, start: number): number | undefined {
  const first = text[start]!
  if (first !== '{' && first !== '[') return matchAt(first === '"' ? STRING : SCALAR, text, start)
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      const end = matchAt(STRING, text, at)
      if (end === undefined) return undefined
      at = end - 1
    } else if (char === '{' || char === '[') depth++
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1
  }
  return undefined
}

function matchAt(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
