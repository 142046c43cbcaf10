// Fails a test if a value is missing.

export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error(`expected a value, found ${String(value)}`);
  return value;
}
