import type { Processor } from './processor.ts'

/**
 * The delimiter is put behind every record of an object when its bytes are made.
 * https://docs.aws.amazon.com/firehose/latest/dev/dynamic-partitioning-new-line-delimiter.html
 */
export const appendDelimiterToRecord: Processor<Uint8Array> = {
  type: 'AppendDelimiterToRecord',
  member: 'delimiter',
  parameters: (given) => Buffer.from(unescaped(given('Delimiter') ?? '\n')),
}

/** Since a parameter cannot be white space alone, a line feed comes as `\n`. */
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' }
const unescaped = (text: string) => text.replace(/\\([nrt\\])/g, (_, letter: string) => ESCAPES[letter]!)
