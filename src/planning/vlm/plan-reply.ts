import Ajv, { type ValidateFunction } from 'ajv';
import type { SceneObject } from '../../core/scene-object.ts';

export const REPLY_ACTIONS = [
  'put',
  'pick',
  'push',
  'pull',
  'open',
  'close',
  'press',
  'switch-on',
  'switch-off',
  'rotate',
  'insert',
  'reach',
  'release',
] as const;
export const REPLY_RELATIONS = [
  'in',
  'on',
  'next-to',
  'left-of',
  'right-of',
  'in-front-of',
  'behind',
] as const;

/** One step as a model says it. Ids are those of the scene; points are in the picture, 0..1000. */
export interface ReplyStep {
  readonly action: (typeof REPLY_ACTIONS)[number];
  readonly object?: string;
  readonly destination?: string;
  readonly relation?: (typeof REPLY_RELATIONS)[number];
  /** where it goes instead of a destination, in the profile's order of coordinates */
  readonly point?: readonly [number, number];
  /** degrees, counter-clockwise from above */
  readonly angle?: number;
  readonly reason?: string;
}

export interface PlanReply {
  readonly steps: readonly ReplyStep[];
  /** why it cannot be done, instead of steps */
  readonly refusal?: string;
}

/** Schema of a reply over one scene: ids are an enumeration, so that nothing else can be named. */
export function replySchema(objects: readonly SceneObject[], points: boolean): Record<string, unknown> {
  const ids = objects.map((o) => o.id);
  const id = { type: 'string', enum: ids };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['steps'],
    properties: {
      steps: {
        type: 'array',
        maxItems: 12,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['action'],
          properties: {
            action: { type: 'string', enum: [...REPLY_ACTIONS] },
            ...(ids.length > 0 ? { object: id, destination: id } : {}),
            relation: { type: 'string', enum: [...REPLY_RELATIONS] },
            ...(points
              ? {
                  point: {
                    type: 'array',
                    minItems: 2,
                    maxItems: 2,
                    items: { type: 'number', minimum: 0, maximum: 1000 },
                  },
                }
              : {}),
            angle: { type: 'number', minimum: -360, maximum: 360 },
            reason: { type: 'string', maxLength: 400 },
          },
        },
      },
      refusal: { type: 'string', maxLength: 400 },
    },
  };
}

/** Checks replies against one schema, with messages that a model can act on. */
export class ReplyChecker {
  readonly #validate: ValidateFunction;
  readonly #ids: readonly string[];

  constructor(objects: readonly SceneObject[], points: boolean) {
    const ajv = new Ajv({ allErrors: true, strict: true, strictTuples: false });
    this.#validate = ajv.compile(replySchema(objects, points));
    this.#ids = objects.map((o) => o.id);
  }

  /** The reply, or what is wrong with it. */
  read(value: unknown): { reply: PlanReply } | { problems: string[] } {
    if (value === undefined) return { problems: ['The reply holds no complete JSON object.'] };
    const steps = Array.isArray(value) ? { steps: value as unknown[] } : value;
    if (!this.#validate(steps)) {
      const problems = (this.#validate.errors ?? []).map((error) => {
        const where = error.instancePath.replace(/^\//, '').replace(/\//g, '.') || 'the reply';
        if (error.keyword === 'enum' && /(?:object|destination)$/.test(error.instancePath)) {
          return `${where}: no such object in the scene; ids are ${this.#ids.join(', ')}.`;
        }
        if (error.keyword === 'additionalProperties') {
          return `${where}: "${String(error.params['additionalProperty'])}" is not part of the format.`;
        }
        return `${where}: ${error.message ?? 'is wrong'}.`;
      });
      return { problems: [...new Set(problems)].slice(0, 8) };
    }
    const reply = steps as PlanReply;
    const infinite = reply.steps.findIndex((s) =>
      [...(s.point ?? []), s.angle ?? 0].some((n) => !Number.isFinite(n)),
    );
    if (infinite >= 0) return { problems: [`steps.${infinite}: every number must be finite.`] };
    return { reply };
  }
}
