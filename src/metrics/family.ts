/** One metric of ours, in Prometheus's terms. */
export interface Family {
  /** Behind `standpipe_`. */
  readonly name: string
  readonly kind: 'gauge' | 'counter'
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly value: number
  /** Text of our own: nothing in it has to be escaped. */
  readonly labels?: Readonly<Record<string, string>>
}

export const gauge = (name: string, help: string, value: number): Family => ({
  ...{ name, help, kind: 'gauge', samples: [{ value }] },
})

export const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
  ...{ name, help, kind: 'counter', samples },
})

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function familiesText(families: readonly Family[]): string {
  return families
    .map(({ name, kind, help, samples }) => {
      const lines = samples.map(
        ({ value, labels = {} }) => `standpipe_${name}${labelsText(labels)} ${value}\n`,
      )
      return `# HELP standpipe_${name} ${help}\n# TYPE standpipe_${name} ${kind}\n${lines.join('')}`
    })
    .join('')
}

function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}
