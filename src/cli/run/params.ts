import { WaybookError } from '../../core/errors.ts';
import type { ParamValue } from '../../notebook/file/parameters.ts';

/** `key=value` pairs of `--param`; numbers and booleans are recognised, everything else is text. */
export function parseParams(pairs: readonly string[]): Record<string, ParamValue> {
  const params: Record<string, ParamValue> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 1) {
      throw new WaybookError('input/usage', `--param "${pair}" is not key=value.`, {
        hint: 'Write --param seed=7.',
      });
    }
    params[pair.slice(0, at)] = valueOf(pair.slice(at + 1));
  }
  return params;
}

function valueOf(text: string): ParamValue {
  if (text === 'true') return true;
  if (text === 'false') return false;
  const number = Number(text);
  return text.trim() !== '' && Number.isFinite(number) ? number : text;
}
