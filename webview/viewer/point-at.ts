import { pivotAt } from './camera/orbit.ts';
import type { Pane } from './pane.ts';
import type { Viewer } from './viewer.ts';

/** How near a click must be to a waypoint's number [px]. */
const REACH = 10;

/** A click in a pane: resumes a lost context, else is the tool's, else selects the waypoint whose number lies there. */
export function clickAt(viewer: Viewer, pane: Pane, x: number, y: number): void {
  if (viewer.stage.isLost) {
    viewer.stage.restore();
    return;
  }
  if (pane === viewer.panes[0] && viewer.toolBox?.click(x, y)) return;
  const hit = pane.view.discs.find((disc) => Math.hypot(disc.x - x, disc.y - y) <= REACH);
  viewer.select(hit ? hit.waypoint : -1);
}

/** A double click: the camera turns round what lies there; on nothing, it fits. */
export async function turnRound(viewer: Viewer, pane: Pane, x: number, y: number): Promise<void> {
  const { camera } = viewer;
  const tools = await viewer.tools();
  const hit = tools.pickAt(x, y, pane.view);
  if (hit) camera.fly(pivotAt(camera.orbit, hit.position));
  else camera.fly(camera.fitted());
}
