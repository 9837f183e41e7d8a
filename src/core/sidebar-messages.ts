/** One entry of a drop-down in the side bar. */
export interface SidebarChoice {
  readonly id: string;
  readonly label: string;
}

/** All that the side bar's form shows; sent whole whenever anything changes. */
export interface SidebarState {
  readonly notebook?: string;
  readonly target: string;
  readonly targets: readonly SidebarChoice[];
  readonly link: { readonly state: 'ok' | 'busy' | 'off' | 'fault'; readonly text: string };
  readonly planner: string;
  readonly planners: readonly SidebarChoice[];
  readonly refiner: string;
  readonly refiners: readonly SidebarChoice[];
  /** only where the target is the built-in simulator */
  readonly simulator?: {
    readonly scene: string;
    readonly seed: number;
    readonly scenes: readonly SidebarChoice[];
  };
  readonly running: boolean;
  readonly trusted: boolean;
  /** labels in the user's language */
  readonly words: Readonly<Record<string, string>>;
}

export type SidebarToHost =
  | { readonly type: 'ready' }
  | { readonly type: 'target'; readonly id: string }
  | { readonly type: 'planner'; readonly id: string }
  | { readonly type: 'refiner'; readonly id: string }
  | { readonly type: 'scene'; readonly scene: string; readonly seed: number }
  | { readonly type: 'reset' }
  | { readonly type: 'restart' };

export type HostToSidebar = { readonly type: 'state'; readonly state: SidebarState };
