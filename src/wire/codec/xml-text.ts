const SPECIAL: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text for an element or an attribute. Control characters become references, as AWS writes them. */
export const escapeXml = (text: string): string =>
  text.replace(/[&<>"\p{Cc}\u2028\ufffe\uffff]/gu, (character) => SPECIAL[character] ?? reference(character))

/** A character by its number. */
export const reference = (character: string) => `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`

export const element = (name: string, content: string, attributes = ''): string =>
  `<${name}${attributes}>${content}</${name}>`

const XSI = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

/** With what its prefix stands for, which AWS declares where it is used. */
export const attribute = (name: string, text: string): string =>
  `${name.startsWith('xsi:') ? XSI : ''} ${name}="${escapeXml(text)}"`

export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

/** A whole document; the root carries the namespace. */
export const xmlDocument = (root: string, content: string, namespace?: string): string =>
  XML_DECLARATION + element(root, content, namespace === undefined ? '' : ` xmlns="${namespace}"`)
