/** What S3's documentation says of versions, as simply as it can be said: each key is a stack, the newest on top. */
export interface ModelVersion {
  readonly id: string
  /** Absent: a delete marker. */
  readonly content?: string
}

export class VersionModel {
  versioning: 'Enabled' | 'Suspended' | undefined
  readonly stacks = new Map<string, ModelVersion[]>()

  stack(key: string): ModelVersion[] {
    const stack = this.stacks.get(key) ?? []
    this.stacks.set(key, stack)
    return stack
  }

  /** `id`: what the server named it; it is `null` where no versions are made. */
  put(key: string, content: string, id: string | undefined): void {
    this.#add(key, { id: id ?? 'null', content })
  }

  /** Without a version. */
  delete(key: string, markerId: string | undefined): void {
    if (this.versioning) this.#add(key, { id: markerId ?? 'null' })
    else this.stacks.set(key, [])
  }

  deleteVersion(key: string, id: string): void {
    this.stacks.set(
      key,
      this.stack(key).filter((version) => version.id !== id),
    )
  }

  latest(key: string): ModelVersion | undefined {
    return this.stack(key)[0]
  }

  /** As ListObjectVersions shows them: `key id content isLatest`. */
  listed(): string[] {
    return [...this.stacks]
      .sort(([one], [other]) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
      .flatMap(([key, stack]) => stack.map(({ id, content }, index) => lineOf(key, id, content, index === 0)))
  }

  #add(key: string, version: ModelVersion): void {
    const kept = version.id === 'null' ? this.stack(key).filter(({ id }) => id !== 'null') : this.stack(key)
    this.stacks.set(key, [version, ...kept])
  }
}

export const lineOf = (key: string, id: string, content: string | undefined, isLatest: boolean): string =>
  JSON.stringify([key, id, content ?? 'deleted', isLatest])
