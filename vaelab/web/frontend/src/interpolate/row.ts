/** A row of things, changed by making another one. */

export function inserted<T>(row: readonly T[], at: number, value: T): T[] {
  return [...row.slice(0, at), value, ...row.slice(at)]
}

export function removed<T>(row: readonly T[], at: number): T[] {
  return row.filter((_, i) => i !== at)
}

export function replaced<T>(row: readonly T[], at: number, value: T): T[] {
  return row.map((old, i) => (i === at ? value : old))
}

/** The thing at `from` taken out and put in again so that it comes to stand at `to`. */
export function moved<T>(row: readonly T[], from: number, to: number): T[] {
  const value = row[from]
  if (value === undefined || from === to) return [...row]
  return inserted(removed(row, from), Math.max(0, Math.min(row.length - 1, to)), value)
}
