import { malformedPostRequest } from './form-exceptions.ts'

const DISPOSITION = /^content-disposition:[ \t]*form-data[ \t]*(;.*)$/i
const PARAMETER = /;[ \t]*([^=;"\s]+)[ \t]*=[ \t]*(?:"((?:\\"|[^"])*)"|([^";\s]*))/g

/** How browsers write, within quotation marks, what would end a name. */
const ESCAPED = /%(22|0A|0D)|\\"/gi

/**
 * What a part of a form says of itself, the file's name without folders. Throws MalformedPOSTRequest for one without a name.
 * https://www.rfc-editor.org/rfc/rfc7578#section-4.2
 */
export function dispositionOf(head: string): { readonly name: string; readonly fileName: string } {
  const line = head.split('\r\n').find((line) => DISPOSITION.test(line))
  const [, parameters = ''] = DISPOSITION.exec(line ?? '') ?? []
  const values = new Map<string, string>()
  for (const [, name = '', quoted, bare = ''] of parameters.matchAll(PARAMETER))
    values.set(name.toLowerCase(), quoted === undefined ? bare : unescaped(quoted))
  const name = values.get('name')
  if (name === undefined) throw malformedPostRequest()
  const fileName = extended(values.get('filename*')) ?? values.get('filename') ?? ''
  return { name, fileName: fileName.slice(fileName.search(/[^/\\]*$/)) }
}

const unescaped = (text: string) =>
  text.replace(ESCAPED, (_, code?: string) =>
    code === undefined ? '"' : String.fromCharCode(Number.parseInt(code, 16)),
  )

/** `utf-8''na%C3%AFve`: https://www.rfc-editor.org/rfc/rfc5987 */
function extended(text: string | undefined): string | undefined {
  const [, encoded] = /^utf-8'[^']*'(.*)$/i.exec(text ?? '') ?? []
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded)
  } catch {
    return undefined
  }
}
