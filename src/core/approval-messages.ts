import type { Scene } from './scene.ts';

/** One line of what an approval binds, or of what was checked before asking. */
export interface ApprovalRow {
  readonly name: string;
  readonly value: string;
  /** hashes and URLs are set in the editor's font */
  readonly code?: boolean;
}

export interface ApprovalView {
  readonly hash: string;
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly ApprovalRow[];
  readonly checked: readonly string[];
  /** seconds that the request stays valid */
  readonly validFor: number;
  /** what would be executed; absent where there is no preview */
  readonly scene?: Scene;
  /** URL, ending in a slash, that the scene's sidecars are relative to */
  readonly base?: string;
  /** m round the path: what the approval covers */
  readonly tube?: number;
  readonly words: Readonly<
    Record<
      | 'confirm'
      | 'cancel'
      | 'approve'
      | 'stop'
      | 'stopTitle'
      | 'notEmergency'
      | 'mayFail'
      | 'valid'
      | 'checked',
      string
    >
  >;
}

export type HostToApproval = { readonly type: 'show'; readonly view: ApprovalView };

export type ApprovalToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'approve'; readonly hash: string }
  | { readonly type: 'cancel'; readonly hash: string }
  | { readonly type: 'stop' };
