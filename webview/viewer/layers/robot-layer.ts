import {
  BoxGeometry,
  BufferAttribute,
  BufferGeometry,
  CapsuleGeometry,
  Color,
  CylinderGeometry,
  Group,
  Mesh,
  MeshLambertMaterial,
  Quaternion,
  SphereGeometry,
} from 'three';
import type { LoadedGeom, RobotData } from '../scene-data.ts';
import type { Palette } from '../theme.ts';
import { sampleAt } from '../time/sampling.ts';
import { boundsOf } from '../load-scene.ts';
import { greyFactor, toned } from './arm-tone.ts';
import type { Bounds, LayerView } from './layer.ts';

/** Links as matt solids, posed at the slider's time: positions blend linearly, turns along the shorter arc. */
export class RobotLayerView implements LayerView<RobotData> {
  readonly data: RobotData;
  readonly object = new Group();
  readonly #links: Group[];
  readonly #geometries: BufferGeometry[] = [];
  readonly #materials = new Map<string, MeshLambertMaterial>();
  readonly #from = new Quaternion();
  readonly #to = new Quaternion();
  readonly #greys: number;

  constructor(data: RobotData, palette: Palette) {
    this.data = data;
    this.object.name = data.id;
    const colors = data.links.flatMap(({ geoms }) =>
      geoms.flatMap(({ color }) => (color ? [rgb(color)] : [])),
    );
    this.#greys = greyFactor(colors, palette.link);
    this.#links = data.links.map((link) => {
      const group = new Group();
      group.name = link.name;
      for (const geom of link.geoms) {
        const mesh = this.#mesh(geom, palette);
        if (mesh) group.add(mesh);
      }
      return group;
    });
    if (this.#links.length > 0) this.object.add(...this.#links);
    this.setTime(data.times[0] ?? 0);
  }

  bounds(): Bounds | undefined {
    // Origins of the links that are drawn, over the whole motion: camera frames and the like have no say.
    const { links, poses } = this.data;
    const drawn = [...links.keys()].filter((l) => (links[l]?.geoms.length ?? 0) > 0);
    const origins: number[] = [];
    for (let at = 0; at < poses.length; at += 7 * links.length) {
      for (const l of drawn) origins.push(...poses.subarray(at + 7 * l, at + 7 * l + 3));
    }
    return boundsOf(origins, 3);
  }

  setPalette(palette: Palette): void {
    for (const [name, material] of this.#materials) {
      if (name === 'link') material.color.set(palette.link);
    }
  }

  setTime(time: number): void {
    const { poses, links, times } = this.data;
    const at = sampleAt(times, time);
    if (at.index < 0) return;
    const stride = 7 * links.length;
    const next = at.index + 1 < times.length ? at.index + 1 : at.index;
    for (let l = 0; l < links.length; l++) {
      const a = at.index * stride + 7 * l;
      const b = next * stride + 7 * l;
      const group = this.#links[l];
      if (!group) continue;
      const lerp = (k: number): number => {
        const from = poses[a + k] as number;
        return from + ((poses[b + k] as number) - from) * at.fraction;
      };
      group.position.set(lerp(0), lerp(1), lerp(2));
      this.#from.fromArray(poses, a + 3);
      this.#to.fromArray(poses, b + 3);
      group.quaternion.copy(this.#from).slerp(this.#to, at.fraction).normalize();
    }
  }

  detail(): string {
    return `${this.data.links.filter((link) => link.geoms.length > 0).length} links`;
  }

  dispose(): void {
    for (const geometry of this.#geometries) geometry.dispose();
    for (const material of this.#materials.values()) material.dispose();
  }

  #mesh(geom: LoadedGeom, palette: Palette): Mesh | undefined {
    const geometry = geometryOf(geom);
    if (!geometry) return undefined;
    this.#geometries.push(geometry);
    const mesh = new Mesh(geometry, this.#material(geom.color, palette));
    mesh.position.set(...geom.pose.position);
    mesh.quaternion.set(...geom.pose.orientation);
    return mesh;
  }

  #material(color: LoadedGeom['color'], palette: Palette): MeshLambertMaterial {
    const key = color ? color.join(',') : 'link';
    const known = this.#materials.get(key);
    if (known) return known;
    const material = new MeshLambertMaterial({
      color: color ? toned(rgb(color), this.#greys) : palette.link,
    });
    this.#materials.set(key, material);
    return material;
  }
}

const rgb = (color: readonly [number, number, number]): Color =>
  new Color(color[0] / 255, color[1] / 255, color[2] / 255);

/** three's cylinders and capsules lie along Y; ours along Z. */
function geometryOf({ shape }: LoadedGeom): BufferGeometry | undefined {
  switch (shape.kind) {
    case 'box':
      return new BoxGeometry(...shape.size);
    case 'sphere':
      return new SphereGeometry(shape.radius, 24, 16);
    case 'cylinder':
      return new CylinderGeometry(shape.radius, shape.radius, shape.length, 32).rotateX(Math.PI / 2);
    case 'capsule':
      return new CapsuleGeometry(shape.radius, shape.length, 8, 24).rotateX(Math.PI / 2);
    case 'mesh': {
      const geometry = new BufferGeometry();
      geometry.setAttribute('position', new BufferAttribute(shape.vertices, 3));
      geometry.setIndex(new BufferAttribute(shape.indices, 1));
      geometry.computeVertexNormals();
      return geometry;
    }
    case 'missing':
      return undefined;
  }
}
