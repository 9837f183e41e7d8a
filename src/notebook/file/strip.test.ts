import { describe, expect, it } from 'vitest';
import { readNotebook } from './read-notebook.ts';
import { forRecord, stripNotebook } from './strip.ts';
import { writeNotebook } from './write-notebook.ts';

const read = (front: string): ReturnType<typeof readNotebook> =>
  readNotebook(`---\n${front}\n---\n# Task\n\n\`\`\`instruction {#a}\npick\n\`\`\`\n`, 'a.waybook.md');

describe('front matter that this version does not know', () => {
  it('is not in the notebook that a record keeps; the rest is, byte for byte', () => {
    const document = read('waybook: 1\nrobot: arm-42 # ours\nfavourite: correct horse\nparams: { n: 2 }');
    expect(writeNotebook(forRecord(document))).toBe(
      writeNotebook(read('waybook: 1\nrobot: arm-42 # ours\nparams: { n: 2 }')),
    );
    const plain = read('waybook: 1\nrobot:   sim:tabletop?seed=7');
    expect(forRecord(plain)).toBe(plain);
  });

  it('may be all that there is', () => {
    const { frontMatter } = readNotebook(writeNotebook(forRecord(read('favourite: horse'))), 'a.waybook.md');
    expect(frontMatter.unknown).toEqual({});
  });

  it('is stripped with the name of a robot', () => {
    const { document, removed } = stripNotebook(read('waybook: 1\nrobot: arm-42\nfavourite: horse'));
    expect(writeNotebook(document)).not.toMatch(/arm-42|horse/);
    expect(removed).toEqual(['favourite in the front matter', 'robot in the front matter']);
  });
});
