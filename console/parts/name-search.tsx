import { place, setQuery } from '../router.ts'

interface NameSearchProps {
  readonly label: string
}

/** Looks for names among everything that there is, also what the lists leave out; in the address as `search`. */
export function NameSearch({ label }: NameSearchProps) {
  return (
    <input
      type="search"
      data-key="/"
      aria-label={label}
      placeholder={label}
      value={place.value.query.get('search') ?? ''}
      onInput={(event) => setQuery({ search: event.currentTarget.value })}
    />
  )
}
