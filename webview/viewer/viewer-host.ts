import type { PinMarked } from '../../src/core/viewer-messages.ts';
import type { Waypoint } from '../../src/core/waypoint.ts';
import type { OrbitState } from './camera/orbit.ts';
import type { ViewCommand } from './keyboard.ts';
import type { Bounds } from './layers/layer.ts';
import type { Resolve } from './load-scene.ts';
import type { Scheme } from './theme.ts';
import type { Measure } from './tools/measure.ts';
import type { Pick } from './tools/pick.ts';
import type { PinKind } from './tools/pin-marker.ts';
import type { ToolName } from './tools/tool-box.ts';

/** What a viewer needs from where it lives. */
export interface ViewerHost {
  /** filled entirely; its size is the host's business and must not depend on the viewer */
  readonly element: HTMLElement;
  /** bytes of a sidecar by the path that a scene gives */
  readonly resolve: Resolve;
  /** where the plots stand: beside the view (below it when it is narrow), under it on the slider's axis, or nowhere */
  readonly plots?: 'side' | 'below' | 'none';
  /** none: the picture alone, as for a small preview */
  readonly chrome?: 'full' | 'none';
  /** elements that stand round the picture and share its theme, as the inspector's panels do */
  readonly panels?: { readonly top?: HTMLElement; readonly left?: HTMLElement; readonly right?: HTMLElement };
  /** CSS for `panels` */
  readonly style?: string;
  /** fixed look; absent: the document's, followed when it changes */
  readonly scheme?: Scheme;
  /** a waypoint was chosen in the view or in the table; -1 for none */
  onSelect?(waypoint: number): void;
  /** the slider passed into the stretch towards another waypoint, by hand or by playing; -1 before the first */
  onCurrent?(waypoint: number): void;
  /** the slider moved, by hand or by playing */
  onTime?(time: number): void;
  /** Button "full screen": opens the inspector inside the editor, the browser's full screen on a page. */
  onExpand?(): void;
  /** something was picked or measured; without these the view says it itself, beside the point */
  onPick?(pick: Pick | undefined): void;
  onMeasure?(measure: Measure | undefined): void;
  /** a waypoint was moved and let go; absent: waypoints cannot be moved here */
  onEdit?(waypoint: number, pose: Waypoint): void;
  /** something was marked to be given a name; absent: nothing can be pinned here */
  onPin?(pin: PinMarked): void;
  /** what to click next while something is marked */
  onPinning?(kind: PinKind, next: string): void;
  onTool?(tool: ToolName | undefined): void;
  /** the crop box in force, so that a panel can offer its sides */
  onCrop?(box: Bounds | undefined): void;
  /** takes a picture of the view; absent: it is downloaded */
  onScreenshot?(png: Blob): void;
  /** takes text for the clipboard; absent: the browser's own */
  onCopy?(text: string): void;
  /** any key that the view does not use itself */
  onCommand?(command: ViewCommand): boolean;
}

/** What survives a reload. */
export interface ViewerState {
  readonly orbit: OrbitState;
  readonly time: number;
  readonly hidden: readonly string[];
}
