import {
  Color,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Float32BufferAttribute,
  Mesh,
  ShaderMaterial,
  Sphere,
  Vector2,
} from 'three';

export interface FatLineStyle {
  readonly color: string;
  /** [CSS px] */
  readonly width: number;
  /** dash and gap [m]; absent: solid */
  readonly dash?: readonly [number, number];
  /** drawn over everything instead of being hidden by it */
  readonly onTop?: boolean;
  /** moves the line this much towards the eye [m], so that the core of a tube shows through its skin */
  readonly lift?: number;
  readonly opacity?: number;
  readonly order?: number;
}

/**
 * Line segments of constant width on screen: one instanced quad per segment, ends extended by half a width so that
 * joints close. WebGL's own lines are one device pixel wide, whatever is asked.
 */
export class FatLines extends Mesh<InstancedBufferGeometry, ShaderMaterial> {
  readonly lineStyle: FatLineStyle;

  /** `segments` holds x, y, z of start and end of each segment: 6·n values; dashes run along them in order. */
  constructor(segments: Float32Array, style: FatLineStyle) {
    super(segmentGeometry(segments), lineMaterial(style));
    this.lineStyle = style;
    this.frustumCulled = false;
    this.renderOrder = style.order ?? (style.onTop ? 20 : 5);
  }

  get segmentCount(): number {
    return this.geometry.instanceCount;
  }

  setColor(color: string): void {
    (this.material.uniforms['color']?.value as Color).set(color);
  }

  setViewport(width: number, height: number): void {
    (this.material.uniforms['viewport']?.value as Vector2).set(width, height);
  }

  override dispose(): void {
    super.dispose();
    this.geometry.dispose();
    this.material.dispose();
  }
}

/** Segments of an open polyline through `count` points of `points` (x, y, z first of each `stride`). */
export function polylineSegments(
  points: ArrayLike<number>,
  stride: number,
  first = 0,
  count = points.length / stride,
): Float32Array {
  const n = Math.max(0, count - 1);
  const out = new Float32Array(6 * n);
  for (let i = 0; i < n; i++) {
    const a = (first + i) * stride;
    for (let k = 0; k < 3; k++) {
      out[6 * i + k] = points[a + k] as number;
      out[6 * i + 3 + k] = points[a + stride + k] as number;
    }
  }
  return out;
}

function segmentGeometry(segments: Float32Array): InstancedBufferGeometry {
  const n = segments.length / 6;
  const starts = new Float32Array(3 * n);
  const ends = new Float32Array(3 * n);
  const along = new Float32Array(2 * n);
  let travelled = 0;
  for (let i = 0; i < n; i++) {
    starts.set(segments.subarray(6 * i, 6 * i + 3), 3 * i);
    ends.set(segments.subarray(6 * i + 3, 6 * i + 6), 3 * i);
    along[2 * i] = travelled;
    travelled += Math.hypot(
      (segments[6 * i + 3] as number) - (segments[6 * i] as number),
      (segments[6 * i + 4] as number) - (segments[6 * i + 1] as number),
      (segments[6 * i + 5] as number) - (segments[6 * i + 2] as number),
    );
    along[2 * i + 1] = travelled;
  }
  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute([0, -1, 0, 1, -1, 0, 1, 1, 0, 0, 1, 0], 3));
  geometry.setIndex([0, 1, 2, 0, 2, 3]);
  geometry.setAttribute('start', new InstancedBufferAttribute(starts, 3));
  geometry.setAttribute('finish', new InstancedBufferAttribute(ends, 3));
  geometry.setAttribute('along', new InstancedBufferAttribute(along, 2));
  geometry.instanceCount = n;
  geometry.boundingSphere = new Sphere();
  return geometry;
}

const VERTEX = /* glsl */ `
attribute vec3 start;
attribute vec3 finish;
attribute vec2 along;
uniform vec2 viewport;
uniform float width;
uniform float lift;
varying float vAlong;
void main() {
  vec4 a = modelViewMatrix * vec4(start, 1.0);
  vec4 b = modelViewMatrix * vec4(finish, 1.0);
  bool perspective = projectionMatrix[2][3] == -1.0;
  if (perspective) {
    // A segment that crosses the eye's plane is cut just in front of it.
    float nearZ = -1e-3;
    if (a.z > nearZ && b.z <= nearZ) a = mix(b, a, (b.z - nearZ) / (b.z - a.z));
    else if (b.z > nearZ && a.z <= nearZ) b = mix(a, b, (a.z - nearZ) / (a.z - b.z));
    a.xyz -= normalize(a.xyz) * lift;
    b.xyz -= normalize(b.xyz) * lift;
  } else {
    a.z += lift;
    b.z += lift;
  }
  vec4 ca = projectionMatrix * a;
  vec4 cb = projectionMatrix * b;
  vec2 pa = ca.xy / ca.w * viewport * 0.5;
  vec2 pb = cb.xy / cb.w * viewport * 0.5;
  vec2 along2 = pb - pa;
  float span = length(along2);
  vec2 dir = span > 1e-4 ? along2 / span : vec2(1.0, 0.0);
  vec2 side = vec2(-dir.y, dir.x);
  float end = position.x;
  vec4 clip = mix(ca, cb, end);
  vec2 offset = (side * position.y + dir * (end * 2.0 - 1.0) * CAP) * width * 0.5;
  clip.xy += offset / (viewport * 0.5) * clip.w;
  vAlong = mix(along.x, along.y, end);
  gl_Position = clip;
}`;

const FRAGMENT = /* glsl */ `
uniform vec3 color;
uniform float opacity;
uniform vec2 dash;
varying float vAlong;
void main() {
  if (dash.y > 0.0 && mod(vAlong, dash.x + dash.y) > dash.x) discard;
  gl_FragColor = vec4(color, opacity);
}`;

function lineMaterial(style: FatLineStyle): ShaderMaterial {
  const transparent = (style.opacity ?? 1) < 1 || style.onTop === true;
  return new ShaderMaterial({
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    // Dashes need flat ends; solid lines overlap at joints.
    defines: { CAP: style.dash ? '0.0' : '0.7' },
    uniforms: {
      color: { value: new Color(style.color) },
      opacity: { value: style.opacity ?? 1 },
      width: { value: style.width },
      lift: { value: style.lift ?? 0 },
      dash: { value: new Vector2(style.dash?.[0] ?? 0, style.dash?.[1] ?? 0) },
      viewport: { value: new Vector2(1, 1) },
    },
    transparent,
    depthTest: !style.onTop,
    depthWrite: !transparent,
  });
}
