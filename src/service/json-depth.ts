/** What nothing that is sent to us nests beyond; Java's usual parser has the same bound. */
export const MAX_JSON_DEPTH = 1000

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 91, 93, 123, 125]
/**
 * Whether JSON has lists and objects within one another to more than that depth. To parse such text takes many times
 * as long as its length says, and to walk it may end the stack: it is looked at before. Anything may be asked about.
 */
export function isNestedDeeper(json: Uint8Array, depth: number): boolean {
  if (json.length <= depth) return false
  let open = 0
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]
    if (byte === QUOTE) at = endOfString(json, at)
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
      if (++open > depth) return true
    } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) open--
  }
  return false
}

/** Where the quote is that ends the string that begins there; the text's end if none does. */
export function endOfString(json: Uint8Array, start: number): number {
  for (let at = json.indexOf(QUOTE, start + 1); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let escapes = 0
    while (json[at - 1 - escapes] === BACKSLASH) escapes++
    if (escapes % 2 === 0) return at
  }
  return json.length
}
