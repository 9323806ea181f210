/** https://docs.aws.amazon.com/streams/latest/dev/data-delivery-s3-key-template.html */
export const DEFAULT_KEY_TEMPLATE =
  'kinesis-channel/!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/' +
  '!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}!{extension}'

/** Of an S3 key, less what is appended to every key. */
const MAX_EXPANDED = 1_024 - 38

export interface KeyValues {
  readonly channelName: string
  readonly channelId: string
  readonly streamName: string
  /** ms since 1970; in the key as UTC. */
  readonly time: number
  /** What `!{extension}` stands for. */
  readonly extension: string
}

const digits = (value: number, count = 2) => String(value).padStart(count, '0')

const VARIABLES: Readonly<Record<string, (values: KeyValues) => string>> = {
  'channel-name': ({ channelName }) => channelName,
  'channel-id': ({ channelId }) => channelId,
  'stream-name': ({ streamName }) => streamName,
  yyyy: ({ time }) => digits(new Date(time).getUTCFullYear(), 4),
  yy: ({ time }) => digits(new Date(time).getUTCFullYear() % 100),
  MM: ({ time }) => digits(new Date(time).getUTCMonth() + 1),
  dd: ({ time }) => digits(new Date(time).getUTCDate()),
  HH: ({ time }) => digits(new Date(time).getUTCHours()),
  mm: ({ time }) => digits(new Date(time).getUTCMinutes()),
}

const VARIABLE = /!\{([^{}]*)\}/g
const EXTENSION = /!\{extension(?::(\.[a-z.]+))?\}$/

/** Why AWS refuses the template; undefined: it does not. The rules are documented, their words are ours. */
export function flawOfTemplate(
  template: string,
  { isCompressed, ...values }: KeyValues & { readonly isCompressed: boolean },
): string | undefined {
  const body = template.replace(EXTENSION, '')
  const unknown = [...body.matchAll(VARIABLE)].find(([, name = '']) => !Object.hasOwn(VARIABLES, name))
  if (unknown?.[1]?.startsWith('extension'))
    return `${unknown[0]} must be at the end, and a literal extension is a period and lower-case letters`
  if (unknown) return `${unknown[0]} is not a supported variable`
  const literals = body.replaceAll(VARIABLE, '')
  if (/[{}]/.test(literals)) return 'a variable is not closed'
  if (literals.includes(':')) return 'a colon is not allowed'
  if (template.startsWith('/')) return 'it must not start with a slash'
  if (/\/\//.test(template)) return 'it must not contain consecutive slashes'
  if (/\.\./.test(template) || template.split('/').includes('.')) return 'it must not contain path traversal'
  if (isCompressed && !EXTENSION.test(template))
    return 'it must include an extension when objects are compressed'
  const { name, extension } = expandTemplate(template, values)
  if (name.length + extension.length > MAX_EXPANDED)
    return `the expanded template must not exceed ${MAX_EXPANDED} characters`
  return undefined
}

/**
 * The key of one object. AWS appends a suffix to make it unique, without saying which and where: here the object's id,
 * before the extension, as that would else be none.
 */
export function outputKeyOf(template: string, values: KeyValues, id: string): string {
  const { name, extension } = expandTemplate(template, values)
  return `${name}-${id}${extension}`
}

function expandTemplate(template: string, values: KeyValues): { name: string; extension: string } {
  const [found, literal] = EXTENSION.exec(template) ?? []
  return {
    name: template.replace(EXTENSION, '').replaceAll(VARIABLE, (_, name: string) => VARIABLES[name]!(values)),
    extension: found === undefined ? '' : (literal ?? values.extension),
  }
}
