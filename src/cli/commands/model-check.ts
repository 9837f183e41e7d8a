import { checkModel } from '../../refinement/expert/check-model.ts';
import type { Command } from '../command.ts';

export const modelCheckCommand: Command = {
  name: 'model check',
  summary: 'Check that an ONNX file can serve as the action expert: signature, determinism, time.',
  usage: 'FILE [options]',
  options: [
    { name: 'wasm', help: 'Run it in WebAssembly, as machines without a native runtime do.' },
    { name: 'json', help: 'Print one JSON document.' },
  ],
  examples: ['waybook model check models/action-expert.onnx'],
  async run(args, io) {
    const report = await checkModel(
      { model: args.required(0, 'FILE'), ...(args.has('wasm') ? { backend: 'wasm' as const } : {}) },
      io.signal,
    );
    if (args.has('json')) {
      io.out(`${JSON.stringify(report)}\n`);
      return report.deterministic ? 0 : 2;
    }
    io.out(
      [
        `${report.file}, sha256 ${report.sha256}`,
        `  interface      version ${report.interfaceVersion}`,
        `  bare network   ${report.medianMs.toFixed(2)} ms median, ${report.backend}`,
        `  shift          ${(report.meanShift * 1000).toFixed(1)} mm from the spline over an empty table`,
        `  deterministic  ${report.deterministic ? 'yes' : 'no'}`,
        ...report.warnings.map((warning) => `  warning: ${warning}`),
        '',
      ].join('\n'),
    );
    return report.deterministic ? 0 : 2;
  },
};
