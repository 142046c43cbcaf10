// What was thrown, in its own words. May import nothing.

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
