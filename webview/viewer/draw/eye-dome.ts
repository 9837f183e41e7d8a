import {
  Color,
  DepthTexture,
  Mesh,
  OrthographicCamera,
  PlaneGeometry,
  Scene,
  ShaderMaterial,
  Vector2,
  WebGLRenderTarget,
} from 'three';
import type { PerspectiveCamera, WebGLRenderer } from 'three';
import type { PostPass } from '../stage.ts';

/**
 * Eye-Dome Lighting (Boucheny 2009): darkens a pixel by how far its neighbours stand in front of it on a logarithmic
 * depth scale, which gives a cloud its shape without normals.
 */
export class EyeDome implements PostPass {
  readonly #target: WebGLRenderTarget;
  readonly #scene = new Scene();
  readonly #camera = new OrthographicCamera(-1, 1, 1, -1, 0, 1);
  readonly #quad: Mesh<PlaneGeometry, ShaderMaterial>;

  constructor(strength = 45) {
    this.#target = new WebGLRenderTarget(1, 1, { samples: 4, depthTexture: new DepthTexture(1, 1) });
    this.#quad = new Mesh(
      new PlaneGeometry(2, 2),
      new ShaderMaterial({
        vertexShader:
          'varying vec2 vUv; void main() { vUv = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }',
        fragmentShader: FRAGMENT,
        uniforms: {
          color: { value: this.#target.texture },
          depth: { value: this.#target.depthTexture },
          texel: { value: new Vector2() },
          range: { value: new Vector2() },
          perspective: { value: 1 },
          strength: { value: strength },
        },
        depthTest: false,
        depthWrite: false,
      }),
    );
    this.#quad.frustumCulled = false;
    this.#scene.add(this.#quad);
  }

  render(
    renderer: WebGLRenderer,
    scene: Scene,
    camera: PerspectiveCamera | OrthographicCamera,
    width: number,
    height: number,
    background: string,
  ): void {
    if (this.#target.width !== width || this.#target.height !== height) this.#target.setSize(width, height);
    const { uniforms } = this.#quad.material;
    (uniforms['texel']?.value as Vector2).set(1 / width, 1 / height);
    (uniforms['range']?.value as Vector2).set(camera.near, camera.far);
    (uniforms['perspective'] as { value: number }).value = 'isPerspectiveCamera' in camera ? 1 : 0;
    renderer.setRenderTarget(this.#target);
    renderer.setClearColor(new Color(background), 1);
    renderer.clear();
    renderer.render(scene, camera);
    renderer.setRenderTarget(null);
    renderer.render(this.#scene, this.#camera);
  }

  dispose(): void {
    this.#target.depthTexture?.dispose();
    this.#target.dispose();
    this.#quad.geometry.dispose();
    this.#quad.material.dispose();
  }
}

const FRAGMENT = /* glsl */ `
uniform sampler2D color;
uniform sampler2D depth;
uniform vec2 texel;
uniform vec2 range;
uniform float perspective;
uniform float strength;
varying vec2 vUv;
float distanceAt(vec2 uv) {
  float d = texture2D(depth, uv).x;
  if (d >= 1.0) return -1.0;
  float linear = perspective > 0.5
    ? range.x * range.y / (range.y - d * (range.y - range.x))
    : range.x + d * (range.y - range.x) + range.y;
  return log2(max(1e-6, linear));
}
void main() {
  vec4 base = texture2D(color, vUv);
  float here = distanceAt(vUv);
  float response = 0.0;
  if (here >= -60.0 && texture2D(depth, vUv).x < 1.0) {
    for (int i = 0; i < 8; i++) {
      float angle = 0.7853981634 * float(i);
      float there = distanceAt(vUv + vec2(cos(angle), sin(angle)) * texel * 1.4);
      // Background behind counts as nothing, so that edges stay crisp.
      response += there == -1.0 ? 0.0 : max(0.0, here - there);
    }
  }
  gl_FragColor = vec4(base.rgb * exp(-response / 8.0 * strength), 1.0);
}`;
