/** Undo and redo. */
export class History<T> {
  private past: T[] = []
  private future: T[] = []

  constructor(
    private present: T,
    private readonly same: (a: T, b: T) => boolean,
    private readonly most = 200,
  ) {}

  record(value: T): void {
    if (this.same(value, this.present)) return
    this.past.push(this.present)
    if (this.past.length > this.most) this.past.shift()
    this.present = value
    this.future = []
  }

  undo(): T | null {
    const value = this.past.pop()
    if (value === undefined) return null
    this.future.push(this.present)
    return (this.present = value)
  }

  redo(): T | null {
    const value = this.future.pop()
    if (value === undefined) return null
    this.past.push(this.present)
    return (this.present = value)
  }

  get canUndo(): boolean {
    return this.past.length > 0
  }

  get canRedo(): boolean {
    return this.future.length > 0
  }
}
