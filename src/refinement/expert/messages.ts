import type { ExpertInputs, ExpertOutputs } from './contract.ts';
import type { Backend } from './onnx-runtime.ts';

/** What the parent asks of the expert's process. One answer each, by id. */
export type ExpertRequest =
  | {
      readonly id: number;
      readonly kind: 'load';
      readonly path: string;
      readonly sha256?: string;
      readonly backend?: Backend;
    }
  | { readonly id: number; readonly kind: 'run'; readonly inputs: ExpertInputs };

export type ExpertReply =
  | {
      readonly id: number;
      readonly kind: 'loaded';
      readonly sha256: string;
      readonly bytes: number;
      readonly backend: Backend;
    }
  | { readonly id: number; readonly kind: 'ran'; readonly outputs: ExpertOutputs; readonly ms: number }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };
