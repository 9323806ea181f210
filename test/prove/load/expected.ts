import { ABSENT, type LoadQuestion, type Registers, type SourceName } from './questions.ts'

export interface ExpectedRecord {
  readonly source: SourceName
  readonly key: string
  /** What the producer was answered. */
  answer?: string
}
export interface ExpectedUpload {
  readonly key: string
  /** What the object is to be. */
  readonly version: string
  /** Parts that were answered, with their ETags. */
  readonly parts: Map<number, string>
  /** It was asked to be completed, or to be aborted: it may be gone. */
  mayBeGone: boolean
}

/** What must be there, and what may be, by what was asked and answered so far. */
export class Expected {
  /** Each holds one of these. */
  readonly registers = new Map<string, Set<string>>()
  /** Every record that was sent. */
  readonly records = new Map<number, ExpectedRecord>()
  readonly uploads = new Map<string, ExpectedUpload>()
  /** Promises that an answer alone has broken. */
  readonly broken: string[] = []
  private readonly open = new Map<number, { question: LoadQuestion; before: Map<string, Set<string>> }>()
  private readonly answers = new Set<string>()
  private readonly lastByKey = new Map<string, bigint>()

  /** `number`: what its answer will be known by. */
  ask(number: number, question: LoadQuestion): void {
    const before = new Map<string, Set<string>>()
    if ('registers' in question)
      for (const [name, value] of Object.entries(question.registers)) {
        before.set(name, new Set(this.valuesOf(name)))
        this.valuesOf(name).add(value)
      }
    this.open.set(number, { question, before })
    if (question.what === 'put')
      for (const id of question.ids) this.records.set(id, { source: question.source, key: question.key })
    if (question.what === 'complete upload' || question.what === 'abort upload')
      this.uploads.get(question.upload)!.mayBeGone = true
  }

  answer(number: number, answer: unknown): void {
    const { question } = this.open.get(number)!
    this.open.delete(number)
    if (question.what === 'put') this.acknowledge(question, answer as (string | null)[])
    else if (question.what === 'create upload')
      this.uploads.set(answer as string, {
        key: question.key,
        version: question.version,
        parts: new Map(),
        mayBeGone: false,
      })
    else if (question.what === 'upload part')
      this.uploads.get(question.upload)!.parts.set(question.part, answer as string)
    else {
      if ('registers' in question) this.settle(question.registers)
      if ('upload' in question) this.uploads.delete(question.upload)
    }
  }

  /** It was refused: nothing of it has happened. */
  refuse(number: number): void {
    const { question, before } = this.open.get(number)!
    this.open.delete(number)
    for (const [name, values] of before) this.registers.set(name, values)
    if (question.what === 'complete upload' || question.what === 'abort upload')
      this.uploads.get(question.upload)!.mayBeGone = false
  }

  /** From here on they hold these. */
  settle(registers: Registers): void {
    for (const [name, value] of Object.entries(registers)) this.registers.set(name, new Set([value]))
  }

  valuesOf(name: string): Set<string> {
    const values = this.registers.get(name) ?? new Set([ABSENT])
    this.registers.set(name, values)
    return values
  }

  /** The one value it can have; undefined when it may have several. */
  valueOf(name: string): string | undefined {
    const values = [...this.valuesOf(name)]
    return values.length === 1 ? values[0] : undefined
  }

  private acknowledge(
    { source, key, ids }: Extract<LoadQuestion, { what: 'put' }>,
    answers: readonly (string | null)[],
  ): void {
    for (const [index, answer] of answers.entries()) {
      if (answer === null) continue
      const id = ids[index]!
      if (this.answers.has(`${source} ${answer}`)) this.broken.push(`${source}: ${answer} was given twice`)
      this.answers.add(`${source} ${answer}`)
      this.records.get(id)!.answer = answer
      if (source === 'direct') continue
      const place = `${source} ${key}`
      const number = BigInt(answer)
      if (number <= (this.lastByKey.get(place) ?? 0n))
        this.broken.push(`${place}: ${answer} is not above what was given before`)
      this.lastByKey.set(place, number)
    }
  }
}
