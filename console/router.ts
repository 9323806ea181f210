import { signal } from '@preact/signals'

/** Where the server serves the console. */
export const ROOT = '/_standpipe/'

export interface Place {
  /** Below ROOT, decoded: `['streams', 'clicks']`. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
}

const here = (): Place => ({
  path: location.pathname.slice(ROOT.length).split('/').filter(Boolean).map(decodeURIComponent),
  query: new URLSearchParams(location.search),
})

/** Where the reader is: the whole state of a view stands in its address. */
export const place = signal<Place>(here())

type Query = Readonly<Record<string, string | undefined>>

export function hrefOf(path: readonly string[], query: Query = {}): string {
  const text = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  ).toString()
  return ROOT + path.map(encodeURIComponent).join('/') + (text && `?${text}`)
}

export function navigate(href: string, how: 'push' | 'replace' = 'push'): void {
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', href)
  place.value = here()
}

/** Changes members of the query where the reader is; an empty one is left out. */
export function setQuery(changes: Query, how: 'push' | 'replace' = 'replace'): void {
  const { path, query } = place.peek()
  navigate(hrefOf(path, { ...Object.fromEntries(query), ...changes }), how)
}

/** Takes over every plain click on a link into the console, and the browser's own back and forward. */
export function startRouter(): void {
  addEventListener('popstate', () => {
    place.value = here()
  })
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const isPlain = !(
      event.defaultPrevented ||
      event.button ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey
    )
    if (!link || !isPlain || link.target || link.hasAttribute('download')) return
    if (link.origin !== location.origin || !link.pathname.startsWith(ROOT)) return
    if (link.pathname.startsWith(`${ROOT}api/`)) return
    event.preventDefault()
    navigate(link.href)
    document.querySelector('main')?.focus({ preventScroll: true })
    scrollTo(0, 0)
  })
}
