/**
 * Serves the console's built files at `/_standpipe/`. Every path below it that names no file is a view of the one page,
 * so that a view's address can be opened and reloaded.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { OwnAnswer, OwnRoutes } from '../wire/own-routes.ts'

const ROOT = '/_standpipe/'
/** The page's own addresses (console/app.tsx). */
const VIEWS = /^(?:$|streams\/|delivery-streams\/|(?:new-delivery-stream|objects|cost|space|lab)$)/
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/**
 * No page of ours asks another host for anything, runs what is not its own, makes code of text, or is framed. `'self'`
 * cannot say which paths are its own, and a path cannot do without a host: so there are two policies, and both must
 * allow. What others have written (`/bucket/x.js`) is of our origin, but no script, style, image or answer of ours.
 */
const POLICIES = [
  [
    "default-src 'none'",
    ...['script-src', 'style-src', 'img-src', 'connect-src'].map((name) => `${name} 'self'`),
    ...['base-uri', 'form-action', 'frame-ancestors'].map((name) => `${name} 'none'`),
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ],
  [
    ...['script-src', 'style-src'].map((name) => `${name} *:*${ROOT}assets/`),
    ...['img-src', 'connect-src'].map((name) => `${name} *:*${ROOT}`),
  ],
]
  .map((directives) => directives.join('; '))
  .join(', ')

const NOT_BUILT =
  'The console is not built: run "npm run build:console" in the checkout and start Standpipe again.\n'

interface File {
  readonly headers: Readonly<Record<string, string>>
  readonly plain: Uint8Array
  readonly gzipped: Uint8Array
}

/** The folder is read once, when a page is first asked for: the files belong to the version that runs. */
export function createConsole(folder: string): OwnRoutes {
  let files: ReadonlyMap<string, File> | undefined
  return async ({ method, path, headers }) => {
    if (path === '/_standpipe') return { status: 308, headers: { location: ROOT } }
    if (!path.startsWith(ROOT) || path.startsWith(`${ROOT}api/`)) return undefined
    if (method !== 'GET' && method !== 'HEAD') return undefined
    files ??= readFiles(folder)
    if (files.size === 0) return { status: 503, headers: { 'content-type': 'text/plain' }, body: NOT_BUILT }
    const name = path.slice(ROOT.length)
    const file = files.get(name) ?? (VIEWS.test(name) ? files.get('index.html') : undefined)
    return file && answerOf(file, headers.get('accept-encoding') ?? '')
  }
}

function answerOf({ headers, plain, gzipped }: File, acceptEncoding: string): OwnAnswer {
  return /\bgzip\b/.test(acceptEncoding)
    ? { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipped }
    : { status: 200, headers, body: plain }
}

function readFiles(folder: string): Map<string, File> {
  if (!existsSync(join(folder, 'index.html'))) return new Map()
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => extname(name) in TYPES,
  )
  return new Map(
    names.map((name) => {
      const plain = readFileSync(join(folder, name))
      const headers = {
        'content-type': TYPES[extname(name)]!,
        // The names below assets/ change with what is in them.
        'cache-control': name.startsWith('assets') ? 'public, max-age=31536000, immutable' : 'no-cache',
        'content-security-policy': POLICIES,
        'cross-origin-opener-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        vary: 'accept-encoding',
      }
      return [name.replaceAll('\\', '/'), { headers, plain, gzipped: gzipSync(plain) }]
    }),
  )
}
