/**
 * A value with its unit as people read it, three digits at most: lengths below 0.1 m in mm ("-8.5 mm"), larger ones in m
 * ("0.25 m"), everything else in the unit given.
 */
export function quantity(value: number, unit: string): string {
  if (!Number.isFinite(value)) return `${value} ${unit}`.trimEnd();
  if (unit === 'm' && Math.abs(value) < SMALL) return `${millimetres(1000 * value)} mm`;
  return `${digits(value, 3)} ${unit}`.trimEnd();
}

/** m */
const SMALL = 0.1;

/** Tenths are what a robot's accuracy makes of a millimetre; less is told only of less than one. */
const millimetres = (mm: number): string =>
  Math.abs(mm) >= 1 ? String(Number(mm.toFixed(1)) + 0) : digits(mm, 2);

const digits = (value: number, count: number): string => String(Number(value.toPrecision(count)) + 0);
