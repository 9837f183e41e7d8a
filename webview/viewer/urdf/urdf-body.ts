import { Box3, Color, Group, LoadingManager, Matrix4, Mesh, MeshLambertMaterial, Vector3 } from 'three';
import type { BufferGeometry, Material, Object3D } from 'three';
import { ColladaLoader } from 'three/examples/jsm/loaders/ColladaLoader.js';
import { STLLoader } from 'three/examples/jsm/loaders/STLLoader.js';
import URDFLoader from 'urdf-loader';
import type { URDFJoint, URDFRobot } from 'urdf-loader';
import { greyFactor, toned } from '../layers/arm-tone.ts';

/** Bytes of a mesh by the file name that the description gives; undefined where there is none. */
export type MeshBytes = (filename: string) => Uint8Array | undefined;

/** A described arm as solids. Whoever shows it disposes it. */
export interface UrdfBody {
  /** in `base`, Z up */
  readonly object: Group;
  /** links that have something to show */
  readonly drawn: number;
  /** [rad], or [m] of a sliding joint; limits are not enforced: what a robot reports is shown. False: no such joint */
  setJoint(name: string, value: number): boolean;
  /** origins in base of the links that are drawn */
  origins(): Vector3[];
  /** colour of solids that the description gives none */
  setDefaultColor(color: string): void;
  dispose(): void;
}

/** File names of the meshes that a description shows, each once. Throws an Error where the text is no URDF. */
export function meshNames(text: string): string[] {
  const nodes = [...documentOf(text).querySelectorAll('visual > geometry > mesh')];
  return [...new Set(nodes.map((node) => node.getAttribute('filename') ?? '').filter((name) => name !== ''))];
}

/**
 * Builds the body of a URDF (urdf-loader). Meshes are STL or Collada bytes from `meshes`; where one is missing its link's
 * collision solids stand in. Textures are not read: they would be fetched. Throws an Error where the text is no URDF.
 */
export function buildUrdf(
  text: string,
  options: { baseLink: string | undefined; color: string; meshes: MeshBytes },
): UrdfBody {
  const document = documentOf(text);
  for (const texture of document.querySelectorAll('texture')) texture.remove();
  const loader = new URDFLoader(offline());
  loader.parseCollision = true;
  // Names reach the callback as they stand in the description.
  loader.packages = (name) => `package://${name}`;
  loader.loadMeshCb = (filename, _manager, material, done) => {
    const bytes = options.meshes(filename);
    const mesh = bytes && meshOf(filename, bytes, material);
    if (mesh) done(mesh);
  };
  const robot = loader.parse(document);
  for (const joint of Object.values(robot.joints)) joint.ignoreLimits = true;
  return new Body(robot, options.baseLink, options.color);
}

function documentOf(text: string): Document {
  const document = new DOMParser().parseFromString(text, 'text/xml');
  if (document.querySelector('parsererror') ?? document.documentElement.nodeName !== 'robot') {
    throw new Error('its description is not a URDF');
  }
  return document;
}

/** A manager that loads nothing: whatever a mesh refers to resolves to an empty image. */
function offline(): LoadingManager {
  const manager = new LoadingManager();
  manager.setURLModifier(() => 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=');
  return manager;
}

function meshOf(filename: string, bytes: Uint8Array, material: Material): Object3D | undefined {
  try {
    if (/\.stl$/i.test(filename)) {
      const buffer = bytes.slice().buffer;
      return new Mesh(new STLLoader().parse(buffer), material);
    }
    if (/\.dae$/i.test(filename)) {
      return new ColladaLoader(offline()).parse(new TextDecoder().decode(bytes), '')?.scene;
    }
  } catch {
    // A mesh that cannot be read is a mesh that is missing.
  }
  return undefined;
}

class Body implements UrdfBody {
  readonly object = new Group();
  readonly drawn: number;
  readonly #robot: URDFRobot;
  readonly #joints: Readonly<Record<string, URDFJoint>>;
  readonly #drawnLinks: Object3D[] = [];
  readonly #materials = new Map<string, MeshLambertMaterial>();
  readonly #geometries = new Set<BufferGeometry>();
  readonly #greys: number;

  constructor(robot: URDFRobot, baseLink: string | undefined, color: string) {
    this.#robot = robot;
    this.#joints = robot.joints;
    const parts = Object.values(robot.links).flatMap(({ children }) => children);
    const own = parts.filter((part) => 'isURDFVisual' in part).flatMap(givenColors);
    this.#greys = greyFactor(own, color);
    for (const link of Object.values(robot.links)) {
      if (this.#dress(link, color)) this.#drawnLinks.push(link);
    }
    this.drawn = this.#drawnLinks.length;
    const base = baseLink === undefined ? undefined : robot.links[baseLink];
    if (base) {
      robot.updateMatrixWorld(true);
      robot.applyMatrix4(new Matrix4().copy(base.matrixWorld).invert());
    }
    this.object.add(robot);
  }

  setJoint(name: string, value: number): boolean {
    const joint = this.#joints[name];
    if (!joint) return false;
    this.#robot.setJointValue(name, value);
    return true;
  }

  origins(): Vector3[] {
    this.object.updateMatrixWorld(true);
    return this.#drawnLinks.flatMap((link) => {
      // Of meshes that are modelled far from their link's origin the box counts.
      const box = new Box3();
      for (const child of link.children) {
        if (child.visible && !('isURDFJoint' in child)) box.expandByObject(child);
      }
      return box.isEmpty() ? [new Vector3().setFromMatrixPosition(link.matrixWorld)] : [box.min, box.max];
    });
  }

  setDefaultColor(color: string): void {
    this.#materials.get('')?.color.set(color);
  }

  dispose(): void {
    for (const geometry of this.#geometries) geometry.dispose();
    for (const material of this.#materials.values()) material.dispose();
  }

  /** Matt colours as everything else in the view; a link whose mesh is missing shows what it collides with instead. */
  #dress(link: Object3D, color: string): boolean {
    let isMissing = false;
    let isDrawn = false;
    const colliders: Object3D[] = [];
    for (const child of link.children) {
      if ('isURDFVisual' in child) {
        const found = this.#paint(child, color);
        isDrawn ||= found;
        isMissing ||= !found;
      } else if ('isURDFCollider' in child) {
        child.visible = false;
        colliders.push(child);
      }
    }
    if (!isMissing) return isDrawn;
    for (const collider of colliders) {
      collider.visible = this.#paint(collider, color);
      isDrawn ||= collider.visible;
    }
    return isDrawn;
  }

  #paint(part: Object3D, color: string): boolean {
    const isColoured = hasMaterial(part);
    let found = false;
    part.traverse((object) => {
      if (!(object instanceof Mesh)) return;
      found = true;
      const mesh = object as Mesh<BufferGeometry, Material | Material[]>;
      this.#geometries.add(mesh.geometry);
      mesh.material = this.#material(isColoured ? colorOf(mesh) : undefined, color);
    });
    return found;
  }

  #material(given: Color | undefined, color: string): MeshLambertMaterial {
    const key = given ? given.getHexString() : '';
    const known = this.#materials.get(key);
    if (known) return known;
    const material = new MeshLambertMaterial({ color: given ? toned(given, this.#greys) : color });
    this.#materials.set(key, material);
    return material;
  }
}

/** The description gives this solid a colour; else three's own is on it. */
function hasMaterial(part: Object3D): boolean {
  const node = (part as Object3D & { urdfNode?: Element | null }).urdfNode;
  return [...(node?.children ?? [])].some((child) => child.nodeName === 'material');
}

function colorOf(mesh: Mesh<BufferGeometry, Material | Material[]>): Color | undefined {
  const own = Array.isArray(mesh.material) ? mesh.material[0] : mesh.material;
  return own && 'color' in own && own.color instanceof Color ? own.color : undefined;
}

function givenColors(part: Object3D): Color[] {
  const colors: Color[] = [];
  if (!hasMaterial(part)) return colors;
  part.traverse((object) => {
    const color = object instanceof Mesh ? colorOf(object as Mesh<BufferGeometry, Material>) : undefined;
    if (color) colors.push(color);
  });
  return colors;
}
