/** A key, or several pressed together or one for each direction, and what they do. */
export interface Shortcut {
  /** `mod+k` is Ctrl K, or Command K on a Mac. */
  keys: readonly string[];
  does: string;
}

export interface ShortcutGroup {
  /** Where they work. */
  place: string;
  shortcuts: readonly Shortcut[];
}

const shortcut = (keys: string, does: string): Shortcut => ({ keys: keys.split(' '), does });

/** Every key that the window knows besides those of its controls, by where it works. */
export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    place: 'Everywhere',
    shortcuts: [
      shortcut('mod+k', 'Search runs, examples and actions'),
      shortcut('?', 'This list'),
      shortcut('mod+z', 'Take back what a message offers to undo'),
    ],
  },
  {
    place: 'Runs',
    shortcuts: [
      shortcut('mod+f', 'Filter by text'),
      shortcut('↑ ↓', 'Move; with Shift, select on the way'),
      shortcut('Space', 'Select'),
      shortcut('mod+a', 'Select all'),
      shortcut('Enter', 'Open a run, unfold a group'),
      shortcut('C', 'Compare'),
      shortcut('Del', 'Move to the bin'),
      shortcut('Shift+F10', 'Menu of the run'),
      shortcut('Shift+← Shift+→', 'Width of a column, on its header'),
    ],
  },
  {
    place: 'Run',
    shortcuts: [
      shortcut('← →', 'Epoch before, next epoch'),
      shortcut('Enter', 'Open an example of the gallery'),
      shortcut('F', 'Make a figure of it'),
      shortcut('T', 'Tags and note of the image'),
    ],
  },
  {
    place: 'Example',
    shortcuts: [
      shortcut('← →', 'Epoch before, next epoch'),
      shortcut('Home End', 'First and last epoch'),
      shortcut('Space', 'Play'),
      shortcut('K J', 'Previous and next example'),
      shortcut('F', 'Make a figure of it'),
      shortcut('T', 'Tags and note of the image'),
    ],
  },
  {
    place: 'New run and figures',
    shortcuts: [shortcut('mod+Enter', 'Queue the runs'), shortcut('mod+s', 'Save the figure')],
  },
];
