import { orbit, pan, preset, zoom } from './camera/orbit.ts';
import type { ViewCommand } from './keyboard.ts';
import { download } from './screenshot.ts';
import type { Viewer } from './viewer.ts';

/** Carries out what a key or a button asks of a viewer. False: nobody there knows it. */
export function runCommand(viewer: Viewer, command: ViewCommand): boolean {
  const { camera, playback, look, host, toolBox } = viewer;
  switch (command.kind) {
    case 'orbit':
      camera.move(orbit(camera.orbit, command.yaw, command.pitch));
      return true;
    case 'pan':
      camera.move(pan(camera.orbit, command.right, command.up));
      return true;
    case 'zoom':
      camera.move(zoom(camera.orbit, command.factor));
      return true;
    case 'preset':
      camera.fly(preset(camera.orbit, command.name));
      return true;
    case 'projection':
      camera.toggleProjection();
      viewer.onChange();
      return true;
    case 'fit':
      camera.fly(camera.fitted());
      return true;
    case 'follow':
      camera.setFollow(!camera.isFollowing, viewer.gripper());
      viewer.onChange();
      return true;
    case 'play':
      playback.toggle();
      return true;
    case 'loop':
      playback.toggleLoop();
      return true;
    case 'start':
      playback.seek(playback.clock.start);
      return true;
    case 'end':
      playback.seek(playback.clock.end);
      return true;
    case 'sample':
      playback.stepSample(command.direction);
      return true;
    case 'waypoint':
      playback.stepWaypoint(command.direction);
      return true;
    case 'speed':
      playback.shiftSpeed(command.direction);
      return true;
    case 'point-size':
      look.stepPointScale(command.direction);
      return true;
    case 'colour':
      return look.nextPathField();
    case 'cloud-colour':
      return look.nextCloudColor();
    case 'shading':
      void look.setEyeDome(!look.hasEyeDome);
      return true;
    case 'layers':
      if (!host.onCommand?.(command)) viewer.layerMenu.toggle();
      return true;
    case 'table':
      viewer.table.toggle();
      return true;
    case 'tool':
      if (command.tool === 'edit' && !host.onEdit) return false;
      void viewer.tools().then((tools) => tools.choose(command.tool));
      return true;
    case 'take':
      return toolBox?.takeCentre() ?? false;
    case 'screenshot':
      void viewer.screenshot().then((png) => {
        if (host.onScreenshot) host.onScreenshot(png);
        else download(png, 'waybook.png');
      });
      return true;
    case 'copy-camera':
      copy(viewer, JSON.stringify(camera.orbit));
      return true;
    case 'compare-layout':
      if (!viewer.comparison) return host.onCommand?.(command) ?? false;
      void viewer.setCompareLayout(viewer.compareLayout === 'overlay' ? 'side' : 'overlay');
      return true;
    case 'compare':
    case 'undo':
    case 'redo':
      return host.onCommand?.(command) ?? false;
    case 'leave':
      if (host.onCommand?.(command)) return true;
      if (toolBox?.leave()) return true;
      if (viewer.layerMenu.isOpen) viewer.layerMenu.toggle();
      else if (viewer.table.isOpen) viewer.table.toggle();
      else for (const { canvas } of viewer.panes) canvas.blur();
      return true;
  }
}

function copy({ host }: Viewer, text: string): void {
  if (host.onCopy) host.onCopy(text);
  // Without permission the clipboard stays as it is; the view has nowhere else to put it.
  else void navigator.clipboard?.writeText(text).catch(() => undefined);
}
