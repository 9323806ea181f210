import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGuard, type Mode, type Visit } from '../../../src/wire/guard/guard.ts'

const APP = 'http://app.example:5173'
const guards = Object.fromEntries(
  (['open', 'closed'] as const).map((mode) => [
    mode,
    createGuard({ mode, hosts: { isWide: false, allowed: [] }, allowedOrigins: [APP] }),
  ]),
) as Readonly<Record<Mode, ReturnType<typeof createGuard>>>

type Headers = Readonly<Record<string, string>>
const HOST = { host: 'localhost:4566' }
const visit = (protocol: Visit['protocol'], headers: Headers, more: Partial<Visit> = {}): Visit => ({
  protocol,
  method: 'POST',
  path: protocol === 'own' ? '/_standpipe/api/reset' : '/',
  isEncrypted: false,
  ...more,
  headers: new Map(Object.entries({ ...HOST, ...headers })),
})

/** `in`, `for ORIGIN` whose pages may read it, `asked` when the service's rules are, or `out`. */
function judged(mode: Mode, ...asked: Parameters<typeof visit>): string {
  const { refusal, foreign, grantedTo } = guards[mode](visit(...asked))
  return refusal !== undefined
    ? 'out'
    : foreign !== undefined
      ? 'asked'
      : grantedTo
        ? `for ${grantedTo}`
        : 'in'
}

const OURS: Readonly<Record<string, Headers>> = {
  'no browser': {},
  'no browser, signed': { authorization: 'AWS4-HMAC-SHA256 …' },
  'undici, which sends a mode and nothing else': { 'sec-fetch-mode': 'cors' },
  'our page': { origin: 'http://localhost:4566', 'sec-fetch-site': 'same-origin' },
  'our page, over plain http to a name': { origin: 'http://localhost:4566' },
  'a typed address': { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
}
const FOREIGN: Readonly<Record<string, Headers>> = {
  'another site': { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
  'another site without metadata': { origin: 'https://evil.example' },
  'another port': { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' },
  'another port without metadata': { origin: 'http://localhost:3000' },
  'no port': { origin: 'http://localhost' },
  'another scheme': { origin: 'https://localhost:4566' },
  'a name that only begins alike': { origin: 'http://localhost:4566.evil.example' },
  'a sandbox': { origin: 'null', 'sec-fetch-site': 'cross-site' },
  'a sandbox without metadata': { origin: 'null' },
  'an empty origin': { origin: '' },
  'an image': { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
  'a redirect that comes back': { origin: 'http://localhost:4566', 'sec-fetch-site': 'cross-site' },
  'a word that means nothing': { 'sec-fetch-site': 'yes' },
  'a signed page': { origin: 'https://evil.example', authorization: 'AWS4-HMAC-SHA256 …' },
}
const PROTOCOLS = ['own', 'json', 'query', 'rest'] as const

test('open: no client is kept out, no page of another origin is let in', () => {
  for (const protocol of PROTOCOLS)
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      for (const [who, headers] of Object.entries(OURS))
        assert.equal(judged('open', protocol, headers, { method }), 'in', `${who}: ${method} ${protocol}`)
      for (const [who, headers] of Object.entries(FOREIGN))
        assert.equal(
          judged('open', protocol, headers, { method }),
          protocol === 'rest' ? 'asked' : 'out',
          `${who}: ${method} ${protocol}`,
        )
    }
})

test('closed: the signature decides, but what is ours stays ours', () => {
  for (const [who, headers] of Object.entries({ ...OURS, ...FOREIGN })) {
    const isOurs = who in OURS
    assert.equal(judged('closed', 'own', headers), isOurs ? 'in' : 'out', who)
    for (const protocol of ['query', 'rest'] as const) assert.equal(judged('closed', protocol, headers), 'in')
    const told = headers.origin ? `for ${headers.origin}` : 'in'
    assert.equal(judged('closed', 'json', headers), told, who)
  }
})

test('an origin that is allowed may call AWS, and nothing of ours', () => {
  const app = { origin: APP, 'sec-fetch-site': 'cross-site' }
  for (const protocol of ['json', 'query', 'rest'] as const)
    assert.equal(judged('open', protocol, app), `for ${APP}`)
  for (const mode of ['open', 'closed'] as const) assert.equal(judged(mode, 'own', app), 'out')
  const image = { 'sec-fetch-site': 'cross-site', referer: `${APP}/page`, 'sec-fetch-mode': 'no-cors' }
  assert.equal(judged('open', 'rest', image, { method: 'GET' }), `for ${APP}`)
  const alike = { origin: 'http://app.example:51730', referer: `${APP}/page` }
  assert.equal(judged('open', 'json', alike), 'out')
})

test('a link leads to a page of ours, and to nothing of the API', () => {
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const to = (path: string, headers: Headers = link, method = 'GET') =>
    judged('open', 'own', headers, { path, method })
  for (const path of ['/_standpipe/', '/_standpipe/streams/clicks']) {
    assert.equal(to(path), 'in')
    assert.equal(to(path, { ...link, 'sec-fetch-dest': 'iframe' }), 'out')
    assert.equal(to(path, { ...link, 'sec-fetch-mode': 'no-cors' }), 'out')
    assert.equal(to(path, { ...link, origin: 'https://evil.example' }, 'POST'), 'out')
  }
  assert.equal(to('/_standpipe/api/overview'), 'out')
})

test('a strange name is refused wherever nothing is verified, and the sentence says what would allow it', () => {
  const strange = { host: 'evil.example:4566' }
  for (const protocol of PROTOCOLS) assert.equal(judged('open', protocol, strange), 'out', protocol)
  for (const protocol of ['json', 'query', 'rest'] as const)
    assert.equal(judged('closed', protocol, strange), 'in')
  assert.equal(judged('closed', 'own', strange), 'out')
  assert.equal(judged('closed', 'own', { ...strange, authorization: 'AWS4-HMAC-SHA256 …' }), 'in')
  for (const path of ['/_standpipe/health', '/_standpipe/ready', '/_localstack/health'])
    assert.equal(judged('open', 'own', strange, { path, method: 'GET' }), 'in')
  assert.equal(judged('open', 'own', strange, { path: '/_standpipe/metrics', method: 'GET' }), 'out')
  const refusal = (...asked: Parameters<typeof visit>) => {
    const visitor = guards.open(visit(...asked))
    return visitor.refusal ?? visitor.foreign ?? ''
  }
  assert.match(refusal('json', strange), /--allow-host evil\.example\.$/)
  assert.match(
    refusal('json', { origin: 'http://localhost:3000' }),
    /--allow-origin http:\/\/localhost:3000\.$/,
  )
  assert.match(refusal('rest', { origin: 'null' }), /--allow-origin ORIGIN, or by the CORS rules/)
  assert.match(refusal('own', { origin: 'https://localhost:4566' }), /--trusted-proxy/)
  assert.doesNotMatch(refusal('own', { origin: 'https://evil.example' }), /--trusted-proxy/)
})

test('behind a proxy that ends TLS our origin is https, and default ports are none', () => {
  const host = { host: 'localhost' }
  assert.equal(judged('open', 'own', { ...host, origin: 'https://localhost' }, { isEncrypted: true }), 'in')
  assert.equal(
    judged('open', 'own', { host: 'LOCALHOST:443', origin: 'https://localhost' }, { isEncrypted: true }),
    'in',
  )
  assert.equal(judged('open', 'own', { ...host, origin: 'http://localhost' }), 'in')
  assert.equal(judged('open', 'own', { ...host, origin: 'https://localhost' }), 'out')
})
