import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expandTemplate, namesUsed, parseTemplate } from './template.ts';

const values = {
  variables: { TOKEN: 'secret', GRAVL_API_URL: 'http://a' },
  setup: { token: 't' },
  row: { email: 'a@b' },
  run: { iteration: 7, id: 'r1' },
};
const expand = (text: string) => expandTemplate(parseTemplate(text), values);

describe('template', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['Bearer ${TOKEN}', 'Bearer secret'],
    ['${data.email}/${setup.token}/${run.iteration}/${run.id}', 'a@b/t/7/r1'],
    ['$${TOKEN}', '${TOKEN}'],
    ['$$${TOKEN}', '$${TOKEN}'],
    ['costs 5 $ {x}', 'costs 5 $ {x}'],
    ['${TOKEN}${TOKEN}', 'secretsecret'],
  ])('%j becomes %j', (text, expected) => {
    expect(expand(text)).toBe(expected);
  });

  it.each(['${', '${}', '${TOKEN', '${a b}', '${run.now}', '${other.name}', '${1A}', '${data.}', '${${A}}'])(
    '%j is refused',
    (text) => {
      expect(() => parseTemplate(text)).toThrow(expect.objectContaining({ code: 'SW_LOAD_PLAN' }));
    },
  );

  it('names that no object has of itself are names like others', () => {
    expect(expandTemplate(parseTemplate('${constructor}${data.toString}'), values)).toBe('');
  });

  it('lists the names of one kind', () => {
    expect(namesUsed(['${B}${A}', '${A}${data.x}'], 'variable')).toEqual(['A', 'B']);
    expect(namesUsed(['${B}${data.x}${setup.y}'], 'setup')).toEqual(['y']);
  });

  it('text without a brace comes back as it is', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('${')),
        (text) => {
          expect(expand(text)).toBe(text);
        },
      ),
    );
  });
});
