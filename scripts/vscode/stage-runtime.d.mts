export const TARGETS: readonly string[];
export const WASM_TARGETS: readonly string[];
export function stageRuntime(target: string, staging: string): Record<string, string>;
