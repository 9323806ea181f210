/** Of what breaks a promise as little as still does: pieces are left out, ever smaller ones. `most`: how often it is tried. */
export async function smallest<T>(
  items: readonly T[],
  breaks: (items: readonly T[]) => Promise<boolean>,
  most = 120,
): Promise<readonly T[]> {
  let kept = items
  let left = most
  for (let size = kept.length >> 1; size >= 1 && left > 0; size >>= 1)
    for (let at = 0; at < kept.length && left > 0; left--) {
      const fewer = [...kept.slice(0, at), ...kept.slice(at + size)]
      if (await breaks(fewer)) kept = fewer
      else at += size
    }
  return kept
}
