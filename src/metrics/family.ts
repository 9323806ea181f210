/** One metric of ours, in Prometheus's terms. */
export interface Family {
  readonly name: string
  readonly kind: 'gauge' | 'counter'
  readonly help: string
  readonly samples: readonly Sample[]
}

export interface Sample {
  readonly value: number
  readonly labels?: Readonly<Record<string, string>>
}

/** What is so now: one value, or one for each of its labels. */
export const gauge = (name: string, help: string, samples: number | readonly Sample[]): Family => ({
  ...{ name, help, kind: 'gauge', samples: typeof samples === 'number' ? [{ value: samples }] : samples },
})

/** What only grows. */
export const counter = (name: string, help: string, samples: readonly Sample[]): Family => ({
  ...{ name, help, kind: 'counter', samples },
})

/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function familiesText(families: readonly Family[]): string {
  return families
    .map(({ name, kind, help, samples }) => {
      const lines = samples.map(({ value, labels = {} }) => `${name}${labelsText(labels)} ${value}\n`)
      return `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`
    })
    .join('')
}

/** AWS's names of dimensions as Prometheus writes them: `StreamName` is `stream_name`. */
export function labelsText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${snake(name)}="${escaped(value)}"`)
  return pairs.length > 0 ? `{${pairs.join(',')}}` : ''
}

export const snake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toLowerCase()

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
