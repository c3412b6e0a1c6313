/**
 * What a trainer in a utility process says when it is done, for its parent to end it: if it ended
 * itself, what it said just before might be lost on the way.
 */
export const trainerDone = 'afterimage:done';
