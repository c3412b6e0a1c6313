/** A name from the last part of a path, without its extension: "/data/kmnist.npz" -> "kmnist". */
export function suggestName(path: string): string {
  const last =
    path
      .trim()
      .split(/[/\\]/)
      .findLast((part) => part !== '') ?? '';
  return last.replace(/\.(npz|gz|zip)$/i, '').toLowerCase();
}
