import type { Damage } from './damages.ts'

/**
 * refused: the start ends with exit code 5 and says which file it is, or with 4 when it says that it is of a later version. right: everything is served as it was. named:
 * what is not as it was is answered with an error, or missing, and health says what is damaged. unnamed: something is
 * missing and nothing says so, which only a documented blind spot may be. The others may never be.
 */
export type Outcome =
  | 'refused'
  | 'right'
  | 'named'
  | 'unnamed'
  | 'wrong bytes'
  | 'hang'
  | 'raw stack'
  | 'died'
  | 'unnamed refusal'

/** What the files of a data folder are, by their names. */
export const KINDS = {
  'version mark': /^standpipe\.json$/,
  identity: /^(log|blobs)\/identity$/,
  'clean stop': /^standpipe\.stopped$/,
  'secret key': /^standpipe\.key$/,
  reserve: /^standpipe\.reserve$/,
  lock: /^standpipe\.lock|^metadata\/lock\.mdb$/,
  metadata: /^metadata\/data\.mdb$/,
  'write-ahead log': /^log\/\d+\.wal$/,
  segment: /^log\/\d+-\d+\.seg$/,
  blob: /^blobs\/[0-9a-f]{2}\//,
} as const
export type Kind = keyof typeof KINDS

export const kindOf = (path: string): Kind | undefined =>
  (Object.keys(KINDS) as Kind[]).find((kind) => KINDS[kind].test(path))

type Allowed = Readonly<Record<Damage, readonly Outcome[]>>
const always = (...outcomes: Outcome[]): Allowed => ({
  remove: outcomes,
  empty: outcomes,
  halve: outcomes,
  'cut a byte': outcomes,
  'flip a bit': outcomes,
  'zero a page': outcomes,
})

/** What may come of each damage to each kind of file; everything else is a broken promise. */
export const ALLOWED: Readonly<Record<Kind, Allowed>> = {
  // Spaces and line ends say nothing.
  'version mark': always('refused', 'right'),
  identity: always('refused', 'right'),
  'clean stop': always('right'),
  reserve: always('right'),
  // It seals the secrets of access keys, and nothing of what is examined here.
  'secret key': always('right', 'named'),
  lock: always('right'),
  metadata: {
    ...always('refused'),
    'cut a byte': ['refused', 'right'],
    // A page that nothing refers to any more is as good as any other.
    'flip a bit': ['refused', 'named', 'right'],
    'zero a page': ['refused', 'named', 'right'],
  },
  'write-ahead log': {
    ...always('refused'),
    // Behind the last commit lie zeros.
    'flip a bit': ['refused', 'right'],
    'zero a page': ['refused', 'right'],
  },
  segment: {
    ...always('refused'),
    // Between the chunks of a rewritten segment lies what nobody reads.
    'flip a bit': ['refused', 'named', 'right'],
    'zero a page': ['refused', 'named', 'right'],
  },
  blob: always('named'),
}
