/** Loaded models by address: each is fetched and compiled once, the least recently used goes. */

export interface Releasable {
  release(): Promise<void>
}

export class Sessions<S extends Releasable> {
  private readonly open = new Map<string, Promise<S>>()

  constructor(
    private readonly load: (url: string) => Promise<S>,
    private readonly most = 4,
  ) {}

  get(url: string): Promise<S> {
    const found = this.open.get(url)
    this.open.delete(url)
    const session = found ?? this.load(url)
    this.open.set(url, session)
    if (!found) {
      session.catch(() => {
        if (this.open.get(url) === session) this.open.delete(url) // may be tried again
      })
      this.trim()
    }
    return session
  }

  get size(): number {
    return this.open.size
  }

  private trim(): void {
    for (const [url, session] of this.open) {
      if (this.open.size <= this.most) return
      this.open.delete(url)
      void session.then((s) => s.release()).catch(() => undefined)
    }
  }
}
