import { basename, join } from 'node:path';
import { loadSourceFile } from '../platform/files.ts';
import { corruptInput, type SourceContent } from './source.ts';

/** The ten Hiragana of KMNIST (Clanuwat et al. 2018), which has the names of MNIST's files. */
export const kmnistClasses = ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'];

const isKmnist = (folder: string): boolean => /kmnist|kuzushiji/i.test(basename(folder));

/** `emnist-letters-mapping.txt` and its like: what is left of it begins the names of the images. */
const mappingEnd = '-mapping.txt';
const mostMappingBytes = 2 ** 16;

/**
 * EMNIST's list of what its labels stand for: on each line a label and the codes of the characters that
 * it may be, of which the last is its name (of letters the small one).
 */
function parseMapping(text: string, path: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return new Map(
    lines.map((line) => {
      const [label = '', ...codes] = line.trim().split(/\s+/);
      const code = Number(codes.at(-1));
      if (/^\d+$/.test(label) && code > 32 && code < 127) return [label, String.fromCharCode(code)];
      throw corruptInput(
        `${path} has a line "${line}" that is no label with the code of its character.`,
        'Give the file as EMNIST publishes it, or leave it out.',
      );
    }),
  );
}

/** Under the names of a list, where that has one for each. */
function rename(
  content: SourceContent,
  names: ReadonlyMap<string, string>,
  whose: string,
): SourceContent {
  const classNames = content.classNames.map((name) => names.get(name) ?? name);
  if (!content.classNames.every((name) => names.has(name))) return content;
  return {
    ...content,
    classNames,
    notes: [...content.notes, `classes are called as ${whose} says`],
  };
}

/** Classes by their names, where the files or the folder say whose they are. */
export async function nameIdxClasses(
  content: SourceContent,
  folder: string,
  files: ReadonlySet<string>,
): Promise<SourceContent> {
  const list = [...files];
  const mapping = list.find(
    (name) =>
      name.endsWith(mappingEnd) &&
      list.some((other) => other.startsWith(`${name.slice(0, -mappingEnd.length)}-train-images`)),
  );
  if (mapping !== undefined) {
    const path = join(folder, mapping);
    const bytes = await loadSourceFile(path, mostMappingBytes);
    return rename(content, parseMapping(new TextDecoder().decode(bytes), path), mapping);
  }
  if (!isKmnist(folder)) return content;
  const names = kmnistClasses.map((name, label) => [String(label), name] as const);
  return rename(content, new Map(names), 'KMNIST');
}
