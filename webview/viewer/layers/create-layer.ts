import type { LayerData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import { BoxesLayerView } from './boxes-layer.ts';
import { CameraLayerView } from './camera-layer.ts';
import { CloudLayerView } from './cloud-layer.ts';
import { FramesLayerView } from './frames-layer.ts';
import type { LayerView } from './layer.ts';
import { RobotLayerView } from './robot-layer.ts';
import { TrajectoryLayerView } from './trajectory-layer.ts';
import { UrdfLayerView } from './urdf-layer.ts';
import { WaypointsLayerView } from './waypoints-layer.ts';

/** The view of one loaded layer. */
export function createLayer(data: LayerData, palette: Palette): LayerView {
  switch (data.kind) {
    case 'cloud':
      return new CloudLayerView(data, palette);
    case 'waypoints':
      return new WaypointsLayerView(data, palette);
    case 'trajectory':
      return new TrajectoryLayerView(data, palette);
    case 'robot':
      return new RobotLayerView(data, palette);
    case 'urdf':
      return new UrdfLayerView(data, palette);
    case 'boxes':
      return new BoxesLayerView(data, palette);
    case 'frames':
      return new FramesLayerView(data, palette);
    case 'camera':
      return new CameraLayerView(data, palette);
  }
}
