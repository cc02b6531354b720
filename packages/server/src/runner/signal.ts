/** Wakes whoever waits; raised while nobody waits, the next wait returns at once. */
export class Signal {
  #raised = false;
  #resolve: (() => void) | null = null;

  raise(): void {
    this.#raised = true;
    this.#resolve?.();
  }

  /** Resolves when raised, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (!this.#raised && ms > 0) {
      let timer: NodeJS.Timeout | null = null;
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        timer = setTimeout(resolve, ms);
      });
      if (timer !== null) clearTimeout(timer);
      this.#resolve = null;
    }
    this.#raised = false;
  }
}
