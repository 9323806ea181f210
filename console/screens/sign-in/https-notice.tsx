import { place } from '../../router.ts'

/** In place of the form: what would be typed there, others could read on its way. */
export function HttpsNotice() {
  // The link goes where the reader is.
  void place.value
  const { host, pathname, search } = location
  const href = `https://${host}${pathname}${search}`
  return (
    <div class="notice warn stack">
      <p>
        Keys are not taken over plain http from another machine, for whoever is on the way could read them.
        The same port speaks https:
      </p>
      <p>
        <a href={href}>{href}</a>
      </p>
      <p>
        A certificate that Standpipe made itself is unknown to the browser, which asks whether to go on; or
        open the console on the server’s own machine.
      </p>
    </div>
  )
}
